package main

import (
	"context"
	"fmt"
	"time"

	"pst/bot"
	"pst/store"
	"pst/store/holdings/sample"
)

// every looks now and again after each interval, until ctx ends.
func every(ctx context.Context, interval time.Duration, look func()) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		look()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// keepIndex brings the search index to the state of the database, now and
// whenever the catalogue changes in this process or another; then it looks what
// of it was waited for, and takes over the words that staff accepted.
func keepIndex(ctx context.Context, h *house, d *desk) {
	var told string
	before := int64(-1)
	every(ctx, 2*time.Second, func() {
		version, err := d.db.CatalogueVersion(ctx)
		if err == nil {
			err = d.catalogue.Sync(ctx)
		}
		if err == nil && version == before && byDay(time.Now().In(d.office().Zone)) { // no import goes on
			_, err = d.db.SweepWishes(ctx, version)
		}
		before = version
		if err == nil {
			err = takeTerms(ctx, d.db, d.catalogue, h.path("tables"))
		}
		if err != nil && ctx.Err() == nil && err.Error() != told {
			told = err.Error()
			h.log.Error("search index not up to date", "error", err)
		}
	})
}

// byDay tells whether people may be written to unasked.
func byDay(t time.Time) bool { return t.Hour() >= 7 && t.Hour() < 20 }

const day = 24 * time.Hour

// retention is the configured one; page sets outlive an erased account by the
// years that the consent text names.
func (d *desk) retention() store.Retention {
	c := d.cfg.Retention
	days := func(n int) time.Duration { return time.Duration(n) * day }
	return store.Retention{Queues: days(c.Queues), Quotes: days(c.Quotes), Letters: days(c.Letters), Chats: days(c.Chats),
		Readers: days(c.Readers),
		Hashes:  days(365 * d.office().KeepYears), Tickets: days(c.Tickets), Searches: days(c.Searches)}
}

// keepHouse does the daily work: what is past its retention is removed, as soon as
// no platform contradicts our clock.
func keepHouse(ctx context.Context, h *house, d *desk, clocks []bot.Clocked) {
	var last time.Time // by the machine's clock, which no setting moves
	mended := false
	every(ctx, time.Minute, func() {
		right := confirmed(clocks)
		if !right {
			mended = false
		}
		if right && !mended {
			n, err := d.db.MendTimes(ctx, time.Now())
			if err != nil && ctx.Err() == nil {
				h.log.Error("mending times failed", "error", err)
			}
			if mended = err == nil; n > 0 {
				h.log.Warn("times that a wrong clock had written were brought back to now", "rows", n)
			}
		}
		if (last.IsZero() || time.Since(last) >= day) && right && mended {
			last = time.Now()
			p, err := d.db.Purge(ctx, last, d.retention())
			switch {
			case err != nil && ctx.Err() == nil:
				h.log.Error("purge failed", "error", err)
			case p != (store.Purged{}):
				h.log.Info("what is past its retention was removed", "messages", p.Messages, "letters", p.Letters, "chats", p.Chats,
					"readers", p.Readers, "hashes", p.Hashes, "tickets", p.Tickets, "searches", p.Searches)
			}
		}
	})
}

// layIn puts the sample library into an empty one, so that the desk can be
// tried out before anything was imported. Its books are of the region of the
// office that the program knows: another office gets none.
func layIn(ctx context.Context, h *house, d *desk) error {
	for _, err := range d.db.Publications(ctx) {
		if err != nil {
			return fmt.Errorf("read catalogue: %w", err)
		}
		return nil // not empty
	}
	if d.cfg.foreign() {
		return nil
	}
	samples, err := sample.Write(h.path("holdings"))
	if err != nil {
		return fmt.Errorf("make sample library: %w", err)
	}
	for _, s := range samples {
		if _, err := d.db.SavePublication(ctx, s.Publication, &s.Contents); err != nil {
			return fmt.Errorf("save sample library: %w", err)
		}
	}
	// The index of a few small books is made before the first question.
	return d.catalogue.Sync(ctx)
}
