package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/google/uuid"

	"pst/bot/web"
	"pst/conversation"
	"pst/store/holdings"
)

// uploads is what staff sent in at the page: laid aside in a folder of its own until
// somebody decides, looked at and taken in one after another by [uploads.run].
type uploads struct {
	desk *desk
	log  *slog.Logger
	dir  string
	work chan struct{} // something is to be done

	mu      sync.Mutex
	version int
	papers  []*arrival // received first first
}

// arrival is one of them; its file is alone in a folder of its own.
type arrival struct {
	web.Paper
	folder string // "" once it is gone
	who    string // for the audit table
	wanted string // what is to be done now, or where it was sent; "": nothing
}

var _ web.Intake = (*uploads)(nil)

// Bounds of what is laid aside.
const (
	papersMost = 200 // of one member, ended ones not counted
	endedMost  = 200 // of one member
	paperLife  = 24 * time.Hour
	listMost   = 64 << 20 // bytes of a list
	badShown   = 50
	likelyMost = 5
	portion    = 4 << 20 // bytes between two looks at the disk
)

// newUploads begins with an empty folder: what was not decided, or not taken in, when
// the desk ended is sent again, and known again if it was.
func newUploads(d *desk, h *house) (*uploads, error) {
	u := &uploads{desk: d, log: h.log, dir: h.path("uploads"), work: make(chan struct{}, 1)}
	if err := os.RemoveAll(u.dir); err != nil {
		return nil, fmt.Errorf("clear uploads: %w", err)
	}
	if err := os.MkdirAll(u.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make folder of uploads: %w", err)
	}
	return u, nil
}

// Receive implements [web.Intake].
func (u *uploads) Receive(_ context.Context, by conversation.Staff, office, name string, content io.Reader) error {
	if !fourDigits(office) {
		return web.ErrOffice
	}
	if !u.desk.room() {
		return web.ErrNoRoom
	}
	p := &arrival{who: by.Web().Masked(), Paper: web.Paper{ID: uuid.NewString(), Name: safeName(name), Office: office,
		By: by.Name,
		At: time.Now(), State: web.Reading}}
	p.List = slices.Contains(listEnds, strings.ToLower(filepath.Ext(p.Name)))
	if !u.claim(p) {
		return web.ErrTooMany
	}
	refused, err := u.lay(p, content)
	if err == nil && refused != nil {
		_, err = io.Copy(io.Discard, content)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	switch {
	case err != nil:
		if errors.Is(err, syscall.ENOSPC) {
			err = web.ErrNoRoom
		}
		u.drop(p)
		u.papers = slices.DeleteFunc(u.papers, func(q *arrival) bool { return q == p })
		return err
	case refused != nil:
		u.end(p, web.Refused, refused.Error())
	default:
		p.wanted = "look"
	}
	u.changed()
	return nil
}

// claim puts a paper among the others, unless too many of its member wait already.
func (u *uploads) claim(p *arrival) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	waiting := 0
	for _, q := range u.papers {
		if q.By == p.By && q.State != web.Done && q.State != web.Refused {
			waiting++
		}
	}
	if waiting >= papersMost {
		return false
	}
	u.papers = append(u.papers, p)
	return true
}

// noGood is what is wrong with a file, as a clause for people.
type noGood string

func (r noGood) Error() string { return string(r) }

