package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
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
	Data   []string `help:"Data folder; pst report takes several, and sums them." default:"./data" env:"PST_DATA" type:"path" sep:"none"`
	Config string   `help:"Configuration file (default: pst.toml in the data folder)." type:"path"`
	Log    string   `help:"How log lines are written: text or json." default:"text" enum:"text,json"`

	Init    initCmd    `cmd:"" help:"Ask for an office's facts and write pst.toml."`
	Talk    talkCmd    `cmd:"" help:"Talk to the bot in this terminal; no account needed."`
	Serve   serveCmd   `cmd:"" help:"Serve all configured channels."`
	Pair    pairCmd    `cmd:"" help:"Link the desk's WhatsApp account."`
	Staff   staffCmd   `cmd:"" help:"The page for staff."`
	Import  importCmd  `cmd:"" help:"Bring in PDF files, folders, CSV lists and WebAPI answers."`
	Index   indexCmd   `cmd:"" help:"Rebuild the search index from the database."`
	Search  searchCmd  `cmd:"" help:"Search the catalogue."`
	Excerpt excerptCmd `cmd:"" help:"Cut a marked excerpt from a file, for a person at the counter."`
	Fleet   fleetCmd   `cmd:"" help:"How the desks of many offices on this machine are, a line each."`
	Report  reportCmd  `cmd:"" help:"Figures of a month, quarter, year or other period."`
	QR      qrCmd      `cmd:"" name:"qr" help:"QR code for the reading room or a publication."`
	Backup  backupCmd  `cmd:"" help:"Write a whole copy of the desk, or verify one."`
	Restore restoreCmd `cmd:"" help:"Put a backup in place of the database."`
	Breach  breachCmd  `cmd:"" name:"breach-report" help:"Who is affected by a leak of data, and a draft of the notice."`
	Check   checkCmd   `cmd:"" help:"Print the configuration, redacted, and what is wrong with it."`
	Graph   graphCmd   `cmd:"" help:"Print the states of the conversation as a Mermaid diagram."`
	Man     manCmd     `cmd:"" help:"Print the manual page pst(1)."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// usageError is a wrong use of a command: exit code 2.
type usageError struct{ error }

// run parses the arguments, carries out one command and returns the exit code.
// What went wrong is told here, once, in one line.
func run(ctx context.Context, args []string, std streams) int {
	var g grammar
	code := exitFine
	parser, err := kong.New(&g, kong.Name("pst"), kong.Description("Pelayanan Statistik Terpadu: the library desk as a chat bot."),
		kong.Writers(std.out, std.err), kong.Exit(func(c int) { panic(exit(c)) }), kong.BindTo(ctx, (*context.Context)(nil)))
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
	k, err := parser.Parse(longFlags(parser.Model, args))
	if err != nil {
		fmt.Fprintf(std.err, "pst: command line: %v; see pst --help\n", err)
		return exitUsage
	}
	if len(g.Data) > 1 && (k.Command() != "report" || g.Config != "") {
		fmt.Fprintln(std.err, "pst: command line: several -data are summed by pst report alone, each with its own pst.toml; see pst --help")
		return exitUsage
	}
	h := &house{data: g.Data[0], more: g.Data[1:], config: g.Config, std: std, form: g.Log}
	h.log = h.logTo().logger(slog.LevelInfo, nil)
	switch err := k.Run(h); {
	case err == nil:
	case errors.As(err, new(usageError)):
		h.logTo().failed(fmt.Sprintf("pst: %v", err))
		code = exitUsage
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		h.logTo().failed("pst: stopped")
		code = exitFailed
	default:
		h.logTo().failed(fmt.Sprintf("pst: %v", err))
		code = exitFailed
	}
	return code
}

// longFlags lets every option be written with one dash, as in "-data DIR".
func longFlags(app *kong.Application, args []string) []string {
	known := map[string]bool{"help": true}
	kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if f, ok := node.(*kong.Flag); ok {
			known[f.Name] = true
		}
		return next(nil)
	})
	out := slices.Clone(args)
	for i, a := range out {
		if a == "--" {
			break
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(a, "-"), "=")
		if len(a) > 2 && a[0] == '-' && a[1] != '-' && known[name] {
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
	fmt.Fprintln(h.std.out, "pst", version())
	return nil
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

// isTerminal tells whether a stream is a person's terminal.
func isTerminal(v any) bool {
	f, ok := v.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
