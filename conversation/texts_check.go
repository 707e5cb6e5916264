package conversation

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
	"unicode/utf8"
)

// check executes each of an office's own texts with sample data for every
// branch, beside the text of the same key that it replaces. It names the key of
// the first text that would fail when it is used, shows other answers than the
// desk has, is too long, or has a label that means another answer: own words may
// change how the desk speaks, never what an answer does.
func (x *Texts) check(base *template.Template, own []string) error {
	data := samples(x)
	var faults []error
	for _, key := range own {
		if err := x.checkText(base.Lookup(key), x.set.Lookup(key), data[key]); err != nil {
			faults = append(faults, fmt.Errorf("own text %s: %w", key, err))
		} else if strings.Contains(key, ":") {
			if err := x.checkLabel(base, key, data); err != nil {
				faults = append(faults, fmt.Errorf("own text %s: %w", key, err))
			}
		}
	}
	return oneLined(faults)
}

// roomOf is how long a text may be: a reply has room for the line that leads back, and of
// the bot's profile Telegram takes less.
func roomOf(key string) int {
	switch {
	case key == "telegram.about":
		return 120
	case key == "telegram.description":
		return 512
	case strings.HasPrefix(key, "telegram."):
		return 256
	}
	return MaxReply - len("\n*0* Kembali")
}

// optionLine is a numbered answer as the desk writes it: "*1* Cari publikasi".
var optionLine = regexp.MustCompile(`(?m)^\s*\*\d{1,2}\*\s`)

func (x *Texts) checkText(base, own *template.Template, data []D) error {
	known := rootFields(base)
	for _, f := range rootFields(own) {
		if name := f[0]; name != "Office" && name != "Hours" && name != "Options" &&
			!slices.ContainsFunc(known, func(k []string) bool { return k[0] == name }) {
			return unknownDatum(name)
		}
		probe, err := template.New("probe").Option("missingkey=error").Parse("{{with ." + strings.Join(f, ".") + "}}{{end}}")
		if err == nil { // some are there in some cases alone
			known := func(d D) bool { _, err := x.run(probe, d); return err == nil }
			if !slices.ContainsFunc(data, known) {
				_, err = x.run(probe, data[0])
			}
		}
		if err != nil {
			return unknownDatum(strings.Join(f, "."))
		}
	}
	const mark = "\x01"
	for _, d := range branches(data, known) {
		if _, err := x.run(base, d); err != nil {
			continue // no data that this text is ever given
		}
		got, err := x.run(own, d)
		if err != nil {
			return err
		}
		if n, most := utf8.RuneCountInString(got), roomOf(own.Name()); n > most {
			return faulty("%d characters, more than %d",
				"Kalimat ini terlalu panjang: dengan isian terpanjang %d huruf, paling banyak %d.", n, most)
		}
		if d["Options"] != "" {
			d["Options"] = mark
		}
		want, _ := x.run(base, d)
		if got, err = x.run(own, d); err != nil {
			return err
		}
		if a, b := strings.Count(got, mark), strings.Count(want, mark); a != b {
			return faulty("{{.Options}}, the answers, stands there %d times and not %d",
				"{{.Options}}, tempat pilihan jawaban, tertulis %d kali, seharusnya %d kali.", a, b)
		}
		if optionLine.MatchString(got) {
			return faulty("numbered answers are made by the desk: write {{.Options}}, and their words under \"question:answer\"",
				"Pilihan bernomor dibuat oleh program: tulis {{.Options}} di tempatnya. Bunyi tiap pilihan diubah pada "+
					"kalimatnya sendiri.")
		}
		if strings.TrimSpace(got) == "" && strings.TrimSpace(want) != "" {
			return errEmptyText
		}
	}
	return nil
}

