package watch

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Check is the outcome of one look.
type Check struct {
	Name string `json:"name"` // "database", "inbox", "telegram"
	Well bool   `json:"well"`
	Text string `json:"text"` // for an operator: how it is; of one that is not well, why
}

// Well tells whether all is well.
func Well(checks []Check) bool {
	for _, c := range checks {
		if !c.Well {
			return false
		}
	}
	return true
}

// Words are the checks that are not well in one line, or well where all are.
func Words(checks []Check, well string) string {
	var ill []string
	for _, c := range checks {
		if !c.Well {
			ill = append(ill, c.Name+": "+c.Text)
		}
	}
	if len(ill) == 0 {
		return well
	}
	return strings.Join(ill, "; ")
}

// healthz answers 200 where all is well, else 503; a line a check, or JSON for who
// accepts that.
func healthz(look func(context.Context) []Check) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		checks := look(r.Context())
		well := Well(checks)
		status := http.StatusOK
		if !well {
			status = http.StatusServiceUnavailable
		}
		w.Header().Set("Cache-Control", "no-store")
		if strings.Contains(r.Header.Get("Accept"), "application/json") {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			json.NewEncoder(w).Encode(told{well, checks}) // the client has gone: nobody to tell
			return
		}
		b := &strings.Builder{}
		fmt.Fprintln(b, map[bool]string{true: "well", false: "not well"}[well])
		for _, c := range checks {
			fmt.Fprintf(b, "%s%s: %s\n", map[bool]string{true: "ok   ", false: "BAD  "}[c.Well], c.Name, c.Text)
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(status)
		fmt.Fprint(w, b.String())
	}
}
