package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// lineMost is how long a line of code may be, in characters; a tab is one.
const lineMost = 120

// longLines are the files that still hold longer ones: whoever works on one wraps them.
var longLines = []string{
	"bot/whatsapp/send_test.go",
	"bot/web/trail.go", "bot/whatsapp/read_test.go", "bot/whatsapp/whatsapptest/person.go", "cmd/pst/alarm.go",
	"cmd/pst/alarm_test.go", "cmd/pst/check.go", "cmd/pst/check_backup_test.go", "cmd/pst/check_folder.go",
	"cmd/pst/check_mail.go", "cmd/pst/check_mail_test.go", "cmd/pst/config.go", "cmd/pst/config_remarks.go",
	"cmd/pst/counted.go", "cmd/pst/fleet.go", "cmd/pst/fleet_test.go", "cmd/pst/fleet_text.go",
	"cmd/pst/mail_bounce_test.go", "cmd/pst/packaging_test.go", "cmd/pst/page_catalogue_helpers_test.go",
	"cmd/pst/page_catalogue_test.go", "cmd/pst/page_channels.go", "cmd/pst/page_office_test.go",
	"cmd/pst/page_silenced_test.go", "cmd/pst/page_upload_browser_test.go", "cmd/pst/reports/reports_test.go",
	"cmd/pst/runner_tables_test.go", "cmd/pst/sheets/chart.go", "cmd/pst/sheets/doc.go",
	"cmd/pst/sheets/sheets_test.go", "cmd/pst/sheets/table.go", "cmd/pst/watch/metrics.go",
	"cmd/pst/watch/server.go", "cmd/pst/watch/server_test.go", "cmd/pst/watch/service_test.go",
	"cmd/pst/watching.go", "conversation/datum_answer.go", "conversation/datum_file.go",
	"conversation/datum_told.go", "conversation/staff_parse.go", "conversation/survey_skm.go",
	"conversation/texts_sample.go", "search/data.go", "search/data_ask.go", "search/data_follow_test.go",
	"search/data_label.go", "search/data_match.go", "search/data_names_test.go", "search/data_rival.go",
	"search/data_said.go", "search/data_series.go", "search/data_sheet.go", "search/data_test.go",
	"search/data_words.go", "search/judged_test.go", "search/tables_test.go", "store/answers_test.go",
	"store/bench_test.go", "store/data_tables.go", "store/holdings/bench_test.go",
	"store/holdings/codein_test.go", "store/holdings/internal/rewrite/fontout.go", "store/holdings/made_test.go",
	"store/holdings/pagetable/grid.go", "store/holdings/pagetable/heading.go",
	"store/holdings/pagetable/join.go", "store/holdings/pagetable/labels.go",
	"store/holdings/pagetable/made_test.go", "store/holdings/pagetable/proof.go",
	"store/holdings/pagetable/traps_test.go", "store/holdings/pagetable/words.go",
	"store/holdings/pagetext/pagetext_test.go", "store/holdings/sample/library.go",
	"store/holdings/vectors_test.go",
}

// Lines fit beside each other in a window. Text between backquotes is as it must be: a
// pattern, a statement of SQL, a page of a publication.
func TestLinesAreShort(t *testing.T) {
	long := 0
	err := filepath.WalkDir("../..", func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && strings.HasPrefix(e.Name(), ".") && e.Name() != ".." {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(filepath.ToSlash(path), "../../")
		quoted := false
		for i, line := range bytes.Split(source, []byte("\n")) {
			quotes := bytes.Count(line, []byte("`"))
			if utf8.RuneCount(line) > lineMost && !quoted && quotes == 0 {
				long++
				if !slices.Contains(longLines, name) {
					t.Errorf("%s:%d has %d characters, more than %d", name, i+1, utf8.RuneCount(line), lineMost)
				}
			}
			quoted = quoted != (quotes%2 == 1)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d longer lines in %d files are left", long, len(longLines))
}
