package subset

// use finds out which subroutines glyphs call (Adobe Technical Note 5177).
type use struct {
	font   *cffFont
	wanted keep
	global map[int]bool
	local  []map[int]bool // by private dictionary
	steps  int

	fd    int
	stack []int
	hints int
}

// Bounds of what is looked at: of one program, and of calls in one another
// (Technical Note 5177, appendix B, has 10).
const (
	maxSteps = 20_000_000
	maxCalls = 20
	maxStack = 512
)

func newUse(f *cffFont, wanted keep) *use {
	u := &use{font: f, wanted: wanted, global: map[int]bool{}, local: make([]map[int]bool, len(f.privates))}
	for i := range u.local {
		u.local[i] = map[int]bool{}
	}
	return u
}

// run goes through all glyphs wanted, and those that they name as their parts,
// which it adds. It is false when one of them is not understood: then all
// subroutines must stay, and what it added.
func (u *use) run() bool {
	understood := true
	for again := true; again; {
		again = false
		done := make(keep, len(u.wanted))
		before := count(u.wanted)
		for gid, is := range u.wanted {
			if !is || done[gid] {
				continue
			}
			done[gid] = true
			u.fd, u.stack, u.hints = u.font.fdOf(gid), u.stack[:0], 0
			if _, ok := u.charString(u.font.glyphs[gid], 0); !ok {
				understood = false
			}
		}
		again = count(u.wanted) > before
	}
	return understood
}

func count(k keep) (n int) {
	for _, is := range k {
		if is {
			n++
		}
	}
	return n
}

// bias of the numbers of subroutines (Technical Note 5177, 4.7).
func bias(n int) int {
	switch {
	case n < 1240:
		return 107
	case n < 33900:
		return 1131
	}
	return 32768
}

// charString goes through one; end tells that the glyph ended in it.
func (u *use) charString(b []byte, depth int) (end, ok bool) {
	if depth > maxCalls {
		return false, false
	}
	for i := 0; i < len(b); {
		if u.steps++; u.steps > maxSteps || len(u.stack) > maxStack {
			return false, false
		}
		c := b[i]
		i++
		switch {
		case c >= 32 && c <= 246:
			u.stack = append(u.stack, int(c)-139)
		case c >= 247 && c <= 254 && i < len(b):
			v := (int(c)-247)*256 + int(b[i]) + 108
			if c >= 251 {
				v = -(int(c)-251)*256 - int(b[i]) - 108
			}
			u.stack = append(u.stack, v)
			i++
		case c == 255 && i+4 <= len(b):
			u.stack = append(u.stack, int(int32(be.Uint32(b[i:])))>>16)
			i += 4
		case c == 28 && i+2 <= len(b):
			u.stack = append(u.stack, int(int16(be.Uint16(b[i:]))))
			i += 2
		case c == 10 || c == 29:
			if end, ok = u.call(c == 29, depth); end || !ok {
				return end, ok
			}
		case c == 11:
			return false, true
		case c == 14:
			u.parts()
			return true, true
		case c == 19 || c == 20:
			u.hints += len(u.stack) / 2
			u.stack = u.stack[:0]
			i += (u.hints + 7) / 8
		case c == 1 || c == 3 || c == 18 || c == 23:
			u.hints += len(u.stack) / 2
			u.stack = u.stack[:0]
		case c == 12 && i < len(b) && b[i] >= 34 && b[i] <= 37: // flex
			u.stack = u.stack[:0]
			i++
		case c == 4 || c >= 5 && c <= 8 || c == 21 || c == 22 || c >= 24 && c <= 27 || c == 30 || c == 31:
			u.stack = u.stack[:0]
		default: // reckoning, with which a call may depend on anything
			return false, false
		}
	}
	return false, true
}

func (u *use) call(global bool, depth int) (end, ok bool) {
	subrs, used := u.font.privates[u.fd].subrs, u.local[u.fd]
	if global {
		subrs, used = u.font.global, u.global
	}
	if len(u.stack) == 0 {
		return false, false
	}
	n := u.stack[len(u.stack)-1] + bias(len(subrs))
	u.stack = u.stack[:len(u.stack)-1]
	if n < 0 || n >= len(subrs) {
		return false, false
	}
	used[n] = true
	return u.charString(subrs[n], depth+1)
}

// parts adds the two glyphs that an accented letter is made of, by their codes
// in StandardEncoding (Technical Note 5177, appendix C).
func (u *use) parts() {
	k := len(u.stack)
	if k < 4 {
		return
	}
	for _, code := range u.stack[k-2:] {
		if code < 0 || code > 255 {
			continue
		}
		name := tables().standard[code]
		for gid, id := range u.font.ids {
			if name != "" && u.font.string(id) == name {
				u.wanted.add(gid)
			}
		}
	}
}
