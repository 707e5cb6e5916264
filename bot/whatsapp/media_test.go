package whatsapp

import (
	"bytes"
	"errors"
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"pst/conversation"
)

func TestPhotoOfAComplaintCanBeFetchedLater(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	photo := bytes.Repeat([]byte("made up photo "), 3000)
	up, err := p.Client.Upload(t.Context(), photo, whatsmeow.MediaImage)
	if err != nil {
		t.Fatal(err)
	}
	p.Send(desk, &waE2E.Message{ImageMessage: &waE2E.ImageMessage{URL: &up.URL, DirectPath: &up.DirectPath,
		MediaKey:      up.MediaKey,
		FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength, Mimetype: text("image/jpeg"),
		Caption: text("kursi rusak")}})
	got := r.in.wait(t, 0)
	if got.Kind != conversation.Image || got.Text != "kursi rusak" || got.Media.MIME != "image/jpeg" ||
		got.Media.Size != int64(len(photo)) {
		t.Fatalf("received %+v", got)
	}
	var out bytes.Buffer
	if n, err := r.ch.Download(t.Context(), got.Media.Ref, &out); err != nil || n != int64(len(photo)) ||
		!bytes.Equal(out.Bytes(), photo) {
		t.Errorf("fetched %d bytes, %v", n, err)
	}
	for _, ref := range []string{"", "x", "i", "i!!", "telegram-file-id", got.Media.Ref[:20]} {
		if _, err := r.ch.Download(t.Context(), ref, &out); !errors.Is(err, ErrMedia) {
			t.Errorf("reference %q: %v", ref, err)
		}
	}
	large := picture(&waE2E.ImageMessage{DirectPath: text("/v/x"), FileLength: proto.Uint64(maxDownload + 1)})
	if _, err := r.ch.Download(t.Context(), large.Ref, &out); !errors.Is(err, ErrMedia) {
		t.Errorf("too large: %v", err)
	}
	r.stop()
	if _, err := r.ch.Download(t.Context(), got.Media.Ref, &out); !errors.Is(err, ErrOffline) {
		t.Errorf("stopped: %v", err)
	}
}

func TestADocumentSentBackCanBeFetched(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	file := bytes.Repeat([]byte("%PDF-1.7 made up\n"), 3000)
	up, err := p.Client.Upload(t.Context(), file, whatsmeow.MediaDocument)
	if err != nil {
		t.Fatal(err)
	}
	p.Send(desk, &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{URL: &up.URL, DirectPath: &up.DirectPath,
		MediaKey:      up.MediaKey,
		FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength,
		Mimetype: text("application/octet-stream"), FileName: text("kutipan_K7F3Q9AB2D.pdf")}})
	got := r.in.wait(t, 0)
	if got.Kind != conversation.Document || !got.Media.PDF() || got.Media.Name != "kutipan_K7F3Q9AB2D.pdf" {
		t.Fatalf("received %+v with %+v", got, got.Media)
	}
	var out bytes.Buffer
	if _, err := r.ch.Download(t.Context(), got.Media.Ref, &out); err != nil || !bytes.Equal(out.Bytes(), file) {
		t.Errorf("fetched %d bytes, %v", out.Len(), err)
	}
}

func FuzzMediaRef(f *testing.F) {
	f.Add(picture(&waE2E.ImageMessage{DirectPath: text("/v/x"), MediaKey: []byte("k")}).Ref)
	f.Add(paper(&waE2E.DocumentMessage{DirectPath: text("/v/y"), FileLength: proto.Uint64(9)}).Ref)
	f.Add("i")
	f.Fuzz(func(t *testing.T, ref string) {
		m, err := readRef(ref)
		if err != nil {
			if !errors.Is(err, ErrMedia) {
				t.Fatal(err)
			}
			return
		}
		if m.GetDirectPath() == "" || m.GetFileLength() > maxDownload {
			t.Fatalf("%q is taken for %v", ref, m)
		}
	})
}
