package web

import (
	"context"
	"net/http"

	"pst/conversation"
)

// Channels tells how the channels to people are, and tries them.
type Channels interface {
	// Channels lists those that are configured. It asks nobody outside.
	Channels(ctx context.Context) []Channel
	// Try asks a channel's platform itself, in a bounded time, on behalf of a member
	// of staff; nil where there is nothing to try.
	Try(ctx context.Context, scheme string, by conversation.Staff) []Finding
}

// Channel is how one channel is, in words for a clerk.
type Channel struct {
	Scheme, Name string
	Well         bool
	State        string   // a sentence
	Todo         string   // what staff do about it; "": nothing
	Facts        []string // what else there is to know
	Cause        string   // for who looks after the system; "": nothing
	Try          string   // what the button that tries it does; "": there is none
	Link         bool     // it lives by a phone that is linked to it
	Linked       bool     // one is
}

// Finding is one thing that a try has shown.
type Finding struct {
	Well bool
	Text string
}

func (s *Server) routesChannels(mux *http.ServeMux) {
	mux.HandleFunc("GET /kanal", func(w http.ResponseWriter, r *http.Request) { s.channels(w, r, "", nil) })
	mux.HandleFunc("POST /kanal/periksa", s.tryChannel)
	mux.HandleFunc("GET /kanal/whatsapp", s.linkPage)
	mux.HandleFunc("POST /kanal/whatsapp", s.link)
	mux.HandleFunc("GET /kanal/whatsapp/kini", s.linkNow)
	mux.HandleFunc("GET /kanal/whatsapp/kode.png", s.linkPicture)
	mux.HandleFunc("POST /kanal/whatsapp/sandi", s.linkAnswer)
	mux.HandleFunc("POST /kanal/whatsapp/henti", s.linkStop)
}

// channels is how they all are; found is what trying one has shown.
func (s *Server) channels(w http.ResponseWriter, r *http.Request, tried string, found []Finding) {
	s.show(w, r, http.StatusOK, "channels", map[string]any{"Channels": s.cfg.Channels.Channels(r.Context()),
		"Tried": tried, "Found": found})
}

func (s *Server) tryChannel(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	scheme := r.PostFormValue("kanal")
	found := s.cfg.Channels.Try(r.Context(), scheme, member(r.Context()))
	if found == nil {
		s.refuse(w, r, http.StatusBadRequest, "Kanal itu tidak ada atau tidak dapat diperiksa. Kembali ke Kanal, lalu "+
			"pilih yang ada di sana.")
		return
	}
	s.channels(w, r, scheme, found)
}
