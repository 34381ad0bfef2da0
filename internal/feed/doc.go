// Package feed converts entries of the log to the events that subscribers receive: changes of tags and of cases, as far as
// the caller may see them. It loads the records behind the events once for all subscribers that follow the log.
//
// Reading the log from a position and waiting for new entries is the job of internal/live; what an entry means and who may
// see a record are the domain's.
package feed
