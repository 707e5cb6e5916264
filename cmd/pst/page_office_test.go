package main

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
)

var (
	inputShown = regexp.MustCompile(`<input id="isi-[^"]*" name="([^"]+)" value="([^"]*)"`)
	areaShown  = regexp.MustCompile(`(?s)<textarea id="isi-[^"]*" name="([^"]+)"[^>]*>\n(.*?)</textarea>`)
	pickShown  = regexp.MustCompile(`(?s)<select id="isi-[^"]*" name="([^"]+)"[^>]*>.*?<option value="([^"]*)" selected`)
	unescaped  = strings.NewReplacer("&#43;", "+", "&amp;", "&", "&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">")
)

// form is a part's form as it is shown, with what is typed over it.
func (p *pageDesk) form(part string, typed map[string]string) url.Values {
	p.t.Helper()
	_, body := p.get("/kantor/" + part)
	form := url.Values{}
	for _, shown := range []*regexp.Regexp{inputShown, areaShown, pickShown} {
		for _, m := range shown.FindAllStringSubmatch(body, -1) {
			form.Set(m[1], unescaped.Replace(m[2]))
		}
	}
	form.Set("versi", p.version("/kantor/"+part))
	for k, v := range typed {
		form.Set(k, v)
	}
	return form
}

// set changes a part of the office, which must be taken.
func (p *pageDesk) set(part string, typed map[string]string) {
	p.t.Helper()
	if status, body := p.post("/kantor/"+part, p.form(part, typed)); status != http.StatusOK ||
		!strings.Contains(body, "Tersimpan") {
		p.t.Fatalf("%s: %d\n%s", part, status, body)
	}
}

// refused tries a change that must be refused beside its field, with nothing changed.
func (p *pageDesk) refused(part, field, why string, typed map[string]string) {
	p.t.Helper()
	files := func() string { return p.file(kantorFile) + p.file(holidayFile) }
	before := files()
	status, body := p.post("/kantor/"+part, p.form(part, typed))
	beside := field == "" || regexp.MustCompile(`(?s)id="salah-`+field+`" role="alert">[^<]*`+regexp.QuoteMeta(why)).MatchString(body)
	if status != http.StatusUnprocessableEntity || !beside || !strings.Contains(body, why) {
		p.t.Errorf("%s %v: %d, want %q beside %s\n%s", part, typed, status, why, field, body)
	}
	if files() != before {
		p.t.Errorf("%s %v changed a file:\n%s", part, typed, files())
	}
}

func TestTheOfficeIsChangedAtThePage(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	p.login()
	reader := p.srv.User(4711)
	p.says(reader, "halo", "Sahabat Data")
	p.says(reader, "alamat kantor di mana", "Jl. Raya Manggarawan")

	p.set("identitas", map[string]string{"address": "Jl. Baru 5,\n Manggar", "telephone": "0719 999"})
	p.says(reader, "alamat kantor di mana", "Jl. Baru 5, Manggar")
	p.set("jam", map[string]string{"senin": "7.30 - 12.00, 13:00–15.00", "jumat": "", "sabtu": "09.00-11.00"})
	p.says(reader, "buka jam berapa", "Senin 07.30-12.00, Senin 13.00-15.00, Selasa-Kamis 08.00-15.30, Sabtu "+
		"09.00-11.00 WIB")
	text := p.file(kantorFile)
	for _, want := range []string{"'senin 07:30-12:00'", "address = 'Jl. Baru 5, Manggar'"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s does not say %s:\n%s", kantorFile, want, text)
		}
	}
	if strings.Contains(text, "Belitung Timur") || strings.Contains(text, "zone") {
		t.Errorf("%s holds what was not changed:\n%s", kantorFile, text)
	}
	if info, err := os.Stat(p.house.path(kantorFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if !p.noted("office changed", "jam") {
		t.Errorf("not audited: %q", p.audited())
	}

	// What is empty is as it was without the page.
	p.set("identitas", map[string]string{"address": ""})
	p.says(reader, "alamat kantor di mana", "Jl. Raya Manggarawan")

	p.refused("identitas", "email", "alamat email", map[string]string{"email": "kantor"})
	p.refused("identitas", "complaint_phone", "nomor HP", map[string]string{"complaint_phone": "123"})
	p.refused("identitas", "name", "Terlalu panjang", map[string]string{"name": strings.Repeat("x", 400)})
	p.refused("identitas", "zone", "WIB", map[string]string{"zone": "Mars/Utara"})
	p.refused("jam", "senin", "belum terbaca", map[string]string{"senin": "pagi"})
	p.refused("jam", "senin", "belum terbaca", map[string]string{"senin": "15.00-08.00"})
	p.refused("jam", "senin", "Waktu kedua", map[string]string{"senin": "08.00-12.00, 11.00-13.00"})
	shut := map[string]string{}
	for _, d := range dayNames {
		shut[d] = ""
	}
	p.refused("jam", "", "paling sedikit satu hari", shut)
	p.refused("pinjam", "days", "1 sampai 90", map[string]string{"days": "900"})
	p.refused("pinjam", "", "ditangani siapa", map[string]string{"staff": "siapa"})
	p.refused("kategori", "about_staff", "tidak ada pada kategori", map[string]string{"about_staff": "Perilaku"})
	p.refused("kategori", "categories", "1 sampai 12", map[string]string{"categories": "", "about_staff": ""})
	for _, path := range []string{"/kantor/petugas-9", "/kantor/petugas-01", "/kantor/libur-1999", "/kantor/..%2Fpst.toml",
		"/kantor/x"} {
		if status, _ := p.post(path, url.Values{"versi": {"x"}}); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	// Two who fill in one form at once: the second is told, with what both wrote.
	one, two := p.form("pinjam", map[string]string{"days": "10"}), p.form("pinjam", map[string]string{"most": "5"})
	other := p.form("jam", nil)
	if status, _ := p.post("/kantor/pinjam", one); status != http.StatusOK {
		t.Errorf("the first: %d", status)
	}
	if status, body := p.post("/kantor/pinjam", two); status != http.StatusConflict ||
		!strings.Contains(body, "perubahan lain sudah tersimpan") ||
		!strings.Contains(body, `value="5"`) || !strings.Contains(body, "10</dd>") {
		t.Errorf("the second: %d\n%s", status, body)
	}
	if status, _ := p.post("/kantor/jam", other); status != http.StatusOK {
		t.Errorf("another part is not held up: %d", status)
	}
	if _, body := p.get("/kantor"); strings.Contains(body, p.srv.Token()) {
		t.Error("the page shows a token")
	}
}

// An office that the program does not know needs its code, a way to write to it and one
// member of staff; the rest is filled in at the page, and then it serves.
func TestAnotherOfficeIsMadeCompleteAtThePage(t *testing.T) {
	t.Parallel()
	srv := telegramtest.Start(t, telegramtest.Options{})
	h := telegramHouse(t, srv, nil)
	add(t, h.path("pst.toml"), "[desk]\nlisten = \"127.0.0.1:0\"\n[office]\ncode = \"7371\"\n")
	p := &pageDesk{t: t, house: h, srv: srv, staff: srv.User(kasubbagID)}
	p.serve()
	p.browser = p.newBrowser()
	reader := srv.User(4711)
	reader.Say("halo")
	var out bytes.Buffer
	link := *h
	link.std.out = &out
	if err := (staffLinkCmd{Name: "Budi"}).Run(t.Context(), &link); err != nil {
		t.Fatal(err)
	}
	code := linkTold.FindStringSubmatch(out.String())[2]
	if status, _ := p.post("/masuk", url.Values{"kode": {code}}); status != http.StatusOK {
		t.Fatalf("not let in: %d", status)
	}
	if _, body := p.get("/kantor"); !strings.Contains(body, "kantor belum lengkap") ||
		!strings.Contains(body, "Zona waktu") {
		t.Errorf("the page does not say what is missing:\n%s", body)
	}
	typed := map[string]string{"zone": "Asia/Makassar"}
	for _, f := range facts {
		typed[f.key] = f.like
	}
	p.set("identitas", typed)
	if len(reader.FromBot()) > 0 {
		t.Error("an office that is not complete answers a reader")
	}
	p.set("jam", map[string]string{"senin": "08.00-15.00"})
	p.has(reader, "PST BPS Kabupaten Contoh")
	cfg, office, _, err := h.settings()
	if err != nil || cfg.complete() != nil || office.Zone.String() != "Asia/Makassar" ||
		namesKnown(p.file(kantorFile)) != "" {
		t.Errorf("%v, %v, %v:\n%s", err, cfg.complete(), office.Zone, p.file(kantorFile))
	}
}

func TestHolidaysAreWrittenAtThePage(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	if err := os.WriteFile(p.house.path(holidayFile), []byte("# dari SKB\n2031-01-01\tTahun Baru\tnasional\n"),
		0o600); err != nil {
		t.Fatal(err)
	}
	p.login()
	now := time.Now().In(time.FixedZone("WIB", 7*3600))
	next := now.AddDate(1, 0, 1-now.YearDay()).Format("2006")
	reader := p.srv.User(4711)
	p.says(reader, "halo", "Sahabat Data")

	// Every day of the year that comes is a holiday of the page: the desk says so.
	tomorrow := now.AddDate(0, 0, 1)
	was := p.form("libur-"+tomorrow.Format("2006"), nil).Get("hari")
	p.set("jam", map[string]string{"sabtu": "08.00-15.30", "minggu": "08.00-15.30"})
	if strings.Contains(was, dayText(tomorrow.Format(time.DateOnly))+" |") {
		was = ""
	}
	p.set("libur-"+tomorrow.Format("2006"), map[string]string{"hari": was + "\r\n" + tomorrow.Format("02/01/2006") +
		"; Hari <b>Kantor</b>"})
	p.says(reader, "besok buka?", "tutup")
	if text := p.file(holidayFile); !strings.HasPrefix(text, "# dari SKB\n2031-01-01\tTahun Baru\tnasional\n") ||
		!strings.Contains(text, tomorrow.Format(time.DateOnly)+"\tHari <b>Kantor</b>\tnasional\n") {
		t.Errorf("libur.tsv reads\n%s", text)
	}
	if _, body := p.get("/kantor"); strings.Contains(body, "<b>Kantor") {
		t.Error("a name is not escaped")
	}
	p.set("libur-"+tomorrow.Format("2006"), map[string]string{"hapus": "1"})
	p.says(reader, "besok buka?", "buka")
	if text := p.file(holidayFile); text != "# dari SKB\n2031-01-01\tTahun Baru\tnasional\n" {
		t.Errorf("libur.tsv reads\n%s", text)
	}
	p.set("tutup", map[string]string{"tanggal": tomorrow.Format("2-1-2006")})
	p.says(reader, "besok buka?", "tutup")

	p.refused("tutup", "tanggal", "Baris 1", map[string]string{"tanggal": "besok"})
	for _, bad := range []string{"", "besok", "31 Februari " + next + " | x", "1 Januari 1999 | x",
		"1 Januari | x | merah", "1 Januari", "1/1 | a\n01-01 | b",
		"1 Januari | a | b | c"} {
		p.refused("libur-"+next, "hari", "", map[string]string{"hari": bad})
	}
}

func TestStaffAreChangedAtThePageAtOnce(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	p.login()
	complainant, rina := p.srv.User(4711), p.srv.User(7001)
	p.says(complainant, "halo", "Sahabat Data")
	about := complained("ADU-261127-07K", complainant, "Loket ditutup lebih awal")
	about.Ticket.Category = "Perilaku petugas" // for the second contact alone, of whom there is none yet
	p.happened(about)
	p.says(rina, "halo", "Sahabat Data") // a reader among others

	if _, body := p.get("/kantor"); strings.Contains(body, "belum menyapa bot") || !strings.Contains(body, "Pak Budi") {
		t.Errorf("Pak Budi has written:\n%s", body)
	}
	p.refused("petugas-baru", "alamat", "bukan nama", map[string]string{"nama": "Bu Rina", "alamat": "telegram:@rina"})
	p.refused("petugas-baru", "alamat", "satu alamat", map[string]string{"nama": "Bu Rina"})
	p.refused("petugas-baru", "nama", "berbeda", map[string]string{"nama": "PAK BUDI", "alamat": "telegram:7001"})
	p.refused("petugas-baru", "", "sudah tercatat", map[string]string{"nama": "Bu Rina", "alamat": "telegram:88001"})
	p.refused("petugas-baru", "peran", "peran", map[string]string{"nama": "Bu Rina", "alamat": "telegram:7001",
		"peran": "raja"})
	p.set("petugas-baru", map[string]string{"nama": "Bu Rina", "peran": "kedua", "alamat": "telegram:7001",
		"hari": "senin"})
	p.set("petugas-baru", map[string]string{"nama": "Sari", "alamat": "telegram:7002\n081234567890"})
	_, body := p.get("/kantor")
	for _, want := range []string{"telegram:7002: belum menyapa bot", "WhatsApp tidak dipasang", "Senin"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	p.says(rina, "BALAS 07K Sudah kami perbaiki, terima kasih.", "Dikirim ke pelapor")
	p.hears(complainant, "Sudah kami perbaiki")

	// Bu Rina comes in, and is removed while she is there.
	budi := p.browser
	p.browser = p.newBrowser()
	hers := p.browser
	if status, body := p.post("/masuk", url.Values{"kode": {p.door(rina)}}); status != http.StatusOK ||
		!strings.Contains(body, "Bu Rina") {
		t.Fatalf("Bu Rina is not let in: %d\n%s", status, body)
	}
	p.browser = budi
	asked := p.form("petugas-2", map[string]string{"hapus": "1"})
	if status, body := p.post("/kantor/petugas-2", asked); status != http.StatusOK ||
		!strings.Contains(body, "Ya, lanjutkan") ||
		!strings.Contains(p.file(kantorFile), "Bu Rina") {
		t.Fatalf("it is not asked first: %d\n%s", status, body)
	}
	p.set("petugas-2", map[string]string{"hapus": "1", "yakin": "1"})
	p.browser = hers
	if _, body := p.get("/kantor"); !strings.Contains(body, `name="kode"`) || strings.Contains(body, "Pak Budi") {
		t.Errorf("who was removed is still in:\n%s", body)
	}
	p.browser = budi
	rina.Say("BALAS 07K Diam-diam")
	p.says(rina, "terima kasih", "Sama-sama")
	for _, m := range complainant.FromBot() {
		if strings.Contains(m.Text, "Diam-diam") {
			t.Error("a command of who was removed was heard")
		}
	}
	for _, want := range []string{"staff added Bu Rina", "staff removed Bu Rina", "staff added Sari"} {
		if !slices.ContainsFunc(p.audited(), func(line string) bool { return strings.HasSuffix(line, want) }) {
			t.Errorf("the audit has no %q: %q", want, p.audited())
		}
	}
	if all := strings.Join(p.audited(), "\n"); strings.Contains(all, "7001") || strings.Contains(all, "81234567890") {
		t.Errorf("the audit holds an address:\n%s", all)
	}

	// What was not changed is not saved.
	lines := len(p.audited())
	p.set("petugas-2", nil)
	p.set("identitas", nil)
	if n := len(p.audited()); n != lines {
		t.Errorf("nothing was changed, and %d lines are in the audit", n-lines)
	}

	// The last Kasubbag stays, and nobody leaves by accident.
	for name, typed := range map[string]map[string]string{"removed": {"hapus": "1"}, "renamed": {"nama": "Budi"},
		"another role":    {"peran": "petugas"},
		"another address": {"alamat": "telegram:7003"}} {
		if status, body := p.post("/kantor/petugas-1", p.form("petugas-1", typed)); status != http.StatusOK ||
			!strings.Contains(body, "Ya, lanjutkan") {
			t.Errorf("Pak Budi himself, %s, is not asked: %d", name, status)
		}
	}
	sure := func(typed map[string]string) map[string]string {
		typed = maps.Clone(typed)
		typed["yakin"] = "1"
		return typed
	}
	p.refused("petugas-1", "", "seorang Kasubbag", sure(map[string]string{"hapus": "1"}))
	p.refused("petugas-1", "", "seorang Kasubbag", sure(map[string]string{"peran": "petugas"}))
	p.refused("petugas-1", "", "seorang Kasubbag", sure(map[string]string{"alamat": "081234567899"}))
	p.post("/kantor/petugas-1", p.form("petugas-1", sure(map[string]string{"nama": "Budi"})))
	if _, body := p.get("/"); !strings.Contains(body, `name="kode"`) {
		t.Error("the session of a name that is nobody's stays")
	}
	if status, body := p.post("/masuk", url.Values{"kode": {p.door(p.staff)}}); status != http.StatusOK ||
		!strings.Contains(body, "<span>Budi</span>") {
		t.Errorf("Budi by his new name: %d", status)
	}
}

// Who is at the desk does not choose who reads the complaints about them.
func TestThoseAtTheDeskAppointNobody(t *testing.T) {
	t.Parallel()
	p := servePage(t, "[[staff]]\nname = \"Bu Ani\"\nrole = \"petugas\"\naddresses = [\"telegram:880077\"]\n")
	ani := p.srv.User(880077)
	if status, body := p.post("/masuk", url.Values{"kode": {p.door(ani)}}); status != http.StatusOK ||
		!strings.Contains(body, "Bu Ani") {
		t.Fatalf("Bu Ani is not let in: %d\n%s", status, body)
	}
	for part, typed := range map[string]map[string]string{
		"petugas-baru": {"nama": "Teman Ani", "peran": "kedua", "alamat": "telegram:7001"},
		"petugas-1":    {"hapus": "1", "yakin": "1"},
		"petugas-2":    {"peran": "kedua", "yakin": "1"},
		"kategori":     {"tentang": ""},
	} {
		if status, body := p.post("/kantor/"+part, p.form(part, typed)); status == http.StatusOK ||
			!strings.Contains(body, "hanya diubah oleh Kasubbag") {
			t.Errorf("%s: %d\n%s", part, status, body)
		}
	}
	if _, err := os.Stat(p.house.path(kantorFile)); err == nil && strings.Contains(p.file(kantorFile), "Ani") {
		t.Errorf("something was changed:\n%s", p.file(kantorFile))
	}
	p.set("tutup", nil) // the rest of the office is theirs as well
}
