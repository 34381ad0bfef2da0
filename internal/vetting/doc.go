// Package vetting decides, by two people, for which shops the platform vouches. Trust in shops' reports originates from them.
package vetting
