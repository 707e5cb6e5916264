package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"pst/bot"
	"pst/bot/telegram"
	"pst/bot/whatsapp"
	"pst/cmd/pst/watch"
	"pst/conversation"
	"pst/conversation/nlu"
	"pst/search"
	"pst/store/holdings"
)

// checkCmd looks at everything that an operator can set right.
type checkCmd struct {
	Deep bool   `help:"Buka juga setiap isi tersegel di basis data."`
	Mail string `help:"Hanya kirim surat uji ke alamat ini, dan katakan apa yang salah." placeholder:"ALAMAT"`
}

func (c checkCmd) Run(ctx context.Context, h *house) error {
	if c.Mail != "" {
		return testLetter(ctx, h, c.Mail)
	}
	cfg, err := loadConfig(h, lookup)
	if err != nil {
		return err
	}
	_, office, _, settingsErr := h.settings()
	printed := cfg.redacted()
	if settingsErr == nil {
		in := shown(*office)
		printed.Office, printed.Loans = in.Office, in.Loans
		printed.Office.Holidays = cfg.Office.Holidays
	}
	text, err := toml.Marshal(printed)
	if err != nil {
		return fmt.Errorf("check: print configuration: %w", err)
	}
	fmt.Fprintf(h.std.out, "%s\n", text)
	if lines := cfg.from.lines(); len(lines) > 0 {
		fmt.Fprintf(h.std.out, "Bukan dari pst.toml:\n  %s\n\n", strings.Join(lines, "\n  "))
	}
	f := &findings{out: h.std.out}
	f.group("Meja layanan")
	f.tell("pengaturan, daftar, dan kalimat", settingsErr, "dapat dipakai")
	f.tell("data kantor", cfg.complete(), "lengkap")
	days, err := h.holidays()
	if err == nil {
		err = holidaysMissing(days, time.Now().In(office.Zone))
	}
	f.tell("hari libur", err, "daftar tahun ini ada")
	staff, err := cfg.staff(*office)
	f.tell("petugas", err, fmt.Sprintf("%d orang", len(staff)))
	err = search.ValidateTables(os.DirFS(h.path("tables")))
	ofSettings(&err)
	f.tell("tabel istilah dan wilayah", err, "dapat dipakai")
	_, err = nlu.Load(os.DirFS(h.path("tables")))
	ofSettings(&err)
	f.tell("tabel kata yang ditulis orang", err, "dapat dipakai")
	d, err := h.open(ctx)
	f.tell("folder data "+h.data, err, "dapat dibuka")
	if err != nil {
		return saying("folder data belum dapat dibuka; benahi dahulu baris yang diawali BAD")
	}
	defer d.close()
	c.desk(ctx, h, d, f)
	d.checkWatch(ctx, h, f)
	f.group("Koleksi")
	f.tell("pembaca halaman PDF", holdings.Executes(), "dapat berjalan di sini")
	d.checkHoldings(ctx, f)
	f.group("Telegram")
	ahead, told := d.checkTelegram(ctx, h, f)
	f.group("WhatsApp")
	d.checkWhatsApp(ctx, h, f)
	f.group("Email")
	d.checkMail(ctx, f)
	d.checkBox(ctx, f)
	f.group("Disk")
	d.checkDisk(h, f)
	f.group("Jam")
	d.checkClock(ctx, ahead, told, f)
	f.group("Cadangan")
	d.checkBackup(f, time.Now())
	if f.bad > 0 {
		return saying("%d hal perlu dibenahi; lihat baris yang diawali BAD di atas", f.bad)
	}
	fmt.Fprintln(h.std.out, "\nSemuanya baik.")
	return nil
}

// desk looks at the files and the database of an open desk.
func (c checkCmd) desk(ctx context.Context, h *house, d *desk, f *findings) {
	d.checkFiles(h, f)
	f.tell("basis data", d.db.Check(ctx), "utuh")
	if !c.Deep {
		return
	}
	bad, err := d.db.Unreadable(ctx)
	if err == nil && len(bad) > 0 {
		err = saying("%d isi tersegel tidak dapat dibuka; kirim baris ini kepada pengelola sistem: %s",
			len(bad), strings.Join(bad, "; "))
	}
	f.tell("isi tersegel", err, "semuanya dapat dibuka")
	if bad, err = d.db.Contradictions(ctx, time.Now().Add(-day)); err == nil && len(bad) > 0 {
		err = saying("%d catatan tidak cocok; kirim baris ini kepada pengelola sistem: %s", len(bad), strings.Join(bad, "; "))
	}
	f.tell("buku hak kutip dan tabel", err, "cocok")
}

