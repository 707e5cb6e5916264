package bot

import (
	"sync"
	"time"
)

// pulse is when each of the loops last went round, by the machine's clock.
type pulse struct {
	mu   sync.Mutex
	last map[string]time.Time // zero: not begun
}

func newPulse(loops []string) *pulse {
	p := &pulse{last: map[string]time.Time{}}
	for _, l := range loops {
		p.last[l] = time.Time{}
	}
	return p
}

func (p *pulse) beat(loop string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last[loop] = time.Now()
}

// Names of the loops; each channel has one more.
const (
	receiveLoop = "receive"
	sweepLoop   = "sweep"
	deliverLoop = "deliver " // and the scheme
)

// Slowest names the loop that went round longest ago, and how long ago that was. A loop
// goes round each Timing.Tick or Timing.Sweep, whatever its platform or a turn does:
// one that does not for a minute hangs. Begun is false until all have gone round once.
func (l *Loops) Slowest() (loop string, ago time.Duration, begun bool) {
	l.pulse.mu.Lock()
	defer l.pulse.mu.Unlock()
	for name, at := range l.pulse.last {
		if at.IsZero() {
			return name, 0, false
		}
		if since := time.Since(at); loop == "" || since > ago {
			loop, ago = name, since
		}
	}
	return loop, ago, true
}
