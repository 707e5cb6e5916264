package holdings

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"image/jpeg"
	"strconv"
	"strings"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/conversation"
	"pst/store/holdings/content"
	"pst/store/holdings/internal/pdfout"
	"pst/store/holdings/internal/rewrite"
)

// needs is a source as package rewrite asks it, and remembers what it could not
// give: to the rewriter that is null.
type needs struct {
	*source
	err error
}

// Object is the object with this number.
func (s *needs) Object(num int) (types.Object, error) {
	if s.file == nil {
		return s.object(*types.NewIndirectRef(num, 0)), nil
	}
	o, err := s.file.Object(num)
	if err != nil && s.err == nil {
		s.err = err
	}
	return o, err
}

var _ rewrite.Source = (*needs)(nil)

// toRewrite is the page as package rewrite takes it.
func (p page) toRewrite() rewrite.Page {
	c := p.crop
	return rewrite.Page{
		Crop: content.Rect{X0: c[0], Y0: c[1], X1: c[2], Y1: c[3]}, Rotate: p.rotate, Unit: p.unit,
		Resources: p.resources, Group: p.group, Contents: p.contents, Annots: p.annots,
	}
}

// drawn is a page as a marked picture.
type drawn struct {
	JPEG []byte
	W, H float64 // displayed size in points
}

// report is how writing pages anew went.
type report struct {
	failed  map[int]error  // pages that must become pictures
	digests map[int]string // of what was written of the others, the mark aside
	written map[int]rewrite.Written
}

// book is a file of pages being written.
type book struct {
	*pdfout.Writer
	root, tree pdfout.Ref
	kids       []string
}

func newBook() *book {
	b := &book{Writer: pdfout.New()}
	b.root, b.tree = b.Reserve(), b.Reserve()
	return b
}

// laid is a page that is ready to be put into a book.
type laid struct {
	page     *page
	written  rewrite.Written
	content  []byte    // packed
	pictures []stencil // drawn with besides
}

// laidAhead is how many pages may be in work while the next are read, and
// laidBytes how much content they may have. The order of what is in the file
// depends on them, so they are the same everywhere.
const (
	laidAhead = 4
	laidBytes = 4 << 20
)

// rewritePages writes pages of s anew, those aside that are pictures. lay makes
// a page ready, the book's of that number from 0 on: its content with the mark,
// or without; several are made at once. marker, if any, marks the pixels of their
// pictures. When some
// pages failed the book is worth nothing and must be begun anew without them.
// Errors are ctx's, ErrLost, or say that no page can be written anew.
func (b *book) rewritePages(ctx context.Context, s *source, pages []int, pictures map[int]drawn, marker *inPixels,
	lay func(number int, p *page, w rewrite.Written) laid) (r report, err error) {
	r = report{map[int]error{}, map[int]string{}, map[int]rewrite.Written{}}
	defer recovered(&err, rewrite.ErrNotUnderstood)
	from := &needs{source: s}
	w := rewrite.New(ctx, from, b.Writer, s.layers)
	if marker != nil {
		w.Marker = marker
	}
	type next struct {
		put   func() error // into the book
		bytes int
	}
	var ahead []next // pages in work, in order
	var working sync.WaitGroup
	defer working.Wait()
	waiting := 0
	put := func(left int) error {
		for len(ahead) > left || len(ahead) > 0 && waiting > laidBytes {
			err := ahead[0].put()
			waiting -= ahead[0].bytes
			if ahead = ahead[1:]; err != nil {
				return err
			}
			if b.Len() > maxExcerptBytes {
				return ErrExcerptTooLarge
			}
		}
		return nil
	}
	for number, n := range pages {
		if err := cmp.Or(ctx.Err(), put(laidAhead)); err != nil {
			return r, err
		}
		if d, ok := pictures[n]; ok {
			ahead = append(ahead, next{put: func() error {
				if err := b.picture(d); err != nil {
					return fmt.Errorf("page %d: %w", n, err)
				}
				return nil
			}})
			continue
		}
		p := &s.pages[n-1]
		if p.lost {
			return r, fmt.Errorf("page %d: %w", n, ErrLost)
		}
		if marker != nil {
			marker.turnTo(p, number)
		}
		written, err := w.Page(p.toRewrite())
		if ctx.Err() != nil {
			return r, ctx.Err()
		}
		if err == nil {
			err, from.err = from.err, nil
		}
		if err != nil {
			r.failed[n] = err
			continue
		}
		digest, size := sha256.New(), 0
		for _, segment := range written.Segments {
			digest.Write(segment)
			size += len(segment)
		}
		r.digests[n] = hex.EncodeToString(digest.Sum(nil)[:12])
		var l laid
		var failed error
		done := make(chan struct{})
		working.Go(func() {
			defer close(done)
			defer recovered(&failed, rewrite.ErrNotUnderstood) // nobody else would
			l = lay(number, p, written)
		})
		waiting += size
		ahead = append(ahead, next{bytes: size, put: func() error {
			if <-done; failed == nil {
				b.page(l)
			}
			return failed
		}})
		known := written
		known.Segments, known.Resources = nil, nil
		r.written[n] = known
	}
	if err := put(0); err != nil || len(r.failed) > 0 {
		return r, err
	}
	if err := w.Finish(); err != nil {
		return r, err
	}
	return r, from.err
}

