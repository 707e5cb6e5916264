package guide

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// Text is the guide for a terminal, in lines of at most width characters where words
// allow; commands stand in lines of their own and are not broken.
func Text(f Facts, width int) (string, error) {
	md, err := filled(f)
	if err != nil {
		return "", err
	}
	p := &printer{md: md, width: width}
	p.blocks(markdown.Parser().Parse(text.NewReader(md)), "")
	return p.out.String(), nil
}

// printer writes blocks as lines.
type printer struct {
	md    []byte
	width int
	out   strings.Builder
}

// blocks writes the children of a node, each line behind an indent.
func (p *printer) blocks(parent ast.Node, indent string) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			p.heading(n)
		case *ast.List:
			p.list(n, indent)
			p.out.WriteString("\n")
		case *ast.FencedCodeBlock:
			for i := range n.Lines().Len() {
				at := n.Lines().At(i)
				fmt.Fprintf(&p.out, "%s    %s", indent, at.Value(p.md))
			}
			p.out.WriteString("\n")
		default:
			p.wrap(words(n, p.md), indent, indent)
			p.out.WriteString("\n")
		}
	}
}

// heading writes capitals for the first two orders, with a line under the first.
func (p *printer) heading(h *ast.Heading) {
	name := words(h, p.md)
	switch h.Level {
	case 1:
		fmt.Fprintf(&p.out, "%s\n%s\n\n", strings.ToUpper(name), strings.Repeat("=", utf8.RuneCountInString(name)))
	case 2:
		fmt.Fprintf(&p.out, "%s\n\n", strings.ToUpper(name))
	default:
		fmt.Fprintf(&p.out, "%s\n\n", name)
	}
}

func (p *printer) list(l *ast.List, indent string) {
	number := l.Start
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "- "
		if l.IsOrdered() {
			mark = fmt.Sprintf("%d. ", number)
			number++
		}
		first := indent + mark
		rest := indent + strings.Repeat(" ", len(mark))
		for n := item.FirstChild(); n != nil; n = n.NextSibling() {
			p.wrap(words(n, p.md), first, rest)
			first = rest
		}
	}
}

// wrap writes words in lines, the first behind one indent and the others behind another.
func (p *printer) wrap(s, first, rest string) {
	line := first
	empty := true
	for _, w := range strings.Fields(s) {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(w) > p.width {
			p.out.WriteString(line + "\n")
			line, empty = rest, true
		}
		if !empty {
			line += " "
		}
		line += w
		empty = false
	}
	p.out.WriteString(line + "\n")
}

// words are a node's text without its marks.
func words(n ast.Node, md []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.Write(unescaped(c.Segment.Value(md)))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		default:
			b.WriteString(words(c, md))
		}
	}
	return b.String()
}

// escaped is a character that would else be a mark.
var escaped = regexp.MustCompile(`\\(\W)`)

// unescaped drops the backslashes before such characters.
func unescaped(s []byte) []byte { return escaped.ReplaceAll(s, []byte("$1")) }
