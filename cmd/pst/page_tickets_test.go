package main

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
	"pst/conversation"
	"pst/store"
)

// withDB works on the desk's database beside the desk.
func (p *pageDesk) withDB(do func(*store.DB)) {
	p.t.Helper()
	cfg, _, _, err := p.house.settings()
	if err != nil {
		p.t.Fatal(err)
	}
	db, _, err := p.house.openStore(p.t.Context(), cfg)
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	do(db)
}

// happened makes effects true, as if somebody had written what leads to them.
func (p *pageDesk) happened(effects ...conversation.Effect) {
	p.t.Helper()
	p.withDB(func(db *store.DB) {
		p.nonces++
		m := conversation.Message{ID: fmt.Sprint(p.nonces), From: "terminal:seed", Kind: conversation.Text, Text: "-",
			SentAt: time.Now()}
		err := db.Put(p.t.Context(), m)
		var s conversation.Session
		if err == nil {
			s, err = db.Session(p.t.Context(), m.From)
		}
		if err == nil {
			err = db.Commit(p.t.Context(), conversation.Turn{Message: m, Session: s, Effects: effects})
		}
		if err != nil {
			p.t.Fatal(err)
		}
	})
}

// audited are the audit lines so far, "who what subject" each.
func (p *pageDesk) audited() (out []string) {
	p.t.Helper()
	p.withDB(func(db *store.DB) {
		lines, err := db.AuditSince(p.t.Context(), time.Now().Add(-day))
		if err != nil {
			p.t.Fatal(err)
		}
		for _, l := range lines {
			out = append(out, strings.TrimSpace(l.Who+" "+l.What+" "+l.Subject))
		}
	})
	return out
}

// complained is a complaint with a name, from a person's chat on Telegram.
func complained(id string, chat *telegramtest.User, text string) conversation.OpenTicket {
	return conversation.OpenTicket{Ticket: conversation.Ticket{ID: id, Kind: conversation.KindComplaint,
		Category: "Sarana dan prasarana", Text: text,
		Identity: conversation.Named, Name: "Siti Aminah", Chat: conversation.Address(fmt.Sprintf("telegram:%d", chat.ID())),
		Mode:  conversation.Online,
		State: conversation.StateNew, OpenedAt: time.Now()}}
}

// begins lets a person write first, and waits until they are answered.
func (p *pageDesk) begins(id int64) *telegramtest.User {
	p.t.Helper()
	u := p.srv.User(id)
	u.Say("/start")
	soon(p.t, "the greeting", func() bool { return len(u.FromBot()) > 0 })
	return u
}

// has waits until a person has read a message with these words.
func (p *pageDesk) has(u *telegramtest.User, words string) {
	p.t.Helper()
	soon(p.t, words, func() bool {
		for _, m := range u.FromBot() {
			if strings.Contains(m.Text, words) {
				return true
			}
		}
		return false
	})
}

const (
	leak  = "ADU-261127-7AB"
	other = "ADU-261127-8CD"
)

