package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"html"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

// reported is what pst report writes of the same desk.
func (p *pageDesk) reported(args ...string) string {
	p.t.Helper()
	var out, errs bytes.Buffer
	if exit := run(p.t.Context(), append([]string{"-data", p.house.data, "report"}, args...),
		streams{out: &out, err: &errs}); exit != exitFine {
		p.t.Fatalf("exit %d: %s", exit, errs.String())
	}
	return out.String()
}

var (
	made  = regexp.MustCompile(`Dibuat [0-9/]+ [0-9.]+`)
	frame = regexp.MustCompile(`<iframe [^>]*src="([^"]+)"[^>]* sandbox `)
)

// raw asks for a path and returns the answer with its head.
func (p *pageDesk) raw(path string) (*http.Response, string) {
	p.t.Helper()
	resp, err := p.browser.Get(p.url + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp, string(body)
}

// The report in the page's frame, and as files, are those of pst report; the frame
// allows styles and nothing else.
func TestReportIsThatOfTheCommand(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	siti := p.srv.User(880011)
	p.happened(complained(leak, siti, "Atap bocor"), complained(other, siti, "Kursi patah"))
	p.begins(880012)
	p.login()
	now := time.Now().In(p.office().Zone)
	month := now.Format("2006-01")
	year, quarter := now.Format("2006"), strconv.Itoa((int(now.Month())+2)/3)
	first, last := now.AddDate(0, 0, -40).Format(time.DateOnly), now.Format(time.DateOnly)
	for asked, args := range map[string][]string{
		"":                {"-month", month},
		"?bulan=" + month: {"-month", month},
		"?triwulan=" + quarter + "&tahun=" + year: {"-quarter", year + "-" + quarter},
		"?tahun=" + year:                     {"-year", year},
		"?dari=" + first + "&sampai=" + last: {"-from", first, "-to", last},
	} {
		status, body := p.get("/laporan" + asked)
		found := frame.FindStringSubmatch(body)
		if status != http.StatusOK || found == nil {
			t.Fatalf("%s: %d\n%s", asked, status, body)
		}
		head, shown := p.raw(html.UnescapeString(found[1]))
		policy := head.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "sandbox") ||
			strings.Contains(policy, "script-src") ||
			!strings.Contains(head.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: policy %q of %q", asked, policy, head.Header.Get("Content-Type"))
		}
		want := p.reported(append(args, "-format", "html")...)
		if got := made.ReplaceAllString(shown, ""); got != made.ReplaceAllString(want, "") ||
			!strings.Contains(got, "Pengaduan") {
			t.Errorf("%s: the page's report is another than that of %v", asked, args)
		}
	}

	head, got := p.raw("/laporan/berkas?bentuk=csv&bulan=" + month)
	if want := p.reported("-month", month, "-format", "csv"); got != want || head.Header.Get("Content-Disposition") !=
		"attachment; filename=Laporan-PST-1906-"+month+".csv" {
		t.Errorf("csv as %s:\n%s\nwant\n%s", head.Header.Get("Content-Disposition"), got, want)
	}
	lines, err := csv.NewReader(strings.NewReader(got)).ReadAll()
	if err != nil || !slices.ContainsFunc(lines, func(l []string) bool {
		return l[0] == "pengaduan_masuk" &&
			l[1] == "2"
	}) {
		t.Errorf("two complaints came in: %v\n%s", err, got)
	}
	head, got = p.raw("/laporan/berkas?bentuk=xlsx&bulan=" + month)
	book, err := zip.NewReader(strings.NewReader(got), int64(len(got)))
	if err != nil || head.Header.Get("Content-Disposition") != "attachment; filename=Laporan-PST-1906-"+month+".xlsx" {
		t.Fatalf("xlsx: %v, %v", err, head.Header)
	}
	want := p.reported("-month", month, "-format", "xlsx")
	command, err := zip.NewReader(strings.NewReader(want), int64(len(want)))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range []*zip.Reader{book, command} {
		if _, err := b.Open("xl/workbook.xml"); err != nil {
			t.Error(err)
		}
	}
	if len(book.File) != len(command.File) {
		t.Errorf("%d parts, the command's has %d", len(book.File), len(command.File))
	}
}

func (p *pageDesk) office() *conversation.Office {
	p.t.Helper()
	_, o, _, err := p.house.settings()
	if err != nil {
		p.t.Fatal(err)
	}
	return o
}

// What is no period, or no form of a report, is told in words; strangers get nothing.
func TestReportOfNoPeriodIsToldInWords(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	p.login()
	for asked, words := range map[string]string{
		"bulan=2026-13": "Tulis bulan seperti", "bulan=%ff%00": "Tulis bulan seperti", "bulan=" +
			strings.Repeat("9", 20000): "Tulis bulan seperti",
		"triwulan=5&tahun=2026": "Pilih triwulan 1 sampai 4", "triwulan=1": "Pilih triwulan 1 sampai 4",
		"tahun=26":    "empat angka",
		"tahun=20260": "empat angka", "dari=2026-11-01": "tanggal terakhir", "sampai=2026-11-01": "tanggal pertama",
		"dari=2026-11-02&sampai=2026-11-01": "tidak boleh sebelum", "dari=2001-11-02&sampai=2199-11-01": "25 tahun",
		"bulan=2026-11&dari=2026-11-02": "Pilih satu saja",
	} {
		if status, body := p.get("/laporan?" + asked); status != http.StatusBadRequest || !strings.Contains(body, words) ||
			strings.Contains(body, "<iframe") {
			t.Errorf("%.40s: %d\n%.3000s", asked, status, body)
		}
		for _, path := range []string{"/laporan/isi?", "/laporan/berkas?bentuk=xlsx&"} {
			if status, body := p.get(path + asked); status != http.StatusBadRequest || !strings.Contains(body, words) {
				t.Errorf("%s%.40s: %d %.300s", path, asked, status, body)
			}
		}
	}
	for _, bad := range []string{"pdf", "", "../xlsx", "text"} {
		if status, body := p.get("/laporan/berkas?bulan=2026-11&bentuk=" + bad); status != http.StatusBadRequest ||
			!strings.Contains(body, "xlsx, csv atau html") {
			t.Errorf("%q: %d %.300s", bad, status, body)
		}
	}
	p.as(p.newBrowser(), func() {
		for _, path := range []string{"/laporan", "/laporan/isi?tahun=2026", "/laporan/berkas?tahun=2026&bentuk=xlsx"} {
			if _, body := p.get(path); !strings.Contains(body, `name="kode"`) || strings.Contains(body, "Kunjungan") {
				t.Errorf("%s shows a stranger\n%.3000s", path, body)
			}
		}
	})
}
