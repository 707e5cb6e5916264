package main

import (
	"path/filepath"
	"regexp"
	"strings"

	"pst/conversation"
	"pst/store/holdings/sample"
)

// sampleTables are the tables of the samples that transcripts ask: with rows where they
// are made up, else these are read off the page.
var sampleTables = []struct {
	publication, number, title, stub, unit string
	columns                                []conversation.DataColumn
	rows                                   string
}{
	{"contoh-gantung-2022", "2.1.1", "Jumlah Penduduk Menurut Desa dan Jenis Kelamin di Kecamatan Gantung, 2021",
		"Desa", "jiwa", sexesOf("2021"), ""},
	{"contoh-gantung-2023", "2.1.1", "Jumlah Penduduk Menurut Desa dan Jenis Kelamin di Kecamatan Gantung, 2022",
		"Desa", "jiwa", sexesOf("2022"), ""},
	// The newer edition tells another number of the year that both tell of.
	{"contoh-gantung-2022", "2.1.2", "Jumlah Keluarga Menurut Desa di Kecamatan Gantung, 2021",
		"Desa", "keluarga", yearsOf("2021"),
		"Lenggang 682\nSelinsing 938"},
	{"contoh-gantung-2023", "2.1.2", "Jumlah Keluarga Menurut Desa di Kecamatan Gantung, 2021 dan 2022",
		"Desa", "keluarga", yearsOf("2021", "2022"),
		"Lenggang 690 701\nSelinsing 938 951"},
	{"contoh-kesra-2023", "1.1.1", "Garis Kemiskinan di Kabupaten Belitung Timur, 2019-2023",
		"Uraian", "rupiah", yearsOf("2019", "2020", "2021", "2022", "2023"),
		"Garis Kemiskinan 590.100 612.345 640.000 688.010 702.500"},
	{"contoh-kesra-2023", "2.1.2", "Rata-rata Lama Sekolah di Kabupaten Belitung Timur, 2023",
		"Uraian", "tahun", yearsOf("2023"),
		"Rata-rata Lama Sekolah 8,35"},
	// Over two pages, with a footnote's star.
	{"contoh-gantung-2023", "4.1.1", "Luas Panen dan Produksi Padi Sawah Menurut Desa di Kecamatan Gantung, 2022",
		"Desa", "", []conversation.DataColumn{
			{Header: []string{"Luas Panen"}, Unit: "ha", Year: "2022"},
			{Header: []string{"Produksi"}, Unit: "ton", Year: "2022"},
		},
		"Lenggang 120 480\fSelinsing* 90 350"},
}

func yearsOf(years ...string) (out []conversation.DataColumn) {
	for _, y := range years {
		out = append(out, conversation.DataColumn{Header: []string{y}, Year: y})
	}
	return out
}

func sexesOf(year string) (out []conversation.DataColumn) {
	for _, head := range []string{"Laki-laki", "Perempuan", "Jumlah"} {
		out = append(out, conversation.DataColumn{Header: []string{head}, Year: year})
	}
	return out
}

var sampleRow = regexp.MustCompile(`(?m)^(\S.*?)((?: [\d.,]+)+)$`)

// bringTables makes the tables of the samples trusted, as an import does.
func (r *runner) bringTables() {
	r.t.Helper()
	all, err := sample.Write(filepath.Join(r.dir, "holdings"))
	if err != nil {
		r.t.Fatal(err)
	}
	for _, s := range all {
		s.Contents.Tables = nil
		for _, t := range sampleTables {
			if t.publication != s.Publication.ID {
				continue
			}
			for _, e := range s.Contents.Entries {
				if e.Kind == "tabel" && e.Number == t.number {
					table := conversation.DataTable{Number: t.number, Title: t.title, Page: e.Page,
						Stub: t.stub, Unit: t.unit, Columns: t.columns,
						Source: "Sumber: CONTOH, angka karangan", Proof: []string{"written for transcripts"}}
					rows := t.rows
					if rows == "" {
						rows = s.Contents.Pages[e.Page-1].Text
					}
					for i, part := range strings.Split(rows, "\f") {
						table.Rows = append(table.Rows, rowsOn(part, e.Page+i, len(t.columns))...)
					}
					s.Contents.Tables = append(s.Contents.Tables, table)
				}
			}
		}
		if _, err := r.db.SavePublication(r.ctx, s.Publication, &s.Contents); err != nil {
			r.t.Fatal(err)
		}
	}
	r.learn()
}

// rowsOn are the rows of the table on a page of a sample, with so many numbers each.
func rowsOn(text string, page, columns int) (out []conversation.DataRow) {
	text, _, _ = strings.Cut(text, "Sumber:")
	for _, m := range sampleRow.FindAllStringSubmatch(text, -1) {
		numbers := strings.Fields(m[2])
		if len(numbers) != columns || strings.HasPrefix(m[1], "(") || strings.HasPrefix(m[1], "Tabel") {
			continue
		}
		row := conversation.DataRow{Label: []string{m[1]}, Page: page, Total: strings.HasPrefix(m[1], "Kecamatan")}
		for _, n := range numbers {
			value := strings.Replace(strings.ReplaceAll(n, ".", ""), ",", ".", 1)
			row.Cells = append(row.Cells, conversation.DataCell{Text: n, Value: value})
		}
		out = append(out, row)
	}
	return out
}
