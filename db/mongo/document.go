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

// The fields of a document that are not the record's.
const (
	fieldID     = "_id"
	fieldCommit = "commit" // its revision: the number of the commit that wrote it last
)

// codec makes documents of records and records of documents.
type codec struct{ registry *bson.Registry }

func newCodec() codec {
	registry := bson.NewRegistry()
	raw := reflect.TypeFor[json.RawMessage]()
	registry.RegisterTypeEncoder(raw, bson.ValueEncoderFunc(encodeJSON))
	registry.RegisterTypeDecoder(raw, bson.ValueDecoderFunc(decodeJSON))
	return codec{registry}
}

// encodeJSON keeps JSON as text, byte by byte: hashes are made of it.
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

// encode makes the document of a record. Its revision is set by [setCommit].
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

// zeroTime is what a time that is not set is stored as.
var zeroTime = time.Time{}.UnixMilli() //nolint:gochecknoglobals // a constant that Go can't write as one

// isEmpty reports whether a member is not worth a field: a decoder leaves what is missing empty. What records are found by
// has a value, unless it is optional.
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

// appendDerived appends the fields that are computed.
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

// setCommit sets the revision of a document that encode made.
func setCommit(document bson.Raw, id string, commit int64) {
	const typeAndName = 1 + len(fieldCommit) + 1
	place := 4 + 1 + len(fieldID) + 1 + 4 + len(id) + 1 + typeAndName
	binary.LittleEndian.PutUint64(document[place:], uint64(commit))
}

// decode makes a record of a document, and tells its revision.
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
