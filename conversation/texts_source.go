package conversation

import (
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"
)

// TextSource is one text as it is written, with its {{actions}}.
type TextSource struct {
	Key   string
	Group string // the part of the talk it belongs to, as the desk's own file heads it
	Text  string
}

// TextSources are the desk's own texts, in the order of the talk.
func TextSources() ([]TextSource, error) {
	file, err := textFiles.ReadFile("text/id.tmpl")
	if err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	group, at := "", 0
	var out []TextSource
	for _, d := range definitions(string(file)) {
		for _, h := range heading.FindAllStringSubmatch(string(file[at:d.from]), -1) {
			group = h[1]
		}
		out, at = append(out, TextSource{d.key, group, string(file[d.text:d.end])}), d.to
	}
	return out, nil
}

var heading = regexp.MustCompile(`\{\{/\* == (.+?) == \*/\}\}`)

// OwnTexts are the texts that an office's own file writes, by key.
func OwnTexts(own string) map[string]string {
	out := map[string]string{}
	for _, d := range definitions(own) { // of two the last one counts
		out[d.key] = own[d.text:d.end]
	}
	return out
}

// PutText writes a text into an office's own file, in place of the one that stands
// there; without a text it takes that one out. Whatever else the file says stays as
// it is. The text alone is looked at: it must be whole by itself. Whether the desk
// can use it, [NewTexts] tells of the whole file.
func PutText(own, key string, text *string) (string, error) {
	if text != nil {
		trees, err := parse.Parse("\x00", *text, "", "", textNames()) // no define can have that name
		if err != nil {
			return own, fmt.Errorf("parse own texts: %w", err)
		}
		if len(trees) > 1 {
			return own, faulty("a text defines no other one", "Tulis isi kalimatnya saja, tanpa {{define}} dan {{block}}.")
		}
	}
	var out strings.Builder
	at, put := 0, false
	for _, d := range definitions(own) {
		switch {
		case d.key != key:
			continue
		case text != nil && !put:
			out.WriteString(own[at:d.text] + *text)
			at, put = d.end, true
		default: // taken out with the line it ends
			out.WriteString(own[at:d.from])
			at = d.to
			if strings.HasPrefix(own[at:], "\n") && (d.from == 0 || own[d.from-1] == '\n') {
				at++
			}
		}
	}
	out.WriteString(own[at:])
	if text != nil && !put {
		if s := out.String(); s != "" && !strings.HasSuffix(s, "\n") {
			out.WriteByte('\n')
		}
		fmt.Fprintf(&out, "{{define %q}}%s{{end}}\n", key, *text)
	}
	return out.String(), nil
}

// textNames are the functions that a text may name, for a look at its form alone.
func textNames() map[string]any {
	names := map[string]any{}
	for name := range textFuncs(&Office{}) {
		names[name] = true
	}
	for _, name := range []string{"and", "or", "not", "len", "index", "slice", "print", "printf", "println", "html", "js",
		"urlquery", "call",
		"eq", "ne", "lt", "le", "gt", "ge"} {
		names[name] = true
	}
	return names
}

// definition is one {{define}} of a file: from its first to its last byte, and the
// text within.
type definition struct {
	key                 string
	from, text, end, to int
}

var (
	defines = regexp.MustCompile(`^define\s+("(?:[^"\\]|\\.)*"|` + "`[^`]*`" + `)$`)
	opens   = regexp.MustCompile(`^(if|with|range|block|define)\b`)
)

// definitions finds the texts of a file. Of one that cannot be parsed it finds what
// it can.
func definitions(file string) []definition {
	var out []definition
	var now definition
	depth := 0
	for at := 0; ; {
		a, ok := nextAction(file, at)
		if !ok {
			return out
		}
		at = a.to
		switch {
		case a.word == "end" && depth > 0:
			if depth--; depth == 0 && now.key != "" {
				now.end, now.to = a.from, a.to
				out, now = append(out, now), definition{}
			}
		case opens.MatchString(a.word):
			if m := defines.FindStringSubmatch(a.word); m != nil && depth == 0 {
				if key, err := strconv.Unquote(m[1]); err == nil {
					now = definition{key: key, from: a.from, text: a.to}
				}
			}
			depth++
		}
	}
}

// action is what stands between {{ and }}, without marks that trim.
type action struct {
	word     string
	from, to int
}

// nextAction finds the next action of a file from a place on, as text/template reads
// it: marks in comments and quotes count for nothing.
func nextAction(file string, at int) (action, bool) {
	i := strings.Index(file[at:], "{{")
	if i < 0 {
		return action{}, false
	}
	from := at + i
	in := strings.TrimLeft(strings.TrimPrefix(file[from+2:], "-"), " \t\r\n")
	begin := len(file) - len(in)
	if strings.HasPrefix(in, "/*") {
		end := strings.Index(in, "*/")
		if end < 0 {
			return action{}, false
		}
		begin += end + 2
	}
	for n := begin; n < len(file); n++ {
		switch c := file[n]; c {
		case '"', '\'', '`':
			for n++; n < len(file) && file[n] != c; n++ {
				if file[n] == '\\' && c != '`' {
					n++
				}
			}
		case '}':
			if strings.HasPrefix(file[n:], "}}") {
				word := strings.TrimSpace(strings.TrimSuffix(file[begin:n], "-"))
				return action{word, from, n + 2}, true
			}
		}
	}
	return action{}, false
}

