package rewrite

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/internal/jpegmark"
	"pst/store/holdings/internal/pdfout"
)

// samples makes an image of samples anew, or a part of it.
func (r *Rewriter) samples(img *Image, sd types.StreamDict, p part, sp *space, cover jpegmark.Cover) error {
	img.Filter = filter.Flate
	row := (img.Width*img.Components*img.Bits + 7) / 8
	size := row * img.Height
	if size > maxStream {
		return notUnderstood("image too large")
	}
	indexed := img.Kind == "Indexed"
	if p == (part{}) && !indexed && cover == nil && r.asIs(img, sd, row) {
		return nil
	}
	data, err := r.decode(sd)
	if err != nil {
		return err
	}
	if len(data) < size { // readers show what there is
		data = append(bytes.Clone(data), make([]byte, size-len(data))...)
	}
	data = data[:size]
	if p != (part{}) {
		data = cropSamples(data, row, img.Components*img.Bits, p)
		img.Width, img.Height = p.x1-p.x0, p.y1-p.y0
		row = (img.Width*img.Components*img.Bits + 7) / 8
	}
	if cover != nil && !indexed && img.Bits <= 8 {
		data = bytes.Clone(data)
		img.mark(data, row, img.Components, cover)
	}
	if indexed {
		if n, ok := r.numbers(sd.Dict["Decode"]); ok && !(len(n) == 2 && n[0] == 0 && n[1] == float64(int(1)<<img.Bits-1)) {
			return notUnderstood("palette decoded otherwise")
		}
		img.ColorSpace = r.palette(sp, indexes(data, img.Width, img.Height, img.Bits))
	}
	img.Data = pdfout.Pack(data)
	return nil
}

// indexes are the samples that occur in rows of samples of 1, 2, 4 or 8 bits.
func indexes(data []byte, w, h, bits int) (used [256]bool) {
	if bits > 8 {
		return used
	}
	row := (w*bits + 7) / 8
	for y := range h {
		line := data[y*row : (y+1)*row]
		if bits == 8 {
			for _, v := range line {
				used[v] = true
			}
			continue
		}
		for x := range w {
			used[line[x*bits/8]>>(8-bits-x*bits%8)&(1<<bits-1)] = true
		}
	}
	return used
}

// asIs keeps deflated samples as they are, predictor and all, when they are
// just the samples and nothing stands behind them.
func (r *Rewriter) asIs(img *Image, sd types.StreamDict, row int) bool {
	if !sd.HasSoleFilterNamed(filter.Flate) {
		return false
	}
	parms := sd.FilterPipeline[0].DecodeParms
	size, more := row*img.Height, ""
	switch predictor := r.int(parms["Predictor"], 1); {
	case predictor >= 10 && predictor <= 15:
		size = (row + 1) * img.Height
		fallthrough
	case predictor == 2:
		columns, colors, bits := r.int(parms["Columns"], 1), r.int(parms["Colors"], 1), r.int(parms["BitsPerComponent"], 8)
		if (columns*colors*bits+7)/8 != row {
			return false
		}
		more = fmt.Sprintf("/DecodeParms<</Predictor %d/Columns %d/Colors %d/BitsPerComponent %d>>", predictor, columns,
			colors, bits)
	case predictor != 1:
		return false
	}
	n, used := inflatedSize(sd.Raw, size)
	if n != size {
		return false
	}
	img.More += more
	img.Data, img.copied = sd.Raw[:used], true
	return true
}

// inflatedSize is how many bytes raw unpacks to, -1 when to more than limit or
// when it is damaged, and how many it has.
func inflatedSize(raw []byte, limit int) (n, used int) {
	in := bytes.NewReader(raw)
	z, _ := inflaters.Get().(io.ReadCloser)
	var err error
	if z == nil {
		z, err = zlib.NewReader(in)
	} else {
		err = z.(zlib.Resetter).Reset(in, nil)
	}
	if err != nil {
		return -1, 0
	}
	defer inflaters.Put(z)
	got, err := io.Copy(io.Discard, io.LimitReader(z, int64(limit)+1))
	if err != nil || got > int64(limit) {
		return -1, 0
	}
	return int(got), len(raw) - in.Len()
}

