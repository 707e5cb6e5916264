package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestStaffComeInByTheirChatAndNobodyElse(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	if status, body := p.get("/"); status != http.StatusOK || !strings.Contains(body, `name="kode"`) ||
		strings.Contains(body, "Budi") {
		t.Fatalf("who is not known is asked for a code, and told no name: %d\n%s", status, body)
	}
	code := p.door(p.staff)
	// What looks at links before people do must not use them up.
	if status, body := p.get("/masuk?kode=" + code); status != http.StatusOK || !strings.Contains(body, code) {
		t.Fatalf("%d\n%s", status, body)
	}
	wrong := strings.Repeat("A", len(code))
	for _, bad := range []string{wrong, "", "' OR 1=1 --", strings.Repeat("x", 5000)} {
		if status, body := p.post("/masuk", url.Values{"kode": {bad}}); status == http.StatusOK ||
			strings.Contains(body, "Budi") {
			t.Errorf("%.20q let somebody in: %d", bad, status)
		}
	}
	if status, body := p.post("/masuk", url.Values{"kode": {strings.ToLower(code[:5]) + " - " +
		code[5:]}}); status != http.StatusOK ||
		!strings.Contains(body, "Pak Budi") {
		t.Fatalf("the code did not let in: %d\n%s", status, body)
	}
	other := p.browser
	p.browser = p.newBrowser()
	if status, _ := p.post("/masuk", url.Values{"kode": {code}}); status != http.StatusForbidden {
		t.Errorf("a used code: %d", status)
	}
	p.browser = other
	p.staff.Say("KELUAR")
	soon(t, "KELUAR ends the session", func() bool {
		_, body := p.get("/")
		return strings.Contains(body, `name="kode"`)
	})
}

func TestOthersDoNotSpeakForStaff(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	p.login()
	ask := func(change func(*http.Request)) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+"/keluar",
			strings.NewReader("nonce=0123456789abcdef&sini=1"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		change(req)
		resp, err := p.browser.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	for name, change := range map[string]func(*http.Request){
		"another site's form":   func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"a neighbour's form":    func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
		"an old browser's form": func(r *http.Request) { r.Header.Set("Origin", "http://contoh.example") },
		"a foreign name":        func(r *http.Request) { r.Host = "contoh.example" },
		"a name with our port":  func(r *http.Request) { r.Host = "contoh.example:" + strings.Split(p.url, ":")[2] },
	} {
		if status := ask(change); status < 400 {
			t.Errorf("%s: %d", name, status)
		}
	}
	if _, body := p.get("/"); !strings.Contains(body, "Pak Budi") {
		t.Error("one of them ended the session")
	}
}