// checkWatch asks the address of [watch] how the desk is, where one is set and the desk
// serves.
func (d *desk) checkWatch(ctx context.Context, h *house, f *findings) {
	if d.cfg.Watch.Listen == "" {
		return
	}
	if _, serving := h.serving(time.Now()); !serving {
		f.say(true, "pemantauan di %s: belum dapat ditanya, karena pst serve tidak berjalan", d.cfg.Watch.Listen)
		return
	}
	checks, err := watch.Ask(ctx, d.cfg.Watch.Listen)
	switch {
	case err != nil:
		f.tell("pemantauan di "+d.cfg.Watch.Listen,
			forPeople{err, "tidak menjawab; jalankan lagi pst serve, dan periksa watch.listen di pst.toml"}, "")
	case !watch.Well(checks):
		f.say(false, "pemantauan di %s: ada yang perlu perhatian (%s)", d.cfg.Watch.Listen, watch.Words(checks, ""))
	default:
		f.say(true, "pemantauan di %s: menjawab, semuanya baik", d.cfg.Watch.Listen)
	}
}

// findings tells what a check finds, a line each: ok and how it is, or BAD with why and
// what to do.
type findings struct {
	out io.Writer
	bad int
}

// group begins what belongs together.
func (f *findings) group(name string) { fmt.Fprintf(f.out, "\n%s\n", name) }

// say tells one finding.
func (f *findings) say(well bool, format string, args ...any) {
	mark := "ok   "
	if !well {
		mark = "BAD  "
		f.bad++
	}
	fmt.Fprintf(f.out, mark+format+"\n", args...)
}

// tell tells that a thing is well, or in words what is wrong with it; of several things
// that are wrong each in a line.
func (f *findings) tell(what string, err error, well string) {
	if err == nil {
		f.say(true, "%s: %s", what, well)
		return
	}
	several, joined := err.(interface{ Unwrap() []error })
	if !joined || !strings.Contains(err.Error(), "\n") {
		f.say(false, "%s: %s", what, inWords(err))
		return
	}
	f.say(false, "%s:", what)
	for _, e := range several.Unwrap() {
		fmt.Fprintf(f.out, "     %s\n", inWords(e))
	}
}

// toldStrict names the publications, and the offices, whose excerpts are marked
// pictures.
func toldStrict(list []conversation.Publication, offices []string) string {
	told := fmt.Sprintf("%d publikasi", len(list))
	for i, p := range list {
		told += map[bool]string{true: ": ", false: ", "}[i == 0] + p.ID
	}
	if len(offices) > 0 {
		told += "; semua milik kantor " + strings.Join(offices, ", ")
	}
	return told
}

// wrongClock is nil for a clock that is right.
func wrongClock(off time.Duration) error {
	if off == 0 {
		return nil
	}
	return saying("berbeda %v dari jam Telegram; betulkan jam komputer dan nyalakan penyetelan otomatis, "+
		"selama itu data lama tidak dihapus", off.Round(time.Minute))
}

// checkTelegram looks at the bot: its token, whether it is reached, what stands in its
// way. It tells how far Telegram's clock is from ours, where that became known.
func (d *desk) checkTelegram(ctx context.Context, h *house, f *findings) (ahead time.Duration, told bool) {
	c := d.cfg.Telegram
	if c.Token == "" {
		f.say(true, "tidak dipakai")
		return 0, false
	}
	if err := telegram.CheckToken(c.Token); err != nil {
		f.tell("token", err, "")
		return 0, false
	}
	f.say(true, "token: bentuknya benar")
	t, err := d.telegram(h, platform{})
	if err != nil {
		f.tell("pengaturan", err, "")
		return 0, false
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for _, one := range t.Check(ctx) {
		f.say(one.OK, "%s", strings.Replace(telegramFindings[one.Key], "%s", one.Detail, 1))
	}
	if _, told = t.Ahead(); told {
		ahead = clockOff([]bot.Clocked{t})
	}
	return ahead, told
}

func (d *desk) checkWhatsApp(ctx context.Context, h *house, f *findings) {
	if !d.cfg.WhatsApp.Enabled {
		f.say(true, "tidak dipakai")
		return
	}
	w, err := d.whatsapp(h, platform{})
	if err != nil {
		f.tell("pengaturan", err, "")
		return
	}
	state, err := w.Inspect(ctx)
	if err != nil {
		f.tell("perangkat", err, "")
		return
	}
	facts, err := w.Facts(ctx)
	if err != nil {
		f.tell("perangkat", err, "")
		return
	}
	if facts.Unreadable > 0 {
		f.say(true, "%d pesan dalam 30 hari tidak terbaca; pengirimnya diminta menulis lagi", facts.Unreadable)
	}
	if !facts.Phone.IsZero() {
		todo := ""
		if facts.PhoneLost {
			todo = "; nyalakan HP itu dan buka WhatsApp di sana: bila dua minggu tidak terlihat, WhatsApp memutus bot"
		}
		f.say(!facts.PhoneLost, "HP layanan terakhir terlihat %s%s",
			facts.Phone.In(d.office().Zone).Format("2006-01-02"), todo)
	}
	switch state {
	case whatsapp.Unpaired, whatsapp.LoggedOut, whatsapp.Banned, whatsapp.Replaced, whatsapp.Outdated:
		w := whatsappWords[state]
		todo := w.todo
		if state == whatsapp.Unpaired || state == whatsapp.LoggedOut {
			todo = "Tautkan di halaman petugas (Kanal), atau jalankan pst pair."
		}
		f.say(false, "%s %s", w.state, todo)
	default:
		f.say(true, "perangkat tertaut")
	}
}