// cropSamples cuts a part out of rows of pixels of so many bits.
func cropSamples(data []byte, row, bits int, p part) []byte {
	w, h := p.x1-p.x0, p.y1-p.y0
	out := (w*bits + 7) / 8
	cut := make([]byte, out*h)
	for y := range h {
		from, to := data[(p.y0+y)*row:(p.y0+y+1)*row], cut[y*out:(y+1)*out]
		first := p.x0 * bits
		if first%8 == 0 {
			copy(to, from[first/8:])
		} else {
			shift := first % 8
			for i := range to {
				k := first/8 + i
				v := from[k] << shift
				if k+1 < len(from) {
					v |= from[k+1] >> (8 - shift)
				}
				to[i] = v
			}
		}
		if rest := w * bits % 8; rest > 0 {
			to[out-1] &= 0xff << (8 - rest)
		}
	}
	return cut
}

// mark darkens what is covered of rows of samples of at most 8 bits, and
// lightens it where they are dark. With less than 8 bits every second pixel
// changes, wholly.
func (img *Image) mark(data []byte, row, components int, cover jpegmark.Cover) {
	for y0 := 0; y0 < img.Height; y0 += 8 {
		for x0 := 0; x0 < img.Width; x0 += 8 {
			area := cover.Block(x0, y0)
			if area == nil {
				continue
			}
			for i, v := range area {
				x, y := x0+i%8, y0+i/8
				if v == 0 || x >= img.Width || y >= img.Height {
					continue
				}
				for c := x * components; c < (x+1)*components; c++ {
					if img.Bits == 8 {
						data[y*row+c] = jpegmark.Blend(data[y*row+c], v)
					} else if v > 127 && (x+y)%2 == 0 {
						bit := c * img.Bits
						data[y*row+bit/8] ^= (1<<img.Bits - 1) << (8 - img.Bits - bit%8)
					}
				}
			}
		}
	}
	img.copied, img.marked = false, true
}

// markJPEG marks a JPEG picture block by block, or else, one in several scans
// say, pixel by pixel. It stays without a mark when neither is possible.
func (img *Image) markJPEG(cover jpegmark.Cover) {
	if data, err := jpegmark.Mark(img.Data, cover); err == nil {
		img.Data, img.copied, img.marked = data, false, true
		return
	}
	if img.Width*img.Height > maxStream/4 || strings.Contains(img.More, "/ColorTransform") {
		return
	}
	whole, err := jpeg.Decode(bytes.NewReader(img.Data))
	if err != nil {
		return
	}
	marked := *img
	switch v := whole.(type) {
	case *image.Gray:
		marked.mark(v.Pix, v.Stride, 1, cover)
	case *image.YCbCr:
		marked.mark(v.Y, v.YStride, 1, cover)
	default:
		return
	}
	var b bytes.Buffer
	if jpeg.Encode(&b, whole, &jpeg.Options{Quality: jpegQuality}) == nil {
		*img = marked
		img.Data = b.Bytes()
	}
}

// jpegQuality of parts of pictures that had to be encoded again.
const jpegQuality = 90

// jpeg makes a JPEG picture anew without what is not the picture, or a part of
// it.
func (r *Rewriter) jpeg(img *Image, sd types.StreamDict, p part, cover jpegmark.Cover) (err error) {
	img.Filter = filter.DCT
	if cover != nil {
		defer func() {
			switch {
			case err != nil || img.Filter != filter.DCT:
			case jpegmark.Can(img.Data):
				img.cover, img.copied, img.marked = cover, false, true
			default:
				img.markJPEG(cover)
			}
		}()
	}
	data, frame, err := cleanJPEG(sd.Raw)
	if err != nil {
		return err
	}
	if frame.width != img.Width || frame.height != img.Height || img.ColorSpace != "" &&
		frame.components != img.Components {
		return notUnderstood("picture of another size than it says")
	}
	parms := sd.FilterPipeline[len(sd.FilterPipeline)-1].DecodeParms
	if p == (part{}) {
		img.Data, img.copied = data, true
		if parms["ColorTransform"] != nil {
			img.More += fmt.Sprintf("/DecodeParms<</ColorTransform %d>>", r.int(parms["ColorTransform"], 1))
		}
		return nil
	}
	if frame.width*frame.height > maxStream/4 || parms["ColorTransform"] != nil {
		return notUnderstood("part of a large picture")
	}
	whole, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return notUnderstood("picture: %v", err)
	}
	return r.jpegPart(img, whole, p)
}

