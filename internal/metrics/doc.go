// Package metrics counts events of tags and cases by day, scenario and reviewer, as a view of the log. It also finds log entries
// by time and by the figure that they count in, and counts the cases in the reviewers' queue.
package metrics
