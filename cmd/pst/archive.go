package main

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"pst/bot/whatsapp"
	"pst/conversation"
	"pst/store"
)

// A backup is one ZIP file: manifest.json, which is written last, names every other
// part with its checksum. Parts: pst.db, pst.toml (without secrets), what
// staff set at the page and engineers beside it (kantor.toml, libur.tsv, teks.tmpl),
// tables/…, holdings/… and whatsapp.sealed (both only when asked for).
const (
	archiveFormat = 1
	manifestName  = "manifest.json"
	deviceName    = "whatsapp.sealed"
)

// manifest tells what a backup holds.
type manifest struct {
	Format   int        `json:"format"`
	Program  string     `json:"program"`
	Made     time.Time  `json:"made"`
	Office   string     `json:"office"`
	Key      string     `json:"key"` // which secret.key opens it: its fingerprint
	Parts    []part     `json:"parts"`
	Holdings []heldFile `json:"holdings"` // all files of the library, here or not
}

// part is one file of a backup.
type part struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// heldFile is one file of the library.
type heldFile struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Title  string `json:"title"`
}

// fingerprint names a key without telling it.
func fingerprint(secret conversation.Secret) string { return secret.Hash("fingerprint", "")[:12] }

// archive writes a backup's parts.
type archive struct {
	zip *zip.Writer
	m   manifest
}

// add writes one part.
func (a *archive) add(name string, from io.Reader, method uint16) error {
	w, err := a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: a.m.Made})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), from)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	a.m.Parts = append(a.m.Parts, part{name, n, hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// addFile writes a file; one that is not there is left out.
func (a *archive) addFile(name, file string, method uint16) error {
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return errors.Join(a.add(name, f, method), f.Close())
}

// sweepOld removes what a command that was killed left behind, when it is older than age.
func sweepOld(pattern string, age time.Duration) error {
	left, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	for _, path := range left {
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) >= age {
			if err := os.RemoveAll(path); err != nil {
				return err
			}
		}
	}
	return nil
}

// backupParts says what goes into a backup beside what always does.
type backupParts struct{ holdings, whatsapp bool }

// writeBackup writes a whole backup to a new file, which appears under its name only
// when it is complete and on the disk.
func (d *desk) writeBackup(ctx context.Context, h *house, file string, with backupParts) (err error) {
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("%s: %w", file, os.ErrExist)
	}
	if err := sweepOld(filepath.Join(filepath.Dir(file), ".pst-backup-*"), day); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(filepath.Dir(file), ".pst-backup-*") // made 0700
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	out, err := os.OpenFile(filepath.Join(temp, "zip"), os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	a := &archive{zip: zip.NewWriter(out), m: manifest{Format: archiveFormat, Program: version(), Made: time.Now().UTC(),
		Office: d.office().Code, Key: fingerprint(d.secret)}}
	err = d.fillBackup(ctx, h, a, temp, with)
	if err == nil {
		err = a.zip.Close()
	}
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return err
	}
	if err := os.Link(out.Name(), file); err != nil { // unlike a renaming, it overwrites nothing
		return err
	}
	return nil
}

