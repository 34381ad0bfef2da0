//go:build e2e

package e2e

import (
	"fmt"
	"testing"
	"time"
)

// TestAScheduledVersionStartsWhileTheServerIsDown kills the server before the start of a version and restarts it afterwards:
// earlier tags were evaluated by the previous version, later ones by the scheduled one, and open cases are re-evaluated.
func TestAScheduledVersionStartsWhileTheServerIsDown(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, uri string) {
		importMarket(t, uri, 2, 3)
		s := serve(t, uri, "--upkeep-interval", "1s")
		admin := token(t, "ADMIN")
		type versions struct {
			Policy struct {
				Version int `json:"version"`
			} `json:"policy"`
		}
		inForce := func() int { return ask[versions](s, admin, `{ policy { version } }`, nil).Policy.Version }
		submit := func(shop, order int) {
			t.Helper()
			ask[struct{}](s, merchantToken(t, fmt.Sprintf("m-%d", shop)), `mutation($input: SubmitTagsInput!) { submitTags(input: $input) { acceptedCount } }`, map[string]any{
				"input": map[string]any{"orderNos": []string{orderNo(shop, order)}, "scenario": "RETURN_SWAPPED", "idempotencyKey": orderNo(shop, order)},
			})
		}
		submit(1, 1)
		submit(2, 1)
		start := time.Now().Add(5 * time.Second)
		input := map[string]any{"input": map[string]any{
			"basedOnVersion": 1, "startsAt": start.UTC().Format(time.RFC3339Nano), "reason": "two votes",
			"rules": []any{map[string]any{"scenario": "RETURN_SWAPPED", "threshold": 2}},
		}}
		ask[struct{}](s, admin, `query($input: PolicyInput!) { simulatePolicy(input: $input) { tags } }`, input)
		ask[struct{}](s, admin, `mutation($input: PolicyInput!) { updatePolicy(input: $input) { userErrors { message } } }`, input)
		if version := inForce(); version != 1 && time.Now().Before(start) {
			t.Fatalf("version %d is in force before the start", version)
		}
		s.kill()
		until(t, "the start", func() bool { return time.Now().After(start) })
		s = serve(t, uri, "--upkeep-interval", "1s")
		if version := inForce(); version != 2 {
			t.Errorf("version %d is in force behind the start", version)
		}
		submit(1, 2)
		submit(2, 2)
		type found struct {
			Case struct {
				State       string `json:"state"`
				Explanation struct {
					PolicyVersion int `json:"policyVersion"`
				} `json:"explanation"`
			} `json:"case"`
		}
		for _, order := range []int{2, 1} { // the first follows in the background
			var c found
			until(t, fmt.Sprintf("the case of buyer %d to be confirmed", order), func() bool {
				c = ask[found](s, admin, `query($id: ID!) { case(id: $id) { state explanation { policyVersion } } }`, map[string]any{"id": fmt.Sprintf("RETURN_SWAPPED:b-%d", order)})
				return c.Case.State == "CONFIRMED"
			})
			if c.Case.Explanation.PolicyVersion != 2 {
				t.Errorf("buyer %d: %+v", order, c.Case)
			}
		}
	})
}
