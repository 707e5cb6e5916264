package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"pst/conversation"
)

// Errors of [CSV], wrapped.
var (
	// ErrHeader: the first line does not name a column for the title.
	ErrHeader = errors.New("the first line must name the columns, one of them \"judul\"")
	// ErrLine: a line's quotation marks do not fit together.
	ErrLine = errors.New("quotation marks do not fit together")
)

// columns are the names a column may have, in the first line of a CSV file, with
// dots and underscores as spaces.
var columns = map[string]string{
	"judul": "title", "title": "title",
	"pub id": "id", "id": "id",
	"kode": "office", "domain": "office", "office": "office",
	"abstrak": "abstract", "abstract": "abstract", "deskripsi": "abstract",
	"tahun": "year", "year": "year",
	"rilis": "released", "tanggal rilis": "released", "rl date": "released", "released": "released",
	"katalog": "catalog", "no katalog": "catalog", "nomor katalog": "catalog", "kat no": "catalog",
	"no publikasi": "pubno", "nomor publikasi": "pubno", "pub no": "pubno",
	"issn": "issn", "isbn": "issn",
	"tautan": "link", "link": "link", "url": "link",
	"rak": "shelf", "shelf": "shelf",
	"ketat": "strict", "strict": "strict",
	"eksemplar": "copies", "jumlah": "copies", "copies": "copies",
}

// CSV reads a spreadsheet saved as CSV. The first line names the columns, in any
// order and case: judul (required), pub_id, kode (office, four digits; else
// office), abstrak, tahun, tanggal rilis (2024-02-28 or 28/02/2024), nomor
// katalog, nomor publikasi, issn, tautan, rak, eksemplar, ketat (ya or tidak: whether
// excerpts are marked pictures alone; empty leaves it as it is); their English and
// WebAPI names are understood too, other columns ignored. Fields are parted by
// comma, semicolon or tab; the text is UTF-8, UTF-16 with a mark, or
// Windows-1252. A line without pub_id gets an id made from office and title. A
// line that cannot be read is named in Bad, and the others are read.
func CSV(data []byte, office string) (Result, error) {
	lines, err := decode(data)
	if err != nil {
		return Result{}, fmt.Errorf("read CSV: %w", err)
	}
	s := &sheet{rest: lines, line: 1}
	header, err := s.next()
	for err == nil && blank(header) {
		header, err = s.next()
	}
	if err != nil {
		return Result{}, fmt.Errorf("read CSV: %w", ErrHeader)
	}
	s.columns = len(header)
	names := make([]string, len(header))
	titled := false
	for i, h := range header {
		h = strings.ToLower(strings.Join(strings.FieldsFunc(h, func(r rune) bool { return r == '.' || r == '_' || r == ' ' }),
			" "))
		names[i] = columns[h]
		titled = titled || names[i] == "title"
	}
	if !titled {
		return Result{}, fmt.Errorf("read CSV: %w", ErrHeader)
	}
	var c collect
	for {
		at := s.line
		fields, err := s.next()
		if errors.Is(err, io.EOF) {
			return c.Result, nil
		}
		if err != nil {
			c.bad(at, err)
			continue
		}
		if blank(fields) {
			continue
		}
		p, loose, err := row(names, fields, office)
		if err != nil {
			c.bad(at, err)
			continue
		}
		if id := c.add(at, p); loose && id != "" {
			c.Loose = append(c.Loose, id)
		}
	}
}

