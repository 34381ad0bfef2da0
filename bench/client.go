package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

const submitDocument = `mutation Submit($input: SubmitTagsInput!) {
  submitTags(input: $input) {
    batchId acceptedCount
    results { index orderNo accepted tag { status markResult handleBy } error { code message } }
    userErrors { code message field }
  }
}`

// postBody posts a GraphQL request and returns the status and the body of the answer.
func postBody(ctx context.Context, client *http.Client, base, token string, body []byte) (status int, answer []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/graphql", bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}

// post posts a GraphQL document and returns the body of the answer, which must not contain errors.
func post(ctx context.Context, client *http.Client, base, token, document string, variables any) ([]byte, error) {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return nil, err
	}
	status, answer, err := postBody(ctx, client, base, token, body)
	if err == nil && (status != http.StatusOK || bytes.Contains(answer, []byte(`"errors":[`))) {
		err = fmt.Errorf("answered %d: %.300s", status, answer)
	}
	return answer, err
}

// caller is a client of one server.
type caller struct {
	client *http.Client
	base   string
}

// ask posts a GraphQL document and decodes the data of the answer.
func (c caller) ask(ctx context.Context, token, document string, variables, data any) error {
	answer, err := post(ctx, c.client, c.base, token, document, variables)
	if err != nil {
		return err
	}
	return json.Unmarshal(answer, &struct {
		Data any `json:"data"`
	}{data})
}

// newClient returns a client that keeps enough connections open for a measurement.
func newClient(connections int) *http.Client {
	return &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
}

// submitBatches submits batches [from, to) with several clients and returns their durations.
func submitBatches(ctx context.Context, base string, tokens []string, data dataset, from, to, clients int) ([]time.Duration, error) {
	client := newClient(clients)
	return inTurn(from, to, clients, func(k int) error { return submitBatch(ctx, client, base, tokens, data, k) })
}

func submitBatch(ctx context.Context, client *http.Client, base string, tokens []string, data dataset, k int) error {
	shop, orders := data.batch(k)
	numbers := make([]string, len(orders))
	for j, i := range orders {
		numbers[j] = string(data.order(i).OrderNo)
	}
	return submit(ctx, client, base, tokens[shop], fmt.Sprintf("key-%d", k), numbers...)
}

// submit submits orders, all of which must be accepted.
func submit(ctx context.Context, client *http.Client, base, token, key string, orderNos ...string) error {
	answer, err := post(ctx, client, base, token, submitDocument, map[string]any{"input": map[string]any{
		"orderNos": orderNos, "scenario": scenario, "idempotencyKey": key,
	}})
	if err != nil {
		return fmt.Errorf("batch %s: %w", key, err)
	}
	if want := fmt.Appendf(nil, `"acceptedCount":%d`, len(orderNos)); !bytes.Contains(answer, want) {
		return fmt.Errorf("batch %s: not all accepted: %.300s", key, answer)
	}
	return nil
}
