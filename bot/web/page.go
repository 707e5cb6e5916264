package web

import (
	"embed"
	"fmt"
	"html"
	"html/template"
	"io"
	"io/fs"
	"regexp"
	"strings"
	"time"

	"pst/conversation"
)

//go:embed templates
var templates embed.FS

// link is one entry of the page's menu.
type link struct{ Path, Name string }

// menu is what every page leads to, in the order of a day's work.
var menu = []link{{"/", "Hari ini"}, {"/tiket", "Tiket"}, {"/katalog", "Katalog"}, {"/kanal", "Kanal"},
	{"/laporan", "Laporan"},
	{"/kalimat", "Kalimat"}, {"/kantor", "Kantor"}, {"/pembaca", "Pembaca"}, {"/jejak", "Jejak"}, {"/panduan", "Panduan"}}

// pages are the templates by name.
type pages map[string]*template.Template

func loadPages(office func() *conversation.Office) (pages, error) {
	funcs := template.FuncMap{
		"rich":    rich,
		"menu":    func() []link { return menu },
		"within":  within,
		"date":    func(t time.Time) string { return stamp(office(), t, "2 Jan 2006") },
		"clock":   func(t time.Time) string { return stamp(office(), t, "2 Jan 2006 15.04") },
		"iso":     func(t time.Time) string { return t.Format(time.RFC3339) },
		"bytes":   sizeOf,
		"kind":    func(k string) string { return kinds[k] },
		"trail":   trailName,
		"verb":    func(v string) string { return verbs[v] },
		"add":     func(a, b int) int { return a + b },
		"picture": func(mime string) bool { return strings.HasPrefix(mime, "image/") },
	}
	names, err := fs.Glob(templates, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("list pages: %w", err)
	}
	out := pages{}
	for _, file := range names {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "templates/"), ".html")
		if name == "layout" {
			continue
		}
		t, err := template.New("layout.html").Funcs(funcs).Option("missingkey=zero").ParseFS(templates,
			"templates/layout.html", file)
		if err != nil {
			return nil, fmt.Errorf("read page %s: %w", name, err)
		}
		out[name] = t
	}
	return out, nil
}

func (p pages) render(w io.Writer, page string, data map[string]any) error {
	t := p[page]
	if t == nil {
		return fmt.Errorf("no page %q", page)
	}
	return t.Execute(w, data)
}

var bold = regexp.MustCompile(`\*([^*\n]+)\*`)

// rich shows a text as chats do: *tebal* and lines. Whatever else stands in it is
// text.
func rich(text string) template.HTML {
	return template.HTML(bold.ReplaceAllString(html.EscapeString(text), "<strong>$1</strong>"))
}

// within tells whether a page lies under an entry of the menu.
func within(path, entry string) bool {
	return path == entry || entry != "/" && strings.HasPrefix(path, entry+"/")
}

var months = strings.NewReplacer("May", "Mei", "Aug", "Agu", "Oct", "Okt", "Dec", "Des")

// stamp writes a moment in the office's zone; nothing for the zero time.
func stamp(o *conversation.Office, t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return months.Replace(t.In(o.Zone).Format(layout))
}

// sizeOf writes a number of bytes.
func sizeOf(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.0f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.0f KB", float64(n)/(1<<10))
}
