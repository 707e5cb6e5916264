package main

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pst/conversation"
)

// A table that a member of staff silenced in their chat stands at the page, with who did
// it and why, and answers again when it is trusted there.
func TestASilencedTableIsTrustedAgainAtThePage(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	p.login()
	_, body := p.get("/katalog")
	expect(t, body, "Tabel dihentikan (0)")
	_, body = p.get("/katalog/tabel")
	expect(t, body, "Tidak ada tabel yang dihentikan.")

	reader := p.registered(880051)
	p.answers(reader, "berapa penduduk desa lenggang 2022?") // the guest book asks first
	told := p.answers(reader, "daring, 1")
	code, _, ok := strings.Cut(strings.SplitAfterN(told+"Kode angka ", "Kode angka ", 2)[1], ".")
	if !ok || !strings.Contains(told, "Lenggang") {
		t.Fatalf("no number is told: %s", told)
	}
	p.answers(p.staff, "SALAH "+code+" kolomnya <b>tergeser</b>")

	_, body = p.get("/katalog")
	expect(t, body, "Tabel dihentikan (1)")
	_, body = p.get("/katalog/tabel")
	expect(t, body, "Kecamatan Gantung Dalam Angka 2023", "2.1.1", "telegram:",
		"kolomnya &lt;b&gt;tergeser&lt;/b&gt;", "Percaya lagi")
	if said := p.answers(reader, "berapa penduduk desa lenggang 2022?"); strings.Contains(said, "Kode angka") {
		t.Errorf("a silenced table answers: %s", said)
	}
	table := url.Values{"publikasi": {"contoh-gantung-2023"}, "tabel": {"2.1.1"}}
	_, body = p.post("/katalog/tabel", table)
	expect(t, body, "Tidak ada tabel yang dihentikan.", "dipercaya lagi")
	if status, _ := p.post("/katalog/tabel", table); status != http.StatusNotFound {
		t.Errorf("trusted twice: %d", status)
	}
	who := conversation.Staff{Name: "Pak Budi"}.Web().Masked()
	if lines := p.audited(); !slices.Contains(lines, who+" table trusted again contoh-gantung-2023 2.1.1") {
		t.Errorf("not audited: %s", strings.Join(lines, "\n"))
	}
	soon(t, "the number is told again", func() bool {
		return strings.Contains(p.answers(reader, "berapa penduduk desa lenggang 2022?"), "Kode angka")
	})
}
