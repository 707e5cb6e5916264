package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"pst/conversation"
)

// Tickets shows tickets to those whom they are for; each look is noted.
type Tickets interface {
	// Queue lists a member's open tickets, by what is due first, and those closed lately.
	Queue(ctx context.Context, who conversation.Staff) (open, closed []conversation.Queued, err error)
	// Thread is one of their tickets; conversation.ErrNotFound, wrapped, for another.
	Thread(ctx context.Context, who conversation.Staff, id string) (conversation.Thread, error)
	// Canned lists the office's short answers.
	Canned() ([]conversation.Canned, error)
}

// kinds and verbs are what kinds of tickets, and orders about them, are called.
var (
	kinds = map[string]string{conversation.KindComplaint: "Pengaduan", conversation.KindHandoff: "Tanya petugas",
		conversation.KindVerify: "Verifikasi", conversation.KindLoan: "Pinjam buku"}
	verbs = map[string]string{"BALAS": "Kirim jawaban", "TERIMA": "Terima", "SELESAI": "Selesai", "TOLAK": "Tolak",
		"SETUJU":  "Setujui",
		"KEMBALI": "Buku sudah kembali"}
)

func (s *Server) routesTickets(mux *http.ServeMux) {
	mux.HandleFunc("GET /tiket", s.tickets)
	mux.HandleFunc("GET /tiket/{id}", s.ticket)
	mux.HandleFunc("POST /tiket/{id}", s.orderTicket)
}

// queuedRow is a ticket of a list, with its time in words.
type queuedRow struct {
	conversation.Queued
	When string
}

func (s *Server) rows(list []conversation.Queued) []queuedRow {
	var out []queuedRow
	for _, q := range list {
		out = append(out, queuedRow{q, dueInWords(s.cfg.Office(), s.cfg.Now(), q)})
	}
	return out
}

// dueInWords says what a ticket waits for, and until when.
func dueInWords(o *conversation.Office, now time.Time, q conversation.Queued) string {
	if q.Due.IsZero() {
		return ""
	}
	what := map[string]string{conversation.DueAnswer: "dijawab", conversation.DueFinish: "selesai",
		conversation.DueBack: "kembali"}[q.For]
	day := stamp(o, q.Due, "2 Jan 2006")
	switch days := daysBetween(o, now, q.Due); {
	case q.Past:
		return fmt.Sprintf("terlewat: %s paling lambat %s", what, day)
	case days == 0:
		return what + " hari ini"
	case days == 1:
		return what + " paling lambat besok"
	default:
		return fmt.Sprintf("%s paling lambat %s (%d hari lagi)", what, day, days)
	}
}

