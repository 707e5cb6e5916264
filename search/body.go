package search

import (
	"errors"
	"strconv"
	"strings"
)

// The bodies of documents are lists of fields and of lists, held apart by two
// characters that stand in no text. Every search that meets an office for the
// first time reads all its series: this takes a tenth of reading JSON.
const (
	unit   = "\x1f" // after a field
	record = "\x1e" // after a list of fields
)

var errBody = errors.New("damaged: a body has too few fields")

// separators are what no field may hold.
var separators = strings.NewReplacer(unit, " ", record, " ")

// writer writes a body.
type writer struct{ strings.Builder }

func (w *writer) field(s string) {
	if strings.ContainsAny(s, unit+record) {
		s = separators.Replace(s)
	}
	w.WriteString(s)
	w.WriteString(unit)
}

func (w *writer) number(n int) { w.field(strconv.Itoa(n)) }
func (w *writer) end()         { w.WriteString(record) }

// fields reads the fields of a list one after another; a missing one is
// remembered as an error.
type fields struct {
	rest string
	err  error
}

func (f *fields) next() string {
	s, rest, ok := strings.Cut(f.rest, unit)
	if !ok && f.err == nil {
		f.err = errBody
	}
	f.rest = rest
	return s
}

func (f *fields) number() int {
	n, err := strconv.Atoi(f.next())
	if err != nil && f.err == nil {
		f.err = errBody
	}
	return n
}

// body writes an edition as one list.
func (e edition) body(w *writer) {
	w.field(e.ID)
	w.field(e.Title)
	w.number(e.Year)
	w.number(e.From)
	w.number(e.To)
	w.field(e.Released)
	w.field(strings.Join(e.Numbers, " "))
	held := 0
	if e.Held {
		held = 1
	}
	w.number(held)
	w.end()
}

func (e *edition) read(list string) error {
	f := fields{rest: list}
	*e = edition{ID: f.next(), Title: f.next(), Year: f.number(), From: f.number(), To: f.number(), Released: f.next(),
		Numbers: strings.Fields(f.next()), Held: f.number() == 1}
	return f.err
}

// body writes a series: a list of what is its own, and one for each edition.
func (s series) body() string {
	var w writer
	for _, field := range []string{s.Key, s.Office, s.District, s.AreaName, s.Lower, strings.Join(s.Words, " "),
		s.Abstract} {
		w.field(field)
	}
	w.end()
	for _, e := range s.Editions {
		e.body(&w)
	}
	return w.String()
}

func (s *series) read(body string) error {
	own, rest, _ := strings.Cut(body, record)
	f := fields{rest: own}
	*s = series{Key: f.next(), Office: f.next(), District: f.next(), AreaName: f.next(), Lower: f.next(),
		Words: strings.Fields(f.next()), Abstract: f.next()}
	if f.err != nil {
		return f.err
	}
	s.Editions = make([]edition, strings.Count(rest, record))
	for i := range s.Editions {
		var list string
		list, rest, _ = strings.Cut(rest, record)
		if err := s.Editions[i].read(list); err != nil {
			return err
		}
	}
	if len(s.Editions) == 0 {
		return errBody
	}
	return nil
}

// body writes what the index keeps of a page.
func (p pageBody) body() string {
	var w writer
	w.field(p.Printed)
	for _, title := range p.Titles {
		w.field(title)
	}
	return w.String()
}

func (p *pageBody) read(body string) error {
	f := fields{rest: body}
	p.Printed = f.next()
	for f.rest != "" {
		p.Titles = append(p.Titles, f.next())
	}
	return f.err
}