// Preview is how a text reads with each of the desk's sample data; what reads alike is
// told once.
func (x *Texts) Preview(key string) []string {
	return x.preview(key, samples(x)[key])
}

func (x *Texts) preview(key string, data []D) []string {
	t := x.set.Lookup(key)
	if t == nil {
		return nil
	}
	var out []string
	seen := map[string]bool{}
	for _, d := range data {
		d = maps.Clone(d)
		for name, usual := range likely {
			if s, ok := d[name].(string); ok && s != "" {
				d[name] = usual
			}
		}
		if s, err := x.run(t, d); err == nil && s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// likely is what stands in a preview for data whose samples are as long as can be.
var likely = D{"Name": "Siti Aminah", "Email": "siti@contoh.go.id", "Typed": "siti@contoh.go.id",
	"Meant": "siti@contoh.go.id",
	"Full":  "siti@contoh.go.id",
	"Title": "Kabupaten Contoh Dalam Angka 2026", "Query": "penduduk 2026", "What": "penduduk 2026",
	"Text": "Isi yang ditulis orang.",
	"Gist": "Isi yang ditulis orang", "Abstract": "Ringkasan isi publikasi.", "Reason": "Buku sedang diperbaiki.",
	"Note": "catatan"}

// Placeholder is a datum that a text may name, and what it says.
type Placeholder struct{ Name, Means string }

// Placeholders are those that the desk's own text of a key names.
func (x *Texts) Placeholders(key string) []Placeholder {
	return x.placeholders(key, samples(x)[key])
}

func (x *Texts) placeholders(key string, data []D) []Placeholder {
	t := x.base.Lookup(key)
	if t == nil {
		return nil
	}
	seen := map[string]bool{}
	var out []Placeholder
	for _, f := range rootFields(t) {
		name := "." + strings.Join(f, ".")
		if seen[name] {
			continue
		}
		seen[name] = true
		means := placeholders[name]
		if means == "" && len(data) > 0 {
			probe, err := template.New("probe").Parse("{{" + name + "}}")
			if err == nil {
				if s, err := x.run(probe, data[0]); err == nil && s != "" {
					means = "isian dari percakapan, misalnya: " + cut(oneLine(s), 60)
				}
			}
		}
		out = append(out, Placeholder{"{{" + name + "}}", or(means, "isian dari percakapan")})
	}
	return out
}

// placeholders tells people what stands in the place of the data that many texts
// name.
var placeholders = map[string]string{
	".Options":               "pilihan jawaban bernomor; dibuat oleh program dan harus tetap ada",
	".Office.Name":           "nama kantor",
	".Office.Address":        "alamat kantor",
	".Office.Telephone":      "telepon kantor",
	".Office.Email":          "email kantor",
	".Office.Website":        "alamat situs kantor",
	".Office.Example":        "contoh pencarian",
	".Office.ComplaintURL":   "alamat LAPOR!",
	".Office.ComplaintEmail": "email pengaduan",
	".Office.ComplaintName":  "nama penerima pengaduan",
	".Office.ComplaintPhone": "nomor HP pengaduan",
	".Office.ComplaintBox":   "tempat kotak saran",
	".Office.KeepYears":      "berapa tahun catatan disimpan",
	".Hours":                 "jam layanan seminggu",
	".Part":                  "pagi, siang, sore, atau malam",
	".Name":                  "nama orang",
	".Email":                 "alamat email orang itu",
	".Title":                 "judul publikasi",
	".Year":                  "tahun publikasi",
	".Query":                 "yang diketik orang",
	".Code":                  "kode",
	".Number":                "nomor pembaca",
	".Tail":                  "tiga huruf akhir nomor tiket",
	".ID":                    "nomor tiket",
	".Ticket.ID":             "nomor tiket",
	".Ticket.Category":       "kategori pengaduan",
	".Ticket.OpenedAt":       "waktu tiket dibuat",
	".Ticket.Text":           "isi tiket",
	".Ticket.BackBy":         "tanggal buku harus kembali",
	".Text":                  "isi yang ditulis",
	".Pages":                 "nomor halaman",
	".Printed":               "nomor halaman tercetak",
	".Owned":                 "halaman yang pernah diterima",
	".Right.Left":            "sisa hak kutip, halaman",
	".Right.Limit":           "batas hak kutip, halaman",
	".Right.Pages":           "jumlah halaman publikasi",
	".Total":                 "jumlah seluruhnya",
	".Lines":                 "daftar baris",
	".Next":                  "hari kerja berikutnya",
	".Date":                  "tanggal",
	".Times":                 "jam buka hari itu",
	".At":                    "waktu",
	".Until":                 "batas waktu",
	".Max":                   "jumlah paling banyak",
	".Channel":               "WhatsApp atau Telegram",
	".Shelf":                 "letak rak",
	".Copies":                "jumlah eksemplar",
	".Link":                  "tautan",
	".Left":                  "sisa",
	".Who.Shown":             "ya bila nama boleh ditampilkan",
	".Who.Name":              "nama pelapor",
	".Who.Number":            "nomor pembaca pelapor",
	".Answer":                "batas menanggapi",
	".Finish":                "batas menyelesaikan",
	".Days":                  "jumlah hari",
	".Minutes":               "jumlah menit",
	".Reader.Number":         "nomor pembaca",
	".Reader.Name":           "nama pembaca",
	".Label":                 "bunyi pilihan",
	".Reason":                "alasan",
	".Years":                 "jumlah tahun",
}
