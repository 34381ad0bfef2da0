// Package casework is how reviewers and leads share cases: notes with mentions, inboxes, assignment, takeover, snoozes,
// escalation, and saved views of lists. None of it changes the evidence of a case. The changes themselves are methods of
// [cloudtag.CaseFile], because they are stored with the case.
package casework
