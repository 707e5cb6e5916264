package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"pst/conversation"
)

// configHead begins every pst.toml that the program writes.
const configHead = `# Pengaturan meja PST. Baris yang diawali # tidak dibaca; hapus # di depan sebuah
# kunci untuk memakainya. Nilai di situ adalah nilai bawaan, atau contoh bila disebut
# demikian. Periksa dengan: pst check
# Setiap nilai tunggal juga dapat diisi lewat variabel PST_BAGIAN_KUNCI, seperti
# PST_SMTP_HOST; rahasia juga lewat PST_BAGIAN_KUNCI_FILE, yang menyebut sebuah berkas.
`

// configFile is the text of a pst.toml in which every key is explained. The keys in set,
// as in "office.name", have a value, and so has each of the staff; the others rest
// behind a #.
func configFile(set map[string]any, staff []staffConfig) string {
	b := &strings.Builder{}
	b.WriteString(configHead)
	c := presets()
	root := reflect.ValueOf(c)
	for _, wantTable := range []bool{false, true} { // TOML has the keys of no section first
		for i := range root.NumField() {
			name, v := root.Type().Field(i).Tag.Get("toml"), root.Field(i)
			table := v.Kind() == reflect.Struct || v.Kind() == reflect.Slice
			if name == "" || table != wantTable {
				continue
			}
			b.WriteString("\n")
			switch v.Kind() {
			case reflect.Struct:
				fmt.Fprintf(b, "%s[%s]\n", commented(remarks[name].say), name)
				for _, f := range keysOf(v.Type()) {
					key := f.Tag.Get("toml")
					writeKey(b, name+"."+key, key, v.FieldByIndex(f.Index), set)
				}
			case reflect.Slice:
				writeStaff(b, staff)
			default:
				writeKey(b, name, name, v, set)
			}
		}
	}
	return b.String()
}

// writeKey writes a key with its remark: its value where set has one, else what holds
// without it, or an example, behind a #.
func writeKey(b *strings.Builder, path, key string, preset reflect.Value, set map[string]any) {
	r := remarkOf(path)
	b.WriteString(commented(r.say))
	value, isSet := set[path]
	switch {
	case isSet:
		b.WriteString(line(key, value))
	case preset.IsZero() && r.like != nil:
		b.WriteString("#" + example(key, r.like))
	default:
		b.WriteString("#" + line(key, preset.Interface()))
	}
}

// writeStaff writes who is known, or an example. Remarks stand at the first alone.
func writeStaff(b *strings.Builder, staff []staffConfig) {
	b.WriteString(commented(remarks["staff"].say))
	row := reflect.TypeFor[staffConfig]()
	for i := range max(1, len(staff)) {
		if len(staff) == 0 {
			b.WriteString("#")
		}
		b.WriteString("[[staff]]\n")
		for j := range row.NumField() {
			key, _, _ := strings.Cut(row.Field(j).Tag.Get("toml"), ",")
			r := remarks["staff."+key]
			if i == 0 {
				b.WriteString(commented(r.say))
			}
			switch {
			case len(staff) == 0:
				b.WriteString("#" + example(key, r.like))
			case !reflect.ValueOf(staff[i]).Field(j).IsZero():
				b.WriteString(line(key, reflect.ValueOf(staff[i]).Field(j).Interface()))
			case i == 0:
				b.WriteString("#" + example(key, r.like))
			}
		}
	}
}

// remarkOf explains a key. What names an office is explained by how it is asked for.
func remarkOf(path string) remark {
	key, ok := strings.CutPrefix(path, "office.")
	if i := slices.IndexFunc(facts, func(f fact) bool { return f.key == key }); ok && i >= 0 {
		return remark{strings.TrimSuffix(facts[i].ask, "!") + ".", facts[i].like}
	}
	return remarks[path]
}

// presets is the configuration with the value that holds where no key is set, of an
// office that is not known.
func presets() config {
	c := defaults()
	office := conversation.NewOffice(time.UTC)
	c.Office, c.Loans = shown(office).Office, shown(office).Loans
	c.Office.Zone = defaultZone
	c.Page.Listen = pageDefault
	c.IMAP.TLS, c.IMAP.Folder = "tls", "INBOX"
	return c
}

// example writes a key with a value that is one of many; an empty one shows the form.
func example(key string, value any) string {
	if value == "" {
		return line(key, value)
	}
	return strings.TrimSuffix(line(key, value), "\n") + "  # contoh\n"
}

// line writes one key as TOML.
func line(key string, value any) string {
	text, err := toml.Marshal(map[string]any{key: value})
	if err != nil {
		panic(err) // strings, numbers and lists of them can always be written
	}
	return string(text)
}

// commented is a text as lines behind "# ", at most 88 characters each.
func commented(text string) string {
	b, room := &strings.Builder{}, 0
	for _, word := range strings.Fields(text) {
		if room -= len(word) + 1; room < 0 {
			if b.Len() > 0 {
				b.WriteString("\n")
			}
			b.WriteString("#")
			room = 86 - len(word)
		}
		b.WriteString(" " + word)
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	return b.String()
}
