// Package shed keeps a server from taking on more than it can answer in time: so many requests run at once, a few more
// wait for a short while, and the rest is refused at once. What runs and what waits is shared fairly between callers, so
// that none of them can keep the others from being served.
//
// It knows neither HTTP nor GraphQL nor who callers are: they are keys. What is refused, and what is exempt, is the
// user's to decide.
package shed
