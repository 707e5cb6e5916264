package web

import (
	"net/http"

	"pst/conversation"
)

// SilencedTable is a table that answers nobody, with what staff know it by.
type SilencedTable struct {
	conversation.SilentTable
	Book string // title of its publication
}

// silencedTables lists the tables that staff said are wrong.
func (s *Server) silencedTables(w http.ResponseWriter, r *http.Request) {
	list, err := s.cfg.Books.Silenced(r.Context())
	if err != nil {
		s.fault(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, "silenced", map[string]any{"Tables": list})
}

// trustTable orders what PERCAYA orders in a chat.
func (s *Server) trustTable(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	list, err := s.cfg.Books.Silenced(r.Context())
	if err != nil {
		s.fault(w, r, err)
		return
	}
	for _, t := range list {
		if t.Publication == r.PostFormValue("publikasi") && t.Table == r.PostFormValue("tabel") {
			if s.order(w, r, "PERCAYA "+t.Publication+" "+t.Table) {
				http.Redirect(w, r, "/katalog/tabel", http.StatusSeeOther)
			}
			return
		}
	}
	s.refuse(w, r, http.StatusNotFound, "Tabel itu tidak dihentikan, atau sudah dipercaya lagi. Muat ulang daftarnya.")
}
