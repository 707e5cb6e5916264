package whatsapp

import (
	"context"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/types"

	"pst/bot"
)

// phoneSeen notes a sign of life of the desk's own phone. WhatsApp unlinks
// devices whose phone was off for two weeks.
func (k *link) phoneSeen(own bool, sender types.JID) {
	now := k.c.cfg.Now()
	if !own || sender.Device != 0 || now.Sub(k.c.board.get().Phone) < phoneEvery {
		return
	}
	k.c.board.edit(func(s *Status) { s.Phone, s.PhoneLost = now, false })
	ctx, cancel := context.WithTimeout(k.ctx, putTime)
	defer cancel()
	if err := k.d.noteTime(ctx, phoneTime, now); err != nil {
		k.c.cfg.Log.Warn("the phone's sign of life could not be noted", "error", redact(err))
	}
}

const (
	phoneEvery = time.Hour
	phoneTime  = "phone"
	phoneLost  = 10 * 24 * time.Hour // four days before WhatsApp unlinks the desk
)

func (d *device) noteTime(ctx context.Context, name string, at time.Time) error {
	_, err := d.db.Exec(ctx, `INSERT INTO pst_times (name, at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET at = excluded.at`, name, at.UnixMilli())
	if err != nil {
		return fmt.Errorf("note time: %w", err)
	}
	return nil
}

// Facts are what an operator wants to know of the device beyond its state.
type Facts struct {
	Unreadable int       // messages in the last 30 days that could not be read at first
	Phone      time.Time // last sign of life of the desk's own phone; zero when none is known
	PhoneLost  bool      // that was more than ten days ago
}

func (d *device) facts(ctx context.Context, now time.Time) (f Facts, err error) {
	if err := d.db.QueryRow(ctx, `SELECT count(*) FROM pst_unreadable`).Scan(&f.Unreadable); err != nil {
		return f, fmt.Errorf("count unreadable messages: %w", err)
	}
	var at int64
	if err := d.db.QueryRow(ctx, `SELECT coalesce(max(at), 0) FROM pst_times WHERE name = $1`,
		phoneTime).Scan(&at); err != nil {
		return f, fmt.Errorf("read time: %w", err)
	}
	if at > 0 {
		f.Phone = time.UnixMilli(at)
		f.PhoneLost = now.Sub(f.Phone) > phoneLost
	}
	return f, nil
}

// keepHouse looks after the device file daily, once WhatsApp has told the time: by a
// clock that is wrong, everything would be old.
func (k *link) keepHouse() {
	for {
		next := houseTime
		if k.awaitOnline(); !k.lookAfter() {
			next = time.Hour
		}
		select {
		case <-k.ctx.Done():
			return
		case <-time.After(next):
		}
	}
}

const houseTime = 24 * time.Hour

// lookAfter removes what is no longer needed, and warns of a phone that was not
// seen for long. It does nothing, and returns false, while it is not known that our
// clock is right.
func (k *link) lookAfter() bool {
	told := k.tellTime() // just now: what was right yesterday may have been set since
	if ahead, known := k.c.clock.Ahead(); !told || !known || ahead.Abs() > bot.Skew {
		return false
	}
	now := k.c.cfg.Now()
	f, err := k.tidy(now)
	if err != nil {
		if k.ctx.Err() == nil {
			k.c.cfg.Log.Warn("the WhatsApp device file could not be tidied", "error", redact(err))
		}
		return false
	}
	k.c.cfg.Log.Info("the WhatsApp device file is tidied")
	k.c.board.edit(func(s *Status) { s.Phone, s.PhoneLost = f.Phone, f.PhoneLost })
	if f.PhoneLost {
		k.c.cfg.Log.Error("the desk's own phone was not seen for more than ten days: switch it on and open WhatsApp, "+
			"or WhatsApp unlinks the desk after two weeks", "seen", f.Phone)
	}
	return true
}

// PhoneLost tells that the desk's own phone was not seen for more than ten days, and
// when it was.
func (c *Channel) PhoneLost() (seen time.Time, lost bool) {
	s := c.board.get()
	return s.Phone, s.PhoneLost
}

func (k *link) tidy(now time.Time) (f Facts, err error) {
	if err := k.d.tidy(k.ctx, now); err != nil {
		return f, err
	}
	if k.c.cfg.Wrote != nil {
		if err := k.d.forgetStrangers(k.ctx, now, k.known); err != nil {
			return f, err
		}
	}
	f, err = k.d.facts(k.ctx, now)
	if err == nil && f.Phone.IsZero() { // from now on it counts
		err = k.d.noteTime(k.ctx, phoneTime, now)
	}
	return f, err
}

// known tells whether the desk keeps anything of a person.
func (k *link) known(ctx context.Context, forms ...types.JID) (bool, error) {
	for _, j := range forms {
		if k.own[j.User] || k.c.isNumberOfStaff(j.User) {
			return true, nil
		}
		wrote, err := k.c.cfg.Wrote(ctx, addressOf(j))
		if wrote || err != nil {
			return wrote, err
		}
	}
	return false, nil
}
