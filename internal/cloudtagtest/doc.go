// Package cloudtagtest is what tests of packages beside the domain share: a store in memory, a clock that tests set, and a
// small market with the domain's services over it.
package cloudtagtest
