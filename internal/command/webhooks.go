package command

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/webhooks"
)

// operator is the caller of commands: whoever can open the database may do everything.
func operator() cloudtag.Caller {
	return cloudtag.Caller{Subject: "system:command-line", Roles: []cloudtag.Role{cloudtag.RoleAdmin}}
}

// webhookLine is an endpoint in the list, without what only its owner may see.
type webhookLine struct {
	ID      string     `json:"id"`
	Owner   string     `json:"owner"`
	Address string     `json:"address"`
	State   string     `json:"state"`
	Reason  string     `json:"reason,omitempty"`
	Through int64      `json:"through"`
	Waiting int        `json:"waiting"`
	NextAt  *time.Time `json:"nextAt,omitempty"`
	Failing *time.Time `json:"failingSince,omitempty"`
}

// WebhooksList prints all endpoints with the state of their deliveries.
func WebhooksList(ctx context.Context, settings *config.WebhooksList, endpoints *webhooks.Endpoints, streams Streams) error {
	lines, err := webhookLines(ctx, endpoints)
	if err != nil {
		return fmt.Errorf("webhooks list: %w", err)
	}
	if settings.Format == "json" {
		encoder := json.NewEncoder(streams.Out)
		for _, line := range lines {
			if err := encoder.Encode(line); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(streams.Out, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(table, "ID\tOWNER\tADDRESS\tSTATE\tTHROUGH\tWAITING\tFAILING SINCE"); err != nil {
		return err
	}
	for _, line := range lines {
		since := "-"
		if line.Failing != nil {
			since = line.Failing.Format(time.RFC3339)
		}
		state := line.State
		if line.Reason != "" {
			state += " (" + line.Reason + ")"
		}
		if _, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%d\t%s\n", line.ID, line.Owner, line.Address, state, line.Through, line.Waiting, since); err != nil {
			return err
		}
	}
	return table.Flush()
}

func webhookLines(ctx context.Context, endpoints *webhooks.Endpoints) ([]webhookLine, error) {
	var lines []webhookLine
	size := cloudtag.MaxPageSize
	request := cloudtag.PageRequest{First: &size}
	for {
		page, _, err := endpoints.List(ctx, operator(), webhooks.EndpointFilter{}, request)
		if err != nil {
			return nil, err
		}
		standings, err := endpoints.Standings(ctx, page.Items)
		if err != nil {
			return nil, err
		}
		for _, endpoint := range page.Items {
			standing := standings[endpoint.ID]
			line := webhookLine{
				ID: endpoint.ID, Owner: "platform", Address: webhooks.Origin(endpoint.URL), State: string(endpoint.State),
				Reason: string(endpoint.DisabledReason), Through: standing.Through, Waiting: standing.Waiting,
			}
			if endpoint.MerchantID != "" {
				line.Owner = string(endpoint.MerchantID)
			}
			if !standing.NextAt.IsZero() {
				line.NextAt = &standing.NextAt
			}
			if !standing.FailingAt.IsZero() {
				line.Failing = &standing.FailingAt
			}
			lines = append(lines, line)
		}
		if !page.HasNextPage {
			return lines, nil
		}
		request.After = page.Cursors[len(page.Cursors)-1]
	}
}

// WebhooksReplay resets an endpoint to an earlier position in the log; the running servers deliver its events again.
func WebhooksReplay(ctx context.Context, settings *config.WebhooksReplay, endpoints *webhooks.Endpoints, streams Streams) error {
	from, err := endpoints.Replay(ctx, operator(), settings.Endpoint, webhooks.Since{Seq: settings.Since.Seq, Time: settings.Since.Time})
	if err != nil {
		return fmt.Errorf("webhooks replay: %w", err)
	}
	_, err = fmt.Fprintf(streams.Out, "the running servers deliver the events of endpoint %s again from entry %d on\n", settings.Endpoint, from)
	return err
}
