package holdings

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/internal/pdfsrc"
)

// maxExcerptBytes is what Telegram carries from a bot, the smallest of the
// channels (Bot API, sendDocument: 50 MB).
const maxExcerptBytes = 50_000_000

// Bounds of a file that is read at all. Real publications have up to some 400
// pages, 30 MB and 10 thousand objects.
const (
	maxFileBytes   = 500 << 20
	maxWholeBytes  = 100 << 20 // of a file that can only be read as a whole
	maxObjects     = 200_000
	maxStreamBytes = 64 << 20
	maxTreeDepth   = 60
)

// source is a publication's file. What is seen of it never changes after it was
// made, so several excerpts may be cut from it at the same time.
type source struct {
	file    *pdfsrc.File         // reads objects when they are asked for
	objects map[int]types.Object // of a file that had to be read as a whole, when file is nil
	pages   []page
	layers  types.Object // the catalog's /OCProperties
	// labelTree is the catalog's /PageLabels.
	labelTree types.Object
	lost      int // pages that should be there and are not
	bytes     int // what it holds in memory, roughly
}

// page is one page of a source with what it inherits resolved.
type page struct {
	media, crop box
	rotate      int // 0, 90, 180, 270, clockwise
	unit        float64
	resources   types.Dict
	group       types.Dict
	contents    []int // object numbers of the content streams, in order
	annots      types.Object
	lost        bool // its content, or the page itself, is not where it should be
}

// box is a rectangle: x0, y0, x1, y1 with x0 < x1 and y0 < y1, in points.
type box [4]float64

// readSource reads a PDF file from memory, see [openSource].
func readSource(ctx context.Context, data []byte) (*source, error) {
	return openSource(ctx, bytes.NewReader(data), int64(len(data)))
}

// openSource opens a PDF file, which must stay readable. Errors are of this
// package's kinds ([ErrNotPDF], [ErrEncrypted], …), r's or ctx's.
//
// Of a sound file only what is asked for is read. One that is encrypted, or
// whose cross-references lead astray, pdfcpu reads as a whole: it knows
// encryption, and looks for objects that are not where they should be.
func openSource(ctx context.Context, r io.ReaderAt, size int64) (*source, error) {
	if size > maxFileBytes {
		return nil, ErrTooLarge
	}
	head := make([]byte, min(size, 1024))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !bytes.Contains(head, []byte("%PDF-")) {
		return nil, ErrNotPDF
	}
	file, err := pdfsrc.Open(r, size)
	if err == nil {
		s := &source{file: file, bytes: file.Size()}
		root := s.dict(file.Trailer()["Root"])
		if err = s.readTree(ctx, root); err == nil && file.Err() == nil && s.lost == 0 {
			return s, nil
		}
		if ctx.Err() != nil || errors.Is(err, ErrTooManyPages) {
			return nil, err
		}
	}
	if size > maxWholeBytes {
		if errors.Is(err, pdfsrc.ErrEncrypted) {
			return nil, ErrTooLarge
		}
		return nil, fmt.Errorf("%w: %w", ErrDamaged, cmp.Or(err, errAstray))
	}
	return readWhole(ctx, io.NewSectionReader(r, 0, size))
}

// errAstray says that cross-references lead to what they should not.
var errAstray = errors.New("cross-references lead astray")

// readWhole reads all of a file.
func readWhole(ctx context.Context, r *io.SectionReader) (s *source, err error) {
	defer recovered(&err, ErrDamaged)
	file, err := pdfcpu.ReadWithContext(ctx, r, configuration())
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, pdfcpu.ErrWrongPassword), errors.Is(err, pdfcpu.ErrUnsupportedEncryptionFeature):
		return nil, fmt.Errorf("%w: %w", ErrEncrypted, err)
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	s = &source{objects: make(map[int]types.Object, len(file.Table)), bytes: int(r.Size())}
	for num, entry := range file.Table {
		if entry == nil || entry.Free || entry.Object == nil {
			continue
		}
		o := entry.Object
		if lazy, ok := o.(types.LazyObjectStreamObject); ok {
			if o, err = lazy.DecodedObject(ctx); err != nil {
				continue // a missing object is null (ISO 32000-1, 7.3.10)
			}
		}
		switch o.(type) {
		case types.ObjectStreamDict, types.XRefStreamDict:
			continue
		}
		s.objects[num] = o
		s.bytes += 200
	}
	if file.Root == nil {
		return nil, fmt.Errorf("%w: no catalog", ErrDamaged)
	}
	return s, s.readTree(ctx, s.dict(*file.Root))
}

