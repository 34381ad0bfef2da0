//go:build e2e

package e2e

import "testing"

// TestSimulationOverTheRealData asks what threshold 4 would have made of the real data: exactly the difference between
// the rows of thresholds 3 and 4 that another implementation computed.
func TestSimulationOverTheRealData(t *testing.T) {
	data := readRealData(t)
	uri := newDatabase(t)
	setThreshold(t, uri, 3)
	for _, step := range [][2]string{{"merchants", data.merchants}, {"orders", data.orders}, {"tags", data.tags}} {
		mustCloudtag(t, "import", step[0], step[1], "--strict", "--db", uri)
	}
	s := serve(t, uri)
	admin := token(t, "ADMIN")
	type rule struct {
		Scenario  string `json:"scenario"`
		Threshold int    `json:"threshold"`
	}
	policy := ask[struct {
		Policy struct {
			Version int    `json:"version"`
			Rules   []rule `json:"rules"`
		} `json:"policy"`
	}](s, admin, `{ policy { version rules { scenario threshold } } }`, nil).Policy
	for i := range policy.Rules {
		policy.Rules[i].Threshold = 4
	}
	got := ask[struct {
		SimulatePolicy struct {
			Tags            int `json:"tags"`
			ConfirmedBefore int `json:"confirmedBefore"`
			ConfirmedAfter  int `json:"confirmedAfter"`
			SucceededBefore int `json:"succeededBefore"`
			SucceededAfter  int `json:"succeededAfter"`
			ChangedCases    struct {
				TotalCount int `json:"totalCount"`
			} `json:"changedCases"`
		} `json:"simulatePolicy"`
	}](s, admin, `query($input: PolicyInput!) { simulatePolicy(input: $input) {
		tags confirmedBefore confirmedAfter succeededBefore succeededAfter changedCases(first: 1) { totalCount }
	} }`, map[string]any{"input": map[string]any{"basedOnVersion": policy.Version, "rules": policy.Rules, "reason": "what if"}}).SimulatePolicy
	if got.Tags != 3563 || got.ConfirmedBefore != 264 || got.ConfirmedAfter != 168 || got.SucceededBefore != 1785 || got.SucceededAfter != 1481 {
		t.Errorf("%+v", got)
	}
	if got.ChangedCases.TotalCount != 264-168 {
		t.Errorf("%d cases change, want %d", got.ChangedCases.TotalCount, 264-168)
	}
}
