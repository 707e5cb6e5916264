package conversation

import (
	"errors"
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
	if len(faults) == 0 {
		return nil
	}
	var all []string // one line, as the program's errors are
	for _, f := range faults {
		all = append(all, f.Error())
	}
	return errors.New(strings.Join(all, "; "))
}

// optionLine is a numbered answer as the desk writes it: "*1* Cari publikasi".
var optionLine = regexp.MustCompile(`(?m)^\s*\*\d{1,2}\*\s`)

func (x *Texts) checkText(base, own *template.Template, data []D) error {
	known := rootFields(base)
	for _, f := range rootFields(own) {
		if name := f[0]; name != "Office" && name != "Hours" && name != "Options" &&
			!slices.ContainsFunc(known, func(k []string) bool { return k[0] == name }) {
			return fmt.Errorf("{{.%s}} is not known here", name)
		}
		probe, err := template.New("probe").Option("missingkey=error").Parse("{{with ." + strings.Join(f, ".") + "}}{{end}}")
		if err == nil {
			_, err = x.run(probe, data[0])
		}
		if err != nil {
			return fmt.Errorf("{{.%s}} is not known here", strings.Join(f, "."))
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
		if n := utf8.RuneCountInString(got) + len("\n*0* Kembali"); n > MaxReply {
			return fmt.Errorf("%d characters, more than %d", n, MaxReply)
		}
		if d["Options"] != "" {
			d["Options"] = mark
		}
		want, _ := x.run(base, d)
		if got, err = x.run(own, d); err != nil {
			return err
		}
		if a, b := strings.Count(got, mark), strings.Count(want, mark); a != b {
			return fmt.Errorf("{{.Options}}, the answers, stands there %d times and not %d", a, b)
		}
		if optionLine.MatchString(got) {
			return errors.New("numbered answers are made by the desk: write {{.Options}}, and their words under \"question:answer\"")
		}
		if strings.TrimSpace(got) == "" && strings.TrimSpace(want) != "" {
			return errors.New("it is empty")
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
		return errors.New("a label has one line")
	}
	l := label(text)
	w := word(l)
	if i < 0 || data[key] == nil || w == "" {
		if w == "" {
			return errors.New("a label needs a word")
		}
		return nil
	}
	row := states()[i]
	old, err := x.run(base.Lookup(key), data[key][0])
	if err != nil {
		return err
	}
	if c := commandOf(l); c != "" && commandOf(label(old)) != c {
		return fmt.Errorf("%q is a word that does something else everywhere", l)
	}
	if numeral(l) != "" {
		return errors.New("a label needs a word, numbers are made by the desk")
	}
	said := strings.Fields(strings.ToLower(l))[0]
	said = strings.Trim(said, ",.!")
	if row.yes == answer && slices.Contains(noWords, said) || row.no == answer && slices.Contains(yesWords, said) {
		return fmt.Errorf("%q says the opposite", l)
	}
	var offers []shown
	for _, o := range row.options {
		other := row.name + ":" + o.key
		if o.typed {
			continue
		}
		if old, err := x.run(base.Lookup(other), data[other][0]); err == nil && o.key != answer && word(label(old)) == w {
			return fmt.Errorf("%q is the desk's word for another answer of that question, %s", l, o.key)
		}
		text, err := x.run(x.set.Lookup(other), data[other][0])
		if err != nil {
			return err
		}
		if o.key != answer && word(label(text)) == w {
			return fmt.Errorf("%q is the label of another answer of that question too, %s", l, o.key)
		}
		offers = append(offers, shown{Option: Option{Key: o.key, Label: caption(text)}, said: label(text)})
	}
	if got := row.meant(l, offers, func(*option) bool { return true }); got != answer {
		return fmt.Errorf("%q means another answer of that question, %s", l, got)
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
