package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"pst/conversation"
)

// Intake takes in publications as PDF files, and lists of them. Nothing of it is kept
// before staff said so.
type Intake interface {
	// Receive lays a file aside to be looked at, until staff decide about it; office is
	// the code of records that name none. What is wrong with the file is told among the
	// Papers. It returns ErrNoRoom, ErrTooMany or ErrOffice, and content's own error;
	// then nothing of the file is left.
	Receive(ctx context.Context, by conversation.Staff, office, name string, content io.Reader) error
	// Papers are a member's own, those received first first, and what of others is at
	// work.
	Papers(by conversation.Staff) Papers
	// Decide says what becomes of papers of a member's own that are ready, by id. Others
	// are passed over.
	Decide(ctx context.Context, by conversation.Staff, wanted map[string]Wanted)
	// Clear forgets the papers of a member's own that have ended.
	Clear(by conversation.Staff)
}

// Errors of [Intake.Receive].
var (
	ErrNoRoom  = errors.New("too little room on the disk")
	ErrTooMany = errors.New("too many files wait")
	ErrOffice  = errors.New("office code must be four digits")
)

// Wanted is what staff decided about one paper.
type Wanted struct {
	Drop bool   // it is forgotten
	To   string // the id of the publication it belongs to, or NewBook; empty for a list
}

// NewBook makes a publication of its own of a file; no id has a colon.
const NewBook = ":baru"

// Papers are what a member sent in.
type Papers struct {
	Version string // changes with whatever is shown
	Own     []Paper
	Running bool // something of theirs is looked at or taken in
	Others  []string
}

// Paper is one file on its way into the library.
type Paper struct {
	ID, Name, Office string
	By               string // who sent it
	At               time.Time
	Size             int64
	List             bool
	State            PaperState
	Why              string // why it was refused, as a clause; what came of one that is taken in
	Book             string // where it was taken in: the publication's id

	// Of a file that is ready.
	Pages  int
	Into   conversation.Publication // where it belongs by itself
	New    bool                     // that is a publication of its own
	Same   bool                     // the library has this book: it can belong nowhere else
	Out    bool                     // that publication was withdrawn and stays so
	Likely []conversation.Hit       // others it may belong to

	// Of a list that is ready.
	Fresh, Changed, Unchanged, Kept int // Kept: of these, withdrawn ones
	Bad                             []string
	BadMore                         int    // beyond those named
	Elsewhere                       string // a clause: it seems to be another office's; "" when it does not
}

// PaperState is how far a paper is.
type PaperState string

// States of papers.
const (
	Reading PaperState = "dibaca"
	Ready   PaperState = "menunggu keputusan"
	Taking  PaperState = "diimpor"
	Done    PaperState = "selesai"
	Refused PaperState = "ditolak"
)

const (
	uploadMost = 8 << 30 // bytes of one form
	// stalledAfter is how long nothing may come of a file before it counts as cut off.
	stalledAfter = 2 * time.Minute
)

func (s *Server) routesUpload(mux *http.ServeMux) {
	mux.HandleFunc("GET /katalog/kirim", s.uploadPage)
	mux.HandleFunc("GET /katalog/kirim/kini", s.uploadNow)
	mux.HandleFunc("POST /katalog/kirim", s.upload)
	mux.HandleFunc("POST /katalog/kirim/putuskan", s.decide)
	mux.HandleFunc("POST /katalog/kirim/bersihkan", s.clearPapers)
}

func (s *Server) uploadPage(w http.ResponseWriter, r *http.Request) {
	s.uploads(w, r, http.StatusOK, "")
}

func (s *Server) uploads(w http.ResponseWriter, r *http.Request, status int, wrong string) {
	s.show(w, r, status, "upload", map[string]any{"Papers": s.cfg.Intake.Papers(member(r.Context())), "Wrong": wrong})
}

