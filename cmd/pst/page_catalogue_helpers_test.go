package main

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
	"pst/conversation"
	"pst/store"
	"pst/store/holdings/sample"
)

// The website's sample: in the structure of real files, and what finds it.
const (
	webBook  = "dalam-angka-2024"
	webTitle = "Kabupaten Belitung Timur Dalam Angka 2024"
)

// emptied makes the library one that holds nothing yet.
func emptied(t *testing.T) func(*house) {
	return func(h *house) { empty(t, h) }
}

// empty leaves nothing of a library but the compiled reader.
func empty(t *testing.T, h *house) {
	t.Helper()
	for _, name := range []string{"pst.db", "pst.db-wal", "pst.db-shm", "secret.key", "holdings", "index", "cache"} {
		if err := os.RemoveAll(h.path(name)); err != nil {
			t.Fatal(err)
		}
	}
	readerAt(t, h.data)
}

// sampleFile is the file of a book of the sample library.
func sampleFile(t *testing.T, id string) []byte {
	t.Helper()
	books, err := sample.Write(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(books, func(s sample.Sample) bool { return strings.HasSuffix(s.Publication.ID, id) })
	pdf, err := os.ReadFile(books[i].Path)
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// upload is a file in a form.
type upload struct {
	name string
	data io.Reader
}

func aFile(name, data string) upload { return upload{name, strings.NewReader(data)} }

// uploads sends files in one form, each as it is read, and returns the page shown then.
func (p *pageDesk) uploads(office string, files ...upload) (int, string) {
	p.t.Helper()
	from, to := io.Pipe()
	form := multipart.NewWriter(to)
	go func() {
		err := form.WriteField("kode", office)
		for _, f := range files {
			head := textproto.MIMEHeader{}
			head.Set("Content-Disposition", `form-data; name="berkas"; filename="`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(f.name)+`"`)
			part, failed := form.CreatePart(head)
			if err = errors.Join(err, failed); err == nil {
				_, err = io.Copy(part, f.data)
			}
		}
		to.CloseWithError(errors.Join(err, form.Close()))
	}()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url+"/katalog/kirim", from)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	resp, err := p.browser.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// papers waits until nothing is at work, and returns the page then.
func (p *pageDesk) papers() string {
	p.t.Helper()
	var body string
	soon(p.t, "nothing is at work", func() bool {
		_, body = p.get("/katalog/kirim")
		return !strings.Contains(body, "aria-busy")
	})
	return body
}

var paperShown = regexp.MustCompile(`name="id" value="([^"]+)"`)

// decides sends the form of what is ready, each with this choice, or the one checked.
func (p *pageDesk) decides(choice string) string {
	p.t.Helper()
	body, form := p.papers(), url.Values{}
	for _, m := range paperShown.FindAllStringSubmatch(body, -1) {
		form.Add("id", m[1])
		checked := regexp.MustCompile(`name="ke-` + m[1] + `" value="([^"]*)" checked`).FindStringSubmatch(body)
		if checked == nil {
			p.t.Fatalf("nothing is proposed for %s:\n%s", m[1], body)
		}
		if form.Set("ke-"+m[1], checked[1]); choice != "" {
			form.Set("ke-"+m[1], ":lain")
			form.Set("lain-"+m[1], choice)
		}
		if strings.HasPrefix(choice, ":") {
			form.Set("ke-"+m[1], choice)
			form.Del("lain-" + m[1])
		}
	}
	if len(form) == 0 {
		p.t.Fatalf("nothing is ready:\n%s", body)
	}
	if status, body := p.post("/katalog/kirim/putuskan", form); status != http.StatusOK {
		p.t.Fatalf("%d\n%s", status, body)
	}
	return p.papers()
}

// holds are the ids of the catalogue, and how many files are laid aside.
func (p *pageDesk) holds() (ids []string, aside int) {
	p.t.Helper()
	p.withDB(func(db *store.DB) {
		for b, err := range db.Publications(p.t.Context()) {
			if err != nil {
				p.t.Fatal(err)
			}
			ids = append(ids, b.ID)
		}
	})
	files, err := filepath.Glob(p.house.path("uploads", "*", "*"))
	if err != nil {
		p.t.Fatal(err)
	}
	return ids, len(files)
}

// expect says what a page lacks.
func expect(t *testing.T, body string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(body, w) {
			t.Errorf("the page lacks %q:\n%s", w, body)
		}
	}
}

// registered is a reader whose chat on Telegram has signed the guest book.
func (p *pageDesk) registered(id int64) *telegramtest.User {
	p.t.Helper()
	u := p.begins(id)
	p.happened(conversation.CreateReader{
		Chat: conversation.Address(fmt.Sprintf("telegram:%d", id)),
		Reader: conversation.Reader{
			ID: 1, Number: "BT-00001", Name: "Siti Aminah", Email: "siti@example.org", EmailHash: "siti",
			Verified: "email", Consent: 1, ConsentAt: time.Now(), CreatedAt: time.Now(),
			Card: conversation.Card{Kind: "KTP", Last4: "0002", Hash: "0002"},
		},
	})
	return u
}

// answers writes to the desk, and returns what is answered.
func (p *pageDesk) answers(u *telegramtest.User, text string) string {
	p.t.Helper()
	before := len(u.FromBot())
	u.Say(text)
	soon(p.t, "an answer to "+text, func() bool { return len(u.FromBot()) > before })
	return u.FromBot()[before].Text
}
