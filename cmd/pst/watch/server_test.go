package watch

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
)

func TestOnlyThisMachineIsListenedTo(t *testing.T) {
	for _, c := range []struct {
		address string
		well    bool
	}{
		{"127.0.0.1:0", true}, {"127.3.2.1:0", true}, {"localhost:0", true}, {"[::1]:0", true},
		{":0", false}, {"0.0.0.0:0", false}, {"[::]:0", false}, {"192.168.1.4:0", false}, {"10.0.0.1:9190", false},
		{"desk.example.org:0", false}, {"169.254.1.1:0", false}, {"*:0", false}, {"[::ffff:8.8.8.8]:0", false},
	} {
		l, err := Listen(c.address)
		if err == nil {
			l.Close()
		}
		var none *net.OpError // of a machine without IPv6
		if errors.As(err, &none) {
			continue
		}
		if (err == nil) != c.well || err != nil && !errors.Is(err, ErrNotLoopback) {
			t.Errorf("%s: %v", c.address, err)
		}
	}
	if _, err := Listen("9190"); err == nil {
		t.Error("a port alone was taken for an address")
	}
}

// served is a server of these checks; ask fetches a path of it, by a name.
func served(t *testing.T, checks ...Check) (ask func(method, path, host, accept string) (int, string)) {
	t.Helper()
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	s := NewServer(func(context.Context) []Check { return checks }, NewMetrics().Handler(log), log)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return func(method, path, host, accept string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, "http://"+l.Addr().String()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		r.Header.Set("Accept", accept)
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		b, err := io.ReadAll(a.Body)
		if err != nil {
			t.Fatal(err)
		}
		return a.StatusCode, string(b)
	}
}

func TestHealthIsTold(t *testing.T) {
	well := Check{"database", true, "written and read in 3ms"}
	ill := Check{"telegram", false, "down for 4m0s: connection refused"}
	for _, c := range []struct {
		checks []Check
		accept string
		status int
		body   string
	}{
		{[]Check{well}, "", 200, "well\nok   database: written and read in 3ms\n"},
		{[]Check{well, ill}, "*/*", 503, "not well\nok   database: written and read in 3ms\n" +
			"BAD  telegram: down for 4m0s: connection refused\n"},
		{[]Check{ill}, "application/json", 503,
			`{"well":false,"checks":[{"name":"telegram","well":false,"text":"down for 4m0s: connection refused"}]}` + "\n"},
	} {
		status, body := served(t, c.checks...)("GET", "/healthz", "", c.accept)
		if status != c.status || body != c.body {
			t.Errorf("%v: %d %q", c.checks, status, body)
		}
	}
}

func TestForeignNamesAreRefused(t *testing.T) {
	ask := served(t)
	for host, well := range map[string]bool{
		"127.0.0.1": true, "127.0.0.1:9999": true, "localhost": true, "LOCALHOST:1": true,
		"[::1]:9190": true, "[::1]": true,
		"desk.example.org": false, "desk.example.org:9190": false, "127.0.0.1.example.org": false,
		"localhost.example.org": false, "0.0.0.0:9190": false, "192.168.1.4": false,
	} {
		for _, path := range []string{"/healthz", "/metrics"} {
			status, body := ask("GET", path, host, "")
			if well != (status == 200) || !well && strings.Contains(body, "go_") {
				t.Errorf("%s of %s: %d", path, host, status)
			}
		}
	}
	if status, _ := ask("POST", "/healthz", "localhost", ""); status != http.StatusMethodNotAllowed {
		t.Errorf("a POST was answered with %d", status)
	}
	if status, _ := ask("GET", "/debug/pprof/", "localhost", ""); status != http.StatusNotFound {
		t.Errorf("what is not there was answered with %d", status)
	}
}
