package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

const (
	readTimeout    = 5 * time.Second // for all of a set, connecting included
	maxKeySetBytes = 512 << 10       // unpacked
	maxKeyHeaders  = 64 << 10
)

// KeySource is where an identity provider publishes its keys: a JWK Set over HTTP.
type KeySource struct {
	url    string
	client *http.Client
}

// NewKeySource returns the source at a URL. A redirect is not followed: the keys decide who gets in, so that only the
// address that was configured may tell them.
func NewKeySource(address string) *KeySource {
	return &KeySource{url: address, client: newProviderClient()}
}

// newProviderClient returns a client that asks now and then, and keeps no connection in between.
func newProviderClient() *http.Client {
	return &http.Client{
		Timeout: readTimeout,
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, MaxResponseHeaderBytes: maxKeyHeaders,
			ForceAttemptHTTP2: true, TLSHandshakeTimeout: readTimeout,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Answer is what a source said about itself beside its keys.
type Answer struct {
	Keys         *Keys
	Took         time.Duration
	LastModified time.Time // zero when it does not say
	Date         time.Time // its clock; zero when it does not say
}

// Read reads the keys. It takes at most 5 seconds. Errors say what was wrong, and neither the URL nor what was read.
func (s *KeySource) Read(ctx context.Context) (Answer, error) {
	start := time.Now()
	body, header, err := readDocument(ctx, s.client, s.url)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{Took: time.Since(start)}
	answer.LastModified, _ = http.ParseTime(header.Get("Last-Modified"))
	answer.Date, _ = http.ParseTime(header.Get("Date"))
	answer.Keys, err = ParseKeys(body)
	return answer, err
}

// readDocument reads a document of the provider's.
func readDocument(ctx context.Context, client *http.Client, address string) ([]byte, http.Header, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, nil, withoutURL(err)
	}
	request.Header.Set("Accept", "application/jwk-set+json, application/json")
	response, err := client.Do(request)
	if err != nil {
		return nil, nil, withoutURL(err)
	}
	defer func() { _ = response.Body.Close() }()
	switch {
	case response.StatusCode >= 300 && response.StatusCode < 400:
		return nil, nil, fmt.Errorf("the answer is a redirect (%d), which is not followed: configure the address it leads to", response.StatusCode)
	case response.StatusCode != http.StatusOK:
		return nil, nil, fmt.Errorf("the answer has status %d", response.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxKeySetBytes+1))
	switch {
	case err != nil:
		return nil, nil, withoutURL(err)
	case len(body) > maxKeySetBytes:
		return nil, nil, fmt.Errorf("the answer has more than %d bytes", maxKeySetBytes)
	}
	return body, response.Header, nil
}

// withoutURL leaves the address out of an error: it may hold a key of its own in its query.
func withoutURL(err error) error {
	var about *url.Error
	if errors.As(err, &about) {
		return about.Err
	}
	return err
}
