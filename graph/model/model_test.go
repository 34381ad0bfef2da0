package model

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"

	"github.com/99designs/gqlgen/graphql"
)

func written(m graphql.Marshaler) string {
	var text strings.Builder
	m.MarshalGQL(&text)
	return text.String()
}

func TestTimeIsUTCWithMilliseconds(t *testing.T) {
	for text, want := range map[string]string{
		"2026-05-04T03:02:01Z":             `"2026-05-04T03:02:01.000Z"`,
		"2026-05-04T03:02:01.9876543Z":     `"2026-05-04T03:02:01.987Z"`,
		"2026-05-04T03:02:01.5+08:00":      `"2026-05-03T19:02:01.500Z"`,
		"1970-01-01T01:00:00+01:00":        `"1970-01-01T00:00:00.000Z"`,
		"9999-12-31T23:59:59.999999-00:00": `"9999-12-31T23:59:59.999Z"`,
	} {
		at, err := UnmarshalTime(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := written(MarshalTime(at)); got != want {
			t.Errorf("%s is written %s, want %s", text, got, want)
		}
	}
}

// Invalid input of any type is refused, with messages in both languages.
func TestScalarsRefuseInvalidInput(t *testing.T) {
	number := func(text string) json.Number { return json.Number(text) }
	for name, refuse := range map[string]func() error{
		"time of a date":           func() error { _, err := UnmarshalTime("2026-05-04"); return err },
		"time without offset":      func() error { _, err := UnmarshalTime("2026-05-04T03:02:01"); return err },
		"time of a number":         func() error { _, err := UnmarshalTime(number("1")); return err },
		"time of 30 February":      func() error { _, err := UnmarshalTime("2026-02-30T00:00:00Z"); return err },
		"time beyond the years":    func() error { _, err := UnmarshalTime("9999-12-31T23:59:59-01:00"); return err },
		"time of null":             func() error { _, err := UnmarshalTime(nil); return err },
		"int of null":              func() error { _, err := UnmarshalInt(nil); return err },
		"int of a text":            func() error { _, err := UnmarshalInt("5"); return err },
		"float of null":            func() error { _, err := UnmarshalFloat(nil); return err },
		"float of digits in text":  func() error { _, err := UnmarshalFloat("1.5"); return err },
		"boolean of null":          func() error { _, err := UnmarshalBoolean(nil); return err },
		"text of null":             func() error { _, err := UnmarshalString(nil); return err },
		"identifier of null":       func() error { _, err := UnmarshalID(nil); return err },
		"identifier of a boolean":  func() error { _, err := UnmarshalID(true); return err },
		"identifier of a fraction": func() error { _, err := UnmarshalID(number("1.0")); return err },
		"identifier of a float":    func() error { _, err := UnmarshalID(1.5); return err },
		"int above 32 bits":        func() error { _, err := UnmarshalInt(number("2147483648")); return err },
		"int below 32 bits":        func() error { _, err := UnmarshalInt(int64(math.MinInt32 - 1)); return err },
		"int above 64 bits":        func() error { _, err := UnmarshalInt(number("99999999999999999999")); return err },
		"int64 above 32 bits":      func() error { _, err := UnmarshalInt64(number("2147483648")); return err },
		"int of a fraction":        func() error { _, err := UnmarshalInt(number("1.5")); return err },
		"int of a list":            func() error { _, err := UnmarshalInt([]any{1}); return err },
		"float of a text":          func() error { _, err := UnmarshalFloat("abc"); return err },
		"float beyond range":       func() error { _, err := UnmarshalFloat(number("1e999")); return err },
		"boolean of a text":        func() error { _, err := UnmarshalBoolean("true"); return err },
		"text of a number":         func() error { _, err := UnmarshalString(number("1")); return err },
		"identifier of an object":  func() error { _, err := UnmarshalID(map[string]any{}); return err },
	} {
		var refusal *cloudtag.Error
		if err := refuse(); !errors.As(err, &refusal) || refusal.Code != cloudtag.CodeBadInput {
			t.Errorf("%s: %v, want BAD_USER_INPUT", name, err)
			continue
		}
		if refusal.Message.ZH == "" || refusal.Message.EN == "" || refusal.Message.ZH == refusal.Message.EN {
			t.Errorf("%s: message %+v, want both languages", name, refusal.Message)
		}
	}
}

func TestIntegers(t *testing.T) {
	for value, want := range map[int64]string{0: "0", -5: "-5", math.MaxInt64: "9223372036854775807", math.MinInt64: "-9223372036854775808"} {
		if got := written(MarshalInt64(value)); got != want {
			t.Errorf("%d is written %s", value, got)
		}
	}
	for _, value := range []any{json.Number("2147483647"), int64(2147483647), 2147483647} {
		if got, err := UnmarshalInt(value); err != nil || got != math.MaxInt32 {
			t.Errorf("%v is read as %d, %v", value, got, err)
		}
	}
}

func TestBatchLoadsOnce(t *testing.T) {
	loads := 0
	batch := NewBatch(func(context.Context) (map[string]int, error) {
		loads++
		return map[string]int{"a": 1}, nil
	})
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if value, ok, err := batch.Find(context.Background(), "a"); value != 1 || !ok || err != nil {
				t.Errorf("a is %d, %t, %v", value, ok, err)
			}
			if _, ok, err := batch.Find(context.Background(), "b"); ok || err != nil {
				t.Errorf("b is there: %t, %v", ok, err)
			}
		})
	}
	group.Wait()
	if loads != 1 {
		t.Errorf("loaded %d times, want once", loads)
	}
}

func TestBatchErrorIsSharedAndFirstOnce(t *testing.T) {
	cause := errors.New("broken")
	batch := NewBatch(func(context.Context) (map[string]int, error) { return nil, cause })
	firsts := 0
	for range 3 {
		_, ok, err := batch.Find(context.Background(), "a")
		var shared *BatchError
		if ok || !errors.Is(err, cause) || !errors.As(err, &shared) {
			t.Fatalf("found %t, %v, want the cause", ok, err)
		}
		if shared.First() {
			firsts++
		}
	}
	if firsts != 1 {
		t.Errorf("%d firsts, want 1", firsts)
	}
}

func TestLocalizer(t *testing.T) {
	english := cloudtag.English
	scenario := Scenario{Localizer: Localizer{Language: cloudtag.Chinese}, Scenario: cloudtag.Scenario{Name: cloudtag.Text{ZH: "名", EN: "name"}}}
	if got := scenario.Name(nil); got != "名" {
		t.Errorf("name %q, want the caller's language", got)
	}
	if got := scenario.Name(&english); got != "name" {
		t.Errorf("name %q, want the language asked for", got)
	}
	if got := written(MarshalTime(time.UnixMilli(0))); got != `"1970-01-01T00:00:00.000Z"` {
		t.Errorf("the epoch is written %s", got)
	}
}
