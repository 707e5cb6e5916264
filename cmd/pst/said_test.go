package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// saidHere are the files that hold sentences for people beside the texts, and why no
// office words them. A folder stands for all in it.
var saidHere = map[string]string{
	"conversation/office.go":       "values of the configuration, where an office has others",
	"conversation/report.go":       "names of figures, which stand beside their keys in every format",
	"conversation/report_text.go":  "names of figures",
	"conversation/survey_skm.go":   "names of figures, as the regulation has them",
	"conversation/report_tally.go": "names of figures",
	"conversation/datum_answer.go": "names of figures",
	"conversation/texts_check.go":  "said to who writes a text that the desk could not use",
	"conversation/texts_fault.go":  "said to who writes a text that the desk could not use",
	"conversation/texts_source.go": "said to who writes a text",
	"conversation/states.go":       "the drawing of the dialogue, for engineers and the office",
	"store/figures.go":             "names of figures",
	"store/figures_clock.go":       "names of figures",
	"store/figures_desk.go":        "names of figures",
	"store/report.go":              "names of figures",
	"store/intake/reason.go":       "said to who imports publications",
	"bot/mail/mail.go":             "the letter that tries the mail server, to the office itself",
	"bot/whatsapp/pair.go":         "said to who links the phone, at a terminal or the page",
	"bot/whatsapp/passkey.go":      "said to who links the phone",
	"bot/web":                      "the page for staff, a program of its own",
}

// Sentences of the desk are texts, so that an office can have its own: no other file of
// the desk holds one.
func TestSentencesStandInTheTexts(t *testing.T) {
	words := regexp.MustCompile(`(?i)\b(yang|tidak|untuk|dengan|sudah|belum|dari|atau|adalah|ini|itu|akan|dan|saya|kami|silakan|bapak|maks)\b`)
	sentence := func(s string) bool {
		s = strings.TrimLeft(s, "*[(\"' ")
		return s != "" && s[0] >= 'A' && s[0] <= 'Z' && len(strings.Fields(s)) >= 4 && words.MatchString(s)
	}
	met := map[string]bool{}
	for _, room := range []string{"conversation", "store", "bot"} {
		err := filepath.WalkDir(filepath.Join("../..", room), func(path string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			name := strings.TrimPrefix(filepath.ToSlash(path), "../../")
			if e.IsDir() && (e.Name() == "testdata" || name == "store/holdings" || name == "conversation/nlu" ||
				strings.HasSuffix(e.Name(), "test")) {
				return fs.SkipDir // what pages of publications say, what people write, and servers of tests
			}
			if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
				return nil
			}
			source, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			files := token.NewFileSet()
			parsed, err := parser.ParseFile(files, path, source, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				l, ok := n.(*ast.BasicLit)
				if !ok || l.Kind != token.STRING {
					return true
				}
				if s, err := strconv.Unquote(l.Value); err != nil || !sentence(s) {
					return true
				}
				for _, place := range []string{name, filepath.ToSlash(filepath.Dir(name))} {
					if saidHere[place] != "" {
						met[place] = true
						return true
					}
				}
				t.Errorf("%s:%d says %s: a sentence for people is one of the texts", name, files.Position(l.Pos()).Line, l.Value)
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for place := range saidHere {
		if !met[place] {
			t.Errorf("%s holds no sentence any more", place)
		}
	}
}
