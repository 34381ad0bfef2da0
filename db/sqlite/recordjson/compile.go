package recordjson

import (
	"encoding"
	jsonv1 "encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// decodeFunc sets a zero value from the beginning of a text.
type decodeFunc func(*text, reflect.Value)

// compiler makes the functions of types. It has those of the structs so far, since a type may contain itself.
type compiler map[reflect.Type]*decodeFunc

// value returns the function of a type, and whether the type is supported.
func (c compiler) value(t reflect.Type) (decodeFunc, bool) {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return decodeTime, true
	case hasMethods(t):
		return nil, false
	}
	switch t.Kind() {
	case reflect.String:
		return func(text *text, into reflect.Value) { into.SetString(text.quoted()) }, true
	case reflect.Bool:
		return decodeBool, true
	case reflect.Int, reflect.Int64:
		return decodeInt, true
	case reflect.Pointer:
		return c.pointer(t)
	case reflect.Slice:
		return c.slice(t)
	case reflect.Struct:
		return c.structure(t)
	default:
		return nil, false
	}
}

// hasMethods reports whether a type defines its own encoding.
func hasMethods(t reflect.Type) bool {
	return slices.ContainsFunc([]reflect.Type{
		reflect.TypeFor[json.UnmarshalerFrom](), reflect.TypeFor[jsonv1.Unmarshaler](), reflect.TypeFor[encoding.TextUnmarshaler](),
	}, reflect.PointerTo(t).Implements)
}

func decodeBool(text *text, into reflect.Value) {
	value := text.skip("true")
	if !value {
		text.expect("false")
	}
	into.SetBool(value)
}

func decodeInt(text *text, into reflect.Value) {
	value, err := strconv.ParseInt(text.digits(), 10, 64)
	if err != nil || into.OverflowInt(value) {
		text.fail()
	}
	into.SetInt(value)
}

func decodeTime(text *text, into reflect.Value) {
	value, err := time.Parse(time.RFC3339, text.quoted())
	if err != nil {
		text.fail()
	}
	*into.Addr().Interface().(*time.Time) = value
}

func (c compiler) pointer(t reflect.Type) (decodeFunc, bool) {
	decode, supported := c.value(t.Elem())
	return func(text *text, into reflect.Value) {
		if !text.skip("null") {
			value := reflect.New(t.Elem())
			decode(text, value.Elem())
			into.Set(value)
		}
	}, supported
}

func (c compiler) slice(t reflect.Type) (decodeFunc, bool) {
	decode, supported := c.value(t.Elem())
	return func(text *text, into reflect.Value) {
		if text.skip("null") {
			return
		}
		text.expect("[")
		into.Set(reflect.MakeSlice(t, 0, 1))
		for n := 0; !text.unexpected && !text.skip("]"); n++ {
			if n > 0 {
				text.expect(",")
			}
			into.Grow(1)
			into.SetLen(n + 1)
			decode(text, into.Index(n))
		}
	}, supported
}

func (c compiler) structure(t reflect.Type) (decodeFunc, bool) {
	if known := c[t]; known != nil {
		return func(text *text, into reflect.Value) { (*known)(text, into) }, true
	}
	decode := new(decodeFunc)
	c[t] = decode
	fields, supported := c.fields(t)
	*decode = func(text *text, into reflect.Value) {
		text.expect("{")
		decodeFields(fields, text, into, true)
		text.expect("}")
	}
	return *decode, supported
}

// field is a field of a struct, or an embedded struct whose fields are members of the same object.
type field struct {
	index    int
	name     string // with the comma before it and the colon behind it
	decode   decodeFunc
	embedded []field
}

// fields returns the fields of a struct in the order in which they are written.
func (c compiler) fields(t reflect.Type) (fields []field, supported bool) {
	for i := range t.NumField() {
		of := t.Field(i)
		name, options, _ := strings.Cut(of.Tag.Get("json"), ",")
		made := field{index: i, name: `,"` + name + `":`}
		switch {
		case !slices.Contains([]string{"", "omitempty", "omitzero", "inline"}, options) || !of.IsExported():
			return nil, false
		case of.Anonymous && name == "" && of.Type.Kind() == reflect.Struct && !hasMethods(of.Type):
			made.embedded, supported = c.fields(of.Type)
		case name == "" || name == "-":
			return nil, false
		default:
			made.decode, supported = c.value(of.Type)
		}
		if !supported {
			return nil, false
		}
		fields = append(fields, made)
	}
	return fields, len(fields) > 0
}

// decodeFields decodes the members of an object, which may lack some. It returns whether the next one is still the first.
func decodeFields(fields []field, text *text, into reflect.Value, first bool) bool {
	for i := range fields {
		field := &fields[i]
		if field.embedded != nil {
			first = decodeFields(field.embedded, text, into.Field(field.index), first)
			continue
		}
		name := field.name
		if first {
			name = name[1:]
		}
		if text.skip(name) {
			field.decode(text, into.Field(field.index))
			first = false
		}
	}
	return first
}
