package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"pst/bot"
	"pst/cmd/pst/watch"
	"pst/conversation"
)

// What stands between the program's parts counts, where /metrics is served: what was
// committed, what was sent, and how long searches, turns and files took.

// counted counts what a turn says has happened, once it is durable.
type counted struct {
	conversation.Store
	metrics *watch.Metrics
}

func (c counted) Commit(ctx context.Context, t conversation.Turn) error {
	err := c.Store.Commit(ctx, t)
	if err == nil {
		count(c.metrics, t)
	}
	return err
}

// count counts a turn. [conversation.RecordCode] is passed over: one stands for an anonymous
// complaint, which nothing here may tell apart.
func count(m *watch.Metrics, t conversation.Turn) {
	missed := 0
	for _, e := range t.Effects {
		switch e := e.(type) {
		case conversation.Tally:
			what, _, _ := strings.Cut(e.What, " ")
			switch what {
			case "missed":
				missed++
			case "cap", "door":
				m.Refusals.WithLabelValues(what).Inc()
			}
		case conversation.CreateReader:
			m.Events.WithLabelValues("registration").Inc()
		case conversation.EraseReader:
			m.Events.WithLabelValues("erasure").Inc()
		case conversation.RecordRating:
			m.Events.WithLabelValues("rating").Inc()
		case conversation.RecordSurvey:
			m.Events.WithLabelValues("survey").Inc()
		case conversation.RecordSearch:
			if e.Search.Hits > 0 {
				m.Events.WithLabelValues("search").Inc()
			} else {
				m.Events.WithLabelValues("search_in_vain").Inc()
			}
		case conversation.AddPost:
			if e.Post.By == "petugas" {
				m.Events.WithLabelValues("answer").Inc()
			}
		case conversation.ReserveExcerpt:
			m.Excerpts.WithLabelValues("ordered").Inc()
		case conversation.SettleExcerpt:
			if e.Delivered {
				m.Excerpts.WithLabelValues("delivered").Inc()
			} else {
				m.Excerpts.WithLabelValues("failed").Inc()
			}
		case conversation.OpenTicket:
			// Of a complaint about staff no figure tells that staff may read.
			if !e.Ticket.AboutStaff {
				m.Tickets.WithLabelValues(ticketLabel(e.Ticket.Kind)).Inc()
			}
		}
	}
	heard := 0
	for _, one := range append(slices.Clone(t.Earlier), t.Message) {
		if !one.Kind.Internal() && one.Kind != conversation.Away { // somebody wrote
			heard++
		}
	}
	if heard == 0 {
		return
	}
	channel := channelLabel(t.Message.From.Scheme())
	m.Messages.WithLabelValues(channel, "understood").Add(float64(max(0, heard-missed)))
	m.Messages.WithLabelValues(channel, "not_understood").Add(float64(min(heard, missed)))
}

// ticketLabel is what a kind of tickets is called in metrics.
func ticketLabel(kind string) string {
	switch kind {
	case conversation.KindComplaint:
		return "complaint"
	case conversation.KindHandoff:
		return "handoff"
	case conversation.KindVerify:
		return "verification"
	case conversation.KindLoan:
		return "loan"
	}
	return "other"
}

// outcome is how something ended, as a label.
func outcomeLabel(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, context.Canceled):
		return "stopped"
	}
	return "failed"
}

// timedCatalogue takes the time of searches.
type timedCatalogue struct {
	conversation.Catalogue
	metrics *watch.Metrics
}

func (c timedCatalogue) Search(ctx context.Context, q conversation.Query) (conversation.Result, error) {
	defer c.took("catalogue", time.Now())
	return c.Catalogue.Search(ctx, q)
}

func (c timedCatalogue) Data(ctx context.Context, q conversation.Query) ([]conversation.Datum, error) {
	defer c.took("tables", time.Now())
	return c.Catalogue.Data(ctx, q)
}

func (c timedCatalogue) took(of string, begun time.Time) {
	c.metrics.Searches.WithLabelValues(of).Observe(time.Since(begun).Seconds())
}

// timedTurns takes the time of turns.
type timedTurns struct {
	*conversation.Engine
	metrics *watch.Metrics
}

var (
	_ bot.Turner = timedTurns{}
	_ bot.Looker = timedTurns{}
)

