// Package pdfsrc reads single objects of a PDF file where they stand, when they
// are asked for: of a file of 500 MB it reads the cross-references, and then
// what the caller follows. Begin with [Open]; ask with [File.Object].
//
// It knows cross-reference tables and streams, files with both, incremental
// updates, and object streams (ISO 32000-1, 7.5). It repairs nothing but a
// stream's wrong length: an entry that leads to no object, or to another's, is
// [ErrDamaged], so that nothing is taken for what it is not. Encrypted files are
// refused with [ErrEncrypted]. Objects come as pdfcpu's types.
package pdfsrc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

var (
	// ErrDamaged says that the file's structure is not what it must be.
	ErrDamaged = errors.New("PDF structure is damaged")
	// ErrEncrypted says that the file is encrypted, with whatever password.
	ErrEncrypted = errors.New("PDF is encrypted")
	// ErrTooLarge says that one of the bounds is crossed.
	ErrTooLarge = errors.New("PDF has parts beyond all bounds")
)

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}

// Bounds of what is read at all.
const (
	MaxObjects = 1 << 20  // numbers of objects
	MaxStream  = 64 << 20 // bytes of one stream, encoded or decoded
	maxObject  = 16 << 20 // bytes of one object that is no stream
	maxUpdates = 1000     // cross-reference sections
	maxNoted   = 4 << 20  // entries in all of them
)

// Bounds of what is remembered, in bytes.
const (
	keptObjects = 8 << 20 // objects that are no streams
	keptStreams = 8 << 20 // streams as they are in the file
	keptPacked  = 8 << 20 // object streams, decoded
)

// File is an open PDF file. Its methods may be called at the same time.
type File struct {
	blocks  blocks
	base    int64 // of offsets: where %PDF- stands
	entries []entry
	noted   int // entries read so far
	trailer types.Dict

	mu      sync.Mutex
	objects kept[types.Object]
	streams kept[types.StreamDict]
	packed  kept[*packed]
	large   int // the stream too large to be kept with others, kept for its neighbours' sake
	big     types.StreamDict
	err     error
}

type entry struct {
	kind  kind
	at    int64 // offset, or the number of the object stream
	index int   // in the object stream
}

type kind uint8

const (
	missing kind = iota // no section spoke of it
	free
	plain
	compressed
)

// Open reads a file's cross-references. r must stay readable as long as the
// File is used. Errors wrap [ErrDamaged], [ErrEncrypted] or [ErrTooLarge], or
// are r's.
func Open(r io.ReaderAt, size int64) (*File, error) {
	f := &File{blocks: blocks{r: r, size: size}}
	f.objects.limit, f.streams.limit, f.packed.limit = keptObjects, keptStreams, keptPacked
	head, err := f.blocks.read(0, 1024)
	if err != nil {
		return nil, err
	}
	f.base = int64(max(bytes.Index(head, []byte("%PDF-")), 0))
	start, err := f.startXRef()
	if err != nil {
		return nil, err
	}
	if err := f.readSections(start); err != nil {
		return nil, err
	}
	if f.trailer["Encrypt"] != nil {
		return nil, ErrEncrypted
	}
	if _, ok := f.trailer["Root"].(types.IndirectRef); !ok {
		return nil, damaged("no catalog")
	}
	return f, nil
}

// Trailer is the newest trailer dictionary; it must not be changed.
func (f *File) Trailer() types.Dict { return f.trailer }

// Err is the first error that an object was asked for in vain with. A caller
// that takes what it cannot get for null looks here before it trusts its work.
func (f *File) Err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// Object is the object of that number, never itself a reference; nil when there
// is none. A stream is a types.StreamDict with its raw data. What is returned
// must not be changed. Errors are those of [Open].
func (f *File) Object(num int) (types.Object, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, err := f.object(num, way{})
	if err != nil {
		err = fmt.Errorf("object %d: %w", num, err)
		if f.err == nil {
			f.err = err
		}
		return nil, err
	}
	return o, nil
}

