// Package auditlog keeps the append-only log trustworthy: it verifies the chain of hashes ([Verify]), compares tags and cases
// with their newest entries ([Reconcile]), archives the oldest entries once the law allows it ([Retention]), and shows
// entries to those who review ([Reader]).
//
// How an entry is hashed is [cloudtag.Entry.ChainHash]. What entries mean does not belong here.
package auditlog
