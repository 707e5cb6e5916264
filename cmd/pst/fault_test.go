package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
	"pst/bot/whatsapp/whatsapptest"
	"pst/conversation"
	"pst/store"
)

// faultKills is how often the fault program kills: PST_FAULT, else a few.
func faultKills(t *testing.T) int {
	t.Helper()
	text := os.Getenv("PST_FAULT")
	if text == "" {
		return 12
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("PST_FAULT=%q: must be a number", text)
	}
	return n
}

// The fault program. People write on Telegram and on WhatsApp at once: complaints, and
// requests for excerpts up to the cap, each reader in one chat of either. The program dies at random moments, alone
// or together with an import, a backup or a restore of what was just backed up; a
// purge runs at each start. Then everything is looked at from outside (what the
// servers have) and from inside (pst check -deep).
func TestKilledAtRandomOnBothChannels(t *testing.T) {
	t.Parallel()
	kills := faultKills(t)
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("PST_FAULT_SEED"); text != "" {
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	t.Logf("PST_FAULT=%d PST_FAULT_SEED=%d", kills, seed)
	f := newFault(t, kills, rand.New(rand.NewPCG(seed, 1)))
	f.enrol()
	for range kills {
		f.round()
	}
	f.finish()
	f.assertOutside()
	f.assertInside()
}

// fault is one run of the fault program.
type fault struct {
	t       *testing.T
	rng     *rand.Rand
	kills   int
	tg      *telegramtest.Server
	wa      *whatsapptest.Server
	letters *post
	data    string
	boss    *chat
	actors  []*actor
	moments map[string]int
	imports int
	last    *serving
}

// actor says the lines of a script, one after the other, without waiting.
type actor struct {
	name   string
	lines  []string
	said   int
	say    func(string)
	user   *telegramtest.User // on Telegram
	chat   *chat              // on WhatsApp
	ids    []string           // of what was sent on WhatsApp
	reader bool
	pair   *actor // the same reader's other chat, of one on Telegram
}

func newFault(t *testing.T, kills int, rng *rand.Rand) *fault {
	f := &fault{t: t, rng: rng, kills: kills, tg: telegramtest.Start(t, telegramtest.Options{Forget: true}),
		wa:      whatsapptest.New(t),
		letters: startPost(t), moments: map[string]int{}}
	h := whatsappHouse(t, f.wa, f.letters, f.tg)
	f.data = h.data
	f.age()
	f.boss = &chat{Person: f.wa.Person(kasubbagPhone, "Budi")}
	complaint := func(n int) []string {
		script := []string{"pengaduan", "1", "3"}
		for i := range 4 {
			script = append(script, complaintLine(n, i))
		}
		return append(script, "kirim", "1", "Siti Aminah", "1")
	}
	for i := range max(3, kills/5) {
		u := f.tg.User(int64(20_000 + i))
		f.actors = append(f.actors, &actor{name: fmt.Sprint("telegram ", i), lines: complaint(i), user: u,
			say: func(s string) { u.Say(s) }})
	}
	for i := range max(2, kills/25) {
		a := &actor{name: fmt.Sprint("whatsapp ", i), lines: complaint(1000 + i),
			chat: &chat{Person: f.wa.Person(fmt.Sprint(6281200001000+i), "Orang")}}
		a.say = func(s string) { a.ids = append(a.ids, a.chat.Say(deskPhone, s)) }
		f.actors = append(f.actors, a)
	}
	for i := range max(2, kills/15) {
		u := f.tg.User(int64(30_000 + i))
		a := &actor{name: fmt.Sprint("reader ", i), user: u, say: func(s string) { u.Say(s) }, reader: true}
		for _, pages := range []string{"5", "6", "5-6", "7", "8-9"} { // three of seventeen may be had
			a.lines = append(a.lines, "indikator kesejahteraan rakyat belitung timur 2023", "1", "minta kutipan", pages, "kirim")
		}
		a.pair = &actor{name: fmt.Sprint("reader on whatsapp ", i), lines: a.lines, reader: true,
			chat: &chat{Person: f.wa.Person(fmt.Sprint(6281200005000+i), "Siti Aminah")}}
		a.pair.say = func(s string) { a.pair.ids = append(a.pair.ids, a.pair.chat.Say(deskPhone, s)) }
		f.actors = append(f.actors, a, a.pair)
	}
	return f
}

// age gives the database a past that a purge removes: turns of eight days ago.
func (f *fault) age() {
	f.t.Helper()
	h := &house{data: f.data}
	secret, err := h.secret(config{})
	if err != nil {
		f.t.Fatal(err)
	}
	then := time.Now().Add(-8 * day)
	db, err := store.Open(f.t.Context(), h.path("pst.db"),
		store.Options{Secret: secret, Now: func() time.Time { return then }})
	if err != nil {
		f.t.Fatal(err)
	}
	defer db.Close()
	for i := range 40 * f.kills {
		from := conversation.Address(fmt.Sprint("telegram:", 900_000+i))
		m := conversation.Message{ID: "lama", From: from, Kind: conversation.Text, Text: "halo", SentAt: then}
		if err := db.Put(f.t.Context(), m); err != nil {
			f.t.Fatal(err)
		}
		if err := db.Commit(f.t.Context(), conversation.Turn{Message: m, Session: conversation.Session{Chat: from,
			State: "menu", SeenAt: then}}); err != nil {
			f.t.Fatal(err)
		}
	}
}

// start runs the desk in a process of its own, without the pace of the platforms.
func (f *fault) start() *serving {
	f.t.Helper()
	return launch(f.t, "pst-whatsapp", f.data, f.wa.Addr(), "quick")
}

// enrol lets readers register, and the Kasubbag write once, before the killing.
func (f *fault) enrol() {
	f.t.Helper()
	s := f.start()
	f.boss.Delivered(f.boss.Say(deskPhone, "/start"))
	ctx, cancel := context.WithTimeout(f.t.Context(), patience)
	defer cancel()
	var all sync.WaitGroup
	walkers := map[*actor]*walker{}
	for i, a := range f.actors {
		if a.pair == nil {
			continue
		}
		w := &walker{user: a.user, letters: f.letters, number: i}
		walkers[a.pair] = w
		all.Go(func() {
			if err := w.walk(ctx); err != nil {
				f.t.Errorf("%s: %v", a.name, err)
			}
		})
	}
	all.Wait()
	for a, w := range walkers {
		f.join(a, w)
	}
	if f.t.Failed() {
		f.t.Fatalf("the program said:\n%s", s.said)
	}
	s.end(syscall.SIGTERM)
}

// join registers a reader on WhatsApp who is one on Telegram, with the same mailbox,
// and answers what a second excerpt asks first.
func (f *fault) join(a *actor, w *walker) {
	f.t.Helper()
	before := len(f.letters.all(w.email()))
	for _, line := range []string{"daftar", "1", "Siti Aminah", "1", w.card(), w.email(), "{kode}", "daring, 1",
		"kecamatan gantung dalam angka 2023", "1", "minta kutipan", "10", "1", "1998", "2", "4", "1", "lewati", "1",
		"lewati"} {
		if line == "{kode}" {
			soon(f.t, "a code for the second chat", func() bool { return len(f.letters.all(w.email())) > before })
			line = f.letters.code(w.email())
		}
		a.chat.Say(deskPhone, line)
		a.chat.Next()
	}
}

// speak lets some people say their next line.
func (f *fault) speak(most int) (said bool) {
	for range most {
		left := slices.DeleteFunc(slices.Clone(f.actors), func(a *actor) bool { return a.said == len(a.lines) })
		if len(left) == 0 {
			return said
		}
		a := left[f.rng.IntN(len(left))]
		a.say(a.lines[a.said])
		a.said++
		said = true
	}
	return said
}

// round is one life of the program, from its start to a random moment.
func (f *fault) round() {
	f.t.Helper()
	if f.rng.IntN(4) == 0 {
		f.speak(2) // while it is down
	}
	s := f.start()
	wait := time.Duration(f.rng.IntN(500)) * time.Millisecond
	moment := "serve alone"
	var beside *exec.Cmd
	switch f.rng.IntN(8) {
	case 0:
		moment = "import"
		beside = f.command("import", f.list())
	case 1:
		moment = "backup"
		beside = f.command("backup", filepath.Join(f.t.TempDir(), "b.zip"))
	case 2:
		moment = "restore"
	}
	f.moments[moment]++
	f.speak(3)
	if beside != nil {
		time.Sleep(wait / 2) // a random moment, not a condition
		if err := beside.Start(); err != nil {
			f.t.Fatal(err)
		}
		time.Sleep(time.Duration(f.rng.IntN(400)) * time.Millisecond)
	} else {
		time.Sleep(wait)
	}
	f.speak(1)
	s.end(syscall.SIGKILL)
	if beside != nil {
		beside.Process.Kill()
		beside.Wait()
	}
	if moment == "restore" {
		f.restore()
	}
}

func (f *fault) command(args ...string) *exec.Cmd {
	return exec.CommandContext(f.t.Context(), "pst", append(args, "-data", f.data)...)
}

// list is a list of publications that changes with every import.
func (f *fault) list() string {
	f.t.Helper()
	f.imports++
	var b strings.Builder
	b.WriteString("judul,tahun\n")
	for i := range 50 {
		fmt.Fprintf(&b, "Statistik Daerah Uji %d,%d\n", i, 1990+f.imports%30)
	}
	file := filepath.Join(f.t.TempDir(), "daftar.csv")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		f.t.Fatal(err)
	}
	return file
}

