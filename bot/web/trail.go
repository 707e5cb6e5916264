package web

import (
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"

	"pst/conversation"
)

// Trail shows the audit table; each look is noted.
type Trail interface {
	// Trail lists the lines of the month that a day is in; kind picks those of one kind,
	// "" all; taken is for a file that is taken along.
	Trail(ctx context.Context, who conversation.Staff, day time.Time, kind string, taken bool) (conversation.Trail, error)
}

func (s *Server) routesTrail(mux *http.ServeMux) {
	mux.HandleFunc("GET /jejak", s.trail)
	mux.HandleFunc("GET /jejak/berkas", s.trailFile)
}

// trailNames are what audit lines are called; others are shown as they stand.
var trailNames = map[string]string{
	"queue of tickets seen": "daftar tiket dilihat", "ticket read": "tiket dibaca", "ticket named": "tiket disebut",
	"photos of ticket seen": "foto tiket dilihat", "ticket terima": "tiket diterima", "ticket balas": "tiket dijawab",
	"ticket selesai": "tiket diselesaikan", "ticket tolak": "tiket ditolak", "ticket teruskan": "tiket diteruskan",
	"ticket setuju": "tiket disetujui", "ticket kembali": "buku kembali", "excerpt code looked up": "kode kutipan dicari",
	"reader looked up": "pembaca dicari", "reader frozen": "pembaca dibekukan", "reader unfrozen": "pembaca dicairkan",
	"frozen readers listed": "daftar akun beku dilihat", "reader erased": "data pembaca dihapus",
	"reader registered": "pembaca mendaftar", "personal data exported": "data pembaca diunduh",
	"profile corrected": "profil dibetulkan", "consent given": "persetujuan diberikan",
	"consent withdrawn": "persetujuan ditarik", "e-mail changed": "email diganti",
	"chat linked by e-mail": "percakapan dihubungkan lewat email", "chat unlinked": "percakapan dilepas",
	"strictness changed": "ketat/longgar diubah", "search words decided": "kata pencarian diputuskan",
	"door to the page opened": "kode masuk halaman petugas dibuat", "came in at the page": "masuk ke halaman petugas",
	"a code for the page refused": "kode masuk ditolak", "sessions at the page ended": "keluar dari semua peramban",
	"audit read": "jejak dilihat", "audit exported": "jejak diunduh", "set aside": "disisihkan karena tidak terbaca",
	"all readers listed": "semua pembaca didaftar", "text changed": "kalimat diubah", "office changed": "kantor diubah",
	"facts of a publication changed": "keterangan publikasi diubah",
	"file of a publication imported": "berkas publikasi diimpor",
	"list of publications imported":  "daftar publikasi diimpor",
	"publication withdrawn":          "publikasi ditarik", "publication brought back": "publikasi dikembalikan",
	conversation.TableSilenced: "tabel dihentikan", "table trusted again": "tabel dipercaya lagi",
	"test letter sent to their own address":                "email percobaan dikirim ke alamat sendiri",
	"WhatsApp linking begun":                               "penautan WhatsApp dimulai",
	"WhatsApp linking begun, in place of the linked phone": "penautan WhatsApp dimulai, mengganti HP yang tertaut",
	"WhatsApp linked":                                      "WhatsApp tertaut",
	"WhatsApp linking ended without a link":                "penautan WhatsApp tidak selesai",
	"WhatsApp linking stopped":                             "penautan WhatsApp dihentikan", "purge": "data lama dihapus",
	"readers listed for the SKD": "pembaca didaftar untuk SKD", "publications imported": "publikasi diimpor",
}

// trailName says in people's words what an audit line tells.
func trailName(what string) string {
	kind, more, ok := strings.Cut(what, ": ")
	name := trailNames[kind]
	switch {
	case name == "":
		return what
	case ok:
		return name + ": " + more
	}
	return name
}

// month reads the month asked for, 2026-11; this month where there is none.
func (s *Server) month(r *http.Request) (time.Time, bool) {
	now := s.cfg.Now().In(s.cfg.Office().Zone)
	typed := r.URL.Query().Get("bulan")
	if typed == "" {
		return now, true
	}
	day, err := time.ParseInLocation("2006-01", typed, s.cfg.Office().Zone)
	return day, err == nil && day.Year() >= 2020 && !day.After(now)
}

// trailPage is how many lines stand on one page.
const trailPage = 100

// seenTrail finds the lines asked for; if it cannot, the page has been answered.
func (s *Server) seenTrail(w http.ResponseWriter, r *http.Request, taken bool) (conversation.Trail, bool) {
	day, ok := s.month(r)
	if !ok {
		s.refuse(w, r, http.StatusBadRequest,
			"Bulan itu tidak ada di Jejak. Tulis seperti 2026-11, tidak lebih dari bulan ini.")
		return conversation.Trail{}, false
	}
	t, err := s.cfg.Trail.Trail(r.Context(), member(r.Context()), day, r.URL.Query().Get("apa"), taken)
	if err != nil {
		s.fault(w, r, err)
	}
	return t, err == nil
}

func (s *Server) trail(w http.ResponseWriter, r *http.Request) {
	t, ok := s.seenTrail(w, r, false)
	if !ok {
		return
	}
	pages := max(1, (len(t.Lines)+trailPage-1)/trailPage)
	page, err := strconv.Atoi(r.URL.Query().Get("hal"))
	if err != nil {
		page = 1
	}
	page = min(max(page, 1), pages)
	first := (page - 1) * trailPage
	s.show(w, r, http.StatusOK, "trail", map[string]any{
		"Trail": t, "Month": t.Month.Key(), "Kind": r.URL.Query().Get("apa"),
		"Lines": t.Lines[first:min(first+trailPage, len(t.Lines))],
		"Page":  page, "Pages": pages, "Before": page - 1, "After": page + 1,
	})
}

// trailFile hands out the lines for a spreadsheet.
func (s *Server) trailFile(w http.ResponseWriter, r *http.Request) {
	t, ok := s.seenTrail(w, r, true)
	if !ok {
		return
	}
	var b strings.Builder
	c := csv.NewWriter(&b)
	rows := [][]string{{"waktu", "siapa", "apa", "tentang"}}
	for _, l := range t.Lines {
		layout := "2006-01-02 15:04:05"
		if l.DayOnly {
			layout = time.DateOnly
		}
		rows = append(rows, []string{l.At.In(s.cfg.Office().Zone).Format(layout), l.Who, trailName(l.What), l.Subject})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = cell(row[i])
		}
	}
	if err := c.WriteAll(rows); err != nil {
		s.fault(w, r, err)
		return
	}
	hand(w, "jejak-"+t.Month.Key()+".csv", "text/csv; charset=utf-8", []byte(b.String()))
}

// cell keeps a spreadsheet from taking a text for a formula.
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}
