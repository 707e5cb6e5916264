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
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	told := ""
	for {
		now := time.Now().In(d.office().Zone)
		name := now.Format(nightlyName)
		if _, err := os.Stat(filepath.Join(c.Folder, name)); now.Hour() >= c.Hour && errors.Is(err, os.ErrNotExist) {
			err := nightly(ctx, h, d, name)
			switch {
			case err == nil:
				h.log.Info("nightly backup written and proved", "file", name)
			case ctx.Err() == nil && told != name:
				told = name
				h.log.Error("nightly backup failed", "error", err)
				text := "Cadangan malam ini gagal dibuat. Mohon pengelola sistem melihat catatan pst serve."
				if err := d.db.Enqueue(ctx, toStaff(d.office(), "Cadangan "+d.office().Name, text)...); err != nil {
					h.log.Error("telling staff of the backup failed", "error", err)
				}
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
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
