package conversation

import "testing"

func TestOneMailboxHoweverWritten(t *testing.T) {
	for in, want := range map[string]string{
		// Gmail: case, dots, tags, two domains.
		"Siti.Aminah@Gmail.com":        "sitiaminah@gmail.com",
		"s.i.t.i+pst+2@googlemail.com": "siti@gmail.com",
		"...@gmail.com":                "...@gmail.com",
		"siti-aminah@gmail.com":        "siti-aminah@gmail.com",
		"siti.aminah@kantor.gmail.com": "siti.aminah@kantor.gmail.com",
		// Providers that deliver tags, and to which a dot matters.
		"siti.a+pst@outlook.com":  "siti.a@outlook.com",
		"siti.a+1@hotmail.co.id":  "siti.a@hotmail.co.id",
		"Siti+x@live.com":         "siti@live.com",
		"siti.a+pst@fastmail.com": "siti.a@fastmail.com",
		"pst@siti.fastmail.com":   "siti@fastmail.com",
		"a+b@siti.fastmail.fm":    "siti@fastmail.fm",
		"pst@a.siti.fastmail.com": "pst@a.siti.fastmail.com",
		// Providers with several domains.
		"siti+1@me.com":          "siti@icloud.com",
		"siti@mac.com":           "siti@icloud.com",
		"siti.a@icloud.com":      "siti.a@icloud.com",
		"Siti_A.B-C+x@pm.me":     "sitiabc@proton.me",
		"sitiabc@protonmail.com": "sitiabc@proton.me",
		"siti-a@ya.ru":           "siti.a@yandex.com",
		"siti.a+pst@yandex.ru":   "siti.a@yandex.com",
		"siti@me.com.contoh.id":  "siti@me.com.contoh.id",
		"siti@notproton.me":      "siti@notproton.me",
		// Yahoo: a dash may be anybody's; dots matter.
		"siti-pst@yahoo.com":      "siti-pst@yahoo.com",
		"siti.aminah@yahoo.co.id": "siti.aminah@yahoo.co.id",
		// What is not known: the safe side for the cap.
		"siti+pst@contoh.go.id":    "siti@contoh.go.id",
		"siti.aminah@contoh.go.id": "siti.aminah@contoh.go.id",
		"+siti@contoh.id":          "+siti@contoh.id",
		" A@B.id ":                 "a@b.id",
		"":                         "",
		"tanpa":                    "tanpa",
	} {
		if got := Mailbox(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if got := Mailbox(Mailbox(in)); got != Mailbox(in) {
			t.Errorf("%q: once more it is %q", in, got)
		}
	}
}