func TestAnAnswerFromThePageArrives(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	siti := p.begins(77001)
	p.happened(complained(leak, siti, "Keran bocor"), complained(other, siti, "Kursi rusak"))
	p.login()
	if _, body := p.get("/tiket"); !strings.Contains(body, leak) || !strings.Contains(body, "Keran bocor") ||
		!strings.Contains(body, "dijawab paling lambat") ||
		!strings.Contains(body, "BARU") || !strings.Contains(body, "Pak Budi") {
		t.Fatalf("the list:\n%s", body)
	}
	page := "/tiket/" + leak
	if _, body := p.get(page); !strings.Contains(body, "Pelapor: Siti Aminah") ||
		strings.Contains(body, "mengutip pesan ini") {
		t.Fatalf("the card:\n%s", body)
	}
	// What looks like an order, or another ticket's number, within an answer is part of it.
	answer := "TOLAK angin sudah tersedia, 8CD juga\nSELESAI 8CD dan 7AB\n\nBALAS " + other + " beres"
	status, body := p.post(page, url.Values{"perintah": {"BALAS"}, "teks": {strings.ReplaceAll(answer, "\n", "\r\n")}})
	if status != http.StatusOK || !strings.Contains(body, "DIPROSES") || !strings.Contains(body, "Dikirim ke pelapor") {
		t.Fatalf("%d\n%s", status, body)
	}
	p.has(siti, "["+leak+"] Balasan petugas: "+answer)
	soon(t, "the page tells that it was sent", func() bool {
		_, body := p.get(page)
		return strings.Contains(body, "1 terkirim") && strings.Contains(body, "SELESAI 8CD dan 7AB\n")
	})
	for _, m := range siti.FromBot() {
		if strings.Contains(m.Text, "["+other+"]") {
			t.Errorf("the answer went to another ticket as well: %q", m.Text)
		}
	}
	p.post(page, url.Values{"perintah": {"SELESAI"}, "teks": {"Keran sudah diganti."}})
	p.has(siti, "Keran sudah diganti.")
	if _, body := p.get("/tiket"); !strings.Contains(body, "Ditutup 30 hari terakhir") {
		t.Errorf("the closed ticket is not listed:\n%s", body)
	}
	if _, body := p.get(page); strings.Contains(body, `value="TOLAK"`) || !strings.Contains(body, `value="BALAS"`) {
		t.Errorf("of what is closed only an answer can be ordered:\n%s", body)
	}
	lines := strings.Join(p.audited(), "\n")
	for _, want := range []string{"web:pak budi queue of tickets seen", "web:pak budi ticket read " + leak,
		"web:pak budi ticket balas " + leak,
		"web:pak budi ticket selesai " + leak} {
		if !strings.Contains(lines, want) {
			t.Errorf("not audited: %s\n%s", want, lines)
		}
	}
}

func TestWhatCannotBeSentIsToldAndKeptInTheForm(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	siti := p.begins(77002)
	p.happened(complained(leak, siti, "Keran bocor"))
	p.login()
	page := "/tiket/" + leak
	long := strings.Repeat("panjang ", 300)
	for _, c := range []struct {
		name, verb, text, says string
		status                 int
	}{
		{"too long", "BALAS", long, "paling banyak", http.StatusUnprocessableEntity},
		{"empty", "BALAS", " \r\n ", "tulis jawabannya dulu", http.StatusUnprocessableEntity},
		{"no reason", "TOLAK", "", "tulis alasannya dulu", http.StatusUnprocessableEntity},
		{"unknown order", "HAPUS", "x y z", "tidak berlaku", http.StatusBadRequest},
		{"order of another kind", "SETUJU", "", "tidak berlaku", http.StatusBadRequest},
		{"huge", "BALAS", strings.Repeat("x", 100<<10), "terlalu panjang", http.StatusRequestEntityTooLarge},
		{"no words", "BALAS", "?! \U0001F44D", "Belum ada yang terkirim", http.StatusOK},
		{"no text at all", "BALAS", "\xff\xfe\x00\x01", "Belum ada yang terkirim", http.StatusOK},
		{"a short answer of no name", "BALAS", "#tidakada", "tidak ada jawaban singkat", http.StatusOK},
		{"nobody", "TERUSKAN", "", "bukan nama satu petugas", http.StatusOK},
	} {
		status, body := p.post(page, url.Values{"perintah": {c.verb}, "teks": {c.text}, "kepada": {"Pak Dadang"}})
		if status != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s: %d\n%s", c.name, status, body)
		}
		if c.name == "too long" && (!strings.Contains(body, strings.TrimSpace(long)) ||
			!strings.Contains(body, `aria-invalid="true"`)) {
			t.Errorf("%s: what was typed is gone", c.name)
		}
	}
	_, body := p.post(page, url.Values{"sisipkan": {"1"}, "templat": {"hormat"}, "teks": {"Sebentar."}})
	if !strings.Contains(body, "Pilih dulu") || !strings.Contains(body, "Sebentar.") {
		t.Errorf("a short answer that is not there:\n%s", body)
	}
	if _, body := p.post(page, url.Values{"sisipkan": {"1"}, "templat": {"maaf"},
		"teks": {"Sebentar."}}); !strings.Contains(body, "Sebentar.\nMohon maaf atas") {
		t.Errorf("the short answer was not put into the form:\n%s", body)
	}
	if n := len(siti.FromBot()); n != 1 {
		t.Errorf("something was sent: %d messages", n)
	}
}

