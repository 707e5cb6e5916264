package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
)

// checkFolder looks at the files of the data folder.
func (d *desk) checkFolder(ctx context.Context, h *house, say func(bool, string, ...any)) {
	for _, name := range []string{"secret.key", "pst.toml", kantorFile} {
		path, mode := h.path(name), fs.FileMode(0o600)
		if name == "pst.toml" && h.config != "" {
			path, mode = h.config, 0o640 // root's, for the group of the one who serves
		}
		err := private(path, mode)
		say(err == nil, "%s: %s", name, cause(err, "nobody else can read it"))
	}
	lost, err := d.lostFiles(ctx)
	if err == nil && len(lost) > 0 {
		err = fmt.Errorf("%d files are missing; import them again: %s", len(lost), strings.Join(lost[:min(len(lost), 10)], ", "))
	}
	say(err == nil, "holdings: %s", cause(err, "every file is there"))
	switch free, ok := freeBytes(h.data); {
	case !ok:
		say(true, "free disk: not known on this system")
	default:
		say(d.room(), "free disk: %d MB; below the floor of %d MB (disk.floor_mb) excerpts and imports rest", free>>20, d.cfg.Disk.Floor)
	}
}

// private complains of a file that others may read, or do more with than mode allows.
// A missing one is none.
func private(path string, mode fs.FileMode) error {
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS == "windows" {
		return nil // there the folder's own rights count
	}
	if info.Mode().Perm()&^(mode|0o700) != 0 {
		return fmt.Errorf("others may read it (%v): chmod %o %s", info.Mode().Perm(), mode, path)
	}
	return nil
}

// lostFiles are the publications, withdrawn ones too, whose file is not in the holdings, by title.
func (d *desk) lostFiles(ctx context.Context) ([]string, error) {
	var lost []string
	for p, err := range d.records(ctx) {
		if err != nil {
			return nil, fmt.Errorf("read catalogue: %w", err)
		}
		if p.File != "" && !d.holdings.Held(p.File) {
			lost = append(lost, p.Title)
		}
	}
	return lost, nil
}
