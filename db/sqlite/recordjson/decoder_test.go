package recordjson

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	v2 "github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

type name string

// Base is embedded.
type Base struct {
	ID   name      `json:"id,omitempty"`
	At   time.Time `json:"at,omitzero"`
	Note string    `json:"note,omitempty"`
}

type stored struct {
	Base   `json:",inline"`
	Live   bool       `json:"live"`
	Votes  int        `json:"votes"`
	Amount int64      `json:"amount,omitzero"`
	Names  []name     `json:"names"`
	Parts  []Base     `json:"parts,omitempty"`
	Before *recursive `json:"before"`
	Last   time.Time  `json:"last"`
}

type recursive struct {
	Depth int        `json:"depth"`
	Next  *recursive `json:"next,omitzero"`
}

func values() map[string]stored {
	at := time.Date(2026, 2, 28, 23, 59, 59, 123e6, time.UTC)
	return map[string]stored{
		"zero": {},
		"full": {
			Base: Base{ID: "标签", At: at, Note: "a note"}, Live: true, Votes: -7, Amount: 1 << 40, Names: []name{"a", "b"},
			Parts: []Base{{ID: "p", At: at}, {}, {Note: "n"}}, Before: &recursive{Depth: 1, Next: &recursive{Depth: 2}},
			Last: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC),
		},
		"empty list":         {Names: []name{}},
		"only later members": {Base: Base{Note: "n"}, Votes: 1},
		"escapes":            {Base: Base{Note: "\"quoted\" \\ <b>&\n"}},
		"another time zone":  {Last: at.In(time.FixedZone("", 8*60*60))},
	}
}

func TestDecodesWhatEncodingJSONWrites(t *testing.T) {
	decoder := For(reflect.TypeFor[stored]())
	for name, want := range values() {
		t.Run(name, func(t *testing.T) {
			encoded, err := json.Marshal(want)
			if err != nil {
				t.Fatal(err)
			}
			var got stored
			if err := decoder.Decode(string(encoded), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Every text that the v2 package accepts is decoded as by it, whatever is inserted, replaced or missing.
func TestDecodesOtherFormsAsTheV2Package(t *testing.T) {
	decoder := For(reflect.TypeFor[stored]())
	accepted := 0
	check := func(text string) {
		var want, got stored
		if v2.Unmarshal([]byte(text), &want) != nil {
			return
		}
		accepted++
		if err := decoder.Decode(text, &got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s: %s", text, diff)
		}
	}
	for name, value := range values() {
		encoded, err := json.Marshal(value)
		if err != nil {
			t.Fatal(name, err)
		}
		text := string(encoded)
		for i := range text {
			check(text[:i] + text[i+1:])
			for _, part := range []string{`"`, `,`, `}`, `]`, `\`, ` `, `0`, `-`, `x`, `null`, `"z":[1],`} {
				check(text[:i] + part + text[i:])
				check(text[:i] + part + text[i+1:])
			}
		}
	}
	for _, text := range []string{
		`{"last":"2026-01-01T00:00:00Z","live":true,"id":"a"}`, ` { "votes" : 1 } `, `{"live":null,"votes":null,"id":null,"last":null}`,
		`{"unknown":{},"votes":1}`, `{"votes":1,"unknown":[]}`, `null`,
	} {
		check(text)
	}
	if accepted < 1000 {
		t.Errorf("the v2 package accepts only %d of the texts", accepted)
	}
}

func TestRejectsDamagedText(t *testing.T) {
	decoder := For(reflect.TypeFor[stored]())
	encoded, err := json.Marshal(values()["full"])
	if err != nil {
		t.Fatal(err)
	}
	text := string(encoded)
	for length := range text {
		if err := decoder.Decode(text[:length], new(stored)); err == nil {
			t.Errorf("%s is decoded", text[:length])
		}
	}
	for _, other := range []string{
		text + "}", strings.Replace(text, "-7", "7.5", 1), strings.Replace(text, "-7", "99999999999999999999", 1),
		strings.Replace(text, "T23:", "T25:", 1), strings.Replace(text, "true", `"true"`, 1),
	} {
		if err := decoder.Decode(other, new(stored)); err == nil {
			t.Errorf("%s is decoded", other)
		}
	}
}

type encodesItself struct{}

func (*encodesItself) UnmarshalText([]byte) error { return nil }

func TestSupportedTypes(t *testing.T) {
	for _, test := range []struct {
		value     any
		supported bool
	}{
		{stored{}, true},
		{recursive{}, true},
		{struct {
			M map[string]int `json:"m"`
		}{}, false},
		{struct {
			M json.RawMessage `json:"m"`
		}{}, false},
		{struct {
			M []encodesItself `json:"m"`
		}{}, false},
		{struct {
			M int `json:"m,string"`
		}{}, false},
		{struct{ M int }{}, false},
		{struct {
			M int `json:"-"`
		}{}, false},
		{struct{}{}, false},
		{struct{ recursive }{}, false},
	} {
		if supported := For(reflect.TypeOf(test.value)).decode != nil; supported != test.supported {
			t.Errorf("%T: %v", test.value, supported)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	encoded, err := json.Marshal(values()["full"])
	if err != nil {
		b.Fatal(err)
	}
	text, decoder := string(encoded), For(reflect.TypeFor[stored]())
	for name, decode := range map[string]func(into *stored) error{
		"expected form": func(into *stored) error { return decoder.Decode(text, into) },
		"v2":            func(into *stored) error { return v2.Unmarshal([]byte(text), into) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := decode(new(stored)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
