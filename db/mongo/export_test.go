package mongo

import "go.mongodb.org/mongo-driver/v2/event"

// WithMonitor sets a command monitor for tests in other packages.
func (o Options) WithMonitor(monitor *event.CommandMonitor) Options {
	o.monitor = monitor
	return o
}
