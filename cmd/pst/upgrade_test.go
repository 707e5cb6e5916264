package main

import (
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pst/conversation"
	"pst/search"
	"pst/store"
)

// olderAt is shortly after testdata/upgrade was made: its sessions are not yet past
// their time.
var olderAt = time.Date(2026, 11, 26, 11, 25, 0, 0, time.UTC)

// olderFolder is a data folder as the program of November 2026 left it.
func olderFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	packed, err := os.Open("testdata/upgrade/pst.db.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile("testdata/upgrade/secret.key")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"pst.db": whole, "secret.key": key} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestOlderFolderGoesOn opens a folder of an older program: everybody in it goes on
// where they were, and what was queued, owned and open still is.
func TestOlderFolderGoesOn(t *testing.T) {
	ctx := t.Context()
	h := &house{data: olderFolder(t), std: streams{os.Stdin, io.Discard, io.Discard}, log: slog.New(slog.DiscardHandler)}
	cfg, office, texts, err := h.settings()
	if err != nil {
		t.Fatal(err)
	}
	secret, err := h.secret(cfg)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return olderAt }
	db, err := store.Open(ctx, h.path("pst.db"), store.Options{Secret: secret, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	catalogue, err := search.Open(ctx, h.path("index"), db, search.Options{Office: office.Code})
	if err != nil {
		t.Fatal(err)
	}
	defer catalogue.Close()
	if err := catalogue.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	engine := conversation.NewEngine(conversation.Config{Store: db, Catalogue: catalogue, Texts: texts, Office: office,
		Secret: secret, Now: now, Random: rand.Reader, Log: h.log})

	wait := outboxOf(t, db, "terminal:kasubbag")
	if !strings.Contains(wait, "Saya menunggu satu jam") {
		t.Errorf("the complaint's card no longer waits for the Kasubbag: %q", wait)
	}
	open, err := db.OpenTickets(ctx)
	if err != nil || len(open) != 1 {
		t.Errorf("open tickets: %d, %v; want 1", len(open), err)
	}
	for _, step := range []struct{ who, says, hears string }{
		{"siti", "1-3", "sisa sesudahnya 3"}, // pages 1 and 2 are hers already
		{"joko", "lanjutkan", "Lanjutkan pengaduan yang belum selesai"},
		{"joko", "1", "Yang sudah tercatat"},
		{"joko", "juga kipas angin", "sisa 1.45"}, // of 1,500 letters: what he wrote before is counted
		{"budi", "1906014107980003", "email"},
	} {
		from := conversation.Address(conversation.Terminal + ":" + step.who)
		m := conversation.Message{ID: hex.EncodeToString([]byte(step.who + step.says)), From: from, Kind: conversation.Text,
			Text: step.says, SentAt: olderAt}
		if err := db.Put(ctx, m); err != nil {
			t.Fatal(err)
		}
		if err := engine.Take(ctx, m); err != nil {
			t.Fatalf("%s: %v", step.who, err)
		}
		if got := outboxOf(t, db, from); !strings.Contains(got, step.hears) {
			t.Errorf("%s said %q and heard %q, want %q in it", step.who, step.says, got, step.hears)
		}
	}
	if err := db.Check(ctx); err != nil {
		t.Error(err)
	}
	if bad, err := db.Unreadable(ctx); err != nil || len(bad) > 0 {
		t.Errorf("sealed values that cannot be read: %q, %v", bad, err)
	}
}

// outboxOf is what waits to be sent to an address, one letter after the other.
func outboxOf(t *testing.T, db *store.DB, to conversation.Address) string {
	t.Helper()
	var all []string
	for {
		letters, err := db.Out(context.Background(), []string{string(to)}, nil, olderAt.Add(time.Second), 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(letters) == 0 {
			return strings.Join(all, "\n")
		}
		for _, l := range letters {
			all = append(all, l.Send.Text)
			if err := db.MarkSent(context.Background(), l.ID, conversation.Sent{At: olderAt}); err != nil {
				t.Fatal(err)
			}
		}
	}
}
