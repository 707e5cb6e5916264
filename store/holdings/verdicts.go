package holdings

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/moby/sys/atomicwriter"
)

// verdicts are those about the pages of one file, kept in the cache: a page is
// compared once, when its publication is added or first cut, and not with
// every excerpt. A verdict is about what was written then: when a page comes
// out otherwise, it is compared anew.
type verdicts struct {
	path  string // "" when nothing is kept
	pages map[int]verdict
}

// comparison counts the ways in which pages were compared: verdicts of another
// are not asked for.
const comparison = 3

// verdictsOf reads what is known of a file, named by its sum; size tells a copy
// that was repaired from what it was made of.
func (o Options) verdictsOf(name string, size int64) verdicts {
	v := verdicts{pages: map[int]verdict{}}
	sum := strings.TrimSuffix(name, ".pdf")
	if o.Cache == "" || len(sum) < 16 || sum != filepath.Base(sum) {
		return v
	}
	v.path = filepath.Join(o.Cache, "pages", fmt.Sprintf("%s-%d-%d.json", sum, size, comparison))
	data, err := os.ReadFile(v.path)
	if err != nil || json.Unmarshal(data, &v.pages) != nil || v.pages == nil {
		v.pages = map[int]verdict{}
	}
	return v
}

// keep adds verdicts. That they could not be kept only costs time later.
func (v verdicts) keep(more map[int]verdict) {
	maps.Copy(v.pages, more)
	if v.path == "" || len(more) == 0 {
		return
	}
	data, err := json.Marshal(v.pages)
	if err != nil {
		return
	}
	if os.MkdirAll(filepath.Dir(v.path), 0o700) != nil {
		return
	}
	_ = atomicwriter.WriteFile(v.path, data, 0o600) // else they are found out again
}

func sortedPages[V any](m map[int]V) []int { return slices.Sorted(maps.Keys(m)) }
