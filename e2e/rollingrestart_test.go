//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cloudtag/db/mongo/mongotest"
)

// TestRollingRestartBehindNginx restarts two instances one after the other behind nginx, as deploy/nginx has it: no
// request is sent twice. Clients open a new connection every few milliseconds, a socket and an event stream follow: no
// request fails, nginx returns no 5xx, and the followers receive the event of each tag once.
func TestRollingRestartBehindNginx(t *testing.T) {
	t.Parallel()
	const orders = 4000
	uri := mongotest.FreshURI(t)
	importMarket(t, uri, 1, orders)
	shop := signed(t, "m-1")["m-1"]
	flags := append(unlimited(), "--drain-delay", "5s", "--trusted-proxies", "127.0.0.1") // 5 s is the default; launch has 0
	addresses := []string{freeAddress(t), freeAddress(t)}
	instances := []*server{serveAt(t, uri, addresses[0], flags...), serveAt(t, uri, addresses[1], flags...)}
	balancer := startNginx(t, addresses)
	start := balancer.liveCursor(shop)

	running, stop := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	heard := map[string]*heardOrders{"socket": {}, "event stream": {}}
	followers := map[string]*follower{}
	for name, orders := range heard {
		followers[name] = &follower{name: name, token: shop, document: followTags, streams: name == "event stream", cursor: start, take: orders.take}
		clients.Go(func() { followers[name].run(running, balancer.server) })
	}
	load := &restartLoad{t: t, through: balancer.server, token: shop}
	clients.Go(func() { load.run(running) })
	until(t, "the load", func() bool { return load.count() > 200 })

	for i, instance := range instances {
		if err := instance.process.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		instance.waitEnd()
		instances[i] = serveAt(t, uri, instance.address, flags...)
	}
	after := load.count()
	until(t, "the load after the restarts", func() bool { return load.count() > after+200 })
	load.stop()
	for name, orders := range heard {
		until(t, "the "+name, func() bool { return load.failed() || orders.count() >= len(load.tagged) })
	}
	stop()
	clients.Wait()

	t.Logf("%d requests, each on a connection of its own; %d tags", load.count(), len(load.tagged))
	for _, failure := range load.failures {
		t.Error(failure)
	}
	for _, line := range strings.Split(balancer.accesses(), "\n") {
		if strings.HasPrefix(line, "5") {
			t.Errorf("nginx answered %s", line)
		}
	}
	for name, orders := range heard {
		if err := followers[name].failure(); err != nil {
			t.Error(err)
		}
		if followers[name].resumptions() < 2 {
			t.Errorf("the %s was never moved to another instance: the test shows nothing", name)
		}
		if !slices.Equal(orders.numbers, load.tagged) {
			t.Errorf("the %s heard of %d tags, %d were submitted, or in another order", name, len(orders.numbers), len(load.tagged))
		}
	}
}

// heardOrders are the orders of the events that a follower received, in order of arrival.
type heardOrders struct {
	mu      sync.Mutex
	numbers []string
}

func (h *heardOrders) take(data json.RawMessage) (string, error) {
	var event struct {
		TagStatusChanged struct {
			Cursor string
			Tag    struct{ OrderNo string }
		}
	}
	if err := json.Unmarshal(data, &event); err != nil {
		return "", err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.numbers = append(h.numbers, event.TagStatusChanged.Tag.OrderNo)
	return event.TagStatusChanged.Cursor, nil
}

func (h *heardOrders) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.numbers)
}

// restartLoad sends a query on a new connection every 5 ms, and submits tags one by one in parallel.
type restartLoad struct {
	t       *testing.T
	through *server
	token   string

	mu       sync.Mutex
	answered int
	tagged   []string // in order
	failures []string
	stopped  bool
}

func (l *restartLoad) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.answered
}

func (l *restartLoad) failed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.failures) > 0
}

// stop makes the load start no further request.
func (l *restartLoad) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
}

func (l *restartLoad) going(ctx context.Context) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.stopped && ctx.Err() == nil
}

// run sends requests until it is stopped, and returns when all have a response.
func (l *restartLoad) run(ctx context.Context) {
	var asking sync.WaitGroup
	defer asking.Wait()
	asking.Go(func() {
		for n := 1; l.going(ctx); n++ {
			l.submit(ctx, orderNo(1, n))
		}
	})
	places := make(chan struct{}, 64) // on a slow machine there are fewer, not ever more
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for l.going(ctx) {
		<-tick.C
		places <- struct{}{}
		asking.Go(func() {
			defer func() { <-places }()
			l.ask(ctx, `{"query":"{ viewer { id } }"}`, `"data":{"viewer":{"id":"someone@m-1"}}`)
		})
	}
}

func (l *restartLoad) submit(ctx context.Context, number string) {
	l.mu.Lock()
	l.tagged = append(l.tagged, number)
	l.mu.Unlock()
	l.ask(ctx, fmt.Sprintf(`{"query":%q,"variables":{"input":{"orderNos":[%q],"scenario":"RETURN_SWAPPED","idempotencyKey":%q}}}`,
		"mutation($input: SubmitTagsInput!) { submitTags(input: $input) { acceptedCount } }", number, number), `"acceptedCount":1`)
}

