package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pst/conversation"
)

// configKeys lists the keys and sections of a configuration as [remarks] names them.
func configKeys(v reflect.Type, at string) []string {
	var out []string
	for _, f := range keysOf(v) {
		name, _, _ := strings.Cut(f.Tag.Get("toml"), ",")
		out = append(out, at+name)
		of := f.Type
		if of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		if of.Kind() == reflect.Struct {
			out = append(out, configKeys(of, at+name+".")...)
		}
	}
	return out
}

func TestEveryKeyIsExplained(t *testing.T) {
	keys := configKeys(reflect.TypeFor[config](), "")
	for _, key := range keys {
		if remarkOf(key).say == "" {
			t.Errorf("%s has no remark: explain it in remarks (config_remarks.go)", key)
		}
	}
	for key := range maps.Keys(remarks) {
		if !slices.Contains(keys, key) {
			t.Errorf("the remark on %s explains no key", key)
		}
	}
	text := configFile(nil, nil)
	for line := range strings.Lines(text) {
		if len(line) > 90 && strings.HasPrefix(line, "# ") {
			t.Errorf("longer than a terminal is wide: %s", line)
		}
	}
	for _, key := range keys {
		name := key[strings.LastIndex(key, ".")+1:]
		line := regexp.MustCompile(`(?m)^# .+\n(#?\[+` + name + `\]+|#` + name + ` = .+)$`)
		if !line.MatchString(text) {
			t.Errorf("%s does not stand below its remark in\n%s", key, text)
		}
	}
}

// As it is written nothing is set; with every # before a key gone each has the value
// that was shown, and such an office can be served.
func TestTheExplainedConfigurationIsOne(t *testing.T) {
	h, out := houseFor(t, "")
	if err := (initCmd{Contoh: true}).Run(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if left, err := os.ReadDir(h.data); err != nil || len(left) > 0 {
		t.Fatalf("printing it wrote %v, %v", left, err)
	}
	load := func(text string) config {
		t.Helper()
		h, _ := houseFor(t, text)
		cfg, err := loadConfig(h, func(string) (string, bool) { return "", false })
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		cfg.from = nil
		return cfg
	}
	if got := load(text); !reflect.DeepEqual(got, defaults()) {
		t.Errorf("it sets %+v", got)
	}
	every := regexp.MustCompile(`(?m)^#(\S)`).ReplaceAllString(text, "$1")
	got := load(every)
	if err := got.complete(); err != nil {
		t.Error(err)
	}
	office, err := got.office()
	if err != nil {
		t.Fatal(err)
	}
	if staff, err := got.staff(office); err != nil || len(staff) != 1 || len(staff[0].Addresses) != 2 {
		t.Errorf("staff %+v, %v", staff, err)
	}
	// What is said to hold without a key holds without it.
	want := presets()
	for key := range maps.Keys(remarks) {
		section, name, ok := strings.Cut(key, ".")
		if !ok || section == "staff" {
			continue
		}
		shown, preset := valueOf(t, &got, section, name), valueOf(t, &want, section, name)
		if !preset.IsZero() && !reflect.DeepEqual(shown.Interface(), preset.Interface()) {
			t.Errorf("%s shows %v, and %v holds", key, shown, preset)
		}
		if preset.IsZero() && remarks[key].like != nil && remarks[key].like != "" && shown.IsZero() {
			t.Errorf("%s shows no example", key)
		}
	}
}

func valueOf(t *testing.T, c *config, section, name string) reflect.Value {
	t.Helper()
	find := func(v reflect.Value, tag string) reflect.Value {
		for _, f := range keysOf(v.Type()) {
			if f.Tag.Get("toml") == tag {
				return v.FieldByIndex(f.Index)
			}
		}
		t.Fatalf("no key %s.%s", section, name)
		return v
	}
	return find(find(reflect.ValueOf(c).Elem(), section), name)
}

// What is written and left empty says nothing, but that no category is about staff; a
// value that cannot be is named by its key.
func TestWhatIsEmptySaysNothing(t *testing.T) {
	of := func(text string) (conversation.Office, error) {
		t.Helper()
		h, _ := houseFor(t, text)
		cfg, err := loadConfig(h, func(string) (string, bool) { return "", false })
		if err != nil {
			t.Fatal(err)
		}
		return cfg.office()
	}
	want, err := of("")
	if err != nil {
		t.Fatal(err)
	}
	got, err := of("[office]\nname = '  '\ngenders = []\nabout_staff = []\nconsent_version = 0\nhours = []\n" +
		"[loans]\ndays = 0\nstaff = ''\n")
	want.Lists.AboutStaff = []string{}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	got, err = of("[office]\nname = ' BPS Kota Contoh '\norigins = ['Sini', 'Sana']\nkeep_years = 7\n" +
		"[loans]\nmost = 4\n")
	if err != nil || got.Name != "BPS Kota Contoh" || len(got.Lists.Origins) != 2 || got.KeepYears != 7 ||
		got.Loans.Most != 4 || got.Loans.Days != want.Loans.Days {
		t.Errorf("%+v, %v", got, err)
	}
	for text, names := range map[string]string{
		"[office]\npurposes = ['']\n":             "office.purposes",
		"[office]\nconsent_version = -1\n":        "consent_version",
		"[office]\nabout_staff = ['Lain lagi']\n": "office.about_staff",
		"[loans]\ndays = -1\n":                    "loans",
	} {
		if _, err := of(text); err == nil || !strings.Contains(err.Error(), names) {
			t.Errorf("%q: %v, want one that names %s", text, err, names)
		}
	}
}

// Secrets are printed as none, and what pst init was told stands where it is explained.
func TestTheConfigurationKeepsWhatWasSet(t *testing.T) {
	text := configFile(map[string]any{"office.code": "7371", "office.hours": []string{"senin 08:00-15:30"}},
		[]staffConfig{{Name: "Ibu Contoh", Role: "kasubbag", Addresses: []string{"telegram:1"}},
			{Name: "Pak Dua", Role: "kedua"}})
	var c config
	if err := decode([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	if c.Office.Code != "7371" || len(c.Office.Hours) != 1 || len(c.Staff) != 2 || c.Staff[1].Name != "Pak Dua" ||
		c.Office.Name != "" {
		t.Errorf("read back: %+v, %+v", c.Office, c.Staff)
	}
	if n := bytes.Count([]byte(text), []byte("# Peran: ")); n != 1 {
		t.Errorf("the role is explained %d times", n)
	}
}

// A configuration beside the data folder is root's and read by the group of who
// serves; nobody else may, and nothing in the data folder is the group's.
func TestAConfigurationOfRootIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // there the folder's own rights count
	}
	file := filepath.Join(t.TempDir(), "pst.toml")
	for _, c := range []struct {
		is, may fs.FileMode
		private bool
	}{{0o600, 0o600, true}, {0o640, 0o600, false}, {0o640, 0o640, true}, {0o644, 0o640, false}, {0o660, 0o640, false}} {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, c.is); err != nil {
			t.Fatal(err)
		}
		if err := private(file, c.may); (err == nil) != c.private {
			t.Errorf("%v where %v may be: %v", c.is, c.may, err)
		}
	}
}
