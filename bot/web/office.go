package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"pst/conversation"
)

// Settings are what names the office, in parts that are changed each by a form.
type Settings interface {
	// Parts lists all, in order.
	Parts(ctx context.Context) ([]Part, error)
	// Part is one; conversation.ErrNotFound, wrapped.
	Part(ctx context.Context, name string) (Part, error)
	// Put changes a part, and the running desk with it at once. [Wrong] for input that
	// cannot be used, [Sure], [ErrStale], conversation.ErrNotFound wrapped: then nothing
	// was changed.
	Put(ctx context.Context, who conversation.Staff, name string, form url.Values, version string) error
}

// Part is one form.
type Part struct {
	Name, Title string
	Note        string // what to know before filling it in
	Warnings    []string
	Version     string
	Fields      []Field
	Adds        bool   // of something that is not there yet
	Removes     string // what a button says that takes this away, or back to what was before
}

// Kinds of fields.
const (
	Line   = "line"
	Lines  = "lines" // one value a line
	Choice = "choice"
	Checks = "checks" // any of the options
)

// Field is one question of a form.
type Field struct {
	Name, Label, Hint, Kind string
	Values                  []string
	Options                 []conversation.Option // of Choice and Checks
	Origin                  string                // where the value comes from, for people
	Fixed                   bool                  // cannot be changed at the page
	Need                    bool
	Wrong                   string // what is wrong with what was typed
}

// Text is the field's value as it stands in a form.
func (f Field) Text() string { return strings.Join(f.Values, "\n") }

// Has tells whether an option is chosen.
func (f Field) Has(key string) bool {
	for _, v := range f.Values {
		if v == key {
			return true
		}
	}
	return false
}

// Shown are the values as they are read: options by what they are called.
func (f Field) Shown() []string {
	if f.Kind != Choice && f.Kind != Checks {
		return f.Values
	}
	var out []string
	for _, o := range f.Options {
		if f.Has(o.Key) {
			out = append(out, o.Label)
		}
	}
	return out
}

// Sure is a change that needs a second yes, and why, for people.
type Sure struct{ Text string }

func (s *Sure) Error() string { return "needs a second yes" }

func (s *Server) routesOffice(mux *http.ServeMux) {
	mux.HandleFunc("GET /kantor", s.office)
	mux.HandleFunc("GET /kantor/{part}", s.officePart)
	mux.HandleFunc("POST /kantor/{part}", s.putOffice)
}

func (s *Server) office(w http.ResponseWriter, r *http.Request) {
	parts, err := s.cfg.Settings.Parts(r.Context())
	if err != nil {
		s.fault(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, "office", map[string]any{"Parts": parts, "Saved": r.FormValue("tersimpan") != ""})
}

func (s *Server) officePart(w http.ResponseWriter, r *http.Request) {
	s.showPart(w, r, http.StatusOK, nil, nil)
}

// showPart shows the form of a part, with what was typed and what came of it.
func (s *Server) showPart(w http.ResponseWriter, r *http.Request, status int, typed url.Values, why error) {
	part, err := s.cfg.Settings.Part(r.Context(), r.PathValue("part"))
	switch {
	case errors.Is(err, conversation.ErrNotFound):
		s.refuse(w, r, http.StatusNotFound, "Bagian itu tidak ada. Mungkin baru saja dihapus; lihat daftar pada halaman "+
			"Kantor.")
		return
	case err != nil:
		s.fault(w, r, err)
		return
	}
	var wrong *Wrong
	var sure *Sure
	data := map[string]any{}
	if errors.As(why, &wrong) {
		data["Wrong"] = wrong.Fields[""]
	}
	if errors.As(why, &sure) {
		data["Sure"] = sure.Text
	}
	if errors.Is(why, ErrStale) {
		data["Wrong"] = staleText
		data["Now"] = part.Fields
	}
	if typed != nil {
		fields := make([]Field, len(part.Fields))
		for i, f := range part.Fields {
			if fields[i] = f; !f.Fixed {
				fields[i].Values = typedValues(f, typed)
			}
			if wrong != nil {
				fields[i].Wrong = wrong.Fields[f.Name]
			}
		}
		part.Fields = fields
		data["Removing"] = typed.Get("hapus")
	}
	data["Part"] = part
	s.show(w, r, status, "office_part", data)
}

// typedValues are what was typed into a field.
func typedValues(f Field, typed url.Values) []string {
	if f.Kind == Checks || f.Kind == Choice {
		return typed[f.Name]
	}
	return strings.Split(strings.ReplaceAll(typed.Get(f.Name), "\r\n", "\n"), "\n")
}

func (s *Server) putOffice(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		s.refuse(w, r, http.StatusBadRequest, "Isian itu tidak dapat dibaca atau terlalu panjang. Tulis lebih pendek, lalu "+
			"coba lagi.")
		return
	}
	for _, all := range r.PostForm {
		for i, v := range all {
			all[i] = strings.ToValidUTF8(strings.ReplaceAll(v, "\x00", ""), "")
		}
	}
	err := s.cfg.Settings.Put(r.Context(), member(r.Context()), r.PathValue("part"), r.PostForm, r.PostFormValue("versi"))
	switch {
	case err == nil:
		http.Redirect(w, r, "/kantor?tersimpan=1", http.StatusSeeOther)
	case errors.As(err, new(*Wrong)):
		s.showPart(w, r, http.StatusUnprocessableEntity, r.PostForm, err)
	case errors.As(err, new(*Sure)):
		s.showPart(w, r, http.StatusOK, r.PostForm, err)
	case errors.Is(err, ErrStale):
		s.showPart(w, r, http.StatusConflict, r.PostForm, err)
	case errors.Is(err, conversation.ErrNotFound):
		s.showPart(w, r, http.StatusNotFound, nil, nil)
	default:
		s.fault(w, r, err)
	}
}
