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

// manCmd prints the manual page pst(1), made from the command line's own model and the
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
	m.text("pst \\- library desk of a statistics office as a chat bot")
	m.section("SYNOPSIS")
	m.text("\\fBpst\\fR [\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]")
	m.section("DESCRIPTION")
	m.text(roff(app.Help), roff("Readers register, search the publications and receive marked excerpts over WhatsApp, Telegram or a "+
		"terminal; staff answer from their own chat and from a page in the browser. All that the desk keeps lies in one "+
		"data folder. Every option may be written with one dash or two."))
	m.section("OPTIONS")
	m.flags(app.Flags)
	m.section("COMMANDS")
	for _, c := range app.Leaves(true) {
		m.command(c)
	}
	m.section("EXIT STATUS")
	m.item("\\fB0\\fR", "Fine.")
	m.item("\\fB1\\fR", "Failed: one line on standard error says what, why, and what to do next.")
	m.item("\\fB2\\fR", "Wrong use.")
	m.section("ENVIRONMENT")
	plain, secret := variables(reflect.TypeFor[config](), "PST")
	m.item("\\fBPST_DATA\\fR", "The data folder, where \\fB\\-data\\fR is not given.")
	m.item("\\fBPST_\\fISECTION\\fB_\\fIKEY\\fR", roff("A key of pst.toml, and goes before the file: "+
		strings.Join(plain, ", ")+"."))
	m.item("\\fBPST_\\fISECTION\\fB_\\fIKEY\\fB_FILE\\fR", roff("A file that holds a secret; the variable without _FILE "+
		"holds the secret itself: "+strings.Join(secret, ", ")+"."))
	m.section("FILES")
	m.text(roff("In the data folder. Of the package: /var/lib/pst, whose pst.toml is a link to /etc/pst/pst.toml; " +
		"of pst@NAME.service /var/lib/pst/NAME."))
	for _, f := range manualFiles {
		m.item("\\fI"+roff(f.name)+"\\fR", roff(f.what))
	}
	m.section("SEE ALSO")
	m.text("\\fBsystemctl\\fR(1), \\fBjournalctl\\fR(1)")
}

// manualFiles are what somebody who runs a desk may change, must keep, or finds.
var manualFiles = []struct{ name, what string }{
	{"pst.toml", "Configuration, unless -config names another file; see pst init -contoh, which explains every key."},
	{kantorFile, "What staff set at the page; goes over pst.toml."},
	{textsFile, "The office's own sentences."},
	{holidayFile, "The office's own list of holidays."},
	{"tables/", "The office's own words, terms and areas."},
	{"secret.key", "Seals the database, which cannot be read without it. Keep a copy apart from the backups."},
	{"pst.db", "Database of the desk. Copy it with pst backup, not with cp."},
	{"whatsapp.db", "The linked WhatsApp device."},
	{"holdings/", "The publications' PDF files."},
	{"index/, cache/", "Made again when they are gone."},
	{pageFile, "Where the page for staff is, while it is served."},
}

// command writes one command with its arguments and flags.
func (m *manual) command(c *kong.Node) {
	usage := "\\fBpst " + roff(strings.TrimPrefix(c.FullPath(), "pst ")) + "\\fR"
	if len(c.Flags) > 0 {
		usage += " [\\fIoptions\\fR]"
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
			help += " Default: " + roff(f.Default) + "."
		}
		if len(f.Envs) > 0 {
			help += " Variable: " + roff(strings.Join(f.Envs, ", ")) + "."
		}
		var others []string
		for _, o := range flags {
			if o != f && slices.ContainsFunc(o.Xor, func(x string) bool { return slices.Contains(f.Xor, x) }) {
				others = append(others, "-"+o.Name)
			}
		}
		switch {
		case f.Required && len(others) > 0:
			help += " This or " + roff(strings.Join(others, ", ")) + " is required."
		case f.Required:
			help += " Required."
		}
		m.item(name, help)
	}
}

// variables lists what [override] looks up; of secrets the variable of their file.
func variables(section reflect.Type, prefix string) (plain, secret []string) {
	for f := range section.Fields() {
		name := prefix + "_" + strings.ToUpper(f.Tag.Get("toml"))
		switch {
		case !f.IsExported() || f.Type.Kind() == reflect.Slice:
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
