//go:build unix

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"pst/bot/whatsapp/whatsapptest"
	"pst/conversation"
	"pst/store"
)

// The whole program is killed over every message of a complaint, in turn while
// the message is read and not yet in the inbox, and when it is in the inbox and
// not yet acknowledged: each line is in the ticket once and in order, and there
// is one ticket.
func TestWhatsAppKilledBeforeAndAfterTheInbox(t *testing.T) {
	t.Parallel()
	srv := whatsapptest.New(t)
	h := whatsappHouse(t, srv, nil, nil)
	siti := srv.Person(sitiPhone, "Siti")
	db := openData(t, h.data)
	k := &killer{t: t, srv: srv, db: db, data: h.data, chat: lidOf(srv, sitiPhone)}
	script := []string{"pengaduan", "1", "3"}
	var want []string
	for n := range 4 {
		want = append(want, complaintLine(1, n))
	}
	script = append(append(script, want...), "kirim", "2", "1")
	var ids []string
	for i, line := range script {
		program := k.start()
		before := k.taken()
		release := k.holdWrites()
		read := srv.Decrypted(h.path("whatsapp.db"))
		ids = append(ids, siti.Say(deskPhone, line))
		soon(t, "the message is decrypted", func() bool { return srv.Decrypted(h.path("whatsapp.db")) > read })
		if i%2 == 0 {
			program.end(syscall.SIGKILL)
			release()
			if k.taken() != before || srv.Unacknowledged(deskPhone) == 0 {
				t.Fatalf("message %d was taken or acknowledged while nothing could be written", i)
			}
			continue
		}
		srv.Down(true)
		srv.Cut(deskPhone) // what is stored now can no longer be acknowledged
		release()
		soon(t, "the message is stored", func() bool { return k.taken() != before })
		program.end(syscall.SIGKILL)
		srv.Down(false)
		if srv.Unacknowledged(deskPhone) == 0 {
			t.Fatalf("message %d was acknowledged over a connection that was cut", i)
		}
	}
	last := k.start()
	last.end(syscall.SIGKILL)
	for _, id := range ids {
		siti.Delivered(id)
	}
	tickets, err := db.Tickets(t.Context(), k.chat, 0)
	if err != nil || len(tickets) != 1 {
		t.Fatalf("%d tickets, %v; the program said:\n%s", len(tickets), err, last.said)
	}
	if got := strings.Split(tickets[0].Text, "\n"); !slices.Equal(got, want) {
		t.Errorf("the ticket says %q", got)
	}
	if s, err := db.Session(t.Context(), k.chat); err != nil || s.Version != int64(len(script)) {
		t.Errorf("%d messages made %d turns, %v", len(script), s.Version, err)
	}
}

// killer is what the test of killed programs looks at from outside.
type killer struct {
	t     *testing.T
	srv   *whatsapptest.Server
	db    *store.DB
	data  string
	chat  conversation.Address
	lock  *os.File
	hurry []string // a third argument of the program, or none
}

// start runs `pst serve` in a process of its own until it is online and has
// taken what the one before it left.
func (k *killer) start() *serving {
	k.t.Helper()
	s := launch(k.t, "pst-whatsapp", append([]string{k.data, k.srv.Addr()}, k.hurry...)...)
	soon(k.t, "the program is online", func() bool { return strings.Contains(s.said.String(), "whatsapp is online") })
	soon(k.t, "what was left is taken", func() bool { return k.srv.Unacknowledged(deskPhone) == 0 && k.waiting() == 0 })
	return s
}

// taken tells one moment of the chat's messages from another: how many were
// taken and how many wait.
func (k *killer) taken() string {
	k.t.Helper()
	s, err := k.db.Session(k.t.Context(), k.chat)
	if err != nil {
		k.t.Fatal(err)
	}
	return fmt.Sprint(s.Version, " and ", k.waiting())
}

func (k *killer) waiting() int {
	k.t.Helper()
	m, err := k.db.Waiting(k.t.Context(), []string{conversation.WhatsApp}, nil, 10)
	if err != nil {
		k.t.Fatal(err)
	}
	return len(m)
}

// walWriteLock is the byte of the shared memory file that SQLite locks while
// it writes (wal.c: WAL_WRITE_LOCK; os_unix.c: UNIX_SHM_BASE).
const walWriteLock = 120

// holdWrites keeps other processes from writing to the database until the
// returned function is called, as a process in a long transaction does.
func (k *killer) holdWrites() (release func()) {
	k.t.Helper()
	if k.lock == nil {
		var err error
		if k.lock, err = os.OpenFile(filepath.Join(k.data, "pst.db-shm"), os.O_RDWR, 0); err != nil {
			k.t.Fatal(err)
		}
		// Closed by the end of the process alone: closing any handle of a file
		// lets go of all locks that the process has on it, those of k.db as well.
	}
	set := func(kind int16) {
		lock := syscall.Flock_t{Type: kind, Whence: io.SeekStart, Start: walWriteLock, Len: 1}
		if err := syscall.FcntlFlock(k.lock.Fd(), syscall.F_SETLKW, &lock); err != nil {
			k.t.Fatal(err)
		}
	}
	set(syscall.F_WRLCK)
	return func() { set(syscall.F_UNLCK) }
}
