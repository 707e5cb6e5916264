package watch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"
)

// ErrNotLoopback refuses an address that others could reach.
var ErrNotLoopback = errors.New("must be an address of this machine alone, such as 127.0.0.1:9190: " +
	"what is told there is for who runs the desk, and nobody is asked who they are; " +
	"fetch it from elsewhere through SSH, a reverse proxy or a local agent")

// Listen opens an address of this machine alone: 127.0.0.1, another of 127.0.0.0/8,
// [::1] or localhost, with a port. It returns [ErrNotLoopback], wrapped, for any other.
func Listen(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if !loopback(host) {
		return nil, fmt.Errorf("%q %w", address, ErrNotLoopback)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	// The name localhost is what this machine says it is.
	if at, _, err := net.SplitHostPort(l.Addr().String()); err != nil || !loopback(at) {
		return nil, errors.Join(fmt.Errorf("%q is %v here, and %w", address, l.Addr(), ErrNotLoopback), l.Close())
	}
	return l, nil
}

// loopback tells whether a name or address leads to the machine itself, whoever
// looks it up.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Server answers who asks how the desk is doing.
type Server struct{ http *http.Server }

// NewServer makes a server of /healthz, by this look, and of /metrics.
func NewServer(look func(context.Context) []Check, metrics http.Handler, log *slog.Logger) *Server {
	mux := http.NewServeMux()
	mux.Handle("GET /healthz", healthz(look))
	mux.Handle("GET /metrics", metrics)
	return &Server{&http.Server{Handler: guarded(mux), ReadTimeout: 10 * time.Second, WriteTimeout: time.Minute,
		IdleTimeout: 5 * time.Minute, MaxHeaderBytes: 1 << 14, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}}
}

// guarded refuses browsers that were led here by somebody else's name (DNS rebinding):
// a name that always is this machine's must be asked for, on whatever port a tunnel has.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if !loopback(strings.Trim(host, "[]")) {
			http.Error(w, "ask for 127.0.0.1, [::1] or localhost", http.StatusMisdirectedRequest)
			return
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// Run serves until ctx ends.
func (s *Server) Run(ctx context.Context, l net.Listener) error {
	stop := context.AfterFunc(ctx, func() { s.http.Close() }) // a look that is cut is taken again
	defer stop()
	if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve health and metrics: %w", err)
	}
	return nil
}
