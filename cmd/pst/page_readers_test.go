package main

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"pst/conversation"
	"pst/store"
)

// answerIn is the first answer of a question that a letter asks.
var answerIn = regexp.MustCompile(`name="kunci" value="(ya@[^"]*)"`)

// zoneOf is the office's time zone.
func zoneOf(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// registered is a reader with a chat on Telegram.
func registered(name string, chat int64) conversation.CreateReader {
	return conversation.CreateReader{Chat: conversation.Address(fmt.Sprintf("telegram:%d", chat)),
		Reader: conversation.Reader{ID: chat, Number: fmt.Sprintf("BT-%05d", chat), Name: name,
			Email:     fmt.Sprintf("x%d@example.org", chat),
			EmailHash: fmt.Sprint("hash", chat), Phone: "+628123456789", Verified: "email", Consent: 1, ConsentAt: time.Now(),
			CreatedAt: time.Now(),
			Card:      conversation.Card{Kind: "KTP", Last4: "0007", Hash: fmt.Sprint("card", chat)}}}
}

func TestAReaderIsSeenMaskedAndWithAReason(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	p.happened(registered("Siti Aminah", 77101))
	p.login()
	for _, c := range []struct{ who, why, says string }{
		{"BT-77101", "", "Tulis alasannya"}, {"BT-77101", "123456789", "Tulis alasannya"},
		{"BT-77101", strings.Repeat("alasan ", 50), "Tulis alasannya"},
		{"Siti Aminah", "diminta pembaca", "Tidak ada pembaca"}, {"x77101@example.org", "diminta pembaca",
			"Tidak ada pembaca"},
		{"+628123456789", "diminta pembaca", "Tidak ada pembaca"}, {"BT-77102", "diminta pembaca", "Tidak ada pembaca"},
	} {
		status, body := p.post("/pembaca", url.Values{"siapa": {c.who}, "alasan": {c.why}})
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, c.says) || strings.Contains(body, "Akun") {
			t.Errorf("%q because %.20q: %d\n%s", c.who, c.why, status, body)
		}
	}
	_, body := p.post("/pembaca", url.Values{"siapa": {"bt 77101"}, "alasan": {"diminta pembaca di loket"}})
	for _, shown := range []string{"BT-77101", "S*** A***", "aktif"} {
		if !strings.Contains(body, shown) {
			t.Errorf("%q is not shown:\n%s", shown, body)
		}
	}
	for _, hidden := range []string{"Siti", "Aminah", "example.org", "0007", "628123", "telegram:"} {
		if strings.Contains(body, hidden) {
			t.Errorf("%q is shown", hidden)
		}
	}
	lines := strings.Join(p.audited(), "\n")
	if want := "web:pak budi reader looked up: diminta pembaca di loket BT-77101"; strings.Count(lines,
		"reader looked up") != 1 || !strings.Contains(lines, want) {
		t.Errorf("audited:\n%s", lines)
	}
}

func TestAReaderIsFrozenExportedAndErased(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	siti := p.begins(77111)
	secret := complained(leak, siti, "Pungutan di loket")
	secret.Ticket.Reader, secret.Ticket.Identity, secret.Ticket.Name = 77111, conversation.Hidden, ""
	p.happened(registered("Siti Aminah", 77111), secret)
	p.login()
	order := func(form url.Values) string {
		t.Helper()
		_, body := p.post("/pembaca/perintah", form)
		return body
	}
	yes := func(body string) string {
		t.Helper()
		found := answerIn.FindStringSubmatch(body)
		if found == nil {
			t.Fatalf("it is not asked once more:\n%s", body)
		}
		_, body = p.post("/jawab", url.Values{"menu": {"staff"}, "kunci": {found[1]}, "dari": {"/pembaca"}})
		return body
	}
	yes(order(url.Values{"siapa": {"BT-77111"}, "perintah": {"BEKUKAN"}}))
	p.has(siti, "dibekukan sementara")

	status, body := p.post("/pembaca/berkas", url.Values{"siapa": {"BT-77111"}, "alasan": {"diminta pembaca di loket"}})
	if status != http.StatusOK || !strings.Contains(body, "x77111@example.org") {
		t.Errorf("their file: %d\n%s", status, body)
	}
	if status, _ = p.post("/pembaca/berkas", url.Values{"siapa": {"BT-77111"}}); status != http.StatusUnprocessableEntity {
		t.Errorf("their file without a reason: %d", status)
	}

	for _, form := range []url.Values{
		{"siapa": {"BT-77111"}, "perintah": {"HAPUS DATA"}, "alasan": {"diminta lewat surat"}, "yakin": {"BT-77112"}},
		{"siapa": {"BT-77111"}, "perintah": {"HAPUS DATA"}, "alasan": {"diminta lewat surat"}},
		{"siapa": {"BT-77111 x"}, "perintah": {"BEKUKAN"}},
		{"siapa": {"BT-77111"}, "perintah": {"LAPORAN"}},
	} {
		if body := order(form); answerIn.MatchString(body) {
			t.Errorf("%v is taken", form)
		}
	}
	sure := url.Values{"siapa": {"BT-77111"}, "perintah": {"HAPUS DATA"}, "alasan": {"diminta lewat surat"},
		"yakin": {"bt-77111"}}
	body = order(sure)
	if !strings.Contains(body, "tidak dapat dikembalikan") {
		t.Errorf("no warning:\n%s", body)
	}
	p.withDB(func(db *store.DB) {
		if _, err := db.ReaderByNumber(t.Context(), "BT-77111"); err != nil {
			t.Errorf("erased before the second yes: %v", err)
		}
	})
	if body = yes(body); !strings.Contains(body, "sudah dihapus") {
		t.Errorf("after the second yes:\n%s", body)
	}
	p.has(siti, "Petugas menghapus semua data pribadi akun BT-77111")
	if _, body = p.post("/pembaca", url.Values{"siapa": {"BT-77111"},
		"alasan": {"diminta pembaca"}}); !strings.Contains(body, "Tidak ada pembaca") {
		t.Errorf("still there:\n%s", body)
	}
	// What she complained of confidentially goes on, or they would see that it was hers.
	if _, body = p.post("/tiket/"+leak, url.Values{"perintah": {"BALAS"},
		"teks": {"Loketnya kami periksa."}}); !strings.Contains(body, "Pungutan di loket") {
		t.Errorf("the confidential complaint:\n%s", body)
	}
	p.has(siti, "Loketnya kami periksa.")
	lines := strings.Join(p.audited(), "\n")
	for _, want := range []string{"reader frozen BT-77111", "personal data exported: diminta pembaca di loket BT-77111",
		"reader erased: diminta lewat surat BT-77111"} {
		if !strings.Contains(lines, "web:pak budi "+want) {
			t.Errorf("not audited: %s\n%s", want, lines)
		}
	}
}

