// Package logview computes documents from the log: a [View] folds the log's entries into them exactly once, whatever crashes
// and however many instances run. internal/collusion, internal/metrics and internal/secondreview are views.
//
// What the entries mean does not belong here.
package logview
