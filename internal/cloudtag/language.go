package cloudtag

// Language is one that the product speaks to people.
type Language string

// The languages of every text meant for people.
const (
	Chinese Language = "ZH"
	English Language = "EN"
)

// Text is one sentence in every [Language].
type Text struct {
	ZH string
	EN string
}

// In returns the text in the language; anything but [English] is answered in Chinese, the marketplace's own.
func (t Text) In(language Language) string {
	if language == English {
		return t.EN
	}
	return t.ZH
}
