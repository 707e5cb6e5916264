package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/html"

	"pst/conversation"
)

// Result is what a source gave: the publications that could be read, each ID
// once, in the order of the source, and the places that could not.
type Result struct {
	Publications []conversation.Publication
	Bad          []Bad
	Loose        []string // ids of those that are said not to be strict
}

// Bad is one place of a source that could not be read; the others were.
type Bad struct {
	Place int // line of a CSV file, or item of a WebAPI answer, from 1
	Err   error
}

func (b Bad) String() string { return fmt.Sprintf("%d: %v", b.Place, b.Err) }

// What makes one record unusable.
var (
	ErrTitle  = errors.New("no title")
	ErrID     = errors.New("id must be up to 64 letters, digits, dots, dashes and underscores")
	ErrYear   = errors.New("year must be between 1900 and 2100")
	ErrCopies = errors.New("number of copies must be a whole number from 0 to 9999")
	ErrStrict = errors.New("ketat must be ya or tidak")
	ErrOffice = errors.New("office code must be four digits")
)

// collect gathers records, the same ID once: what a later one adds is filled in.
type collect struct {
	Result
	at map[string]int
}

func (c *collect) bad(place int, err error) { c.Bad = append(c.Bad, Bad{place, err}) }

// add returns the id of the record, or "" for one that cannot be used.
func (c *collect) add(place int, p conversation.Publication) (id string) {
	if err := mend(&p); err != nil {
		c.bad(place, err)
		return ""
	}
	i, known := c.at[p.ID]
	if !known {
		if c.at == nil {
			c.at = map[string]int{}
		}
		c.at[p.ID] = len(c.Publications)
		c.Publications = append(c.Publications, p)
		return p.ID
	}
	first := &c.Publications[i]
	for _, f := range []struct{ to, from *string }{
		{&first.Abstract, &p.Abstract}, {&first.Released, &p.Released}, {&first.CatalogNo, &p.CatalogNo},
		{&first.PublicationNo, &p.PublicationNo}, {&first.ISSN, &p.ISSN}, {&first.Link, &p.Link}, {&first.Shelf, &p.Shelf},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	first.Copies = max(first.Copies, p.Copies)
	first.Strict = first.Strict || p.Strict
	return p.ID
}

// mend brings a record into the form the catalogue keeps, and refuses one that
// has no title or an unusable id, year or office.
func mend(p *conversation.Publication) error {
	p.Title = Title(p.Title)
	if p.Title == "" {
		return ErrTitle
	}
	if len(p.Office) != 4 || strings.Trim(p.Office, "0123456789") != "" {
		return ErrOffice
	}
	if id := LinkID(p.Link); id != "" { // whatever a spreadsheet calls it
		p.ID = id
	}
	if p.ID = strings.TrimSpace(p.ID); p.ID == "" {
		p.ID = FileID(p.Office, p.Title, "")
	}
	if !usableID(p.ID) {
		return ErrID
	}
	p.Abstract = plain(p.Abstract, 20_000)
	if sameWords(p.Abstract, p.Title) {
		p.Abstract = ""
	}
	p.Released = date(p.Released)
	if p.Year == 0 {
		p.Year = Year(p.Title, p.Released)
	} else if p.Year < 1900 || p.Year > 2100 {
		return ErrYear
	}
	for _, f := range []*string{&p.CatalogNo, &p.PublicationNo, &p.ISSN, &p.Link, &p.Shelf} {
		*f = plain(*f, 500)
		if strings.Trim(*f, "-. ") == "" {
			*f = ""
		}
	}
	if !strings.HasPrefix(p.Link, "https://") && !strings.HasPrefix(p.Link, "http://") {
		p.Link = ""
	}
	return nil
}

func usableID(id string) bool {
	return len(id) <= 64 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == "" &&
		strings.Trim(id, ".") != "" // an id may become part of a file name
}

// Title is a title without markup, doubled spaces and the dashes that some
// records end in; at most 500 bytes.
func Title(s string) string {
	return strings.Trim(plain(s, 500), " -–—_")
}

// Shelf is where a printed copy stands, as readers are told it; at most 100 bytes.
func Shelf(s string) string { return plain(s, 100) }

// Year is the last year from 1900 to 2099 that a title names, which is the year
// people ask for, else the year of release; 0 when neither is known. A
// publication of 2009 named "Dalam Angka 2006" has the year 2006.
func Year(title, released string) int {
	year := 0
	for _, digits := range strings.FieldsFunc(title, func(r rune) bool { return r < '0' || r > '9' }) {
		if len(digits) == 4 && (digits[:2] == "19" || digits[:2] == "20") {
			year = number(digits)
		}
	}
	if year == 0 && len(released) >= 4 {
		if y := number(released[:4]); y >= 1900 && y <= 2100 {
			year = y
		}
	}
	return year
}

// number reads up to nine digits; -1 for anything else.
func number(s string) int {
	if s == "" || len(s) > 9 {
		return -1
	}
	n := 0
	for _, r := range []byte(s) {
		if r < '0' || r > '9' {
			return -1
		}
		n = n*10 + int(r-'0')
	}
	return n
}

// date is "2006-01-02", or empty for a date that cannot be read.
func date(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 10 && (s[10] == ' ' || s[10] == 'T') {
		s = s[:10]
	}
	for _, form := range []string{"2006-01-02", "02/01/2006", "2/1/2006", "02-01-2006", "2006/01/02"} {
		if t, err := time.Parse(form, s); err == nil && t.Year() >= 1900 && t.Year() <= 2100 {
			return t.Format("2006-01-02")
		}
	}
	return ""
}

// plain makes readable text of what may hold HTML, entities (escaped twice, in
// older records), control characters and broken UTF-8, at most limit bytes.
func plain(s string, limit int) string {
	if len(s) > 8*limit {
		s = s[:8*limit]
	}
	s = strings.ToValidUTF8(s, " ")
	for range 2 {
		if !strings.ContainsAny(s, "<&") {
			break
		}
		s = textOf(s)
	}
	s = strings.Map(func(r rune) rune { // soft hyphens, joiners, byte order marks
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if len(s) > limit {
		s = strings.ToValidUTF8(s[:limit], "")
		if i := strings.LastIndexByte(s, ' '); i > limit/2 {
			s = s[:i]
		}
	}
	return s
}

// textOf is the text between the tags; a tag parts words unless it is one of
// those that only change the look of letters.
func textOf(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	hidden := ""
	for {
		switch z.Next() {
		case html.ErrorToken: // the end
			return b.String()
		case html.TextToken:
			if hidden == "" {
				b.Write(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch tag := string(name); tag {
			case "script", "style":
				hidden = tag
			case "b", "i", "u", "em", "strong", "span", "sup", "sub", "a", "font":
			default:
				b.WriteByte(' ')
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if string(name) == hidden {
				hidden = ""
			}
		}
	}
}

// words are the lower-case letters and digits of a title, with the usual short
// forms written out.
func words(s string) []string {
	out := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range out {
		switch w {
		case "dlm":
			out[i] = "dalam"
		case "kec":
			out[i] = "kecamatan"
		case "kab":
			out[i] = "kabupaten"
		case "prov":
			out[i] = "provinsi"
		case "thn", "th":
			out[i] = "tahun"
		}
	}
	return out
}

func normal(s string) string { return strings.Join(words(s), " ") }

func sameWords(a, b string) bool { return normal(a) == normal(b) }

// FileID is the id of a publication that has no record: the same for the same
// office and title, however the title is written, or for the same bytes when it
// has no title. It has the form of a pub_id and never is one.
func FileID(office, title, sha256hex string) string {
	of := "title\x00" + office + "\x00" + normal(title)
	if normal(title) == "" {
		of = "bytes\x00" + sha256hex
	}
	sum := sha256.Sum256([]byte(of))
	return ownIDs + hex.EncodeToString(sum[:])[:21]
}
