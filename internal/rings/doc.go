// Package rings simulates attacks by rings of colluding shops on good accounts of the bundled data set, and measures what
// they achieve under a policy. It runs the domain's services over a store in memory and touches no stored data.
package rings
