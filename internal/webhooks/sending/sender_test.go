package sending

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/webhooks"
)

func message(url string) webhooks.Message {
	return webhooks.Message{URL: url, ID: "msg_1", Body: []byte(`{"type":"webhook.ping"}`), Keys: [][]byte{[]byte("new key"), []byte("old key")}}
}

func serve(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

func private(t *testing.T) *Sender {
	sender := NewSender(true, cloudtag.SystemClock{})
	t.Cleanup(sender.Close)
	return sender
}

// The example of the specification, https://github.com/standard-webhooks/standard-webhooks: its libraries test with it.
func TestSignatureIsTheSpecifications(t *testing.T) {
	key, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	got := signatures([][]byte{key}, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSendSignsWithEveryKey(t *testing.T) {
	var header http.Header
	var body []byte
	var method string
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		method, header = r.Method, r.Header
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusNoContent)
	})
	answer := private(t).Send(t.Context(), message(server.URL+"/hooks?token=x"))
	if answer.Failure != "" || answer.Status != 204 || answer.At.IsZero() {
		t.Fatalf("%+v", answer)
	}
	if method != http.MethodPost || header.Get("Content-Type") != "application/json" || header.Get("Webhook-Id") != "msg_1" || string(body) != `{"type":"webhook.ping"}` {
		t.Errorf("%s %v %s", method, header, body)
	}
	if seconds, err := strconv.ParseInt(header.Get("Webhook-Timestamp"), 10, 64); err != nil || time.Since(time.Unix(seconds, 0)) > time.Minute {
		t.Errorf("timestamp %q", header.Get("Webhook-Timestamp"))
	}
	signed := strings.Split(header.Get("Webhook-Signature"), " ")
	for i, key := range []string{"new key", "old key"} {
		mac := hmac.New(sha256.New, []byte(key))
		fmt.Fprintf(mac, "%s.%s.%s", header.Get("Webhook-Id"), header.Get("Webhook-Timestamp"), body)
		if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); len(signed) != 2 || signed[i] != want {
			t.Errorf("signature %d of %q, want %s", i, signed, want)
		}
	}
}

func TestOnly2xxIsAccepted(t *testing.T) {
	var followed atomic.Bool
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/elsewhere" {
			followed.Store(true)
			return
		}
		status, _ := strconv.Atoi(r.URL.Path[1:])
		w.Header().Set("Location", "/elsewhere")
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(status)
	})
	sender := private(t)
	for status, want := range map[int]webhooks.Failure{
		200: "", 202: "", 299: "", 301: webhooks.FailureRedirect, 302: webhooks.FailureRedirect, 307: webhooks.FailureRedirect, 308: webhooks.FailureRedirect,
		400: webhooks.FailureStatus, 410: webhooks.FailureStatus, 429: webhooks.FailureStatus, 500: webhooks.FailureStatus, 503: webhooks.FailureStatus,
	} {
		answer := sender.Send(t.Context(), message(fmt.Sprintf("%s/%d", server.URL, status)))
		if answer.Failure != want || answer.Status != status {
			t.Errorf("%d: %+v", status, answer)
		}
		if asked := answer.RetryAfter == 2*time.Minute; asked != (status == 429 || status == 503) {
			t.Errorf("%d: retry after %v", status, answer.RetryAfter)
		}
	}
	if followed.Load() {
		t.Error("a redirect was followed")
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "0": 0, "90": 90 * time.Second, "-5": 0, "soon": 0, "99999999999999999999": 0,
		"Sun, 01 Mar 2026 08:10:00 GMT": 10 * time.Minute, "Sun, 01 Mar 2026 07:00:00 GMT": 0,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}

// What the network can do, and no secret part of an address in what is said of it.
func TestFailuresAreNamed(t *testing.T) {
	closed := serve(t, func(http.ResponseWriter, *http.Request) {})
	closed.Close()
	cut := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := w.(http.Hijacker).Hijack()
		conn.Close()
	})
	secure := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	plain := serve(t, func(http.ResponseWriter, *http.Request) {})
	sender := private(t)
	for name, test := range map[string]struct {
		url  string
		want webhooks.Failure
	}{
		"nobody listens": {closed.URL, webhooks.FailureUnreachable}, "cut": {cut.URL, webhooks.FailureUnreachable},
		"unknown authority": {secure.URL, webhooks.FailureTLS}, "no TLS": {"https" + strings.TrimPrefix(plain.URL, "http"), webhooks.FailureTLS},
		"no such name": {"http://no-such-host.invalid/", webhooks.FailureUnknownHost},
	} {
		if answer := sender.Send(t.Context(), message(test.url)); answer.Failure != test.want {
			t.Errorf("%s: %+v, want %s", name, answer, test.want)
		}
	}
	trust := x509.NewCertPool()
	trust.AddCert(secure.Certificate())
	trusting := newSender(true, cloudtag.SystemClock{}, trust)
	t.Cleanup(trusting.Close)
	if answer := trusting.Send(t.Context(), message(secure.URL)); answer.Failure != "" {
		t.Errorf("a trusted certificate: %+v", answer)
	}
}

func TestSlowAndEndlessAnswers(t *testing.T) {
	stop := make(chan struct{})
	silent := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-stop:
		}
	})
	defer close(stop)
	endless := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 4096)); err != nil {
				return
			}
		}
	})
	sender := private(t)
	sender.client.Timeout = 200 * time.Millisecond
	if answer := sender.Send(t.Context(), message(silent.URL)); answer.Failure != webhooks.FailureTimeout {
		t.Errorf("no answer: %+v", answer)
	}
	if answer := sender.Send(t.Context(), message(endless.URL)); answer.Failure != "" || answer.Status != 200 {
		t.Errorf("an endless answer: %+v", answer)
	}
}

// No address of this machine or its networks is dialled, by whatever name; nothing listens in vain.
func TestPrivateAddressesAreNotDialled(t *testing.T) {
	var reached atomic.Bool
	server := serve(t, func(http.ResponseWriter, *http.Request) { reached.Store(true) })
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	sender := NewSender(false, cloudtag.SystemClock{})
	t.Cleanup(sender.Close)
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254", "10.0.0.1", "2130706433", "0x7f.1"} {
		answer := sender.Send(t.Context(), message("http://"+net.JoinHostPort(strings.Trim(host, "[]"), port)+"/"))
		// A name server may know nothing of the odd ones, which is as good.
		if answer.Failure != webhooks.FailureAddressRefused && answer.Failure != webhooks.FailureUnknownHost {
			t.Errorf("%s: %+v", host, answer)
		}
	}
	if answer := sender.Send(t.Context(), message(server.URL)); answer.Failure != webhooks.FailureAddressRefused {
		t.Errorf("%+v", answer)
	}
	if reached.Load() {
		t.Error("it was dialled")
	}
	for _, address := range []string{"", "example.com:443", "1.2.3.4"} {
		if !errors.Is(checkDialled(address), errNotPublic) {
			t.Errorf("%q is dialled", address)
		}
	}
}

func TestSendEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if answer := private(t).Send(ctx, message("http://127.0.0.1:1/")); answer.Failure != webhooks.FailureUnreachable {
		t.Errorf("%+v", answer)
	}
}
