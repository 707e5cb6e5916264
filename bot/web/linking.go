package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"pst/conversation"
)

// Linker links WhatsApp to the desk's phone while the desk serves: one at a time, for
// one member of staff, and given up when they look no more.
type Linker interface {
	// Link begins. It returns ErrNumber for a number that no account can have, and
	// ErrBusy while another member links; their own goes on.
	Link(ctx context.Context, by conversation.Staff, o LinkOrder) error
	// Linking is how far it is. What another member links shows no codes.
	Linking(by conversation.Staff) Linking
	// Picture is the QR code to be scanned now, as PNG; nil where there is none, or
	// it is another member's.
	Picture(by conversation.Staff) []byte
	// Answer gives the passkey's answer to their own linking that asks for it.
	Answer(by conversation.Staff, answer string)
	// Stop ends the linking, whoever began it.
	Stop(ctx context.Context, by conversation.Staff) error
}

// Errors of [Linker.Link].
var (
	ErrNumber = errors.New("no telephone number of an account")
	ErrBusy   = errors.New("another member of staff links")
)

// LinkOrder says how to link.
type LinkOrder struct {
	Phone string // asks for a code to be typed there; "": a QR code
	New   bool   // in place of the phone that is linked
}

// Linking is a linking as it stands; the zero value is none.
type Linking struct {
	Version string // changes with whatever is shown
	By      string // who began it
	Mine    bool
	Running bool
	Text    string
	Note    string // said beside Text
	Picture bool
	Code    string // to be typed on the phone, or compared
	Snippet string // to be run in a browser, which prints what is to be answered
	Asks    bool   // an answer is waited for
	Done    bool   // linked
	Fault   string // why it ended, and what to do; "" while it runs or is done
}

// linkPage offers linking, or shows one that runs.
func (s *Server) linkPage(w http.ResponseWriter, r *http.Request) {
	s.linking(w, r, http.StatusOK, map[string]any{})
}

func (s *Server) linking(w http.ResponseWriter, r *http.Request, status int, data map[string]any) {
	if data["Channel"] = s.linked(r.Context()); data["Channel"] == nil {
		s.refuse(w, r, http.StatusNotFound, "WhatsApp belum diaktifkan. Minta pengelola menulis enabled = true di bagian "+
			"[whatsapp] pada pst.toml.")
		return
	}
	data["Linking"] = s.cfg.Linker.Linking(member(r.Context()))
	s.show(w, r, status, "linking", data)
}

// linked is how the channel that a phone is linked to is; nil where there is none.
func (s *Server) linked(ctx context.Context) any {
	for _, c := range s.cfg.Channels.Channels(ctx) {
		if c.Link {
			return c
		}
	}
	return nil
}

// linkNow is the part of the page that changes, for who stays on it.
func (s *Server) linkNow(w http.ResponseWriter, r *http.Request) {
	var out bytes.Buffer
	data := map[string]any{"Linking": s.cfg.Linker.Linking(member(r.Context())), "Channel": s.linked(r.Context()),
		"Nonce": newID()}
	if err := s.pages["linking"].ExecuteTemplate(&out, "live", data); err != nil {
		s.fault(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(out.Bytes()) // the browser has gone: nobody to tell
}

func (s *Server) linkPicture(w http.ResponseWriter, r *http.Request) {
	png := s.cfg.Linker.Picture(member(r.Context()))
	if png == nil {
		http.Error(w, "Tidak ada kode QR sekarang.", http.StatusNotFound)
		return
	}
	hand(w, "kode-qr.png", "image/png", png)
}

// link begins a linking. To replace a phone is asked twice.
func (s *Server) link(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	by := r.PostFormValue("cara")
	o := LinkOrder{Phone: r.PostFormValue("nomor"), New: r.PostFormValue("ganti") != ""}
	again := map[string]any{"Number": o.Phone}
	switch {
	case by != "qr" && by != "nomor":
		s.refuse(w, r, http.StatusBadRequest, "Pilih cara menautkan: kode QR atau nomor telepon.")
		return
	case by == "qr":
		o.Phone = ""
	case o.Phone == "":
		again["WrongNumber"] = "Tulis nomor WhatsApp milik layanan, seperti 0812-3456-7890."
		s.linking(w, r, http.StatusBadRequest, again)
		return
	}
	if o.New && r.PostFormValue("yakin") == "" {
		s.show(w, r, http.StatusOK, "replace", map[string]any{"By": by, "Number": o.Phone})
		return
	}
	switch err := s.cfg.Linker.Link(r.Context(), member(r.Context()), o); {
	case errors.Is(err, ErrNumber):
		again["WrongNumber"] = "Itu bukan nomor telepon yang berlaku. Tulis seperti 0812-3456-7890 atau +62 812 3456 7890."
		s.linking(w, r, http.StatusBadRequest, again)
	case errors.Is(err, ErrBusy):
		s.refuse(w, r, http.StatusConflict, "Penautan sedang dijalankan petugas lain. Tunggu sampai selesai, atau hentikan "+
			"dahulu dari halaman Kanal.")
	case err != nil:
		s.fault(w, r, err)
	default:
		http.Redirect(w, r, "/kanal/whatsapp", http.StatusSeeOther)
	}
}

func (s *Server) linkAnswer(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	s.cfg.Linker.Answer(member(r.Context()), r.PostFormValue("jawaban"))
	http.Redirect(w, r, "/kanal/whatsapp", http.StatusSeeOther)
}

func (s *Server) linkStop(w http.ResponseWriter, r *http.Request) {
	if err := s.cfg.Linker.Stop(r.Context(), member(r.Context())); err != nil {
		s.fault(w, r, err)
		return
	}
	http.Redirect(w, r, "/kanal/whatsapp", http.StatusSeeOther)
}
