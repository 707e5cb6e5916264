package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pst/conversation"
)

// kept holds sessions in memory; its clock can be put forward.
type kept struct {
	mu    sync.Mutex
	ahead time.Duration
	rows  map[string]row
}

type row struct {
	data  []byte
	until time.Time
}

func (k *kept) FindCtx(_ context.Context, id string) ([]byte, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r, ok := k.rows[id]
	return r.data, ok && time.Now().Add(k.ahead).Before(r.until), nil
}

func (k *kept) CommitCtx(_ context.Context, id string, data []byte, until time.Time) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.rows[id] = row{slices.Clone(data), until}
	return nil
}

func (k *kept) DeleteCtx(_ context.Context, id string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.rows, id)
	return nil
}

func (k *kept) forward(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ahead += d
}

func (k *kept) Find(id string) ([]byte, bool, error) { return k.FindCtx(context.Background(), id) }
func (k *kept) Delete(id string) error               { return k.DeleteCtx(context.Background(), id) }
func (k *kept) Commit(id string, data []byte, until time.Time) error {
	return k.CommitCtx(context.Background(), id, data, until)
}

// oneDoor lets Pak Budi in by one code, as often as it is typed.
type oneDoor struct{}

func (oneDoor) Enter(_ context.Context, code string) (string, error) {
	if code != "benar" {
		return "", conversation.ErrNotFound
	}
	return "Pak Budi", nil
}

func (oneDoor) Shut(context.Context, string) (time.Time, error) { return time.Time{}, nil }

// gated is a page with nothing behind its door.
func gated(t *testing.T) (*Server, *kept, *http.Client) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	office := conversation.DefaultOffice(zone)
	office.Staff = []conversation.Staff{{Name: "Pak Budi", Role: conversation.Kasubbag}}
	sessions := &kept{rows: map[string]row{}}
	s, err := New(Config{Listener: l, URL: "http://" + l.Addr().String(),
		Office: func() *conversation.Office { return &office },
		Log:    slog.New(slog.DiscardHandler), Now: time.Now, Doors: oneDoor{}, Sessions: sessions})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, nil) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return s, sessions, &http.Client{Jar: jar, CheckRedirect: func(*http.Request,
		[]*http.Request) error {
		return http.ErrUseLastResponse
	}}
}

// inside tells whether a browser is let to a page that needs nothing but a session.
func inside(t *testing.T, s *Server, c *http.Client) bool {
	t.Helper()
	resp, err := c.Get(s.URL() + "/tidak-ada")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusNotFound
}

func comeIn(t *testing.T, s *Server, c *http.Client) {
	t.Helper()
	resp, err := c.PostForm(s.URL()+"/masuk", url.Values{"kode": {"benar"}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if to := resp.Header.Get("Location"); resp.StatusCode != http.StatusSeeOther || to != "/" {
		t.Fatalf("not let in: %d, led to %q", resp.StatusCode, to)
	}
}

func TestASessionEndsWhenItIsNotUsed(t *testing.T) {
	s, sessions, browser := gated(t)
	comeIn(t, s, browser)
	sessions.forward(idleMost - time.Minute)
	if !inside(t, s, browser) {
		t.Error("out before two hours without a visit")
	}
	sessions.forward(2 * time.Minute)
	if inside(t, s, browser) {
		t.Error("still in after two hours without a visit")
	}
}

func TestASessionEndsHoweverMuchItIsUsed(t *testing.T) {
	s, _, browser := gated(t)
	s.sessions.Lifetime = 200 * time.Millisecond // twelve hours otherwise
	comeIn(t, s, browser)
	for deadline := time.Now().Add(2 * time.Minute); inside(t, s, browser); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the session never ends")
		}
	}
}

// Who lays a session of their own into somebody's browser is not let in with them.
func TestASessionThatOthersKnowIsNotTheOneThatComesIn(t *testing.T) {
	s, sessions, browser := gated(t)
	at, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	name := s.sessions.Cookie.Name
	// One made up, and one that the page itself has given.
	ctx, err := s.sessions.Load(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	s.sessions.Put(ctx, "staff", "")
	given, _, err := s.sessions.Commit(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, laid := range []string{strings.Repeat("A", 43), given} {
		browser.Jar.SetCookies(at, []*http.Cookie{{Name: name, Value: laid, Path: "/"}})
		comeIn(t, s, browser)
		for _, c := range browser.Jar.Cookies(at) {
			if c.Name == name && c.Value == laid {
				t.Error("the session that was laid in came in")
			}
		}
		other, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		other.SetCookies(at, []*http.Cookie{{Name: name, Value: laid, Path: "/"}})
		if inside(t, s, &http.Client{Jar: other, CheckRedirect: browser.CheckRedirect}) {
			t.Error("who laid it in is let in with them")
		}
	}
	for id := range sessions.rows {
		if strings.Contains(id, given) {
			t.Error("what the browser holds lies in the database as it is")
		}
	}
}

func TestCodesCannotBeGuessed(t *testing.T) {
	s, _, browser := gated(t)
	at := time.Now()
	s.gate.now = func() time.Time { return at } // however long the tries take
	refused := 0
	for range triesBurst + 5 {
		resp, err := browser.PostForm(s.URL()+"/masuk", url.Values{"kode": {"salah"}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused == 0 {
		t.Error("codes can be tried without end")
	}
}
