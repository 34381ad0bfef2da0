// Package upkeep changes cases without a caller: what time alone changes (tags that leave the window, deadlines), what new data
// about shops and accounts changes, and what a crash interrupted. It decides when a case is evaluated. How it is evaluated is
// [cloudtag.CaseFile]'s, so that no outcome depends on when a sweep runs.
package upkeep
