package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"pst/conversation"
	"pst/store"
)

// fleetCmd tells of many desks on this machine, a line each. It only reads.
type fleetCmd struct {
	Dirs []string `arg:"" optional:"" name:"dir" type:"path" help:"Folder data, satu sebuah kantor."`
	List string   `type:"path" placeholder:"BERKAS" help:"Berkas yang menyebut folder, satu setiap baris; # mengawali keterangan."`
	JSON bool     `name:"json" help:"Untuk dibaca program."`
}

const (
	fleetAtOnce = 4                // offices looked at at a time
	fleetWithin = 30 * time.Second // an office that tells nothing by then is told of as such
	queueMost   = 5 * time.Minute  // a message that waits longer is ill
	letterMost  = time.Hour        // so is a letter that could go
	backupMost  = 48 * time.Hour   // a nightly backup that is older is ill
)

func (c *fleetCmd) Run(ctx context.Context, h *house) error {
	dirs, err := c.folders()
	if err != nil {
		return err
	}
	if len(dirs) > 1 && h.config != "" && !strings.Contains(h.config, folderMark) {
		return usageError{errors.New("fleet: setiap kantor punya pengaturannya sendiri: " +
			"tanpa -config, atau seperti -config '/etc/pst/%i.toml'")}
	}
	now := time.Now()
	offices := make([]officeLine, len(dirs))
	var all sync.WaitGroup
	places := make(chan struct{}, fleetAtOnce)
	for i, dir := range dirs {
		all.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			offices[i] = lookWithin(ctx, h.of(dir), now, fleetWithin)
		})
	}
	all.Wait()
	if c.JSON {
		e := json.NewEncoder(h.std.out)
		e.SetIndent("", "  ")
		err = e.Encode(struct {
			At      time.Time    `json:"at"`
			Offices []officeLine `json:"offices"`
		}{now, offices})
	} else {
		err = writeFleet(h.std.out, offices, now)
	}
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	ill := 0
	for _, o := range offices {
		if len(o.Ill) > 0 {
			ill++
		}
	}
	if ill > 0 {
		return saying("%d dari %d kantor perlu perhatian; sebabnya disebut di atas", ill, len(offices))
	}
	return nil
}

// folders are those that are named, each once.
func (c *fleetCmd) folders() ([]string, error) {
	dirs := c.Dirs
	if c.List != "" {
		f, err := os.Open(c.List)
		if err != nil {
			return nil, fmt.Errorf("-list: %w", err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			dir, _, _ := strings.Cut(lines.Text(), "#")
			if dir = strings.TrimSpace(dir); dir == "" {
				continue
			}
			if !filepath.IsAbs(dir) {
				dir = filepath.Join(filepath.Dir(c.List), dir)
			}
			dirs = append(dirs, dir)
		}
		if err := lines.Err(); err != nil {
			return nil, fmt.Errorf("-list %s: %w", c.List, err)
		}
	}
	var out []string
	for _, dir := range dirs {
		if dir = filepath.Clean(dir); !slices.Contains(out, dir) {
			out = append(out, dir)
		}
	}
	if len(out) == 0 {
		return nil, usageError{saying("folder datanya belum disebut; " +
			"tulis folder data kantor-kantor itu, atau -list BERKAS yang menyebutnya")}
	}
	return out, nil
}

// officeLine is what is told of an office. What could not be looked at is null.
type officeLine struct {
	Folder   string          `json:"folder"`
	Code     string          `json:"code"`
	Name     string          `json:"name"`
	Serving  bool            `json:"serving"`
	Channels []channelStatus `json:"channels"`
	Queue    *queueLine      `json:"queue"`
	Tickets  *ticketLine     `json:"tickets"`
	Backup   *backupLine     `json:"backup"`
	Disk     *diskLine       `json:"disk"`
	Month    *monthLine      `json:"month"`
	Ill      []illness       `json:"ill"`
	broken   bool            // it could not be looked into
}

type queueLine struct {
	Messages int       `json:"messages"`
	Letters  int       `json:"letters"`
	Oldest   time.Time `json:"oldest,omitzero"` // of both
}

// ticketLine is without complaints about staff.
type ticketLine struct {
	Open    int       `json:"open"`
	Overdue int       `json:"overdue"` // complaints without an answer past the promised working days
	Oldest  time.Time `json:"oldest,omitzero"`
}

type backupLine struct {
	Nightly bool      `json:"nightly"` // one is set up
	Last    time.Time `json:"last,omitzero"`
}

type diskLine struct {
	FreeMB  int64 `json:"free_mb"`
	FloorMB int64 `json:"floor_mb"`
}

// monthLine are this month's figures; null is closed, or there is nothing to work it
// out from.
type monthLine struct {
	Month      string   `json:"month"`
	Visits     *float64 `json:"visits"`
	Excerpts   *float64 `json:"excerpts"`
	Complaints *float64 `json:"complaints"`
	Rating     *float64 `json:"rating"` // the mean, 1 to 4
	told       [4]string
}

// illness is one thing that somebody must see to.
type illness struct {
	Kind string `json:"kind"` // folder, settings, database, serve, channel, queue, ticket, backup, disk
	What string `json:"what"` // for people
}

func (o *officeLine) ill(kind, format string, args ...any) {
	o.Ill = append(o.Ill, illness{kind, fmt.Sprintf(format, args...)})
}

// lookWithin looks at one office, for so long: a folder on a disk that does not answer
// must not keep the others from being told of.
func lookWithin(ctx context.Context, h *house, now time.Time, most time.Duration) officeLine {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	told := make(chan officeLine, 1)
	go func() { told <- lookAt(ctx, h, now) }()
	select {
	case o := <-told:
		return o
	case <-ctx.Done():
		o := officeLine{Folder: h.data, Channels: []channelStatus{}, broken: true}
		o.ill("folder", "folder tidak menjawab dalam %d detik", int(most.Seconds()))
		return o
	}
}

// lookAt looks at one office.
func lookAt(ctx context.Context, h *house, now time.Time) officeLine {
	o := officeLine{Folder: h.data, Channels: []channelStatus{}, Ill: []illness{}}
	if _, err := os.ReadDir(h.data); err != nil {
		o.broken = true
		o.ill("folder", "%s", folderFault(err))
		return o
	}
	cfg, office, _, err := h.settings()
	if err != nil {
		o.broken = true
		o.ill("settings", "pengaturan tidak dapat dipakai: %v", err)
		return o
	}
	o.Code, o.Name = office.Code, office.Name
	if keys := cfg.missing(); len(keys) > 0 {
		o.ill("settings", "kantor belum lengkap: %s", strings.Join(cfg.missingForPeople(), ", "))
	}
	o.channels(h, now)
	o.disk(cfg, now)
	if err := o.database(ctx, h, office, now); err != nil {
		o.broken = true
		o.ill("database", "%s", databaseFault(err))
	}
	return o
}

func folderFault(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "folder tidak ada"
	case errors.Is(err, fs.ErrPermission):
		return "folder tidak boleh dibaca oleh pengguna ini"
	}
	return "folder tidak dapat dibaca: " + err.Error()
}

