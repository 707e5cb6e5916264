package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pst/conversation"
	"pst/store/holdings"
)

// direct carries out a directive.
func (r *runner) direct(words []string) {
	r.t.Helper()
	arg := strings.Join(words[1:], " ")
	switch words[0] {
	case "later":
		d, err := time.ParseDuration(arg)
		if err != nil {
			r.t.Fatal(err)
		}
		r.clock = r.clock.Add(d)
		r.settle()
	case "clock":
		at, err := time.ParseInLocation("2006-01-02 15:04", arg, r.office.Zone)
		if err != nil {
			r.t.Fatal(err)
		}
		r.clock = at
		r.settle()
	case "backlog":
		d, err := time.ParseDuration(arg)
		if err != nil {
			r.t.Fatal(err)
		}
		r.age = d
	case "fail":
		r.fail = arg
	case "hold":
		r.hold = true
	case "mail":
		r.down = arg == "down"
		r.settle()
	case "staff": // down: nothing reaches the chat of the first of the staff meanwhile
		r.away = arg == "down"
		r.settle()
	case "twin":
		r.twin(arg)
	case "bounce":
		if ours, err := r.db.MarkBounced(r.ctx, r.mailed, "the transcript says so"); err != nil || !ours {
			r.t.Fatal(ours, err)
		}
		r.settle()
	case "flood":
		n, err := strconv.Atoi(arg)
		if err != nil {
			r.t.Fatal(err)
		}
		at := r.clock
		for range n {
			r.unseen("menu")
			r.clock = at
		}
	case "catalogue":
		r.sick = map[string]error{"preparing": conversation.ErrPreparing, "broken": errors.New("broken for the transcript"),
			"well": nil}[arg]
	case "import": // ID | office | title | year | pages
		f := strings.Split(arg, " | ")
		year, _ := strconv.Atoi(f[3])
		pages, _ := strconv.Atoi(f[4])
		p := conversation.Publication{ID: f[0], Office: f[1], Title: f[2], Year: year, Pages: pages}
		if pages > 0 {
			p.File = f[0] + ".pdf"
		}
		if _, err := r.db.SavePublications(r.ctx, []conversation.Publication{p}); err != nil {
			r.t.Fatal(err)
		}
		r.learn()
	case "tables":
		r.bringTables()
	case "learn":
		r.learn()
	case "scan": // ID | its title: the file of a sample, in which no text was found
		f := strings.Split(arg, " | ")
		p, err := r.db.Publication(r.ctx, "contoh-gantung-2023")
		if err != nil {
			r.t.Fatal(err)
		}
		p.ID, p.Title, p.Year = f[0], f[1], 0
		if _, err := r.db.SavePublications(r.ctx, []conversation.Publication{p}); err != nil {
			r.t.Fatal(err)
		}
		r.learn()
	case "withdraw":
		if err := r.db.Withdraw(r.ctx, "web:petugas", arg); err != nil {
			r.t.Fatal(err)
		}
	case "reader":
		f := append(strings.Split(arg, ", "), "lewati")
		first := r.office.ProfileFirst
		r.office.ProfileFirst = true
		r.unseen("daftar", "1", f[0], "KTP "+f[2], f[1], "{kode}", "19"+f[2][10:12], "2", "4", "1", "lewati", "1", f[3], "1")
		r.office.ProfileFirst = first
	case "brief":
		f := strings.Split(arg, ", ")
		r.unseen("daftar", "1", f[0], "KTP "+f[2], f[1], "{kode}", "1")
	case "complain": // category, identity, text
		f := strings.SplitN(arg, ", ", 3)
		lines := []string{"pengaduan", "1", f[0], f[2], "kirim", f[1], "1"}
		if slices.Contains(r.office.Lists.AboutStaff, f[0]) {
			lines = slices.Insert(lines, 3, "2")
		}
		for i, l := range lines {
			r.muted = i < len(lines)-1
			r.hear("> " + l)
		}
	case "visit":
		r.unseen("daring, 1")
	case "file":
		r.bring(arg)
	case "kind":
		r.kind = conversation.Kind(arg)
	case "press":
		r.kind, r.menu = conversation.Choice, arg
	case "office":
		switch arg {
		case "open search":
			r.office.OpenSearch = true
		case "profile first":
			r.office.ProfileFirst = true
		case "no mail":
			r.office.NoMail = true
		case "closed search":
			r.office.OpenSearch = false
		case "new consent":
			r.office.Consent++
		case "no staff":
			r.office.Staff = nil
		case "page":
			r.office.Page = "http://127.0.0.1:8484"
		case "staff":
			r.office.Staff = staffOfTests()
		case "officer":
			r.office.Staff = append(r.office.Staff, conversation.Staff{Name: "Mbak Sari", Role: conversation.Officer,
				Addresses: []conversation.Address{"terminal:petugas"}})
		case "roster":
			r.office.Staff = append(r.office.Staff,
				conversation.Staff{Name: "Mbak Sari", Role: conversation.Officer,
					Addresses: []conversation.Address{"terminal:sari"},
					Days:      []time.Weekday{time.Monday, time.Wednesday}},
				conversation.Staff{Name: "Mas Adi", Role: conversation.Officer, Addresses: []conversation.Address{"terminal:adi"},
					Days: []time.Weekday{time.Tuesday}})
		default:
			if code, ok := strings.CutPrefix(arg, "strict "); ok {
				r.office.Strict = append(r.office.Strict, code)
				break
			}
			if day, ok := strings.CutPrefix(arg, "holiday "); ok {
				r.office.Holidays = append(r.office.Holidays, day)
				break
			}
			r.t.Fatalf("no office change %q", arg)
		}
	default:
		r.t.Fatalf("no directive %q", words[0])
	}
}

