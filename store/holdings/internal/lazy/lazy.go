// Package lazy has regular expressions that are compiled when they are first
// used: most runs of the program use none, and all of them together cost each run
// a megabyte.
package lazy

import (
	"regexp"
	"sync"
)

// Regexp is the regular expression expr, compiled with the first call. Like
// regexp.MustCompile it panics, then, when expr is none.
func Regexp(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
