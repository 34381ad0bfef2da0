package graph

import (
	stdjson "encoding/json"
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// decodeJSON reads one JSON value from outside. Names are exact, none occurs twice in an object, and numbers where any
// value may be keep their digits.
func decodeJSON(text []byte, into any) error {
	return json.Unmarshal(text, into, exactNumbers)
}

// exactNumbers is made once: the package remembers in it which types it applies to.
var exactNumbers = json.WithUnmarshalers(json.UnmarshalFromFunc(exactNumber))

// exactNumber reads a number as [stdjson.Number], and leaves everything else to the package.
func exactNumber(decoder *jsontext.Decoder, into *any) error {
	if decoder.PeekKind() != jsontext.KindNumber {
		return errors.ErrUnsupported
	}
	number, err := decoder.ReadValue()
	*into = stdjson.Number(number)
	return err
}
