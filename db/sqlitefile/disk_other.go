//go:build !linux && !darwin

package sqlitefile

import "cloudtag/internal/storefacts"

// diskOf returns nil: free space is not determined on this system.
func diskOf(string, uint64) *storefacts.Disk { return nil }
