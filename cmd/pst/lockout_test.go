package main

import (
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

// Strangers ask for codes to a mailbox, in all its ways of writing, until its limit:
// its owner, in a chat of their own, still has a way in.
func TestNobodyIsLockedOutOfTheirMailbox(t *testing.T) {
	t.Parallel()
	h := &house{data: dataFolder(t), std: streams{os.Stdin, io.Discard, io.Discard}, log: slog.New(slog.DiscardHandler)}
	d, err := h.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	d.office().Staff = []conversation.Staff{{Name: "Kasubbag", Role: conversation.Kasubbag,
		Addresses: []conversation.Address{"terminal:kasubbag"}}}
	engine := d.engine(h)
	n := 0
	says := func(who string, lines ...string) string {
		t.Helper()
		from := conversation.Address(conversation.Terminal + ":" + who)
		var heard string
		for _, line := range lines {
			n++
			m := conversation.Message{ID: hex.EncodeToString(fmt.Append(nil, n)), From: from, Kind: conversation.Text,
				Text: line, SentAt: time.Now()}
			if err := d.db.Put(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			if err := engine.Take(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			letters, err := d.db.Out(t.Context(), []string{string(from)}, nil, time.Now().Add(time.Second), 10)
			for ; err == nil && len(letters) > 0; letters, err = d.db.Out(t.Context(), []string{string(from)}, nil,
				time.Now().Add(time.Second), 10) {
				heard = letters[0].Send.Text
				if err := d.db.MarkSent(t.Context(), letters[0].ID, conversation.Sent{At: time.Now()}); err != nil {
					t.Fatal(err)
				}
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		return heard
	}
	register := func(who, email string) string {
		return says(who, "daftar", "1", "Budi Santoso", "1", "1906014107980003", email)
	}
	mailed := 0
	for i := range 60 {
		box := []string{"siti@gmail.com", "s.iti@gmail.com", "siti+" + fmt.Sprint(i) + "@googlemail.com"}[i%3]
		if heard := register(fmt.Sprint("asing", i), box); strings.Contains(heard, "Kode") {
			mailed++
		}
		if i == 5 { // with a few strangers at it, she is mailed her code as always
			if heard := register("siti", "siti@gmail.com"); !strings.Contains(heard, "Kode") {
				t.Errorf("the owner heard %q", heard)
			}
		}
	}
	if mailed > 25 {
		t.Errorf("%d strangers had a code mailed to one mailbox in a day", mailed)
	}
	// Past the limit staff look at a card instead.
	if heard := register("siti2", "siti@gmail.com"); !strings.Contains(heard, "etugas") {
		t.Errorf("the owner, past the limit, heard %q", heard)
	}
	// One chat cannot use it up for the others.
	for range 10 {
		says("asing0", "batal pendaftaran", "menu")
		register("asing0", "wati@gmail.com")
	}
	if heard := register("wati", "w.ati@gmail.com"); !strings.Contains(heard, "Kode") {
		t.Errorf("wati heard %q", heard)
	}
}