func row(names, fields []string, office string) (p conversation.Publication, loose bool, err error) {
	p = conversation.Publication{Office: office}
	for i, f := range fields[:min(len(fields), len(names))] {
		f = strings.TrimSpace(f)
		if f == "" {
			continue
		}
		switch names[i] {
		case "title":
			p.Title = f
		case "id":
			p.ID = f
		case "office":
			p.Office = strings.Repeat("0", max(0, 4-len(f))) + f // spreadsheets drop leading zeros
		case "abstract":
			p.Abstract = f
		case "year":
			if p.Year = number(f); p.Year < 1900 || p.Year > 2100 {
				return p, false, ErrYear
			}
		case "released":
			p.Released = f
		case "catalog":
			p.CatalogNo = f
		case "pubno":
			p.PublicationNo = f
		case "issn":
			p.ISSN = f
		case "link":
			p.Link = f
		case "shelf":
			p.Shelf = f
		case "strict":
			switch strings.ToLower(f) {
			case "ya", "y", "1", "true", "yes":
				p.Strict = true
			case "tidak", "t", "0", "false", "no":
				loose = true
			default:
				return p, false, ErrStrict
			}
		case "copies":
			if p.Copies = number(f); p.Copies < 0 || p.Copies > 9999 {
				return p, false, ErrCopies
			}
		}
	}
	return p, loose, nil
}

// decode gives UTF-8, with "\n" at the end of lines.
func decode(data []byte) ([]byte, error) {
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) || bytes.HasPrefix(data, []byte("\xff\xfe")) ||
		bytes.HasPrefix(data, []byte("\xfe\xff")) {
		out, _, err := transform.Bytes(unicode.BOMOverride(unicode.UTF8.NewDecoder()), data)
		if err != nil {
			return nil, err
		}
		data = out
	}
	if !utf8.Valid(data) {
		out, err := charmap.Windows1252.NewDecoder().Bytes(data)
		if err != nil {
			return nil, err
		}
		data = out
	}
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(data, []byte("\r"), []byte("\n")), nil
}

// sheet reads records one at a time, so that one broken line costs only itself.
type sheet struct {
	rest  []byte
	line  int // of the next record, from 1
	comma rune

	columns int // of the first line; 0 before it was read
}

// One record may have up to so many bytes and lines; beyond them a quotation
// mark is taken to be one that was never closed.
const (
	windowBytes = 64 << 10
	windowLines = 50
)

// window is the part of the text that the next record must end in.
func window(text []byte) []byte {
	text = text[:min(len(text), windowBytes)]
	end := 0
	for range windowLines {
		i := bytes.IndexByte(text[end:], '\n')
		if i < 0 {
			return text
		}
		end += i + 1
	}
	return text[:end]
}

// next returns io.EOF at the end, and ErrLine after stepping over a line that
// cannot be read.
func (s *sheet) next() ([]string, error) {
	if len(bytes.TrimSpace(s.rest)) == 0 {
		return nil, io.EOF
	}
	if s.comma == 0 {
		s.comma = comma(s.rest)
	}
	part := window(s.rest)
	if part[0] == '\n' { // encoding/csv would step over it silently
		s.step(1)
		return nil, nil
	}
	fields, used, err := s.read(part, false)
	if err == nil && (used < len(part) || len(part) == len(s.rest) || part[used-1] == '\n') {
		s.step(used)
		return fields, nil
	}
	// Stray quotation marks ("Profil "A" 2020") are read as they stand, as long
	// as that concerns one line only.
	line := s.rest
	if end := bytes.IndexByte(s.rest, '\n') + 1; end > 0 {
		line = s.rest[:end]
	}
	s.step(len(line))
	if len(line) > windowBytes || bytes.Count(line, []byte{'"'})%2 == 1 {
		return nil, ErrLine
	}
	fields, _, err = s.read(line, true)
	if err != nil || s.columns > 0 && len(fields) != s.columns {
		return nil, ErrLine
	}
	return fields, nil
}

// read reads the first record of a text and says how many bytes it has.
func (s *sheet) read(text []byte, lazy bool) (fields []string, used int, err error) {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = s.comma
	r.LazyQuotes = lazy
	r.FieldsPerRecord = -1
	fields, err = r.Read()
	return fields, int(r.InputOffset()), err
}

func (s *sheet) step(n int) {
	s.line += bytes.Count(s.rest[:n], []byte{'\n'})
	s.rest = s.rest[n:]
}

// comma is what parts the fields of the first line.
func comma(text []byte) rune {
	first, _, _ := bytes.Cut(bytes.TrimSpace(text), []byte{'\n'})
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := bytes.Count(first, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

func blank(fields []string) bool {
	return strings.TrimSpace(strings.Join(fields, "")) == ""
}
