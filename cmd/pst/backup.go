package main

import (
	"context"
	"fmt"

	"pst/store"
)

// backupCmd copies the database while the desk goes on.
type backupCmd struct {
	File string `arg:"" help:"New file to write." type:"path"`
}

func (c *backupCmd) Run(ctx context.Context, h *house) error {
	d, err := h.open(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	if err := d.db.Backup(ctx, c.File); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	fmt.Fprintf(h.std.out, "Cadangan ditulis ke %s.\nSimpan juga %s di tempat lain: tanpa kunci itu cadangan tidak dapat dibaca. Folder holdings disalin seperti berkas biasa.\n", c.File, h.path("secret.key"))
	return nil
}

// restoreCmd puts a backup in place of the database; nothing may be running.
type restoreCmd struct {
	File string `arg:"" help:"Backup to put in place." type:"existingfile"`
}

func (c *restoreCmd) Run(ctx context.Context, h *house) error {
	cfg, err := loadConfig(h, lookup)
	if err != nil {
		return err
	}
	secret, err := h.secret(cfg)
	if err != nil {
		return err
	}
	aside, err := store.Restore(ctx, h.path("pst.db"), c.File, store.Options{Secret: secret})
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	d, err := h.open(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	// Another database may happen to have the same version of the catalogue.
	if err := d.catalogue.Rebuild(ctx, func(int, int) {}); err != nil {
		return fmt.Errorf("restore: rebuild search index (run pst index): %w", err)
	}
	fmt.Fprintln(h.std.out, "Cadangan dipulihkan.")
	if aside != "" {
		fmt.Fprintf(h.std.out, "Basis data sebelumnya disimpan sebagai %s.\n", aside)
	}
	return nil
}
