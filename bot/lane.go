package bot

import (
	"time"

	"golang.org/x/time/rate"

	"pst/conversation"
)

// lane is the way to one address: one letter at a time, no faster than its
// pace, and closed for a while after a failure. Its times are the machine's.
type lane struct {
	limiter *rate.Limiter
	minute  []time.Time // of the last letters, oldest first, as many as a minute allows
	busy    bool
	until   time.Time
	kept    bool          // the platform asked to wait until then
	noting  chan struct{} // a letter has arrived and that is not noted yet; closed once it is
}

// ready is how long the lane must still wait; 0 when a letter may leave.
func (l *lane) ready(now time.Time) time.Duration {
	return max(l.until.Sub(now), l.paced(now))
}

// paced is how long the pace alone makes the lane wait.
func (l *lane) paced(now time.Time) time.Duration {
	if len(l.minute) > 0 && len(l.minute) == cap(l.minute) {
		if wait := l.minute[0].Add(time.Minute).Sub(now); wait > 0 {
			return wait
		}
	}
	if l.limiter.Limit() == rate.Inf {
		return 0
	}
	missing := 1 - l.limiter.TokensAt(now)
	if missing <= 0 {
		return 0
	}
	return time.Duration(missing / float64(l.limiter.Limit()) * float64(time.Second))
}

// count notes a letter that leaves.
func (l *lane) count(now time.Time) {
	if cap(l.minute) == 0 {
		return
	}
	if len(l.minute) == cap(l.minute) {
		copy(l.minute, l.minute[1:])
		l.minute = l.minute[:len(l.minute)-1]
	}
	l.minute = append(l.minute, now)
}

// idle tells that forgetting the lane changes nothing.
func (l *lane) idle(now time.Time) bool {
	if n := len(l.minute); n > 0 && now.Sub(l.minute[n-1]) < time.Minute {
		return false
	}
	return !l.busy && !now.Before(l.until) &&
		(l.limiter.Limit() == rate.Inf || l.limiter.TokensAt(now) >= float64(l.limiter.Burst()))
}

// underWay narrows what may leave at once by n letters on their way. A platform counts
// them when they arrive: for the time that a slow line holds one up, it grants nothing
// more.
func (r Rate) underWay(l *rate.Limiter, n int) {
	l.SetBurst(max(r.Burst-max(n, 0), 1))
}

func (r Rate) limiter() *rate.Limiter {
	if r.PerSecond <= 0 {
		return rate.NewLimiter(rate.Inf, 1)
	}
	return rate.NewLimiter(rate.Limit(r.PerSecond), max(r.Burst, 1))
}

// lanes are those of one channel. They are not safe for concurrent use.
type lanes struct {
	pace Pace
	all  map[conversation.Address]*lane
	busy int // letters under way
	// cutting are those of them with an excerpt.
	cutting int
}

// count notes that a letter begins (by is 1) or ends (-1).
func (s *lanes) count(row conversation.Delivery, by int) {
	s.busy += by
	if row.Order != nil {
		s.cutting += by
	}
}

// open returns the lane of an address.
func (s *lanes) open(to conversation.Address) *lane {
	l := s.all[to]
	if l == nil {
		l = &lane{limiter: s.pace.Each.limiter(), minute: make([]time.Time, 0, s.pace.Minute)}
		s.all[to] = l
	}
	return l
}

// slow lists the addresses that the pace makes wait, and how long until the
// first of them need not, at most most.
func (s *lanes) slow(now time.Time, most time.Duration) ([]conversation.Address, time.Duration) {
	var out []conversation.Address
	for to, l := range s.all {
		if wait := l.paced(now); wait > 0 {
			out = append(out, to)
			most = min(most, wait)
		}
	}
	return out, most
}

// closed lists the addresses that nothing may be sent to now, and how long
// until the first of them opens by itself, at most most. Lanes that have come
// to rest are forgotten.
func (s *lanes) closed(now time.Time, most time.Duration) ([]conversation.Address, time.Duration) {
	var out []conversation.Address
	for to, l := range s.all {
		if l.idle(now) {
			delete(s.all, to)
			continue
		}
		wait := l.ready(now)
		if !l.busy && wait == 0 {
			continue
		}
		out = append(out, to)
		if !l.busy {
			most = min(most, wait)
		}
	}
	return out, most
}
