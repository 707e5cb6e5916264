package store

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

func TestTheMonthsFigures(t *testing.T) {
	d := openDesk(t)
	wib := time.FixedZone("WIB", 7*3600)
	from := time.Date(2026, 11, 1, 0, 0, 0, 0, wib)
	to := from.AddDate(0, 1, 0)
	d.book("p", 100)
	r := d.joins(ani, "ani")
	visit := func(id string, opened time.Time, first, delivered time.Duration, mode string) conversation.SaveVisit {
		v := conversation.Visit{ID: id, Reader: r, Mode: mode, Purpose: "penelitian", OpenedAt: opened}
		if first > 0 {
			v.FirstResultAt = opened.Add(first)
		}
		if delivered > 0 {
			v.DeliveredAt = opened.Add(delivered)
		}
		return conversation.SaveVisit{Visit: v}
	}
	// 2026-11-05 is a Thursday.
	thursday := time.Date(2026, 11, 5, 9, 0, 0, 0, wib)
	ticket := func(id, state string, opened, answered, closed time.Time) conversation.OpenTicket {
		return conversation.OpenTicket{Ticket: conversation.Ticket{Category: "Saran", Text: "antre lama", ID: id, Kind: id[:3], State: state, OpenedAt: opened, AnsweredAt: answered, ClosedAt: closed}}
	}
	reserve := d.excerpt("A", r, "p", 1, 2, 3)
	d.does(ani,
		visit("before", from.Add(-time.Second), 1, 1, conversation.Online),
		visit("first", from, time.Minute, 2*time.Minute, conversation.OnSite),
		visit("open", thursday, 0, 0, conversation.Online),
		visit("after", to, 0, 0, conversation.Online),
		reserve, conversation.SettleExcerpt{Code: "A", Delivered: true, At: thursday},
		d.excerpt("B", r, "p", 4), conversation.SettleExcerpt{Code: "B", At: thursday},
		conversation.RecordRating{Rating: conversation.Rating{Visit: "first", Reader: r, Score: 4, At: thursday}},
		conversation.RecordRating{Rating: conversation.Rating{Visit: "first", Reader: r, Score: 1, At: thursday}}, // ignored
		conversation.RecordRating{Rating: conversation.Rating{Visit: "open", Reader: r, Score: 1, At: thursday}},
		conversation.RecordRating{Rating: conversation.Rating{Visit: "open", Reader: r, Score: 3, Mends: true, At: thursday}},
		conversation.RecordSearch{Search: conversation.SearchLog{ID: "1", Query: "kopi", At: thursday}},
		conversation.RecordSearch{Search: conversation.SearchLog{ID: "2", Query: "lada", At: thursday}},
		conversation.RecordSearch{Search: conversation.SearchLog{ID: "3", Query: "lada", At: thursday}},
		conversation.RecordSearch{Search: conversation.SearchLog{ID: "4", Query: "penduduk", Hits: 3, At: thursday}},
		conversation.RecordSearch{Search: conversation.SearchLog{ID: "4", Query: "penduduk", Hits: 3, Chosen: "p", At: thursday}},
		ticket("ADU-261105-AAA", conversation.StateDone, thursday, thursday.AddDate(0, 0, 7), to.Add(-time.Hour)), // the fifth working day
		ticket("ADU-261105-BBB", conversation.StateWorking, thursday, thursday.AddDate(0, 0, 8), time.Time{}),     // the sixth
		ticket("ADU-261030-CCC", conversation.StateDone, from.AddDate(0, 0, -2), from, thursday),
		ticket("TNY-261105-DDD", conversation.StateNew, thursday, time.Time{}, time.Time{}),
	)
	m, err := d.Month(t.Context(), from, to)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"new readers", m.NewReaders, 1}, {"of them with a whole profile", m.Profiles, 1}, {"readers from Belitung Timur", m.ReadersByOrigin["Belitung Timur"], 1},
		{"women", m.ReadersByGender["Perempuan"], 1}, {"S1", m.ReadersByStudies["S1"], 1}, {"in private firms", m.ReadersByWork["swasta"], 1},
		{"visits", m.Visits, 2}, {"on site", m.OnSite, 1}, {"for research", m.Purposes["penelitian"], 2},
		{"excerpts", m.Excerpts, 1}, {"pages", m.ExcerptPages, 3},
		{"very content", m.Ratings[4], 1}, {"not content", m.Ratings[1], 0}, {"a slip mended", m.Ratings[3], 1},
		{"searches", m.Searches, 4}, {"tickets opened", m.TicketsOpened, 2}, {"tickets closed", m.TicketsClosed, 2},
		{"at work", m.TicketsByState[conversation.StateWorking], 1}, {"answered in time", m.AnsweredInTime, 1},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", c.what, c.got, c.want)
		}
	}
	if !slices.Equal(m.NoHit, []string{"lada", "kopi"}) || !slices.Equal(m.TopPublications, []string{"Buku p"}) {
		t.Errorf("nothing found for %v, most asked %v", m.NoHit, m.TopPublications)
	}
	if !slices.Equal(m.ToFirstResult, []time.Duration{time.Minute}) || !slices.Equal(m.ToDelivery, []time.Duration{2 * time.Minute}) {
		t.Errorf("times %v, %v", m.ToFirstResult, m.ToDelivery)
	}
}

