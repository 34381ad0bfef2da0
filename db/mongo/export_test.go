package mongo

import "go.mongodb.org/mongo-driver/v2/event"

// WithMonitor lets tests of other packages look at the commands.
func (o Options) WithMonitor(monitor *event.CommandMonitor) Options {
	o.monitor = monitor
	return o
}