func (t timedTurns) Take(ctx context.Context, ms ...conversation.Message) error {
	begun := time.Now()
	err := t.Engine.Take(ctx, ms...)
	t.metrics.Turns.WithLabelValues(outcomeLabel(err)).Observe(time.Since(begun).Seconds())
	return err
}

// timedFiles takes the time of excerpts and previews.
type timedFiles struct {
	bot.Holdings
	metrics *watch.Metrics
}

func (f timedFiles) Excerpt(ctx context.Context, o conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
	begun := time.Now()
	file, err := f.Holdings.Excerpt(ctx, o)
	f.metrics.Files.WithLabelValues("excerpt", outcomeLabel(err)).Observe(time.Since(begun).Seconds())
	return file, err
}

func (f timedFiles) Preview(ctx context.Context, o conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
	begun := time.Now()
	file, err := f.Holdings.Preview(ctx, o)
	f.metrics.Files.WithLabelValues("preview", outcomeLabel(err)).Observe(time.Since(begun).Seconds())
	return file, err
}

// ended counts how sendings end.
func ended(m *watch.Metrics) func(scheme string, e bot.End, age time.Duration) {
	return func(scheme string, e bot.End, age time.Duration) {
		channel := channelLabel(scheme)
		m.Letters.WithLabelValues(channel, string(e)).Inc()
		if e == bot.EndSent || e == bot.EndFailed {
			m.Delivery.WithLabelValues(channel, string(e)).Observe(max(0, age.Seconds()))
		}
	}
}

// numbers looks up what is asked of a desk that serves.
func (w *watched) numbers(ctx context.Context, tell watch.Tell) error {
	for _, c := range w.look(ctx) {
		if w.isChannel(c.Name) {
			tell(watch.ChannelUp, number(c.Well), c.Name)
		} else {
			tell(watch.CheckWell, number(c.Well), c.Name)
		}
	}
	tell(watch.Info, 1, version())
	if free, ok := freeBytes(w.data); ok {
		tell(watch.DiskFree, float64(free))
	}
	now := time.Now()
	if folder := w.cfg.Backup.Folder; folder != "" {
		if newest := newestNightly(folder); !newest.IsZero() {
			tell(watch.BackupAge, now.Sub(newest).Seconds())
		}
	}
	return errors.Join(w.numbersOfQueues(ctx, tell, now), w.numbersOfTickets(ctx, tell, now))
}

func (w *watched) numbersOfQueues(ctx context.Context, tell watch.Tell, now time.Time) error {
	d, err := w.db.Depths(ctx, w.schemes, now)
	if err != nil {
		return err
	}
	for _, scheme := range w.schemes {
		channel := channelLabel(scheme)
		in, out := d.Inbox[scheme], d.Outbox[scheme]
		tell(watch.Waiting, float64(in.Count), "inbox", channel)
		tell(watch.Waiting, float64(out.Count), "outbox", channel)
		tell(watch.Due, float64(out.Due), channel)
		tell(watch.Oldest, seconds(in.Oldest, now), "inbox", channel)
		tell(watch.Oldest, seconds(out.Oldest, now), "outbox", channel)
	}
	return nil
}

func (w *watched) numbersOfTickets(ctx context.Context, tell watch.Tell, now time.Time) error {
	tickets, err := w.db.OpenTickets(ctx)
	if err != nil {
		return err
	}
	open, overdue := map[string]int{}, 0
	for _, k := range tickets {
		if k.AboutStaff {
			continue
		}
		open[ticketLabel(k.Kind)]++
		if k.Kind == conversation.KindComplaint && k.AnsweredAt.IsZero() && !w.office().InTime(k.OpenedAt, now) {
			overdue++
		}
	}
	for _, kind := range []string{
		conversation.KindComplaint, conversation.KindHandoff, conversation.KindVerify, conversation.KindLoan,
	} {
		tell(watch.Open, float64(open[ticketLabel(kind)]), ticketLabel(kind))
	}
	tell(watch.Overdue, float64(overdue))
	return nil
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// seconds is how old something is in seconds; 0 where there is none.
func seconds(since, now time.Time) float64 {
	if since.IsZero() {
		return 0
	}
	return max(0, now.Sub(since).Seconds())
}
