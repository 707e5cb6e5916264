package conversation

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// filler makes a text of exactly n characters.
func filler(n int) string { return strings.TrimSpace(strings.Repeat("Lembaran ", n/9+1)[:n-1]) + "." }

// samples is, for each text, every piece of data at the longest that the desk's
// own limits let through.
func samples(x *Texts) map[string][]D {
	at := time.Date(2026, 9, 23, 22, 59, 0, 0, x.office.Zone)
	number, id, title := x.office.ReaderNumber(1_000_000), "ADU-260923-07K", filler(160)
	profile := Profile{Gender: "Tidak ingin menyebutkan", BirthYear: 1998, Education: "Tidak/belum sekolah",
		Occupation:  "Pelajar/mahasiswa",
		Institution: filler(100), Origin: filler(18), Disability: "Pendengaran/wicara"}
	card := Card{Kind: filler(40), Last4: "0001", Expires: "2027-08", Checked: "petugas"}
	email := strings.Repeat("a", 64) + "@" + strings.Repeat("sub.", 40) + "example.org"
	reader := Reader{Number: number, Name: filler(100), Email: email, Card: card, Profile: profile,
		Phone: "+628123456789012", Consent: 12, ConsentAt: at}
	ticket := Ticket{ID: id, Kind: KindComplaint, Category: "Sistem, mekanisme, prosedur", Text: filler(400),
		Identity: Named, Mode: OnSite, State: StateAccepted,
		OpenedAt: at, Photos: make([]Media, photosMax)}
	hit := PageHit{Page: 1234, Printed: "1210", Text: filler(70)}
	entry := Entry{Kind: "bab", Title: filler(60), Page: 1234}
	link := "https://nama-kabupaten-kab.bps.go.id/id/publication/2024/02/28/0123456789abcdef01234567/" +
		"kabupaten-nama-yang-panjang-dalam-angka-2024.html"
	pub := Publication{Title: title, Year: 2024, Pages: 1234, Link: link,
		Shelf: "rak 2B, lantai 1, ruang perpustakaan", Copies: 12}
	owned := NewPageSet(10, 12, 14, 16, 18, 120, 122, 124, 126, 128, 230, 240, 250, 260, 270).String()
	many := right{Pages: 1234, Limit: 246, Left: 246}

	all := D{"Part": "malam", "Max": MaxText, "Wanted": true, "Years": 5, "Kind": card.Kind, "Why": "", "Digits": 4000,
		"Email": email, "Typed": email, "Meant": email,
		"Code": "ABCDEFGHJK", "Said": true, "Name": reader.Name, "Left": 1234, "Seconds": 60, "Number": number,
		"Year": 2024, "Example": 2006, "Card": card, "Profile": profile,
		"Form": "pendaftaran", "Step": "langkah 4: verifikasi oleh petugas", "OnSite": true, "Query": filler(600),
		"Title": title, "Abstract": filler(200), "Chapters": []Entry{entry, entry, entry, entry},
		"Right": many, "Best": &PageHit{Page: 1234, Table: filler(70)}, "Pub": pub,
		"Tables": []Entry{entry, entry, entry, entry}, "Hits": []PageHit{hit, hit, hit, hit, hit},
		"Owned": owned, "Shift": 24, "Last": 1234, "Asked": 1234, "Pages": owned, "Count": 246, "Fresh": 246, "Strict": true,
		"ID": id, "Ticket": ticket, "Until": at, "Open": false, "Days": reopenDays,
		"Tickets": []Ticket{ticket, ticket, ticket, ticket, ticket}, "Parked": true, "Visit": true,
		"Who":     D{"Shown": true, "Name": reader.Name, "Number": "belum terdaftar"},
		"Channel": "WhatsApp", "Answer": at, "Hints": true,
		"Finish": at, "Tail": "07K", "Text": filler(400),
		"Photos": photosMax, "Category": ticket.Category, "Identity": Hidden, "Reachable": true, "Handoff": false,
		"Listening": true, "Closed": true, "At": at, "Next": at,
		"Date": at, "Times": "08.00-12.00 dan 13.00-15.30", "Need": needSight, "Shelf": "rak 2B, lantai 1", "Copies": 12,
		"Page": 1234, "Verb": "selesai", "Past": true, "Total": 1234,
		"Lines": slices.Repeat([]string{filler(60)}, 11), "Excerpt": Excerpt{Code: "ABCDEFGHJK", RequestedAt: at},
		"Reader": reader, "Frozen": true, "Told": 2, "Lent": 2, "Score": 2, "Mail": false,
		"Address": "telegram:3527065", "Gist": filler(50), "Reached": true, "Photo": false, "By": filler(60),
		"Names": slices.Repeat([]string{filler(40)}, 5), "Note": filler(60),
		"PIN": "123456", "Clock": true,
		"Usage": "*BALAS 07K teks*", "Rest": 3, "Post": Post{By: "petugas", Text: filler(700), At: at},
		"Field":   "tahun lahir",
		"Options": "", "Item": 1, "Question": filler(90), "Scale": slices.Repeat([]string{filler(30)}, 4),
		"Mode": OnSite, "Purpose": "Skripsi/tesis/disertasi", "Assumed": true, "Filled": true, "Offset": 0,
		"Kept": true, "More": false, "Loan": false, "Reason": filler(200), "MB": "49,9",
		"Table": "12.1.10", "Source": source{Publication: pub, Office: filler(60),
			Tables: "12.1.10, 12.1.11, 12.1.12", Printed: owned},
		"File": fileChanged, "Citation": filler(540), "Publisher": filler(60)}
	with := func(more ...D) []D {
		out := make([]D, len(more))
		for i, m := range more {
			out[i] = maps.Clone(all)
			maps.Copy(out[i], m)
		}
		return out
	}
	for k, v := range map[string]any{"Full": email, "Mail": mailTaken, "Taken": at, "Staff": true, "Help": true,
		"Here": true} {
		all[k] = v
	}
	cell := D{"Value": "1.234.567,89", "Nil": false, "Unit": filler(40), "Year": "2021/2022",
		"Row": filler(80), "Column": filler(80), "Number": "12.1.10", "Table": filler(160), "Title": filler(120),
		"Page": 1234, "Printed": "1210", "Source": filler(120), "Office": filler(60)}
	half := D{"Value": "1.234.567,89", "Nil": false, "Unit": filler(20), "Year": "2021/2022",
		"Row": filler(40), "Column": filler(40), "Number": "12.1.10", "Table": filler(80), "Title": filler(60),
		"Page": 1234, "Printed": "1210", "Source": filler(60), "Office": filler(60)}
	datumOptions := "*1* Ambil halaman ini\n*2* Tabelnya (Excel atau CSV)\n" +
		"*3* Tahun dan edisi lain\n*4* Lihat hasil pencarian"
	one := maps.Clone(cell)
	maps.Copy(one, D{"Code": "K7Q2M9", "Lines": slices.Repeat([]string{filler(76)}, seriesMost),
		"Options": "*1* Grafik (gambar)\n*2* Lihat hasil pencarian",
		"Unit":    filler(30), "Row": filler(60), "Column": filler(60)})
	data := map[string][]D{
		"datum": with(D{"Cells": []D{cell}, "Options": datumOptions, "Namesakes": false},
			D{"Cells": []D{half, half}, "Options": datumOptions, "Namesakes": false},
			D{"Cells": []D{half, half}, "Options": datumOptions, "Namesakes": true}),
		"datum_years":  with(one),
		"datum.source": with(cell),
		"datum.ticket": with(cell),
		"datum.year": with(D{"Year": "2021/2022", "Value": "1.234.567,89", "Title": filler(42), "Printed": "1210"},
			D{"Year": "2021", "Value": "27 914", "Title": filler(42), "Printed": ""}),
		"datum.chart":       with(one),
		"datum.chart_notes": with(one),
		"table.head":        with(cell),
		"table.foot":        with(D{"Lines": []string{filler(160)}}),
		"staff.answer": with(D{"Silent": true, "Lines": slices.Repeat([]string{filler(120)}, silentShown)},
			D{"Silent": false}),
		"staff.answer_told":   with(D{"Lines": slices.Repeat([]string{filler(120)}, silentShown)}),
		"staff.answer_line":   with(D{"Table": "3.1.2", "Row": filler(60), "Column": filler(60), "Value": "27 914"}),
		"staff.table_trusted": with(D{"Table": "3.1.2"}),
		"staff.silent_list":   with(D{"Lines": slices.Repeat([]string{filler(140)}, silentShown)}, D{"Total": 0}),
		"code": with(D{"Mail": mailSending}, D{"Mail": mailLate}, D{"Mail": mailRefused}, D{"Mail": mailUnsent},
			D{}, D{"Mail": ""}),
		"check":         with(D{}, D{"File": fileSame}, D{"File": fileUnread}, D{"File": "", "Title": ""}),
		"staff.nothing": with(D{"Sent": true, "Back": true}, D{"Sent": true, "Back": false}, D{"Sent": false, "Back": false}),
		"group":         with(D{"Link": "https://t.me/" + strings.Repeat("a", 32) + "?start=grup"}),
		"staff.door": with(D{"Link": "http://127.0.0.1:8484/masuk?kode=0123456789", "Page": "http://127.0.0.1:8484",
			"Code": "01234-56789", "Minutes": 5}),
		"staff.code":   with(D{}, D{"File": fileSame}, D{"File": fileUnread}, D{"File": ""}),
		"code.refused": with(D{}, D{"Here": false}, D{"Staff": false}),
		"code.unsent":  with(D{}, D{"Here": false}, D{"Staff": false}),
		"card_number":  with(D{"Kind": KTP}, D{"Kind": SIM}, D{"Kind": Paspor}, D{}),
		"goodbye":      with(D{"OnSite": false}, D{"OnSite": true}),
		"details":      with(D{}, D{"Right": right{Pages: 4}}, D{"Right": right{}}),
		"no_file":      with(D{}, D{"Pub": Publication{}}),
		"shelf":        with(D{}, D{"Pub": Publication{}}),
		"link":         with(D{}, D{"Pub": Publication{}}),
		"pages.over":   with(D{"Example": owned}, D{"Example": ""}),
		"confirm": with(D{"Printed": owned, "Differ": true},
			D{"Printed": "", "Differ": false, "Fresh": 0, "MB": ""}),
		"ticket":        with(D{}, D{"Ticket": Ticket{ID: id, Identity: Anonymous, OpenedAt: at}}),
		"ticket.answer": with(D{"Post": Post{By: "petugas", Text: filler(700), At: at}}),
		"ticket.status": with(D{"Last": Post{Text: filler(400)}}),
		"status":        with(D{}, D{"Number": "", "Tickets": []Ticket(nil)}),
		"handoff":       with(D{}, D{"Reachable": false}),
		"handoff.photo": with(D{"Text": filler(400)}),
		"my_data.shown": with(D{}, D{"Reader": Reader{ConsentAt: at}}),
		"history": with(D{"Lines": slices.Repeat([]string{
			"23/09/26 " + filler(45) + ", hal. 12-18,25,30-34, ABCDEFGHJK (gagal, hak dikembalikan)"}, 7)},
			D{"Total": 0}),
		"staff.strict":         with(D{}, D{"Strict": false, "Wholly": true}, D{"Strict": false, "Wholly": false}),
		"staff.strict_unknown": with(D{"Preparing": true}, D{"Preparing": false}),
		"staff.strict_list": with(D{"Lines": slices.Repeat([]string{filler(66)}, strictShown), "Offices": filler(200)},
			D{"Total": 0, "Offices": ""}),
		"staff.queue": with(D{}, D{"Total": 0}),
		"staff.report_file": with(D{"Period": "1 Januari 2026 sampai 30 November 2026", "Page": true},
			D{"Period": "Tahun 2026", "Page": false}),
		"staff.brief_set": with(D{"On": true}, D{"On": false}),
		"staff.brief": with(D{"Open": 123, "Late": 12, "Since": at, "Visits": 1234, "Excerpts": 1234, "Complaints": 123},
			D{"Open": 0, "Late": 0, "Since": at, "Visits": 0, "Excerpts": 0, "Complaints": 0}),
		"staff.frozen": with(D{}, D{"Frozen": false}),
		"staff.done": with(D{}, D{"Text": "", "Photo": true}, D{"Reached": false},
			D{"Reached": false, "Ticket": Ticket{ID: id, Identity: Anonymous}},
			D{"Reached": false, "Ticket": Ticket{ID: id, Identity: Anonymous, PIN: "ab"}}),
		"staff.confirm": with(D{"Lines": slices.Repeat([]string{filler(290)}, 2)}),
		"staff.choose": with(D{"Lines": slices.Repeat([]string{filler(75)}, chooseMost), "Text": ""},
			D{"Lines": []string{filler(75)}, "Text": filler(200)}),
		"staff.canned": with(D{}),
		"staff.plan":   with(D{"Who": filler(150), "Need": "sight"}, D{"Who": filler(150), "Need": "moving"}),
		"about_staff":  with(D{}, D{"Name": ""}),
		"complaint_review": with(D{"Text": filler(500), "Rest": 1000, "Name": filler(150)},
			D{"Text": "antre lama", "Rest": 0}),
		"search.none":  with(D{"Query": filler(120), "Away": ""}, D{"Away": filler(80)}),
		"menu.unknown": with(D{"Query": filler(60)}),
		"wish.noted":   with(D{"Query": filler(120)}),
		"wish.kept":    with(D{"Wish": Wish{Follows: true}, "What": filler(120)}, D{"Wish": Wish{}, "What": filler(120)}),
		"wish.list":    with(D{"Lines": slices.Repeat([]string{filler(80)}, wishMost)}, D{"Lines": []string{}}),
		"wish.line": with(D{"Wish": Wish{Follows: true}, "What": filler(50)},
			D{"Wish": Wish{Until: at}, "What": filler(50)}),
		"wish.found":     with(D{"Query": filler(120)}),
		"follow.edition": with(D{"Pages": 0}, D{"Pages": 10}),
		"staff.words": with(D{"Lessons": slices.Repeat([]Lesson{{filler(lessonChars), filler(lessonChars), 12}},
			lessonsShown)}, D{"Lessons": []Lesson{}}),
		"staff.words.done": with(D{"Lesson": Lesson{Missed: filler(lessonChars), Meant: filler(lessonChars)}},
			D{"Lesson": Lesson{Missed: filler(lessonChars)}}),
		"pages.all":       with(D{}, D{"Example": ""}),
		"pages.unprinted": with(D{}),
		"visit.closed":    with(D{"OnSite": true}, D{"OnSite": false}),
		"pages.left":      with(D{"Title": filler(120)}, D{"Title": filler(120), "Owned": ""}),
		"doubt.option":    with(D{"Label": "Pelajar/mahasiswa"}),
	}
	for _, why := range []string{"length", "digits", "date", "serial", "same"} {
		for _, kind := range []string{KTP, SIM, Paspor, card.Kind} {
			data["card_number.bad"] = append(data["card_number.bad"], with(D{"Why": why, "Kind": kind})...)
		}
	}
	lent := ticket
	lent.ID, lent.Kind, lent.State, lent.BackBy = "PJ-260923-07K", KindLoan, StateLent, at
	for _, key := range x.Keys() {
		if strings.HasPrefix(key, "loan.") {
			data[key] = with(D{}, D{"Ticket": lent})
		}
	}
	data["loan.forward"] = append(data["loan.forward"], with(D{"Ticket": lent, "Who": D{"Shown": false}})...)
	data["loan.which"] = with(D{"Lines": slices.Repeat([]string{filler(180)}, 3)})
	data["staff.plan"] = with(D{"Who": filler(100)})
	data["register_first"] = with(D{}, D{"Loan": true})
	data["editions"] = with(D{"More": []string(nil)}, D{"More": slices.Repeat([]string{"2015"}, editionsKept-menuLines+1)})
	data["editions.end"] = with(D{"Newer": true, "Years": []string(nil)},
		D{"Newer": false, "Years": slices.Repeat([]string{"2015"}, editionsKept)})
	data["editions.none"] = with(D{"Year": "1999", "Years": slices.Repeat([]string{"2015"}, editionsKept)})
	data["skd.kept"] = with(D{"Agreed": true}, D{"Agreed": false})
	data["answer.book"] = with(D{"Office": filler(120), "Pub": Publication{Title: filler(160), Year: 2024,
		Released: "2024-02-28", Pages: 361, CatalogNo: filler(40), PublicationNo: filler(40)}})
	data["answer.hours"] = with(D{"Holiday": true, "Asked": true, "Date": at, "Times": "08.00-12.00 dan 13.00-15.30"},
		D{"Holiday": false, "Asked": true, "Date": at, "Times": ""},
		D{"Holiday": false, "Asked": false, "Date": at, "Times": ""})
	data["inside.dropped"] = with(D{"Dropped": filler(60)})
	data["inside.hits"] = with(D{"Query": filler(60)}) // as the step cuts it
	for _, key := range []string{"relay.terima", "relay.balas", "relay.selesai", "relay.tolak"} {
		data[key] = with(D{"Handoff": false}, D{"Handoff": true})
	}
	for _, identity := range []string{Named, Hidden, Anonymous} {
		k := ticket
		k.Identity = identity
		data["forward"] = append(data["forward"], with(D{"Ticket": k, "Who": D{"Shown": false}}, D{"Ticket": k})...)
	}
	hits := with(D{"Title": filler(75), "Year": 2024, "Pages": 361, "Shelf": "rak 2B", "Hit": (*PageHit)(nil),
		"Editions": "2015-2023",
		"Holds":    "2022"},
		D{"Title": filler(75), "Year": 2024, "Pages": 361, "Shelf": "rak 2B", "Hit": &hit, "Editions": "2015-2023",
			"Holds": ""})
	data["results:hit"] = hits
	data["inside:hit"] = with(D{"Page": hit.Page, "Printed": hit.Printed, "Table": "", "Text": hit.Text},
		D{"Page": hit.Page, "Printed": "", "Table": hit.Text, "Text": ""})
	data["results"] = with(D{"Corrected": filler(80), "Dropped": filler(40), "From": 11, "To": 15, "Total": 1234,
		"More": true},
		D{"Corrected": filler(80), "Dropped": "", "From": 1, "To": 1, "Total": 1, "More": false})
	for _, key := range x.Keys() {
		if data[key] == nil {
			data[key] = []D{maps.Clone(all)}
		}
	}
	for _, s := range states() {
		for _, d := range append(data[s.name], data["inside.hits"]...) {
			d["Options"] = x.sampleLines(s, data)
		}
	}
	return data
}

