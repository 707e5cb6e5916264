package holdings

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/conversation"
	"pst/store/holdings/internal/pdfout"
)

// errShared says that a content stream is drawn by a granted page and by
// another one, which may show another part of it.
var errShared = errors.New("pages share one content stream")

// cutVector makes the excerpt with its text as text: each granted page anew,
// with its own content and mark in one stream, and copies of what that content
// uses. It returns errors that the picture variant may cure, or ctx's.
func cutVector(u *uses, o conversation.ExcerptOrder) ([]byte, error) {
	if u.sharesContent(o.Pages) {
		return nil, errShared
	}
	st := newStamp(o.Mark)
	out := pdfout.New()
	c := &copier{uses: u, out: out, refs: map[int]pdfout.Ref{}}
	root, tree := out.Reserve(), out.Reserve()
	font := out.Add(markFont)
	kids := make([]string, len(o.Pages))
	for i, n := range o.Pages {
		if err := u.ctx.Err(); err != nil {
			return nil, err
		}
		p := &u.pages[n-1]
		pg, err := u.compose(p, st)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		fmt.Fprintf(&b, "<</Type/Page/Parent %s", tree)
		b.WriteString(p.boxes())
		if p.group != nil {
			b.WriteString("/Group")
			if err := c.value(&b, p.group, false, 0); err != nil {
				return nil, err
			}
		}
		b.WriteString("/Resources")
		own := "/" + pg.font + " " + font.String()
		if err := c.resources(&b, p.resources, pg.kept, own, 0); err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "/Contents %s>>", out.AddFlate("", pg.content))
		kids[i] = out.Add(b.String()).String()
		if out.Len() > maxExcerptBytes {
			return nil, ErrExcerptTooLarge
		}
	}
	return finish(out, root, tree, kids, o, st.code), nil
}

// boxes writes the attributes that say how a page is displayed.
func (p page) boxes() string {
	s := "/MediaBox" + p.media.String()
	if p.crop != p.media {
		s += "/CropBox" + p.crop.String()
	}
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

// composed is the content of one page of an excerpt.
type composed struct {
	content []byte          // the page's own, between the parts of the mark
	kept    map[string]bool // names of resources that the page's own content uses
	font    string          // name of the mark's font
}

// compose puts a page's content and the mark into one stream. The page's own
// content is set between q and Q, as many as it takes when its own do not match.
func (u *uses) compose(p *page, st stamp) (composed, error) {
	if done, ok := u.made[p]; ok {
		return done, nil
	}
	own, err := u.pageContent(*p)
	if err != nil {
		return composed{}, err
	}
	use, err := u.follow(p.resources, [][]byte{own})
	if err != nil {
		return composed{}, err
	}
	font := "PM"
	for i := 0; use.kept[font] || use.wants[font]; i++ {
		font = "PM" + strconv.Itoa(i)
	}
	before, after := st.draw(*p, font)
	under, open := saves(own)
	var b bytes.Buffer
	b.Grow(len(before) + len(own) + len(after) + 2*(under+open) + 8)
	b.WriteString(before)
	b.WriteString(strings.Repeat("q ", under+1))
	b.WriteByte('\n')
	b.Write(own)
	b.WriteByte('\n')
	b.WriteString(strings.Repeat("Q ", open+1))
	b.WriteString(after)
	u.made[p] = composed{content: b.Bytes(), kept: use.kept, font: font}
	return u.made[p], nil
}

// finish writes the page tree, the catalog and the document's particulars. The
// code stands in the information dictionary, in the XMP packet and in the
// file's identifier.
func finish(out *pdfout.Writer, root, tree pdfout.Ref, kids []string, o conversation.ExcerptOrder, code string) []byte {
	out.Put(tree, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(kids), strings.Join(kids, " ")))
	title := "Kutipan " + code
	xmp := out.AddStream("/Type/Metadata/Subtype/XML", []byte(`<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier>`+
		xmlText(code)+`</dc:identifier><dc:title><rdf:Alt><rdf:li xml:lang="x-default">`+xmlText(title)+`</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`))
	out.Put(root, fmt.Sprintf("<</Type/Catalog/Pages %s/Metadata %s>>", tree, xmp))
	info := out.Add("<</Title" + pdfout.Text(title) + "/Keywords" + pdfout.Text(code) + ">>")
	sum := sha256.Sum256([]byte(o.File + "\x00" + o.Pages.String() + "\x00" + code))
	return out.Finish(root, fmt.Sprintf("/Info %s/ID[%s%s]", info, pdfout.Hex([]byte(code)), pdfout.Hex(sum[:16])))
}

// xmlText keeps of a code what may stand in XML text as it is.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || strings.ContainsRune("<>&", r) {
			return '?'
		}
		return r
	}, s)
}

// sharesContent tells whether a granted page draws a content stream that a page
// outside draws too. Streams that only save, restore and move are harmless, and
// so are pages that are the same page twice.
func (s *source) sharesContent(granted conversation.PageSet) bool {
	users := map[int][]int{}
	for i, p := range s.pages {
		for _, n := range p.contents {
			users[n] = append(users[n], i+1)
		}
	}
	for _, number := range granted {
		p := s.pages[number-1]
		for _, n := range p.contents {
			for _, other := range users[n] {
				if _, ok := slices.BinarySearch(granted, other); ok {
					continue
				}
				q := s.pages[other-1]
				if slices.Equal(p.contents, q.contents) && p.crop == q.crop && p.media == q.media {
					continue
				}
				if !s.onlyFrames(n) {
					return true
				}
			}
		}
	}
	return false
}

// onlyFrames tells whether a content stream draws nothing: only q, Q and cm.
func (s *source) onlyFrames(num int) bool {
	sd, _ := s.objects[num].(types.StreamDict)
	data, err := s.decode(sd)
	if err != nil || len(data) > 200 || bytes.ContainsAny(data, "/(<") {
		return false
	}
	only := true
	operators(data, func(w []byte) {
		switch string(w) {
		case "q", "Q", "cm":
		default:
			_, err := strconv.ParseFloat(string(w), 64)
			only = only && err == nil
		}
	})
	return only
}
