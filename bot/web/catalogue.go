package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"pst/conversation"
)

// Books is the library, as staff look after it. Every method may return an error of
// the store too.
type Books interface {
	// Find searches as readers do; conversation.ErrPreparing while there is no index.
	Find(ctx context.Context, query string, offset, limit int) (conversation.Result, error)
	// Lacking lists a part of the records of a kind by title, and how many there are;
	// with limit 0 the number alone. An unknown kind is conversation.ErrNotFound.
	Lacking(ctx context.Context, k Lack, offset, limit int) ([]conversation.Publication, int, error)
	// Book returns conversation.ErrNotFound for an unknown id.
	Book(ctx context.Context, id string) (Book, error)
	// Mend changes facts of a publication, and the catalogue with them. It returns
	// a *Wrong, ErrStale when somebody changed the record meanwhile, or
	// conversation.ErrNotFound; then nothing was changed.
	Mend(ctx context.Context, by conversation.Staff, id string, f BookForm) error
	// Silenced lists the tables that answer no question for a number until staff trust them
	// again, the newest silence first.
	Silenced(ctx context.Context) ([]SilencedTable, error)
	// Withdraw takes a publication out of the catalogue, or brings it back;
	// conversation.ErrNotFound.
	Withdraw(ctx context.Context, by conversation.Staff, id string, out bool) error
}

// Lack is a kind of records that staff look after, as addresses name it.
type Lack string

// Kinds of records.
const (
	NoFile    Lack = "tanpa-berkas"
	NoText    Lack = "tanpa-teks"
	Withdrawn Lack = "ditarik"
)

var lacks = []struct {
	Kind       Lack
	Name, Says string
}{
	{NoFile, "Tanpa berkas", "Katalognya ada, berkas PDF-nya belum: pembaca tidak dapat meminta kutipannya."},
	{NoText, "Tanpa halaman yang dapat dicari", "Berkasnya hasil pindai tanpa teks: judulnya ditemukan, isinya tidak."},
	{Withdrawn, "Ditarik", "Tidak ditemukan dan tidak dikirim kepada pembaca, apa pun yang diimpor."},
}

// Book is a publication with what the library knows of it.
type Book struct {
	conversation.Publication
	Publisher string // name of its office
	Version   int64  // of the catalogue, at its last change
	Withdrawn bool
	Wholly    bool // all publications of its office are strict
	Texts     int  // pages with words to be found by
	Entries   []conversation.Entry
}

// BookForm is what staff write about a publication.
type BookForm struct {
	Version              int64
	Title, Shelf, Copies string
}

const booksPage = 20 // records on a page

// pageMost bounds how far lists are leafed through.
const pageMost = 5000

func (s *Server) routesCatalogue(mux *http.ServeMux) {
	mux.HandleFunc("GET /katalog", s.catalogue)
	mux.HandleFunc("GET /katalog/buku/{id}", s.book)
	mux.HandleFunc("POST /katalog/buku/{id}", s.mendBook)
	mux.HandleFunc("POST /katalog/buku/{id}/tarik", s.withdrawBook)
	mux.HandleFunc("POST /katalog/buku/{id}/ketat", s.strictBook)
	mux.HandleFunc("GET /katalog/tabel", s.silencedTables)
	mux.HandleFunc("POST /katalog/tabel", s.trustTable)
}

// sheet is which part of a list is shown, from 1.
func sheet(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("hal"))
	if err != nil || n < 1 || n > pageMost {
		return 1
	}
	return n
}

// leaves are the addresses of the parts of a list before and after this one.
func leaves(r *http.Request, at, total int) (before, after string) {
	q := r.URL.Query()
	to := func(n int) string {
		q.Set("hal", strconv.Itoa(n))
		return r.URL.Path + "?" + q.Encode()
	}
	if at > 1 {
		before = to(at - 1)
	}
	if at*booksPage < total && at < pageMost {
		after = to(at + 1)
	}
	return before, after
}

// catalogue searches, or lists the records of a kind.
func (s *Server) catalogue(w http.ResponseWriter, r *http.Request) {
	typed := strings.ToValidUTF8(r.URL.Query().Get("cari"), " ")
	data := map[string]any{"Query": typed, "Kind": Lack(r.URL.Query().Get("daftar")), "Sheet": sheet(r)}
	var counted []map[string]any
	for _, l := range lacks {
		_, n, err := s.cfg.Books.Lacking(r.Context(), l.Kind, 0, 0)
		if err != nil {
			s.fault(w, r, err)
			return
		}
		counted = append(counted, map[string]any{"Kind": l.Kind, "Name": l.Name, "Says": l.Says, "Count": n})
	}
	data["Lists"] = counted
	silenced, err := s.cfg.Books.Silenced(r.Context())
	if err != nil {
		s.fault(w, r, err)
		return
	}
	data["Silenced"] = len(silenced)
	total, offset := 0, (sheet(r)-1)*booksPage
	switch {
	case data["Kind"] != Lack(""):
		ps, n, err := s.cfg.Books.Lacking(r.Context(), data["Kind"].(Lack), offset, booksPage)
		if errors.Is(err, conversation.ErrNotFound) {
			s.refuse(w, r, http.StatusNotFound, "Daftar itu tidak ada.")
			return
		}
		if err != nil {
			s.fault(w, r, err)
			return
		}
		total, data["Records"], data["Listed"] = n, ps, true
	case strings.TrimSpace(typed) != "":
		found, err := s.cfg.Books.Find(r.Context(), typed, offset, booksPage)
		if errors.Is(err, conversation.ErrPreparing) {
			data["Preparing"] = true
			break
		}
		if err != nil {
			s.fault(w, r, err)
			return
		}
		total, data["Found"], data["Searched"] = found.Total, found, true
	}
	data["Total"] = total
	data["Before"], data["After"] = leaves(r, sheet(r), total)
	s.show(w, r, http.StatusOK, "catalogue", data)
}

