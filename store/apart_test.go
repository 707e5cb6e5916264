package store

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

// nothingHeld is a catalogue without publications.
type nothingHeld struct{}

func (nothingHeld) Search(context.Context, conversation.Query) (conversation.Result, error) {
	return conversation.Result{}, nil
}

func (nothingHeld) Data(context.Context, conversation.Query) ([]conversation.Datum, error) {
	return nil, nil
}

func (nothingHeld) DataSeries(context.Context, conversation.Datum) ([]conversation.Datum, error) {
	return nil, nil
}

func (nothingHeld) Series(context.Context, string) ([]conversation.Edition, error) { return nil, nil }

// office is a desk with its engine: people write, and are answered.
type office struct {
	*desk
	engine *conversation.Engine
	house  *conversation.Office
	heard  map[conversation.Address]string // what was said to a chat last
	keys   map[conversation.Address]string // platform id of the letter
	away   map[conversation.Address]bool   // letters there wait
}

const (
	kasubbag conversation.Address = "terminal:kasubbag"
	quiet                         = 7*time.Minute + 13*time.Second
)

func openOffice(t *testing.T) *office {
	t.Helper()
	o := &office{desk: openDesk(t), heard: map[conversation.Address]string{}, keys: map[conversation.Address]string{},
		away: map[conversation.Address]bool{}}
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	o.clock.now = time.Date(2026, 11, 24, 9, 31, 17, 483e6, zone)
	house := conversation.DefaultOffice(zone)
	o.house = &house
	house.Staff = []conversation.Staff{{Name: "Pak Budi", Role: conversation.Kasubbag,
		Addresses: []conversation.Address{kasubbag}}}
	texts, err := conversation.NewTexts(&house, "")
	if err != nil {
		t.Fatal(err)
	}
	o.engine = conversation.NewEngine(conversation.Config{Store: o.DB, Catalogue: nothingHeld{}, Texts: texts,
		Office: &house,
		Secret: testSecret, Now: o.clock.Now, Random: rand.NewChaCha8([32]byte{7}), Log: slog.New(slog.DiscardHandler)})
	return o
}

// settle answers what waits, and delivers what is due.
func (o *office) settle() {
	o.tb.Helper()
	all := []string{conversation.Terminal, conversation.Telegram, conversation.WhatsApp, conversation.Mail,
		conversation.Desk}
	for range 200 {
		if _, err := o.Sweep(o.tb.Context(), o.clock.Now()); err != nil {
			o.tb.Fatal(err)
		}
		waiting, err := o.Waiting(o.tb.Context(), all, nil, 1)
		if err != nil {
			o.tb.Fatal(err)
		}
		if len(waiting) > 0 {
			if err := o.engine.Take(o.tb.Context(), waiting...); err != nil {
				o.tb.Fatal(err)
			}
			continue
		}
		var except []conversation.Address
		for a := range o.away {
			except = append(except, a)
		}
		due, err := o.Out(o.tb.Context(), all, except, o.clock.Now(), 1)
		if err != nil {
			o.tb.Fatal(err)
		}
		if len(due) == 0 {
			return
		}
		d := due[0]
		o.heard[d.Send.To], o.keys[d.Send.To] = d.Send.Text, d.Key
		if err := o.MarkSent(o.tb.Context(), d.ID, conversation.Sent{PlatformID: d.Key, At: o.clock.Now()}); err != nil {
			o.tb.Fatal(err)
		}
	}
	o.tb.Fatal("the desk does not come to rest")
}

// later lets time pass, and what is due then happen.
func (o *office) later(d time.Duration) { o.clock.forward(d); o.settle() }

// says lets a chat write, and returns the answer.
func (o *office) says(from conversation.Address, lines ...string) string {
	o.tb.Helper()
	for _, l := range lines {
		o.clock.forward(19*time.Second + 731*time.Millisecond)
		o.hears(from, l)
		o.settle()
	}
	return o.heard[from]
}

// quotes lets staff answer the letter that came last.
func (o *office) quotes(from conversation.Address, text string) {
	o.tb.Helper()
	o.n++
	m := conversation.Message{ID: fmt.Sprint("q", o.n), From: from, Kind: conversation.Text, Text: text,
		Quoted: o.keys[from], SentAt: o.clock.Now()}
	if err := o.Put(o.tb.Context(), m); err != nil {
		o.tb.Fatal(err)
	}
	o.settle()
}

var (
	numberIn = regexp.MustCompile(`ADU-\d{6}-[0-9A-Z]{3}`)
	pinIn    = regexp.MustCompile(`PIN: \*(\d{6})\*`)
	timeIn   = regexp.MustCompile(`20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[.0-9]*(Z|[+-]\d\d:\d\d)`)
)

