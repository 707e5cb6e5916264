package conversation

import (
	"slices"
	"strings"
)

// Parts of a list: a button names the list and where the part begins, so that a
// second tap shows the same part, and an earlier list is paged as itself.
func (t *turn) firstResults() (string, error) { return t.turnPage(0) }

func (t *turn) previousResults() (string, error) {
	return t.turnPage(max(0, t.found().Offset-perPage))
}

func (t *turn) nextResults() (string, error) {
	f := t.found()
	return t.turnPage(f.Offset + len(f.Hits))
}

// turnPage shows another part of a list: of the list at hand from offset on, or
// what the pressed button names.
func (t *turn) turnPage(offset int) (string, error) {
	f := *t.found()
	if list, n, named := strings.Cut(t.subject, "."); named {
		offset = atoiOr(n, offset)
		if list != f.LogID {
			earlier, ok := t.listOnScreen(list)
			if !ok {
				t.stale()
				return "results", nil
			}
			f = Find{LogID: earlier.ID, Query: earlier.Query, Before: earlier.Before}
		}
	} else if offset >= f.Total {
		return refuse("results.end", nil)
	}
	f.Offset = offset
	found, err := t.search(&f)
	if err != nil {
		return "", err
	}
	if !found {
		return refuse("results.end", nil)
	}
	t.keepList(t.found())
	t.s.Data.Find = &f
	t.paging = true
	return "results", nil
}

// listOnScreen is the list that a button belongs to; not ok when it is long past.
func (t *turn) listOnScreen(id string) (List, bool) {
	if f := t.found(); f.LogID == id && id != "" {
		return List{ID: id, Query: f.Query, Before: f.Before}, true
	}
	i := slices.IndexFunc(t.s.Data.Lists, func(l List) bool { return l.ID == id })
	if i < 0 {
		return List{}, false
	}
	return t.s.Data.Lists[i], true
}

// listAnew searches again for a list whose button was pressed after its visit.
func (t *turn) listAnew(part string) error {
	id, _, _ := strings.Cut(part, ".")
	l, ok := t.listOnScreen(id)
	if !ok {
		t.stale()
		return nil
	}
	t.park(t.table[t.s.State])
	next, err := t.library(After{State: "search", Text: l.Query})
	if err == nil {
		t.enter(next)
	}
	return err
}

// listsKept is how many earlier lists can still be paged.
const listsKept = 4

// keepList keeps a list for the buttons under it, when another takes its place.
func (t *turn) keepList(f *Find) {
	if f.LogID == "" || f.Total <= perPage {
		return
	}
	d := &t.s.Data
	d.Lists = slices.DeleteFunc(d.Lists, func(l List) bool { return l.ID == f.LogID })
	d.Lists = append(d.Lists, List{ID: f.LogID, Query: f.Query, Before: f.Before})
	d.Lists = d.Lists[max(0, len(d.Lists)-listsKept):]
}
