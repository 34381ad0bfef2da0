//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/auth"
	domain "cloudtag/internal/cloudtag"
)

// signed returns tokens of shops' users. It signs them itself, because running a command for each of hundreds would take long.
func signed(t *testing.T, merchants ...string) map[string]string {
	t.Helper()
	signer := auth.NewSharedSecret([]byte(secret), auth.Names{}, domain.SystemClock{}, domain.IDFunc(rand.Text))
	tokens := make(map[string]string, len(merchants))
	for _, merchant := range merchants {
		token, err := signer.Sign(domain.Caller{
			Subject: "someone@" + merchant, Roles: []domain.Role{domain.RoleMerchant}, MerchantID: domain.MerchantID(merchant),
		}, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		tokens[merchant] = token
	}
	return tokens
}

// batch is a submission that a client sends with the same key until it is acknowledged.
type batch struct {
	token, key, scenario string
	orders               []string
}

// clients is the HTTP client that several clients share. Its timeout exceeds the time that a server waits for its store.
var clients = &http.Client{Timeout: patience(), Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

// call sends an operation once, from any goroutine. It returns an error if there was no answer.
func (s *server) call(ctx context.Context, token, document string, variables any) (answer, error) {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return answer{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url("/graphql"), bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept-Language", "en")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := clients.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	got := answer{status: response.StatusCode}
	if err := json.NewDecoder(response.Body).Decode(&got); err != nil {
		return answer{}, fmt.Errorf("status %d: %w", response.StatusCode, err)
	}
	return got, nil
}

// attempt sends a batch once, from any goroutine. code is that of the request's error; err is set if there was
// no answer.
func (s *server) attempt(ctx context.Context, b batch) (payload submitted, code string, err error) {
	got, err := s.call(ctx, b.token, submitDocument, map[string]any{"input": map[string]any{
		"orderNos": b.orders, "scenario": b.scenario, "idempotencyKey": b.key,
	}})
	if err != nil || got.code() != "" {
		return payload, got.code(), err
	}
	var data struct {
		SubmitTags submitted `json:"submitTags"`
	}
	err = json.Unmarshal(got.Data, &data)
	return data.SubmitTags, "", err
}

// refusal says what is wrong with an acknowledged batch that should have been accepted whole; nil for one that was.
func (b batch) refusal(payload submitted) error {
	if payload.AcceptedCount == len(b.orders) {
		return nil
	}
	return fmt.Errorf("batch %s of %s: %d accepted, codes %s, errors %v",
		b.key, strings.Join(b.orders, ","), payload.AcceptedCount, strings.Join(payload.codes(), ","), payload.UserErrors)
}
