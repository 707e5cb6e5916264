package rewrite

import "pst/store/holdings/content"

// maxWindows is how many parts of a glyph or tile are kept apart.
const maxWindows = 16

// windows are the parts of a glyph or a tile that show somewhere.
type windows struct{ list []content.Rect }

func (w *windows) add(r content.Rect) {
	if r.Empty() {
		return
	}
	for i, have := range w.list {
		if have.Contains(r) {
			return
		}
		if r.Contains(have) {
			w.list[i] = r
			return
		}
	}
	w.list = append(w.list, r)
	if len(w.list) > maxWindows {
		all := content.Nothing
		for _, have := range w.list {
			all = all.Union(have)
		}
		w.list = append(w.list[:0], all)
	}
}

// seen is where something painted now may show.
func (c *canvas) seen(g *gstate) []content.Rect {
	if c.windows == nil {
		return []content.Rect{g.bounds}
	}
	var out []content.Rect
	for _, w := range c.windows {
		if both := w.Intersect(g.bounds); !both.Empty() {
			out = append(out, both)
		}
	}
	return out
}
