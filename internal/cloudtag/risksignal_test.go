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

func TestStrongestSignal(t *testing.T) {
	weak, strong, negative := RiskSignal{Code: "WEAK", Weight: 0.2}, RiskSignal{Code: "STRONG", Weight: 0.5}, RiskSignal{Code: "GOOD", Weight: -1}
	tests := []struct {
		signals []RiskSignal
		want    RiskSignal
		ok      bool
	}{
		{nil, RiskSignal{}, false},
		{[]RiskSignal{negative, {Code: "NONE"}}, RiskSignal{}, false},
		{[]RiskSignal{weak, strong, negative}, strong, true},
		{[]RiskSignal{strong, weak}, strong, true},
	}
	for _, test := range tests {
		if got, ok := (RiskProfile{Signals: test.signals}).Strongest(); got != test.want || ok != test.ok {
			t.Errorf("%v: %v, %t, want %v", test.signals, got, ok, test.want)
		}
	}
}