// complains goes through the form and returns the ticket's number and PIN.
func (o *office) complains(from conversation.Address, identity, text string) (number, pin string) {
	o.tb.Helper()
	lines := []string{"pengaduan", "1", "Biaya/tarif", text, "kirim", identity}
	if identity == "1" {
		lines = append(lines, "Siti Aminah")
	}
	said := o.says(from, append(lines, "1")...)
	number = numberIn.FindString(said)
	if m := pinIn.FindStringSubmatch(said); m != nil {
		pin = m[1]
	}
	if number == "" {
		o.tb.Fatalf("no ticket: %s", said)
	}
	return number, pin
}

// cell is one row as a reader of the database meets it.
type cell struct {
	table string
	id    int64 // 0: the table has no order
	text  string
	times []time.Time // to the second
}

// exactTimes are those of a row that are no whole hour.
func exactTimes(ms []int64, text string) []time.Time {
	var out []time.Time
	for _, m := range ms {
		if m > 1_500_000_000_000 && m < 2_500_000_000_000 && m%hour != 0 {
			out = append(out, time.UnixMilli(m))
		}
	}
	for _, s := range timeIn.FindAllString(text, -1) {
		if at, err := time.Parse(time.RFC3339Nano, s); err == nil && at.UnixMilli()%hour != 0 {
			out = append(out, at)
		}
	}
	return out
}

