// Package auth authenticates callers: it verifies bearer tokens and puts the session into the context. It also revokes tokens
// before they expire ([Revoker]), which every instance learns from the log ([Revocations]). Authorization, what a caller may
// do, is the domain's.
package auth
