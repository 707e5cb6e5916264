package web

import (
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"pst/conversation"
)

// door asks for the code. A link brings it along, but is not enough by itself: what
// looks at links before people do must not use them up.
func (s *Server) door(w http.ResponseWriter, r *http.Request) {
	if _, ok, err := s.who(r.Context()); err == nil && ok {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	code := r.URL.Query().Get("kode")
	if len(code) > 40 {
		code = ""
	}
	s.show(w, r, http.StatusOK, "door", map[string]any{"Code": code})
}

// enter lets in who has a code. Whatever is wrong with one is answered alike.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) {
	if !s.gate.opens(r.RemoteAddr) {
		s.show(w, r, http.StatusTooManyRequests, "door",
			map[string]any{"Wrong": "Terlalu banyak percobaan. Tunggu satu menit, lalu coba lagi."})
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	staff, err := s.cfg.Doors.Enter(r.Context(), r.PostFormValue("kode"))
	if errors.Is(err, conversation.ErrNotFound) {
		s.show(w, r, http.StatusForbidden, "door", map[string]any{
			"Wrong": "Kode itu tidak berlaku: salah, sudah dipakai, atau lewat lima menit. Tulis MASUK lagi dari chat Anda."})
		return
	}
	if err != nil {
		s.fault(w, r, err)
		return
	}
	// A session that somebody else knows must not become that of who comes in.
	if err := errors.Join(s.sessions.Clear(r.Context()), s.sessions.RenewToken(r.Context())); err != nil {
		s.fault(w, r, err)
		return
	}
	s.sessions.Put(r.Context(), "staff", staff)
	s.sessions.Put(r.Context(), "since", s.cfg.Now().UnixMilli())
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// leave ends this session, or all of this member's by the same command as in chat.
func (s *Server) leave(w http.ResponseWriter, r *http.Request) {
	if r.PostFormValue("semua") != "" {
		if !s.order(w, r, "KELUAR") {
			return
		}
	}
	if err := s.sessions.Destroy(r.Context()); err != nil {
		s.fault(w, r, err)
		return
	}
	http.Redirect(w, r, "/masuk", http.StatusSeeOther)
}

// gate bounds how often codes are tried: by one machine, and by all together.
type gate struct {
	all *rate.Limiter
	now func() time.Time
	mu  sync.Mutex
	by  map[string]*rate.Limiter
}

// What one machine, and all together, may try: a burst, then one in so long.
const (
	triesBurst    = 8
	triesEvery    = 10 * time.Second
	triesAllBurst = 60
	triesAllEvery = time.Second
	machinesMost  = 1000
)

func newGate(now func() time.Time) gate {
	return gate{all: rate.NewLimiter(rate.Every(triesAllEvery), triesAllBurst), now: now, by: map[string]*rate.Limiter{}}
}

func (g *gate) opens(remote string) bool {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	one := g.by[host]
	if one == nil {
		if len(g.by) >= machinesMost {
			clear(g.by)
		}
		one = rate.NewLimiter(rate.Every(triesEvery), triesBurst)
		g.by[host] = one
	}
	return one.AllowN(g.now(), 1) && g.all.AllowN(g.now(), 1)
}
