package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A report of any period of an empty desk is a report; what is no period is a wrong use.
func TestReportCommand(t *testing.T) {
	data := dataFolder(t)
	told := func(args ...string) (string, int) {
		var out, errs bytes.Buffer
		exit := run(t.Context(), append([]string{"-data", data, "report"}, args...), streams{out: &out, err: &errs})
		return out.String() + errs.String(), exit
	}
	for args, want := range map[string]string{"-month 2026-11": "Laporan PST November 2026",
		"-quarter 2026-4": "Laporan PST Triwulan IV 2026",
		"-year 2026":      "Laporan PST Tahun 2026",
		"-from 2026-12-30 -to 2027-01-02": "Laporan PST 30 Desember 2026 sampai 2 " +
			"Januari 2027"} {
		if out, exit := told(strings.Fields(args)...); exit != exitFine || !strings.HasPrefix(out, want+"\nKunjungan: 0") {
			t.Errorf("%s: exit %d, %q", args, exit, out)
		}
	}
	for _, args := range []string{"", "-month 2026-13", "-month 2026", "-quarter 2026-5", "-quarter 2026-4x", "-year 26",
		"-from 2026-11-01", "-to 2026-11-01",
		"-from 2026-11-02 -to 2026-11-01", "-from 1926-11-02 -to 2026-11-01", "-month 2026-11 -year 2026",
		"-month 2026-11 -format pdf"} {
		if out, exit := told(strings.Fields(args)...); exit != exitUsage || strings.Count(out, "\n") != 1 {
			t.Errorf("%s: exit %d, %q", args, exit, out)
		}
	}
	out, exit := told("-month", "2026-11", "-format", "json")
	var numbers map[string]any
	if err := json.Unmarshal([]byte(out), &numbers); err != nil || exit != exitFine || numbers["kunjungan"] != 0.0 ||
		numbers["periode"] != "2026-11" {
		t.Errorf("JSON: exit %d, %v, %s", exit, err, out)
	}
	t.Setenv("PST_REPORT_CSV_SEMICOLONS", "true")
	if out, exit := told("-month", "2026-11", "-format", "csv"); exit != exitFine ||
		!strings.HasPrefix(out, "\ufeffukuran;nilai;nama;bagian\nkunjungan;0;") {
		t.Errorf("CSV: exit %d, %.80q", exit, out)
	}
}

// The files of LAPORAN berkas come through the outbox, whole.
func TestReportFilesReachStaff(t *testing.T) {
	data := dataFolder(t)
	var out, errs bytes.Buffer
	exit := run(t.Context(), []string{"-data", data, "talk", "-staff"},
		streams{in: strings.NewReader("LAPORAN 11/2026 berkas\n"), out: &out, err: &errs})
	if exit != exitFine {
		t.Fatalf("exit %d: %s%s", exit, out.String(), errs.String())
	}
	for name, begin := range map[string]string{"Laporan-PST-1906-2026-11.html": "<!doctype html>",
		"Laporan-PST-1906-2026-11.xlsx": "PK"} {
		if !strings.Contains(out.String(), name) {
			t.Errorf("%s is not told of:\n%s", name, out.String())
		}
		found, err := filepath.Glob(filepath.Join(data, "*", name))
		if err != nil || len(found) != 1 {
			t.Fatalf("%s lies at %v, %v", name, found, err)
		}
		if b, err := os.ReadFile(found[0]); err != nil || !bytes.HasPrefix(b, []byte(begin)) || len(b) < 3000 {
			t.Errorf("%s has %d bytes, %v", name, len(b), err)
		}
	}
}

// The reports of several offices are summed in every format, without a change of their
// folders; no other command takes several.
func TestReportSumsOffices(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	a, b := fleetOffice(t, root, "Belitung", nil), fleetOffice(t, root, "Bangka", nil)
	happened(t, a, 0, oldComplaint(0))
	happened(t, b, 0, oldComplaint(0))
	before := listing(t, a) + listing(t, b)
	month := []string{"report", "-month", time.Now().Format("2006-01")}
	sum := func(args ...string) (string, string, int) {
		return told(t, append(append([]string{"-data", a, "-data", b}, month...), args...)...)
	}
	for format, want := range map[string]string{"text": "Gabungan dari: BPS Kabupaten Belitung; BPS Kabupaten Bangka.",
		"csv":  "pengaduan_masuk,2,",
		"json": `"kantor": "Gabungan 2 kantor"`, "html": "Gabungan 2 kantor", "xlsx": "PK"} {
		if out, errs, exit := sum("-format", format); exit != exitFine || !strings.Contains(out, want) {
			t.Errorf("%s: exit %d, %s, without %q: %.300s", format, exit, errs, want, out)
		}
	}
	// Configurations beside the folders, as those of the units.
	for _, name := range []string{"Belitung", "Bangka"} {
		writeFile(t, filepath.Join(root, name+".toml"), fmt.Sprintf("[office]\nname = \"Kantor %s\"\ncode = \"1906\"\n",
			name))
	}
	out, errs, exit := told(t, append([]string{"-data", a, "-data", b, "-config", filepath.Join(root, "%i.toml")},
		month...)...)
	if exit != exitFine || !strings.Contains(out, "Gabungan dari: Kantor Belitung; Kantor Bangka.") {
		t.Errorf("with %%i: exit %d, %s%.300s", exit, errs, out)
	}
	if out, _, _ := told(t, "-config", filepath.Join(root, "%i.toml"), "fleet", a, b); !strings.Contains(out,
		"1906 Kantor Belitung") {
		t.Errorf("fleet with %%i: %s", out)
	}
	if _, errs, exit := told(t, "-config", filepath.Join(root, "Belitung.toml"), "fleet", a, b); exit != exitUsage {
		t.Errorf("fleet with one file for two: exit %d, %s", exit, errs)
	}
	if after := listing(t, a) + listing(t, b); after != before {
		t.Errorf("the folders were\n%sand are\n%s", before, after)
	}
	for name, c := range map[string]struct {
		args []string
		exit int
		why  string
	}{
		"another command": {[]string{"-data", a, "-data", b, "check"}, exitUsage, "hanya untuk pst report"},
		"one file": {append([]string{"-data", a, "-data", b, "-config", "x.toml"}, month...), exitUsage,
			"pengaturan masing-masing"},
		"one office": {append([]string{"-data", a, "-data", filepath.Join(root, ".", "Belitung")}, month...), exitUsage,
			"disebut dua kali"},
		"no office": {append([]string{"-data", a, "-data", filepath.Join(root, "Hilang")}, month...), exitFailed,
			"belum ada basis data"},
		"older": {append([]string{"-data", a, "-data", olderFolder(t)}, month...), exitFailed,
			"versi program yang lebih lama"},
		"the SKD": {[]string{"-data", a, "-data", b, "report", "-skd"}, exitUsage, "one -data"},
	} {
		if out, errs, exit := told(t, c.args...); exit != c.exit || out != "" || !strings.Contains(errs, c.why) ||
			strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: exit %d, %q %q, want %d and %q", name, exit, out, errs, c.exit, c.why)
		}
	}
	if _, err := os.Stat(filepath.Join(root, "Hilang")); err == nil {
		t.Error("a folder that was only asked about was made")
	}
}