func (r *Rewriter) jpegPart(img *Image, whole image.Image, p part) error {
	area := image.Rect(p.x0, p.y0, p.x1, p.y1)
	img.Width, img.Height = area.Dx(), area.Dy()
	var b bytes.Buffer
	switch v := whole.(type) {
	case *image.CMYK:
		// As samples: the encoder has no CMYK. The decoder turns Adobe's inverted
		// inks about; the file's samples are what stood in the picture.
		samples := make([]byte, 0, area.Dx()*area.Dy()*4)
		for y := area.Min.Y; y < area.Max.Y; y++ {
			row := v.Pix[v.PixOffset(area.Min.X, y):v.PixOffset(area.Max.X, y)]
			for _, ink := range row {
				samples = append(samples, 255-ink)
			}
		}
		img.Filter, img.Bits = filter.Flate, 8
		img.Data = pdfout.Pack(samples)
		return nil
	case interface {
		SubImage(image.Rectangle) image.Image
	}:
		if err := jpeg.Encode(&b, v.SubImage(area), &jpeg.Options{Quality: jpegQuality}); err != nil {
			return notUnderstood("picture: %v", err)
		}
	default:
		return notUnderstood("picture of another kind")
	}
	img.Data = b.Bytes()
	return nil
}

type jpegFrame struct{ width, height, components int }

// cleanJPEG copies a JPEG picture without comments and application data; of
// these only Adobe's, which tells the colours, is made anew. Nothing behind its
// end is copied.
func cleanJPEG(b []byte) (out []byte, f jpegFrame, err error) {
	bad := notUnderstood("picture is no JPEG")
	if len(b) < 4 || b[0] != 0xff || b[1] != 0xd8 {
		return nil, f, bad
	}
	out = append(make([]byte, 0, len(b)), 0xff, 0xd8)
	for i := 2; ; {
		for i < len(b) && b[i] == 0xff && i+1 < len(b) && b[i+1] == 0xff {
			i++
		}
		if i+1 >= len(b) || b[i] != 0xff {
			return nil, f, bad
		}
		m := b[i+1]
		if m == 0xd9 {
			if f.width == 0 {
				return nil, f, bad
			}
			return append(out, 0xff, 0xd9), f, nil
		}
		if i+3 >= len(b) {
			return nil, f, bad
		}
		n := int(b[i+2])<<8 | int(b[i+3])
		if n < 2 || i+2+n > len(b) {
			return nil, f, bad
		}
		segment := b[i : i+2+n]
		i += 2 + n
		switch {
		case m == 0xee && n >= 14 && string(segment[4:9]) == "Adobe":
			out = append(out, "\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00"...)
			out = append(out, segment[15]) // how the colours are transformed
			continue
		case m >= 0xe0 && m <= 0xef || m == 0xfe:
			continue
		case m >= 0xc0 && m <= 0xcf && m != 0xc4 && m != 0xc8 && m != 0xcc:
			if n < 8 || f.width != 0 {
				return nil, f, bad
			}
			f = jpegFrame{int(binary.BigEndian.Uint16(segment[7:])), int(binary.BigEndian.Uint16(segment[5:])), int(segment[9])}
			if f.width == 0 || f.height == 0 {
				return nil, f, bad
			}
		case m == 0xc4 || m == 0xdb || m == 0xdd || m == 0xda || m == 0xcc:
		default:
			return nil, f, bad
		}
		out = append(out, segment...)
		if m == 0xda {
			k := scanLength(b[i:])
			out = append(out, b[i:i+k]...)
			i += k
			if i >= len(b) { // cut short, or without an end: readers show what there is
				return append(out, 0xff, 0xd9), f, nil
			}
		}
	}
}

