package main

import (
	"context"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pst/bot"
	"pst/bot/web"
	"pst/conversation"
)

// memberAt finds who is meant by "2" in a list of staff; -1 for "baru".
func memberAt(which string, list []staffConfig) (int, error) {
	if which == "baru" {
		return -1, nil
	}
	n, err := strconv.Atoi(which)
	if err != nil || n < 1 || n > len(list) || strconv.Itoa(n) != which {
		return 0, fmt.Errorf("member of staff %q: %w", which, conversation.ErrNotFound)
	}
	return n - 1, nil
}

func (s settings) staffPart(ctx context.Context, f inForce, which string) (web.Part, error) {
	list := f.cfg.members(f.office)
	i, err := memberAt(which, list)
	if err != nil {
		return web.Part{}, err
	}
	var m staffConfig
	p := web.Part{Name: "petugas-" + which, Title: "Tambah petugas", Adds: true, Version: versionOf(list),
		Note: "Semua petugas diberi tahu bila daftar petugas diubah."}
	origin := ""
	if i >= 0 {
		m = list[i]
		p.Title, p.Adds, p.Removes = "Petugas: "+m.Name, false, "Hapus petugas ini"
		if p.Warnings, err = s.strangers(ctx, m); err != nil {
			return p, err
		}
		origin, _ = f.origin("staff", len(f.base.Staff) > 0)
	}
	role := web.Field{Name: "peran", Label: "Peran", Kind: web.Choice, Values: []string{or(m.Role, conversation.Officer)},
		Options: roleNames}
	name := web.Field{Name: "nama", Label: "Nama", Kind: web.Line, Need: true, Origin: origin}
	if m.Name != "" {
		name.Values = []string{m.Name}
	}
	days := web.Field{Name: "hari", Label: "Hari bertugas di meja; tanpa tanda berarti setiap hari", Kind: web.Checks}
	for _, d := range week {
		days.Options = append(days.Options, conversation.Option{Key: dayNames[d], Label: dayTitle(d)})
	}
	for _, d := range m.Days {
		days.Values = append(days.Values, strings.ToLower(strings.TrimSpace(d)))
	}
	p.Fields = []web.Field{name, role, {Name: "alamat", Label: "Alamat", Kind: web.Lines, Values: m.Addresses, Need: true,
		Hint: "Satu alamat satu baris, yang paling dahulu dihubungi di atas. WhatsApp: nomornya. " +
			"Telegram: telegram: dan angka yang dibalas bot atas pesan ID SAYA. Email: mailto:nama@bps.go.id."}, days}
	return p, nil
}

// strangers warns of the addresses of a member to which nothing can be sent yet.
func (s settings) strangers(ctx context.Context, m staffConfig) ([]string, error) {
	var out []string
	for _, text := range m.Addresses {
		a, err := staffAddress(text)
		if err != nil {
			out = append(out, people(err))
			continue
		}
		name := channelNames[a.Scheme()]
		served := slices.ContainsFunc(s.channels, func(c bot.Channel) bool { return c.Scheme() == a.Scheme() })
		switch {
		case name == "":
		case !served:
			out = append(out, fmt.Sprintf("%s: %s tidak dipasang di kantor ini, jadi alamat itu tidak dipakai.", text, name))
		case a.Scheme() != conversation.Mail:
			wrote, err := s.db.Wrote(ctx, a)
			if err != nil {
				return nil, err
			}
			if !wrote {
				out = append(out, fmt.Sprintf("%s: belum menyapa bot. Sebelum ia menulis sekali kepada bot lewat %s, "+
					"tidak ada yang dapat dikirim ke sana.", text, name))
			}
		}
	}
	return out, nil
}

