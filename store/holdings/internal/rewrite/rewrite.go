// Package rewrite writes pages of a PDF file anew. A page's content is
// interpreted (package content) and written from what was understood, with
// nothing but what shows on the page; whatever stands elsewhere in the file has
// no way in. What is not understood is an error: such a page must become a
// picture.
//
// It asks for objects through [Source] and writes with package pdfout. It does
// not know who reads, nor what a mark looks like: a page comes back as
// [Written], a row of segments between which a mark may be drawn.
package rewrite

import (
	"errors"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/content"
	"pst/store/holdings/internal/jpegmark"
	"pst/store/holdings/internal/pdfout"
)

// ErrNotUnderstood says that a page has something that is not written anew
// rightly, so that the page must become a picture.
var ErrNotUnderstood = errors.New("page cannot be written anew")

// Source is where the objects of a file come from, one by one and on demand.
type Source interface {
	// Object is the object of that number, never itself a reference. A stream
	// is a types.StreamDict with its raw data (decrypted, filters not undone) and
	// its filter pipeline. A missing object is nil without an error (ISO
	// 32000-1, 7.3.10); errors are those of reading the file.
	//
	// Streams are asked for when their data is needed and not kept by the
	// caller, so that a source may forget them at once. What is returned must
	// not be changed.
	Object(num int) (types.Object, error)
}

// Page is a page to write, with what it inherits resolved.
type Page struct {
	Crop      content.Rect // what is shown: crop box within media box
	Rotate    int          // 0, 90, 180, 270
	Unit      float64      // UserUnit, 1 if none
	Resources types.Object // dictionary or reference
	Group     types.Object
	Contents  []int        // object numbers of the content streams, in order
	Annots    types.Object // array or reference
}

// Written is a page written anew.
//
// Segments are runs of whole operators in order. Between two of them, before
// the first and after the last, the graphics state is that of a page's start:
// no q is open, the matrix is the page's own (origin and units of Page.Crop),
// no clip, no marked content. A mark may be put there, provided that it leaves
// the state so (q … Q). Open tells for each where in it, behind all that it paints and
// before the Q that ends it, a mark may be put as well that restores nothing: there
// the state is such but for colours, widths and ends of lines. There are some twenty to sixty segments on a page of
// text, and cuts fall between drawn objects, also inside what was one form or one
// text object of the source.
type Written struct {
	Page
	Segments [][]byte
	Open     []int
	// Resources are the entries of the page's resource dictionary by category,
	// "/F7 7 0 R" …; names are F, X, G, P, S or C and a number. A mark that needs
	// resources uses names that begin with M.
	Resources map[string][]string
	Group     string    // "/Group<<…>>", or nothing
	Pictures  []Picture // images drawn on the page, in order
	Annotated bool      // annotations are drawn into it
	// Respelled says that the page held longer replacements for what its glyphs
	// say, which are left out, so that its text may read otherwise.
	Respelled bool
	Clipped   int            // glyphs left out, since they do not show
	Copied    bool           // it shows nothing but pictures that are the source's, byte for byte
	Hides     bool           // something was left out that its layer hides
	Icons     []content.Rect // where readers draw icons of notes, which are left out
}

// Picture is an image on a page.
type Picture struct {
	Segment int            // index of the segment that draws it
	Matrix  content.Matrix // unit square to page
	Visible content.Rect   // what of it shows, in the page's coordinates
	Share   float64        // of the page's area that it covers, 0…1
	Ref     pdfout.Ref
}

// Marker marks pictures that are much of a page in their pixels, so that who
// takes the picture out of the page has the mark with it.
type Marker interface {
	// Cover is what the mark covers of a picture of w by h pixels; at tells where
	// it is drawn (unit square to page). It is nil for a picture that may stay
	// without a mark, and not ok for one that cannot have it.
	Cover(w, h int, at content.Matrix) (c jpegmark.Cover, ok bool)
}

// Image is an image as it is written into an excerpt.
type Image struct {
	Width, Height int
	Bits          int            // per component
	Components    int            // 1, 3 or 4; 1 for masks and indexed colours
	ColorSpace    string         // as in the dictionary, "/DeviceGray" or "7 0 R"; "" for masks
	Kind          string         // of the colour space: "DeviceGray", "ICCBased", "Indexed" …
	Filter        string         // "FlateDecode", "DCTDecode" or "JPXDecode"
	More          string         // further entries: /Decode, /DecodeParms, /SMask, /ImageMask …
	Data          []byte         // encoded
	copied        bool           // Data are those of the source
	marked        bool           // in its pixels, or will be
	cover         jpegmark.Cover // still to be put into Data
}
