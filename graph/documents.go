package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"cloudtag/graph/generated"
	"cloudtag/internal/cloudtag"

	"github.com/99designs/gqlgen/graphql"
	"github.com/go-json-experiment/json"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Documents is an allow-list of trusted documents, by the SHA-256 of their text in hexadecimal digits.
type Documents struct{ texts map[string]string }

// NewDocuments returns an empty set.
func NewDocuments() *Documents { return &Documents{texts: make(map[string]string)} }

// Read adds the documents of a JSON object that maps hashes to documents, the usual output of generators of persisted
// documents. Each document must match its hash and be valid for the schema; errors name the hash.
func (d *Documents) Read(from io.Reader) error {
	var texts map[string]string
	if err := json.UnmarshalRead(from, &texts); err != nil {
		return fmt.Errorf("expected a JSON object of SHA-256 hashes and documents: %w", err)
	}
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	for hash, text := range texts {
		hash = strings.ToLower(strings.TrimPrefix(hash, hashPrefix))
		if own := hashOf(text); own != hash {
			return fmt.Errorf("document %s: its text has the hash %s", shortened(hash), own)
		}
		if _, err := gqlparser.LoadQueryWithRules(schema, text, validationRules()); err != nil {
			return fmt.Errorf("document %s: %w", hash, err)
		}
		d.texts[hash] = text
	}
	return nil
}

// Len returns the number of documents.
func (d *Documents) Len() int { return len(d.texts) }

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// hashPrefix is an optional prefix of a documentId.
const hashPrefix = "sha256:"

// persistedQuery is the request extension that refers to a document by its hash.
const persistedQuery = "persistedQuery"

// hashIn returns the document hash of a request's extensions; empty for none.
func hashIn(extensions map[string]any) string {
	named, _ := extensions[persistedQuery].(map[string]any)
	hash, _ := named["sha256Hash"].(string)
	return strings.ToLower(hash)
}

// nameDocument converts a request's documentId into the extension, which every transport passes on.
func nameDocument(params *graphql.RawParams, documentID string) {
	if documentID == "" || hashIn(params.Extensions) != "" {
		return
	}
	if params.Extensions == nil {
		params.Extensions = make(map[string]any, 1)
	}
	params.Extensions[persistedQuery] = map[string]any{"version": 1, "sha256Hash": strings.TrimPrefix(documentID, hashPrefix)}
}

// trustGate replaces a document's hash by its text and, where there is an allow-list, refuses all other documents.
type trustGate struct{ known *Documents }

// ExtensionName names the gate among gqlgen's extensions.
func (trustGate) ExtensionName() string { return "TrustGate" }

// Validate finds nothing wrong with any schema.
func (trustGate) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters implements [graphql.OperationParameterMutator].
func (g trustGate) MutateOperationParameters(_ context.Context, params *graphql.RawParams) *gqlerror.Error {
	switch {
	case g.known == nil && params.Query == "":
		return aboutDocument(errNotPersisted())
	case g.known == nil:
		return nil
	}
	hash := hashIn(params.Extensions)
	if params.Query != "" {
		hash = hashOf(params.Query)
	}
	text, known := g.known.texts[hash]
	if !known {
		return aboutDocument(errUntrusted())
	}
	params.Query = text
	return nil
}

func errUntrusted() error {
	return &limitError{reason: reasonDocument, refusal: cloudtag.Refuse(cloudtag.CodeUntrustedDocument, cloudtag.Text{
		ZH: "本服务器只执行已登记的查询（--trusted-documents），此查询未登记；内省查询也不例外。",
		EN: "This server runs documents that it knows (--trusted-documents), and this is none of them; nor is introspection.",
	})}
}

// errNotPersisted makes clients of automatic persisted queries send the document instead of its hash. The protocol fixes the
// message, whatever the language.
func errNotPersisted() error {
	const message = "PersistedQueryNotSupported"
	return cloudtag.Refuse(cloudtag.CodePersistedQueryNotSupported, cloudtag.Text{ZH: message, EN: message})
}
