package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rooms says which rooms of the house each room may know. cmd is where all is
// put together; it alone knows more than the conversation.
var rooms = map[string][]string{
	"cmd":          {"bot", "conversation", "search", "store"},
	"bot":          {"conversation"},
	"search":       {"conversation"},
	"store":        {"conversation"},
	"conversation": {},
}

// only says which folders alone may import what begins with a path.
var only = []struct {
	path    string
	folders []string
}{
	{"database/sql", []string{"store"}},
	{"modernc.org/sqlite", []string{"store", "bot/whatsapp"}}, // whatsmeow keeps its device in a file of its own
	{"github.com/blevesearch/", []string{"search"}},
	{"github.com/pdfcpu/", []string{"store/holdings"}},
	{"github.com/klippa-app/go-pdfium", []string{"store/holdings"}},
	{"github.com/tetratelabs/wazero", []string{"store/holdings"}},
	{"github.com/go-telegram-bot-api/", []string{"bot/telegram"}},
	{"go.mau.fi/whatsmeow", []string{"bot/whatsapp"}},
	{"github.com/wneessen/go-mail", []string{"bot/mail"}},
	{"github.com/emersion/go-smtp", []string{"bot/mail", "cmd/pst"}}, // the server that tests read codes from
	{"github.com/emersion/go-imap", []string{"bot/mail", "cmd/pst"}}, // cmd/pst: the server that tests put bounces into
	{"github.com/emersion/go-message", []string{"bot/mail"}},
	// how a file is written is nobody else's business
	{"github.com/xuri/excelize", []string{"cmd/pst/reports", "cmd/pst/sheets"}},
	{"github.com/chromedp", []string{"cmd/pst"}},
	{"github.com/alexedwards/scs", []string{"bot/web", "cmd/pst"}},
	{"github.com/prometheus/", []string{"cmd/pst/watch"}},
	{"github.com/coreos/go-systemd", []string{"cmd/pst/watch"}},
	{"net/smtp", nil},
}

// complaint says what is wrong with one import, or "".
func complaint(folder, path string) string {
	room, _, _ := strings.Cut(folder, "/")
	if target, ok := strings.CutPrefix(path, "pst/"); ok {
		other, _, _ := strings.Cut(target, "/")
		if other != room && !slices.Contains(rooms[room], other) {
			return room + " must not know " + other
		}
		if _, known := rooms[room]; !known {
			return "no such room: " + room
		}
	}
	for _, o := range only {
		if path != strings.TrimSuffix(o.path, "/") && !strings.HasPrefix(path, strings.TrimSuffix(o.path, "/")+"/") {
			continue
		}
		if !slices.ContainsFunc(o.folders, func(f string) bool {
			in := folder == f || strings.HasPrefix(folder, f+"/")
			return in && !(f == "store" && strings.HasPrefix(folder, "store/holdings"))
		}) {
			return path + " belongs to " + strings.Join(o.folders, " and ")
		}
	}
	return ""
}

func TestTheHouseKeepsItsArrows(t *testing.T) {
	root := os.DirFS("../..")
	files := 0
	err := fs.WalkDir(root, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (strings.HasPrefix(e.Name(), ".") && path != "." || e.Name() == "testdata" || e.Name() == "data") {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		source, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, source, parser.ImportsOnly)
		if err != nil {
			return err
		}
		files++
		for _, i := range f.Imports {
			if why := complaint(filepath.ToSlash(filepath.Dir(path)), strings.Trim(i.Path.Value, `"`)); why != "" {
				t.Errorf("%s: %s", path, why)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Errorf("only %d files were looked at", files)
	}
}

// The rules themselves: what they refuse and what they allow.
func TestArrowsAreNoticed(t *testing.T) {
	for _, c := range []struct {
		folder, path string
		bad          bool
	}{
		{"conversation", "pst/store", true},
		{"bot", "pst/store", true},
		{"bot/telegram", "pst/search", true},
		{"store/holdings", "pst/bot", true},
		{"search", "pst/conversation", false},
		{"bot/telegram", "pst/bot", false},
		{"cmd/pst", "pst/store/holdings", false},
		{"bot", "database/sql", true},
		{"store/holdings", "database/sql", true},
		{"store", "database/sql", false},
		{"bot/whatsapp", "modernc.org/sqlite", false},
		{"bot/telegram", "modernc.org/sqlite", true},
		{"store", "github.com/pdfcpu/pdfcpu/pkg/api", true},
		{"store/holdings/pagetext", "github.com/klippa-app/go-pdfium", false},
		{"cmd/pst", "github.com/blevesearch/bleve/v2", true},
		{"bot/mail", "net/smtp", true},
		{"bot/mail", "github.com/emersion/go-imap/v2/imapclient", false},
		{"conversation", "github.com/emersion/go-message", true},
		{"store", "github.com/emersion/go-imap/v2", true},
		{"bot", "go.mau.fi/whatsmeow/types", true},
		{"store", "github.com/xuri/excelize/v2", true},
		{"bot/web", "github.com/chromedp/chromedp", true},
		{"conversation", "github.com/prometheus/client_golang/prometheus", true},
		{"cmd/pst", "github.com/prometheus/client_golang/prometheus", true},
		{"cmd/pst/watch", "github.com/prometheus/client_golang/prometheus", false},
		{"cmd/pst/reports", "github.com/xuri/excelize/v2", false},
	} {
		if got := complaint(c.folder, c.path); (got != "") != c.bad {
			t.Errorf("%s importing %s: %q", c.folder, c.path, got)
		}
	}
}
