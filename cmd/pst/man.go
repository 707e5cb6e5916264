package main

import (
	"fmt"
	"io"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// manCmd prints the manual page pst(1), in the language of the command line, made from the command line's own model and
// the
// configuration's keys: it cannot tell of a flag or variable that there is not.
type manCmd struct{}

func (manCmd) Run(k *kong.Kong, h *house) error {
	m := &manual{}
	m.write(k.Model)
	_, err := io.WriteString(h.std.out, m.String())
	return err
}

// manual is a page in the macros of man(7).
type manual struct{ strings.Builder }

// write writes the page of a command line.
func (m *manual) write(app *kong.Application) {
	fmt.Fprintf(m, ".TH PST 1 %s \"PST bot\"\n", builtOn())
	m.section("NAME")
	m.text("pst \\- meja perpustakaan kantor statistik sebagai bot chat")
	m.section("SYNOPSIS")
	m.text("\\fBpst\\fR [\\fIpilihan\\fR] \\fIperintah\\fR [\\fIisian\\fR]")
	m.section("DESCRIPTION")
	m.text(roff(app.Help), roff("Pembaca mendaftar, mencari publikasi, dan menerima kutipan bertanda lewat WhatsApp, "+
		"Telegram, "+
		"atau terminal; petugas menjawab dari chatnya sendiri dan dari halaman di browser. Semua yang disimpan ada di satu "+
		"folder data. Setiap pilihan boleh ditulis dengan satu tanda hubung atau dua."))
	m.section("OPTIONS")
	m.flags(app.Flags)
	m.section("COMMANDS")
	for _, c := range app.Leaves(true) {
		m.command(c)
	}
	m.section("EXIT STATUS")
	m.item("\\fB0\\fR", "Baik.")
	m.item("\\fB1\\fR", "Gagal: satu baris di keluaran galat menyebut apa, sebabnya, dan apa yang perlu dilakukan.")
	m.item("\\fB2\\fR", "Salah pakai.")
	m.section("ENVIRONMENT")
	plain, secret := variables(reflect.TypeFor[config](), "PST")
	m.item("\\fBPST_DATA\\fR", "Folder data, bila \\fB\\-data\\fR tidak disebut.")
	m.item("\\fBPST_\\fISECTION\\fB_\\fIKEY\\fR", roff("Kunci pst.toml, dan berlaku di atas berkas itu: "+
		strings.Join(plain, ", ")+"."))
	m.item("\\fBPST_\\fISECTION\\fB_\\fIKEY\\fB_FILE\\fR", roff("Berkas berisi rahasia; variabel tanpa _FILE "+
		"berisi rahasianya sendiri: "+strings.Join(secret, ", ")+"."))
	m.section("FILES")
	m.text(roff("Di folder data. Dari paket: /var/lib/pst, yang pst.toml-nya tautan ke /etc/pst/pst.toml; " +
		"dari pst@NAMA.service: /var/lib/pst/NAMA."))
	for _, f := range manualFiles {
		m.item("\\fI"+roff(f.name)+"\\fR", roff(f.what))
	}
	m.section("SEE ALSO")
	m.text("\\fBsystemctl\\fR(1), \\fBjournalctl\\fR(1)")
}

// manualFiles are what somebody who runs a desk may change, must keep, or finds.
var manualFiles = []struct{ name, what string }{
	{"pst.toml", "Pengaturan, bila -config tidak menyebut berkas lain; pst init -contoh menjelaskan setiap kunci."},
	{kantorFile, "Yang diatur petugas di halaman; berlaku di atas pst.toml."},
	{textsFile, "Kalimat kantor sendiri."},
	{holidayFile, "Daftar hari libur kantor sendiri."},
	{"tables/", "Kata, istilah, dan wilayah kantor sendiri."},
	{"secret.key", "Menyegel basis data, yang tidak dapat dibaca tanpanya. Simpan salinannya terpisah dari cadangan."},
	{"pst.db", "Basis data layanan. Salin dengan pst backup, bukan dengan cp."},
	{"whatsapp.db", "Perangkat WhatsApp yang tertaut."},
	{"holdings/", "Berkas PDF publikasi."},
	{"index/, cache/", "Dibuat lagi bila hilang."},
	{pageFile, "Alamat halaman petugas, selama dilayani."},
}

// command writes one command with its arguments and flags.
func (m *manual) command(c *kong.Node) {
	usage := "\\fBpst " + roff(strings.TrimPrefix(c.FullPath(), "pst ")) + "\\fR"
	if len(c.Flags) > 0 {
		usage += " [\\fIpilihan\\fR]"
	}
	for _, p := range c.Positional {
		usage += " " + strings.NewReplacer("<", "\\fI", ">", "\\fR").Replace(roff(p.Summary()))
	}
	fmt.Fprintf(m, ".SS %s\n%s\n", usage, broken(roff(c.Help)))
	for _, p := range c.Positional {
		m.item("\\fI"+roff(p.Name)+"\\fR", roff(p.Help))
	}
	m.flags(c.Flags)
}

func (m *manual) flags(flags []*kong.Flag) {
	for _, f := range flags {
		if f.Hidden {
			continue
		}
		name := "\\fB" + roff("-"+f.Name) + "\\fR"
		if f.Short != 0 {
			name = "\\fB" + roff("-"+string(f.Short)) + "\\fR, " + name
		}
		if !f.IsBool() {
			of := f.PlaceHolder
			if of == "" {
				of = strings.ToUpper(f.Name)
			}
			name += " \\fI" + roff(of) + "\\fR"
		}
		help := roff(f.Help)
		if f.HasDefault && f.Default != "" {
			help += " Bila tidak disebut: " + roff(f.Default) + "."
		}
		if len(f.Envs) > 0 {
			help += " Variabel: " + roff(strings.Join(f.Envs, ", ")) + "."
		}
		var others []string
		for _, o := range flags {
			if o != f && slices.ContainsFunc(o.Xor, func(x string) bool { return slices.Contains(f.Xor, x) }) {
				others = append(others, "-"+o.Name)
			}
		}
		switch {
		case f.Required && len(others) > 0:
			help += " Ini atau " + roff(strings.Join(others, ", ")) + " wajib."
		case f.Required:
			help += " Wajib."
		}
		m.item(name, help)
	}
}

// variables lists what [override] looks up; of secrets the variable of their file.
func variables(section reflect.Type, prefix string) (plain, secret []string) {
	for _, f := range keysOf(section) {
		name := prefix + "_" + strings.ToUpper(f.Tag.Get("toml"))
		switch {
		case f.Type.Kind() == reflect.Slice:
		case f.Type.Kind() == reflect.Struct:
			p, s := variables(f.Type, name)
			plain, secret = append(plain, p...), append(secret, s...)
		case f.Tag.Get("secret") != "":
			secret = append(secret, name+"_FILE")
		default:
			plain = append(plain, name)
		}
	}
	return plain, secret
}

func (m *manual) section(name string)    { fmt.Fprintf(m, ".SH %s\n", name) }
func (m *manual) item(name, what string) { fmt.Fprintf(m, ".TP\n%s\n%s\n", name, broken(what)) }

// text writes paragraphs.
func (m *manual) text(paragraphs ...string) {
	for i, p := range paragraphs {
		if i > 0 {
			m.WriteString(".PP\n")
		}
		m.WriteString(broken(p) + "\n")
	}
}

// broken is a text in lines of at most 80 characters, none of which is taken for a macro.
func broken(text string) string {
	b, room := &strings.Builder{}, 80
	for i, word := range strings.Fields(text) {
		switch {
		case i > 0 && room < len(word)+1:
			b.WriteString("\n")
			room = 80
			if word[0] == '.' || word[0] == '\'' {
				word = `\&` + word
			}
		case i > 0:
			b.WriteString(" ")
			room--
		}
		b.WriteString(word)
		room -= len(word)
	}
	return b.String()
}

// roff is a text as roff prints it unchanged: dashes stay dashes, and no line of it is
// taken for a macro.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n", " ").Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		return `\&` + s
	}
	return s
}

// builtOn is the day of the commit that this program is made of, such as 2026-11-27;
// `""` when it is not known.
func builtOn() string {
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, s := range info.Settings {
			if at, err := time.Parse(time.RFC3339, s.Value); s.Key == "vcs.time" && err == nil {
				return at.Format(time.DateOnly)
			}
		}
	}
	return `""`
}