var pictureIn = regexp.MustCompile(`<img src="(/berkas/[^"]+)"`)

func TestAPhotoOfATicketIsShownToWhomItIsFor(t *testing.T) {
	t.Parallel()
	p := servePage(t, rina)
	siti := p.begins(77005)
	siti.Photo("", picture)
	var file string
	for _, m := range siti.Messages() {
		if m.File != nil {
			file = m.File.ID
		}
	}
	k := complained(leak, siti, "Keran bocor")
	k.Ticket.Photos = []conversation.Media{{Ref: file, Scheme: conversation.Telegram, MIME: "image/jpeg"}}
	p.happened(k)
	p.login()
	_, body := p.post("/tiket/"+leak, url.Values{"perintah": {"FOTO"}})
	found := pictureIn.FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("no picture:\n%s", body)
	}
	if status, body := p.get(found[1]); status != http.StatusOK || body != string(picture) {
		t.Errorf("the picture: %d, %d bytes", status, len(body))
	}
	if lines := strings.Join(p.audited(), "\n"); !strings.Contains(lines, "web:pak budi photos of ticket seen "+leak) {
		t.Errorf("not audited:\n%s", lines)
	}
	p.browser = p.newBrowser()
	p.post("/masuk", url.Values{"kode": {p.door(p.begins(88002))}})
	if status, body := p.get(found[1]); status != http.StatusNotFound || strings.Contains(body, string(picture)) {
		t.Errorf("for somebody else: %d", status)
	}
}

func TestABookIsLentAndTakenBackFromThePage(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	siti := p.begins(77006)
	loan := complained("PJ-261127-4AB", siti, "Belitung Timur Dalam Angka 2024\nrak 2B")
	loan.Ticket.Kind = conversation.KindLoan
	p.happened(loan)
	p.login()
	page := "/tiket/PJ-261127-4AB"
	if _, body := p.get(page); !strings.Contains(body, ">Setujui<") || strings.Contains(body, ">Buku sudah kembali<") ||
		strings.Contains(body, ">Selesai<") {
		t.Errorf("what can be ordered of a request:\n%s", body)
	}
	if _, body := p.post(page, url.Values{"perintah": {"SETUJU"}, "teks": {"31 Februari"}}); !strings.Contains(body,
		"BARU") {
		t.Errorf("a day that is none:\n%s", body)
	}
	if _, body := p.post(page, url.Values{"perintah": {"SETUJU"}}); !strings.Contains(body, "DIPINJAM") ||
		!strings.Contains(body, ">Buku sudah kembali<") {
		t.Errorf("lent:\n%s", body)
	}
	p.has(siti, "boleh dipinjam")
	if _, body := p.post(page, url.Values{"perintah": {"KEMBALI"}}); !strings.Contains(body, "SELESAI") {
		t.Errorf("taken back:\n%s", body)
	}
}

var nonceIn = regexp.MustCompile(`name="nonce" value="[^"]*"`)

const rina = "[[staff]]\nname = \"Bu Rina\"\nrole = \"kedua\"\naddresses = [\"telegram:88002\"]\n"

