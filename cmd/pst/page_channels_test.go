package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"image/png"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"pst/bot"
	"pst/bot/telegram"
	"pst/bot/telegram/telegramtest"
	"pst/bot/web"
	"pst/bot/whatsapp"
	"pst/bot/whatsapp/whatsapptest"
	"pst/conversation"
)

const aniID = 880077

// linkDesk is a desk whose WhatsApp is enabled, and linked to no phone.
type linkDesk struct {
	*pageDesk
	wa  *whatsapptest.Server
	log *locked
	ani *http.Client // the browser of Bu Ani, another member of staff, who is let in
}

func serveLinking(t *testing.T) *linkDesk {
	t.Helper()
	wa, said := whatsapptest.New(t), &locked{}
	p := &linkDesk{wa: wa, log: said}
	p.pageDesk = servePageOver(t, platform{whatsapp: wa.HTTPClient()}, fmt.Sprintf("[whatsapp]\nenabled = true\n"+
		"[[staff]]\nname = \"Bu Ani\"\nrole = \"petugas\"\naddresses = [\"telegram:%d\"]\n", aniID), func(h *house) {
		h.std = streams{out: said, err: said}
		h.log = slog.New(slog.NewTextHandler(said, nil))
	})
	p.login()
	p.ani = p.newBrowser()
	p.as(p.ani, func() {
		if status, body := p.post("/masuk", url.Values{"kode": {p.door(p.srv.User(aniID))}}); status != http.StatusOK ||
			!strings.Contains(body, "Bu Ani") {
			t.Fatalf("Bu Ani is not let in: %d\n%s", status, body)
		}
	})
	return p
}

// as does something in another browser.
func (p *pageDesk) as(browser *http.Client, do func()) {
	before := p.browser
	p.browser = browser
	defer func() { p.browser = before }()
	do()
}

// wrote waits for a line of the audit by a member of staff.
func (p *pageDesk) wrote(who, what string) {
	p.t.Helper()
	line := conversation.Staff{Name: who}.Web().Masked() + " " + what
	soon(p.t, "audit: "+line, func() bool { return slices.Contains(p.audited(), line) })
}

var qrShown = regexp.MustCompile(`src="(/kanal/whatsapp/kode\.png\?\d+)"`)

// scanned waits for a code on the page, and reads it as a phone does.
func (p *linkDesk) scanned() string {
	p.t.Helper()
	var found []string
	soon(p.t, "a QR code is shown", func() bool {
		_, body := p.get("/kanal/whatsapp/kini")
		found = qrShown.FindStringSubmatch(body)
		return found != nil
	})
	status, body := p.get(found[1])
	code, err := readQR([]byte(body))
	if status != http.StatusOK || err != nil {
		p.t.Fatalf("a phone cannot read the code: %d, %v", status, err)
	}
	return code
}

