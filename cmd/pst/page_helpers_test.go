package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"pst/bot/telegram/telegramtest"
)

// pageDesk is a whole desk that serves Telegram's test server and the page for staff.
type pageDesk struct {
	t       *testing.T
	house   *house
	srv     *telegramtest.Server
	staff   *telegramtest.User // Pak Budi, the Kasubbag, in his chat
	url     string
	browser *http.Client
	nonces  int
	stop    func() // ends what is served
	outside platform
}

// servePage serves a data folder with the sample library until the test ends; more is
// put behind its pst.toml.
func servePage(t *testing.T, more string) *pageDesk {
	t.Helper()
	return servePageOver(t, platform{}, more, func(*house) {})
}

// servePageOver is servePage with other servers, too, and what else is changed first.
func servePageOver(t *testing.T, outside platform, more string, change func(*house)) *pageDesk {
	t.Helper()
	srv := telegramtest.Start(t, telegramtest.Options{})
	h := telegramHouse(t, srv, nil)
	add(t, h.path("pst.toml"), "[desk]\nlisten = \"127.0.0.1:0\"\n"+more)
	p := &pageDesk{t: t, house: h, srv: srv, staff: srv.User(kasubbagID), outside: outside}
	change(h)
	p.stop = p.serve()
	p.browser = p.newBrowser()
	return p
}

// serve runs pst serve until the test ends, or until stop is called.
func (p *pageDesk) serve() (stop func()) {
	p.t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(p.t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, p.house, p.outside) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			p.t.Errorf("serve ended with %v", err)
		}
	}
	p.t.Cleanup(stop)
	soon(p.t, "the page is served", func() bool {
		select {
		case err := <-ended:
			p.t.Fatalf("serve ended with %v", err)
		default:
		}
		at, err := os.ReadFile(p.house.path(pageFile))
		p.url = strings.TrimSpace(string(at))
		return err == nil && p.url != ""
	})
	return stop
}

func add(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

// newBrowser is a browser of its own, as far as cookies and redirects go.
func (p *pageDesk) newBrowser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

var linkTold = regexp.MustCompile(`(http://\S+/masuk)\?kode=(\w+)`)

// door writes MASUK in a chat of staff and returns the code that comes back.
func (p *pageDesk) door(chat *telegramtest.User) string {
	p.t.Helper()
	chat.Say("MASUK")
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	for {
		m, err := chat.Next(ctx)
		if err != nil {
			p.t.Fatalf("no link came: %v", err)
		}
		if found := linkTold.FindStringSubmatch(m.Text); found != nil {
			return found[2]
		}
	}
}

// login lets the browser in as Pak Budi.
func (p *pageDesk) login() {
	p.t.Helper()
	if status, body := p.post("/masuk", url.Values{"kode": {p.door(p.staff)}}); status != http.StatusOK ||
		!strings.Contains(body, "Pak Budi") {
		p.t.Fatalf("not let in: %d\n%s", status, body)
	}
}

func (p *pageDesk) get(path string) (int, string) {
	p.t.Helper()
	return p.do(http.MethodGet, path, nil)
}

// post sends a form as the page would: with the nonce of a page just shown.
func (p *pageDesk) post(path string, form url.Values) (int, string) {
	p.t.Helper()
	if !form.Has("nonce") {
		p.nonces++
		form.Set("nonce", fmt.Sprintf("nonce-of-a-test-%d", p.nonces))
	}
	return p.do(http.MethodPost, path, form)
}

func (p *pageDesk) do(method, path string, form url.Values) (int, string) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := p.browser.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

var numberTold = regexp.MustCompile(`[A-Z]{2,3}-\d{6}-\w{3}`)

// complains lets somebody who is not registered complain over Telegram about the
// facilities; identity is 1 with the name, 2 confidential, 3 anonymous. It returns the
// ticket's number.
func (p *pageDesk) complains(id int64, identity, name, text string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	person := p.srv.User(id)
	says := func(line, until string) string {
		p.t.Helper()
		person.Say(line)
		m, err := person.NextWith(ctx, until)
		if err != nil {
			p.t.Fatalf("%q was not answered with %q: %v", line, until, err)
		}
		return m.Text
	}
	says("pengaduan", "disampaikan lewat")
	says("1", "Tentang apa")
	says("sarana dan prasarana", "Ceritakan")
	says(text, "Tercatat")
	says("kirim", "identitas")
	if identity == "1" {
		says("1", "nama Bapak/Ibu")
		says(name, "periksa")
	} else {
		says(identity, "periksa")
	}
	return numberTold.FindString(says("1", "Tercatat dengan nomor"))
}
