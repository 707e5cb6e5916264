package conversation

import (
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func testTexts(tb testing.TB, own string) *Texts {
	tb.Helper()
	x, err := NewTexts(testOffice(), own)
	if err != nil {
		tb.Fatal(err)
	}
	return x
}

// words makes a text of exactly n characters.
func words(n int) string { return strings.TrimSpace(strings.Repeat("Belitung ", n/9+1)[:n-1]) + "." }

// longest is, for each text, every piece of data at the longest that the desk's
// own limits let through.
func longest(x *Texts) map[string][]D {
	at := time.Date(2026, 9, 23, 22, 59, 0, 0, jakarta)
	number, id, title := "BT-1000000", "ADU-260923-07K", words(160)
	profile := Profile{Gender: "Tidak ingin menyebutkan", BirthYear: 1998, Education: "Tidak/belum sekolah", Occupation: "Pelajar/mahasiswa",
		Institution: words(100), Origin: "Kep. Babel lainnya", Disability: "Pendengaran/wicara"}
	card := Card{Kind: words(40), Last4: "0001", Expires: "2027-08", Checked: "petugas"}
	email := strings.Repeat("a", 64) + "@" + strings.Repeat("sub.", 40) + "example.org"
	reader := Reader{Number: number, Name: words(100), Email: email, Card: card, Profile: profile, Phone: "+628123456789012", Consent: 12, ConsentAt: at}
	ticket := Ticket{ID: id, Kind: KindComplaint, Category: "Sistem, mekanisme, prosedur", Text: words(400), Identity: Named, Mode: OnSite, State: StateAccepted,
		OpenedAt: at, Photos: make([]Media, photosMax)}
	hit := PageHit{Page: 1234, Printed: "1210", Text: words(70)}
	entry := Entry{Kind: "bab", Title: words(60), Page: 1234}
	pub := Publication{Title: title, Year: 2024, Pages: 1234, Link: "https://belitungtimurkab.bps.go.id/id/publication/2024/02/28/0123456789abcdef01234567/kabupaten-belitung-timur-dalam-angka-2024.html",
		Shelf: "rak 2B, lantai 1, ruang perpustakaan", Copies: 12}
	owned := NewPageSet(10, 12, 14, 16, 18, 120, 122, 124, 126, 128, 230, 240, 250, 260, 270).String()
	many := right{Pages: 1234, Limit: 246, Left: 246}

	all := D{"Part": "malam", "Max": MaxText, "Wanted": true, "Years": 5, "Kind": card.Kind, "Why": "", "Digits": 4000, "Email": email, "Typed": email, "Meant": email,
		"Code": "ABCDEFGHJK", "Name": reader.Name, "Left": 1234, "Seconds": 60, "Number": number, "Year": 2024, "Example": 2006, "Card": card, "Profile": profile,
		"About": "A3 nomor sudah benar?", "OnSite": true, "Query": words(600), "Title": title, "Abstract": words(200), "Chapters": []Entry{entry, entry, entry, entry},
		"Right": many, "Best": &PageHit{Page: 1234, Table: words(70)}, "Pub": pub, "Tables": []Entry{entry, entry, entry, entry}, "Hits": []PageHit{hit, hit, hit, hit, hit},
		"Owned": owned, "Shift": 24, "Last": 1234, "Asked": 1234, "Pages": owned, "Count": 246, "Fresh": 246, "Strict": true,
		"ID": id, "Ticket": ticket, "Until": at, "Open": false, "Days": reopenDays, "Tickets": []Ticket{ticket, ticket, ticket, ticket, ticket}, "Parked": true, "Visit": true,
		"Who": D{"Shown": true, "Name": reader.Name, "Number": "belum terdaftar"}, "Channel": "WhatsApp", "Answer": at, "Finish": at, "Tail": "07K", "Text": words(400),
		"Photos": photosMax, "Category": ticket.Category, "Identity": Hidden, "Reachable": true, "Handoff": false, "Verb": "selesai", "Past": true, "Total": 1234,
		"Lines": slices.Repeat([]string{words(60)}, 11), "Excerpt": Excerpt{Code: "ABCDEFGHJK", RequestedAt: at}, "Reader": reader, "Frozen": true, "Score": 2, "Field": "tahun lahir",
		"List": "", "Offset": 0}
	with := func(more ...D) []D {
		out := make([]D, len(more))
		for i, m := range more {
			out[i] = maps.Clone(all)
			maps.Copy(out[i], m)
		}
		return out
	}
	lists := func(of ...[]string) []D {
		var out []D
		for _, l := range of {
			for page := range 2 {
				t := &turn{Engine: &Engine{texts: x, office: x.office}, s: Session{Data: Data{ListPage: page}}}
				out = append(out, with(D{"List": t.listLines(l)})...)
			}
		}
		return out
	}
	o := x.office.Lists
	data := map[string][]D{
		"gender": lists(o.Genders), "education": lists(o.Educations), "work": lists(o.Occupations), "origin": lists(o.Origins), "disability": lists(o.Disabilities),
		"purpose": lists(o.Purposes), "category": lists(o.Categories), "change_value": lists(o.Educations, o.Occupations, o.Origins),
		"card_number":      with(D{"Kind": KTP}, D{"Kind": SIM}, D{"Kind": Paspor}, D{}),
		"goodbye":          with(D{"OnSite": false}, D{"OnSite": true}),
		"details":          with(D{}, D{"Right": right{Pages: 4}}, D{"Right": right{}}),
		"no_file":          with(D{}, D{"Pub": Publication{}}),
		"shelf":            with(D{}, D{"Pub": Publication{}}),
		"link":             with(D{}, D{"Pub": Publication{}}),
		"pages.over":       with(D{"Example": owned}, D{"Example": ""}),
		"confirm":          with(D{}, D{"Fresh": 0}),
		"ticket":           with(D{}, D{"Ticket": Ticket{ID: id, Identity: Anonymous, OpenedAt: at}}),
		"ticket.status":    with(D{"Last": Post{Text: words(400)}}),
		"status":           with(D{}, D{"Number": "", "Tickets": []Ticket(nil)}),
		"handoff":          with(D{}, D{"Reachable": false}),
		"handoff.photo":    with(D{"Text": words(400)}),
		"my_data.shown":    with(D{}, D{"Reader": Reader{ConsentAt: at}}),
		"history":          with(D{"Lines": slices.Repeat([]string{"23/09/26 " + words(45) + ", hal. 12-18,25,30-34, ABCDEFGHJK (gagal, hak dikembalikan)"}, 7)}, D{"Total": 0}),
		"staff.queue":      with(D{}, D{"Total": 0}),
		"staff.frozen":     with(D{}, D{"Frozen": false}),
		"staff.done":       with(D{}, D{"Verb": "terima"}),
		"complaint_review": with(D{"Text": words(500), "Name": words(150)}),
	}
	for _, why := range []string{"length", "digits", "date", "serial", "same"} {
		for _, kind := range []string{KTP, SIM, Paspor, card.Kind} {
			data["card_number.bad"] = append(data["card_number.bad"], with(D{"Why": why, "Kind": kind})...)
		}
	}
	data["inside.hits"] = with(D{"Query": words(60)}) // as the step cuts it
	for _, key := range []string{"relay.terima", "relay.balas", "relay.selesai", "relay.tolak"} {
		data[key] = with(D{"Handoff": false}, D{"Handoff": true})
	}
	for _, identity := range []string{Named, Hidden, Anonymous} {
		k := ticket
		k.Identity = identity
		data["forward"] = append(data["forward"], with(D{"Ticket": k, "Who": D{"Shown": false}}, D{"Ticket": k})...)
	}
	lines := func(n int, hit *PageHit) []resultLine {
		return slices.Repeat([]resultLine{{N: 5, Title: words(75), Year: 2024, Pages: 361, Shelf: "rak 2B", Hit: hit, Editions: "2015-2023"}}, n)
	}
	data["results"] = with(D{"Lines": lines(perPage, nil), "Corrected": words(60), "Dropped": "2031", "From": 11, "To": 15, "Total": 1234, "More": true},
		D{"Lines": lines(1, &hit), "Corrected": words(600), "Dropped": "", "From": 1, "To": 1, "Total": 1, "More": false})
	for _, key := range x.Keys() {
		if data[key] == nil {
			data[key] = []D{all}
		}
	}
	return data
}

// TestEveryTextIsShort renders every text with the longest data the desk's own
// limits let through: it must fit one message, with the line that leads back.
func TestEveryTextIsShort(t *testing.T) {
	x := testTexts(t, "")
	for key, all := range longest(x) {
		for _, data := range all {
			s, err := x.Text(key, data)
			if err != nil {
				t.Errorf("%s: %v", key, err)
				continue
			}
			if n := utf8.RuneCountInString(s) + len("\n*0* Kembali"); n > MaxReply {
				t.Errorf("%s has %d characters:\n%s", key, n, s)
			}
			if s == "" || strings.Contains(s, "<no value>") || strings.Contains(s, "%!") || strings.Contains(s, "{{") {
				t.Errorf("%s reads %q", key, s)
			}
		}
	}
}

func TestAnOfficeMayWriteItsOwnTexts(t *testing.T) {
	x := testTexts(t, "\n{{define \"thanks\"}}Terima kasih kembali dari {{.Office.Name}}.{{end}}\n{{define \"zero.menu\"}}*0* Awal{{end}}")
	for key, want := range map[string]string{"thanks": "Terima kasih kembali dari BPS Kabupaten Belitung Timur.", "zero.menu": "*0* Awal", "zero.back": "*0* Kembali"} {
		if got, err := x.Text(key, nil); got != want || err != nil {
			t.Errorf("%s reads %q, %v; want %q", key, got, err, want)
		}
	}
	if a, b := len(x.Keys()), len(testTexts(t, "  \n").Keys()); a != b {
		t.Errorf("%d keys with own texts, %d without", a, b)
	}
}

func TestMistakesInOwnTextsAreNamed(t *testing.T) {
	for _, c := range []struct{ name, own, want string }{
		{"a key that does not exist", "{{define \"thank\"}}x{{end}}", `"thank" is no text of the desk`},
		{"an end that is missing, by its line", "{{define \"thanks\"}}x{{end}}\n\n{{define \"menu\"}}x", "own:3"},
		{"a broken action, by its line", "{{define \"thanks\"}}\nsatu {{if}}\n{{end}}{{end}}", "own:2"},
		{"a function that does not exist, by its line", "\n{{define \"thanks\"}}{{besar .Name}}{{end}}", "own:2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, err := NewTexts(testOffice(), c.own)
			if err == nil || x != nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got the error %v, want one that says %s", err, c.want)
			}
		})
	}
}

