// Package cloudtagtest holds fixtures for tests of packages above the domain: a store in memory, a clock that tests set, and a
// small market with services.
package cloudtagtest
