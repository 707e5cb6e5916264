package rewrite

import (
	"fmt"
	"math"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/content"
	"pst/store/holdings/internal/jpegmark"
	"pst/store/holdings/internal/pdfout"
)

// part is a rectangle of an image in pixels, from the upper left corner; x1 and
// y1 are outside. The zero part is the whole.
type part struct{ x0, y0, x1, y1 int }

// written is an image in the excerpt.
type written struct {
	ref    pdfout.Ref
	space  *space
	copied bool // its data are those of the source
	marked bool // in its pixels, or need not be
}

// maxImageSide bounds the sides of images.
const maxImageSide = 1 << 16

// image draws an image, or the part of it that shows.
func (s *stream) image(o types.Object, sd types.StreamDict) error {
	if s.hidden > 0 {
		return nil
	}
	g := &s.g
	w, h := s.r.int(sd.Dict["Width"], 0), s.r.int(sd.Dict["Height"], 0)
	if w < 1 || h < 1 || w > maxImageSide || h > maxImageSide {
		return notUnderstood("image without a size")
	}
	unit := content.Rect{X1: 1, Y1: 1}
	area := unit.Transform(g.ctm)
	if !g.visible(area, s.c.windows) {
		return nil
	}
	back, ok := g.ctm.Inverse()
	if !ok {
		return nil // flat
	}
	shows := content.Nothing
	for _, seen := range s.c.seen(g) {
		if seen = seen.Intersect(area); !seen.Empty() {
			shows = shows.Union(seen)
		}
	}
	if shows.Empty() {
		return nil
	}
	p := partOf(shows.Transform(back).Intersect(unit), w, h)
	m := g.ctm
	if p != (part{}) {
		fw, fh := float64(w), float64(h)
		m = content.Matrix{
			float64(p.x1-p.x0) / fw, 0, 0, float64(p.y1-p.y0) / fh, float64(p.x0) / fw, 1 - float64(p.y1)/fh,
		}.Mul(m)
	}
	mask := s.r.bool(sd.Dict["ImageMask"])
	share := shows.Area() / max(s.r.page.Area(), 1)
	marking := s.r.Marker != nil && s.c.paged && share >= markShare
	id := fmt.Sprintf("%s %v %v", key(o), p, marking)
	out, known := s.r.images[id]
	if !known || o == nil {
		var cover jpegmark.Cover
		free := false
		if marking {
			if p != (part{}) {
				w, h = p.x1-p.x0, p.y1-p.y0
			}
			cover, free = s.r.Marker.Cover(w, h, m)
			free = free && cover == nil
		}
		img, sp, err := s.r.readImage(sd, p, s.res, false, cover)
		if err != nil {
			return err
		}
		var ref pdfout.Ref
		if img.cover != nil {
			ref = s.r.mark(img)
		} else {
			ref = s.r.raw(img.dict(), img.Data)
		}
		out = written{ref, sp, img.copied, img.marked || free}
		if o != nil {
			s.r.images[id] = out
		}
	}
	if s.c.paged && !out.marked {
		s.r.bare += share
	}
	if s.r.Marker != nil && s.r.bare > maxBare {
		return notUnderstood("pictures that the mark cannot be put into")
	}
	if mask {
		s.c.general(g)
		s.c.color(g, false, shows)
	}
	if out.space != nil && out.space.standsIn != "" {
		s.c.entry("ColorSpace", "/"+out.space.standsIn+" "+out.space.standIn.String())
	}
	s.c.altered = s.c.altered || !out.copied
	s.c.pictures = append(s.c.pictures, Picture{len(s.c.segments), m, shows, share, out.ref})
	return s.c.under(g, m, s.c.use("XObject", "X", out.ref)+" Do")
}

// markShare is how much of a page a picture must cover to be marked in its
// pixels, and maxBare how much all may cover together that are not. A picture
// that is on several pages has the mark of the first.
const (
	markShare = 0.02
	maxBare   = 0.4
)

// partOf is the part of an image of w by h pixels that shows; the whole where
// what is hidden is but a bleed: less than a twelfth on every side, or two
// pixels. Encoding a photograph again for less would cost more than it saves.
func partOf(shows content.Rect, w, h int) part {
	const hair = 1e-4 // of a pixel, so that one that is only touched is not taken along
	p := part{
		max(int(math.Floor(shows.X0*float64(w)+hair)), 0), max(int(math.Floor((1-shows.Y1)*float64(h)+hair)), 0),
		min(int(math.Ceil(shows.X1*float64(w)-hair)), w), min(int(math.Ceil((1-shows.Y0)*float64(h)-hair)), h),
	}
	if p.x1 <= p.x0 || p.y1 <= p.y0 {
		return part{}
	}
	slackX, slackY := max(w/12, 2), max(h/12, 2)
	if p.x0 <= slackX && p.y0 <= slackY && w-p.x1 <= slackX && h-p.y1 <= slackY {
		return part{}
	}
	return p
}

