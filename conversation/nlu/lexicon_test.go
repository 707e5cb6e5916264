package nlu

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestTheTablesLoad(t *testing.T) {
	if _, err := Load(nil); err != nil {
		t.Fatal(err)
	}
}

func TestAnOfficeExtendsTheTables(t *testing.T) {
	l, err := Load(fstest.MapFS{
		"options.tsv": {Data: []byte("# ours\norigin\tBelitung Timur\tkampong aik\n")},
		"intents.tsv": {Data: []byte("hours\tbile mukak kedai\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	options := []Option{{Key: "a", Label: "Belitung Timur"}, {Key: "b", Label: "Belitung"}}
	if a := l.Hear("dari kampong aik kak").Choice(Origin, options); a != sure(0) {
		t.Errorf("an office's own synonym: %v", a)
	}
	if a := l.Hear("bile mukak kedai?").Intent(); a.Value.Intent != "hours" {
		t.Errorf("an office's own phrasing: %v", a)
	}
}

func TestWrongLinesAreNamed(t *testing.T) {
	for _, c := range []struct{ file, line, want string }{
		{"options.tsv", "origin\tBelitung Timur", "options.tsv:2: 3 columns"},
		{"options.tsv", "shoe size\t42\tbig", `options.tsv:2: no such list "shoe size"`},
		{"options.tsv", "rating\t7\tsuper", "options.tsv:2: \"7\" is no rating"},
		{"options.tsv", "origin\tBelitung\tok,,ok", "options.tsv:2: the phrase \"\" has no words"},
		{"intents.tsv", "weather\thujan", `intents.tsv:2: no such intent "weather"`},
		{"intents.tsv", "hours\tya dong", "intents.tsv:2: the phrasing"},
		{"words.tsv", "yg\tyoga", `words.tsv:2: "yg" already stands for "yang"`},
		{"words.tsv", "a b\tc", "words.tsv:2: the short form"},
		{"intents.tsv", "hours\t\xff\xfe", "intents.tsv:2: not UTF-8"},
		{"intent.tsv", "hours\tx", "intent.tsv: no such table"},
		{"concepts.tsv", "open\t" + strings.Repeat("x ", 13), "concepts.tsv:2: the phrase"},
	} {
		_, err := Load(fstest.MapFS{c.file: {Data: []byte("# first\n" + c.line + "\n")}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %q: %v, want %q", c.file, c.line, err, c.want)
		}
	}
}
