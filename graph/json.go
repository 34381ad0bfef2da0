package graph

import (
	stdjson "encoding/json"
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// decodeJSON decodes one JSON value of a client. Member names are case-sensitive, duplicates are an error, and numbers
// decoded into an any keep all digits.
func decodeJSON(text []byte, into any) error {
	return json.Unmarshal(text, into, exactNumbers)
}

// exactNumbers is shared by all requests, because the package caches in it which types it applies to.
var exactNumbers = json.WithUnmarshalers(json.UnmarshalFromFunc(exactNumber))

// exactNumber decodes a number as [stdjson.Number], and leaves everything else to the package.
func exactNumber(decoder *jsontext.Decoder, into *any) error {
	if decoder.PeekKind() != jsontext.KindNumber {
		return errors.ErrUnsupported
	}
	number, err := decoder.ReadValue()
	*into = stdjson.Number(number)
	return err
}
