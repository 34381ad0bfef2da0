package model

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"

	"github.com/99designs/gqlgen/graphql"
)

// The scalars. They differ from gqlgen's built-in ones in two ways: errors of invalid input are in the caller's language with
// code BAD_USER_INPUT, and Int has 32 bits as the GraphQL specification demands.

func badScalar(zh, en string) error {
	return cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{ZH: zh, EN: en})
}

// MarshalID writes an identifier.
func MarshalID(id string) graphql.Marshaler { return graphql.MarshalString(id) }

// UnmarshalID accepts a string or an integer, whose digits become the identifier.
func UnmarshalID(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case int64: // a literal
		return strconv.FormatInt(v, 10), nil
	case json.Number: // a variable, with as many digits as the client sent
		if !strings.ContainsAny(v.String(), ".eE") {
			return v.String(), nil
		}
	}
	return "", badScalar("须为标识符：文本或整数。", "must be an identifier: text, or a whole number.")
}

// MarshalString writes a text.
func MarshalString(text string) graphql.Marshaler { return graphql.MarshalString(text) }

// UnmarshalString accepts a string.
func UnmarshalString(v any) (string, error) {
	text, ok := v.(string)
	if !ok {
		return "", badScalar("须为文本。", "must be text.")
	}
	return text, nil
}

// MarshalBoolean writes true or false.
func MarshalBoolean(b bool) graphql.Marshaler { return graphql.MarshalBoolean(b) }

// UnmarshalBoolean accepts true or false.
func UnmarshalBoolean(v any) (bool, error) {
	b, ok := v.(bool)
	if !ok {
		return false, badScalar("须为 true 或 false。", "must be true or false.")
	}
	return b, nil
}

// MarshalInt writes a whole number.
func MarshalInt(i int) graphql.Marshaler { return MarshalInt64(int64(i)) }

// UnmarshalInt accepts an integer of 32 bits, in JSON also with a zero fraction (1.0), since not every client distinguishes the
// two.
func UnmarshalInt(v any) (int, error) {
	if f, err := UnmarshalFloat(v); err == nil && f == math.Trunc(f) && f >= math.MinInt32 && f <= math.MaxInt32 {
		return int(f), nil
	}
	return 0, badScalar(
		fmt.Sprintf("须为 %d 至 %d 的整数。", math.MinInt32, math.MaxInt32),
		fmt.Sprintf("must be a whole number from %d to %d.", math.MinInt32, math.MaxInt32))
}

// MarshalInt64 writes an integer that may need more than 32 bits, such as a sequence number or an amount. Clients that parse
// JSON numbers as IEEE 754 doubles read it exactly up to 2^53.
func MarshalInt64(i int64) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		var digits [20]byte
		_, _ = w.Write(strconv.AppendInt(digits[:0], i, 10))
	})
}

// UnmarshalInt64 accepts what UnmarshalInt accepts.
func UnmarshalInt64(v any) (int64, error) {
	i, err := UnmarshalInt(v)
	return int64(i), err
}

// MarshalFloat writes a number.
func MarshalFloat(f float64) graphql.Marshaler { return graphql.MarshalFloat(f) }

// UnmarshalFloat accepts a finite number.
func UnmarshalFloat(v any) (float64, error) {
	switch v := v.(type) {
	case int: // a coerced variable
		return float64(v), nil
	case int64: // a literal
		return float64(v), nil
	case float64:
		return v, nil // neither JSON nor GraphQL can write one that is not finite
	case json.Number:
		if f, err := v.Float64(); err == nil { // an error if out of range
			return f, nil
		}
	}
	return 0, badScalar("须为有限的数值。", "must be a finite number.")
}

// MarshalTime writes a time in UTC.
func MarshalTime(t time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = w.Write(AppendTime(nil, t)) })
}

// UnmarshalTime accepts what [cloudtag.ParseTime] accepts.
func UnmarshalTime(v any) (time.Time, error) {
	text, err := UnmarshalString(v)
	if err != nil {
		return time.Time{}, err
	}
	return cloudtag.ParseTime(text)
}