// dict is the inside of an image's dictionary.
func (img Image) dict() string {
	d := fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d", img.Width, img.Height)
	if img.ColorSpace != "" {
		d += "/ColorSpace"
		if img.ColorSpace[0] != '/' {
			d += " "
		}
		d += img.ColorSpace
	}
	if img.Filter != "JPXDecode" {
		d += fmt.Sprintf("/BitsPerComponent %d", img.Bits)
	}
	return d + img.More + "/Filter/" + img.Filter
}

// readImage makes an image, or a part of it, anew (ISO 32000-1, 8.9.5). soft
// says that it is the soft mask of another; cover, if any, is put into it where
// it can be.
func (r *Rewriter) readImage(sd types.StreamDict, p part, res resources, soft bool, cover jpegmark.Cover) (Image,
	*space, error) {
	d := sd.Dict
	img := Image{
		Width: r.int(d["Width"], 0), Height: r.int(d["Height"], 0), Bits: r.int(d["BitsPerComponent"], 8), Components: 1,
	}
	if img.Width < 1 || img.Height < 1 || img.Width > maxImageSide || img.Height > maxImageSide {
		return img, nil, notUnderstood("image without a size")
	}
	sd, codec, err := r.undo(sd)
	if err != nil {
		return img, nil, err
	}
	var sp *space
	mask := r.bool(d["ImageMask"])
	switch {
	case mask:
		img.Bits = 1
		img.More = "/ImageMask true"
	case d["ColorSpace"] != nil:
		if sp, err = r.space(d["ColorSpace"], res, 0); err != nil {
			return img, nil, err
		}
		if sp.kind == "Pattern" {
			return img, nil, notUnderstood("image in patterns")
		}
		img.ColorSpace, img.Kind, img.Components = sp.text, sp.kind, sp.n
	case codec != filter.JPX:
		return img, nil, notUnderstood("image without a colour space")
	}
	if codec == filter.DCT {
		img.Bits = 8
	}
	switch img.Bits {
	case 1, 2, 4, 8, 16:
	default:
		return img, nil, notUnderstood("image of %d bits", img.Bits)
	}
	img.More += r.keep(d, "Decode", "Interpolate")
	if n := r.name(d["Intent"]); intents[n] {
		img.More += "/Intent/" + n
	}
	if soft {
		img.More += r.keep(d, "Matte")
	} else if err := r.masks(&img, d, p, codec); err != nil {
		return img, nil, err
	}
	switch codec {
	case filter.DCT, filter.JPX:
		if img.Kind == "Indexed" {
			return img, nil, notUnderstood("picture of a palette")
		}
	}
	switch codec {
	case filter.DCT:
		err = r.jpeg(&img, sd, p, cover)
	case filter.JPX:
		err = r.jpx(&img, sd, p)
	default:
		err = r.samples(&img, sd, p, sp, cover)
	}
	return img, sp, err
}

// masks takes over what makes parts of an image transparent.
func (r *Rewriter) masks(img *Image, d types.Dict, p part, codec string) error {
	scaled := func(sd types.StreamDict) part {
		w, h := r.int(sd.Dict["Width"], 0), r.int(sd.Dict["Height"], 0)
		if p == (part{}) || w < 1 || h < 1 {
			return part{}
		}
		// The same share, so that both still lie on one another.
		return part{p.x0 * w / img.Width, p.y0 * h / img.Height, p.x1 * w / img.Width, p.y1 * h / img.Height}
	}
	if sd, ok := r.stream(d["SMask"]); ok {
		q := scaled(sd)
		if p != (part{}) && (q.x1 <= q.x0 || q.y1 <= q.y0 || !exactly(p, q, img, r, sd)) {
			return notUnderstood("part of an image whose mask has other pixels")
		}
		mask, _, err := r.readImage(sd, q, resources{}, true, nil)
		if err != nil {
			return err
		}
		img.More += "/SMask " + r.raw(mask.dict(), mask.Data).String()
		return nil
	}
	if n := r.int(d["SMaskInData"], 0); n != 0 && codec == filter.JPX {
		img.More += fmt.Sprintf("/SMaskInData %d", n)
	}
	switch v := r.get(d["Mask"]).(type) {
	case types.StreamDict:
		q := scaled(v)
		if p != (part{}) && (q.x1 <= q.x0 || q.y1 <= q.y0 || !exactly(p, q, img, r, v)) {
			return notUnderstood("part of an image whose mask has other pixels")
		}
		mask, _, err := r.readImage(v, q, resources{}, true, nil)
		if err != nil {
			return err
		}
		img.More += "/Mask " + r.raw(mask.dict(), mask.Data).String()
	case types.Array:
		if p != (part{}) && codec == filter.DCT {
			return notUnderstood("part of an image with a colour key")
		}
		img.More += r.keep(d, "Mask")
	}
	return nil
}

