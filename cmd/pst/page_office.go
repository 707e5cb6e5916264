package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"pst/bot/web"
	"pst/conversation"
)

// settings are the office's parts at the page. All but holidays go into kantor.toml.
type settings struct{ *live }

var _ web.Settings = settings{}

// inForce is the configuration now, and as it would be without kantor.toml.
type inForce struct {
	cfg, base       config
	office, without conversation.Office
}

func (s settings) inForce() (f inForce, err error) {
	if f.cfg, err = loadConfig(s.house, lookup); err != nil {
		return f, err
	}
	draft := *s.house
	draft.drafts = map[string][]byte{kantorFile: nil}
	if f.base, err = loadConfig(&draft, lookup); err != nil {
		return f, err
	}
	if f.office, err = f.cfg.office(); err != nil {
		return f, err
	}
	f.without, err = f.base.office()
	return f, err
}

// officePart is one part: how its form is filled, and what it changes.
type officePart struct {
	name, title string
	note        string
	fill        func(f inForce) ([]web.Field, error)
	// put writes what was typed into the text of kantor.toml; what is wrong goes into
	// wrong by field.
	put func(f inForce, typed url.Values, into overlayText, wrong map[string]string)
	// weighty parts decide who gets what of people: all staff are told of a change.
	weighty bool
}

// officeParts are the parts that are one form each and always there.
var officeParts = []officePart{
	{name: "identitas", title: "Identitas kantor", fill: fillFacts, put: putFacts,
		note: "Kosongkan isian untuk kembali ke nilai dari pst.toml atau bawaan. Kode kantor hanya diubah di pst.toml."},
	{name: "jam", title: "Jam layanan", fill: fillHours, put: putHours,
		note: "Tulis seperti 08.00-15.30; dua waktu sehari dipisahkan koma: 08.00-12.00, 13.00-15.30. Kosong berarti tutup."},
	{name: "tutup", title: "Hari tutup kantor ini", fill: fillClosed, put: putClosed,
		note: "Hari kerja ketika kantor ini saja tutup, di luar hari libur nasional. Satu tanggal satu baris, misalnya 28 " +
			"Desember 2026."},
	{name: "pinjam", title: "Peminjaman buku", fill: fillLoans, put: putLoans},
	{name: "kategori", title: "Kategori pengaduan", fill: fillCategories, put: putCategories, weighty: true,
		note: "Satu kategori satu baris. Pengaduan dengan kategori tentang petugas tidak sampai kepada Kasubbag, hanya " +
			"kepada kontak kedua. " +
			"Semua petugas diberi tahu bila bagian ini diubah."},
}

