package command

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"cloudtag/internal/config"
)

// healthTimeout is how long a server may take to answer.
const healthTimeout = 5 * time.Second

// Health asks the server at an address whether it is ready; if not, its answer is in the error.
func Health(ctx context.Context, settings *config.Health) error {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+reachable(settings.Addr)+"/readyz", http.NoBody)
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<10))
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("health: %s: %s", response.Status, strings.TrimSpace(string(body)))
	}
	return nil
}

// reachable turns a listen address into one to connect to: an unspecified host becomes localhost.
func reachable(address config.Address) string {
	host, port, err := net.SplitHostPort(string(address))
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return net.JoinHostPort("localhost", port)
	}
	return string(address)
}
