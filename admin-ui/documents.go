package adminui

import (
	"bytes"
	_ "embed"
	"io"
)

//go:embed src/gql/documents.json
var documents []byte

// Documents returns the GraphQL documents that the console sends, as a JSON object of SHA-256 hash and text. They are
// generated with the console's types, so they are there in every build.
func Documents() io.Reader { return bytes.NewReader(documents) }
