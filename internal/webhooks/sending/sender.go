package sending

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/webhooks"
)

// The limits of one request.
const (
	// SendTimeout is how long one attempt takes at most, its connection included.
	SendTimeout     = 10 * time.Second
	connectTimeout  = 5 * time.Second
	maxHeaderBytes  = 16 << 10
	maxBodyBytes    = 16 << 10 // that are read of an answer, so that its connection can be used again
	idlePerHost     = 8
	idleConnections = 100
	idleTimeout     = 30 * time.Second
	userAgent       = "CloudTag-Webhooks/1.0"
)

// errNotPublic is the refusal of an address that is not reachable on the internet.
var errNotPublic = errors.New("the address is not the internet's")

// Sender sends messages over HTTP. It follows no redirect, uses no proxy and keeps nothing of answers. Unless private addresses
// are allowed it dials public ones only: the check is of the address that is dialled, so that no other answer of a name server
// can get around it.
type Sender struct {
	client *http.Client
	clock  cloudtag.Clock
}

// NewSender returns a sender. Whoever makes it closes it.
func NewSender(allowPrivate bool, clock cloudtag.Clock) *Sender {
	return newSender(allowPrivate, clock, nil)
}

// newSender takes the certificate authorities to trust; nil: the system's.
func newSender(allowPrivate bool, clock cloudtag.Clock, trust *x509.CertPool) *Sender {
	dialer := &net.Dialer{Timeout: connectTimeout, Control: func(_, address string, _ syscall.RawConn) error {
		if allowPrivate {
			return nil
		}
		return checkDialled(address)
	}}
	return &Sender{clock: clock, client: &http.Client{
		Timeout:       SendTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true, DisableCompression: true,
			TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: trust},
			TLSHandshakeTimeout: connectTimeout, MaxResponseHeaderBytes: maxHeaderBytes,
			MaxIdleConns: idleConnections, MaxIdleConnsPerHost: idlePerHost, IdleConnTimeout: idleTimeout,
		},
	}}
}

// Close closes the connections that are kept for further messages.
func (s *Sender) Close() { s.client.CloseIdleConnections() }

// checkDialled refuses an address, with its port, that is not public.
func checkDialled(address string) error {
	dialled, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %w", errNotPublic, err)
	}
	if !webhooks.PublicAddress(dialled.Addr()) {
		return errNotPublic
	}
	return nil
}

// Send makes one attempt.
func (s *Sender) Send(ctx context.Context, message webhooks.Message) webhooks.Answer {
	at := s.clock.Now()
	began := time.Now()
	answer := s.post(ctx, message, at)
	answer.At, answer.TookMs = at, int(time.Since(began).Milliseconds())
	return answer
}

func (s *Sender) post(ctx context.Context, message webhooks.Message, at time.Time) (answer webhooks.Answer) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, message.URL, bytes.NewReader(message.Body))
	if err != nil {
		answer.Failure = webhooks.FailureUnreachable
		return answer
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", userAgent)
	request.Header.Set(headerID, message.ID)
	request.Header.Set(headerTimestamp, strconv.FormatInt(at.Unix(), 10))
	request.Header.Set(headerSignature, signatures(message.Keys, message.ID, at, message.Body))
	response, err := s.client.Do(request)
	if err != nil {
		answer.Failure = failureOf(err)
		return answer
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.CopyN(io.Discard, response.Body, maxBodyBytes) // its status has answered
	answer.Status = response.StatusCode
	switch {
	case response.StatusCode >= 200 && response.StatusCode < 300:
	case response.StatusCode >= 300 && response.StatusCode < 400:
		answer.Failure = webhooks.FailureRedirect
	default:
		answer.Failure = webhooks.FailureStatus
	}
	if response.StatusCode == http.StatusTooManyRequests || response.StatusCode == http.StatusServiceUnavailable {
		answer.RetryAfter = retryAfter(response.Header.Get("Retry-After"), at)
	}
	return answer
}

// retryAfter reads the header of that name: seconds, or a time; 0 for anything else.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// failureOf says why there was no answer.
func failureOf(err error) webhooks.Failure {
	var (
		named       *net.DNSError
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		alert       tls.AlertError
		timeout     net.Error
	)
	switch {
	case errors.Is(err, errNotPublic):
		return webhooks.FailureAddressRefused
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return webhooks.FailureTimeout
	case errors.As(err, &named):
		return webhooks.FailureUnknownHost
	case errors.As(err, &certificate), errors.As(err, &record), errors.As(err, &alert), errors.Is(err, http.ErrSchemeMismatch):
		return webhooks.FailureTLS
	default:
		return webhooks.FailureUnreachable
	}
}