// Parts implements [web.Settings].
func (s settings) Parts(ctx context.Context) ([]web.Part, error) {
	f, err := s.inForce()
	if err != nil {
		return nil, err
	}
	names := []string{"identitas", "jam"}
	for _, year := range s.years() {
		names = append(names, "libur-"+year)
	}
	names = append(names, "tutup")
	for i := range f.cfg.members(f.office) {
		names = append(names, fmt.Sprintf("petugas-%d", i+1))
	}
	var out []web.Part
	for _, name := range append(names, "petugas-baru", "pinjam", "kategori") {
		p, err := s.part(ctx, f, name)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// Part implements [web.Settings].
func (s settings) Part(ctx context.Context, name string) (web.Part, error) {
	f, err := s.inForce()
	if err != nil {
		return web.Part{}, err
	}
	return s.part(ctx, f, name)
}

func (s settings) part(ctx context.Context, f inForce, name string) (web.Part, error) {
	if year, ok := strings.CutPrefix(name, "libur-"); ok && slices.Contains(s.years(), year) {
		return s.holidayPart(year)
	}
	if which, ok := strings.CutPrefix(name, "petugas-"); ok {
		return s.staffPart(ctx, f, which)
	}
	i := slices.IndexFunc(officeParts, func(p officePart) bool { return p.name == name })
	if i < 0 {
		return web.Part{}, fmt.Errorf("part %q of the office: %w", name, conversation.ErrNotFound)
	}
	p := officeParts[i]
	fields, err := p.fill(f)
	out := web.Part{Name: p.name, Title: p.title, Note: p.note, Fields: fields, Version: versionOf(fields)}
	if left := f.cfg.missingForPeople(); i == 0 && len(left) > 0 {
		out.Warnings = []string{"Asisten belum melayani: kantor belum lengkap. Yang belum diisi: " +
			strings.Join(left, "; ") + "."}
	}
	return out, err
}

// Put implements [web.Settings].
func (s settings) Put(ctx context.Context, who conversation.Staff, name string, form url.Values, version string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.inForce()
	if err != nil {
		return err
	}
	part, err := s.part(ctx, f, name)
	if err != nil {
		return err
	}
	if part.Version != version {
		return web.ErrStale
	}
	if year, ok := strings.CutPrefix(name, "libur-"); ok {
		return s.putHolidays(ctx, who, year, form)
	}
	if weighty(name) && !s.office().MayAppoint(who) {
		return &web.Wrong{Fields: map[string]string{"": "Bagian ini hanya diubah oleh Kasubbag atau kontak kedua. Mintalah " +
			"kepada mereka."}}
	}
	own, err := s.house.overlayText()
	if err != nil {
		return err
	}
	was, err := own.bytes()
	if err != nil {
		return fmt.Errorf("read %s: %w", kantorFile, err)
	}
	c := change{who: who, what: "office changed", about: name}
	wrong := map[string]string{}
	if which, ok := strings.CutPrefix(name, "petugas-"); ok {
		if c, err = putStaff(f, who, which, form, own, wrong); err != nil {
			return err
		}
	} else {
		p := officeParts[slices.IndexFunc(officeParts, func(p officePart) bool { return p.name == name })]
		if p.put(f, form, own, wrong); p.weighty {
			c.told = p.title + " diubah"
		}
	}
	if len(wrong) > 0 {
		return &web.Wrong{Fields: wrong}
	}
	text, err := own.bytes()
	if err != nil {
		return fmt.Errorf("write %s: %w", kantorFile, err)
	}
	if c.what == "" || bytes.Equal(text, was) {
		return nil
	}
	return s.carryOut(ctx, c, kantorFile, text)
}

// weighty tells whether a part decides who answers whom, and staff are told of its
// changes.
func weighty(name string) bool {
	return strings.HasPrefix(name, "petugas-") ||
		slices.ContainsFunc(officeParts, func(p officePart) bool { return p.name == name && p.weighty })
}

// change is what is changed, by whom, and what staff are told of it.
type change struct {
	who               conversation.Staff
	what, about, told string
}

// carryOut writes a file and takes it over, with an audit line; staff as they were
// before are told.
func (s settings) carryOut(ctx context.Context, c change, file string, text []byte) error {
	before := s.office()
	err := s.write(file, text, func(now *known) error {
		if answers(before) && !answers(now.office) {
			return &web.Wrong{Fields: map[string]string{"": "Harus tetap ada seorang Kasubbag dengan alamat yang dapat " +
				"dihubungi: " +
				"tanpanya tidak ada yang menjawab pengaduan. Tambahkan penggantinya dahulu."}}
		}
		return s.db.Note(ctx, conversation.AuditEntry{At: time.Now(), Who: c.who.Web().Masked(), What: c.what,
			Subject: c.about})
	})
	var no unusable
	if errors.As(err, &no) {
		return &web.Wrong{Fields: map[string]string{"": people(no.error)}}
	}
	if err != nil || c.told == "" {
		return err
	}
	others := *before
	others.Staff = slices.DeleteFunc(slices.Clone(before.Staff),
		func(m conversation.Staff) bool { return m.Name == c.who.Name })
	letter := fmt.Sprintf("%s di halaman petugas oleh %s. Bila itu keliru, betulkan di menu Kantor.", c.told, c.who.Name)
	if err := s.db.Enqueue(ctx, toStaff(&others, "Pengaturan "+before.Name, letter)...); err != nil {
		s.house.log.Error("telling staff of a change failed", "error", err) // it is done, and audited
	}
	return nil
}

// answers tells whether somebody can be reached who answers complaints.
func answers(o *conversation.Office) bool {
	return slices.ContainsFunc(o.Staff, func(m conversation.Staff) bool {
		return m.Role == conversation.Kasubbag &&
			len(m.Addresses) > 0
	})
}

// origin tells people where a value comes from, and whether that fixes it. inFile
// tells whether pst.toml has it.
func (f inForce) origin(key string, inFile bool) (from string, fixed bool) {
	switch from = f.cfg.from[key]; {
	case from == kantorFile:
		return "diubah di halaman ini", false
	case from != "":
		return "variabel " + from + ", tidak dapat diubah di sini", true
	case inFile:
		return "pst.toml", false
	}
	return "bawaan", false
}

// oneLine is a typed value without line breaks and doubled spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// linesOf are the lines that are not empty.
func linesOf(s string) []string {
	var out []string
	for line := range strings.Lines(s) {
		if line = oneLine(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
