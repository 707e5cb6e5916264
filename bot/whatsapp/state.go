package whatsapp

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// State is where the connection stands.
type State string

// The states. Only in Online are letters sent and messages received.
const (
	Stopped      State = "stopped"      // Run or Pair is not running
	InUse        State = "in use"       // another process holds the device
	Unpaired     State = "unpaired"     // no device is linked; `pst pair` links one
	Pairing      State = "pairing"      // codes are being shown
	Connecting   State = "connecting"   // no answer from WhatsApp yet
	Online       State = "online"       //
	Reconnecting State = "reconnecting" // was online; tries again by itself
	LoggedOut    State = "logged out"   // the phone or WhatsApp unlinked the device; link it again
	Banned       State = "banned"       // WhatsApp refuses the account until Status.Until
	Replaced     State = "replaced"     // another process uses the same device
	Outdated     State = "outdated"     // WhatsApp refuses this version of the client
)

// Status is the state with what an operator asks next.
type Status struct {
	State State
	Since time.Time
	// Until is when the channel tries again by itself, or a ban ends; zero when
	// that depends on somebody.
	Until time.Time
	// ReachOut is until when WhatsApp does not let the account write to people
	// first; zero when it does.
	ReachOut time.Time
	// Silent is since when letters go out and no phone confirms any; zero when
	// all is well. WhatsApp shuts accounts out without a word.
	Silent time.Time
	// Unreadable counts messages that could not be read at first, since the start.
	Unreadable int
	// Store is since when the device file cannot take messages in (full, broken);
	// zero when it can. They wait at WhatsApp meanwhile.
	Store time.Time
	// Phone is the last sign of life of the desk's own phone, zero when unknown.
	Phone time.Time
	// PhoneLost says that this was so long ago that WhatsApp will unlink the desk.
	PhoneLost bool
}

// board is the status, shared between the event handler and who asks.
type board struct {
	mu      sync.Mutex
	now     func() time.Time
	publish func(Status) // called with mu held, so that the last state is told last
	s       Status
}

func (b *board) set(s State, until time.Time) (changed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	changed = b.s.State != s
	if changed {
		b.s.Since = b.now()
	}
	b.s.State, b.s.Until = s, until
	if changed {
		b.publish(b.s)
	}
	return changed
}

func (b *board) edit(change func(*Status)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change(&b.s)
}

func (b *board) get() Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.s
}

// Errors that a Send wraps, by the state that caused them.
var (
	ErrOffline  = errors.New("not connected to WhatsApp")
	ErrUnlinked = errors.New("no WhatsApp device is linked")
	ErrRefused  = errors.New("WhatsApp refuses the connection")
)

// err is nil when letters can be sent.
func (s Status) err() error {
	switch s.State {
	case Online:
		if !s.Store.IsZero() {
			return fmt.Errorf("the device file cannot be written since %s: look for room on the disk",
				s.Store.Format(time.RFC3339))
		}
		if !s.Silent.IsZero() {
			return fmt.Errorf("no phone has confirmed a letter since %s: the account may be shut out",
				s.Silent.Format(time.RFC3339))
		}
		return nil
	case Unpaired, LoggedOut, Pairing:
		return fmt.Errorf("%w (%s): link it at the page for staff (Kanal), or run `pst pair`", ErrUnlinked, s.State)
	case Banned:
		return fmt.Errorf("%w: the account is banned until %s", ErrRefused, s.Until.Format(time.RFC3339))
	case Outdated:
		return fmt.Errorf("%w: the client is outdated; set wa_version or update the program", ErrRefused)
	case Replaced, InUse:
		return fmt.Errorf("%w: another process uses this device; stop it", ErrRefused)
	}
	return fmt.Errorf("%w (%s)", ErrOffline, s.State)
}
