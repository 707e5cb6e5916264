package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pst/conversation"
	"pst/store"
)

// fleetOffice is a data folder of an office that is well, as its desk would leave it
// while it serves; change spoils it, with what is written into pst.toml.
func fleetOffice(t *testing.T, root, name string, change func(dir string) (toml string)) string {
	t.Helper()
	dir := filepath.Join(root, name)
	h := &house{data: dir}
	db, _, err := h.openStore(t.Context(), config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	night := filepath.Join(dir, "cadangan", time.Now().Format(nightlyName))
	if err := os.Mkdir(filepath.Dir(night), 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, night, "")
	serves(t, dir, time.Now(), true)
	toml := fmt.Sprintf("[office]\nname = \"BPS Kabupaten %s\"\ncode = \"1906\"\n[backup]\nfolder = %q\n", name,
		filepath.Dir(night))
	more := ""
	if change != nil {
		more = change(dir)
	}
	if toml += more; !strings.Contains(toml, "[disk]") {
		toml += "[disk]\nfloor_mb = 0\n"
	}
	writeFile(t, filepath.Join(dir, "pst.toml"), toml)
	return dir
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// serves leaves what a desk that serves says of its channels.
func serves(t *testing.T, dir string, at time.Time, up bool) {
	t.Helper()
	state := "Melayani."
	if !up {
		state = "Telegram menolak token bot ini."
	}
	err := writeStatus(filepath.Join(dir, statusFile), status{Written: at, Channels: []channelStatus{
		{conversation.WhatsApp, true, at.Add(-3 * time.Hour), "Melayani."},
		{conversation.Telegram, up, at.Add(-2 * time.Hour), state},
	}})
	if err != nil {
		t.Fatal(err)
	}
}

// happened puts into a folder's database what a message did, so long ago.
func happened(t *testing.T, dir string, ago time.Duration, effects ...conversation.Effect) {
	t.Helper()
	secret, err := (&house{data: dir}).secret(config{})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(-ago)
	options := store.Options{Secret: secret, Now: func() time.Time { return at }}
	db, err := store.Open(t.Context(), filepath.Join(dir, "pst.db"), options)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	m := conversation.Message{ID: "1", From: "telegram:1", Kind: conversation.Text, Text: "halo", SentAt: at}
	if err := db.Put(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if len(effects) == 0 {
		return // it waits
	}
	turn := conversation.Turn{Message: m, Effects: effects,
		Session: conversation.Session{Chat: m.From, State: "menu", SeenAt: at}}
	if err := db.Commit(t.Context(), turn); err != nil {
		t.Fatal(err)
	}
}

// told runs pst with these arguments.
func told(t *testing.T, args ...string) (out, errs string, exit int) {
	t.Helper()
	var o, e bytes.Buffer
	exit = run(t.Context(), args, streams{in: strings.NewReader(""), out: &o, err: &e})
	return o.String(), e.String(), exit
}

// oldComplaint is one that came so long ago.
func oldComplaint(ago time.Duration) conversation.OpenTicket {
	return conversation.OpenTicket{Ticket: conversation.Ticket{
		ID: "ADU-261101-AAA", Kind: conversation.KindComplaint, Category: "Saran", Text: "Siti menunggu lama",
		State: conversation.StateNew, OpenedAt: time.Now().Add(-ago),
	}}
}

func TestFleetTellsWhichOfficeIsIllAndWhy(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	remove := func(name string) func(string) string {
		return func(dir string) string {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Error(err)
			}
			return ""
		}
	}
	patch := func(at int64, bytes []byte) func(string) string {
		return func(dir string) string {
			f, err := os.OpenFile(filepath.Join(dir, "pst.db"), os.O_WRONLY, 0)
			if err == nil {
				_, err = f.WriteAt(bytes, at)
			}
			if err != nil {
				t.Error(err)
			}
			f.Close()
			return ""
		}
	}
	cases := []struct {
		name, kind, what string // of what is ill
		change           func(dir string) string
	}{
		{"Baik", "", "", nil},
		{"Ramai", "", "", func(dir string) string { happened(t, dir, 24*time.Hour, oldComplaint(24*time.Hour)); return "" }},
		{"Tanpa Kanal", "channel", "Telegram: Telegram menolak token bot ini", func(dir string) string {
			serves(t, dir, time.Now(), false)
			return ""
		}},
		{"Berhenti", "serve", "tidak berjalan", remove(statusFile)},
		{"Mati", "serve", "tidak berjalan sejak sekitar 3m yang lalu", func(dir string) string {
			serves(t, dir, time.Now().Add(-3*time.Minute), true)
			return ""
		}},
		{"Penuh", "disk", "disk tersisa", func(string) string { return "[disk]\nfloor_mb = 999999999\n" }},
		{"Terlambat", "ticket", "1 pengaduan belum dijawab", func(dir string) string {
			happened(t, dir, 30*24*time.Hour, oldComplaint(30*24*time.Hour))
			return ""
		}},
		{"Tentang Petugas", "", "", func(dir string) string { // no number tells of such a complaint
			late := oldComplaint(30 * 24 * time.Hour)
			late.Ticket.AboutStaff = true
			happened(t, dir, 30*24*time.Hour, late)
			return ""
		}},
		{"Antre", "queue", "pesan menunggu dijawab sejak 2j", func(dir string) string {
			happened(t, dir, 2*time.Hour)
			return ""
		}},
		{"Lupa", "backup", "cadangan malam terakhir 3h", func(dir string) string {
			old := time.Now().Add(-3 * 24 * time.Hour)
			files, err := filepath.Glob(filepath.Join(dir, "cadangan", "*"))
			if err != nil || len(files) != 1 || os.Chtimes(files[0], old, old) != nil {
				t.Error(files, err)
			}
			return ""
		}},
		{"Salah Tulis", "settings", "pst.toml", func(string) string { return "[telegram]\ntokn = 1\n" }},
		{"Tanpa Kunci", "database", "kunci secret.key tidak ada", remove("secret.key")},
		{"Kunci Lain", "database", "kunci secret.key bukan milik", func(dir string) string {
			writeFile(t, filepath.Join(dir, "secret.key"), strings.Repeat("ab", 32))
			return ""
		}},
		{"Tanpa Data", "database", "belum ada basis data", remove("pst.db")},
		{"Baru", "database", "versi program yang lebih baru", patch(60, binary.BigEndian.AppendUint32(nil, 999))},
		{"Lama", "database", "versi program yang lebih lama", patch(60, binary.BigEndian.AppendUint32(nil, 3))},
		{"Lain", "database", "bukan basis data PST", patch(0, bytes.Repeat([]byte("x"), 200))},
		{"Rusak", "database", "basis data rusak", patch(4096, bytes.Repeat([]byte("\xff"), 16384))},
	}
	var dirs []string
	for _, c := range cases {
		dirs = append(dirs, fleetOffice(t, root, c.name, func(dir string) string {
			if c.change == nil {
				return ""
			}
			return c.change(dir)
		}))
	}
	list := filepath.Join(root, "kantor.txt")
	writeFile(t, list, "# kantor di provinsi ini\n\n"+strings.Join(dirs[1:], "\n")+"  # terakhir\nHilang\n"+dirs[1]+"\n")
	dirs = append(dirs, filepath.Join(root, "Hilang"))
	cases = append(cases, struct {
		name, kind, what string
		change           func(dir string) string
	}{"Hilang", "folder", "folder tidak ada", nil})
	var before []string
	for _, dir := range dirs {
		before = append(before, listing(t, dir))
	}

	out, errs, exit := told(t, "fleet", dirs[0], "-list", list)
	want := fmt.Sprintf("pst: fleet: %d dari %d kantor perlu perhatian", len(cases)-3, len(cases))
	if exit != exitFailed || !strings.HasPrefix(errs, want) {
		t.Errorf("exit %d, %q, want %q", exit, errs, want)
	}
	lines := strings.Split(out, "\n")
	for i, c := range cases {
		if line := lines[1+i]; !strings.Contains(line, c.name) {
			t.Errorf("line %d is not of %s: %s", i, c.name, line)
		}
	}
	for _, line := range lines {
		if n := utf8.RuneCountInString(line); n > fleetWide {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if strings.Contains(out, "Siti") {
		t.Errorf("a complaint is told:\n%s", out)
	}

	out, _, _ = told(t, "fleet", dirs[0], "-json", "-list", list)
	var all struct{ Offices []officeLine }
	if err := json.Unmarshal([]byte(out), &all); err != nil || len(all.Offices) != len(cases) {
		t.Fatalf("%d offices, %v", len(all.Offices), err)
	}
	for i, c := range cases {
		o := all.Offices[i]
		var kinds []string
		for _, ill := range o.Ill {
			kinds = append(kinds, ill.Kind)
			if ill.Kind == c.kind && !strings.Contains(ill.What, c.what) {
				t.Errorf("%s: %q does not tell %q", c.name, ill.What, c.what)
			}
		}
		if want := slices.DeleteFunc([]string{c.kind}, func(s string) bool { return s == "" }); !slices.Equal(kinds, want) {
			t.Errorf("%s is ill of %q, want %q: %+v", c.name, kinds, want, o.Ill)
		}
		looked := o.Queue != nil && o.Tickets != nil && o.Month != nil
		if looked == slices.Contains([]string{"folder", "settings", "database"}, c.kind) {
			t.Errorf("%s: what waits was looked at: %v", c.name, looked)
		}
		if after := listing(t, dirs[i]); after != before[i] {
			t.Errorf("%s was changed:\n%s\n%s", c.name, before[i], after)
		}
	}
	if busy := all.Offices[1]; busy.Tickets.Open != 1 || busy.Tickets.Overdue != 0 ||
		*busy.Month.Visits != 0 || busy.Month.Rating != nil || !busy.Serving {
		t.Errorf("an office with an open complaint: %+v %+v", busy.Tickets, busy.Month)
	}

	out, errs, exit = told(t, "fleet", dirs[0], dirs[1])
	if exit != exitFine || errs != "" || strings.Contains(out, "Perlu perhatian") {
		t.Errorf("offices that are well: exit %d, %s%s", exit, out, errs)
	}
	if _, errs, exit := told(t, "fleet"); exit != exitUsage || !strings.Contains(errs, "-list") {
		t.Errorf("no folder: exit %d, %q", exit, errs)
	}
}

// listing tells what lies in a folder, with sizes and times.
func listing(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "none"
	}
	out := ""
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		out += fmt.Sprintln(e.Name(), info.Size(), info.ModTime().UnixNano())
	}
	return out
}

// A desk that serves says how its channels are, for its owner alone, and no more once
// it has ended.
func TestADeskThatServesSaysHowItsChannelsAre(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	var s status
	soon(t, "Telegram is up", func() bool {
		var ok bool
		s, ok = p.house.serving(time.Now())
		return ok && len(s.Channels) > 0 && s.Channels[0].Up
	})
	if len(s.Channels) != 1 || s.Channels[0].Scheme != conversation.Telegram ||
		!strings.HasPrefix(s.Channels[0].State, "Melayani sejak") {
		t.Errorf("the channels are %+v", s.Channels)
	}
	if info, err := os.Stat(p.house.path(statusFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its rights are %v, %v", info.Mode(), err)
	}
	out, errs, exit := told(t, "fleet", p.house.data)
	if exit != exitFine || !strings.Contains(out, "TG+") {
		t.Errorf("while it serves: exit %d, %s%s", exit, out, errs)
	}
	p.stop()
	if out, _, exit := told(t, "fleet", p.house.data); exit != exitFailed || !strings.Contains(out, "tidak berjalan") {
		t.Errorf("after it has ended: exit %d, %s", exit, out)
	}
}

// The mean of the ratings is told of three people or more, and never where a part of
// it is closed.
func TestFleetMeanRatingTellsOfNobody(t *testing.T) {
	t.Parallel()
	of := func(n ...int) conversation.Report {
		var cells []conversation.Cell
		for i, key := range []string{"sangat_puas", "puas", "kurang_puas", "tidak_puas"} {
			cells = append(cells, conversation.Cell{Key: key, N: n[i], People: conversation.Crowd(n[i], i)})
		}
		return conversation.Report{Sections: []conversation.Section{{Tables: []conversation.Table{
			conversation.Breakdown("penilaian", "", "", conversation.Bars, cells)}}}}
	}
	for _, c := range []struct {
		n    []int
		want string
	}{{[]int{0, 0, 0, 0}, "-"}, {[]int{2, 0, 0, 0}, "ditutup"}, {[]int{3, 0, 0, 0}, "4,00"}, {[]int{9, 3, 0, 0}, "3,75"},
		{[]int{9, 3, 1, 0}, "ditutup"}} {
		if m := monthOf(of(c.n...)); m.told[3] != c.want {
			t.Errorf("%v: %s, want %s", c.n, m.told[3], c.want)
		}
	}
}