// errNoKey: the folder's key is not there.
var errNoKey = errors.New("no key")

// databaseFault says what is wrong with a database, and what to do.
func databaseFault(err error) string {
	switch {
	case errors.Is(err, errNoKey):
		return "kunci secret.key tidak ada: kembalikan salinannya, yang disimpan terpisah dari cadangan"
	case errors.Is(err, store.ErrSecret):
		return "kunci secret.key bukan milik basis data ini: kembalikan kunci yang benar"
	case errors.Is(err, store.ErrOlder):
		return "basis data dari versi program yang lebih lama: jalankan desk itu sekali dengan program ini (pst serve)"
	case errors.Is(err, store.ErrNewer):
		return "basis data dari versi program yang lebih baru: perbarui program ini"
	case errors.Is(err, store.ErrDamaged):
		return "basis data rusak: hentikan pst serve, lalu pulihkan cadangan terakhir dengan pst restore"
	case errors.Is(err, store.ErrForeign):
		return "pst.db bukan basis data PST: pulihkan cadangan terakhir dengan pst restore"
	case errors.Is(err, store.ErrInUse):
		return "basis data sedang dikunci program lain: coba lagi"
	case errors.Is(err, context.DeadlineExceeded):
		return "basis data tidak menjawab pada waktunya: coba lagi"
	case errors.Is(err, fs.ErrNotExist):
		return "belum ada basis data (pst.db): jalankan pst serve, atau pulihkan cadangan dengan pst restore"
	case errors.Is(err, fs.ErrPermission):
		return "basis data atau kuncinya tidak boleh dibaca oleh pengguna ini"
	}
	return "basis data tidak dapat dibaca: " + err.Error()
}

// channels tells how the channels are, by what the desk that serves has noted.
func (o *officeLine) channels(h *house, now time.Time) {
	s, ok := h.serving(now)
	if o.Serving = ok; !ok {
		told := ""
		if !s.Written.IsZero() {
			told = " sejak sekitar " + age(now.Sub(s.Written)) + " yang lalu"
		}
		o.ill("serve", "tidak berjalan%s (pst serve)", told)
		return
	}
	o.Channels = s.Channels
	for _, c := range s.Channels {
		if !c.Up {
			o.ill("channel", "%s: %s", or(channelNames[c.Scheme], c.Scheme), strings.TrimSuffix(c.State, "."))
		}
	}
}

