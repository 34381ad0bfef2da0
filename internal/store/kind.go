package store

import "time"

// Kind describes a kind of record to the engines.
type Kind struct {
	Name    string // of the table or collection
	Fields  []Field
	Indexes []Index
	// Logged records are written in the same commit as most entries about their account, which an engine may find through
	// them (see [Catalogue.LogRecord]).
	Logged bool
	// Cached records are read often and change rarely, so that an engine may keep them in memory.
	Cached bool

	newValue func() any
	id       func(any) string
	fields   func(any) []any
}

// FieldType is the type of a field's values.
type FieldType int

// The types. A time is represented as milliseconds since 1970; the zero time of an optional field as nil.
const (
	FieldText   FieldType = iota + 1 // string
	FieldNumber                      // int64
	FieldTime                        // int64
)

// Field is a value by which records are found, sorted or selected.
type Field struct {
	Name string
	Type FieldType
	// Derived fields are computed; the others are members of the record with the same name.
	Derived bool
	// Optional fields may have no value; records without one are not in the indexes that contain the field.
	Optional bool
}

// Index finds records by values of its first fields, in the order of its last one and of the identifiers.
type Index struct {
	Name   string
	Fields []string
	Also   []string // further fields it covers, so that conditions on them are checked without reading the record
}

// New returns a pointer to an empty record, to decode into.
func (k *Kind) New() any { return k.newValue() }

// ID returns the identifier of a record, unique within its kind.
func (k *Kind) ID(record any) string { return k.id(record) }

// Values returns the values of a record's fields: string, int64, or nil for an optional field without a value.
func (k *Kind) Values(record any) []any { return k.fields(record) }

// Field returns a field by name, and its index in Fields. It panics if there is none.
func (k *Kind) Field(name string) (Field, int) {
	for i, field := range k.Fields {
		if field.Name == name {
			return field, i
		}
	}
	panic("store: " + k.Name + " has no field " + name)
}

// Index returns an index by name. It panics if there is none.
func (k *Kind) Index(name string) Index {
	for _, index := range k.Indexes {
		if index.Name == name {
			return index
		}
	}
	panic("store: " + k.Name + " has no index " + name)
}

// field is a [Field] of records of type T, with the function that computes its value.
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

// derived marks the field as computed.
func (f field[T]) derived() field[T] {
	f.Derived = true
	return f
}

// optional makes empty texts, zeros and zero times of the field no value.
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

// define returns the kind of records of type T.
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
