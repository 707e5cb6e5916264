package conversation

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Publisher is the name of the office that a publication is of, by its code. It
// is BPS where no name is known.
func (o *Office) Publisher(code string) string {
	switch name := o.Others[code]; {
	case code == o.Code:
		return o.Name
	case name != "":
		return name
	}
	return "Badan Pusat Statistik"
}

// tablesNamed is how many tables a citation names at most.
const tablesNamed = 3

// source is what a citation of pages is made of.
type source struct {
	Publication
	Office  string // that of the publication
	Tables  string // numbers of the tables on the pages: "3.1.2, 3.1.3"
	Printed string // the numbers printed on them, else those of the file
	Code    string
}

// sourceOf gathers what a citation of pages of a publication names.
func (t *turn) sourceOf(p Publication, pages PageSet, code string) (source, error) {
	s := source{Publication: p, Office: t.office.Publisher(p.Office), Code: code}
	s.Title = cut(oneLine(p.Title), 160)
	if s.Printed, _ = t.printedOn(p, pages); s.Printed == "" {
		s.Printed = pages.String()
	}
	s.Printed = cut(s.Printed, 80)
	entries, err := t.store.Entries(t.ctx, p.ID)
	if err != nil {
		return s, err
	}
	tables, err := TablesOn(entries, pages, tablesNamed, func(n int) (Page, error) { return t.store.Page(t.ctx, p.ID, n) })
	if err != nil {
		return s, err
	}
	if len(tables) <= tablesNamed {
		s.Tables = strings.Join(tables, ", ")
	}
	return s, nil
}

// lastExcerpt is the newest excerpt that this chat has received and whose pages
// are in the library still.
func (t *turn) lastExcerpt() (e Excerpt, p Publication, ok bool, err error) {
	if t.s.Reader == 0 {
		return e, p, false, nil
	}
	all, err := t.store.Excerpts(t.ctx, t.s.Reader)
	if err != nil {
		return e, p, false, err
	}
	for _, e := range all {
		if e.Chat != t.s.Chat || e.DeliveredAt.IsZero() || len(e.Now) == 0 {
			continue
		}
		p, err := t.store.Publication(t.ctx, e.Publication)
		if isMissing(err) {
			continue
		}
		return e, p, err == nil, err
	}
	return e, p, false, nil
}

// cite gives the citation of the excerpt received last by itself, to be copied,
// and as RIS for programs that keep references.
func (t *turn) cite() error {
	t.quiet = true
	e, p, ok, err := t.lastExcerpt()
	if err != nil {
		return err
	}
	if !ok {
		t.say("cite.none", nil)
		return nil
	}
	s, err := t.sourceOf(p, e.Now, e.Code)
	if err != nil {
		return err
	}
	t.say("citation", D{"Source": s})
	t.flush()
	t.said = append(t.said, ris(s))
	t.flush()
	return nil
}

// ris is a citation in the RIS format, one tag a line.
func ris(s source) string {
	lines := []string{"TY  - RPRT"}
	add := func(tag, value string) {
		if value != "" {
			lines = append(lines, tag+"  - "+oneLine(value))
		}
	}
	add("AU", s.Office)
	add("TI", s.Title)
	if s.Year > 0 {
		add("PY", strconv.Itoa(s.Year))
	}
	add("DA", strings.ReplaceAll(s.Released, "-", "/"))
	add("PB", s.Office)
	add("SN", s.ISSN)
	add("M1", s.CatalogNo)
	add("SP", s.Printed)
	if s.Tables != "" {
		add("N1", "Tabel "+s.Tables)
	}
	add("UR", s.Link)
	add("LA", "id")
	add("ID", s.Code)
	return strings.Join(append(lines, "ER  - "), "\n")
}

var textPattern = regexp.MustCompile(`(?i)^/?teks(?:\s+(?:hal(?:aman)?\.?\s*)?(\d{1,5}))?$`)

// tellText gives the words of a page as a message, to those who cannot see or
// open the file. Only a page that the reader has already: it counts no more.
func (t *turn) tellText(typed string) error {
	t.quiet = true
	e, p, ok, err := t.lastExcerpt()
	if err != nil {
		return err
	}
	if !ok {
		t.say("text.none", nil)
		return nil
	}
	n := atoiOr(typed, e.Now[0])
	received, err := t.store.Received(t.ctx, t.s.Reader, p.ID)
	if err != nil {
		return err
	}
	if !slices.Contains(received, n) {
		t.say("text.unowned", D{"Page": n, "Title": cut(p.Title, 120), "Owned": cut(received.String(), 120)})
		return nil
	}
	page, err := t.store.Page(t.ctx, p.ID, n)
	if err != nil && !isMissing(err) {
		return err
	}
	words := strings.TrimSpace(page.Text)
	if words == "" {
		t.say("text.blank", D{"Page": n})
		return nil
	}
	more := ""
	if i := slices.Index(e.Now, n); i >= 0 && i+1 < len(e.Now) {
		more = fmt.Sprint(e.Now[i+1])
	}
	t.say("text", D{"Page": n, "Title": cut(p.Title, 120), "More": more})
	t.said = append(t.said, words)
	t.flush()
	return nil
}
