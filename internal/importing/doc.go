// Package importing stores the platform's data, which are shops, orders and risk profiles, and replays historical tags. Bad
// rows are reported by their index and do not keep the others from being stored. What the data change in cases is decided by
// the domain.
package importing
