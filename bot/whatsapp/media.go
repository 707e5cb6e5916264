package whatsapp

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"pst/conversation"
)

// maxDownload bounds a file fetched for the desk: a photo of a complaint.
const maxDownload = 20 << 20

// ErrMedia is returned by [Channel.Download] for a reference that is none of
// WhatsApp's, or names a file that is too large.
var ErrMedia = errors.New("not a file the desk fetches")

// attached is what pictures and documents have in common.
type attached interface {
	proto.Message
	whatsmeow.DownloadableMessage
	GetMimetype() string
	GetFileLength() uint64
}

// The first character of a reference says what the rest is.
const (
	refImage    = "i"
	refDocument = "d"
)

// picture and paper describe a file with all that Download needs, and nothing
// else: no thumbnail, and a name of documents alone, in which a code may stand.
func picture(m *waE2E.ImageMessage) *conversation.Media {
	return media(m, refImage, &waE2E.ImageMessage{DirectPath: m.DirectPath, MediaKey: m.MediaKey,
		FileEncSHA256: m.FileEncSHA256, FileSHA256: m.FileSHA256, FileLength: m.FileLength})
}

func paper(m *waE2E.DocumentMessage) *conversation.Media {
	out := media(m, refDocument, &waE2E.DocumentMessage{DirectPath: m.DirectPath, MediaKey: m.MediaKey,
		FileEncSHA256: m.FileEncSHA256, FileSHA256: m.FileSHA256, FileLength: m.FileLength})
	out.Name = first(m.GetFileName(), m.GetTitle())
	return out
}

func media(m attached, kind string, bare proto.Message) *conversation.Media {
	out := &conversation.Media{MIME: m.GetMimetype(), Size: int64(min(m.GetFileLength(), 1<<40))}
	if b, err := proto.Marshal(bare); err == nil && m.GetDirectPath() != "" {
		out.Ref = kind + base64.RawURLEncoding.EncodeToString(b)
	}
	return out
}

// readRef undoes Media.Ref.
func readRef(ref string) (attached, error) {
	var m attached
	switch {
	case strings.HasPrefix(ref, refImage):
		m = &waE2E.ImageMessage{}
	case strings.HasPrefix(ref, refDocument):
		m = &waE2E.DocumentMessage{}
	default:
		return nil, ErrMedia
	}
	b, err := base64.RawURLEncoding.DecodeString(ref[1:])
	if err != nil || proto.Unmarshal(b, m) != nil || m.GetDirectPath() == "" || m.GetFileLength() > maxDownload {
		return nil, ErrMedia
	}
	return m, nil
}

// Download fetches and decrypts the file behind a Media.Ref, writes it to w and
// returns its size. WhatsApp keeps files for some weeks. It returns ErrMedia for
// what is no reference, or a file of more than 20 MiB, and ErrOffline.
func (c *Channel) Download(ctx context.Context, ref string, w io.Writer) (int64, error) {
	m, err := readRef(ref)
	if err != nil {
		return 0, err
	}
	k := c.current()
	if k == nil {
		return 0, ErrOffline
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timing.Upload)
	defer cancel()
	b, err := k.client.Download(ctx, m)
	if err != nil {
		return 0, fmt.Errorf("fetch file from WhatsApp: %s", redact(err))
	}
	n, err := w.Write(b)
	if err != nil {
		return int64(n), fmt.Errorf("keep file from WhatsApp: %w", err)
	}
	return int64(n), nil
}
