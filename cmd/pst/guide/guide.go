// Package guide is the operator's guide in Bahasa Indonesia: one text, with an office's
// facts in it, as lines for a terminal, as a page of its own, and as a part of a page.
//
// It knows nothing of the desk: what it tells of an office comes in Facts.
package guide

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"regexp"
	"strings"
	texts "text/template"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// source is the guide in Markdown: `code` is what a person types, a key or a file's name,
// *emphasis* a page for staff.
//
//go:embed panduan.md
var source string

//go:embed page.html
var page string

// Facts are what the guide tells of an office and its desk.
type Facts struct {
	Office   string
	Page     string // where the page for staff is; "" while it is not served
	Commands []Command
}

// Command is one that staff write to the bot.
type Command struct{ Usage, What string }

// markdown parses the guide; headings can be led to.
var markdown = goldmark.New(goldmark.WithParserOptions(parser.WithAutoHeadingID()))

// special are the characters by which a fact would become more than text.
var special = regexp.MustCompile("[\\\\`*_{}\\[\\]<>()#+!|&-]")

// filled is the guide with an office's facts.
func filled(f Facts) ([]byte, error) {
	t, err := texts.New("panduan").Option("missingkey=error").Parse(source)
	if err != nil {
		return nil, fmt.Errorf("read guide: %w", err)
	}
	f.Office, f.Page = special.ReplaceAllString(f.Office, `\$0`), special.ReplaceAllString(f.Page, `\$0`)
	commands := f.Commands
	f.Commands = nil
	for _, c := range commands { // what they do is written as chats write, *tebal*
		f.Commands = append(f.Commands, Command{c.Usage, strings.ReplaceAll(c.What, "*", "`")})
	}
	var b bytes.Buffer
	if err := t.Execute(&b, f); err != nil {
		return nil, fmt.Errorf("fill guide: %w", err)
	}
	return b.Bytes(), nil
}

// HTML is the guide without a page around it: one heading of the first order, no styles.
func HTML(f Facts) (template.HTML, error) {
	md, err := filled(f)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := markdown.Convert(md, &b); err != nil {
		return "", fmt.Errorf("write guide: %w", err)
	}
	return template.HTML(b.String()), nil // goldmark lets no HTML of its source through
}

// chapter is an entry of the page's contents.
type chapter struct{ ID, Name string }

// Page is the guide as one page that needs nothing beside it.
func Page(f Facts) ([]byte, error) {
	body, err := HTML(f)
	if err != nil {
		return nil, err
	}
	md, err := filled(f)
	if err != nil {
		return nil, err
	}
	t, err := template.New("page").Parse(page)
	if err != nil {
		return nil, fmt.Errorf("read page: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, map[string]any{"Office": f.Office, "Body": body, "Chapters": chapters(md)}); err != nil {
		return nil, fmt.Errorf("write page: %w", err)
	}
	return b.Bytes(), nil
}

func chapters(md []byte) []chapter {
	var out []chapter
	for n := markdown.Parser().Parse(text.NewReader(md)).FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok || h.Level != 2 {
			continue
		}
		id, _ := h.AttributeString("id")
		name, _ := id.([]byte)
		out = append(out, chapter{string(name), words(h, md)})
	}
	return out
}