func TestTicketsAreFoundByTailAndChat(t *testing.T) {
	d := openDesk(t)
	r := d.joins(ani, "ani")
	now := d.clock.Now()
	open := func(id string, chat conversation.Address, reader int64, state string, age time.Duration) conversation.OpenTicket {
		return conversation.OpenTicket{Ticket: conversation.Ticket{Category: "Saran", ID: id, Kind: "ADU", Chat: chat, Reader: reader, State: state, OpenedAt: now.Add(-age), Text: id}}
	}
	d.does(ani,
		open("ADU-261101-XYZ", ani, r, conversation.StateNew, 3*time.Hour),
		open("ADU-261110-XYZ", budi, 0, conversation.StateDone, 2*time.Hour),
		open("ADU-261111-ABC", budi, r, conversation.StateRefused, time.Hour))
	wantErr(t, d.answer(ani, open("ADU-261111-ABC", ani, r, conversation.StateNew, 0)), conversation.ErrConflict)
	for tail, want := range map[string]string{"XYZ": "ADU-261101-XYZ", "ABC": "ADU-261111-ABC"} {
		if got, err := d.TicketByTail(t.Context(), tail); err != nil || got.ID != want {
			t.Errorf("tail %s: %s, %v", tail, got.ID, err)
		}
	}
	_, err := d.TicketByTail(t.Context(), "QQQ")
	wantErr(t, err, conversation.ErrNotFound)
	list := func(ts []conversation.Ticket, err error) string {
		t.Helper()
		var out []string
		for _, ticket := range ts {
			out = append(out, ticket.ID)
		}
		if err != nil {
			t.Error(err)
		}
		return strings.Join(out, " ")
	}
	if got := list(d.Tickets(t.Context(), budi, 0)); got != "ADU-261111-ABC ADU-261110-XYZ" {
		t.Errorf("of a chat without reader: %s", got)
	}
	if got := list(d.Tickets(t.Context(), ani, r)); got != "ADU-261111-ABC ADU-261101-XYZ" {
		t.Errorf("of a reader: %s", got)
	}
	d.does("telegram:5", open("ADU-261101-EEE", "telegram:5", 0, conversation.StateDone, 4*time.Hour))
	d.does("telegram:5", conversation.LinkChat{Chat: "telegram:5", Reader: r})
	if got := list(d.Tickets(t.Context(), ani, r)); got != "ADU-261111-ABC ADU-261101-XYZ ADU-261101-EEE" {
		t.Errorf("of a reader, one from before registering: %s", got)
	}
	if got := list(d.OpenTickets(t.Context())); got != "ADU-261101-XYZ" {
		t.Errorf("open: %s", got)
	}
	ticket, err := d.Ticket(t.Context(), "ADU-261101-XYZ")
	if err != nil {
		t.Fatal(err)
	}
	stale := ticket
	ticket.State = conversation.StateAccepted
	d.does(ani, conversation.UpdateTicket{Ticket: ticket}, conversation.AddPost{Post: conversation.Post{Ticket: ticket.ID, By: "petugas", Text: "satu", At: now}},
		conversation.AddPost{Post: conversation.Post{Ticket: ticket.ID, By: "pelapor", Text: "dua", At: now}})
	wantErr(t, d.answer(ani, conversation.UpdateTicket{Ticket: stale}), conversation.ErrConflict)
	ps, err := d.Posts(t.Context(), ticket.ID)
	if err != nil || len(ps) != 2 || ps[0].Text != "satu" || ps[1].By != "pelapor" || !ps[0].At.Equal(now) {
		t.Errorf("thread %+v, %v", ps, err)
	}
}

// A low rating is kept at once and its comment when it comes; neither replaces
// what is there.
func TestACommentJoinsItsRating(t *testing.T) {
	d := openDesk(t)
	r := d.joins(ani, "ani")
	for _, rating := range []conversation.Rating{
		{Visit: "v", Reader: r, Score: 2}, {Visit: "v", Reader: r, Score: 2, Comment: "lama sekali"}, {Visit: "v", Reader: r, Score: 4, Comment: "lain"},
	} {
		d.does(ani, conversation.RecordRating{Rating: rating})
	}
	var score int
	var comment []byte
	if err := d.one(t.Context(), `SELECT score, comment FROM ratings WHERE visit = 'v'`, nil, &score, &comment); err != nil {
		t.Fatal(err)
	}
	plain, err := d.seal.open("comment", "v", comment)
	if err != nil || score != 2 || string(plain) != "lama sekali" {
		t.Errorf("score %d, comment %q, %v", score, plain, err)
	}
}
