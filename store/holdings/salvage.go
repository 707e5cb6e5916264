package holdings

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/internal/lazy"
)

var (
	objectHead = lazy.Regexp(`(\d{1,7})[ \t\r\n]+\d{1,5}[ \t\r\n]+obj\b`)
	streamHead = lazy.Regexp(`\bstream\r?\n`)
	rootEntry  = lazy.Regexp(`/Root[ \t\r\n]+(\d{1,7})[ \t\r\n]+\d{1,5}[ \t\r\n]+R`)
)

// salvage makes a file anew from the objects that lie in data, whatever its
// tables say of them: of several with one number the last counts, those within
// object streams included, which tables of hybrid files alone know (ISO 32000-1,
// 7.5.8.4). It is for files that are not encrypted.
func salvage(ctx context.Context, data []byte) (out []byte, err error) {
	defer recovered(&err, ErrDamaged)
	if bytes.Contains(data, []byte("/Encrypt")) {
		return nil, fmt.Errorf("%w: encrypted", ErrDamaged)
	}
	objects := map[int][]byte{}
	root := 0
	last := 0
	for i, at := range objectHead().FindAllSubmatchIndex(data, maxObjects) {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if at[0] < last { // within a stream
			continue
		}
		num, _ := strconv.Atoi(string(data[at[2]:at[3]]))
		body, end := extent(data, at[1])
		if body == nil {
			continue
		}
		last = end
		objects[num] = body
		if bytes.Contains(body[:min(len(body), 2048)], []byte("ObjStm")) {
			unpackObjects(ctx, body, objects)
		}
	}
	for _, m := range rootEntry().FindAllSubmatch(data, -1) {
		if num, _ := strconv.Atoi(string(m[1])); objects[num] != nil {
			root = num
		}
	}
	if root == 0 {
		return nil, fmt.Errorf("%w: no catalog", ErrDamaged)
	}
	return lay(objects, root), nil
}

// extent is the body of an object that begins at from, its stream included, and
// where it ends; nil when it has no end.
func extent(data []byte, from int) (body []byte, end int) {
	rest := data[from:]
	close := bytes.Index(rest, []byte("endobj"))
	if close < 0 {
		return nil, 0
	}
	if open := streamHead().FindIndex(rest[:close]); open != nil {
		stop := bytes.Index(rest[open[1]:], []byte("endstream"))
		if stop < 0 {
			return nil, 0
		}
		if close = bytes.Index(rest[open[1]+stop:], []byte("endobj")); close < 0 {
			return nil, 0
		}
		close += open[1] + stop
	}
	return rest[:close], from + close
}

// unpackObjects takes the objects out of an object stream.
func unpackObjects(ctx context.Context, body []byte, objects map[int][]byte) {
	open := streamHead().FindIndex(body)
	if open == nil {
		return
	}
	text := string(body[:open[0]])
	o, err := model.ParseObjectContext(ctx, &text, 0)
	d, ok := o.(types.Dict)
	if err != nil || !ok || d.Type() == nil || *d.Type() != "ObjStm" {
		return
	}
	raw := bytes.TrimRight(bytes.TrimSuffix(body[open[1]:], []byte("endstream")), "\r\n")
	if n := d.IntEntry("Length"); n != nil && *n >= 0 && *n <= len(body)-open[1] {
		raw = body[open[1] : open[1]+*n]
	}
	plain := raw
	if d["Filter"] != nil {
		if plain, err = inflate(raw); err != nil {
			return
		}
	}
	count, first := d.IntEntry("N"), d.IntEntry("First")
	if count == nil || first == nil || *first < 0 || *first > len(plain) {
		return
	}
	head := bytes.Fields(plain[:*first])
	for i := 0; i+1 < len(head) && i/2 < *count; i += 2 {
		num, err1 := strconv.Atoi(string(head[i]))
		at, err2 := strconv.Atoi(string(head[i+1]))
		end := len(plain) - *first
		if i+3 < len(head) {
			end, _ = strconv.Atoi(string(head[i+3]))
		}
		if err1 != nil || err2 != nil || at < 0 || end < at || end > len(plain)-*first {
			return
		}
		objects[num] = plain[*first+at : *first+end]
	}
}

// lay writes objects one behind the other, with a table.
func lay(objects map[int][]byte, root int) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	nums := sortedPages(objects)
	var table bytes.Buffer
	for _, n := range nums {
		if kind := objects[n][:min(len(objects[n]), 512)]; bytes.Contains(kind, []byte("/XRef")) &&
			bytes.Contains(kind, []byte("/W")) {
			continue // a table of the old file
		}
		fmt.Fprintf(&table, "%d 1\n%010d 00000 n \n", n, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, bytes.TrimSpace(objects[n]))
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 1\n0000000000 65535 f \n%strailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n",
		table.String(), nums[len(nums)-1]+1, root, start)
	return b.Bytes()
}