// scanLength is the length of the entropy-coded data that begin b.
func scanLength(b []byte) int {
	for i := 0; ; {
		k := bytes.IndexByte(b[i:], 0xff)
		if k < 0 || i+k+1 >= len(b) {
			return len(b)
		}
		i += k
		if m := b[i+1]; m != 0 && m != 0xff && (m < 0xd0 || m > 0xd7) {
			return i
		}
		i++
		if b[i] != 0xff {
			i++
		}
	}
}

// jpxBoxes are the boxes of a JPEG 2000 file that make the picture (ISO
// 15444-1, annex I).
var jpxBoxes = map[string]bool{
	"jP  ": true, "ftyp": true, "jp2h": true, "jp2c": true, "ihdr": true, "bpcc": true, "colr": true, "pclr": true,
	"cmap": true, "cdef": true,
}

// jpx keeps a JPEG 2000 picture without the boxes that are not the picture.
func (r *Rewriter) jpx(img *Image, sd types.StreamDict, p part) error {
	img.Filter = filter.JPX
	if p != (part{}) {
		return notUnderstood("part of a JPEG 2000 picture")
	}
	out, err := cleanJPX(sd.Raw, 0)
	img.Data = out
	return err
}

func cleanJPX(b []byte, depth int) ([]byte, error) {
	if depth == 0 && bytes.HasPrefix(b, []byte{0xff, 0x4f, 0xff, 0x51}) {
		return cleanCodestream(b)
	}
	var out []byte
	for len(b) >= 8 {
		n, head := int(binary.BigEndian.Uint32(b)), 8
		if n == 1 && len(b) >= 16 {
			n, head = int(binary.BigEndian.Uint64(b[8:])), 16
		}
		if n == 0 {
			n = len(b)
		}
		if n < head || n > len(b) {
			return nil, notUnderstood("JPEG 2000 picture")
		}
		kind, body := string(b[4:8]), b[head:n]
		b = b[n:]
		if !jpxBoxes[kind] {
			continue
		}
		var err error
		switch {
		case kind == "jp2h" && depth == 0:
			body, err = cleanJPX(body, 1)
		case kind == "jp2c":
			body, err = cleanCodestream(body)
		}
		if err != nil {
			return nil, err
		}
		out = binary.BigEndian.AppendUint32(out, uint32(len(body)+8))
		out = append(append(out, kind...), body...)
		if kind == "jp2c" {
			break // nothing of the picture comes behind it
		}
	}
	if len(out) == 0 {
		return nil, notUnderstood("JPEG 2000 picture")
	}
	return out, nil
}

// cleanCodestream drops comments of the main header and what follows the end.
func cleanCodestream(b []byte) ([]byte, error) {
	bad := notUnderstood("JPEG 2000 picture")
	if len(b) < 4 || b[0] != 0xff || b[1] != 0x4f {
		return nil, bad
	}
	out := append(make([]byte, 0, len(b)), b[:2]...)
	i := 2
	for i+4 <= len(b) && b[i] == 0xff && b[i+1] != 0x90 {
		n := int(b[i+2])<<8 | int(b[i+3])
		if i+2+n > len(b) {
			return nil, bad
		}
		if b[i+1] != 0x64 {
			out = append(out, b[i:i+2+n]...)
		}
		i += 2 + n
	}
	for i+12 <= len(b) && b[i] == 0xff && b[i+1] == 0x90 { // tile parts
		n := int(binary.BigEndian.Uint32(b[i+6:]))
		if n == 0 { // to the end
			n = len(b) - i
			if bytes.HasSuffix(b, []byte{0xff, 0xd9}) {
				n -= 2
			}
		}
		if n < 14 || i+n > len(b) {
			return nil, bad
		}
		out = append(out, b[i:i+n]...)
		i += n
	}
	return append(out, 0xff, 0xd9), nil
}
