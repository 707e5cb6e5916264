package conversation

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// textFault is what is wrong with a text, for engineers and for who writes it.
type textFault struct{ reason, people string }

func (f *textFault) Error() string { return f.reason }

func faulty(reason, people string, args ...any) error {
	return &textFault{fmt.Sprintf(reason, args...), fmt.Sprintf(people, args...)}
}

var errEmptyText = faulty("it is empty", "Kalimat ini kosong. Tulis isinya, atau pilih kembali ke bawaan.")

func unknownDatum(name string) error {
	return faulty("{{.%s}} is not known here", "Isian {{.%s}} tidak dikenal dalam kalimat ini. Pakai hanya isian yang "+
		"tertera pada daftar.", name)
}

// oneLined joins faults in one line, as the program's errors are; nil for none.
func oneLined(faults []error) error {
	if len(faults) == 0 {
		return nil
	}
	return lined(faults)
}

type lined []error

func (l lined) Unwrap() []error { return l }

func (l lined) Error() string {
	var all []string
	for _, f := range l {
		all = append(all, f.Error())
	}
	return strings.Join(all, "; ")
}

var unknownFunction = regexp.MustCompile(`function "([^"]+)" not defined`)

// ExplainText says in Indonesian what is wrong with a text, given an error of
// [NewTexts] or [PutText]; "" for an error of another kind.
func ExplainText(err error) string {
	var f *textFault
	if errors.As(err, &f) {
		return f.people
	}
	said := err.Error()
	_, where, parsing := strings.Cut(said, "template: ")
	m := unknownFunction.FindStringSubmatch(said)
	switch {
	case !parsing:
		return ""
	case m != nil:
		return fmt.Sprintf("Kata %q di dalam {{ }} tidak dikenal. Salin isian seperti pada kalimat bawaan.", m[1])
	case strings.Contains(said, "unexpected EOF"), strings.Contains(said, "unclosed action"),
		strings.Contains(said, "unexpected {{end}}"),
		strings.Contains(said, "unexpected {{else}}"):
		return "Tanda {{ }} tidak lengkap: setiap {{if}}, {{with}}, dan {{range}} ditutup dengan satu {{end}}."
	case strings.Contains(said, "executing"):
		return "Isian di dalam {{ }} tidak dapat dipakai di sini. Salin isian seperti pada kalimat bawaan."
	}
	return "Bagian di dalam {{ }} tidak dapat dibaca (" + where + "). Salin isian seperti pada kalimat bawaan."
}