// twin opens a ticket of days before whose number ends like that of the last one, as
// there were before ends were unique.
func (r *runner) twin(text string) {
	r.t.Helper()
	k, err := r.db.Ticket(r.ctx, r.ticket)
	if err != nil {
		r.t.Fatal(err)
	}
	k.ID, k.Text, k.Chat = "ADU-261119-"+k.ID[len(k.ID)-3:], text, "terminal:lama"
	m := conversation.Message{ID: "twin", From: k.Chat, Kind: conversation.Text, Text: text, SentAt: r.clock}
	s, err := r.db.Session(r.ctx, k.Chat)
	if err == nil {
		err = r.db.Put(r.ctx, m)
	}
	if err == nil {
		err = r.db.Commit(r.ctx, conversation.Turn{Message: m, Session: s,
			Effects: []conversation.Effect{conversation.OpenTicket{Ticket: k}}})
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

// sentFile is a PDF file on a person's phone.
type sentFile struct {
	name string
	data []byte
}

// bring makes the next message a PDF file.
func (r *runner) bring(what string) {
	r.t.Helper()
	f := sentFile{r.handedOver.name, bytes.Clone(r.handedOver.data)}
	switch what {
	case "same":
		f.name = "dokumen.pdf"
	case "changed": // with the code in its name and in its particulars
		f.data = append(f.data, '\n')
	case "renamed": // the code is in its particulars alone
		f.name, f.data = "dokumen.pdf", append(f.data, '\n')
	case "bare": // printed anew: no code is left in the bytes
		f.name, f.data = "dokumen.pdf", []byte("%PDF-1.7\n"+f.name[:8])
	case "lost", "unnamed": // it cannot be fetched
		f.data = nil
		if what == "unnamed" {
			f.name = "dokumen.pdf"
		}
	default:
		r.t.Fatalf("no file %q", what)
	}
	r.kind, r.file = conversation.Document, &f
}

// attach gives a message the file brought, as channels do.
func (r *runner) attach(m *conversation.Message) {
	if r.files == nil {
		r.files = map[string]sentFile{}
	}
	ref := fmt.Sprint("file-", len(r.files))
	r.files[ref] = *r.file
	m.Media = &conversation.Media{MIME: "application/pdf", Size: int64(len(r.file.data)), Ref: ref, Name: r.file.name}
	r.file = nil
}

// look fills in what the engine asks of files, as the desk does.
func (r *runner) look(run []conversation.Message) {
	for _, i := range r.engine.LooksAt(r.ctx, run...) {
		f := r.files[run[i].Media.Ref]
		if f.data == nil {
			continue
		}
		sum := sha256.Sum256(f.data)
		run[i].Media.SHA256, run[i].Media.Code = hex.EncodeToString(sum[:]), holdings.CodeIn(f.data)
	}
}