// ask sends a body on a connection of its own, and expects an answer with a text in it.
func (l *restartLoad) ask(ctx context.Context, body, want string) {
	got, err := askOnce(ctx, l.through.url("/graphql"), l.token, body)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answered++
	if (err != nil || !strings.Contains(got, want)) && len(l.failures) < 20 {
		l.failures = append(l.failures, fmt.Sprintf("request %d: %s %v", l.answered, got, err))
	}
}

func askOnce(ctx context.Context, url, token, body string) (string, error) {
	transport := &http.Transport{DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := (&http.Client{Transport: transport, Timeout: patience()}).Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return fmt.Sprintf("%d %s", response.StatusCode, content), err
}

// nginx is a balancer in front of instances.
type nginx struct {
	*server // what clients see of it
	folder  string
}

// startNginx runs nginx with deploy/nginx/cloudtag.conf, with only addresses and paths changed, together with follow-readiness.
// Where nginx is missing and cannot be installed, the test is skipped; under CI=true it fails.
func startNginx(t *testing.T, instances []string) *nginx {
	t.Helper()
	n := &nginx{server: &server{t: t, address: freeAddress(t), ended: make(chan struct{})}, folder: t.TempDir()}
	output, err := exec.CommandContext(t.Context(), "../scripts/nginx", "-v").CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 2 && os.Getenv("CI") != "true" {
		t.Skipf("%s", output)
	} else if err != nil {
		t.Fatalf("scripts/nginx: %v\n%s", err, output)
	}
	site, err := os.ReadFile("../deploy/nginx/cloudtag.conf")
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(n.folder, "instances.conf")
	for before, after := range map[string]string{
		"listen 80;": "listen " + n.address + ";", "/etc/nginx/cloudtag-instances.conf": list,
	} {
		if !strings.Contains(string(site), before) {
			t.Fatalf("deploy/nginx/cloudtag.conf has no %q", before)
		}
		site = []byte(strings.ReplaceAll(string(site), before, after))
	}
	n.write("main.conf", strings.ReplaceAll(`pid FOLDER/nginx.pid;
error_log FOLDER/error.log;
events {}
http {
  log_format status '$status $request';
  access_log FOLDER/access.log status;
  client_body_temp_path FOLDER/body; proxy_temp_path FOLDER/proxy;
  fastcgi_temp_path FOLDER/fastcgi; uwsgi_temp_path FOLDER/uwsgi; scgi_temp_path FOLDER/scgi;
  include FOLDER/site.conf;
}
`, "FOLDER", n.folder))
	n.write("site.conf", string(site))
	n.write("instances.conf", "server "+strings.Join(instances, ";\nserver ")+";\n")
	arguments := []string{"../scripts/nginx", "-p", n.folder, "-c", filepath.Join(n.folder, "main.conf")}
	n.run(exec.Command(arguments[0], append(arguments[1:], "-g", "daemon off;")...), syscall.SIGTERM)
	n.waitAnswer()
	follow := exec.Command("../deploy/nginx/follow-readiness", append([]string{list}, instances...)...)
	follow.Env = environment("RELOAD=" + strings.Join(append(arguments, "-s", "reload"), " "))
	n.run(follow, syscall.SIGKILL)
	return n
}

func (n *nginx) write(name, content string) {
	n.t.Helper()
	if err := os.WriteFile(filepath.Join(n.folder, name), []byte(content), 0o600); err != nil {
		n.t.Fatal(err)
	}
}

// run starts a process, which is ended with the test; its output is shown if the test fails.
func (n *nginx) run(process *exec.Cmd, end syscall.Signal) {
	n.t.Helper()
	output := &lockedBuffer{}
	process.Stdout, process.Stderr = output, output
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := process.Start(); err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() {
		_ = syscall.Kill(-process.Process.Pid, end)
		_ = process.Wait()
		if n.t.Failed() {
			errors, _ := os.ReadFile(filepath.Join(n.folder, "error.log"))
			n.t.Logf("%s:\n%s\n%s", process.Path, output, errors[:min(len(errors), 4000)])
		}
	})
}

// waitAnswer waits until nginx responds with any status.
func (n *nginx) waitAnswer() {
	n.t.Helper()
	until(n.t, "nginx", func() bool {
		response, err := http.Get(n.url("/readyz"))
		if err != nil {
			return false
		}
		response.Body.Close()
		if response.StatusCode != http.StatusNotFound {
			n.t.Errorf("nginx publishes /readyz: %d", response.StatusCode)
		}
		return true
	})
}

// accesses are the lines of nginx' log, each with its status first.
func (n *nginx) accesses() string {
	n.t.Helper()
	lines, err := os.ReadFile(filepath.Join(n.folder, "access.log"))
	if err != nil {
		n.t.Fatal(err)
	}
	return string(lines)
}
