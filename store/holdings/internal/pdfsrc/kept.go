package pdfsrc

import (
	"container/list"
	"io"
)

// kept is what was read last, up to some size in all.
type kept[T any] struct {
	limit, size int
	order       list.List // used last in front
	by          map[int]*list.Element
}

type keeping[T any] struct {
	key, size int
	what      T
}

func (k *kept[T]) get(key int) (what T, ok bool) {
	e := k.by[key]
	if e == nil {
		return what, false
	}
	k.order.MoveToFront(e)
	return e.Value.(keeping[T]).what, true
}

// overhead is what keeping one thing takes beside it, roughly.
const overhead = 200

func (k *kept[T]) put(key int, what T, size int) {
	if k.by == nil {
		k.by = map[int]*list.Element{}
	}
	size += overhead
	k.by[key] = k.order.PushFront(keeping[T]{key, size, what})
	k.size += size
	for k.size > k.limit && k.order.Len() > 1 {
		old := k.order.Remove(k.order.Back()).(keeping[T])
		delete(k.by, old.key)
		k.size -= old.size
	}
}

// blocks reads a file by blocks and remembers some, since objects that belong
// together are small and stand together.
type blocks struct {
	r    io.ReaderAt
	size int64
	held [heldBlocks]struct {
		number int64 // of the block, from 1
		data   []byte
	}
}

const (
	blockBytes = 16 << 10
	heldBlocks = 64
)

// read gives up to n bytes from an offset: fewer only where the file ends. They
// must not be changed.
func (b *blocks) read(at int64, n int) ([]byte, error) {
	if at < 0 || at >= b.size {
		return nil, nil
	}
	n = int(min(int64(n), b.size-at))
	first, last := at/blockBytes, (at+int64(n)-1)/blockBytes
	if first == last {
		data, err := b.block(first)
		if err != nil {
			return nil, err
		}
		from := int(at - first*blockBytes)
		return data[from:min(from+n, len(data))], nil
	}
	out := make([]byte, n)
	if n > 4*blockBytes {
		return out, readFull(b.r, out, at)
	}
	for done := 0; done < n; {
		number := (at + int64(done)) / blockBytes
		data, err := b.block(number)
		if err != nil {
			return nil, err
		}
		done += copy(out[done:], data[at+int64(done)-number*blockBytes:])
	}
	return out, nil
}

func (b *blocks) block(number int64) ([]byte, error) {
	held := &b.held[number%heldBlocks]
	if held.number == number+1 {
		return held.data, nil
	}
	data := make([]byte, min(blockBytes, b.size-number*blockBytes))
	if err := readFull(b.r, data, number*blockBytes); err != nil {
		return nil, err
	}
	held.number, held.data = number+1, data
	return data, nil
}

// readFull reads all of p. A file that became shorter is damaged.
func readFull(r io.ReaderAt, p []byte, at int64) error {
	n, err := r.ReadAt(p, at)
	if n == len(p) {
		return nil
	}
	if err == io.EOF || err == nil {
		return damaged("file is shorter than it was")
	}
	return err
}
