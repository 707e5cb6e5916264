package watch

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// told is /healthz as JSON.
type told struct {
	Well   bool    `json:"well"`
	Checks []Check `json:"checks"`
}

// askedWithin is how long a desk may take over its looks: its database alone fifteen seconds.
const askedWithin = 20 * time.Second

// Ask asks /healthz of a desk that serves it at this address. An error says that it did
// not answer, or that another program did.
func Ask(ctx context.Context, address string) ([]Check, error) {
	ctx, cancel := context.WithTimeout(ctx, askedWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/healthz", nil)
	if err != nil {
		return nil, fmt.Errorf("ask for health: %w", err)
	}
	r.Header.Set("Accept", "application/json")
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, fmt.Errorf("ask for health: %w", err)
	}
	defer a.Body.Close()
	var got told
	if err := json.NewDecoder(a.Body).Decode(&got); err != nil {
		return nil, fmt.Errorf("ask for health: %s, but no health: %w", a.Status, err)
	}
	return got.Checks, nil
}
