// Package shed keeps a server from taking on more than it can answer in time: so many requests run at once, a few more
// wait for a short while, and the rest is turned away at once.
//
// It knows neither HTTP nor GraphQL. What is turned away, and what is exempt, is the caller's to decide.
package shed
