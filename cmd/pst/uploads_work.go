package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
	"unicode"

	"pst/bot/web"
	"pst/conversation"
	"pst/store"
	"pst/store/holdings"
	"pst/store/intake"
)

// isShown tells whether a letter is one that is seen, or a space: marks that turn the
// direction of writing are not.
func isShown(r rune) bool { return unicode.IsPrint(r) && !unicode.Is(unicode.Cf, r) }

// run looks at papers and takes in those that were decided, one at a time, until ctx
// ends.
func (u *uploads) run(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		for p := u.next(); p != nil && ctx.Err() == nil; p = u.next() {
			u.do(ctx, p)
		}
		select {
		case <-ctx.Done():
			return
		case <-u.work:
		case <-tick.C:
			u.expire(time.Now().Add(-paperLife))
		}
	}
}

// next is what to do now: first what staff decided, then what they wait to decide.
func (u *uploads) next() *arrival {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, s := range []web.PaperState{web.Taking, web.Reading} {
		for _, p := range u.papers {
			if p.State == s && p.wanted != "" {
				return p
			}
		}
	}
	return nil
}

// expire forgets what was sent before a moment and is not at work.
func (u *uploads) expire(before time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	var kept []*arrival
	for _, p := range u.papers {
		if p.At.Before(before) && p.State != web.Reading && p.State != web.Taking {
			u.drop(p)
			continue
		}
		kept = append(kept, p)
	}
	if len(kept) < len(u.papers) {
		u.papers = kept
		u.changed()
	}
}

// do takes one step with a paper; only this changes one that is read or taken in.
func (u *uploads) do(ctx context.Context, p *arrival) {
	i := &importing{desk: u.desk, office: p.Office}
	var said []string
	i.say = func(line string) { said = append(said, line) }
	out := p.Paper
	var err error
	switch {
	case p.State == web.Reading && p.List:
		err = u.lookAtList(ctx, p.path(), &out)
	case p.State == web.Reading:
		err = u.lookAtFile(ctx, i, p.path(), &out)
	default:
		err = u.take(ctx, i, p, &out)
	}
	if ctx.Err() != nil {
		return // begun again by who sent it
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	defer u.changed()
	taken := p.State == web.Taking
	p.Paper, p.wanted = out, ""
	switch {
	case err != nil:
		u.end(p, web.Refused, u.reason(err))
	case taken:
		u.end(p, web.Done, strings.Join(append([]string{out.Why}, said...), "\n"))
	default:
		p.State = web.Ready
	}
}

// errFull says that an import must wait for room on the disk.
var errFull = errors.New("no room on the disk")

// reason is why a paper is refused, as a clause; a fault of ours is logged.
func (u *uploads) reason(err error) string {
	if said := noGood(""); errors.As(err, &said) {
		return string(said)
	}
	if errors.Is(err, errFull) || errors.Is(err, conversation.ErrFull) {
		return "tempat penyimpanan hampir penuh; minta pengelola mengosongkan disk, lalu kirim lagi"
	}
	said := holdings.Reason(err)
	if said == holdings.Reason(errors.New("")) {
		u.log.Error("an upload could not be read", "error", err)
	}
	return said
}

// lookAtFile finds out where a file belongs, as its import would.
func (u *uploads) lookAtFile(ctx context.Context, i *importing, path string, out *web.Paper) error {
	if !u.desk.room() {
		return errFull
	}
	if err := i.learn(ctx); err != nil {
		return err
	}
	sha, there, err := u.desk.holdings.Sum(path)
	if err != nil {
		return err
	}
	if id := i.held[sha]; there && id != "" {
		out.Into, out.Pages, out.Same, out.Out = i.known[id], i.known[id].Pages, true, i.out[id]
		return nil
	}
	added, err := u.desk.holdings.Look(ctx, path)
	if err != nil {
		return err
	}
	at, err := i.place(ctx, out.Name, added, "")
	if err != nil {
		return err
	}
	out.Into, out.Pages, out.Same, out.New, out.Out = at.to, added.Pages, at.same, at.new, i.out[at.to.ID]
	if found, err := u.desk.catalogue.Search(ctx, conversation.Query{Text: or(added.Title, at.to.Title), Limit: likelyMost,
		TitlesOnly: true}); err == nil {
		out.Likely = found.Hits // only offered: without an index there are none
	}
	return nil
}

// lookAtList tells what importing a list would change.
func (u *uploads) lookAtList(ctx context.Context, path string, out *web.Paper) error {
	r, err := readListed(path, out.Office)
	if err != nil && len(r.Publications) == 0 {
		return err
	}
	c, failed := u.desk.db.Compare(ctx, r.Publications, r.Loose)
	if failed != nil {
		return failed
	}
	out.Fresh, out.Changed, out.Unchanged, out.Kept = c.New, c.Changed, c.Same, c.Withdrawn
	_, out.Elsewhere = elsewhere(r, out.Office, u.desk.office())
	if err != nil {
		out.Bad = append(out.Bad, "sesudah itu: "+u.reason(err))
	}
	for n, bad := range r.Bad {
		if len(out.Bad) >= badShown {
			out.BadMore = len(r.Bad) - n
			break
		}
		out.Bad = append(out.Bad, bad.Reason())
	}
	return nil
}

// readListed is readList with what is wrong in words for people.
func readListed(path, office string) (intake.Result, error) {
	r, err := readList(path, office)
	if err != nil && !errors.As(err, new(*fs.PathError)) {
		err = noGood(intake.Reason(err))
	}
	return r, err
}

// take imports a paper. Who ordered it is noted first: what cannot be noted is not done.
func (u *uploads) take(ctx context.Context, i *importing, p *arrival, out *web.Paper) error {
	if !u.desk.room() {
		return errFull
	}
	note := func(what, subject string) error {
		return u.desk.db.Note(ctx, conversation.AuditEntry{At: time.Now(), Who: p.who, What: what, Subject: subject})
	}
	if p.List {
		r, err := readListed(p.path(), p.Office)
		if err != nil && len(r.Publications) == 0 {
			return err
		}
		if err := note(store.ImportedList, p.Name); err != nil {
			return err
		}
		n, err := i.records(ctx, r)
		if err != nil {
			return err
		}
		out.Why = fmt.Sprintf("%d baru atau berubah, %d tetap.", n, len(r.Publications)-n)
		return u.desk.searchable(ctx, nil)
	}
	if err := i.learn(ctx); err != nil {
		return err
	}
	about := p.wanted
	if about == fresh {
		about = p.Into.ID
	}
	if err := note(store.ImportedFile, about); err != nil {
		return err
	}
	id, changed, err := i.file(ctx, p.path(), p.wanted)
	if err != nil {
		return err
	}
	out.Book, out.Why = id, "Katalog dan pencarian sudah memakainya."
	if !changed {
		out.Why = "Tidak ada yang berubah: berkas ini sudah dimiliki."
	}
	return u.desk.searchable(ctx, nil)
}
