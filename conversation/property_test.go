package conversation

import (
	"bytes"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

var walks = flag.Int("walks", 100, "how many random conversations of an office TestNobodyIsLeft plays")

// Properties of whole conversations, over random sequences of people and staff: many
// chats, every command and answer, jumps of the clock, chats that cannot be reached.
//
//   - Nobody is left with a silent bot: what a person writes is answered, or handed to
//     staff; nobody stands with staff without an hour at which the bot returns.
//   - No message of staff is without an outcome, and what they are told is true: they
//     read that something was sent when, and only when, it went to the ticket's person.
//   - No ticket is without an owner who can be reached, or an alarm; each open one has a
//     moment in opening hours at which somebody is reminded.
//   - What a ticket says goes to its owners and its person, and to nobody else.
//
// A failure names its seed: PST_WALK=seed plays that walk alone.
func TestNobodyIsLeft(t *testing.T) {
	if seed, err := strconv.ParseUint(os.Getenv("PST_WALK"), 10, 64); err == nil {
		newWalk(t, seed).play()
		return
	}
	for seed := range *walks {
		if newWalk(t, uint64(seed)).play(); t.Failed() {
			return
		}
	}
}

// walk is one random history of an office.
type walk struct {
	*testing.T
	seed   uint64
	r      *rand.Rand
	engine *Engine
	w      *world
	office *Office
	log    bytes.Buffer
	at     time.Time
	people []Address
	down   map[Address]bool // cannot be reached now
	shown  map[Address][]letterOut
	told   map[string]bool      // a ticket's number, its card or an alarm of it came there: "addr id"
	plans  map[Address][]string // what people mean to write next
	soon   map[string]bool      // tickets that staff are told of in seconds
	n      int
	trail  []string
}

func newWalk(t *testing.T, seed uint64) *walk {
	k := &walk{T: t, seed: seed, r: rand.New(rand.NewPCG(seed, 1)), at: time.Date(2026, 11, 23, 9, 0, 0, 0, jakarta),
		down: map[Address]bool{}, shown: map[Address][]letterOut{}, told: map[string]bool{}, plans: map[Address][]string{},
		soon:   map[string]bool{},
		people: []Address{"terminal:siti", "terminal:ani", "telegram:101", "whatsapp:6281200000003@s.whatsapp.net"}}
	k.office = testOffice()
	k.office.Holidays = []string{"2026-11-26", "2026-12-24", "2026-12-25"}
	k.office.NoMail = k.r.IntN(2) == 0
	k.office.Staff = []Staff{{Name: "Pak Budi", Role: Kasubbag, Addresses: []Address{"telegram:900", "terminal:budi"}}}
	if k.r.IntN(3) > 0 {
		k.office.Staff = append(k.office.Staff,
			Staff{Name: "Bu Rina", Role: Second, Addresses: []Address{"terminal:rina"}})
	}
	if k.r.IntN(3) > 0 {
		k.office.Staff = append(k.office.Staff, Staff{Name: "Mbak Sari", Role: Officer,
			Addresses: []Address{"terminal:sari"}, Days: []time.Weekday{time.Monday, time.Tuesday}},
			Staff{Name: "Mas Adi", Role: Officer, Addresses: []Address{"telegram:901"}})
	}
	if k.r.IntN(8) == 0 {
		k.office.Staff = nil
	}
	k.down[Address(Mail+":"+k.office.ComplaintEmail)] = k.r.IntN(6) == 0
	k.w = newWorld(func() time.Time { return k.at })
	for i, chat := range k.people[:2] {
		r := aReader
		r.ID, r.Number = int64(i+1), k.office.ReaderNumber(int64(i+1))
		r.EmailHash = fmt.Sprint("hash", i)
		k.w.readers[r.ID], k.w.linked[chat] = r, r.ID
	}
	var source [32]byte
	source[0], source[1] = byte(seed), byte(seed>>8)
	k.engine = NewEngine(Config{Store: k.w, Catalogue: catalogue{}, Texts: testTexts(t, ""), Office: k.office,
		Secret: Secret("a key for tests"), Now: func() time.Time { return k.at },
		Random: &locked{source: rand.NewChaCha8(source)}, Log: slog.New(slog.NewTextHandler(&k.log, nil))})
	return k
}

// play takes random steps, then lets a month pass in which everybody can be reached.
func (k *walk) play() {
	for range 200 {
		switch n := k.r.IntN(20); {
		case n < 9:
			k.personWrites(pick(k.r, k.people))
		case n < 14 && len(k.office.Staff) > 0:
			k.staffWrites()
		case n < 16:
			k.pass(time.Duration(k.r.IntN(90)) * time.Minute)
		case n < 17:
			k.pass(time.Duration(k.r.IntN(9*24)) * time.Hour)
		case n < 18:
			all := append(slices.Clone(k.people), k.staffChats()...)
			a := pick(k.r, append(all, Address(Mail+":"+k.office.ComplaintEmail)))
			k.down[a] = !k.down[a]
		case n < 19 && k.r.IntN(4) == 0: // nothing reaches the office
			for _, a := range append(k.staffChats(), Address(Mail+":"+k.office.ComplaintEmail)) {
				k.down[a] = true
			}
		}
		k.deliver()
		if k.Failed() {
			return
		}
	}
	clear(k.down)
	for range 40 {
		k.pass(18 * time.Hour)
		k.deliver()
	}
	for _, chat := range k.people {
		k.take(Message{From: chat, Kind: Text, Text: "menu"})
		if len(sends(k.w.turn, chat)) == 0 {
			k.wrong("after a month %s writes menu and hears nothing", chat)
		}
	}
	k.ticketsAreHeld()
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func (k *walk) wrong(format string, more ...any) {
	k.Helper()
	k.Errorf("seed %d: %s\n%s", k.seed, fmt.Sprintf(format, more...), strings.Join(k.trail[max(0, len(k.trail)-25):],
		"\n"))
}

func (k *walk) note(format string, more ...any) {
	k.trail = append(k.trail, fmt.Sprintf(format, more...))
}

// take brings one message through the engine, and looks at what was committed.
func (k *walk) take(m Message) {
	k.n++
	m.ID, m.SentAt = fmt.Sprint("m", k.n), k.at
	k.note("%s %s %s> %q %s", k.at.Format("02/01 15:04"), m.From, m.Kind, m.Text, m.Quoted)
	k.w.turn = Turn{}
	before, _ := k.w.Session(k.Context(), m.From)
	if err := k.engine.Take(k.Context(), m); err != nil {
		k.wrong("%s of %s: %v", m.Kind, m.From, err)
	}
	for _, e := range k.w.turn.Effects {
		if s, ok := e.(Send); ok {
			k.note("    < %s: %q", s.To, cut(oneLine(s.Text), 300))
		}
	}
	for line := range strings.Lines(k.log.String()) {
		if !strings.Contains(line, "reaches nobody") {
			k.wrong("the engine logged: %s", line)
		}
		for id := range k.w.tickets {
			if strings.Contains(line, id) {
				k.w.alarms[id] = true
			}
		}
	}
	k.log.Reset()
	k.goesWhereItMay(m)
	k.isHandedOn(m)
	if m.Kind.Internal() {
		return
	}
	if _, staff := k.office.member(m.From); staff && !before.Data.AsReader {
		k.staffHasAnOutcome(m, before)
	} else if !staff {
		k.personIsAnswered(m)
	}
}

// pass lets time pass. What falls due meanwhile is done at its hour, or, after a
// stop of the machine, all at once.
func (k *walk) pass(d time.Duration) {
	until := k.at.Add(d)
	if k.r.IntN(4) == 0 {
		k.at = until
	}
	for range 400 {
		due, m := until.Add(1), Message{}
		for _, chat := range slices.Sorted(maps.Keys(k.w.sessions)) {
			if s, _ := k.w.Session(k.Context(), chat); !s.Deadline.IsZero() && s.Deadline.Before(due) {
				due, m = s.Deadline, Message{From: chat, Kind: Expired}
			}
		}
		for _, x := range k.w.listed(func(x Ticket) bool { return !x.NextDue.IsZero() }) {
			if x.NextDue.Before(due) {
				due, m = x.NextDue, Message{From: Address(Desk + ":" + x.ID), Kind: Due}
			}
		}
		if m.Kind == "" {
			k.at = until
			return
		}
		if due.After(k.at) {
			k.at = due
		}
		k.take(m)
		k.deliver()
	}
	k.wrong("the desk does not come to rest")
}

// deliver sends what waits. To a chat that cannot be reached a letter waits first, and
// then fails for good.
func (k *walk) deliver() {
	for range 400 {
		if len(k.w.outbox) == 0 {
			return
		}
		l := k.w.outbox[0]
		k.w.outbox = k.w.outbox[1:]
		kind := Delivered
		switch {
		case k.down[l.To] && !l.late:
			kind, l.late = Delayed, true
			k.w.outbox = append(k.w.outbox, l)
		case k.down[l.To]:
			kind = Failed
		default:
			k.w.refs[string(l.To)+" "+l.id] = l.Ref
			k.shown[l.To] = append(k.shown[l.To], l)
			for _, p := range []string{"ticket:", "copy:"} {
				if id, ok := strings.CutPrefix(l.Ref, p); ok {
					k.told[string(l.To)+" "+id] = true
				}
			}
		}
		if hearer := Hearer(l.Ref, l.To); l.Report && l.Ref != "" {
			_, id, _ := strings.Cut(l.Ref, ":")
			copied := !k.w.tickets[id].CopiedAt.IsZero()
			k.take(Message{From: hearer, Kind: kind, Text: l.Ref})
			if kind == Failed && !copied {
				k.lossIsNoticed(l, id)
			}
		}
	}
	k.wrong("letters without end")
}
