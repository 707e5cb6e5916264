package main

import (
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// found is what lies below the paths of an import.
type found struct {
	lists, pdfs []string
	asked       map[string]bool // of them those that were named themselves
	links       []string        // that were not followed
	passed      passed
	shut        []shut // what could not be looked into
}

// shut is a folder that could not be read.
type shut struct {
	path string
	err  error
}

// passed counts what is no publication, by kind.
type passed map[string]int

func (p passed) total() int {
	n := 0
	for _, k := range p {
		n += k
	}
	return n
}

// String tells the kinds, the most frequent first.
func (p passed) String() string {
	kinds := slices.SortedFunc(maps.Keys(p), func(a, b string) int {
		if p[a] != p[b] {
			return p[b] - p[a]
		}
		return strings.Compare(a, b)
	})
	var out []string
	for _, k := range kinds {
		out = append(out, fmt.Sprintf("%d %s", p[k], k))
	}
	return strings.Join(out, ", ")
}

// listEnds are the endings of lists of publications.
var listEnds = []string{".csv", ".json", ".txt", ".tsv"}

// linkEnds are the endings of files by which desktops lead elsewhere.
var linkEnds = []string{".lnk", ".url", ".webloc", ".desktop"}

// lookBelow gathers the files below the paths. What a person names is taken as it is,
// a link followed; below it links are named and what is no publication counted.
func lookBelow(paths []string) (found, error) {
	f := found{asked: map[string]bool{}, passed: passed{}}
	for _, path := range paths {
		real, err := filepath.EvalSymlinks(path)
		if err != nil {
			return f, err
		}
		err = filepath.WalkDir(real, func(p string, e fs.DirEntry, err error) error {
			return f.take(p, e, p == real, err)
		})
		if err != nil {
			return f, err
		}
	}
	for _, list := range []*[]string{&f.lists, &f.pdfs} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return f, nil
}

// take sorts one entry; asked is one that was named itself.
func (f *found) take(path string, e fs.DirEntry, asked bool, err error) error {
	if err != nil {
		if asked {
			return err
		}
		f.shut = append(f.shut, shut{path, err})
		return nil
	}
	if !asked && hiddenName(e.Name()) {
		f.passed["tersembunyi"]++
		if e.IsDir() {
			return fs.SkipDir
		}
		return nil
	}
	end := strings.ToLower(filepath.Ext(path))
	switch {
	case e.IsDir():
	case e.Type()&fs.ModeSymlink != 0, !asked && slices.Contains(linkEnds, end):
		f.links = append(f.links, path)
	case !e.Type().IsRegular():
		f.passed["bukan berkas"]++
	case end == ".pdf", asked && !slices.Contains(listEnds, end): // named by itself: let the reader say what is wrong
		f.pdfs = append(f.pdfs, path)
		f.asked[path] = asked
	case slices.Contains(listEnds, end):
		f.lists = append(f.lists, path)
		f.asked[path] = asked
	case end == "":
		f.passed["tanpa akhiran"]++
	default:
		f.passed[end]++
	}
	return nil
}

// hiddenName tells what systems keep for themselves, or leave behind: what begins with a
// dot (macOS: ._NAME beside every NAME), what an office program lays beside an open file,
// and the folders of trash bins, archives and disk stations.
func hiddenName(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || strings.HasPrefix(name, "$") ||
		strings.HasPrefix(name, "@") || name == "__MACOSX" || name == "System Volume Information"
}

// empty tells that nothing that could be imported lies there.
func (f *found) empty() bool { return len(f.lists)+len(f.pdfs)+len(f.shut) == 0 }
