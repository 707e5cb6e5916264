package conversation

import (
	"errors"
	"strings"
)

// readMenu reads the main menu; three letters or more that are no menu word are
// a search.
func (t *turn) readMenu() (string, error) {
	key := t.option(map[string]string{
		"cari": "1", "baca": "1", "buku": "1", "publikasi": "1", "data": "1", "search": "1",
		"daftar": "2", "registrasi": "2", "register": "2", "buku tamu": "2", "pendaftaran": "2", "login": "2",
		"kunjungan": "3", "cetak": "3", "pinjam": "3", "perpustakaan": "3", "alamat": "3", "jam buka": "3", "jam layanan": "3",
		"info": "4", "informasi": "4", "syarat": "4", "biaya": "4", "standar": "4",
		"pengaduan": "5", "aduan": "5", "adu": "5", "lapor": "5", "saran": "5", "komplain": "5", "keluhan": "5", "complain": "5",
		"petugas": "6", "orang": "6",
		"akun": "7",
	})
	switch key {
	case "1":
		return t.library(After{State: "search"})
	case "2":
		if t.s.Reader != 0 {
			return "account", nil
		}
		return t.library(After{State: "search"})
	case "3":
		return "visit_info", nil
	case "4":
		return "info", nil
	case "5":
		return "complain", nil
	case "6":
		err := t.toStaff()
		return t.s.State, err
	case "7":
		return "my_data", nil
	}
	switch word(t.in) {
	case "konsultasi", "konsultasi statistik", "beli data", "pembelian", "rekomendasi", "romantik", "dtsen", "mikrodata", "data mikro":
		return "other_needs", nil
	}
	if letters(t.in) >= 3 && !skipped(t.in) {
		return t.library(After{State: "search", Text: t.in})
	}
	return refuse("choose.menu", nil)
}

func (t *turn) readOtherNeeds() (string, error) {
	if t.option(map[string]string{"petugas": "1", "ya": "1"}) == "1" {
		err := t.toStaff()
		return t.s.State, err
	}
	return refuse("choose", nil)
}

// library leads a person towards the library: registration first, then the
// guest book of this visit, then what they wanted (the published order; search
// alone may be open to all by the office's choice).
func (t *turn) library(want After) (string, error) {
	if t.s.Reader != 0 {
		ok, err := t.consented()
		if err != nil {
			return "", err
		}
		if !ok && t.s.Reader != 0 {
			t.s.Data.After = &want
			t.say("consent.renew", nil)
			return "consent", nil
		}
	}
	if t.s.Reader == 0 {
		if t.office.OpenSearch && want.State == "search" {
			return t.arrive(want)
		}
		t.s.Data.After = &want
		t.say("register_first", D{"Wanted": want.Text != ""})
		if s := t.table[t.s.Data.Parked]; s != nil && t.s.Data.Draft != nil {
			return "resume", nil
		}
		return "consent", nil
	}
	if t.s.Data.Visit == "" {
		t.s.Data.After = &want
		return t.toVisit()
	}
	return t.arrive(want)
}

// toVisit asks the guest book of a new visit.
func (t *turn) toVisit() (string, error) {
	if t.s.Data.Mode == "" {
		return "mode", nil
	}
	return "purpose", nil
}

// arrive does what the person wanted.
func (t *turn) arrive(want After) (string, error) {
	t.s.Data.After = nil
	switch {
	case want.State == "details":
		t.s.Data.Find = &Find{Pub: want.Text}
		if _, err := t.store.Publication(t.ctx, want.Text); errors.Is(err, ErrNotFound) {
			t.say("publication.gone", nil)
			return "search", nil
		} else if err != nil {
			return "", err
		}
		return "details", nil
	case want.Text != "":
		return t.find(want.Text)
	}
	return "search", nil
}

func (t *turn) readMode() (string, error) {
	switch t.option(map[string]string{"di tempat": "1", "ditempat": "1", "disini": "1", "online": "2", "rumah": "2", "jauh": "2"}) {
	case "1":
		t.s.Data.Mode = OnSite
	case "2":
		t.s.Data.Mode = Online
	default:
		return refuse("choose", nil)
	}
	return "purpose", nil
}