func TestATextWithoutItsDataIsAnError(t *testing.T) {
	x := testTexts(t, "")
	if s, err := x.Text("linked", nil); err == nil || s != "" || !strings.Contains(err.Error(), "linked") {
		t.Errorf("got %q, %v; want an error that names the key", s, err)
	}
	if s, err := x.Text("no.such.key", nil); err == nil || s != "" {
		t.Errorf("an unknown key reads %q, %v", s, err)
	}
}

func TestTextsTellWhatWasUsed(t *testing.T) {
	x := testTexts(t, "")
	var used []string
	x.Seen = func(key string) { used = append(used, key) }
	for _, key := range []string{"thanks", "linked", "menu"} { // the second lacks its data
		_, _ = x.Text(key, nil)
	}
	if want := []string{"thanks", "menu"}; !slices.Equal(used, want) {
		t.Errorf("used %q, want %q", used, want)
	}
}

func TestPack(t *testing.T) {
	long := strings.Repeat("baris yang panjang sekali\n", 80) // 2,080 characters
	for _, c := range []struct {
		name       string
		paragraphs []string
		lengths    []int
	}{
		{"nothing", nil, nil},
		{"empty paragraphs", []string{"", ""}, nil},
		{"what fits goes into one", []string{"satu", "dua"}, []int{9}},
		{"1,000 characters with the empty line between", []string{strings.Repeat("a", 500), strings.Repeat("b", 498)}, []int{1000}},
		{"one character more", []string{strings.Repeat("a", 500), strings.Repeat("b", 499)}, []int{500, 499}},
		{"characters, not bytes", []string{strings.Repeat("é", 1000)}, []int{1000}},
		{"split at line ends", []string{long}, []int{987, 987, 103}},
		{"split at a space where there is no line end", []string{strings.Repeat("a", 900) + " " + strings.Repeat("b", 900)}, []int{900, 900}},
		{"one word of 2,500 letters", []string{strings.Repeat("a", 2500)}, []int{1000, 1000, 500}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var lengths []int
			for _, m := range pack(c.paragraphs) {
				lengths = append(lengths, utf8.RuneCountInString(m))
			}
			if !slices.Equal(lengths, c.lengths) {
				t.Errorf("messages of %d characters, want %d", lengths, c.lengths)
			}
		})
	}
}