func TestTheTrailIsShownAndTakenAlongSafely(t *testing.T) {
	t.Parallel()
	p := servePage(t, rina)
	p.login()
	p.withDB(func(db *store.DB) {
		for i, what := range []string{"=HYPERLINK(\"http://contoh\")", "+1", "-1", "@x", "<script>alert(1)</script>",
			"ticket balas"} {
			about := ""
			if what == "ticket balas" {
				about = leak // of nobody here
			}
			if err := db.Note(t.Context(), conversation.AuditEntry{At: time.Now(), Who: "pst", What: what,
				Subject: about}); err != nil {
				t.Fatal(i, err)
			}
		}
	})
	status, body := p.get("/jejak")
	if status != http.StatusOK || !strings.Contains(body, "masuk ke halaman petugas") ||
		strings.Contains(body, "<script>alert") || strings.Contains(body, leak) {
		t.Errorf("%d\n%s", status, body)
	}
	if _, body := p.get("/jejak?apa=" + url.QueryEscape("came in at the page")); strings.Contains(body,
		"<td>kode masuk halaman petugas dibuat</td>") ||
		!strings.Contains(body, "<td>masuk ke halaman petugas</td>") {
		t.Errorf("one kind alone:\n%s", body)
	}
	for _, bad := range []string{"2026", "x", "9999-01", "2026-13", "1970-01", "%ff", strings.Repeat("1", 3000)} {
		if status, _ := p.get("/jejak?bulan=" + bad); status != http.StatusBadRequest {
			t.Errorf("month %.10q: %d", bad, status)
		}
	}
	if status, _ := p.get("/jejak?hal=-7"); status != http.StatusOK {
		t.Errorf("a page that is not there: %d", status)
	}
	_, body = p.get("/jejak/berkas")
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || len(rows) < 6 {
		t.Fatalf("%v\n%s", err, body)
	}
	for _, row := range rows {
		for _, c := range row {
			if c != "" && strings.ContainsRune("=+-@", rune(c[0])) {
				t.Errorf("a spreadsheet would take %q for a formula", c)
			}
		}
	}
	lines := strings.Join(p.audited(), "\n")
	month := time.Now().In(zoneOf(t)).Format("2006-01")
	for _, want := range []string{"web:pak budi audit read " + month, "web:pak budi audit exported " + month} {
		if !strings.Contains(lines, want) {
			t.Errorf("not audited: %s\n%s", want, lines)
		}
	}
}

func TestTodayTellsWhatWaitsAndHowTheDeskIs(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	siti := p.begins(77121)
	late := complained(leak, siti, "Keran bocor sejak lama")
	late.Ticket.OpenedAt = time.Now().AddDate(0, 0, -30)
	asked := complained(other, siti, "Apakah buka?")
	asked.Ticket.Kind, asked.Ticket.ID = conversation.KindHandoff, "TNY-261127-3AB"
	p.happened(late, asked, conversation.Tally{Day: time.Now().In(zoneOf(t)).Format(time.DateOnly),
		What: "failed telegram"})
	p.withDB(func(db *store.DB) {
		if err := db.Note(t.Context(), conversation.AuditEntry{At: time.Now(), Who: "web:pak budi",
			What: store.ImportedFile}); err != nil {
			t.Fatal(err)
		}
	})
	p.login()
	_, body := p.get("/")
	for _, want := range []string{"2 tiket menunggu Anda", "1 pertanyaan belum dijawab", "Terlewat", "terlewat: dijawab",
		"Sesudahnya",
		"1 lewat Telegram", "Telegram: baik.", "kosong", "tidak dibuat tiap malam"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing:\n%s", want, body)
		}
	}
	if strings.Contains(body, "belum tercatat") || strings.Index(body, leak) > strings.Index(body, "TNY-261127-3AB") {
		t.Errorf("the import, or the order of what waits:\n%s", body)
	}
}
