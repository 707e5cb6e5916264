package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pst/conversation"
	"pst/store"
)

// backupCmd copies what the desk needs to stand again, while the desk goes on, or
// proves such a copy.
type backupCmd struct {
	File     string `arg:"" help:"Berkas baru yang ditulis, atau cadangan yang diuji." type:"path"`
	Holdings bool   `help:"Sertakan juga berkas PDF koleksi."`
	WhatsApp bool   `name:"whatsapp" help:"Sertakan juga perangkat WhatsApp yang tertaut, tersegel dengan kunci."`
	Verify   bool   `help:"Tidak menulis apa pun: uji bahwa cadangan ini utuh dan dapat dibaca."`
}

func (c *backupCmd) Run(ctx context.Context, h *house) error {
	if c.Verify {
		return c.verify(ctx, h)
	}
	d, err := h.open(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	if err := d.writeBackup(ctx, h, c.File, backupParts{c.Holdings, c.WhatsApp}); err != nil {
		return err
	}
	fmt.Fprintf(h.std.out, "Cadangan ditulis ke %s.\nSimpan juga %s di tempat lain (sidik %s): tanpa kunci itu cadangan "+
		"tidak dapat dibaca.\n",
		c.File, h.path("secret.key"), fingerprint(d.secret))
	if !c.Holdings {
		fmt.Fprintln(h.std.out, "Berkas PDF tidak ikut: salin folder holdings, atau tambahkan -holdings.")
	}
	return nil
}

func (c *backupCmd) verify(ctx context.Context, h *house) error {
	m, opened, err := verifyBackup(ctx, h, c.File)
	if err != nil {
		return fmt.Errorf("verify %s: %w", c.File, err)
	}
	fmt.Fprintf(h.std.out, "Cadangan utuh: kantor %s, dibuat %s, %d bagian, %d berkas PDF dalam daftar, kunci %s.\n",
		m.Office, m.Made.Local().Format("2006-01-02 15:04"), len(m.Parts), len(m.Holdings), m.Key)
	if !opened {
		fmt.Fprintln(h.std.out, "Kunci itu tidak ada di folder data ini: isi yang tersegel belum diuji.")
	}
	return nil
}

// verifyBackup proves the checksums and the database inside; and, when the folder has
// the backup's key, that every sealed value opens.
func verifyBackup(ctx context.Context, h *house, file string) (m manifest, opened bool, err error) {
	z, m, err := openBackup(file)
	if err != nil {
		return m, false, err
	}
	defer z.Close()
	temp, err := os.MkdirTemp("", "pst-verify-*")
	if err != nil {
		return m, false, err
	}
	defer os.RemoveAll(temp)
	db := filepath.Join(temp, "pst.db")
	if err := extract(&z.Reader, "pst.db", db); err != nil {
		return m, false, err
	}
	if err := store.CheckFile(ctx, db); err != nil {
		return m, false, err
	}
	secret, err := h.presentSecret()
	if errors.Is(err, os.ErrNotExist) || err == nil && fingerprint(secret) != m.Key {
		return m, false, nil
	}
	if err != nil {
		return m, false, err
	}
	bad, err := unreadableIn(ctx, db, secret)
	if err == nil && len(bad) > 0 {
		err = fmt.Errorf("%d sealed values cannot be read: %s", len(bad), bad[0])
	}
	if err == nil {
		_, err = deviceOf(&z.Reader, m, secret)
	}
	return m, err == nil, err
}

func unreadableIn(ctx context.Context, file string, secret conversation.Secret) ([]string, error) {
	db, err := store.Open(ctx, file, store.Options{Secret: secret})
	if err != nil {
		return nil, err
	}
	bad, err := db.Unreadable(ctx)
	return bad, errors.Join(err, db.Close())
}

// deviceOf is the WhatsApp device in a backup, nil when it holds none.
func deviceOf(z *zip.Reader, m manifest, secret conversation.Secret) ([]byte, error) {
	if !m.has(deviceName) {
		return nil, nil
	}
	f, err := z.Open(deviceName)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	sealed, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return store.Unseal(secret, deviceName, sealed)
}

func (m manifest) has(name string) bool {
	for _, p := range m.Parts {
		if p.Name == name {
			return true
		}
	}
	return false
}

// restoreCmd puts a backup in place of what is there; nothing may be running.
type restoreCmd struct {
	File string `arg:"" help:"Cadangan yang dipulihkan." type:"path"`
}

func (c *restoreCmd) Run(ctx context.Context, h *house) error {
	free, err := h.alone() // makes the folder
	if err != nil {
		return err
	}
	defer free()
	secret, err := h.presentSecret()
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	plain, err := isDatabase(c.File)
	if err != nil {
		return err
	}
	var asides []string
	if plain { // of the program's first version: the database alone
		if secret == nil {
			return fmt.Errorf("%w: it belongs at %s", errBackupKey, h.path("secret.key"))
		}
		asides, err = restoreDatabase(ctx, h, c.File, secret)
	} else {
		asides, err = restoreParts(ctx, h, c.File, secret)
	}
	if err != nil {
		return err
	}
	return c.finish(ctx, h, asides)
}

// finish makes the search index of what was restored and tells what is missing.
func (c *restoreCmd) finish(ctx context.Context, h *house, asides []string) error {
	d, err := h.open(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	// Another database may happen to have the same version of the catalogue.
	if err := d.catalogue.Rebuild(ctx, func(int, int) {}); err != nil {
		return saying("cadangan sudah dipulihkan, tetapi indeks pencarian belum tersusun; jalankan pst index: %w", err)
	}
	fmt.Fprintln(h.std.out, "Cadangan dipulihkan.")
	for _, a := range asides {
		fmt.Fprintf(h.std.out, "Yang sebelumnya disimpan sebagai %s.\n", a)
	}
	lost, err := d.lostFiles(ctx)
	if err != nil {
		return err
	}
	if len(lost) > 0 {
		fmt.Fprintf(h.std.out, "%d berkas PDF belum ada: salin folder holdings, atau impor lagi: %s.\n", len(lost),
			strings.Join(lost[:min(len(lost), 10)], ", "))
	}
	return nil
}

// isDatabase tells a bare database from a whole backup.
func isDatabase(file string) (bool, error) {
	f, err := os.Open(file)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, 4)
	if _, err := io.ReadFull(f, head); err != nil {
		return false, fmt.Errorf("%s: %w", file, errBackup)
	}
	return !bytes.Equal(head, []byte("PK\x03\x04")), nil
}

func restoreDatabase(ctx context.Context, h *house, file string, secret conversation.Secret) (asides []string,
	err error) {
	aside, err := store.Restore(ctx, h.path("pst.db"), file, store.Options{Secret: secret})
	if aside != "" {
		asides = append(asides, aside)
	}
	return asides, err
}

// restoreParts puts every part in its place. Until the database is in place nothing
// is changed.
func restoreParts(ctx context.Context, h *house, file string, secret conversation.Secret) (asides []string, err error) {
	z, m, err := openBackup(file)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	switch {
	case secret == nil:
		return nil, fmt.Errorf("%w: this backup needs the secret.key %s, which is never in it, at %s",
			errBackupKey, m.Key, h.path("secret.key"))
	case fingerprint(secret) != m.Key:
		return nil, fmt.Errorf("%w: this backup needs the secret.key %s, the one at %s is %s", store.ErrSecret, m.Key,
			h.path("secret.key"), fingerprint(secret))
	}
	device, err := deviceOf(&z.Reader, m, secret)
	if err != nil {
		return nil, err
	}
	if err := sweepOld(h.path(".restoring-*"), 0); err != nil { // nobody else restores here now
		return nil, err
	}
	temp, err := os.MkdirTemp(h.data, ".restoring-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temp)
	db := filepath.Join(temp, "pst.db")
	if err := extract(&z.Reader, "pst.db", db); err != nil {
		return nil, err
	}
	if asides, err = restoreDatabase(ctx, h, db, secret); err != nil {
		return asides, err
	}
	for _, folder := range []string{"holdings", "tables"} {
		if err := os.MkdirAll(h.path(folder), 0o700); err != nil {
			return asides, err
		}
	}
	for _, p := range m.Parts {
		if p.Name == "pst.db" || p.Name == deviceName {
			continue
		}
		moved, err := putPart(h, &z.Reader, temp, p)
		if err != nil {
			return asides, fmt.Errorf("%s: %w", p.Name, err)
		}
		asides = append(asides, moved...)
	}
	if device == nil {
		return asides, nil
	}
	// The device of a running account is newer than any copy of it.
	err = writeNew(h.path("whatsapp.db"), device)
	if errors.Is(err, os.ErrExist) {
		err = nil
	}
	return asides, err
}

// putPart puts one part in its place. The configuration and the PDF files that are
// there stay: the first has its secrets, the others are named by their content.
func putPart(h *house, z *zip.Reader, temp string, p part) (aside []string, err error) {
	to := h.path(filepath.FromSlash(p.Name))
	fresh := filepath.Join(temp, strings.ReplaceAll(p.Name, "/", "-"))
	if err := extract(z, p.Name, fresh); err != nil {
		return nil, err
	}
	old, err := os.ReadFile(to)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, os.Rename(fresh, to)
	case err != nil:
		return nil, err
	case p.Name == "pst.toml" || filepath.Dir(p.Name) == "holdings":
		return nil, nil
	}
	now, err := os.ReadFile(fresh)
	if err != nil || bytes.Equal(now, old) {
		return nil, err
	}
	moved, err := store.Unused(to + ".before-" + time.Now().UTC().Format("20060102T150405"))
	if err != nil {
		return nil, err
	}
	if err := os.Rename(to, moved); err != nil {
		return nil, err
	}
	return []string{moved}, os.Rename(fresh, to)
}

func writeNew(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
