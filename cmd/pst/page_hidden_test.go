package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"pst/conversation"
	"pst/store"
)

var hrefIn = regexp.MustCompile(`href="(/[^"#]*)"`)

// crawl reads every page that can be come to from the menu, and gives each body.
func (p *pageDesk) crawl(take func(path, body string)) {
	p.t.Helper()
	seen, queue := map[string]bool{"/": true}, []string{"/"}
	for len(queue) > 0 && len(seen) < 400 {
		path := queue[0]
		queue = queue[1:]
		_, body := p.get(path)
		take(path, body)
		for _, m := range hrefIn.FindAllStringSubmatch(body, -1) {
			next := strings.ReplaceAll(m[1], "&amp;", "&")
			if !seen[next] && !strings.HasPrefix(next, "/assets/") {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
}

// Who complains confidentially or anonymously is nowhere: not in a page, not in what
// comes back to an order, not in a file.
func TestAConfidentialComplainantIsNowhere(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	zubaidah := p.begins(7799123)
	reader := registered("Zubaidah Rahayu", 7799123)
	reader.Reader.ID, reader.Reader.Number, reader.Reader.Phone, reader.Reader.Email = 555, "BT-00555", "+6281377991230",
		"zubaidah@example.org"
	secret := complained(leak, zubaidah, "Pungutan di loket dua")
	secret.Ticket.Name, secret.Ticket.Reader, secret.Ticket.Identity = "Zubaidah Rahayu", 555, conversation.Hidden
	nameless := complained(other, zubaidah, "Meja nomor tiga kotor")
	nameless.Ticket.Name, nameless.Ticket.Chat, nameless.Ticket.Identity, nameless.Ticket.PIN = "", "",
		conversation.Anonymous, "x"
	day := time.Now().Truncate(24 * time.Hour)
	secret.Ticket.OpenedAt, nameless.Ticket.OpenedAt = day, day
	p.happened(reader, secret, nameless, conversation.AddPost{Post: conversation.Post{Ticket: leak, By: "pelapor",
		Text: "Pungutan di loket dua", At: day}},
		conversation.AddPost{Post: conversation.Post{Ticket: leak, By: "pelapor", Text: "Terjadi lagi", At: day}})
	p.login()
	read := map[string]bool{}
	look := func(path, body string) {
		t.Helper()
		for _, hidden := range []string{"Zubaidah", "zubaidah", "Rahayu", "7799123", "BT-00555", "***123", "Z***",
			"Pesan tentang tiket ini"} {
			if strings.Contains(body, hidden) {
				t.Errorf("%s has %q:\n%s", path, hidden, body)
			}
		}
		for _, shown := range []string{"Pungutan di loket dua", "Meja nomor tiga kotor", "Terjadi lagi", "DIRAHASIAKAN",
			"ANONIM"} {
			read[shown] = read[shown] || strings.Contains(body, shown)
		}
	}
	p.crawl(look)
	for _, id := range []string{leak, other} {
		for _, verb := range []string{"TERIMA", "BALAS", "TERUSKAN", "FOTO", "SELESAI"} {
			status, body := p.post("/tiket/"+id, url.Values{"perintah": {verb}, "teks": {"Kami periksa."},
				"kepada": {"siapa saja"}})
			look(verb+" "+id, body)
			if status >= http.StatusInternalServerError {
				t.Errorf("%s %s: %d", verb, id, status)
			}
		}
	}
	p.has(zubaidah, "Kami periksa.") // it does reach her
	p.crawl(look)
	for shown, seen := range read {
		if !seen {
			t.Errorf("%q was never shown: the pages were not read", shown)
		}
	}
	// Her own file, for her, does not tie her to it either.
	if _, body := p.post("/pembaca/berkas", url.Values{"siapa": {"BT-00555"},
		"alasan": {"diminta pembaca"}}); !strings.Contains(body, "zubaidah@") ||
		strings.Contains(body, leak) || strings.Contains(body, "Pungutan") {
		t.Errorf("her file:\n%s", body)
	}
}

// What people write shows as text, in whatever field and on whatever page.
func TestWhatPeopleWriteIsText(t *testing.T) {
	t.Parallel()
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(2)></textarea>{{.Nonce}}' onfocus='x`
	p := servePage(t, "")
	siti := p.begins(77131)
	k := complained(leak, siti, evil)
	k.Ticket.Name, k.Ticket.Category = evil, evil
	loan := complained("PJ-261127-4AB", siti, evil+"\nbuku")
	loan.Ticket.Kind, loan.Ticket.ID = conversation.KindLoan, "PJ-261127-4AB"
	p.happened(registered(evil, 77131), k, loan, conversation.AddPost{Post: conversation.Post{Ticket: leak, By: "pelapor",
		Text: evil, At: time.Now()}},
		conversation.AddPost{Post: conversation.Post{Ticket: leak, By: "pelapor", Text: evil, At: time.Now()}},
		conversation.AddPost{Post: conversation.Post{Ticket: leak, By: "petugas", Text: evil, At: time.Now()}},
		conversation.Audit{Entry: conversation.AuditEntry{At: time.Now(), Who: evil, What: evil, Subject: evil}})
	p.withDB(func(db *store.DB) {
		book := conversation.Publication{ID: "buku", Office: "1906", Title: evil, File: "buku.pdf", SHA256: "x", Pages: 100}
		if _, err := db.SavePublication(t.Context(), book, nil); err != nil {
			t.Fatal(err)
		}
	})
	p.happened(conversation.ReserveExcerpt{Excerpt: conversation.Excerpt{Code: "ABCDEFGHJK", Reader: 77131,
		Chat: "telegram:77131", Visit: "v", Publication: "buku",
		Pages: conversation.NewPageSet(3), Mark: conversation.Mark{Code: "ABCDEFGHJK", Lines: []string{evil}},
		FileName: "x.pdf", RequestedAt: time.Now()}})
	p.login()
	escaped := 0
	look := func(path, body string) {
		t.Helper()
		for _, live := range []string{"<script>alert", "<img src=x", "</textarea><", "' onfocus='"} {
			if i := strings.Index(body, live); i >= 0 {
				t.Errorf("%s: %q is alive: %.200s", path, live, body[i:])
			}
		}
		escaped += strings.Count(body, "&lt;script&gt;alert(1)")
	}
	p.crawl(look)
	for path, forms := range map[string][]url.Values{
		"/tiket/" + leak: {{"perintah": {"BALAS"}, "teks": {evil}},
			{"perintah": {"BALAS"}, "teks": {strings.Repeat(evil, 40)}}, {"perintah": {evil}},
			{"sisipkan": {"1"}, "templat": {evil}, "teks": {evil}}, {"perintah": {"TERUSKAN"}, "kepada": {evil}}},
		"/pembaca": {{"siapa": {evil}, "alasan": {"diminta pembaca"}}, {"siapa": {"BT-77131"}, "alasan": {evil}},
			{"siapa": {"BT-77131"}, "alasan": {"diminta pembaca"}},
			{"siapa": {"ABCDEFGHJK"}, "alasan": {"diminta pembaca"}}},
		"/pembaca/perintah": {{"siapa": {evil}, "perintah": {"BEKUKAN"}}, {"siapa": {"BT-77131"}, "perintah": {"HAPUS DATA"},
			"alasan": {evil}, "yakin": {"BT-77131"}}},
		"/pembaca/berkas": {{"siapa": {evil}, "alasan": {evil}}},
	} {
		for _, form := range forms {
			status, body := p.post(path, form)
			look(path, body)
			if status >= http.StatusInternalServerError {
				t.Errorf("%s %.60v: %d", path, form, status)
			}
		}
	}
	for _, path := range []string{"/jejak?apa=" + url.QueryEscape(evil), "/jejak?bulan=" + url.QueryEscape(evil),
		"/tiket/" + url.PathEscape(evil)} {
		status, body := p.get(path)
		look(path, body)
		if status >= http.StatusInternalServerError {
			t.Errorf("%s: %d", path, status)
		}
	}
	if escaped < 20 {
		t.Errorf("it was shown as text %d times alone: the pages were not read", escaped)
	}
}