// daysBetween counts the midnights between two moments, in the office's zone.
func daysBetween(o *conversation.Office, from, to time.Time) int {
	day := func(t time.Time) time.Time {
		t = t.In(o.Zone)
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	return int(day(to).Sub(day(from)) / (24 * time.Hour))
}

func (s *Server) tickets(w http.ResponseWriter, r *http.Request) {
	open, closed, err := s.cfg.Tickets.Queue(r.Context(), member(r.Context()))
	if err != nil {
		s.fault(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, "tickets", map[string]any{"Open": s.rows(open), "Closed": s.rows(closed)})
}

// thread finds the ticket that a page is about; if there is none, the page has been
// answered. One that is another's is not told from one that is not there.
func (s *Server) thread(w http.ResponseWriter, r *http.Request) (conversation.Thread, bool) {
	t, err := s.cfg.Tickets.Thread(r.Context(), member(r.Context()), r.PathValue("id"))
	switch {
	case errors.Is(err, conversation.ErrNotFound):
		s.refuse(w, r, http.StatusNotFound, "Tiket itu tidak ada. Daftar tiket Anda ada di halaman Tiket.")
	case err != nil:
		s.fault(w, r, err)
	}
	return t, err == nil
}

// draft is an answer in the making.
type draft struct {
	Text  string
	Wrong string // what is wrong with it
}

func (s *Server) ticket(w http.ResponseWriter, r *http.Request) {
	if t, ok := s.thread(w, r); ok {
		s.showTicket(w, r, http.StatusOK, t, draft{})
	}
}

func (s *Server) showTicket(w http.ResponseWriter, r *http.Request, status int, t conversation.Thread, d draft) {
	canned, err := s.cfg.Tickets.Canned()
	if err != nil {
		s.fault(w, r, err)
		return
	}
	var answers []conversation.Verb
	for _, v := range t.Verbs {
		if !slices.Contains([]string{"TERUSKAN", "FOTO"}, v.Name) {
			answers = append(answers, v)
		}
	}
	slices.SortStableFunc(answers, func(a, b conversation.Verb) int { return cmp.Compare(place(a.Name), place(b.Name)) })
	s.show(w, r, status, "ticket", map[string]any{"Ticket": t, "When": dueInWords(s.cfg.Office(), s.cfg.Now(), t.Queued),
		"Answers": answers,
		"Canned":  canned, "Draft": d, "Others": s.presence.enter(t.ID, member(r.Context()).Name)})
}

// place puts the answer before all other orders.
func place(verb string) int {
	if verb == "BALAS" {
		return 0
	}
	return 1
}

// formMost bounds what a form may bring, far above what the desk takes.
const formMost = 64 << 10

// bounded reads a form; if it is too big or none, the page has been answered.
func (s *Server) bounded(w http.ResponseWriter, r *http.Request) bool {
	r.Body = http.MaxBytesReader(w, r.Body, formMost)
	err := r.ParseForm()
	switch {
	case errors.As(err, new(*http.MaxBytesError)):
		s.refuse(w, r, http.StatusRequestEntityTooLarge,
			"Isian itu terlalu panjang dan tidak dikirim. Bagi menjadi beberapa pesan.")
	case err != nil:
		s.refuse(w, r, http.StatusBadRequest, "Formulir ini tidak terbaca. Muat ulang halamannya, lalu coba lagi.")
	}
	return err == nil
}

// orderTicket puts an order about a ticket to the desk, or a short answer into the form.
func (s *Server) orderTicket(w http.ResponseWriter, r *http.Request) {
	if !s.bounded(w, r) {
		return
	}
	t, ok := s.thread(w, r)
	if !ok {
		return
	}
	text := strings.TrimSpace(strings.ReplaceAll(r.PostFormValue("teks"), "\r\n", "\n"))
	if r.PostFormValue("sisipkan") != "" {
		s.fill(w, r, t, text)
		return
	}
	i := slices.IndexFunc(t.Verbs, func(v conversation.Verb) bool { return v.Name == r.PostFormValue("perintah") })
	if i < 0 {
		s.refuse(w, r, http.StatusBadRequest, "Belum ada yang terkirim: perintah itu tidak berlaku untuk tiket ini. "+
			"Mungkin keadaannya baru saja berubah.")
		return
	}
	verb := t.Verbs[i]
	if verb.Name == "TERUSKAN" {
		text = strings.TrimSpace(r.PostFormValue("kepada"))
	}
	wrong := ""
	switch n := utf8.RuneCountInString(text); {
	case n > t.Longest:
		wrong = fmt.Sprintf("Belum terkirim: %d huruf, paling banyak %d. Bagi menjadi beberapa pesan.", n, t.Longest)
	case verb.Must && n < 2 && verb.Name == "TOLAK":
		wrong = "Belum terkirim: tulis alasannya dulu."
	case verb.Must && n < 2:
		wrong = "Belum terkirim: tulis jawabannya dulu."
	}
	if wrong != "" {
		s.showTicket(w, r, http.StatusUnprocessableEntity, t, draft{text, wrong})
		return
	}
	if s.order(w, r, verb.Name+" "+t.ID+"\n"+text) {
		s.presence.leave(t.ID, member(r.Context()).Name)
		http.Redirect(w, r, "/tiket/"+t.ID, http.StatusSeeOther)
	}
}

// fill puts a short answer behind what has been typed.
func (s *Server) fill(w http.ResponseWriter, r *http.Request, t conversation.Thread, text string) {
	canned, err := s.cfg.Tickets.Canned()
	if err != nil {
		s.fault(w, r, err)
		return
	}
	i := slices.IndexFunc(canned, func(c conversation.Canned) bool { return c.Name == r.PostFormValue("templat") })
	if i < 0 {
		s.showTicket(w, r, http.StatusUnprocessableEntity, t, draft{text, "Pilih dulu jawaban singkatnya."})
		return
	}
	s.showTicket(w, r, http.StatusOK, t, draft{Text: strings.TrimSpace(text + "\n" + canned[i].Text)})
}
