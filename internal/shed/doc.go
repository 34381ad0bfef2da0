// Package shed sheds load: so many requests run at once, a few more wait for a short while, and the rest is rejected at
// once, so that a server never takes on more than it can answer in time. Running and waiting places are shared fairly
// between callers, so that none can starve the others.
//
// It knows neither HTTP nor GraphQL nor callers: they are keys. What is exempt, and how a rejection is answered, is up to
// its user.
package shed