// readPurpose completes the guest-book entry: the visit opens and the
// five-minute clock of the published standard starts.
func (t *turn) readPurpose() (string, error) {
	purpose, ok, err := t.pick(t.office.Lists.Purposes)
	if err != nil {
		return "", err
	}
	if !ok {
		return "purpose", nil
	}
	id, err := random(t.random, 12)
	if err != nil {
		return "", err
	}
	mode := t.s.Data.Mode
	if mode == "" {
		mode = Online
	}
	t.s.Data.Visit = id
	t.do(SaveVisit{Visit{ID: id, Reader: t.s.Reader, Chat: t.s.Chat, Mode: mode, Purpose: purpose, OpenedAt: t.at}})
	want := After{State: "search"}
	if t.s.Data.After != nil {
		want = *t.s.Data.After
	}
	t.say("visit.opened", nil)
	return t.arrive(want)
}

// onSite notes that the person stands at the desk (they scanned its code).
func (t *turn) onSite() error {
	t.s.Data.Mode = OnSite
	now := t.table[t.s.State]
	t.say("onsite", nil)
	if now.name != "menu" {
		return nil
	}
	next, err := t.library(After{State: "search"})
	if err != nil {
		return err
	}
	t.enter(next)
	return nil
}

// deepLink acts on the parameter of a link or QR code: "ditempat", or
// "pub_ID" for a publication.
func (t *turn) deepLink(parameter string) error {
	if strings.EqualFold(parameter, "ditempat") {
		return t.onSite()
	}
	id, ok := strings.CutPrefix(parameter, "pub_")
	if !ok {
		t.greet()
		return nil
	}
	if _, err := t.store.Publication(t.ctx, id); errors.Is(err, ErrNotFound) {
		t.say("publication.gone", nil)
		return nil
	} else if err != nil {
		return err
	}
	t.park(t.table[t.s.State])
	next, err := t.library(After{State: "details", Text: id})
	if err != nil {
		return err
	}
	t.enter(next)
	return nil
}

// visit loads the open visit; ok is false when none is open.
func (t *turn) visit() (v Visit, ok bool, err error) {
	if t.s.Data.Visit == "" {
		return Visit{}, false, nil
	}
	// A visit saved earlier in this very turn is not in the store yet.
	for _, e := range t.effects {
		if sv, is := e.(SaveVisit); is && sv.Visit.ID == t.s.Data.Visit {
			v, ok = sv.Visit, true
		}
	}
	if ok {
		return v, true, nil
	}
	v, err = t.store.Visit(t.ctx, t.s.Data.Visit)
	if errors.Is(err, ErrNotFound) {
		return Visit{}, false, nil
	}
	return v, err == nil, err
}

// finishVisit ends the visit: first the one question, if something was
// delivered and it was not asked yet; then good-bye, with the bags in the
// locker when the person is on site (standard, procedure line 7).
func (t *turn) finishVisit() error {
	v, ok, err := t.visit()
	if err != nil {
		return err
	}
	t.park(t.table[t.s.State])
	if ok && !v.DeliveredAt.IsZero() && !v.Asked {
		v.Asked = true
		t.do(SaveVisit{v})
		t.enter("rating")
		return nil
	}
	mode := v.Mode
	t.say("goodbye", D{"OnSite": mode == OnSite})
	t.quiet = true
	if err := t.closeVisit(); err != nil {
		return err
	}
	t.enter("menu")
	return nil
}

func (t *turn) readVisitInfo() (string, error) {
	switch t.option(map[string]string{"tata tertib": "1", "aturan": "1", "alamat": "2", "jam": "2", "pinjam": "3", "cari": "4"}) {
	case "1":
		t.say("house_rules", nil)
	case "2":
		t.say("address", nil)
	case "3":
		t.say("borrowing", nil)
	case "4":
		t.say("printed", nil)
	case "5":
		t.say("plan_visit", nil)
		err := t.toStaff()
		return t.s.State, err
	default:
		return refuse("choose", nil)
	}
	t.quiet = true
	return "visit_info", nil
}

func (t *turn) readInfo() (string, error) {
	key := t.option(map[string]string{"syarat": "1", "prosedur": "2", "waktu": "3", "biaya": "4", "gratis": "4", "produk": "5", "pengaduan": "6", "alamat": "7", "telepon": "7"})
	if key == "" {
		return refuse("choose", nil)
	}
	t.say("info."+key, nil)
	t.quiet = true
	return "info", nil
}

func askAccount(t *turn) string {
	r, err := t.store.Reader(t.ctx, t.s.Reader)
	if err != nil {
		t.fault = err
		return ""
	}
	return t.text("account", D{"Number": r.Number, "Name": r.Name})
}

func (t *turn) readAccount() (string, error) {
	switch t.option(map[string]string{"buku tamu": "1", "cari": "1", "data": "2"}) {
	case "1":
		return t.library(After{State: "search"})
	case "2":
		return "my_data", nil
	}
	return refuse("choose", nil)
}