// page adds a page.
func (b *book) page(l laid) {
	for _, s := range l.pictures {
		l.written.Resources["XObject"] = append(l.written.Resources["XObject"], s.name+" "+b.AddPacked(s.dict,
			s.packed).String())
	}
	b.kids = append(b.kids, b.Add(fmt.Sprintf("<</Type/Page/Parent %s%s%s/Resources<<%s>>/Contents %s>>",
		b.tree, l.page.boxes(), l.written.Group, rewrite.ResourceText(l.written.Resources),
		b.AddPacked("", l.content))).String())
}

// picture adds a page that is one picture.
func (b *book) picture(d drawn) error {
	config, err := jpeg.DecodeConfig(bytes.NewReader(d.JPEG))
	if err != nil {
		return fmt.Errorf("page picture: %w", err)
	}
	img := b.AddStream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height "+
		"%d/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode",
		config.Width, config.Height), d.JPEG)
	content := b.AddFlate("", fmt.Appendf(nil, "q %s 0 0 %s 0 0 cm /Im Do Q", number(d.W), number(d.H)))
	b.kids = append(b.kids, b.Add(fmt.Sprintf("<</Type/Page/Parent %s/MediaBox%s/Resources<</XObject<</Im "+
		"%s>>>>/Contents %s>>",
		b.tree, box{0, 0, d.W, d.H}, img, content)).String())
	if b.Len() > maxExcerptBytes {
		return ErrExcerptTooLarge
	}
	return nil
}

// boxes writes the attributes that say how a page is displayed. What is
// outside the crop box is not there.
func (p page) boxes() string {
	s := "/MediaBox" + p.crop.String()
	if p.rotate != 0 {
		s += "/Rotate " + strconv.Itoa(p.rotate)
	}
	if p.unit != 1 {
		s += "/UserUnit " + number(p.unit)
	}
	return s
}

// String writes the box as a PDF array.
func (b box) String() string {
	return "[" + number(b[0]) + " " + number(b[1]) + " " + number(b[2]) + " " + number(b[3]) + "]"
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// errFailed says that some pages must become pictures first.
var errFailed = errors.New("pages that cannot be written anew")

// cut makes an excerpt: pages written anew with the mark in them, and those
// pages as pictures that are among pictures. It returns errFailed, with the
// pages in the report, when others must be too; ctx's errors; or errors of
// package rewrite about no page of its own.
func cut(ctx context.Context, s *source, o conversation.ExcerptOrder, pictures map[int]drawn) ([]byte, report, error) {
	st := newStamp(o.Mark)
	b := newBook()
	r, err := b.rewritePages(ctx, s, o.Pages, pictures, &inPixels{stamp: st}, st.weave)
	switch {
	case err != nil:
		return nil, r, err
	case len(r.failed) > 0:
		return nil, r, errFailed
	}
	return b.finish(o, st.code, s.labelsOf(o.Pages)), r, nil
}

// maxTitle bounds the title that a file bears, in characters.
const maxTitle = 250

// finish writes the page tree, the catalog and the document's particulars: the
// publication's title, the language, what its pages are called there. The code
// stands in the information dictionary, in the XMP packet and in the file's
// identifier.
func (b *book) finish(o conversation.ExcerptOrder, code string, labels []label) []byte {
	title := "Kutipan " + code
	if t := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(o.Title, "")), " ")); len(t) > 0 {
		title = string(t[:min(len(t), maxTitle)])
	}
	xmp := b.AddStream("/Type/Metadata/Subtype/XML", []byte(`<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">`+
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier>`+xmlText(code)+
		`</dc:identifier><dc:title><rdf:Alt><rdf:li xml:lang="x-default">`+xmlText(title)+
		`</rdf:li></rdf:Alt></dc:title><dc:language><rdf:Bag><rdf:li>`+language+
		`</rdf:li></rdf:Bag></dc:language></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`))
	info := b.Add("<</Title" + pdfout.Text(title) + "/Keywords" + pdfout.Text(code) + ">>")
	sum := sha256.Sum256([]byte(o.File + "\x00" + o.Pages.String() + "\x00" + code))
	catalog := fmt.Sprintf("/Lang%s/Metadata %s%s", pdfout.Text(language), xmp, pageLabels(labels))
	return b.close(catalog, fmt.Sprintf("/Info %s/ID[%s%s]", info, pdfout.Hex([]byte(code)), pdfout.Hex(sum[:16])))
}

// close writes the page tree and the catalog with further entries, and returns
// the file.
func (b *book) close(catalog, trailer string) []byte {
	b.Put(b.tree, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(b.kids), strings.Join(b.kids, " ")))
	b.Put(b.root, fmt.Sprintf("<</Type/Catalog/Pages %s%s>>", b.tree, catalog))
	return b.Finish(b.root, trailer)
}

// language is that of the publications, by which screen readers choose their voice.
const language = "id-ID"

// xmlText is a text as it stands in XML.
func xmlText(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return "" // a strings.Builder takes everything
	}
	return b.String()
}
