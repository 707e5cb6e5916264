package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"pst/conversation"
)

// Readers shows what staff may see of readers; each look is noted with its reason.
type Readers interface {
	// Reader finds one by number or by the code of an excerpt. It returns, wrapped,
	// conversation.ErrNotFound, or conversation.ErrReason for no reason or too long a one.
	Reader(ctx context.Context, who conversation.Staff, typed, reason string) (conversation.ReaderSeen, error)
	// Export is the file with all that is kept of a reader, with a name for it; errors as
	// of Reader.
	Export(ctx context.Context, who conversation.Staff, number, reason string) (name string, data []byte, err error)
}

func (s *Server) routesReaders(mux *http.ServeMux) {
	mux.HandleFunc("GET /pembaca", s.readers)
	mux.HandleFunc("POST /pembaca", s.reader)
	mux.HandleFunc("POST /pembaca/berkas", s.readerFile)
	mux.HandleFunc("POST /pembaca/perintah", s.orderReader)
}

// asked is what was asked for at the page of readers, and what is wrong with it.
type asked struct{ Typed, Reason, WrongTyped, WrongReason string }

func (s *Server) readers(w http.ResponseWriter, r *http.Request) {
	s.showReader(w, r, http.StatusOK, asked{}, nil)
}

func (s *Server) showReader(w http.ResponseWriter, r *http.Request, status int, a asked,
	seen *conversation.ReaderSeen) {
	s.show(w, r, status, "readers", map[string]any{"Asked": a, "Seen": seen, "ReasonMost": conversation.ReasonMost})
}

// asks reads what was asked for; if it cannot be, the page has been answered.
func (s *Server) asks(w http.ResponseWriter, r *http.Request) (asked, bool) {
	if !s.bounded(w, r) {
		return asked{}, false
	}
	return asked{Typed: strings.TrimSpace(r.PostFormValue("siapa")), Reason: strings.TrimSpace(r.PostFormValue("alasan"))},
		true
}

// found answers a look that gave an error, and tells whether it gave none.
func (s *Server) found(w http.ResponseWriter, r *http.Request, a asked, err error) bool {
	switch {
	case err == nil:
		return true
	case errors.Is(err, conversation.ErrReason):
		a.WrongReason = "Tulis alasannya, 5 sampai 200 huruf, tanpa data pribadi."
	case errors.Is(err, conversation.ErrNotFound):
		a.WrongTyped = "Tidak ada pembaca dengan nomor atau kode kutipan itu. Nama, email dan nomor telepon tidak dapat " +
			"dicari."
	default:
		s.fault(w, r, err)
		return false
	}
	s.showReader(w, r, http.StatusUnprocessableEntity, a, nil)
	return false
}

func (s *Server) reader(w http.ResponseWriter, r *http.Request) {
	a, ok := s.asks(w, r)
	if !ok {
		return
	}
	seen, err := s.cfg.Readers.Reader(r.Context(), member(r.Context()), a.Typed, a.Reason)
	if s.found(w, r, a, err) {
		s.showReader(w, r, http.StatusOK, a, &seen)
	}
}

// readerFile hands out all that is kept of a reader.
func (s *Server) readerFile(w http.ResponseWriter, r *http.Request) {
	a, ok := s.asks(w, r)
	if !ok {
		return
	}
	name, data, err := s.cfg.Readers.Export(r.Context(), member(r.Context()), a.Typed, a.Reason)
	if s.found(w, r, a, err) {
		hand(w, name, "application/json", data)
	}
}

// readerOrders are what can be ordered about a reader's account.
var readerOrders = map[string]bool{"BEKUKAN": true, "CAIRKAN": true, "HAPUS DATA": true}

// orderReader puts an order about a reader to the desk, which asks once more.
func (s *Server) orderReader(w http.ResponseWriter, r *http.Request) {
	a, ok := s.asks(w, r)
	if !ok {
		return
	}
	verb := r.PostFormValue("perintah")
	if !readerOrders[verb] || a.Typed == "" || strings.ContainsAny(a.Typed, " \r\n") {
		s.refuse(w, r, http.StatusBadRequest, "Belum ada yang berubah: perintah itu tidak lengkap. Cari lagi pembacanya.")
		return
	}
	text := verb + " " + a.Typed
	if verb == "HAPUS DATA" {
		if typed := strings.TrimSpace(r.PostFormValue("yakin")); !strings.EqualFold(typed, a.Typed) {
			s.refuse(w, r, http.StatusUnprocessableEntity,
				"Belum ada yang dihapus: nomor pembaca yang diketik tidak sama. Cari lagi pembacanya.")
			return
		}
		text += " " + a.Reason
	}
	if s.order(w, r, text) {
		http.Redirect(w, r, "/pembaca", http.StatusSeeOther)
	}
}