// A ticket that is another's does not exist, by whatever way it is asked for.
func TestAnothersTicketDoesNotExist(t *testing.T) {
	t.Parallel()
	p := servePage(t, rina)
	siti := p.begins(77003)
	about := complained(leak, siti, "Pak Budi memarahi saya")
	about.Ticket.Category, about.Ticket.AboutStaff = "Perilaku petugas", true
	p.happened(about, complained(other, siti, "Kursi rusak"))
	p.login()
	absent := func(what string, status int, body string) {
		t.Helper()
		if status != http.StatusNotFound && status != http.StatusOK || strings.Contains(body, "memarahi") ||
			strings.Contains(body, "Perilaku") {
			t.Errorf("%s: %d\n%s", what, status, body)
		}
	}
	status, body := p.get("/tiket")
	absent("the list", status, body)
	if strings.Contains(body, leak) {
		t.Error("it is listed")
	}
	bare := func(body string) string { return nonceIn.ReplaceAllString(body, "") }
	_, none := p.get("/tiket/ADU-261127-0XX")
	for _, id := range []string{leak, strings.ToLower(leak), "7AB", leak + "%20", "..%2f" + leak} {
		status, body := p.get("/tiket/" + id)
		absent(id, status, body)
		if status != http.StatusNotFound || bare(body) != bare(none) {
			t.Errorf("%s is told from one that is not there: %d\n%s", id, status, body)
		}
	}
	for _, verb := range []string{"TERIMA", "BALAS", "SELESAI", "TOLAK", "TERUSKAN", "FOTO", "SETUJU", "KEMBALI", "LIHAT",
		""} {
		status, body := p.post("/tiket/"+leak, url.Values{"perintah": {verb}, "teks": {"kami periksa"},
			"kepada": {"Pak Budi"}})
		absent(verb, status, body)
		if status != http.StatusNotFound {
			t.Errorf("%s: %d", verb, status)
		}
	}
	// Nor by a button, or by the text of an answer to a ticket of theirs.
	status, body = p.post("/jawab", url.Values{"kunci": {"LIHAT " + leak}, "menu": {"staff"}})
	absent("a button", status, body)
	status, body = p.post("/tiket/"+other, url.Values{"perintah": {"BALAS"}, "teks": {"LIHAT " + leak}})
	absent("within an answer", status, body)
	p.withDB(func(db *store.DB) {
		if k, err := db.Ticket(t.Context(), leak); err != nil || k.State != conversation.StateNew || k.Version != 1 {
			t.Errorf("it was changed: %+v, %v", k, err)
		}
	})
	for _, line := range p.audited() {
		if strings.Contains(line, leak) {
			t.Errorf("somebody looked at it: %s", line)
		}
	}
	// She whom it is for has it, and hands it on only after a second yes.
	boss := p.begins(88002)
	p.browser = p.newBrowser()
	if status, body := p.post("/masuk", url.Values{"kode": {p.door(boss)}}); status != http.StatusOK ||
		!strings.Contains(body, "Bu Rina") {
		t.Fatalf("not let in: %d\n%s", status, body)
	}
	if _, body := p.get("/tiket/" + leak); !strings.Contains(body, "memarahi") {
		t.Errorf("it is not shown to her whom it is for:\n%s", body)
	}
	_, body = p.post("/tiket/"+leak, url.Values{"perintah": {"TERUSKAN"}, "kepada": {"Pak Budi"}})
	if !strings.Contains(body, "tentang petugas") || !strings.Contains(body, `action="/jawab"`) {
		t.Errorf("no second question:\n%s", body)
	}
}

func TestWhoElseHasATicketOpenIsTold(t *testing.T) {
	t.Parallel()
	p := servePage(t, rina)
	siti := p.begins(77004)
	shared := complained(leak, siti, "Keran bocor")
	shared.Ticket.Owners = []conversation.Owner{{Name: "Pak Budi", Role: "kasubbag"}, {Name: "Bu Rina", Role: "kedua"}}
	p.happened(shared)
	p.login()
	if _, body := p.get("/tiket/" + leak); strings.Contains(body, "Sedang dijawab") {
		t.Errorf("nobody else is there:\n%s", body)
	}
	budi := p.browser
	p.browser = p.newBrowser()
	p.post("/masuk", url.Values{"kode": {p.door(p.begins(88002))}})
	if _, body := p.get("/tiket/" + leak); !strings.Contains(body, "Sedang dijawab oleh Pak Budi") {
		t.Errorf("she is not told of him:\n%s", body)
	}
	hers := p.browser
	p.browser = budi
	p.post("/tiket/"+leak, url.Values{"perintah": {"TERIMA"}})
	p.get("/") // he is told of her as well, and then is somewhere else
	p.browser = hers
	p.post("/tiket/"+leak, url.Values{"perintah": {"BALAS"}, "teks": {"Sudah kami panggil tukangnya."}})
	p.has(siti, "Sudah kami panggil tukangnya.")
}
