// Package sample makes the sample library: a few small publications about
// Belitung Timur with invented figures, marked CONTOH on every page, so that
// the service can be lived through before a single real file is imported.
//
// It knows how a publication is laid out (cover, roman front matter, lists with
// dotted leaders, tables) and makes each file together with what a reading of
// it finds, so that no reader has to be started for them.
package sample

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/moby/sys/atomicwriter"

	"pst/conversation"
	"pst/store/holdings/internal/pdfout"
)

// Sample is one publication of the sample library.
type Sample struct {
	Publication conversation.Publication // File, SHA256 and Pages are set
	Contents    conversation.Contents    // what adding the file would find
	Path        string                   // the file
}

// Write makes the sample library in the holdings folder dir and returns it in
// order of title. Files that are there already are left alone. It returns the
// system's errors.
func Write(dir string) ([]Sample, error) {
	var out []Sample
	for _, b := range library() {
		pages, contents := b.lay()
		streams := make([][]byte, len(pages))
		for i, p := range pages {
			streams[i] = p.content
		}
		var data []byte
		if b.website {
			data = pdfout.Website(b.title, "https://belitungtimurkab.bps.go.id", streams)
		} else {
			data = pdfout.Book(b.title, streams)
		}
		sum := sha256.Sum256(data)
		s := Sample{Publication: b.publication(), Contents: contents}
		s.Publication.SHA256 = hex.EncodeToString(sum[:])
		s.Publication.File = s.Publication.SHA256 + ".pdf"
		s.Publication.Pages = len(pages)
		s.Path = filepath.Join(dir, s.Publication.File)
		if err := put(s.Path, data); err != nil {
			return nil, fmt.Errorf("write sample publication: %w", err)
		}
		out = append(out, s)
	}
	return out, nil
}

// put writes a file whole, or not at all.
func put(path string, data []byte) error {
	if info, err := os.Stat(path); err == nil && info.Size() == int64(len(data)) {
		return nil
	}
	return atomicwriter.WriteFile(path, data, 0o600)
}

func (b book) publication() conversation.Publication {
	return conversation.Publication{
		ID: "contoh-" + b.id, Office: "1906", Title: b.title, Abstract: b.abstract, Year: b.year,
		Released: b.released, CatalogNo: b.catalog, PublicationNo: b.number, Shelf: b.shelf, Copies: b.copies,
	}
}

// page is one page being set.
type page struct {
	content []byte
	text    []string // its lines without running heads and number
	printed string
	front   bool
	y       float64
}

const (
	left, right = 48.0, pdfout.BookWidth - 48
	top, bottom = pdfout.BookHeight - 70, 60.0
	body        = 9.0 // size of running text, points
)

// put sets text with its baseline at x, y. bold selects the second font.
func (p *page) put(x, y, size float64, bold bool, text string) {
	font := "F1"
	if bold {
		font = "F2"
	}
	p.content = fmt.Appendf(p.content, "BT /%s %g Tf %.2f %.2f Td %s Tj ET\n", font, size, x, y,
		pdfout.Literal(latin(text)))
}

// line sets one line of the page's own text and goes on to the next.
func (p *page) line(size float64, bold bool, text string) {
	p.put(left, p.y, size, bold, text)
	p.text = append(p.text, text)
	p.y -= size * 1.45
}

// paragraph sets running text, broken at some 78 characters.
func (p *page) paragraph(text string) {
	row := ""
	for _, w := range strings.Fields(text) {
		if len(row)+len(w) > 76 {
			p.line(body, false, row)
			row = ""
		}
		row = strings.TrimSpace(row + " " + w)
	}
	p.line(body, false, row)
	p.y -= body * 0.6
}

// latin writes text in the one-byte encoding of the fonts.
func latin(s string) []byte {
	var b []byte
	for _, r := range s {
		if r > 0xff {
			r = '-'
		}
		b = append(b, byte(r))
	}
	return b
}
