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
	readTimeout    = 5 * time.Second // for one document, connecting included
	maxKeySetBytes = 512 << 10       // after decompression
	maxKeyHeaders  = 64 << 10
)

// KeySource reads an identity provider's JWK Set over HTTP.
type KeySource struct {
	url    string
	client *http.Client
}

// NewKeySource returns the source at a URL. Redirects are not followed: the keys decide who gets in, so they may only come
// from the configured URL.
func NewKeySource(address string) *KeySource {
	return &KeySource{url: address, client: newProviderClient()}
}

// newProviderClient returns a client for rare requests: it keeps no idle connections.
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

// Answer is one response of a source: the keys and what its headers say.
type Answer struct {
	Keys         *Keys
	Took         time.Duration
	LastModified time.Time // zero without the header
	Date         time.Time // of the header Date, the server's clock; zero without
}

// Read reads the keys, in at most 5 seconds. Errors say what was wrong without quoting the URL or the response.
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

// readDocument fetches one of the provider's documents.
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
		return nil, nil, fmt.Errorf("the response is a redirect (%d), which is not followed: configure the URL it leads to", response.StatusCode)
	case response.StatusCode != http.StatusOK:
		return nil, nil, fmt.Errorf("the response has status %d", response.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxKeySetBytes+1))
	switch {
	case err != nil:
		return nil, nil, withoutURL(err)
	case len(body) > maxKeySetBytes:
		return nil, nil, fmt.Errorf("the response has more than %d bytes", maxKeySetBytes)
	}
	return body, response.Header, nil
}

// withoutURL removes the URL from an error: its query may hold a credential.
func withoutURL(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
