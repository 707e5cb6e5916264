package telegramtest

import (
	"html"
	"slices"
	"strings"
	"unicode/utf8"
)

// tags are the HTML tags that Telegram knows, by the entity each makes.
var tags = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
	"a":          "text_link",
	"blockquote": "blockquote", "tg-spoiler": "spoiler",
}

// readText is the text that people see, and its entities, of what a bot wrote.
// It refuses what Telegram refuses, in Telegram's words.
func readText(text, mode string) (string, []entity, *apiError) {
	if !utf8.ValidString(text) {
		return "", nil, badRequest("strings must be encoded in UTF-8")
	}
	var entities []entity
	switch mode {
	case "":
	case "HTML":
		var bad *apiError
		if text, entities, bad = parseHTML(text); bad != nil {
			return "", nil, bad
		}
	default:
		return "", nil, badRequest("unsupported parse_mode")
	}
	lead := len(text) - len(strings.TrimLeft(text, " \n\t\r"))
	cutOff := utf16Len(text[:lead])
	text = strings.TrimSpace(text)
	total := utf16Len(text)
	kept := entities[:0]
	for _, e := range entities {
		end := min(e.Offset-cutOff+e.Length, total)
		e.Offset = max(e.Offset-cutOff, 0)
		if e.Length = end - e.Offset; e.Length > 0 {
			kept = append(kept, e)
		}
	}
	return text, kept, nil
}

func parseHTML(text string) (string, []entity, *apiError) {
	type open struct {
		tag    string
		offset int
	}
	var out strings.Builder
	var stack []open
	var entities []entity
	units := 0
	write := func(s string) {
		out.WriteString(s)
		units += utf16Len(s)
	}
	for i := 0; i < len(text); {
		switch text[i] {
		case '&':
			end := strings.IndexByte(text[i:], ';')
			if end > 0 && (slices.Contains([]string{"&lt;", "&gt;", "&amp;", "&quot;"}, text[i:i+end+1]) ||
				strings.HasPrefix(text[i:], "&#")) {
				write(html.UnescapeString(text[i : i+end+1]))
				i += end + 1
				continue
			}
			write("&")
			i++
		case '<':
			at := i
			end := strings.IndexByte(text[i:], '>')
			if end < 0 {
				return "", nil, badRequest("can't parse entities: Unclosed start tag at byte offset %d", at)
			}
			name := text[i+1 : i+end]
			i += end + 1
			if rest, closing := strings.CutPrefix(name, "/"); closing {
				if len(stack) == 0 {
					return "", nil, badRequest("can't parse entities: Unexpected end tag at byte offset %d", at)
				}
				top := stack[len(stack)-1]
				if rest != "" && rest != top.tag {
					return "", nil, badRequest("can't parse entities: Unmatched end tag at byte offset %d, expected %q, found %q", at,
						"</"+top.tag+">", "</"+rest+">")
				}
				stack = stack[:len(stack)-1]
				if units > top.offset {
					entities = append(entities, entity{tags[top.tag], top.offset, units - top.offset})
				}
				continue
			}
			name, _, _ = strings.Cut(strings.ToLower(name), " ")
			if tags[name] == "" {
				return "", nil, badRequest("can't parse entities: Unsupported start tag %q at byte offset %d", name, at)
			}
			stack = append(stack, open{name, units})
		default:
			_, size := utf8.DecodeRuneInString(text[i:])
			write(text[i : i+size])
			i += size
		}
	}
	if len(stack) > 0 {
		return "", nil, badRequest("can't parse entities: Can't find end tag corresponding to start tag %q",
			stack[len(stack)-1].tag)
	}
	slices.SortStableFunc(entities, func(a, b entity) int { return a.Offset - b.Offset })
	return out.String(), entities, nil
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}