// checkLabel looks at the words of one answer: they must not be those of another
// answer of the same question, or of a word that does something else everywhere.
func (x *Texts) checkLabel(base *template.Template, key string, data map[string][]D) error {
	question, answer, _ := strings.Cut(key, ":")
	i := slices.IndexFunc(states(), func(s *state) bool { return s.name == question })
	text, err := x.run(x.set.Lookup(key), data[key][0])
	if err != nil {
		return err
	}
	if strings.Contains(text, "\n") && key != "results:hit" {
		return faulty("a label has one line", "Bunyi pilihan jawaban hanya satu baris.")
	}
	l := label(text)
	w := word(l)
	if i < 0 || data[key] == nil || w == "" {
		if w == "" {
			return faulty("a label needs a word", "Bunyi pilihan jawaban harus memuat sebuah kata.")
		}
		return nil
	}
	row := states()[i]
	old, err := x.run(base.Lookup(key), data[key][0])
	if err != nil {
		return err
	}
	if l == label(old) {
		return nil
	}
	if c := commandOf(l); c != "" && commandOf(label(old)) != c {
		return faulty("%q is a word that does something else everywhere", "%q adalah kata perintah dengan arti lain.", l)
	}
	if numeral(l) != "" {
		return faulty("a label needs a word, numbers are made by the desk",
			"Bunyi pilihan harus berupa kata; angkanya dibuat oleh program.")
	}
	said := strings.Fields(strings.ToLower(l))[0]
	said = strings.Trim(said, ",.!")
	if row.yes == answer && slices.Contains(noWords, said) || row.no == answer && slices.Contains(yesWords, said) {
		return faulty("%q says the opposite", "%q berarti kebalikannya.", l)
	}
	var offers, usual []shown
	for _, o := range row.options {
		other := row.name + ":" + o.key
		if o.typed {
			continue
		}
		old, err := x.run(base.Lookup(other), data[other][0])
		if err == nil && o.key != answer && word(label(old)) == w {
			return faulty("%q is the desk's word for another answer of that question, %s",
				"%q sudah berarti pilihan lain pada pertanyaan itu (%s).", l, o.key)
		}
		text, err := x.run(x.set.Lookup(other), data[other][0])
		if err != nil {
			return err
		}
		if o.key != answer && word(label(text)) == w {
			return faulty("%q is the label of another answer of that question too, %s",
				"%q sudah menjadi bunyi pilihan lain pada pertanyaan itu (%s).", l, o.key)
		}
		offers = append(offers, shown{Option: Option{Key: o.key, Label: caption(text)}, said: label(text)})
		usual = append(usual, shown{Option: Option{Key: o.key, Label: caption(old)}, said: label(old)})
	}
	for _, f := range fields { // stand there beside the answers
		if row.name != "change" || !f.change {
			continue
		}
		if text, err := x.run(x.set.Lookup("field:"+f.key), nil); err == nil && word(label(text)) == w {
			return faulty("%q is the label of another answer of that question too, %s",
				"%q sudah menjadi bunyi pilihan lain pada pertanyaan itu (%s).", l, f.key)
		}
	}
	all := func(*option) bool { return true }
	if got := row.meant(l, offers, all); got != answer && row.meant(label(old), usual, all) == answer {
		return faulty("%q means another answer of that question, %s",
			"%q dipahami sebagai pilihan lain pada pertanyaan itu (%s).", l, got)
	}
	return nil
}

// run renders one text.
func (x *Texts) run(t *template.Template, data D) (string, error) {
	d := D{"Office": x.office, "Hours": x.office.HoursText()}
	for k, v := range data {
		d[k] = v
	}
	var b strings.Builder
	if err := t.Execute(&b, d); err != nil {
		return "", err
	}
	return strings.TrimSpace(strings.ToValidUTF8(b.String(), "")), nil
}

// branches are the samples, and each of them with one datum turned to its zero
// value, or to the other truth value, so that every branch is taken.
func branches(data []D, known [][]string) []D {
	var out []D
	with := func(d D, name string, v any) {
		c := D{}
		for k, old := range d {
			c[k] = old
		}
		c[name] = v
		out = append(out, c)
	}
	for _, d := range data {
		with(d, "Options", d["Options"])
		for _, f := range known {
			v, ok := d[f[0]]
			switch b, isBool := v.(bool); {
			case !ok || v == nil || f[0] == "Options":
			case isBool:
				with(d, f[0], !b)
			case reflect.TypeOf(v) != reflect.TypeOf(D{}):
				with(d, f[0], reflect.Zero(reflect.TypeOf(v)).Interface())
			}
		}
	}
	return out
}

// rootFields are the fields of the text's own data that it names, as chains
// ({"Ticket", "ID"}); what is inside {{with}} and {{range}} is not of its own.
func rootFields(t *template.Template) [][]string {
	var out [][]string
	var walk func(n parse.Node, root bool)
	list := func(l *parse.ListNode, root bool) {
		if l != nil {
			for _, n := range l.Nodes {
				walk(n, root)
			}
		}
	}
	branch := func(b *parse.BranchNode, root, inside bool) {
		walk(b.Pipe, root)
		list(b.List, inside)
		list(b.ElseList, root)
	}
	walk = func(n parse.Node, root bool) {
		switch n := n.(type) {
		case *parse.ListNode:
			list(n, root)
		case *parse.ActionNode:
			walk(n.Pipe, root)
		case *parse.PipeNode:
			for _, c := range n.Cmds {
				for _, a := range c.Args {
					walk(a, root)
				}
			}
		case *parse.FieldNode:
			if root {
				out = append(out, n.Ident)
			}
		case *parse.VariableNode:
			if n.Ident[0] == "$" && len(n.Ident) > 1 {
				out = append(out, n.Ident[1:])
			}
		case *parse.IfNode:
			branch(&n.BranchNode, root, root)
		case *parse.WithNode:
			branch(&n.BranchNode, root, false)
		case *parse.RangeNode:
			branch(&n.BranchNode, root, false)
		}
	}
	if t != nil && t.Tree != nil {
		walk(t.Root, true)
	}
	return out
}
