package sealing

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
)

func sealer(t testing.TB, secrets ...string) *Sealer {
	t.Helper()
	all := make([][]byte, len(secrets))
	for i, secret := range secrets {
		all[i] = []byte(secret)
	}
	s, err := New(all...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const (
	secret = "0123456789abcdef0123456789abcdef"
	newer  = "fedcba9876543210fedcba9876543210"
)

func TestSealedTextsOpenForTheirAudienceOnly(t *testing.T) {
	s := sealer(t, secret)
	for _, text := range []string{"", "log:1a:0011223344556677", strings.Repeat("x", BlockLength-1), strings.Repeat("y", 300)} {
		sealed := s.Seal(text, "shop:a")
		if got, ok := s.Open(sealed, "shop:a"); !ok || got != text {
			t.Errorf("%q came back as %q, %t", text, got, ok)
		}
		for _, audience := range []string{"", "shop:b", "shop:", "shop:aa", "staff"} {
			if got, ok := s.Open(sealed, audience); ok {
				t.Errorf("%q opens for %q: %q", text, audience, got)
			}
		}
		if _, ok := sealer(t, newer).Open(sealed, "shop:a"); ok {
			t.Errorf("%q opens under another secret", text)
		}
	}
}

// What belongs to the text and what belongs to the audience can't be shifted, and equal texts differ by audience.
func TestSealedTextsRevealNothing(t *testing.T) {
	s := sealer(t, secret)
	if first, again := s.Seal("log:1:", "shop:a"), s.Seal("log:1:", "shop:a"); first != again {
		t.Error("equal texts for one audience differ")
	}
	seen := map[string]string{}
	for _, text := range []string{"log:1:", "log:2:", "log:10:"} {
		for _, audience := range []string{"shop:a", "shop:b", "staff"} {
			sealed := s.Seal(text, audience)
			for _, part := range []string{sealed[:16], sealed[16:64], sealed[64:]} {
				if before, known := seen[part]; known {
					t.Errorf("%q for %q has a part of %s", text, audience, before)
				}
				seen[part] = text + " " + audience
			}
			if raw, err := base64.RawURLEncoding.DecodeString(sealed); err != nil || bytes.Contains(raw, []byte("log")) {
				t.Errorf("%q: %v, or in the clear", sealed, err)
			}
		}
	}
}

func TestSealedTextsHaveTheSameLength(t *testing.T) {
	s := sealer(t, secret)
	want := len(s.Seal("", "a"))
	if want != 144 {
		t.Errorf("length %d, want 144", want)
	}
	for length := range BlockLength {
		if got := len(s.Seal(strings.Repeat("x", length), "audience")); got != want {
			t.Errorf("%d bytes are %d sealed, want %d", length, got, want)
		}
	}
	if got := len(s.Seal(strings.Repeat("x", BlockLength), "audience")); got <= want {
		t.Errorf("a text of a whole block has no end")
	}
}

func TestFillerOfTheCallersOwn(t *testing.T) {
	s := sealer(t, secret)
	one, other := s.Seal("log:1:\x00abc", "a"), s.Seal("log:1:\x00abd", "a")
	if one == other {
		t.Error("filler makes no difference")
	}
	if got, ok := s.Open(one, "a"); !ok || got != "log:1:" {
		t.Errorf("%q, %t", got, ok)
	}
}

func TestRotation(t *testing.T) {
	before, meanwhile, after := sealer(t, secret), sealer(t, newer, secret), sealer(t, newer)
	old := before.Seal("log:1:", "a")
	if text, ok := meanwhile.Open(old, "a"); !ok || text != "log:1:" {
		t.Errorf("the secret before: %q, %t", text, ok)
	}
	fresh := meanwhile.Seal("log:1:", "a")
	if _, ok := after.Open(fresh, "a"); !ok {
		t.Error("the newest secret does not seal")
	}
	if _, ok := after.Open(old, "a"); ok {
		t.Error("a secret that was taken away still opens")
	}
	if _, err := New(); err == nil {
		t.Error("a sealer without a secret")
	}
}

// Whatever is not what was sealed does not open: each bit counts.
func TestForgedTexts(t *testing.T) {
	s := sealer(t, secret)
	sealed := s.Seal("log:1:0011223344556677", "a")
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(raw) * 8 {
		forged := bytes.Clone(raw)
		forged[bit/8] ^= 1 << (bit % 8)
		if text, ok := s.Open(base64.RawURLEncoding.EncodeToString(forged), "a"); ok {
			t.Fatalf("bit %d changed: %q", bit, text)
		}
	}
	for _, forged := range []string{
		"", "x", "%%%", "bG9nOjE6", sealed[:len(sealed)-1], sealed[4:], sealed + "AAAA", sealed + "=", " " + sealed, strings.Repeat("A", 1<<20),
	} {
		if _, ok := s.Open(forged, "a"); ok {
			t.Errorf("%.40q opens", forged)
		}
	}
}

func FuzzOpen(f *testing.F) {
	s := sealer(f, newer, secret)
	f.Add(s.Seal("log:1:", "a"), "a")
	f.Add("bG9nOjE6", "staff")
	f.Fuzz(func(t *testing.T, sealed, audience string) {
		if text, ok := s.Open(sealed, audience); ok && s.Seal(text, audience) != sealed {
			t.Errorf("%q for %q opens, and %q is sealed otherwise", sealed, audience, text)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	s := sealer(b, secret)
	b.ReportAllocs()
	for b.Loop() {
		s.Seal("ts-:lqzq1s00:1000000000001", "shop:m-1")
	}
}

func BenchmarkOpen(b *testing.B) {
	s := sealer(b, secret)
	sealed := s.Seal("ts-:lqzq1s00:1000000000001", "shop:m-1")
	b.ReportAllocs()
	for b.Loop() {
		s.Open(sealed, "shop:m-1")
	}
}
