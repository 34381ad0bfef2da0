package store

import "time"

// Kind is a kind of record: what engines need to know of it.
type Kind struct {
	Name    string // of the table or collection
	Fields  []Field
	Indexes []Index
	// Logged records are written together with most entries about their account, which an engine may find through them (see
	// [Catalogue.LogRecord]).
	Logged bool
	// Steady records are read much and changed seldom, so that an engine may keep them in memory.
	Steady bool

	newValue func() any
	id       func(any) string
	fields   func(any) []any
}

// FieldType is the type of a field's values.
type FieldType int

// The types. A time is given as milliseconds since 1970, and a zero time of an optional field as nil.
const (
	FieldText   FieldType = iota + 1 // string
	FieldNumber                      // int64
	FieldTime                        // int64
)

// Field is something that records are found, sorted or selected by.
type Field struct {
	Name string
	Type FieldType
	// Derived fields are computed; the others are members of the record of the same name.
	Derived bool
	// Optional fields may have no value; an index that begins with, or is sorted by, one leaves those records out.
	Optional bool
}

// Index is a way to find records: by values of its first fields, in the order of its last one and of the identifiers.
type Index struct {
	Name   string
	Fields []string
	Also   []string // what else is kept in it, so that conditions on these need not look at the record
}

// New returns a pointer to an empty record, to decode into.
func (k *Kind) New() any { return k.newValue() }

// ID is the identifier of a record, unique among its kind.
func (k *Kind) ID(record any) string { return k.id(record) }

// Values are the values of a record's fields: string, int64, or nil for an optional field without one.
func (k *Kind) Values(record any) []any { return k.fields(record) }

// Field returns a field and its place. There must be one.
func (k *Kind) Field(name string) (Field, int) {
	for place, field := range k.Fields {
		if field.Name == name {
			return field, place
		}
	}
	panic("store: " + k.Name + " has no field " + name)
}

// Index returns an index by name. There must be one.
func (k *Kind) Index(name string) Index {
	for _, index := range k.Indexes {
		if index.Name == name {
			return index
		}
	}
	panic("store: " + k.Name + " has no index " + name)
}

// field is a [Field] of records of type T, with its value.
type field[T any] struct {
	Field
	of func(*T) any
}

func text[T any, V ~string](name string, of func(*T) V) field[T] {
	return field[T]{Field{Name: name, Type: FieldText}, func(record *T) any { return string(of(record)) }}
}

func number[T any, V ~int | ~int64](name string, of func(*T) V) field[T] {
	return field[T]{Field{Name: name, Type: FieldNumber}, func(record *T) any { return int64(of(record)) }}
}

func moment[T any](name string, of func(*T) time.Time) field[T] {
	return field[T]{Field{Name: name, Type: FieldTime}, func(record *T) any { return millis(of(record)) }}
}

// derived says that the field is computed.
func (f field[T]) derived() field[T] {
	f.Derived = true
	return f
}

// optional lets the field be without a value: where it is empty, or a zero time.
func (f field[T]) optional() field[T] {
	of := f.of
	f.Optional = true
	f.of = func(record *T) any {
		switch value := of(record); value {
		case "", int64(0), millis(time.Time{}):
			return nil
		default:
			return value
		}
	}
	return f
}

func millis(t time.Time) int64 { return t.UnixMilli() }

// define makes a kind.
func define[T any](name string, id func(*T) string, fields []field[T], indexes ...Index) *Kind {
	kind := &Kind{
		Name: name, Indexes: indexes,
		newValue: func() any { return new(T) },
		id:       func(record any) string { return id(record.(*T)) },
		fields: func(record any) []any {
			values := make([]any, len(fields))
			for i, field := range fields {
				values[i] = field.of(record.(*T))
			}
			return values
		},
	}
	for _, field := range fields {
		kind.Fields = append(kind.Fields, field.Field)
	}
	return kind
}
