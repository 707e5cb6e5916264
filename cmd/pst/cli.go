package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"pst/cmd/pst/watch"
)

// Exit codes of the program.
const (
	exitFine   = 0
	exitFailed = 1
	exitUsage  = 2
)

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// grammar is the command line.
type grammar struct {
	Data   []string `help:"Folder data; pst report menerima beberapa, dan menjumlahkannya." default:"./data" env:"PST_DATA" type:"path" sep:"none"`
	Config string   `help:"Berkas pengaturan (bila tidak disebut: pst.toml di folder data); %i: nama folder data." type:"path"`
	Log    string   `help:"Bentuk baris catatan: text atau json." default:"text" enum:"text,json"`

	Init    initCmd    `cmd:"" help:"Menanyakan data kantor, lalu menulis pst.toml."`
	Talk    talkCmd    `cmd:"" help:"Berbicara dengan bot di terminal ini, tanpa akun."`
	Serve   serveCmd   `cmd:"" help:"Menjalankan layanan: semua kanal dan halaman petugas."`
	Pair    pairCmd    `cmd:"" help:"Menautkan WhatsApp layanan."`
	Staff   staffCmd   `cmd:"" help:"Halaman petugas."`
	Import  importCmd  `cmd:"" help:"Memasukkan berkas PDF, folder, daftar CSV, dan jawaban WebAPI."`
	Index   indexCmd   `cmd:"" help:"Menyusun ulang indeks pencarian dari basis data."`
	Search  searchCmd  `cmd:"" help:"Mencari di katalog."`
	Excerpt excerptCmd `cmd:"" help:"Membuat kutipan bertanda dari sebuah berkas, untuk orang di loket."`
	Fleet   fleetCmd   `cmd:"" help:"Keadaan layanan banyak kantor di komputer ini, satu baris sebuah kantor."`
	Report  reportCmd  `cmd:"" help:"Angka layanan sebulan, setriwulan, setahun, atau masa lain."`
	QR      qrCmd      `cmd:"" name:"qr" help:"Kode QR untuk ruang baca atau sebuah publikasi."`
	Backup  backupCmd  `cmd:"" help:"Menulis cadangan lengkap, atau menguji yang ada."`
	Restore restoreCmd `cmd:"" help:"Memulihkan cadangan."`
	Breach  breachCmd  `cmd:"" name:"breach-report" help:"Siapa yang terkena kebocoran data, dan draf pemberitahuannya."`
	Check   checkCmd   `cmd:"" help:"Memeriksa semuanya: pengaturan (rahasia disamarkan), kanal, email, disk, cadangan."`
	Guide   guideCmd   `cmd:"" name:"panduan" help:"Panduan untuk petugas dan pengelola, juga sebagai halaman HTML."`
	Graph   graphCmd   `cmd:"" help:"Mencetak keadaan percakapan sebagai diagram Mermaid."`
	Man     manCmd     `cmd:"" help:"Mencetak halaman manual pst(1)."`
	Version versionCmd `cmd:"" help:"Mencetak versi program."`
}

// run parses the arguments, carries out one command and returns the exit code.
// What went wrong is told here, once, in one line.
func run(ctx context.Context, args []string, std streams) int {
	var g grammar
	code := exitFine
	parser, err := commandLine(&g, kong.Writers(std.out, std.err),
		kong.Exit(func(c int) { panic(exit(c)) }), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		fmt.Fprintln(std.err, "pst: build command line:", err)
		return exitFailed
	}
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(exit); !ok {
				panic(p)
			}
		}
	}()
	k, err := parser.Parse(longFlags(args))
	if err != nil {
		fmt.Fprintf(std.err, "pst: baris perintah: %s\n", toldMisuse(err))
		return exitUsage
	}
	switch {
	case len(g.Data) > 1 && k.Command() != "report":
		fmt.Fprintln(std.err, "pst: baris perintah: beberapa -data hanya untuk pst report, yang menjumlahkannya; lihat pst "+
			"report -help")
		return exitUsage
	case len(g.Data) > 1 && g.Config != "" && !strings.Contains(g.Config, folderMark):
		fmt.Fprintln(std.err, "pst: baris perintah: beberapa -data perlu pengaturan masing-masing: tanpa -config, atau "+
			"seperti -config '/etc/pst/%i.toml'")
		return exitUsage
	}
	config := g.Config
	if len(g.Data) == 1 && !strings.HasPrefix(k.Command(), "fleet") {
		config = configOf(config, g.Data[0])
	}
	h := &house{data: g.Data[0], more: g.Data[1:], config: config, std: std, form: g.Log}
	h.log = h.logTo().logger(slog.LevelInfo, nil)
	if err := k.Run(h); err != nil {
		code = exitFailed
		if errors.As(err, new(usageError)) {
			code = exitUsage
		}
		h.logTo().failed(fmt.Sprintf("pst: %s: %s", strings.TrimPrefix(k.Selected().FullPath(), "pst "), inWords(err)))
	}
	return code
}

// oneDash is an option as it may be written, with one dash or with two.
var oneDash = regexp.MustCompile(`^-[a-z][a-z-]+(=|$)`)

// longFlags lets every option be written with one dash, as in "-data DIR"; one that is
// mistyped, too, is one option and not several of one letter.
func longFlags(args []string) []string {
	out := slices.Clone(args)
	for i, a := range out {
		if a == "--" {
			break
		}
		if oneDash.MatchString(a) {
			out[i] = "-" + a
		}
	}
	return out
}

// exit carries kong's wish to leave (after --help) past its callers.
type exit int

// versionCmd prints the version.
type versionCmd struct{}

func (versionCmd) Run(h *house) error {
	_, err := fmt.Fprintln(h.std.out, "pst", version())
	return err
}

// house is what all commands share: where the data is, and the streams.
type house struct {
	data, config string
	more         []string // further data folders, of who sums them
	std          streams
	form         string // of the log's lines: logText or logJSON
	log          *slog.Logger
	service      *watch.Service    // systemd, of serve; nil elsewhere
	drafts       map[string][]byte // files of the data folder as they may become, by name
}

// here is what a command needs behind it to be about the same data folder, as it is
// typed at a terminal: nothing where that goes without saying.
func (h *house) here() string {
	text := ""
	usual, err := filepath.Abs(or(os.Getenv("PST_DATA"), "./data"))
	if err != nil || h.data != usual {
		text += " -data " + typed(h.data)
	}
	if h.config != "" {
		text += " -config " + typed(h.config)
	}
	return text
}

// typed is an argument as it is typed at a terminal.
func typed(arg string) string {
	if arg != "" && strings.Trim(arg, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_-:") == "" {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}

// folderMark in the name of a configuration file stands for the data folder's own name,
// as in the units of several desks.
const folderMark = "%i"

// of is the house of another data folder.
func (h *house) of(dir string) *house {
	other := *h
	other.data, other.more, other.config = dir, nil, configOf(h.config, dir)
	return &other
}

func configOf(config, dir string) string {
	return strings.ReplaceAll(config, folderMark, filepath.Base(dir))
}

// isTerminal tells whether a stream is a person's terminal.
func isTerminal(v any) bool {
	f, ok := v.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