// putStaff changes one member in the list, adds or removes one. Without a change it
// gives an empty one.
func putStaff(f inForce, who conversation.Staff, which string, form url.Values, into overlayText,
	wrong map[string]string) (change, error) {
	c := change{who: who}
	list := slices.Clone(f.cfg.members(f.office))
	i, err := memberAt(which, list)
	if err != nil {
		return c, err
	}
	sure := form.Get("yakin") != ""
	if form.Get("hapus") != "" && i >= 0 {
		name := list[i].Name
		c.what, c.about, c.told = "staff removed", name, "Petugas "+name+" dihapus"
		if !sure {
			return c, removalAsked(name, who)
		}
		if len(list) == 1 {
			wrong[""] = "Ini petugas satu-satunya. Tambahkan penggantinya dahulu."
		}
		into["staff"] = slices.Delete(list, i, i+1)
		return c, nil
	}
	m := memberTyped(f, form, wrong)
	if slices.ContainsFunc(list, func(o staffConfig) bool {
		return strings.EqualFold(o.Name, m.Name) && (i < 0 || o.Name != list[i].Name)
	}) && wrong["nama"] == "" {
		wrong["nama"] = "Sudah ada petugas dengan nama itu. Beri nama yang berbeda."
	}
	switch {
	case len(wrong) > 0:
		return c, nil
	case i < 0:
		c.what, c.about, c.told = "staff added", m.Name, "Petugas "+m.Name+" ditambahkan"
		into["staff"] = append(list, m)
		return c, nil
	case reflect.DeepEqual(m, list[i]):
		return c, nil
	}
	old := list[i]
	if old.Name == who.Name && !sure {
		if err := ownChangeAsked(old, m); err != nil {
			return c, err
		}
	}
	list[i] = m
	c.what, c.about, c.told = "staff changed", m.Name, "Data petugas "+m.Name+" diubah"
	if m.Name != old.Name {
		c.about, c.told = old.Name+" > "+m.Name, fmt.Sprintf("Petugas %s kini bernama %s", old.Name, m.Name)
	}
	into["staff"] = list
	return c, nil
}

// memberTyped reads a member of staff from the form; what cannot be goes into wrong by
// field.
func memberTyped(f inForce, form url.Values, wrong map[string]string) staffConfig {
	m := staffConfig{Name: oneLine(form.Get("nama")), Role: form.Get("peran"), Days: form["hari"]}
	switch n := utf8.RuneCountInString(m.Name); {
	case n == 0:
		wrong["nama"] = "Harus diisi."
	case n > 60:
		wrong["nama"] = "Paling banyak 60 huruf."
	}
	if !slices.Contains(roles, m.Role) {
		wrong["peran"] = "Pilih salah satu peran."
	}
	for _, line := range linesOf(form.Get("alamat")) {
		a, err := staffAddress(addressTyped(line))
		if err == nil {
			err = f.cfg.own(a)
		}
		if err != nil {
			wrong["alamat"] = people(err)
			break
		}
		m.Addresses = append(m.Addresses, addressTyped(line))
	}
	if wrong["alamat"] == "" && len(m.Addresses) == 0 {
		wrong["alamat"] = "Tulis paling sedikit satu alamat."
	}
	for _, d := range m.Days {
		if !slices.Contains(dayNames, d) {
			wrong["hari"] = "Pilih hari dari daftar."
		}
	}
	return m
}

// removalAsked asks whether a member is to be removed.
func removalAsked(name string, who conversation.Staff) error {
	if name == who.Name {
		return &web.Sure{Text: "Anda menghapus diri sendiri: Anda langsung keluar dari halaman ini, " +
			"dan perintah Anda di chat tidak lagi dijalankan. Lanjutkan?"}
	}
	return &web.Sure{Text: name + " langsung keluar dari halaman ini, " +
		"dan perintahnya di chat tidak lagi dijalankan. Tiketnya tetap ada. Lanjutkan?"}
}

// ownChangeAsked asks who changes how the desk knows them, whether they mean it; nil
// where they stay known.
func ownChangeAsked(old, m staffConfig) error {
	switch {
	case m.Name != old.Name:
		return &web.Sure{Text: "Nama Anda sendiri berubah: Anda keluar dari halaman ini dan masuk lagi dengan MASUK " +
			"dari chat Anda. Lanjutkan?"}
	case m.Role != old.Role:
		return &web.Sure{Text: "Peran Anda sendiri berubah, dan dengan itu apa yang sampai kepada Anda. Lanjutkan?"}
	case !slices.ContainsFunc(old.Addresses, func(a string) bool { return slices.Contains(m.Addresses, a) }):
		return &web.Sure{Text: "Semua alamat Anda sendiri diganti: yang lama tidak lagi dikenal sebagai petugas. " +
			"Lanjutkan?"}
	}
	return nil
}
