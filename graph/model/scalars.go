package model

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"cloudtag/internal/cloudtag"

	"github.com/99designs/gqlgen/graphql"
)

// The scalars. The built-in ones are gqlgen's, with two differences: an input that doesn't fit is answered in the
// caller's language with code BAD_USER_INPUT, and Int takes 32 bits as the GraphQL specification says.

func badScalar(zh, en string) error {
	return cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{ZH: zh, EN: en})
}

// MarshalID writes an identifier.
func MarshalID(id string) graphql.Marshaler { return graphql.MarshalString(id) }

// UnmarshalID takes a text or a whole number.
func UnmarshalID(v any) (string, error) {
	id, err := graphql.UnmarshalID(v)
	if err != nil {
		return "", badScalar("须为标识符文本。", "must be an identifier, as text.")
	}
	return id, nil
}

// MarshalString writes a text.
func MarshalString(text string) graphql.Marshaler { return graphql.MarshalString(text) }

// UnmarshalString takes a text.
func UnmarshalString(v any) (string, error) {
	text, ok := v.(string)
	if !ok {
		return "", badScalar("须为文本。", "must be text.")
	}
	return text, nil
}

// MarshalBoolean writes true or false.
func MarshalBoolean(b bool) graphql.Marshaler { return graphql.MarshalBoolean(b) }

// UnmarshalBoolean takes true or false.
func UnmarshalBoolean(v any) (bool, error) {
	b, ok := v.(bool)
	if !ok {
		return false, badScalar("须为 true 或 false。", "must be true or false.")
	}
	return b, nil
}

// MarshalInt writes a whole number.
func MarshalInt(i int) graphql.Marshaler { return MarshalInt64(int64(i)) }

// UnmarshalInt takes a whole number of 32 bits.
func UnmarshalInt(v any) (int, error) {
	i, err := graphql.UnmarshalInt64(v)
	if err != nil || i < math.MinInt32 || i > math.MaxInt32 {
		return 0, badScalar(
			fmt.Sprintf("须为 %d 至 %d 的整数。", math.MinInt32, math.MaxInt32),
			fmt.Sprintf("must be a whole number from %d to %d.", math.MinInt32, math.MaxInt32))
	}
	return int(i), nil
}

// MarshalInt64 writes a whole number that may need more than 32 bits: sequence numbers and amounts. Programs that
// read JSON numbers as IEEE 754 doubles have them exact up to 2^53.
func MarshalInt64(i int64) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		var digits [20]byte
		_, _ = w.Write(strconv.AppendInt(digits[:0], i, 10))
	})
}

// UnmarshalInt64 takes what UnmarshalInt takes.
func UnmarshalInt64(v any) (int64, error) {
	i, err := UnmarshalInt(v)
	return int64(i), err
}

// MarshalFloat writes a number.
func MarshalFloat(f float64) graphql.Marshaler { return graphql.MarshalFloat(f) }

// UnmarshalFloat takes a finite number.
func UnmarshalFloat(v any) (float64, error) {
	f, err := graphql.UnmarshalFloat(v)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, badScalar("须为有限的数值。", "must be a finite number.")
	}
	return f, nil
}

// timeLayout is RFC 3339 with exactly the milliseconds that are stored.
const timeLayout = "2006-01-02T15:04:05.000Z07:00"

// MarshalTime writes a time in UTC.
func MarshalTime(t time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		var text [len(timeLayout) + 2]byte
		quoted := append(t.UTC().AppendFormat(append(text[:0], '"'), timeLayout), '"')
		_, _ = w.Write(quoted)
	})
}

// UnmarshalTime takes a time in RFC 3339 with any offset, and truncates it to what is stored.
func UnmarshalTime(v any) (time.Time, error) {
	text, ok := v.(string)
	if ok {
		if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
			return t.UTC().Truncate(cloudtag.TimeResolution), nil
		}
	}
	return time.Time{}, badScalar(
		"须为 RFC 3339 时间，例如 2026-05-04T03:02:01Z。",
		"must be a time in RFC 3339, such as 2026-05-04T03:02:01Z.")
}
