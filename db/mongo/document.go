package mongo

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"cloudtag/internal/store"
)

// The fields of a document beside the record's.
const (
	fieldID     = "_id"
	fieldCommit = "commit" // revision: the number of the commit that wrote the document last
)

// codec converts between records and documents.
type codec struct{ registry *bson.Registry }

func newCodec() codec {
	registry := bson.NewRegistry()
	raw := reflect.TypeFor[json.RawMessage]()
	registry.RegisterTypeEncoder(raw, bson.ValueEncoderFunc(encodeJSON))
	registry.RegisterTypeDecoder(raw, bson.ValueDecoderFunc(decodeJSON))
	return codec{registry}
}

// encodeJSON preserves JSON byte by byte, since hashes cover it.
func encodeJSON(_ bson.EncodeContext, writer bson.ValueWriter, value reflect.Value) error {
	if value.IsNil() {
		return writer.WriteNull()
	}
	return writer.WriteString(string(value.Bytes()))
}

func decodeJSON(_ bson.DecodeContext, reader bson.ValueReader, value reflect.Value) error {
	if reader.Type() == bson.TypeNull {
		value.SetZero()
		return reader.ReadNull()
	}
	text, err := reader.ReadString()
	value.SetBytes([]byte(text))
	return err
}

// encode returns the document of a record. Its revision is set by [setCommit].
func (c codec) encode(kind *store.Kind, record any) (bson.Raw, error) {
	var plain bytes.Buffer
	encoder := bson.NewEncoder(bson.NewDocumentWriter(&plain))
	encoder.SetRegistry(c.registry)
	encoder.UseJSONStructTags()
	if err := encoder.Encode(record); err != nil {
		return nil, fmt.Errorf("encode %s %s: %w", kind.Name, kind.ID(record), err)
	}
	elements, err := bsoncore.Document(plain.Bytes()).Elements()
	if err != nil {
		return nil, fmt.Errorf("encode %s %s: %w", kind.Name, kind.ID(record), err)
	}
	start, document := bsoncore.AppendDocumentStart(make([]byte, 0, plain.Len()+256))
	document = bsoncore.AppendStringElement(document, fieldID, kind.ID(record))
	document = bsoncore.AppendInt64Element(document, fieldCommit, 0)
	for _, element := range elements {
		if !isEmpty(kind, element) {
			document = append(document, element...)
		}
	}
	document = appendDerived(document, kind, record)
	return document, appendEnd(&document, start)
}

func appendEnd(document *[]byte, start int32) (err error) {
	*document, err = bsoncore.AppendDocumentEnd(*document, start)
	return err
}

// zeroTime is the encoding of the zero time.
var zeroTime = time.Time{}.UnixMilli() //nolint:gochecknoglobals // a constant that Go can't write as one

// isEmpty reports whether a member can be omitted, since decoding restores it as empty. Indexed fields are kept unless they
// are optional.
func isEmpty(kind *store.Kind, element bsoncore.Element) bool {
	switch value := element.Value(); {
	case value.Type == bsoncore.TypeNull:
	case value.Type == bsoncore.TypeDateTime && value.DateTime() == zeroTime:
	case value.Type == bsoncore.TypeString && value.StringValue() == "":
		return slices.ContainsFunc(kind.Fields, func(f store.Field) bool { return f.Name == element.Key() && f.Optional })
	default:
		return false
	}
	return !slices.ContainsFunc(kind.Fields, func(f store.Field) bool { return f.Name == element.Key() && !f.Optional })
}

// appendDerived appends the computed fields.
func appendDerived(document []byte, kind *store.Kind, record any) []byte {
	values := kind.Values(record)
	for n, field := range kind.Fields {
		if !field.Derived || values[n] == nil {
			continue
		}
		switch value := values[n].(type) {
		case string:
			document = bsoncore.AppendStringElement(document, field.Name, value)
		case int64:
			if field.Type == store.FieldTime {
				document = bsoncore.AppendDateTimeElement(document, field.Name, value)
			} else {
				document = bsoncore.AppendInt64Element(document, field.Name, value)
			}
		}
	}
	return document
}

// setCommit sets the revision of a document returned by encode.
func setCommit(document bson.Raw, id string, commit int64) {
	const typeAndName = 1 + len(fieldCommit) + 1
	place := 4 + 1 + len(fieldID) + 1 + 4 + len(id) + 1 + typeAndName
	binary.LittleEndian.PutUint64(document[place:], uint64(commit))
}

// decode returns the record in a document, and its revision.
func (c codec) decode(kind *store.Kind, document bson.Raw) (record any, commit int64, err error) {
	commit, known := document.Lookup(fieldCommit).AsInt64OK()
	if !known {
		return nil, 0, fmt.Errorf("%s %s has no revision", kind.Name, document.Lookup(fieldID))
	}
	record = kind.New()
	if err := c.decodeInto(document, record); err != nil {
		return nil, 0, fmt.Errorf("decode %s %s: %w", kind.Name, document.Lookup(fieldID), err)
	}
	return record, commit, nil
}

func (c codec) decodeInto(document bson.Raw, value any) error {
	decoder := bson.NewDecoder(bson.NewDocumentReader(bytes.NewReader(document)))
	decoder.SetRegistry(c.registry)
	decoder.UseJSONStructTags()
	return decoder.Decode(value)
}
