// Package auth knows who is calling: sessions in the context, and how a bearer token becomes one. What a caller may
// do is the domain's to say.
package auth
