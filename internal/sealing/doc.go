// Package sealing seals short texts that callers hold for us and must neither read nor make: cursors. A sealed text can
// be opened by those it was sealed for only, tells nothing but that it is one, and is as long as any other.
//
// What must not live here: what the texts mean, and who belongs together.
package sealing
