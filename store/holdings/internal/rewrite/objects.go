package rewrite

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/content"
)

// maxStream bounds one stream with its filters undone.
const maxStream = 64 << 20

// maxDepth bounds how deep objects may lie in one another.
const maxDepth = 40

// objects asks a source for what its objects mean.
type objects struct {
	ctx context.Context
	src Source
}

// get follows references. A reference to nothing, or in a circle, is nil, as
// is what cannot be read.
func (s objects) get(o types.Object) types.Object {
	for range 20 {
		ref, ok := o.(types.IndirectRef)
		if !ok {
			return o
		}
		var err error
		if o, err = s.src.Object(ref.ObjectNumber.Value()); err != nil {
			return nil
		}
	}
	return nil
}

// dict is o as a dictionary, also that of a stream; nil when it is neither.
func (s objects) dict(o types.Object) types.Dict {
	switch v := s.get(o).(type) {
	case types.Dict:
		return v
	case types.StreamDict:
		return v.Dict
	}
	return nil
}

func (s objects) stream(o types.Object) (types.StreamDict, bool) {
	sd, ok := s.get(o).(types.StreamDict)
	return sd, ok
}

func (s objects) array(o types.Object) types.Array {
	a, _ := s.get(o).(types.Array)
	return a
}

func (s objects) name(o types.Object) string {
	n, _ := s.get(o).(types.Name)
	return string(n)
}

func (s objects) bool(o types.Object) bool {
	b, _ := s.get(o).(types.Boolean)
	return bool(b)
}

// number is o as a finite number.
func (s objects) number(o types.Object) (float64, bool) {
	switch v := s.get(o).(type) {
	case types.Integer:
		return float64(v), true
	case types.Float:
		return float64(v), !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0)
	}
	return 0, false
}

func (s objects) num(o types.Object, or float64) float64 {
	if n, ok := s.number(o); ok {
		return n
	}
	return or
}

func (s objects) int(o types.Object, or int) int {
	n, ok := s.number(o)
	if !ok || math.Abs(n) > 1<<31 {
		return or
	}
	return int(n)
}

// numbers is an array of numbers; ok is false when it is none, or longer than
// a million.
func (s objects) numbers(o types.Object) (list []float64, ok bool) {
	a, isArray := s.get(o).(types.Array)
	if !isArray || len(a) > 1<<20 {
		return nil, false
	}
	list = make([]float64, len(a))
	for i, e := range a {
		if list[i], ok = s.number(e); !ok {
			return nil, false
		}
	}
	return list, true
}

// bytes is a string decoded.
func (s objects) bytes(o types.Object) ([]byte, bool) {
	switch v := s.get(o).(type) {
	case types.StringLiteral:
		b, err := types.Unescape(string(v))
		return b, err == nil
	case types.HexLiteral:
		digits := strings.Map(func(r rune) rune {
			if content.IsSpace(byte(r)) {
				return -1
			}
			return r
		}, string(v))
		if len(digits)%2 == 1 {
			digits += "0"
		}
		b, err := hex.DecodeString(digits)
		return b, err == nil
	}
	return nil, false
}

// matrix is an array of six numbers; the identity when there is none.
func (s objects) matrix(o types.Object) content.Matrix {
	n, ok := s.numbers(o)
	if !ok || len(n) != 6 {
		return content.Identity
	}
	return content.Matrix(n)
}

// rect is a rectangle whose corners may stand in any order.
func (s objects) rect(o types.Object) (content.Rect, bool) {
	n, ok := s.numbers(o)
	if !ok || len(n) != 4 {
		return content.Rect{}, false
	}
	return content.Rect{X0: min(n[0], n[2]), Y0: min(n[1], n[3]), X1: max(n[0], n[2]), Y1: max(n[1], n[3])}, true
}

// key is what tells an object from others, for memory within one job.
func key(o types.Object) string {
	switch v := o.(type) {
	case nil:
		return "null"
	case types.IndirectRef:
		return strconv.Itoa(v.ObjectNumber.Value()) + " R"
	case types.StreamDict:
		return "" // always behind a reference
	}
	return o.PDFString()
}

// inflaters are zlib readers to use again: each has 40 kB of tables.
var inflaters sync.Pool

// inflate undoes the one filter that nearly all streams have, and says how many
// bytes of raw it took.
func inflate(raw []byte, limit int) (data []byte, used int, err error) {
	in := bytes.NewReader(raw)
	zr, _ := inflaters.Get().(io.ReadCloser)
	if zr == nil {
		zr, err = zlib.NewReader(in)
	} else {
		err = zr.(zlib.Resetter).Reset(in, nil)
	}
	if err != nil {
		return nil, 0, err
	}
	defer inflaters.Put(zr)
	var b bytes.Buffer
	b.Grow(min(4*len(raw)+512, 1<<20))
	n, err := b.ReadFrom(io.LimitReader(zr, int64(limit)+1))
	if err == nil && n > int64(limit) {
		err = filter.ErrDecodeLimitExceeded
	}
	return b.Bytes(), len(raw) - in.Len(), err
}

// decode is a stream's data with all filters undone.
func (s objects) decode(sd types.StreamDict) (data []byte, err error) {
	if err := s.ctx.Err(); err != nil {
		return nil, err
	}
	if len(sd.FilterPipeline) == 0 {
		return sd.Raw, nil
	}
	if sd.HasSoleFilterNamed(filter.Flate) && len(sd.FilterPipeline[0].DecodeParms) == 0 {
		if data, _, err := inflate(sd.Raw, maxStream); err == nil {
			return data, nil
		}
	}
	for _, f := range sd.FilterPipeline {
		if f.Name == filter.DCT || f.Name == filter.JPX || f.Name == filter.JBIG2 {
			return nil, fmt.Errorf("%w: stream with %s", ErrNotUnderstood, f.Name)
		}
	}
	sd.Content = nil
	if err := sd.DecodeWithLimit(maxStream); err != nil {
		return nil, fmt.Errorf("%w: stream: %w", ErrNotUnderstood, err)
	}
	return sd.Content, nil
}

func notUnderstood(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrNotUnderstood, fmt.Sprintf(format, args...))
}
