// Package auth authenticates callers: it verifies bearer tokens and puts the session into the context. Authorization, what a
// caller may do, is the domain's.
package auth
