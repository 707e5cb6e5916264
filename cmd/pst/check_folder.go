package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"pst/bot"
	"pst/conversation"
)

// checkFiles looks at who may read what is the desk's own.
func (d *desk) checkFiles(h *house, f *findings) {
	for _, name := range []string{"secret.key", "pst.toml", kantorFile} {
		path, mode := h.path(name), fs.FileMode(0o600)
		if name == "pst.toml" && h.config != "" {
			path = h.config
		}
		if filepath.Dir(path) != filepath.Clean(h.data) || isLink(path) {
			mode = 0o640 // root's, for the group of the one who serves
		}
		f.tell(name, private(path, mode), "hanya dapat dibaca pemiliknya")
	}
}

// checkHoldings looks at the publications: their files, and whether they are found.
func (d *desk) checkHoldings(ctx context.Context, f *findings) {
	lost, err := d.lostFiles(ctx)
	if err == nil && len(lost) > 0 {
		err = saying("%d berkas tidak ada; impor lagi: %s", len(lost), strings.Join(lost[:min(len(lost), 10)], ", "))
	}
	f.tell("berkas", err, "semuanya ada")
	strict, err := d.db.StrictPublications(ctx)
	f.tell("hanya dikutip sebagai gambar", err, toldStrict(strict, d.office().Strict))
	if err = d.catalogue.Sync(ctx); err == nil {
		_, err = d.catalogue.Search(ctx, conversation.Query{Text: "penduduk", Limit: 1})
	}
	f.tell("indeks pencarian", err, "dapat dipakai")
}

// checkDisk looks at the room that is left.
func (d *desk) checkDisk(h *house, f *findings) {
	free, ok := freeBytes(h.data)
	switch {
	case !ok:
		f.say(true, "sisa tempat: tidak dapat diketahui di sistem ini")
	case d.room():
		f.say(true, "sisa tempat: %d MB", free>>20)
	default:
		f.say(false, "sisa tempat: %d MB, di bawah batas %d MB (disk.floor_mb); "+
			"kosongkan disk, sebab kutipan dan impor berhenti", free>>20, d.cfg.Disk.Floor)
	}
}

// checkClock looks at the machine's clock: against Telegram's, where that told the time,
// and against what is stored.
func (d *desk) checkClock(ctx context.Context, ahead time.Duration, told bool, f *findings) {
	if told {
		f.tell("jam", wrongClock(ahead), "sama dengan jam Telegram")
	}
	newest, err := d.db.Newest(ctx)
	if err == nil && newest.After(time.Now().Add(bot.Skew)) {
		err = saying("catatan terbaru bertanggal %s; jam komputer salah atau pernah salah: betulkan, "+
			"sampai itu data lama tidak dihapus", newest.In(d.office().Zone).Format(time.DateTime))
	}
	f.tell("waktu di basis data", err, "tidak ada yang mendahului sekarang")
}

// backupLate is how old the newest nightly backup may be.
const backupLate = 2 * day

// checkBackup looks at the nightly backups: whether they are written, the newest, and
// whether there is room for another.
func (d *desk) checkBackup(f *findings, now time.Time) {
	folder := d.cfg.Backup.Folder
	if folder == "" {
		f.say(true, "tidak diatur; isi backup.folder di pst.toml agar setiap malam ada cadangan, "+
			"atau buat sendiri dengan pst backup")
		return
	}
	if err := writable(folder); err != nil {
		f.tell("folder "+folder, err, "")
		return
	}
	f.say(true, "folder %s: dapat ditulis", folder)
	at, size := newestBackup(folder)
	switch {
	case at.IsZero():
		f.say(false, "belum ada satu pun; biarkan pst serve berjalan semalam, atau buat sekarang dengan pst backup")
	case now.Sub(at) > backupLate:
		f.say(false, "yang terbaru dari %s; lihat catatan pst serve, dan buat satu sekarang dengan pst backup",
			at.Format("2006-01-02 15:04"))
	default:
		f.say(true, "yang terbaru dari %s", at.Format("2006-01-02 15:04"))
	}
	if free, ok := freeBytes(folder); ok {
		f.say(free > size, "sisa tempat %d MB, cadangan terakhir %d MB%s", free>>20, size>>20,
			map[bool]string{false: "; kosongkan disk cadangan"}[free > size])
	}
}

// writable makes the folder of the backups where it is not there, as the night would, and
// tells whether a file can be written in it.
func writable(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	probe, err := os.CreateTemp(folder, ".pst-check-*")
	if err != nil {
		return err
	}
	probe.Close()
	return os.Remove(probe.Name())
}

// newestBackup is when the newest nightly backup was written, and its size; the zero time
// without one.
func newestBackup(folder string) (at time.Time, size int64) {
	entries, _ := os.ReadDir(folder) // it was just written in
	for _, e := range entries {
		if _, err := time.Parse(nightlyName, e.Name()); err != nil {
			continue
		}
		if info, err := os.Stat(filepath.Join(folder, e.Name())); err == nil && info.ModTime().After(at) {
			at, size = info.ModTime(), info.Size()
		}
	}
	return at, size
}

// private complains of a file that others may read, or do more with than mode allows.
// A missing one is none.
func private(path string, mode fs.FileMode) error {
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS == "windows" {
		return nil // there the folder's own rights count
	}
	if info.Mode().Perm()&^(mode|0o700) != 0 {
		return saying("dapat dibaca orang lain (%v); jalankan: chmod %o %s", info.Mode().Perm(), mode, typed(path))
	}
	return nil
}

func isLink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
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