// exactly tells whether the part q of a mask is the same share as p of its
// image.
func exactly(p, q part, img *Image, r *Rewriter, sd types.StreamDict) bool {
	w, h := r.int(sd.Dict["Width"], 0), r.int(sd.Dict["Height"], 0)
	return p.x0*w == q.x0*img.Width && p.x1*w == q.x1*img.Width && p.y0*h == q.y0*img.Height && p.y1*h == q.y1*img.Height
}

// undo takes off the filters before that of a picture format, and says which
// that is; "" for samples.
func (r *Rewriter) undo(sd types.StreamDict) (types.StreamDict, string, error) {
	n := len(sd.FilterPipeline)
	if n == 0 {
		return sd, "", nil
	}
	last := sd.FilterPipeline[n-1]
	for _, f := range sd.FilterPipeline[:n-1] {
		if f.Name == filter.DCT || f.Name == filter.JPX || f.Name == filter.JBIG2 {
			return sd, "", notUnderstood("picture within a picture")
		}
	}
	switch last.Name {
	case filter.DCT, filter.JPX:
		if n > 1 {
			before := sd
			before.FilterPipeline = sd.FilterPipeline[:n-1]
			data, err := r.decode(before)
			if err != nil {
				return sd, "", err
			}
			sd.Raw, sd.FilterPipeline = data, sd.FilterPipeline[n-1:]
		}
		return sd, last.Name, nil
	case filter.JBIG2:
		return sd, "", notUnderstood("picture of JBIG2")
	}
	return sd, "", nil
}

// inlineKeys are the short keys and names of inline images (ISO 32000-1, tables
// 93 and 94).
var inlineKeys = map[string]string{
	"BPC": "BitsPerComponent", "CS": "ColorSpace", "D": "Decode", "DP": "DecodeParms", "F": "Filter", "H": "Height",
	"IM": "ImageMask", "I": "Interpolate", "W": "Width",
}

var inlineFilters = map[string]string{
	"AHx": filter.ASCIIHex, "A85": filter.ASCII85, "LZW": filter.LZW, "Fl": filter.Flate, "RL": filter.RunLength,
	"CCF": filter.CCITTFax, "DCT": filter.DCT,
}

// inlineImage draws an inline image; it becomes an object like any other.
func (s *stream) inlineImage(d content.Value, data []byte) error {
	dict := types.Dict{}
	for i := 0; i+1 < len(d.List); i += 2 {
		k := string(d.List[i].Str)
		if long, ok := inlineKeys[k]; ok {
			k = long
		}
		dict[k] = object(d.List[i+1])
	}
	sd := types.StreamDict{Dict: dict, Raw: data}
	filters := types.Array{dict["Filter"]}
	if list, ok := dict["Filter"].(types.Array); ok {
		filters = list
	} else if dict["Filter"] == nil {
		filters = nil
	}
	parms, _ := dict["DecodeParms"].(types.Array)
	if one, ok := dict["DecodeParms"].(types.Dict); ok {
		parms = types.Array{one}
	}
	for i, f := range filters {
		n, _ := f.(types.Name)
		pf := types.PDFFilter{Name: string(n)}
		if long, ok := inlineFilters[pf.Name]; ok {
			pf.Name = long
		}
		if i < len(parms) {
			pf.DecodeParms, _ = parms[i].(types.Dict)
		}
		sd.FilterPipeline = append(sd.FilterPipeline, pf)
	}
	return s.image(nil, sd)
}

// object is an operand as an object.
func object(v content.Value) types.Object {
	switch v.Kind {
	case content.Number:
		if v.Num == math.Trunc(v.Num) && math.Abs(v.Num) < 1<<31 {
			return types.Integer(int(v.Num))
		}
		return types.Float(v.Num)
	case content.String:
		return types.HexLiteral(fmt.Sprintf("%x", v.Str))
	case content.Name:
		return types.Name(v.Str)
	case content.Bool:
		return types.Boolean(v.Num == 1)
	case content.Array:
		a := types.Array{}
		for _, e := range v.List {
			a = append(a, object(e))
		}
		return a
	case content.Dict:
		d := types.Dict{}
		for i := 0; i+1 < len(v.List); i += 2 {
			d[string(v.List[i].Str)] = object(v.List[i+1])
		}
		return d
	}
	return nil
}
