package main

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"
)

// helpWords are kong's own words on a page of help, in Indonesian.
var helpWords = strings.NewReplacer("Usage:", "Pemakaian:", "Arguments:", "Isian:", "Flags:", "Pilihan:",
	"Commands:", "Perintah:", `Run "pst <command> --help" for more information on a command.`,
	`Jalankan "pst PERINTAH --help" untuk keterangan satu perintah.`,
	"<command>", "PERINTAH", "[flags]", "[pilihan]")

// helped prints a page of help.
func helped(o kong.HelpOptions, ctx *kong.Context) error {
	var page bytes.Buffer
	out := ctx.Stdout
	ctx.Stdout = &page
	err := kong.DefaultHelpPrinter(o, ctx)
	ctx.Stdout = out
	if err == nil {
		_, err = io.WriteString(out, helpWords.Replace(page.String()))
	}
	return err
}

// commandLine makes what parses a line, and tells how one is written.
func commandLine(g *grammar, more ...kong.Option) (*kong.Kong, error) {
	parser, err := kong.New(g, append(more, kong.Name("pst"), kong.Help(helped),
		kong.Description("Pelayanan Statistik Terpadu: meja perpustakaan kantor statistik sebagai bot chat."))...)
	if err == nil {
		parser.Model.HelpFlag.Help = "Tampilkan keterangan ini."
	}
	return parser, err
}

// misused are what kong says of a line that is no command, with what we say.
var misused = []struct {
	is   *regexp.Regexp
	text string
}{
	{regexp.MustCompile(`^unknown flag --?(\S+), did you mean "--(\S+?)"\?`),
		"pilihan -$1 tidak dikenal; mungkin maksudnya -$2"},
	{regexp.MustCompile(`^unknown flag --?(\S+)`), "pilihan -$1 tidak dikenal"},
	{regexp.MustCompile(`^unexpected argument (\S+), did you mean "([^"]+)"\?`),
		`"$1" tidak dikenal; mungkin maksudnya "$2"`},
	{regexp.MustCompile(`^unexpected argument (\S+)`), `"$1" tidak dikenal`},
	{regexp.MustCompile(`^missing flags: (.*)`), "pilihan ini masih kurang: $1"},
	{regexp.MustCompile(`^--(\S+) must be one of (.*) but got (.*)`), "-$1 harus salah satu dari $2, bukan $3"},
	{regexp.MustCompile(`^--(\S+) and --(\S+) can't be used together`), "-$1 dan -$2 tidak dapat dipakai bersama"},
	{regexp.MustCompile(`^--(\S+): expected .*number.*|^--(\S+): expected .*int.*`), "-$1$2 harus berupa bilangan"},
	{regexp.MustCompile(`^expected one of (.*)`), "perintahnya belum ditulis"},
	{regexp.MustCompile(`^expected "?(.*?)"?$`), "masih kurang: $1"},
	{regexp.MustCompile(`^<\S+>: .*?([^/\s]+): no such file or directory`), "berkas $1 tidak ada"},
}

// toldMisuse says in one line what is wrong with a line that kong did not take, and
// where to read how it is written.
func toldMisuse(err error) string {
	text, help := "tidak terbaca ("+err.Error()+")", "pst --help"
	for _, m := range misused {
		if at := m.is.FindStringSubmatchIndex(err.Error()); at != nil {
			text = string(m.is.ExpandString(nil, m.text, err.Error(), at))
			break
		}
	}
	var parsing *kong.ParseError
	if errors.As(err, &parsing) {
		if c := parsing.Context.Selected(); c != nil {
			help = c.FullPath() + " --help"
		}
	}
	return strings.ReplaceAll(text, "--", "-") + "; lihat " + help // written with one dash everywhere else
}