func (d *desk) fillBackup(ctx context.Context, h *house, a *archive, temp string, with backupParts) error {
	db := filepath.Join(temp, "pst.db")
	if err := d.db.Backup(ctx, db); err != nil {
		return err
	}
	if err := a.addFile("pst.db", db, zip.Deflate); err != nil {
		return err
	}
	if err := a.addConfig(h); err != nil {
		return err
	}
	for _, name := range []string{kantorFile, holidayFile, textsFile, textsBefore} {
		if err := a.addFile(name, h.path(name), zip.Deflate); err != nil {
			return err
		}
	}
	tables, err := os.ReadDir(h.path("tables"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, t := range tables {
		if t.Type().IsRegular() {
			if err := a.addFile("tables/"+t.Name(), h.path("tables", t.Name()), zip.Deflate); err != nil {
				return err
			}
		}
	}
	for p, err := range d.records(ctx) {
		if err != nil {
			return err
		}
		if p.File == "" {
			continue
		}
		a.m.Holdings = append(a.m.Holdings, heldFile{p.File, p.SHA256, p.Title})
		if with.holdings && !slices.ContainsFunc(a.m.Parts, func(q part) bool { return q.Name == "holdings/"+p.File }) {
			if err := a.addFile("holdings/"+p.File, h.path("holdings", p.File), zip.Store); err != nil {
				return err
			}
		}
	}
	if with.whatsapp {
		if err := a.addDevice(ctx, h, d.secret, temp); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(a.m, "", "  ")
	if err != nil {
		return err
	}
	w, err := a.zip.Create(manifestName)
	if err == nil {
		_, err = w.Write(text)
	}
	return err
}

// addConfig writes the configuration file without what is secret in it.
func (a *archive) addConfig(h *house) error {
	name := h.config
	if name == "" {
		name = h.path("pst.toml")
	}
	b, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var all map[string]any
	if err := toml.Unmarshal(b, &all); err != nil {
		return fmt.Errorf("pst.toml: %w", err)
	}
	dropSecrets(reflect.TypeFor[config](), all)
	text, err := toml.Marshal(all)
	if err != nil {
		return fmt.Errorf("pst.toml: %w", err)
	}
	return a.add("pst.toml", strings.NewReader(string(text)), zip.Deflate)
}

// dropSecrets removes the keys that a configuration's fields mark as secret.
func dropSecrets(t reflect.Type, from map[string]any) {
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("toml")
		if f.Tag.Get("secret") != "" {
			delete(from, name)
		} else if sub, ok := from[name].(map[string]any); ok && f.Type.Kind() == reflect.Struct {
			dropSecrets(f.Type, sub)
		}
	}
}

// addDevice writes the WhatsApp device, which holds the account's keys, sealed.
func (a *archive) addDevice(ctx context.Context, h *house, secret conversation.Secret, temp string) error {
	if _, err := os.Stat(h.path("whatsapp.db")); errors.Is(err, os.ErrNotExist) {
		return errors.New("whatsapp: no device is linked, so there is none to back up")
	}
	copied := filepath.Join(temp, "whatsapp.db")
	if err := whatsapp.CopyDevice(ctx, h.path("whatsapp.db"), copied); err != nil {
		return err
	}
	plain, err := os.ReadFile(copied)
	if err != nil {
		return err
	}
	sealed, err := store.Seal(secret, deviceName, plain)
	if err != nil {
		return err
	}
	return a.add(deviceName, strings.NewReader(string(sealed)), zip.Store)
}

// errBackup: the file is no whole backup.
var errBackup = errors.New("not a whole backup of pst")

// openBackup reads the manifest and proves every part by its checksum.
func openBackup(file string) (*zip.ReadCloser, manifest, error) {
	var m manifest
	z, err := zip.OpenReader(file)
	if errors.As(err, new(*fs.PathError)) {
		return nil, m, err
	}
	if err != nil {
		return nil, m, fmt.Errorf("%w: %w", errBackup, err)
	}
	if m, err = provenManifest(&z.Reader); err != nil {
		return nil, m, errors.Join(fmt.Errorf("%w: %w", errBackup, err), z.Close())
	}
	return z, m, nil
}

func provenManifest(z *zip.Reader) (manifest, error) {
	var m manifest
	f, err := z.Open(manifestName)
	if err != nil {
		return m, err
	}
	defer f.Close()
	if err := json.NewDecoder(io.LimitReader(f, 64<<20)).Decode(&m); err != nil {
		return m, fmt.Errorf("%s: %w", manifestName, err)
	}
	if m.Format != archiveFormat {
		return m, fmt.Errorf("format %d, this program knows %d", m.Format, archiveFormat)
	}
	if !slices.ContainsFunc(m.Parts, func(p part) bool { return p.Name == "pst.db" }) {
		return m, errors.New("it holds no database")
	}
	for _, p := range m.Parts {
		if !fs.ValidPath(p.Name) || path.Dir(p.Name) != "." && path.Dir(p.Name) != "tables" &&
			path.Dir(p.Name) != "holdings" {
			return m, fmt.Errorf("%q is no name of a part", p.Name)
		}
		if err := p.prove(z); err != nil {
			return m, fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	return m, nil
}

// prove reads a part whole and compares it with its checksum.
func (p part) prove(z *zip.Reader) error {
	f, err := z.Open(p.Name)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(f, p.Size+1))
	if err != nil {
		return err
	}
	if n != p.Size || hex.EncodeToString(sum.Sum(nil)) != p.SHA256 {
		return errors.New("its checksum is another")
	}
	return nil
}

// extract writes one part to a new file of its owner's.
func extract(z *zip.Reader, name, to string) error {
	f, err := z.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, f)
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}