// IsStream tells whether the object of that number is a stream, without reading
// its data. Errors are those of [Open].
func (f *File) IsStream(num int) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if num <= 0 || num >= len(f.entries) || f.entries[num].kind != plain {
		return false, nil
	}
	o, got, end, err := f.indirect(f.entries[num].at)
	if err == nil && got != num {
		err = damaged("cross-reference leads to object %d", got)
	}
	is := false
	if _, ok := o.(types.Dict); err == nil && ok {
		_, is, err = f.streamStart(end)
	}
	if err != nil && f.err == nil {
		f.err = fmt.Errorf("object %d: %w", num, err)
	}
	return is, err
}

// Size is about how much memory it may come to keep, in bytes.
func (f *File) Size() int {
	return 24*len(f.entries) + heldBlocks*blockBytes + int(min(3*f.blocks.size, keptObjects+keptStreams+keptPacked))
}

// way is how an object came to be asked for. What a stream says of itself is no
// stream, and what an object stream says is not in one, so that reading one
// object reads few.
type way struct {
	followed int // references from one to the next
	inStream bool
	inPacked bool
}

// maxFollow bounds the references from one to the next.
const maxFollow = 20

func (f *File) object(num int, w way) (types.Object, error) {
	if num <= 0 || num >= len(f.entries) {
		return nil, nil
	}
	if o, ok := f.objects.get(num); ok {
		return o, nil
	}
	if s, ok := f.streams.get(num); ok {
		return s, nil
	}
	if f.large == num && num != 0 {
		return f.big, nil
	}
	var o types.Object
	var size int
	var err error
	switch e := f.entries[num]; e.kind {
	case plain:
		o, size, err = f.plainObject(num, e.at, w)
	case compressed:
		o, size, err = f.packedObject(num, e, w)
	default:
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	switch v := o.(type) {
	case types.IndirectRef:
		return f.direct(v, w)
	case types.StreamDict:
		if size += len(v.Raw); size > keptStreams/4 {
			f.large, f.big = num, v
		} else {
			f.streams.put(num, v, size)
		}
	default:
		f.objects.put(num, o, size)
	}
	return o, nil
}

// plainObject reads "num gen obj …" at an offset.
func (f *File) plainObject(num int, at int64, w way) (types.Object, int, error) {
	o, got, end, err := f.indirect(at)
	if err != nil {
		return nil, 0, err
	}
	if got != num {
		return nil, 0, damaged("cross-reference leads to object %d", got)
	}
	d, ok := o.(types.Dict)
	if !ok {
		return o, int(end - at), nil
	}
	start, isStream, err := f.streamStart(end)
	if err != nil || !isStream {
		return o, int(end - at), err
	}
	if w.inStream {
		return nil, 0, damaged("stream in place of a stream's attribute")
	}
	s, err := f.stream(d, start, w)
	return s, int(end - at), err
}

// indirect parses the object that begins at an offset, and tells its number and
// where it ends. A stream is its dictionary.
func (f *File) indirect(at int64) (o types.Object, num int, end int64, err error) {
	if at <= 0 || at >= f.blocks.size {
		return nil, 0, 0, damaged("cross-reference leads out of the file")
	}
	for window := 1 << 10; ; window *= 4 {
		b, err := f.blocks.read(at, window)
		if err != nil {
			return nil, 0, 0, err
		}
		p := parser{b: b, last: at+int64(len(b)) >= f.blocks.size}
		o, num, err = p.indirect()
		if errors.Is(err, errShort) && !p.last && window < maxObject {
			continue
		}
		if errors.Is(err, errShort) {
			err = damaged("object has no end")
		}
		return o, num, at + int64(p.at), err
	}
}

func (p *parser) indirect() (types.Object, int, error) {
	num, ok, err := p.integer()
	if err == nil && ok {
		if _, ok, err = p.integer(); err == nil && ok {
			ok, err = p.word3("obj")
		}
	}
	if err != nil {
		return nil, 0, err
	}
	if !ok || num > MaxObjects {
		return nil, 0, damaged("cross-reference leads to no object")
	}
	if empty, err := p.keyword("endobj"); err != nil || empty {
		return nil, int(num), err
	}
	o, err := p.object(0)
	return o, int(num), err
}

// word3 goes over a keyword that other words may follow at once, as in
// "obj12".
func (p *parser) word3(w string) (bool, error) {
	p.skip()
	if len(p.b)-p.at < len(w) && !p.last {
		return false, errShort
	}
	if !bytes.HasPrefix(p.b[p.at:], []byte(w)) {
		return false, nil
	}
	p.at += len(w)
	return true, nil
}
