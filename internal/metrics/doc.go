// Package metrics counts what happened to tags and cases: by day, scenario and reviewer, as a view of the log. It also finds
// the log's entries by time and by the number that they count in, and counts what waits in the reviewers' queue.
package metrics
