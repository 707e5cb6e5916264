package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"pst/conversation"
)

// Sentences are the texts of the desk, and those that the office wrote instead.
type Sentences interface {
	// Sentences lists all, in the order of the talk.
	Sentences(ctx context.Context) ([]Sentence, error)
	// Sentence is one with all that is known of it; conversation.ErrNotFound, wrapped.
	Sentence(ctx context.Context, key string) (Sentence, error)
	// Preview is how a text would read; [Wrong] for one that cannot be used.
	Preview(ctx context.Context, key, text string) ([]string, error)
	// Put puts a text in place, the desk's own for nil, and lets the desk speak so at
	// once. [Wrong] for one that cannot be used, [ErrStale], conversation.ErrNotFound
	// wrapped: then nothing was changed.
	Put(ctx context.Context, who conversation.Staff, key string, text *string, version string) error
}

// Sentence is one text of the desk. The last five fields are of [Sentences.Sentence] alone.
type Sentence struct {
	conversation.TextSource
	Own *string // the office's; nil: the desk's own is said

	Usual, Now   []string // how the desk's own, and what is said now, read with sample data
	Placeholders []conversation.Placeholder
	Earlier      []Earlier // newest first
	Version      string
}

// Written is the text that is said, as it is written.
func (s Sentence) Written() string {
	if s.Own != nil {
		return *s.Own
	}
	return s.Text
}

// Earlier is a text that was said before it was replaced; nil: the desk's own.
type Earlier struct {
	Text *string
	At   time.Time // when it was replaced
	By   string
}

func (s *Server) routesTexts(mux *http.ServeMux) {
	mux.HandleFunc("GET /kalimat", s.texts)
	mux.HandleFunc("GET /kalimat/{key}", s.text)
	mux.HandleFunc("POST /kalimat/{key}", s.putText)
}

type textGroup struct {
	Name       string
	All, Owned int
	Shown      []Sentence
}

// texts lists the parts of the talk, and the texts of one part or those that were
// looked for.
func (s *Server) texts(w http.ResponseWriter, r *http.Request) {
	list, err := s.cfg.Sentences.Sentences(r.Context())
	if err != nil {
		s.fault(w, r, err)
		return
	}
	part, sought, owned := r.FormValue("bagian"), strings.TrimSpace(r.FormValue("cari")), r.FormValue("diubah") != ""
	if len(sought) > 100 {
		sought = strings.ToValidUTF8(sought[:100], "")
	}
	var groups []textGroup
	found := 0
	for _, t := range list {
		i := slices.IndexFunc(groups, func(g textGroup) bool { return g.Name == t.Group })
		if i < 0 {
			i, groups = len(groups), append(groups, textGroup{Name: t.Group})
		}
		g := &groups[i]
		g.All++
		if t.Own != nil {
			g.Owned++
		}
		if show := sought != "" && textHas(t, sought) || owned && t.Own != nil || part != "" && part == t.Group; show {
			g.Shown = append(g.Shown, t)
			found++
		}
	}
	s.show(w, r, http.StatusOK, "texts", map[string]any{"Groups": groups, "Part": part, "Sought": sought, "Owned": owned,
		"Found": found})
}

// textHas tells whether all words that are looked for stand in a text or its name.
func textHas(t Sentence, words string) bool {
	in := strings.ToLower(t.Key + " " + t.Group + " " + t.Text + " " + t.Written())
	for _, w := range strings.Fields(strings.ToLower(words)) {
		if !strings.Contains(in, w) {
			return false
		}
	}
	return true
}

func (s *Server) text(w http.ResponseWriter, r *http.Request) {
	s.showText(w, r, http.StatusOK, map[string]any{"Saved": r.FormValue("tersimpan") != ""})
}

// showText shows the form of one text; data may say what was typed and what is wrong
// with it.
func (s *Server) showText(w http.ResponseWriter, r *http.Request, status int, data map[string]any) {
	one, err := s.cfg.Sentences.Sentence(r.Context(), r.PathValue("key"))
	switch {
	case errors.Is(err, conversation.ErrNotFound):
		s.refuse(w, r, http.StatusNotFound, "Kalimat itu tidak ada. Cari pada daftar Kalimat.")
		return
	case err != nil:
		s.fault(w, r, err)
		return
	}
	data["Text"] = one
	if data["Typed"] == nil {
		data["Typed"] = one.Written()
	}
	s.show(w, r, status, "text", data)
}

// putText changes a text, or shows how it would read.
func (s *Server) putText(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		s.refuse(w, r, http.StatusBadRequest, "Kalimat itu tidak dapat dibaca atau terlalu panjang. Tulis lebih pendek, "+
			"lalu coba lagi.")
		return
	}
	key, text := r.PathValue("key"), strings.TrimRight(strings.ReplaceAll(r.PostFormValue("teks"), "\r\n", "\n"), " \n")
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
	data := map[string]any{"Typed": text}
	var err error
	switch put := &text; {
	case r.PostForm.Has("lihat"):
		var read []string
		if read, err = s.cfg.Sentences.Preview(r.Context(), key, text); err == nil {
			data["Preview"] = read
			s.showText(w, r, http.StatusOK, data)
			return
		}
	default:
		if r.PostForm.Has("bawaan") {
			put = nil
		}
		if err = s.cfg.Sentences.Put(r.Context(), member(r.Context()), key, put, r.PostFormValue("versi")); err == nil {
			http.Redirect(w, r, "/kalimat/"+url.PathEscape(key)+"?tersimpan=1", http.StatusSeeOther)
			return
		}
	}
	var wrong *Wrong
	switch {
	case errors.As(err, &wrong):
		data["Wrong"] = wrong.Fields["teks"]
		s.showText(w, r, http.StatusUnprocessableEntity, data)
	case errors.Is(err, ErrStale):
		data["Wrong"] = staleText
		s.showText(w, r, http.StatusConflict, data)
	case errors.Is(err, conversation.ErrNotFound):
		s.showText(w, r, http.StatusNotFound, data)
	default:
		s.fault(w, r, err)
	}
}