func FuzzPack(f *testing.F) {
	f.Add("satu", "dua", 1)
	f.Add("kata ", "baris\n", 300)
	f.Add("é🙂\n\n", "*1* x", 999)
	f.Fuzz(func(t *testing.T, a, b string, n int) {
		a, b = clean(a), clean(b)
		long := strings.TrimSpace(strings.Repeat(a+" ", 1+max(0, n)%400))
		paragraphs := []string{long, b, a}
		messages := pack(paragraphs)
		for _, m := range messages {
			if k := utf8.RuneCountInString(m); k == 0 || k > MaxReply || !utf8.ValidString(m) {
				t.Fatalf("a message of %d characters: %q", k, m)
			}
		}
		bare := func(s []string) string { return strings.Join(strings.Fields(strings.Join(s, " ")), "") }
		if bare(messages) != bare(paragraphs) {
			t.Fatalf("%q became %q", paragraphs, messages)
		}
	})
}

func TestLongDate(t *testing.T) {
	for want, at := range map[string]string{"1 Januari 2026": "2026-01-01 00:00:00", "17 Agustus 2026": "2026-08-17 12:00:00", "31 Desember 2026": "2026-12-31 23:59:59"} {
		if got := longDate(moment(t, at)); got != want {
			t.Errorf("%s is written %q, want %q", at, got, want)
		}
	}
}