// disk tells of the room on the disk, and of the backups.
func (o *officeLine) disk(cfg config, now time.Time) {
	if free, ok := freeBytes(o.Folder); ok {
		o.Disk = &diskLine{free >> 20, int64(cfg.Disk.Floor)}
		if o.Disk.FreeMB < o.Disk.FloorMB {
			o.ill("disk", "disk tersisa %d MB, batasnya %d MB: kutipan dan impor berhenti", o.Disk.FreeMB, o.Disk.FloorMB)
		}
	}
	o.Backup = &backupLine{Nightly: cfg.Backup.Folder != ""}
	if !o.Backup.Nightly {
		return
	}
	o.Backup.Last = newestNightly(cfg.Backup.Folder)
	switch {
	case o.Backup.Last.IsZero():
		o.ill("backup", "belum ada cadangan malam di %s", cfg.Backup.Folder)
	case now.Sub(o.Backup.Last) > backupMost:
		o.ill("backup", "cadangan malam terakhir %s yang lalu", age(now.Sub(o.Backup.Last)))
	}
}

// lookAt opens the database of the folder for reading alone; the caller closes it.
func (h *house) lookAt(ctx context.Context) (*store.DB, error) {
	if _, err := os.Stat(h.path("pst.db")); err != nil {
		return nil, err
	}
	secret, err := h.presentSecret()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoKey
	}
	if err != nil {
		return nil, err
	}
	return store.OpenReadOnly(ctx, h.path("pst.db"), store.Options{Secret: secret})
}

// database tells what the database does.
func (o *officeLine) database(ctx context.Context, h *house, office *conversation.Office, now time.Time) error {
	db, err := h.lookAt(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.QuickCheck(ctx); err != nil {
		return err
	}
	s, err := db.Standing(ctx)
	if err != nil {
		return err
	}
	o.queue(s, now)
	o.tickets(s.Tickets, office, now)
	r, err := db.Report(ctx, office, conversation.Months(now.In(office.Zone), 1))
	if err != nil {
		return err
	}
	o.Month = monthOf(r)
	return nil
}

func (o *officeLine) queue(s store.Standing, now time.Time) {
	o.Queue = &queueLine{s.Messages, s.Letters, s.Message}
	if o.Queue.Oldest.IsZero() || !s.Letter.IsZero() && s.Letter.Before(o.Queue.Oldest) {
		o.Queue.Oldest = s.Letter
	}
	if wait := now.Sub(s.Message); s.Messages > 0 && wait > queueMost {
		o.ill("queue", "pesan menunggu dijawab sejak %s yang lalu", age(wait))
	}
	if wait := now.Sub(s.Letter); !s.Letter.IsZero() && wait > letterMost {
		o.ill("queue", "surat menunggu dikirim sejak %s yang lalu", age(wait))
	}
}

func (o *officeLine) tickets(open []conversation.Ticket, office *conversation.Office, now time.Time) {
	t := &ticketLine{}
	for _, k := range open {
		if k.AboutStaff { // no number tells of them, as in reports
			continue
		}
		if t.Open++; t.Oldest.IsZero() {
			t.Oldest = k.OpenedAt
		}
		if k.Kind == conversation.KindComplaint && k.AnsweredAt.IsZero() && !office.InTime(k.OpenedAt, now) {
			t.Overdue++
		}
	}
	o.Tickets = t
	if t.Overdue > 0 {
		o.ill("ticket", "%d pengaduan belum dijawab dan lewat batas waktunya", t.Overdue)
	}
}

// monthOf takes the figures out of a report, where what must not be told is closed.
// The mean is of the ratings that are told, and closed when any of them is: it would
// tell of those that are not.
func monthOf(r conversation.Report) *monthLine {
	m := &monthLine{Month: r.Period.Key()}
	rating := conversation.Value{}
	t, n, sum := r.Table("penilaian"), 0.0, 0.0
	for _, row := range t.Rows {
		v := row.Values[0]
		rating.Closed = rating.Closed || v.Closed
		n += v.N
		sum += v.N * ratingScores[row.Key]
	}
	if rating.Closed = rating.Closed || t.Closed; !rating.Closed && n > 0 {
		rating = conversation.Num(sum / n)
	}
	for i, f := range []struct {
		to    **float64
		unit  conversation.Unit
		value conversation.Value
	}{{&m.Visits, conversation.Counted, r.Number("kunjungan")}, {&m.Excerpts, conversation.Counted, r.Number("kutipan")},
		{&m.Complaints, conversation.Counted, r.Number("pengaduan_masuk")}, {&m.Rating, conversation.Points, rating}} {
		m.told[i] = f.unit.Write(f.value)
		if f.value.Known && !f.value.Closed {
			*f.to = &f.value.N
		}
	}
	return m
}

// ratingScores are what the rows of the report's table of ratings count.
var ratingScores = map[string]float64{"sangat_puas": 4, "puas": 3, "kurang_puas": 2, "tidak_puas": 1}