// readTree finds the pages.
func (s *source) readTree(ctx context.Context, catalog types.Dict) error {
	s.layers, s.labelTree = catalog["OCProperties"], catalog["PageLabels"]
	w := treeWalk{source: s, seen: map[int]bool{}}
	if err := w.node(ctx, catalog["Pages"], inherited{}, 0); err != nil {
		return err
	}
	if len(s.pages) == 0 {
		return ErrNoPages
	}
	s.bytes += 500 * len(s.pages)
	return nil
}

// noConfigDir keeps pdfcpu from writing below the user's home. It sets a variable
// of pdfcpu that readings look at, so once.
//
// It is what the package api does for it, which would bring all of pdfcpu's
// commands into this program.
var noConfigDir = sync.OnceFunc(func() { model.ConfigPath = "disable" })

// configuration makes pdfcpu's settings: each reading needs its own, since
// pdfcpu writes into them.
func configuration() *model.Configuration {
	noConfigDir()
	c := model.NewDefaultConfiguration()
	c.Offline = true
	c.ValidationMode = model.ValidationRelaxed
	c.Limits.MaxStreamBytes = maxStreamBytes
	c.Limits.MaxDecodeBytes = maxStreamBytes
	c.Limits.MaxObjectCount = maxObjects
	c.Limits.MaxXRefEntries = maxObjects
	c.Limits.MaxObjectStreamCount = maxObjects
	return c
}

// recovered turns a panic of pdfcpu into an error of the kind given.
func recovered(err *error, kind error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%w: reader panicked: %v", kind, r)
	}
}

// object follows references. A reference to nothing, or in a circle, is nil.
func (s *source) object(o types.Object) types.Object {
	for range 20 {
		ref, ok := o.(types.IndirectRef)
		if !ok {
			return o
		}
		num := ref.ObjectNumber.Value()
		if s.file == nil {
			o = s.objects[num]
			continue
		}
		var err error
		if o, err = s.file.Object(num); err != nil {
			return nil // the file keeps the error
		}
	}
	return nil
}

// isStream tells whether a reference leads to a stream.
func (s *source) isStream(ref types.IndirectRef) bool {
	if s.file != nil {
		is, _ := s.file.IsStream(ref.ObjectNumber.Value()) // the file keeps the error
		return is
	}
	_, is := s.object(ref).(types.StreamDict)
	return is
}

// astray is an error when an object was asked for that is not where it should
// be.
func (s *source) astray() error {
	if s.file == nil {
		return nil
	}
	return s.file.Err()
}

// dict is o as a dictionary, also that of a stream; nil when it is neither.
func (s *source) dict(o types.Object) types.Dict {
	switch v := s.object(o).(type) {
	case types.Dict:
		return v
	case types.StreamDict:
		return v.Dict
	}
	return nil
}

func (s *source) name(o types.Object) string {
	n, _ := s.object(o).(types.Name)
	return string(n)
}

// number is o as a finite number.
func (s *source) number(o types.Object) (float64, bool) {
	switch v := s.object(o).(type) {
	case types.Integer:
		return float64(v), true
	case types.Float:
		return float64(v), !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0)
	}
	return 0, false
}

// inflaters are zlib readers to use again: each has 40 kB of tables.
var inflaters sync.Pool

// inflate undoes the one filter that nearly all streams have. It fails on
// streams that pdfcpu knows how to mend.
func inflate(raw []byte) ([]byte, error) {
	zr, _ := inflaters.Get().(io.ReadCloser)
	var err error
	if zr == nil {
		zr, err = zlib.NewReader(bytes.NewReader(raw))
	} else {
		err = zr.(zlib.Resetter).Reset(bytes.NewReader(raw), nil)
	}
	if err != nil {
		return nil, err
	}
	defer inflaters.Put(zr)
	var b bytes.Buffer
	b.Grow(min(4*len(raw)+512, 1<<20))
	n, err := b.ReadFrom(io.LimitReader(zr, maxStreamBytes+1))
	if err == nil && n > maxStreamBytes {
		err = ErrBomb
	}
	return b.Bytes(), err
}

// decode is a stream's data with all filters undone.
func (s *source) decode(sd types.StreamDict) (data []byte, err error) {
	defer recovered(&err, ErrDamaged)
	if sd.HasSoleFilterNamed(filter.Flate) && len(sd.FilterPipeline[0].DecodeParms) == 0 && sd.Content == nil {
		if data, err := inflate(sd.Raw); err == nil {
			return data, nil
		}
	}
	err = sd.DecodeWithLimit(maxStreamBytes) // sd is a copy: s stays as it is
	if errors.Is(err, filter.ErrDecodeLimitExceeded) {
		return nil, ErrBomb
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return sd.Content, nil
}
