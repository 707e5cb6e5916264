package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// `pst check -mail` tells each step that went well, and what to do about the first
// that did not.
func TestCheckMail(t *testing.T) {
	p := startPost(t)
	p.say("tolak@rumah.example", "550 5.1.1 no such user")
	p.say("lain@rumah.example", "554 5.7.1 relaying denied")
	here := fmt.Sprintf("host = \"127.0.0.1\"\ntls = \"none\"\nport = %d\n", p.port)
	for name, c := range map[string]struct {
		smtp, to string
		code     int
		want     []string
	}{
		"all is well": {here, "uji@rumah.example", exitFine, []string{
			"ok   email: tersambung ke server 127.0.0.1:", "menerima nama komputer ini, bps.go.id",
			"mengizinkan pengirim bps1906@bps.go.id", "server menerima suratnya"}},
		"the recipient is refused": {here, "tolak@rumah.example", exitFailed, []string{
			"mengizinkan pengirim", "tidak mau mengantar ke alamat itu",
			"recipient refused: 550 5.1.1", "no letter can be brought to this address"}},
		"the relay is denied": {here, "lain@rumah.example", exitFailed,
			[]string{"recipient refused: 554 5.7.1, by the server's policy", "smtp.user"}},
		"nobody answers": {"host = \"127.0.0.1\"\nport = 1\n", "uji@rumah.example", exitFailed,
			[]string{"cannot be reached", "smtp.port"}},
		"no STARTTLS": {fmt.Sprintf("host = \"127.0.0.1\"\nport = %d\n", p.port), "uji@rumah.example", exitFailed,
			[]string{"does not offer STARTTLS", "smtp.tls"}},
		"not configured": {"", "uji@rumah.example", exitFailed, []string{"isi smtp.host"}},
		"an unknown mode": {here + "user = \"a\"\n", "uji@rumah.example", exitFailed,
			[]string{"smtp: mail: user is set and password is not"}},
		"no such file": {here + "ca_file = \"kantor.pem\"\n", "uji@rumah.example", exitFailed,
			[]string{"smtp: ca_file"}},
		"a sender that is none": {here + "from = \"kantor\"\n", "uji@rumah.example", exitFailed,
			[]string{"from", "kantor"}},
		"an odd name": {here + "helo = \"meja pst\"\n", "uji@rumah.example", exitFailed, []string{"helo"}},
		"no address":  {here, "kantor", exitUsage, []string{"bukan alamat email"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "pst.toml"), []byte("[smtp]\n"+c.smtp), 0o600); err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			code := run(t.Context(), []string{"-data", dir, "check", "-mail", c.to}, streams{out: &out, err: &out})
			if code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			for _, want := range c.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("no %q in:\n%s", want, out.String())
				}
			}
		})
	}
}
