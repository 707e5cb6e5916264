package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// nightlyName is the form of a nightly backup's name, in the office's zone.
const nightlyName = "pst-20060102.zip"

// keepBackups writes a backup every night where one is configured, proves it, and
// removes the oldest beyond those to be kept. Staff hear of a night without one.
func keepBackups(ctx context.Context, h *house, d *desk) {
	c := d.cfg.Backup
	if c.Folder == "" {
		return
	}
	b := &bell{h: h, d: d, alarm: "backup"}
	every(ctx, time.Minute, func() { lookAtNight(ctx, b, time.Now().In(d.office().Zone)) })
}

func lookAtNight(ctx context.Context, b *bell, now time.Time) {
	c, name := b.d.cfg.Backup, now.Format(nightlyName)
	_, err := os.Stat(filepath.Join(c.Folder, name))
	switch {
	case err == nil:
	case now.Hour() < c.Hour:
		return
	default:
		if err := nightly(ctx, b.h, b.d, name); err != nil {
			if ctx.Err() == nil && b.ring(ctx, name, "Cadangan",
				"Cadangan malam ini gagal dibuat. Mohon pengelola sistem melihat catatan pst serve.") {
				b.h.log.Error("nightly backup failed", "error", err)
			}
			return
		}
		b.h.log.Info("nightly backup written and proved", "file", name)
	}
	b.ring(ctx, "", "", "")
}

// nightly writes one backup, proves it before the oldest goes, and rotates.
func nightly(ctx context.Context, h *house, d *desk, name string) error {
	c := d.cfg.Backup
	if err := os.MkdirAll(c.Folder, 0o700); err != nil {
		return err
	}
	// Written under another name until it is proved.
	file := filepath.Join(c.Folder, name)
	fresh := file + ".new"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := d.writeBackup(ctx, h, fresh, backupParts{holdings: c.Holdings, whatsapp: c.WhatsApp}); err != nil {
		return err
	}
	if _, opened, err := verifyBackup(ctx, h, fresh); err != nil || !opened {
		return fmt.Errorf("the backup just written cannot be read: %w", err)
	}
	if err := os.Rename(fresh, file); err != nil {
		return err
	}
	return rotate(c.Folder, c.Keep)
}

// rotate removes the oldest nightly backups beyond keep.
func rotate(folder string, keep int) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	var names []string
	for _, e := range entries {
		if _, err := time.Parse(nightlyName, e.Name()); err == nil {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	for len(names) > max(keep, 1) {
		if err := os.Remove(filepath.Join(folder, names[0])); err != nil {
			return err
		}
		names = names[1:]
	}
	return nil
}
