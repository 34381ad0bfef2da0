package datafile

import "strings"

// formulaStarts are the characters that start a formula in spreadsheets, full-width forms included, and the white space
// that some of them skip before it.
const formulaStarts = "=+-@＝＋－＠\t\r\n"

// escapeFormula prevents formula injection: it puts an apostrophe before a text that a spreadsheet would evaluate. A text
// that looks escaped gets one more, so that [unescapeFormula] is the exact inverse.
func escapeFormula(text string) string {
	if startsFormula(text) {
		return "'" + text
	}
	return text
}

// unescapeFormula removes the apostrophe of [escapeFormula].
func unescapeFormula(text string) string {
	if rest, found := strings.CutPrefix(text, "'"); found && startsFormula(rest) {
		return rest
	}
	return text
}

// startsFormula reports whether the text, without leading apostrophes, starts a formula.
func startsFormula(text string) bool {
	rest := strings.TrimLeft(text, "'")
	return rest != "" && strings.IndexAny(rest, formulaStarts) == 0
}
