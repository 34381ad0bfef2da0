//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	domain "cloudtag/internal/cloudtag"
)

// The shop that the documents' commands act for.
const documentedShop = "m-1"

// TestDocumentedCommandsRun runs the commands of README.md and docs/api.md, unchanged except for the server's address, against
// the demo that `make run` serves: each query is answered without an error, each subscription receives its event.
func TestDocumentedCommandsRun(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	uri := newDatabase(t)
	mustCloudtag(t, "demo", "--db", uri)
	s := serve(t, uri, "--dev")
	shop := &documentReader{server: s, dir: t.TempDir(), orders: untaggedOrders(t, documentedShop)}
	if err := os.MkdirAll(filepath.Join(shop.dir, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(binaryPath, filepath.Join(shop.dir, "bin", "cloudtag")); err != nil {
		t.Fatal(err)
	}
	for _, document := range []string{"README.md", "docs/api.md"} {
		t.Run(document, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("..", document))
			if err != nil {
				t.Fatal(err)
			}
			signIn, questions, streams := "", 0, 0
			for _, match := range regexp.MustCompile("(?ms)^```sh$\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
				block := match[1]
				if !strings.Contains(block, "curl ") {
					continue
				}
				if line, _, found := strings.Cut(block, "\n"); found && strings.HasPrefix(line, "TOKEN=") {
					signIn = line + "\n"
					block = strings.TrimPrefix(block, signIn)
				}
				if strings.Contains(block, "text/event-stream") {
					streams++
					shop.follow(t, signIn+block)
				} else {
					questions++
					shop.askAndExpectData(t, signIn+block)
				}
			}
			if questions == 0 || streams == 0 {
				t.Errorf("%d questions and %d subscriptions", questions, streams)
			}
		})
	}
}

// documentReader runs the commands of a document.
type documentReader struct {
	server *server
	dir    string
	orders []domain.OrderNo // not tagged yet
}

func (r *documentReader) command(ctx context.Context, script string) *exec.Cmd {
	script = strings.ReplaceAll(script, "http://127.0.0.1:8080", r.server.url(""))
	command := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", script)
	command.Dir = r.dir
	command.Env = environment("CLOUDTAG_JWT_SECRET=" + secret)
	return command
}

func (r *documentReader) askAndExpectData(t *testing.T, script string) {
	t.Helper()
	output, err := r.command(t.Context(), script).Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, output)
	}
	var got answer
	if err := json.Unmarshal(output, &got); err != nil || len(got.Errors) > 0 || !strings.HasPrefix(string(got.Data), "{") {
		t.Errorf("%s\nanswered %s (%v)", script, output, err)
	}
}

// follow starts a subscription, and submits tags of the shop until an event arrives.
func (r *documentReader) follow(t *testing.T, script string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patience())
	defer stop()
	command, output := r.command(ctx, script), &lockedBuffer{}
	command.Stdout, command.Stderr = output, output
	command.WaitDelay = time.Second
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	bearer := token(t, "MERCHANT", "--merchant", documentedShop, "--dev")
	for !strings.Contains(output.String(), "previousStatus") {
		if len(r.orders) == 0 || ctx.Err() != nil {
			t.Errorf("%s\nreceived no event: %s", script, output)
			break
		}
		order := r.orders[0]
		r.orders = r.orders[1:]
		ask[any](r.server, bearer, submitDocument, map[string]any{"input": map[string]any{
			"orderNos": []string{string(order)}, "scenario": "STOCK_HOLDING", "idempotencyKey": fmt.Sprint("documented-", order),
		}})
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
	stop()
	_ = command.Wait()
}
