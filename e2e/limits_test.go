//go:build e2e

package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// trustedDocuments writes documents to a file as --trusted-documents reads it.
func trustedDocuments(t *testing.T, texts ...string) string {
	t.Helper()
	byHash := map[string]string{}
	for _, text := range texts {
		sum := sha256.Sum256([]byte(text))
		byHash[hex.EncodeToString(sum[:])] = text
	}
	encoded, err := json.Marshal(byHash)
	if err != nil {
		t.Fatal(err)
	}
	return writeFile(t, "documents.json", string(encoded))
}

// response sends a document and returns status and headers, too.
func (s *server) response(token, document string) (status int, header http.Header, got answer) {
	s.t.Helper()
	body, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		s.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url("/graphql"), bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&got); err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, response.Header, got
}

// TestLimitsOfTheProgram checks that the flags have their effects, and that refusals are counted.
func TestLimitsOfTheProgram(t *testing.T) {
	s := serve(t, newDatabase(t), "--limit-requests", "0.01", "--limit-request-burst", "3", "--limit-depth", "4", "--limit-body-bytes", "2000",
		"--limit-anonymous-burst", "2", "--limit-anonymous", "0.01")
	admin := token(t, "ADMIN")
	for document, want := range map[string]string{
		`{ viewer { id } }`: "",
		`{ cases(first: 1) { nodes { buyer { risk { score } } } } }`: "LIMIT_EXCEEDED",
		`{ viewer { roles } }`: "",
	} {
		if status, _, got := s.response(admin, document); got.code() != want {
			t.Errorf("%s: %d %q, want %q", document, status, got.code(), want)
		}
	}
	if status, header, got := s.response(admin, `{ viewer { id } }`); status != 429 || got.code() != "RATE_LIMITED" || header.Get("Retry-After") == "" {
		t.Errorf("one more: %d %v %q", status, header, got.code())
	}
	if status, _, got := s.response(token(t, "AUDITOR"), strings.Repeat(" ", 2000)); status != 413 || got.code() != "LIMIT_EXCEEDED" {
		t.Errorf("a long body: %d %q", status, got.code())
	}
	for i, want := range []int{401, 401, 429} {
		if status, _, _ := s.response("no token", `{ viewer { id } }`); status != want {
			t.Errorf("bad token %d: %d, want %d", i, status, want)
		}
	}
	exported := s.metrics(t)
	for _, reason := range []string{"requests", "depth", "body", "bad_tokens"} {
		if want := `cloudtag_refused_requests_total{reason="` + reason + `"} 1`; !strings.Contains(exported, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
}

// TestOverloadedServer sends far more requests than the limit of concurrent operations allows: answers are correct, refusals
// have Retry-After, and health and metrics stay available.
func TestOverloadedServer(t *testing.T) {
	uri := newDatabase(t)
	importMarket(t, uri, 3, 60)
	s := serve(t, uri, "--limit-running-per-cpu", "1", "--limit-waiting", "1", "--limit-wait", "10ms", "--limit-requests", "0", "--limit-tags", "0")
	reviewer := token(t, "REVIEWER")
	var mu sync.Mutex
	statuses := map[int]int{}
	var group sync.WaitGroup
	for range 40 {
		group.Go(func() {
			for range 10 {
				status, header, got := s.response(reviewer, `{ merchants(first: 100) { nodes { id name permission } } scenarios { code name } }`)
				mu.Lock()
				statuses[status]++
				if status == 503 && (header.Get("Retry-After") == "" || got.code() != "UNAVAILABLE") || status == 200 && len(got.Errors) > 0 {
					t.Errorf("%d %v %+v", status, header, got.Errors)
				}
				mu.Unlock()
			}
		})
	}
	for range 5 {
		for _, path := range []string{"/healthz", "/readyz"} {
			response, err := http.Get(s.url(path))
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != http.StatusOK {
				t.Errorf("%s: %d", path, response.StatusCode)
			}
		}
	}
	group.Wait()
	if statuses[200] == 0 || statuses[503] == 0 || statuses[200]+statuses[503] != 400 {
		t.Errorf("answers by status: %v", statuses)
	}
	if want := fmt.Sprintf(`cloudtag_refused_requests_total{reason="load"} %d`, statuses[503]); !strings.Contains(s.metrics(t), want) {
		t.Errorf("the metrics lack %s", want)
	}
}

// TestDocumentsOfTheProgram checks that an invalid file ends the program, and that a valid one is enforced.
func TestDocumentsOfTheProgram(t *testing.T) {
	bad := writeFile(t, "bad.json", `{"abc": "{ viewer { id } }"}`)
	if result := cloudtag(t, "serve", "--addr", freeAddress(t), "--db", newDatabase(t), "--trusted-documents", bad); result.code != 1 || !strings.Contains(result.stderr, "bad.json: document abc") {
		t.Errorf("%+v", result)
	}
	s := serve(t, newDatabase(t), "--trusted-documents", trustedDocuments(t, `{ viewer { id } }`), "--trusted-documents", trustedDocuments(t, `{ viewer { roles } }`))
	admin := token(t, "ADMIN")
	for document, want := range map[string]string{`{ viewer { id } }`: "", `{ viewer { roles } }`: "", `{ viewer { id roles } }`: "UNTRUSTED_DOCUMENT"} {
		if _, _, got := s.response(admin, document); got.code() != want {
			t.Errorf("%s: %q, want %q", document, got.code(), want)
		}
	}
}
