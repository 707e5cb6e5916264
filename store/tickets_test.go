package store

import (
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

func TestTicketsAreFoundByTailAndChat(t *testing.T) {
	d := openDesk(t)
	r := d.joins(ani, "ani")
	now := d.clock.Now()
	open := func(id string, chat conversation.Address, reader int64, state string,
		age time.Duration) conversation.OpenTicket {
		return conversation.OpenTicket{Ticket: conversation.Ticket{Category: "Saran", ID: id, Kind: "ADU", Chat: chat,
			Reader: reader, State: state, OpenedAt: now.Add(-age), Text: id}}
	}
	d.does(ani,
		open("ADU-261101-XYZ", ani, r, conversation.StateNew, 3*time.Hour),
		open("ADU-261110-XYZ", budi, 0, conversation.StateDone, 2*time.Hour),
		open("ADU-261111-ABC", budi, r, conversation.StateRefused, time.Hour))
	wantErr(t, d.answer(ani, open("ADU-261111-ABC", ani, r, conversation.StateNew, 0)), conversation.ErrConflict)
	for tail, want := range map[string]string{"XYZ": "ADU-261101-XYZ", "ABC": "ADU-261111-ABC"} {
		if got, err := d.TicketsByTail(t.Context(), tail); err != nil || len(got) == 0 || got[0].ID != want {
			t.Errorf("tail %s: %v, %v", tail, got, err)
		}
	}
	if got, err := d.TicketsByTail(t.Context(), "QQQ"); err != nil || len(got) > 0 {
		t.Errorf("tail QQQ: %v, %v", got, err)
	}
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
	d.does("telegram:6", open("ADU-261112-FFF", "telegram:6", 0, conversation.StateNew, time.Minute))
	if got := list(d.OpenTickets(t.Context())); got != "ADU-261101-XYZ ADU-261112-FFF" {
		t.Errorf("open, who waits longest first: %s", got)
	}
	ticket, err := d.Ticket(t.Context(), "ADU-261101-XYZ")
	if err != nil {
		t.Fatal(err)
	}
	stale := ticket
	ticket.State = conversation.StateAccepted
	d.does(ani, conversation.UpdateTicket{Ticket: ticket}, conversation.AddPost{Post: conversation.Post{Ticket: ticket.ID,
		By: "petugas", Text: "satu", At: now}},
		conversation.AddPost{Post: conversation.Post{Ticket: ticket.ID, By: "pelapor", Text: "dua", At: now}})
	wantErr(t, d.answer(ani, conversation.UpdateTicket{Ticket: stale}), conversation.ErrConflict)
	ps, err := d.Posts(t.Context(), ticket.ID)
	if err != nil || len(ps) != 2 || ps[0].Text != "satu" || ps[1].By != "pelapor" || !ps[0].At.Equal(now) {
		t.Errorf("thread %+v, %v", ps, err)
	}
}