// uploadNow is the part of the page that changes, for who stays on it.
func (s *Server) uploadNow(w http.ResponseWriter, r *http.Request) {
	var out bytes.Buffer
	if err := s.pages["upload"].ExecuteTemplate(&out, "papers",
		map[string]any{"Papers": s.cfg.Intake.Papers(member(r.Context()))}); err != nil {
		s.fault(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(out.Bytes()) // the browser has gone: nobody to tell
}

// upload reads the files of a form one after another, each straight to the disk.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	r.Body = &patient{http.MaxBytesReader(w, r.Body, uploadMost), control}
	defer control.SetReadDeadline(time.Time{})
	form, err := r.MultipartReader()
	if err != nil {
		s.uploads(w, r, http.StatusBadRequest, "Formulir ini bukan kiriman berkas. Pilih berkasnya, lalu tekan Kirim.")
		return
	}
	n, err := s.receive(r.Context(), form)
	var large *http.MaxBytesError
	switch {
	case err == nil && n > 0:
		http.Redirect(w, r, "/katalog/kirim", http.StatusSeeOther)
	case err == nil:
		s.uploads(w, r, http.StatusBadRequest, "Belum ada berkas yang dipilih.")
	case errors.Is(err, ErrOffice):
		s.uploads(w, r, http.StatusBadRequest, "Kode kantor harus empat angka, seperti "+s.cfg.Office().Code+".")
	case errors.Is(err, ErrNoRoom), errors.Is(err, conversation.ErrFull):
		s.uploads(w, r, http.StatusInsufficientStorage,
			"Tempat penyimpanan hampir penuh, jadi sisanya tidak diterima. Minta pengelola mengosongkan disk, lalu kirim lagi.")
	case errors.Is(err, ErrTooMany):
		s.uploads(w, r, http.StatusRequestEntityTooLarge,
			"Terlalu banyak berkas yang menunggu, jadi sisanya tidak diterima. Putuskan dulu yang tercantum di bawah, lalu "+
				"kirim sisanya.")
	case errors.As(err, &large):
		s.uploads(w, r, http.StatusRequestEntityTooLarge, "Kiriman ini terlalu besar. Kirim berkasnya dalam beberapa kali.")
	default:
		s.cfg.Log.Info("an upload was cut off", "error", err)
		s.uploads(w, r, http.StatusBadRequest, "Kiriman terputus: berkas yang belum utuh tidak disimpan. Kirim lagi berkas "+
			"itu.")
	}
}

// receive returns how many files were received, whole ones before an error included.
// Those that came too late for room are read to their end, so that the browser hears
// the answer.
func (s *Server) receive(ctx context.Context, form *multipart.Reader) (n int, err error) {
	office := s.cfg.Office().Code
	var refused error
	for {
		part, err := form.NextRawPart()
		if errors.Is(err, io.EOF) {
			return n, refused
		}
		if err != nil {
			return n, errors.Join(refused, err)
		}
		name := part.FileName() // its last element, and none where nothing was chosen
		switch {
		case part.FormName() == "kode":
			code, err := io.ReadAll(io.LimitReader(part, 16))
			if err != nil {
				return n, err
			}
			office = strings.TrimSpace(string(code))
		case part.FormName() != "berkas" || name == "" || refused != nil:
		default:
			err := s.cfg.Intake.Receive(ctx, member(ctx), office, name, part)
			switch {
			case err == nil:
				n++
			case errors.Is(err, ErrNoRoom), errors.Is(err, ErrTooMany), errors.Is(err, ErrOffice),
				errors.Is(err, conversation.ErrFull):
				refused = err
			default:
				return n, err
			}
		}
	}
}

// patient gives up when nothing comes for a while.
type patient struct {
	io.ReadCloser
	control *http.ResponseController
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.control.SetReadDeadline(time.Now().Add(stalledAfter)); err != nil {
		return 0, err
	}
	return p.ReadCloser.Read(b)
}

// decide takes what was chosen for each paper shown.
func (s *Server) decide(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	if err := r.ParseForm(); err != nil {
		s.uploads(w, r, http.StatusBadRequest, "Formulir ini tidak lengkap. Pilih lagi, lalu coba sekali lagi.")
		return
	}
	wanted := map[string]Wanted{}
	for _, id := range r.PostForm["id"] {
		to := r.PostForm.Get("ke-" + id)
		if other := strings.TrimSpace(r.PostForm.Get("lain-" + id)); to == ":lain" {
			to = other
		}
		if to != "" || r.PostForm.Has("ke-"+id) {
			wanted[id] = Wanted{Drop: to == ":buang", To: to}
		}
	}
	s.cfg.Intake.Decide(r.Context(), member(r.Context()), wanted)
	http.Redirect(w, r, "/katalog/kirim", http.StatusSeeOther)
}

func (s *Server) clearPapers(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	s.cfg.Intake.Clear(member(r.Context()))
	http.Redirect(w, r, "/katalog/kirim", http.StatusSeeOther)
}