// readQR reads the code in a picture, as a phone does.
func readQR(picture []byte) (string, error) {
	shown, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return "", err
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(shown)
	if err != nil {
		return "", err
	}
	// As the picture alone: this reader's search for a code in a photo fails at two of a hundred.
	read, err := qrcode.NewQRCodeReader().Decode(bits,
		map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
	if err != nil {
		return "", err
	}
	return read.GetText(), nil
}

// now waits until the linking's part of the page says something.
func (p *linkDesk) now(what string) (body string) {
	p.t.Helper()
	soon(p.t, "the page says "+what, func() bool {
		_, body = p.get("/kanal/whatsapp/kini")
		return strings.Contains(body, what)
	})
	return body
}

// answers shows that WhatsApp serves, without a restart.
func (p *linkDesk) answers(phone string) {
	p.t.Helper()
	p.now("Melayani sejak")
	siti := p.wa.Person(phone, "Siti Aminah")
	siti.Say(deskPhone, "selamat pagi")
	if got := whatsapptest.Text(siti.Next()); !strings.Contains(got, "Sahabat Data") {
		p.t.Errorf("the reader is told %q", got)
	}
}

func (p *linkDesk) begin(form url.Values) string {
	p.t.Helper()
	status, body := p.post("/kanal/whatsapp", form)
	if status != http.StatusOK {
		p.t.Fatalf("linking was not begun: %d\n%s", status, body)
	}
	return body
}

// A desk whose WhatsApp is not linked serves what else it has. Its page shows a code
// that a phone can scan, to who asked for it alone; and WhatsApp serves from then on.
// When the phone unlinks it, it is linked again the same way.
func TestLinkWhatsAppFromThePage(t *testing.T) {
	t.Parallel()
	p := serveLinking(t)
	soon(t, "the channels are told of", func() bool {
		_, body := p.get("/kanal")
		return strings.Contains(body, "Belum ditautkan ke HP") && strings.Contains(body, "Perlu perhatian") &&
			strings.Contains(body, "Melayani sejak")
	})
	p.begin(url.Values{"cara": {"qr"}})
	code := p.scanned()
	p.as(p.ani, func() {
		_, body := p.get("/kanal/whatsapp")
		if !strings.Contains(body, "Pak Budi") || strings.Contains(body, "kode.png") || strings.Contains(body, "Pindai") {
			t.Errorf("another member sees\n%s", body)
		}
		if status, _ := p.get("/kanal/whatsapp/kode.png"); status != http.StatusNotFound {
			t.Errorf("another member gets the picture: %d", status)
		}
		if status, body := p.post("/kanal/whatsapp", url.Values{"cara": {"qr"}}); status != http.StatusConflict ||
			!strings.Contains(body, "petugas lain") {
			t.Errorf("two at once: %d\n%s", status, body)
		}
	})
	p.as(p.newBrowser(), func() {
		for _, path := range []string{"/kanal", "/kanal/whatsapp", "/kanal/whatsapp/kini", "/kanal/whatsapp/kode.png"} {
			if _, body := p.get(path); !strings.Contains(body, `name="kode"`) || strings.Contains(body, "WhatsApp ke") {
				t.Errorf("%s shows a stranger\n%s", path, body)
			}
		}
		for _, path := range []string{"/kanal/whatsapp", "/kanal/whatsapp/henti", "/kanal/whatsapp/sandi", "/kanal/periksa"} {
			if status, _ := p.post(path, url.Values{"cara": {"qr"}}); status != http.StatusUnauthorized {
				t.Errorf("a stranger's %s: %d", path, status)
			}
		}
	})
	p.begin(url.Values{"cara": {"qr"}}) // sent twice: the first goes on
	if err := p.wa.Scan(deskPhone, code); err != nil {
		t.Fatal(err)
	}
	if body := p.now("Berhasil"); strings.Contains(body, "kode.png") {
		t.Errorf("still shows a code\n%s", body)
	}
	p.answers(sitiPhone)
	p.wrote("Pak Budi", "WhatsApp linking begun")
	p.wrote("Pak Budi", "WhatsApp linked")

	p.wa.Remove(deskPhone)
	p.now("Dikeluarkan")
	p.begin(url.Values{"cara": {"qr"}})
	if err := p.wa.Scan(deskPhone, p.scanned()); err != nil {
		t.Fatal(err)
	}
	p.answers("6281200000077")
	for _, secret := range []string{code, strings.Split(code, ",")[3], deskPhone} {
		if strings.Contains(p.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

// A desk that has nothing but a WhatsApp that is not linked starts all the same, and
// lets staff in at the machine.
func TestLinkTheOnlyChannelFromThePage(t *testing.T) {
	t.Parallel()
	wa := whatsapptest.New(t)
	p := &linkDesk{wa: wa}
	p.pageDesk = servePageOver(t, platform{whatsapp: wa.HTTPClient()}, "", func(h *house) {
		text := fmt.Sprintf("[whatsapp]\nenabled = true\n[[staff]]\nname = \"Pak Budi\"\nrole = \"kasubbag\"\naddresses = "+
			"[\"whatsapp:%s\"]\n"+
			"[desk]\nlisten = \"127.0.0.1:0\"\n", kasubbagWritten)
		if err := os.WriteFile(h.path("pst.toml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	var told bytes.Buffer
	h := *p.house
	h.std.out = &told
	if err := (staffLinkCmd{Name: "budi"}).Run(t.Context(), &h); err != nil {
		t.Fatal(err)
	}
	found := linkTold.FindStringSubmatch(told.String())
	if status, _ := p.post("/masuk", url.Values{"kode": {found[2]}}); status != http.StatusOK {
		t.Fatalf("not let in: %d", status)
	}
	p.begin(url.Values{"cara": {"qr"}})
	if err := wa.Scan(deskPhone, p.scanned()); err != nil {
		t.Fatal(err)
	}
	p.answers(sitiPhone)
}

var linkCode = regexp.MustCompile(`<output>([0-9A-Z]{4}-[0-9A-Z]{4})</output>`)

// A code to be typed on the phone, by its number; a number that is none is told beside
// its field and begins nothing.
func TestLinkWhatsAppByNumberFromThePage(t *testing.T) {
	t.Parallel()
	p := serveLinking(t)
	for _, wrong := range []string{"", "006281111111", "nomor saya", strings.Repeat("9", 4000), "\xff\x00"} {
		status, body := p.post("/kanal/whatsapp", url.Values{"cara": {"nomor"}, "nomor": {wrong}})
		if status != http.StatusBadRequest || !strings.Contains(body, `aria-invalid="true"`) && len(wrong) < 4000 {
			t.Errorf("%.10q: %d\n%s", wrong, status, body)
		}
	}
	if status, _ := p.post("/kanal/whatsapp", url.Values{"cara": {"surat"}}); status != http.StatusBadRequest {
		t.Errorf("another way: %d", status)
	}
	if _, body := p.get("/kanal/whatsapp"); strings.Contains(body, "Hentikan penautan") {
		t.Errorf("a wrong number began something\n%s", body)
	}
	p.begin(url.Values{"cara": {"nomor"}, "nomor": {"0812-0000-0001"}})
	found := linkCode.FindStringSubmatch(p.now("<output>"))
	if found == nil {
		t.Fatal("no code")
	}
	if err := p.wa.EnterCode(deskPhone, found[1]); err != nil {
		t.Fatal(err)
	}
	p.answers(sitiPhone)
	if strings.Contains(p.log.String(), found[1]) || strings.Contains(p.log.String(), deskPhone) {
		t.Error("the log holds the code or the number")
	}
}

// An account with a passkey; the answer that cannot be read, and the one that can.
func TestLinkWhatsAppWithAPasskeyFromThePage(t *testing.T) {
	t.Parallel()
	p := serveLinking(t)
	ask := func() string {
		p.begin(url.Values{"cara": {"qr"}})
		p.scanned()
		p.wa.AskPasskey(deskPhone)
		return html.UnescapeString(p.now("Jawaban dari Konsol"))
	}
	if body := ask(); !strings.Contains(body, "parseRequestOptionsFromJSON") ||
		!strings.Contains(body, `"rpId":"whatsapp.com"`) {
		t.Errorf("no snippet:\n%s", body)
	}
	p.as(p.ani, func() {
		p.post("/kanal/whatsapp/sandi", url.Values{"jawaban": {"{}"}}) // not hers: ignored
		if _, body := p.get("/kanal/whatsapp"); strings.Contains(body, "parseRequest") ||
			!strings.Contains(body, "Pak Budi") {
			t.Errorf("another member sees\n%s", body)
		}
	})
	p.post("/kanal/whatsapp/sandi", url.Values{"jawaban": {"saya tidak tahu"}})
	p.now("Jawaban kunci sandi tidak terbaca. Mulai lagi")
	ask()
	p.post("/kanal/whatsapp/sandi", url.Values{"jawaban": {`{"id":"Y3JlZGVudGlhbA","rawId":"Y3JlZGVudGlhbA==","type":"public-key","response":` +
		`{"clientDataJSON":"e30","authenticatorData":"YXV0aA","signature":"c2ln","userHandle":null}}`}})
	p.answers(sitiPhone)
}

// A phone is replaced after a second question; when no other phone is linked, the old
// one serves on.
func TestReplaceALostPhoneFromThePage(t *testing.T) {
	t.Parallel()
	p := serveLinking(t)
	p.begin(url.Values{"cara": {"qr"}})
	if err := p.wa.Scan(deskPhone, p.scanned()); err != nil {
		t.Fatal(err)
	}
	p.now("Melayani sejak")
	if _, body := p.get("/kanal/whatsapp"); !strings.Contains(body, "Ganti HP yang tertaut") ||
		!strings.Contains(body, `name="ganti"`) {
		t.Errorf("a linked desk is offered\n%s", body)
	}
	p.begin(url.Values{"cara": {"qr"}})
	p.now("sudah tertaut. Bila HP-nya hilang atau diganti")

	replace := url.Values{"cara": {"qr"}, "ganti": {"1"}}
	if body := p.begin(replace); !strings.Contains(body, "Ganti HP yang tertaut?") {
		t.Errorf("not asked twice:\n%s", body)
	}
	p.now("Melayani sejak")
	replace.Set("yakin", "1")
	p.begin(replace)
	p.scanned()
	p.as(p.ani, func() { p.post("/kanal/whatsapp/henti", url.Values{}) })
	p.wrote("Bu Ani", "WhatsApp linking stopped")
	p.wrote("Pak Budi", "WhatsApp linking begun, in place of the linked phone")
	p.now("Dihentikan. Tidak ada yang berubah")
	p.answers(sitiPhone)

	p.begin(replace)
	if err := p.wa.Scan(deskPhone, p.scanned()); err != nil {
		t.Fatal(err)
	}
	p.answers("6281200000077")
}

// A linking that nobody looks at ends; one that somebody looks at goes on.
func TestLinkingEndsWhenItsPageIsLeft(t *testing.T) {
	t.Parallel()
	wa := whatsapptest.New(t)
	w, err := whatsapp.New(whatsapp.Config{DeviceFile: t.TempDir() + "/whatsapp.db", Key: bytes.Repeat([]byte{1}, 32),
		HTTP: wa.HTTPClient()})
	if err != nil {
		t.Fatal(err)
	}
	l := newLinking([]bot.Channel{w}, func(context.Context, conversation.AuditEntry) error { return nil },
		slog.New(slog.DiscardHandler))
	t.Cleanup(l.close)
	budi, ani := conversation.Staff{Name: "Pak Budi"}, conversation.Staff{Name: "Bu Ani"}
	if err := l.Link(t.Context(), budi, web.LinkOrder{}); err != nil {
		t.Fatal(err)
	}
	soon(t, "a code", func() bool { return l.Linking(budi).Picture })
	if err := l.Link(t.Context(), ani, web.LinkOrder{}); !errors.Is(err, web.ErrBusy) {
		t.Errorf("two at once: %v", err)
	}
	l.mu.Lock()
	l.left = time.Millisecond
	l.mu.Unlock()
	l.Linking(budi) // the last look
	soon(t, "it ends", func() bool { return !l.Linking(ani).Running })
	if got := l.Linking(ani); got.Done || !strings.Contains(got.Fault, "ditinggalkan") {
		t.Errorf("%+v", got)
	}
	if l.Picture(budi) != nil {
		t.Error("the code is kept")
	}
}

// Every state of WhatsApp is told in a sentence, with what to do where somebody has to.
func TestStatesOfWhatsAppAreToldInWords(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("WIB", 7*3600)
	d := &desk{}
	d.known.Store(&known{office: &conversation.Office{Zone: zone}})
	c := channelsPage{desk: d}
	then := time.Date(2026, 11, 27, 2, 30, 0, 0, time.UTC)
	later := time.Now().Add(48 * time.Hour)
	up := bot.ChannelState{Up: true, Since: then}
	for name, x := range map[string]struct {
		s    whatsapp.Status
		told bot.ChannelState
		well bool
		want []string
	}{
		"online": {whatsapp.Status{State: whatsapp.Online}, up, true,
			[]string{"Melayani sejak 27-11-2026 pukul 09.30"}},
		"stopped":    {whatsapp.Status{State: whatsapp.Stopped}, up, false, []string{"tidak berjalan", "pengelola"}},
		"in use":     {whatsapp.Status{State: whatsapp.InUse}, up, false, []string{"program lain", "pst pair"}},
		"unpaired":   {whatsapp.Status{State: whatsapp.Unpaired}, up, false, []string{"Belum ditautkan", "Tautkan ke HP"}},
		"pairing":    {whatsapp.Status{State: whatsapp.Pairing}, up, false, []string{"Sedang ditautkan"}},
		"connecting": {whatsapp.Status{State: whatsapp.Connecting}, up, false, []string{"Sedang menyambung"}},
		"reconnecting": {whatsapp.Status{State: whatsapp.Reconnecting, Until: later}, up, false,
			[]string{"terputus", "internet", "Dicoba lagi sendiri"}},
		"logged out": {whatsapp.Status{State: whatsapp.LoggedOut}, up, false, []string{"Dikeluarkan", "tidak hilang",
			"Tautkan ke HP"}},
		"banned": {whatsapp.Status{State: whatsapp.Banned, Until: later}, up, false,
			[]string{"membatasi", "Dicoba lagi sendiri " + later.In(zone).Format("02-01-2006"), "Jangan menautkan"}},
		"replaced": {whatsapp.Status{State: whatsapp.Replaced}, up, false, []string{"diambil alih", "satu komputer"}},
		"outdated": {whatsapp.Status{State: whatsapp.Outdated}, up, false, []string{"versi program", "memperbarui"}},
		"full": {whatsapp.Status{State: whatsapp.Online, Store: then}, up, false, []string{"tidak dapat disimpan sejak",
			"disk"}},
		"silent": {whatsapp.Status{State: whatsapp.Online, Silent: then}, up, false,
			[]string{"tidak ada HP yang menerimanya", "dibatasi"}},
		"locked": {whatsapp.Status{State: whatsapp.Online, ReachOut: later}, up, true,
			[]string{"menyapa orang lebih dahulu sampai", "tetap dapat"}},
		"lost": {whatsapp.Status{State: whatsapp.Online, Phone: then, PhoneLost: true}, up, false,
			[]string{"terakhir terlihat 27-11-2026", "Nyalakan HP"}},
		"failing": {whatsapp.Status{State: whatsapp.Online}, bot.ChannelState{Why: "send: timeout"}, false,
			[]string{"kiriman terakhir gagal"}},
	} {
		x.s.Since = then
		var one web.Channel
		c.whatsapp(&one, x.s, x.told)
		all := one.State + " " + one.Todo + " " + strings.Join(one.Facts, " ")
		for _, want := range x.want {
			if !strings.Contains(all, want) || one.Well != x.well {
				t.Errorf("%s: well %t, %q lacks %q", name, one.Well, all, want)
			}
		}
	}
}

// So is whatever keeps Telegram away.
func TestStatesOfTelegramAreToldInWords(t *testing.T) {
	t.Parallel()
	for want, ill := range map[string]error{
		"tidak dapat dihubungi":    &telegram.Error{Method: "getUpdates", Err: errors.New("no route to host")},
		"menolak token":            fmt.Errorf("refused (%w)", &telegram.Error{Code: 401, Description: "Unauthorized"}),
		"Program lain":             &telegram.Error{Code: 409, Description: "Conflict"},
		"meminta menunggu":         &telegram.Error{Code: 429, Description: "Too Many Requests"},
		"sedang terganggu":         &telegram.Error{Code: 502},
		"Kiriman terakhir gagal":   nil,
		"Telegram tidak dapat dih": errors.New("something else"),
	} {
		if state, _ := telegramWords(ill); !strings.Contains(state, want) {
			t.Errorf("%v: %q", ill, state)
		}
	}
}

// Each channel's button asks the platform itself, and tells in words.
func TestChannelsAreTriedFromThePage(t *testing.T) {
	t.Parallel()
	letters := startPost(t)
	p := servePage(t, fmt.Sprintf("[smtp]\nhost = \"127.0.0.1\"\nport = %d\ntls = \"none\"\n"+
		"[[staff]]\nname = \"Bu Ani\"\nrole = \"petugas\"\naddresses = [\"telegram:%d\", \"mailto:ani@contoh.go.id\"]\n",
		letters.port, aniID))
	p.login()
	try := func(channel string) string {
		t.Helper()
		status, body := p.post("/kanal/periksa", url.Values{"kanal": {channel}})
		if status != http.StatusOK {
			t.Fatalf("%s: %d\n%s", channel, status, body)
		}
		return body
	}
	if body := try("telegram"); !strings.Contains(body, "Token diterima. Nama bot: @") ||
		!strings.Contains(body, "tanpa webhook") ||
		strings.Contains(body, "Belum beres") {
		t.Errorf("telegram:\n%s", body)
	}
	if body := try("mailto"); !strings.Contains(body, "Surat uji tidak dikirim") || len(letters.all("")) > 0 {
		t.Errorf("mail without an address of their own:\n%s", body)
	}
	p.as(p.newBrowser(), func() {
		p.post("/masuk", url.Values{"kode": {p.door(p.srv.User(aniID))}})
		if body := try("mailto"); !strings.Contains(body, "menerima surat uji") {
			t.Errorf("mail:\n%s", body)
		}
	})
	if l := letters.letterTo(t, "ani@contoh.go.id"); !strings.Contains(l.data, "surat uji") {
		t.Errorf("letter: %s", l.data)
	}
	p.wrote("Bu Ani", "test letter sent to their own address")
	letters.mu.Lock()
	letters.says["ani@contoh.go.id"] = "550 5.1.1 no such user"
	letters.mu.Unlock()
	p.as(p.newBrowser(), func() {
		p.post("/masuk", url.Values{"kode": {p.door(p.srv.User(aniID))}})
		if body := try("mailto"); !strings.Contains(body, "tidak mau mengantar ke alamat itu") ||
			strings.Contains(body, "ani@contoh.go.id") {
			t.Errorf("refused:\n%s", body)
		}
	})
	p.srv.Fail("getMe", 1, telegramtest.Refusal(http.StatusUnauthorized, "Unauthorized"))
	if body := try("telegram"); !strings.Contains(body, "menolak token bot") {
		t.Errorf("a refused token:\n%s", body)
	}
	for _, bad := range []string{"", "whatsapp", "web", strings.Repeat("x", 9000)} {
		if status, _ := p.post("/kanal/periksa", url.Values{"kanal": {bad}}); status != http.StatusBadRequest {
			t.Errorf("%.9q: %d", bad, status)
		}
	}
	if status, _ := p.get("/kanal/whatsapp"); status != http.StatusNotFound {
		t.Errorf("a desk without WhatsApp: %d", status)
	}
}