func TestDatesInTextsAreOfTheOfficesZone(t *testing.T) {
	x := testTexts(t, `{{define "thanks"}}{{date .At}} {{clock .At}}{{end}}`)
	got, err := x.Text("thanks", D{"At": time.Date(2026, 11, 22, 18, 5, 0, 0, time.UTC)})
	if want := "23 November 2026 01.05 WIB"; got != want || err != nil {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1.000", 54321: "54.321", 214000: "214.000", 32000000: "32.000.000"} {
		if got := grouped(n); got != want {
			t.Errorf("%d is written %q, want %q", n, got, want)
		}
	}
}

func TestDrawnCodesCannotBeMisread(t *testing.T) {
	bytes := make([]byte, 256)
	for i := range bytes {
		bytes[i] = byte(i)
	}
	s, err := random(strings.NewReader(string(bytes)), 256)
	if err != nil || len(s) != 256 || strings.ContainsAny(s, "ILOU") {
		t.Fatalf("random = %q, %v", s, err)
	}
	for _, c := range "0123456789ABCDEFGHJKMNPQRSTVWXYZ" {
		if n := strings.Count(s, string(c)); n != 8 {
			t.Errorf("%c comes %d times of 256, want 8", c, n)
		}
	}
	if s, err := random(strings.NewReader("ab"), 3); err == nil || s != "" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("with too little randomness: %q, %v", s, err)
	}
}
