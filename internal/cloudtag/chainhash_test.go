package cloudtag_test

import (
	"bytes"
	"testing"

	. "cloudtag/internal/cloudtag"
)

func TestChainHashSeparatesFields(t *testing.T) {
	a := Entry{Seq: 1, At: start, Actor: "ab", Action: "c"}
	b := Entry{Seq: 1, At: start, Actor: "a", Action: "bc"}
	if bytes.Equal(a.ChainHash(nil), b.ChainHash(nil)) {
		t.Error("two entries hash the same")
	}
}