// bookOf loads the book of the address; if there is none, the page has been answered.
func (s *Server) bookOf(w http.ResponseWriter, r *http.Request) (Book, bool) {
	b, err := s.cfg.Books.Book(r.Context(), r.PathValue("id"))
	if errors.Is(err, conversation.ErrNotFound) {
		s.noBook(w, r)
		return b, false
	}
	if err != nil {
		s.fault(w, r, err)
		return b, false
	}
	return b, true
}

func (s *Server) noBook(w http.ResponseWriter, r *http.Request) {
	s.refuse(w, r, http.StatusNotFound, "Publikasi itu tidak ada di katalog. Cari lagi dari halaman Katalog.")
}

func (s *Server) book(w http.ResponseWriter, r *http.Request) {
	if b, ok := s.bookOf(w, r); ok {
		form := BookForm{b.Version, b.Title, b.Shelf, strconv.Itoa(b.Copies)}
		s.showBook(w, r, http.StatusOK, map[string]any{"Book": b, "Form": form, "Saved": r.URL.Query().Has("tersimpan")})
	}
}

func (s *Server) showBook(w http.ResponseWriter, r *http.Request, status int, data map[string]any) {
	s.show(w, r, status, "book", data)
}

// mendBook changes title, shelf and copies.
func (s *Server) mendBook(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	version, err := strconv.ParseInt(r.PostFormValue("versi"), 10, 64)
	if err != nil {
		s.refuse(w, r, http.StatusBadRequest, "Formulir ini tidak lengkap. Muat ulang halamannya, lalu coba lagi.")
		return
	}
	form := BookForm{version, r.PostFormValue("judul"), r.PostFormValue("rak"), r.PostFormValue("eksemplar")}
	id := r.PathValue("id")
	err = s.cfg.Books.Mend(r.Context(), member(r.Context()), id, form)
	var wrong *Wrong
	switch {
	case err == nil:
		http.Redirect(w, r, "/katalog/buku/"+url.PathEscape(id)+"?tersimpan", http.StatusSeeOther)
	case errors.Is(err, conversation.ErrNotFound):
		s.noBook(w, r)
	case errors.Is(err, ErrStale), errors.As(err, &wrong):
		b, ok := s.bookOf(w, r)
		if !ok {
			return
		}
		data := map[string]any{"Book": b, "Form": form}
		if wrong != nil {
			data["Wrong"] = wrong.Fields
		} else {
			form.Version = b.Version
			data["Form"], data["Stale"] = form, staleText
		}
		s.showBook(w, r, http.StatusConflict, data)
	default:
		s.fault(w, r, err)
	}
}

// withdrawBook takes a publication out, once it is said that this is meant, or brings
// it back.
func (s *Server) withdrawBook(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	out := r.PostFormValue("kembali") == ""
	if out && r.PostFormValue("yakin") == "" {
		b, ok := s.bookOf(w, r)
		if ok {
			form := BookForm{b.Version, b.Title, b.Shelf, strconv.Itoa(b.Copies)}
			s.showBook(w, r, http.StatusBadRequest, map[string]any{"Book": b, "Form": form, "Unsure": true})
		}
		return
	}
	id := r.PathValue("id")
	err := s.cfg.Books.Withdraw(r.Context(), member(r.Context()), id, out)
	if errors.Is(err, conversation.ErrNotFound) {
		s.noBook(w, r)
		return
	}
	if err != nil {
		s.fault(w, r, err)
		return
	}
	http.Redirect(w, r, "/katalog/buku/"+url.PathEscape(id), http.StatusSeeOther)
}

// strictBook orders what KETAT and LONGGAR order in a chat; the desk asks back.
func (s *Server) strictBook(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	b, ok := s.bookOf(w, r)
	if !ok {
		return
	}
	verb := "KETAT "
	if b.Strict {
		verb = "LONGGAR "
	}
	if s.order(w, r, verb+b.ID) {
		http.Redirect(w, r, "/katalog/buku/"+url.PathEscape(b.ID), http.StatusSeeOther)
	}
}
