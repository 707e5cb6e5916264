package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A report of any period of an empty desk is a report; what is no period is a wrong use.
func TestReportCommand(t *testing.T) {
	data := t.TempDir()
	told := func(args ...string) (string, int) {
		var out, errs bytes.Buffer
		exit := run(t.Context(), append([]string{"-data", data, "report"}, args...), streams{out: &out, err: &errs})
		return out.String() + errs.String(), exit
	}
	for args, want := range map[string]string{"-month 2026-11": "Laporan PST November 2026", "-quarter 2026-4": "Laporan PST Triwulan IV 2026",
		"-year 2026": "Laporan PST Tahun 2026", "-from 2026-12-30 -to 2027-01-02": "Laporan PST 30 Desember 2026 sampai 2 Januari 2027"} {
		if out, exit := told(strings.Fields(args)...); exit != exitFine || !strings.HasPrefix(out, want+"\nKunjungan: 0") {
			t.Errorf("%s: exit %d, %q", args, exit, out)
		}
	}
	for _, args := range []string{"", "-month 2026-13", "-month 2026", "-quarter 2026-5", "-quarter 2026-4x", "-year 26", "-from 2026-11-01", "-to 2026-11-01",
		"-from 2026-11-02 -to 2026-11-01", "-from 1926-11-02 -to 2026-11-01", "-month 2026-11 -year 2026", "-month 2026-11 -format pdf"} {
		if out, exit := told(strings.Fields(args)...); exit != exitUsage || strings.Count(out, "\n") != 1 {
			t.Errorf("%s: exit %d, %q", args, exit, out)
		}
	}
	out, exit := told("-month", "2026-11", "-format", "json")
	var numbers map[string]any
	if err := json.Unmarshal([]byte(out), &numbers); err != nil || exit != exitFine || numbers["kunjungan"] != 0.0 || numbers["periode"] != "2026-11" {
		t.Errorf("JSON: exit %d, %v, %s", exit, err, out)
	}
	t.Setenv("PST_REPORT_CSV_SEMICOLONS", "true")
	if out, exit := told("-month", "2026-11", "-format", "csv"); exit != exitFine || !strings.HasPrefix(out, "\ufeffukuran;nilai;nama;bagian\nkunjungan;0;") {
		t.Errorf("CSV: exit %d, %.80q", exit, out)
	}
}

// The files of LAPORAN berkas come through the outbox, whole.
func TestReportFilesReachStaff(t *testing.T) {
	data := t.TempDir()
	var out, errs bytes.Buffer
	exit := run(t.Context(), []string{"-data", data, "talk", "-staff"}, streams{in: strings.NewReader("LAPORAN 11/2026 berkas\n"), out: &out, err: &errs})
	if exit != exitFine {
		t.Fatalf("exit %d: %s%s", exit, out.String(), errs.String())
	}
	for name, begin := range map[string]string{"Laporan-PST-1906-2026-11.html": "<!doctype html>", "Laporan-PST-1906-2026-11.xlsx": "PK"} {
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
