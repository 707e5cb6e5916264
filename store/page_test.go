package store

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"pst/conversation"
)

func TestADoorLetsOnePersonInOnce(t *testing.T) {
	db := openDesk(t)
	clock := db.clock
	ctx := t.Context()
	secret := conversation.Secret("a key for tests")
	door := func(name string) string {
		t.Helper()
		d, code, err := conversation.NewDoor(rand.Reader, secret, name, clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		if err := db.OpenDoor(ctx, d, "pst"); err != nil {
			t.Fatal(err)
		}
		return conversation.DoorHash(secret, code)
	}
	refused := func(what, hash string) {
		t.Helper()
		if who, err := db.Enter(ctx, hash); !errors.Is(err, conversation.ErrNotFound) {
			t.Errorf("%s: %q, %v", what, who, err)
		}
	}
	first := door("Pak Budi")
	second := door("Pak Budi") // void the one before
	sari := door("Mbak Sari")
	refused("a code that a newer one replaced", first)
	if who, err := db.Enter(ctx, second); err != nil || who != "Pak Budi" {
		t.Fatalf("%q, %v", who, err)
	}
	refused("a used code", second)
	refused("no code", "")
	refused("a wrong code", conversation.DoorHash(secret, "AAAAA-AAAAA"))
	clock.forward(conversation.DoorLife)
	refused("an old code", sari)
	last := door("Mbak Sari")
	if err := db.update(ctx, func(x *tx) error { return x.shutDoors("Mbak Sari", clock.Now()) }); err != nil {
		t.Fatal(err)
	}
	refused("a code from before KELUAR", last)
	if at, err := db.Shut(ctx, "Mbak Sari"); err != nil || !at.Equal(clock.Now()) {
		t.Errorf("%v, %v", at, err)
	}
	if at, err := db.Shut(ctx, "Pak Budi"); err != nil || !at.IsZero() {
		t.Errorf("nothing of Pak Budi's was shut: %v, %v", at, err)
	}
}

func TestASessionOfThePageEndsAndIsSealed(t *testing.T) {
	db := openDesk(t)
	clock := db.clock
	ctx, sessions := t.Context(), db.PageSessions()
	until := clock.Now().Add(time.Hour)
	for _, id := range []string{"satu", "dua"} {
		if err := sessions.CommitCtx(ctx, id, []byte("Pak Budi di "+id), until); err != nil {
			t.Fatal(err)
		}
	}
	if data, ok, err := sessions.FindCtx(ctx, "satu"); err != nil || !ok || string(data) != "Pak Budi di satu" {
		t.Errorf("%q %v %v", data, ok, err)
	}
	// What was sealed for one browser does not open for another.
	if err := db.update(ctx, func(x *tx) error {
		_, err := x.exec(`UPDATE page_sessions SET data = (SELECT data FROM page_sessions WHERE id = 'satu') WHERE id = 'dua'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := sessions.FindCtx(ctx, "dua"); ok || err != nil {
		t.Errorf("a moved session opens: %v", err)
	}
	clock.forward(time.Hour)
	if _, ok, err := sessions.FindCtx(ctx, "satu"); ok || err != nil {
		t.Errorf("a session that has ended: %v %v", ok, err)
	}
}
