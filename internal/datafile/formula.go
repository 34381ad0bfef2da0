package datafile

import "strings"

// formulaStarts are what spreadsheets take for the start of a formula, in full width too, and the white space that some
// of them skip before it.
const formulaStarts = "=+-@＝＋－＠\t\r\n"

// guarded is a text as CSV has it: with an apostrophe in front where a spreadsheet would take it for a formula, so that
// it shows the text. A text that looks like a guarded one gets one more, so that [unguarded] gives every text back.
func guarded(text string) string {
	if startsFormula(text) {
		return "'" + text
	}
	return text
}

// unguarded takes the apostrophe of [guarded] off again.
func unguarded(text string) string {
	if rest, found := strings.CutPrefix(text, "'"); found && startsFormula(rest) {
		return rest
	}
	return text
}

// startsFormula reports whether a formula starts the text, behind apostrophes or at once.
func startsFormula(text string) bool {
	rest := strings.TrimLeft(text, "'")
	return rest != "" && strings.IndexAny(rest, formulaStarts) == 0
}
