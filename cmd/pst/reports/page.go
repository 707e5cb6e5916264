package reports

import (
	_ "embed"
	"html/template"
	"io"
	"sync"

	"pst/conversation"
)

//go:embed page.tmpl
var pageText string

// pageTemplate is made when the first page is written.
var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"write":  func(u conversation.Unit, v conversation.Value) string { return u.Write(v) },
		"number": func(u conversation.Unit) bool { return u != conversation.Words },
		"chart":  chart,
		"repeat": repeats,
		"note":   func() string { return "Catatan: " + conversation.ClosedNote },
		"basis":  func() string { return conversation.Basis },
	}).Parse(pageText))
})

func webPage(w io.Writer, r conversation.Report) error { return pageTemplate().Execute(w, r) }
