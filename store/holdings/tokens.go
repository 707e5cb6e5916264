package holdings

import (
	"bytes"
	"strings"
)

// resourceNames calls add for everything in a content stream that may be the
// name of a resource: each "/Name", wherever it stands. Names inside strings
// and inline images are taken too; that keeps too much rather than dropping
// what is used when a stream is written in a way no tokenizer expects.
func resourceNames(content []byte, add func(string)) {
	for {
		i := bytes.IndexByte(content, '/')
		if i < 0 {
			return
		}
		content = content[i+1:]
		n := 0
		for n < len(content) && regular(content[n]) {
			n++
		}
		add(unescapeName(content[:n]))
		content = content[n:]
	}
}

// unescapeName resolves the #xx sequences of a name (ISO 32000-1, 7.3.5).
func unescapeName(b []byte) string {
	if bytes.IndexByte(b, '#') < 0 {
		return string(b)
	}
	var s strings.Builder
	for i := 0; i < len(b); i++ {
		if b[i] == '#' && i+2 < len(b) {
			hi, lo := hexDigit(b[i+1]), hexDigit(b[i+2])
			if hi >= 0 && lo >= 0 {
				s.WriteByte(byte(hi<<4 | lo))
				i += 2
				continue
			}
		}
		s.WriteByte(b[i])
	}
	return s.String()
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// space and regular are the character classes of ISO 32000-1, 7.2.2.
func space(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func regular(c byte) bool { return !space(c) && strings.IndexByte("()<>[]{}/%", c) < 0 }

// operators calls visit for every operator and operand word of a content
// stream that is not inside a string, comment, name or inline image.
func operators(content []byte, visit func(word []byte)) {
	for i := 0; i < len(content); {
		switch c := content[i]; {
		case c == '%':
			for i < len(content) && content[i] != '\n' && content[i] != '\r' {
				i++
			}
		case c == '(':
			i += literalLen(content[i:])
		case c == '<':
			if i+1 < len(content) && content[i+1] == '<' {
				i += 2
				continue
			}
			end := bytes.IndexByte(content[i:], '>')
			if end < 0 {
				return
			}
			i += end + 1
		case c == '/':
			i++
			for i < len(content) && regular(content[i]) {
				i++
			}
		case !regular(c):
			i++
		default:
			start := i
			for i < len(content) && regular(content[i]) {
				i++
			}
			word := content[start:i]
			visit(word)
			if string(word) == "ID" {
				i += inlineImageLen(content[i:])
			}
		}
	}
}

// literalLen is the length of the literal string at the start of b.
func literalLen(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(b)
}

// inlineImageLen is the distance from behind ID to behind the EI that ends the
// image: the first one between white space after which only printable
// characters follow for a while.
func inlineImageLen(b []byte) int {
	for i := 1; i+2 <= len(b); i++ {
		if b[i] != 'E' || b[i+1] != 'I' || !space(b[i-1]) {
			continue
		}
		rest := b[i+2:]
		if len(rest) > 0 && !space(rest[0]) {
			continue
		}
		if len(rest) > 12 {
			rest = rest[:12]
		}
		if bytes.ContainsFunc(rest, func(r rune) bool { return r > 0x7e || r < ' ' && !space(byte(r)) }) {
			continue
		}
		return i + 2
	}
	return len(b)
}

// saves counts the graphics states that a content stream restores without
// having saved them (under) and those that it leaves saved at its end (open).
func saves(content []byte) (under, open int) {
	operators(content, func(w []byte) {
		if len(w) != 1 {
			return
		}
		switch w[0] {
		case 'q':
			open++
		case 'Q':
			if open > 0 {
				open--
			} else {
				under++
			}
		}
	})
	return under, open
}
