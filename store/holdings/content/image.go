package content

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
)

// maxInline bounds an inline image, undone or not. The standard speaks of 4 kB.
const maxInline = 16 << 20

// image reads an inline image behind BI: its dictionary, ID, its data and EI.
// The length of the data is what its first filter, or its size, says; where
// that does not end before an EI, nobody knows where the image ends.
func (s *Scanner) image() (Op, bool, error) {
	d := Value{Kind: Dict}
	for {
		s.skip()
		if s.at >= len(s.in) {
			return Op{}, false, s.wrong("unended inline image")
		}
		if bytes.HasPrefix(s.in[s.at:], []byte("ID")) && (s.at+2 == len(s.in) || IsSpace(s.in[s.at+2])) {
			s.at += min(3, len(s.in)-s.at)
			break
		}
		v, err := s.value(1)
		if err != nil {
			return Op{}, false, err
		}
		d.List = append(d.List, v)
	}
	if err := s.pairs(d); err != nil {
		return Op{}, false, err
	}
	n, err := inlineLength(d, s.in[s.at:])
	if err != nil {
		return Op{}, false, fmt.Errorf("%w: inline image at byte %d: %w", ErrSyntax, s.at, err)
	}
	data := s.in[s.at : s.at+n]
	s.at += n
	for s.at < len(s.in) && IsSpace(s.in[s.at]) {
		s.at++
	}
	if !bytes.HasPrefix(s.in[s.at:], []byte("EI")) || s.at+2 < len(s.in) && IsRegular(s.in[s.at+2]) {
		return Op{}, false, s.wrong("no EI behind the data of an inline image")
	}
	s.at += 2
	s.args = append(s.args[:0], d)
	return Op{Name: "BI", Args: s.args, Data: data}, true, nil
}

var errInline = errors.New("end of its data is not to be found")

// inlineLength is the length of the data that begins b.
func inlineLength(d Value, b []byte) (int, error) {
	f, filtered := d.Get("F", "Filter")
	if f.Kind == Array {
		filtered = len(f.List) > 0
		if filtered {
			f = f.List[0]
		}
	}
	if !filtered {
		return inlineRaw(d, len(b))
	}
	switch string(f.Str) {
	case "AHx", "ASCIIHexDecode":
		return behind(b, ">")
	case "A85", "ASCII85Decode":
		return behind(b, "~>")
	case "DCT", "DCTDecode":
		return jpegLength(b)
	case "RL", "RunLengthDecode":
		for i := 0; i < len(b); {
			switch c := b[i]; {
			case c == 128:
				return i + 1, nil
			case c < 128:
				i += int(c) + 2
			default:
				i += 2
			}
		}
	case "Fl", "FlateDecode":
		r := bytes.NewReader(b)
		z, err := zlib.NewReader(r)
		if err != nil {
			return 0, errInline
		}
		if n, err := io.Copy(io.Discard, io.LimitReader(z, maxInline+1)); err != nil || n > maxInline {
			return 0, errInline
		}
		return len(b) - r.Len(), nil
	}
	return candidate(b)
}

// inlineRaw is the size of the samples of an image without a filter.
func inlineRaw(d Value, have int) (int, error) {
	w, _ := d.Get("W", "Width")
	h, _ := d.Get("H", "Height")
	bits, ok := d.Get("BPC", "BitsPerComponent")
	if mask, _ := d.Get("IM", "ImageMask"); mask.Num == 1 {
		bits, ok = Value{Kind: Number, Num: 1}, true
	}
	components := 1.0
	cs, _ := d.Get("CS", "ColorSpace")
	switch string(cs.Str) {
	case "RGB", "DeviceRGB":
		components = 3
	case "CMYK", "DeviceCMYK":
		components = 4
	case "G", "DeviceGray", "":
		if cs.Kind == Array && (len(cs.List) == 0 || string(cs.List[0].Str) != "I" && string(cs.List[0].Str) != "Indexed") {
			return 0, errInline
		}
	default:
		return 0, errInline // a colour space among the resources: not known here
	}
	if !ok || !(w.Num >= 1 && h.Num >= 1 && bits.Num >= 1 && w.Num < 1e5 && h.Num < 1e5 && bits.Num <= 16) {
		return 0, errInline
	}
	n := ((int(w.Num)*int(bits.Num)*int(components) + 7) / 8) * int(h.Num)
	if n > have || n > maxInline {
		return 0, errInline
	}
	return n, nil
}

func behind(b []byte, end string) (int, error) {
	i := bytes.Index(b, []byte(end))
	if i < 0 {
		return 0, errInline
	}
	return i + len(end), nil
}

// candidate is for filters whose data do not say where they end: there must be
// just one EI between white space.
func candidate(b []byte) (int, error) {
	found := -1
	for i := 1; i+2 <= len(b); i++ {
		if b[i] == 'E' && b[i+1] == 'I' && IsSpace(b[i-1]) && (i+2 == len(b) || IsSpace(b[i+2])) {
			if found >= 0 {
				break // the first is taken; another image may follow
			}
			found = i - 1
		}
	}
	if found < 0 {
		return 0, errInline
	}
	return found, nil
}

// jpegLength is the length of the JPEG file that begins b.
func jpegLength(b []byte) (int, error) {
	i := 0
	for i+1 < len(b) {
		if b[i] != 0xff {
			i++
			continue
		}
		switch m := b[i+1]; {
		case m == 0xd9:
			return i + 2, nil
		case m == 0xff:
			i++
		case m == 0 || m == 1 || m >= 0xd0 && m <= 0xd8:
			i += 2
		default:
			if i+3 >= len(b) {
				return 0, errInline
			}
			i += 2 + int(b[i+2])<<8 + int(b[i+3])
		}
	}
	return 0, errInline
}