// sampleLines are the numbered answers of a question at their longest.
func (x *Texts) sampleLines(s *state, data map[string][]D) string {
	var lines []string
	add := func(key string) {
		d := D{}
		if all := data[key]; len(all) > 0 {
			d = all[0]
		}
		if label, err := x.Text(key, d); err == nil {
			lines = append(lines, "*5* "+label)
		}
	}
	switch s.name {
	case "results":
		lines = slices.Repeat([]string{"*5* " + filler(90)}, perPage)
		add("results:previous")
		add("results:more")
	case "inside":
		lines = slices.Repeat([]string{"*5* Halaman 1234 (tercetak 1210): " + filler(70)}, perPage)
	case "change":
		for _, f := range fields {
			if f.change {
				add("field:" + f.key)
			}
		}
	case "change_value":
		lines = slices.Repeat([]string{"*5* " + filler(30)}, menuLines)
	}
	if s.list != nil && s.name != "change_value" {
		t := &turn{core: &core{texts: x, office: x.office}}
		longest := slices.MaxFunc(append(s.list(t), ""), func(a, b string) int { return len(a) - len(b) })
		lines = slices.Repeat([]string{"*5* " + longest}, menuLines)
	}
	for _, o := range s.options {
		if !o.typed {
			add(s.name + ":" + o.key)
		}
	}
	return strings.Join(lines, "\n")
}
