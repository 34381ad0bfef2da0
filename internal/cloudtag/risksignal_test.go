package cloudtag_test

import (
	"testing"

	. "cloudtag/internal/cloudtag"
)

func TestSignalLabel(t *testing.T) {
	for code, want := range map[string]Text{
		"NEW_ACCOUNT":    {ZH: "新注册账号", EN: "New account"},
		"RETURN_RATE_90": {ZH: "Return rate 90", EN: "Return rate 90"},
		"":               {},
	} {
		if got := (RiskSignal{Code: code}).Label(); got != want {
			t.Errorf("label of %q is %+v, want %+v", code, got, want)
		}
	}
	for code, name := range SignalNames() {
		if name.ZH == "" || name.EN == "" {
			t.Errorf("signal %s lacks a name in a language", code)
		}
	}
}