// lay writes the file down as it comes. The first result says that it is no good.
func (u *uploads) lay(p *arrival, content io.Reader) (refused, err error) {
	from := bufio.NewReaderSize(content, 64<<10)
	most := int64(listMost)
	if !p.List {
		most = holdings.MaxFile
		head, err := from.Peek(1024)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if !bytes.Contains(head, []byte("%PDF-")) {
			return noGood(holdings.Reason(holdings.ErrNotPDF)), nil
		}
	}
	if p.folder, err = os.MkdirTemp(u.dir, ""); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(p.path(), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for {
		n, err := io.CopyN(f, from, portion)
		p.Size += n
		switch {
		case p.Size > most && p.List:
			return noGood("daftar lebih besar dari 64 MB; bagi menjadi beberapa berkas"), nil
		case p.Size > most:
			return noGood(holdings.Reason(holdings.ErrTooLarge)), nil
		case errors.Is(err, io.EOF):
			return nil, f.Close()
		case err != nil:
			return nil, err
		case !u.desk.room():
			return nil, web.ErrNoRoom
		}
	}
}

func (p *arrival) path() string { return filepath.Join(p.folder, p.Name) }

// changed wakes who works, and tells pages; with mu held.
func (u *uploads) changed() {
	u.version++
	select {
	case u.work <- struct{}{}:
	default:
	}
}

// drop removes a paper's file; with mu held.
func (u *uploads) drop(p *arrival) {
	if p.folder == "" {
		return
	}
	if err := os.RemoveAll(p.folder); err != nil {
		u.log.Error("removing an upload failed", "error", err)
	}
	p.folder = ""
}

// end drops a paper's file and says what came of it; with mu held.
func (u *uploads) end(p *arrival, s web.PaperState, why string) {
	u.drop(p)
	p.State, p.Why, p.wanted = s, why, ""
	ended := 0
	for i := len(u.papers) - 1; i >= 0; i-- {
		if q := u.papers[i]; q.By == p.By && (q.State == web.Done || q.State == web.Refused) {
			if ended++; ended > endedMost {
				u.papers = slices.Delete(u.papers, i, i+1)
			}
		}
	}
}

// Papers implements [web.Intake].
func (u *uploads) Papers(by conversation.Staff) web.Papers {
	u.mu.Lock()
	defer u.mu.Unlock()
	out := web.Papers{Version: fmt.Sprint(u.version)}
	others := map[string]int{}
	for _, p := range u.papers {
		busy := p.State == web.Reading || p.State == web.Taking
		switch {
		case p.By != by.Name && p.State == web.Taking:
			others[p.By]++
		case p.By == by.Name && (p.wanted != "" || p.State != web.Reading): // one still coming is not shown
			out.Own = append(out.Own, p.Paper)
			out.Running = out.Running || busy
		}
	}
	for name, n := range others {
		out.Others = append(out.Others, fmt.Sprintf("%s sedang mengimpor %d berkas.", name, n))
	}
	slices.Sort(out.Others)
	return out
}

// Decide implements [web.Intake].
func (u *uploads) Decide(ctx context.Context, by conversation.Staff, wanted map[string]web.Wanted) {
	u.mu.Lock()
	defer u.mu.Unlock()
	defer u.changed()
	u.papers = slices.DeleteFunc(u.papers, func(p *arrival) bool {
		w, asked := wanted[p.ID]
		if !asked || p.By != by.Name || p.State != web.Ready {
			return false
		}
		if w.Drop {
			u.drop(p)
			return true
		}
		if p.Why = u.unfit(ctx, p, w.To); p.Why == "" {
			p.State, p.wanted = web.Taking, "take"
			if !p.List {
				p.wanted = w.To
			}
		}
		return false
	})
}

// unfit says why a paper cannot go where it was sent; "" when it can.
func (u *uploads) unfit(ctx context.Context, p *arrival, to string) string {
	switch {
	case p.List, to == fresh && !p.Same:
		return ""
	case to == "":
		return "Tulis ID publikasinya, atau pilih yang lain. ID tertulis di halaman publikasi."
	case p.Same && to != p.Into.ID:
		return "Isi berkas ini sudah ada di katalog, jadi hanya dapat menjadi milik publikasi itu."
	case to == p.Into.ID:
		return ""
	}
	if _, _, _, err := u.desk.db.Record(ctx, to); err != nil {
		return "Tidak ada publikasi dengan ID itu. ID tertulis di halaman publikasi."
	}
	return ""
}

// Clear implements [web.Intake].
func (u *uploads) Clear(by conversation.Staff) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.papers = slices.DeleteFunc(u.papers, func(p *arrival) bool {
		return p.By == by.Name && (p.State == web.Done || p.State == web.Refused)
	})
	u.changed()
}

// safeName is a file's name, whatever it was called, as one that no system reads
// anything into and no reader is misled by.
func safeName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*`, r) || !isShown(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(name, " "))
	name = strings.TrimLeft(strings.Join(strings.Fields(name), " "), ". -~")
	ext := filepath.Ext(name)
	if len(ext) > 5 {
		ext = ""
	}
	stem := strings.TrimSuffix(name, ext)
	if len(stem) > 120 {
		stem = strings.ToValidUTF8(stem[:120], "")
	}
	if stem = strings.TrimRight(stem, ". "); stem == "" {
		stem = "berkas"
	}
	return stem + ext
}
