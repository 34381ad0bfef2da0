package cloudtag

// Language is a language of the texts that people see.
type Language string

// The languages of every [Text].
const (
	Chinese Language = "ZH"
	English Language = "EN"
)

// Text is a text in every [Language].
type Text struct {
	ZH string
	EN string
}

// In returns the text in a language; the default is Chinese, the marketplace's own.
func (t Text) In(language Language) string {
	if language == English {
		return t.EN
	}
	return t.ZH
}