// rowsOf reads every row of every table; with the key it opens what is sealed, and
// knows the blind indexes of the addresses.
func rowsOf(t *testing.T, d *DB, key bool, addresses []conversation.Address) []cell {
	t.Helper()
	standsFor := map[string]string{}
	opened := map[string]string{}
	if key {
		for _, a := range addresses {
			standsFor[d.seal.addressIndex(string(a))], standsFor[d.seal.ticketIndex(string(a))] = string(a), string(a)
		}
		opened = unsealed(t, d)
	}
	var tables []string
	if err := d.each(t.Context(), `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`, nil,
		func(row scanner) error {
			var n string
			err := row.Scan(&n)
			tables = append(tables, n)
			return err
		}); err != nil {
		t.Fatal(err)
	}
	var out []cell
	for _, table := range tables {
		var columns []string
		if err := d.each(t.Context(), `SELECT name FROM pragma_table_info('`+table+`')`, nil, func(row scanner) error {
			var n string
			err := row.Scan(&n)
			columns = append(columns, n)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		order := "rowid"
		if d.one(t.Context(), `SELECT 1 FROM sqlite_schema WHERE name = '`+table+`' AND sql LIKE '%WITHOUT ROWID%'`, nil,
			new(int)) == nil {
			order = "0"
		}
		err := d.each(t.Context(), `SELECT `+order+`, `+strings.Join(columns, ", ")+` FROM `+table+` ORDER BY 1`, nil,
			func(row scanner) error {
				c := cell{table: table}
				values := make([]any, len(columns))
				into := []any{&c.id}
				for i := range values {
					into = append(into, &values[i])
				}
				if err := row.Scan(into...); err != nil {
					return err
				}
				var ms []int64
				rowKey := ""
				for i, v := range values {
					switch v := v.(type) {
					case int64:
						ms = append(ms, v)
					case string:
						if columns[i] == "key" {
							rowKey = v
						}
						c.text += columns[i] + "=" + v + " " + standsFor[v] + " "
						if key && strings.HasPrefix(v, sealedRef) {
							c.text += d.seal.showRef(rowKey, v) + " "
						}
					case []byte:
						c.text += opened[string(v)] + " "
					}
				}
				c.times = exactTimes(ms, c.text)
				out = append(out, c)
				return nil
			})
		if err != nil {
			t.Fatal(table, err)
		}
	}
	return out
}

// tie says what in the rows ties a ticket to a chat that complained at a time; "" when
// nothing does.
func tie(rows []cell, ticket string, chat conversation.Address, when time.Time) string {
	near := func(a, b time.Time, d time.Duration) bool { return a.Sub(b).Abs() < d }
	of := func(c cell, what string) bool { return strings.Contains(c.text, what) }
	for i, k := range rows {
		if !of(k, ticket) {
			continue
		}
		if of(k, string(chat)) {
			return fmt.Sprintf("a row of %s names both: %.300s", k.table, k.text)
		}
		for _, at := range k.times {
			if near(at, when, time.Minute) {
				return fmt.Sprintf("%s has the time of the complaint, %s: %.200s", k.table, at.Format(time.TimeOnly), k.text)
			}
			for _, c := range rows {
				if of(c, string(chat)) && !of(c, ticket) &&
					slices.ContainsFunc(c.times, func(b time.Time) bool { return near(at, b, time.Minute) }) {
					return fmt.Sprintf("%s and %s have one time, %s", k.table, c.table, at.Format(time.TimeOnly))
				}
			}
		}
		for _, j := range []int{i - 1, i + 1} {
			if k.id == 0 || j < 0 || j >= len(rows) || rows[j].table != k.table || rows[j].id-k.id != int64(j-i) ||
				of(rows[j], ticket) {
				continue
			}
			if of(rows[j], string(chat)) {
				return fmt.Sprintf("%s: row %d is the chat's, beside it is the ticket's", k.table, rows[j].id)
			}
			for _, at := range rows[j].times {
				if near(at, when, 10*time.Minute) {
					return fmt.Sprintf("%s: the row beside it is of %s", k.table, at.Format(time.TimeOnly))
				}
			}
		}
	}
	return ""
}

// Nothing ties an anonymous complaint to a chat, for whoever reads the data folder with
// or without its key, nor a confidential one for whoever has no key: no row that names
// both, no time, no neighbour in a table. Named complaints are found by the same
// reader, or it would find nothing.
func TestNothingTiesASecretComplaintToAChat(t *testing.T) {
	o := openOffice(t)
	const named, hidden, anonymous, elsewhere conversation.Address = "telegram:1000001", "telegram:1000002",
		"telegram:1000003", "telegram:1000004"
	others := []conversation.Address{"telegram:2000001", "telegram:2000002", "telegram:2000003"}
	traffic := func() {
		for _, a := range others {
			o.says(a, "menu", "info")
		}
	}
	type made struct {
		number, text string
		chat         conversation.Address
		at           time.Time
	}
	complain := func(a conversation.Address, identity, text string) (made, string) {
		number, pin := o.complains(a, identity, text)
		return made{number, text, a, o.clock.Now()}, pin
	}
	o.says(kasubbag, "antrean")
	traffic()
	n1, _ := complain(named, "1", "Antrean di loket dua terlalu panjang")
	h1, _ := complain(hidden, "2", "Petugas loket dua meminta uang rokok")
	a1, pin := complain(anonymous, "3", "Kepala ruang menjual buku gratis")
	n2, _ := complain(others[0], "1", "Kursi di ruang baca patah semua")
	if pin == "" {
		t.Error("an anonymous complaint has no PIN")
	}
	check := func(moment string) {
		t.Helper()
		chats := append([]conversation.Address{named, hidden, anonymous, elsewhere, kasubbag}, others...)
		for _, key := range []bool{false, true} {
			rows := rowsOf(t, o.DB, key, chats)
			for _, m := range []made{h1, a1} {
				if key && m == h1 {
					continue
				}
				if why := tie(rows, m.number, m.chat, m.at); why != "" {
					t.Errorf("%s, key %t, %s of %s: %s", moment, key, m.number, m.chat, why)
				}
			}
			if tie(rows, n1.number, n1.chat, n1.at) == "" {
				t.Errorf("%s, key %t: the reader does not find a named complaint either", moment, key)
			}
		}
		copied := filepath.Join(t.TempDir(), "copy.db")
		if err := o.Backup(t.Context(), copied); err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(filepath.Dir(o.path), "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range append(files, copied) {
			if info, err := os.Stat(f); err != nil || info.IsDir() {
				continue
			}
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range []string{h1.text, a1.text, n1.text, "PIN: *"} {
				if bytes.Contains(raw, []byte(s)) {
					t.Errorf("%s: %s holds %q in clear", moment, filepath.Base(f), s)
				}
			}
		}
	}
	check("before staff are told")
	traffic()
	o.later(quiet)
	alone, _ := complain("telegram:1000005", "3", "Pintu darurat selalu terkunci")
	o.later(quiet) // nobody else writes: its card stands beside the letters to the chat
	if why := tie(rowsOf(t, o.DB, true, []conversation.Address{alone.chat}), alone.number, alone.chat,
		alone.at); why != "" {
		t.Errorf("%s of %s: %s", alone.number, alone.chat, why)
	}
	traffic()
	if !strings.Contains(o.heard[kasubbag], "PENGADUAN") {
		t.Fatalf("staff were told: %s", o.heard[kasubbag])
	}
	check("after staff were told")
	o.says(kasubbag, "LIHAT "+a1.number, "BALAS "+a1.number+" Terima kasih, kami periksa")
	traffic()
	o.away[hidden] = true // the answer waits
	o.says(kasubbag, "BALAS "+h1.number+" Mohon sebut harinya")
	check("an answer waits")
	delete(o.away, hidden)
	o.later(quiet)
	if said := o.says(elsewhere, "status "+a1.number+" "+pin); !strings.Contains(said, "kami periksa") {
		t.Errorf("by PIN is read: %s", said)
	}
	o.says(elsewhere, "balas "+a1.number+" "+pin+" Kemarin lagi")
	o.quotes(hidden, "Hari Senin lalu")
	check("they have answered")
	o.later(quiet)
	if !strings.Contains(o.heard[kasubbag], "Kemarin lagi") && !strings.Contains(o.heard[kasubbag], "Hari Senin lalu") {
		t.Errorf("staff were told: %s", o.heard[kasubbag])
	}
	traffic()
	o.says(kasubbag, "SELESAI "+a1.number+" sudah ditegur", "SELESAI "+h1.number+" sudah ditegur", "TERIMA "+n2.number)
	check("closed")
	// What opened and closed the ticket by PIN ties it to no chat either.
	a1.chat = elsewhere
	check("read from elsewhere")
	if raw, err := os.ReadFile(o.path); err != nil || bytes.Contains(raw, []byte(pin)) {
		t.Errorf("the PIN is in the database: %v", err)
	}
}
