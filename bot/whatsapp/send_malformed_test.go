package whatsapp

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf16"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"pst/bot"
	"pst/bot/whatsapp/whatsapptest"
)

// What WhatsApp finds malformed goes plain before it is given up: the words without
// what stands beside them, then the file without words.
func TestALetterRefusedAsMalformedIsSentPlain(t *testing.T) {
	for _, code := range []int{400, 479} {
		r := start(t, nil)
		p := r.srv.Person(ani, "Ani")
		p.Send(desk, &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("halo"),
			ContextInfo: &waE2E.ContextInfo{Expiration: proto.Uint32(604800)}}})
		r.in.wait(t, 0)
		r.srv.FailAcks(desk, code, 1)
		if _, err := r.send(letter("k", r.lid(ani), "jawab")); err != nil {
			t.Fatal(err)
		}
		if got := p.Next(); got.Message.GetConversation() != "jawab" {
			t.Errorf("%d: got %v", code, got.Message)
		}
		l := letter("f", r.lid(ani), "ini berkasnya")
		l.File = &bot.File{Name: "a.pdf", MIME: "application/pdf", Data: []byte("%PDF-1.4 isi")}
		r.srv.FailAcks(desk, code, 1)
		if _, err := r.send(l); err != nil {
			t.Fatal(err)
		}
		if got := p.Next(); got.Message.GetConversation() != "ini berkasnya" {
			t.Errorf("%d: before the file: %v", code, got.Message)
		}
		if got := p.Next().Message.GetDocumentMessage(); got.GetFileName() != "a.pdf" || got.GetCaption() != "" {
			t.Errorf("%d: file %v", code, got)
		}
	}
}

// A refused letter loses its marks, and a long one is cut into short messages, each
// word once and in order; what cannot be plainer stays as it is.
func TestALetterRefusedAsMalformedIsSplit(t *testing.T) {
	long := strings.Repeat("*Baris* yang panjang sekali, dengan & < > \U0001F600.\n", 90)
	for name, test := range map[string]struct {
		text  string
		file  *bot.File
		parts int
	}{
		"marks":            {"Ketik *1* untuk *mencari*", nil, 1},
		"long":             {long, nil, 5},
		"one long word":    {strings.Repeat("\U0001F600", 1200), nil, 3},
		"a long caption":   {long, &bot.File{Name: "a.pdf", MIME: "application/pdf", Data: []byte("%PDF")}, 6},
		"a picture's text": {"*Halaman 5*", &bot.File{Name: "a.png", MIME: "image/png", Data: []byte("png")}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, nil)
			p := r.srv.Person(ani, "Ani")
			r.srv.FailAcks(desk, 479, 1)
			l := letter("k", pn(ani), test.text)
			l.File = test.file
			id, err := r.send(l)
			if err != nil {
				t.Fatal(err)
			}
			var words strings.Builder
			for i := range test.parts {
				got := p.Next()
				text := got.Message.GetConversation()
				if words.WriteString(text + " "); len(utf16.Encode([]rune(text))) > bot.ShortText {
					t.Errorf("message %d has %d letters", i, len(text))
				}
				if last := i == test.parts-1; last != (got.Info.ID == id) || last && test.file != nil && text != "" {
					t.Errorf("message %d of %d is %q, the letter is %q: %v", i, test.parts, got.Info.ID, id, got.Message)
				}
			}
			squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
			if want := strings.ReplaceAll(test.text, "*", ""); squeeze(words.String()) != squeeze(want) {
				t.Errorf("got %q, want %q", words.String(), want)
			}
		})
	}
}

// A picture that is refused by itself, with words under it or without, goes as a
// document, whole, behind its words.
func TestAPictureRefusedAsMalformedIsSentAsADocument(t *testing.T) {
	for _, text := range []string{"", "*Halaman 5*"} {
		r := start(t, nil)
		p := r.srv.Person(ani, "Ani")
		r.srv.FailPictures(desk, 479, 1_000)
		l := letter("k", pn(ani), text)
		l.File = &bot.File{Name: "halaman 5.png", MIME: "image/png", Data: []byte("png, made up")}
		id, err := r.send(l)
		if err != nil {
			t.Fatal(err)
		}
		if text != "" {
			if got := whatsapptest.Text(p.Next()); got != "Halaman 5" {
				t.Errorf("before the picture: %q", got)
			}
		}
		got := p.Next()
		doc := got.Message.GetDocumentMessage()
		if doc.GetFileName() != l.File.Name || doc.GetMimetype() != "image/png" || got.Info.ID != id {
			t.Errorf("got %v as %s, want a document as %s", got.Message, got.Info.ID, id)
		}
		if data := p.Download(got); !bytes.Equal(data, l.File.Data) {
			t.Errorf("the file arrived as %q", data)
		}
	}
}
