package rewrite

import (
	"encoding/binary"
	"slices"
)

// profileTags are the parts of a colour profile that colours are reckoned with
// (ICC.1:2010, 9.2); texts, private parts and names of devices are none.
var profileTags = map[string]bool{
	"wtpt": true, "bkpt": true, "rXYZ": true, "gXYZ": true, "bXYZ": true, "rTRC": true, "gTRC": true, "bTRC": true,
	"kTRC": true,
	"A2B0": true, "A2B1": true, "A2B2": true, "B2A0": true, "B2A1": true, "B2A2": true, "chad": true, "lumi": true,
}

// profile makes a colour profile anew with the parts that matter; nil when data
// is none for n components.
func profile(data []byte, n int) []byte {
	const header, entry = 128, 12
	if len(data) < header+4 || string(data[36:40]) != "acsp" {
		return nil
	}
	if want := map[int]string{1: "GRAY", 3: "RGB ", 4: "CMYK"}[n]; string(data[16:20]) != want &&
		string(data[16:20]) != "Lab " {
		return nil
	}
	count := int(binary.BigEndian.Uint32(data[header:]))
	if count > 200 || len(data) < header+4+count*entry {
		return nil
	}
	type tag struct {
		name     string
		from, to int
	}
	var kept []tag
	for i := range count {
		e := data[header+4+i*entry:]
		t := tag{string(e[:4]), int(binary.BigEndian.Uint32(e[4:])), 0}
		t.to = t.from + int(binary.BigEndian.Uint32(e[8:]))
		if !profileTags[t.name] {
			continue
		}
		if t.from < header || t.to > len(data) || t.from > t.to {
			return nil
		}
		kept = append(kept, t)
	}
	// The description and the copyright must be there; ours say nothing.
	nothing := []byte("desc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
		string(make([]byte, 71)) + "\x00")
	out := slices.Clone(data[:header])
	for _, at := range [][2]int{{4, 8}, {48, 64}, {80, 128}} { // CMM, device, maker, id and what is reserved
		clear(out[at[0]:at[1]])
	}
	out = binary.BigEndian.AppendUint32(out, uint32(len(kept)+2))
	table := len(out)
	out = append(out, make([]byte, (len(kept)+2)*entry)...)
	put := func(i int, name string, at, size int) {
		e := out[table+i*entry:]
		copy(e, name)
		binary.BigEndian.PutUint32(e[4:], uint32(at))
		binary.BigEndian.PutUint32(e[8:], uint32(size))
	}
	at := map[int]int{} // parts may share their data
	for i, t := range kept {
		where, ok := at[t.from]
		if !ok {
			where = len(out)
			at[t.from] = where
			out = append(out, data[t.from:t.to]...)
			out = append(out, make([]byte, (4-len(out)%4)%4)...)
		}
		put(i, t.name, where, t.to-t.from)
	}
	where := len(out)
	out = append(out, nothing...)
	put(len(kept), "desc", where, len(nothing))
	where = len(out)
	out = append(out, "text\x00\x00\x00\x00\x00\x00\x00\x00"...)
	put(len(kept)+1, "cprt", where, 12)
	binary.BigEndian.PutUint32(out, uint32(len(out)))
	return out
}
