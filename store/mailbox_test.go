package store

import (
	"fmt"
	"testing"

	"pst/conversation"
)

// Readers of an earlier version who registered one Gmail mailbox several times become
// one person with the union of their pages, and are found by any way of writing it.
func TestAMailboxWrittenInSeveralWaysIsOnePerson(t *testing.T) {
	for name, order := range map[string][]string{
		"as written first":   {"budis@gmail.com", "budi.s@gmail.com", "budi.s+lagi@googlemail.com"},
		"with dots first":    {"budi.s+lagi@googlemail.com", "budi.s@gmail.com", "budis@gmail.com"},
		"two that are alike": {"b.u.d.i.s@gmail.com", "budis+2@gmail.com", "bud.is@gmail.com"},
	} {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			d.book("p", 100)
			secret := conversation.Secret(testSecret)
			for i, email := range order {
				id, err := d.NextReaderID(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				chat := conversation.Address([]string{"telegram:501", "telegram:502", "telegram:503"}[i])
				r := conversation.Reader{ID: id, Number: email, Email: email, EmailHash: secret.Hash("email", email),
					Card: conversation.Card{Kind: "SIM", Hash: email}}
				d.does(chat, conversation.CreateReader{Reader: r, Chat: chat})
				d.does(chat, d.excerpt([]string{"AAAA", "BBBB", "CCCC"}[i], id, "p", i+1))
			}
			d.poison(`DELETE FROM meta WHERE name = 'mailboxes'`)
			d.reopen()
			if n := d.count(`SELECT count(*) FROM readers`); n != 1 {
				t.Errorf("%d readers, want 1", n)
			}
			for _, way := range append(order, "BudiS@Gmail.com") {
				r, err := d.ReaderByEmail(t.Context(), secret.Email(way))
				if err != nil {
					t.Errorf("%s: %v", way, err)
					continue
				}
				if got := d.owned(r.ID, "p"); got != "1-3" {
					t.Errorf("%s: owns %q, want 1-3", way, got)
				}
				if chats, err := d.Chats(t.Context(), r.ID); err != nil || len(chats) != 3 {
					t.Errorf("%s: chats %v, %v", way, chats, err)
				}
			}
		})
	}
}

// Rules that came later find those who were known by fewer.
func TestANewRuleOfMailboxesFindsOlderReaders(t *testing.T) {
	d := openDesk(t)
	d.book("p", 100)
	secret := conversation.Secret(testSecret)
	emails := []string{"siti.a@proton.me", "siti.a@protonmail.com", "siti-a@pm.me"}
	for i, email := range emails {
		id, err := d.NextReaderID(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		chat := conversation.Address(fmt.Sprint("telegram:60", i))
		r := conversation.Reader{ID: id, Number: email, Email: email, EmailHash: secret.Hash("email", email),
			Card: conversation.Card{Kind: "SIM", Hash: email}}
		d.does(chat, conversation.CreateReader{Reader: r, Chat: chat})
		d.does(chat, d.excerpt(fmt.Sprint("CODE", i), id, "p", i+1))
	}
	d.poison(`UPDATE meta SET value = 1 WHERE name = 'mailboxes'`)
	d.reopen()
	for _, email := range emails {
		if r, err := d.ReaderByEmail(t.Context(), secret.Email(email)); err != nil || d.owned(r.ID, "p") != "1-3" {
			t.Errorf("%s: reader %+v, %v", email, r, err)
		}
	}
}

// A card number alone shares the right, and shows nothing.
func TestACardAloneSharesTheCapAndShowsNothing(t *testing.T) {
	d := openDesk(t)
	d.book("p", 50) // 10 may be had
	a := d.joins(ani, "ani")
	d.does(ani, d.excerpt("AAAA", a, "p", 1, 2, 3, 4, 5, 6))
	thief := conversation.Reader{ID: a + 100, Number: "BT-9", EmailHash: "another", Card: conversation.Card{Kind: "KTP",
		Hash: "card-ani"}}
	d.does(budi, conversation.CreateReader{Reader: thief, Chat: budi})
	if got := d.owned(thief.ID, "p"); got != "1-6" {
		t.Errorf("counted: %q, want 1-6", got)
	}
	if got, err := d.Received(t.Context(), thief.ID, "p"); err != nil || len(got) != 0 {
		t.Errorf("shown: %v, %v; want nothing", got, err)
	}
	if got, err := d.Received(t.Context(), a, "p"); err != nil || got.String() != "1-6" {
		t.Errorf("shown to her who got them: %v, %v", got, err)
	}
	if got, err := d.Excerpts(t.Context(), thief.ID); err != nil || len(got) != 0 {
		t.Errorf("excerpts of another: %v, %v", got, err)
	}
	wantErr(t, d.answer(budi, d.excerpt("BBBB", thief.ID, "p", 20, 21, 22, 23, 24)), conversation.ErrConflict)
	d.does(budi, d.excerpt("CCCC", thief.ID, "p", 20, 21, 22, 23))
}

// reopen closes the database and opens it again, as an upgrade does.
func (d *desk) reopen() {
	d.tb.Helper()
	if err := d.Close(); err != nil {
		d.tb.Fatal(err)
	}
	db, err := Open(d.tb.Context(), d.path, Options{Secret: testSecret, Now: d.clock.Now})
	if err != nil {
		d.tb.Fatal(err)
	}
	d.DB = db
}