// restore puts back what it has just backed up, and is killed over that.
func (f *fault) restore() {
	f.t.Helper()
	file := filepath.Join(f.t.TempDir(), "b.zip")
	if out, err := f.command("backup", file).CombinedOutput(); err != nil {
		f.t.Fatalf("backup: %v\n%s", err, out)
	}
	if out, err := f.command("backup", "-verify", file).CombinedOutput(); err != nil {
		f.t.Fatalf("verify: %v\n%s", err, out)
	}
	c := f.command("restore", file)
	if err := c.Start(); err != nil {
		f.t.Fatal(err)
	}
	time.Sleep(time.Duration(f.rng.IntN(250)) * time.Millisecond)
	c.Process.Kill()
	c.Wait()
}

// finish lets everybody say the rest and the program live until all is answered.
func (f *fault) finish() {
	f.t.Helper()
	f.last = f.start()
	for f.speak(1) {
	}
	for _, a := range f.actors {
		for _, id := range a.ids {
			a.chat.Delivered(id)
		}
	}
	db := openData(f.t, f.data)
	soon(f.t, "nothing waits", func() bool {
		among := []string{conversation.Telegram, conversation.WhatsApp, conversation.Mail, conversation.Desk}
		in, err := db.Waiting(f.t.Context(), among, nil, 1)
		if err != nil {
			f.t.Fatal(err)
		}
		out, err := db.Out(f.t.Context(), among, nil, time.Now().Add(time.Hour), 1)
		if err != nil {
			f.t.Fatal(err)
		}
		return f.tg.Pending() == 0 && len(in) == 0 && len(out) == 0 && f.wa.Unacknowledged(deskPhone) == 0
	})
	if exit, _ := f.last.end(syscall.SIGTERM); exit != exitFine {
		f.t.Errorf("exit %d; the program said:\n%s", exit, f.last.said)
	}
	for _, a := range append(f.actors, &actor{chat: f.boss}) {
		if a.chat != nil {
			soon(f.t, "every answer has arrived", func() bool { return f.wa.Unacknowledged(a.chat.Phone) == 0 })
			a.chat.gather()
		}
	}
	f.t.Logf("%d kills: %v; %d actors", f.kills, f.moments, len(f.actors))
}
