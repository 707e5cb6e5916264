package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"pst/bot"
	"pst/conversation"
)

// fileMost bounds a file that is sent, in bytes: as the platforms do.
const fileMost = 20 << 20

var _ bot.Downloader = (*Terminal)(nil)

// sent is the file that a line names: the path of a PDF file that is there, as a
// person types it, or drops the file on the terminal. Nil: it is words.
func sent(line string) *conversation.Media {
	path := strings.TrimSpace(line)
	if n := len(path); n > 1 && path[0] == path[n-1] && strings.ContainsRune(`'"`, rune(path[0])) {
		path = path[1 : n-1]
	}
	if len(path) > 4096 || !strings.HasSuffix(strings.ToLower(path), ".pdf") {
		return nil
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	return &conversation.Media{MIME: "application/pdf", Size: info.Size(), Ref: path, Scheme: conversation.Terminal,
		Name: info.Name()}
}

// Download implements bot.Downloader.
func (t *Terminal) Download(_ context.Context, ref string, w io.Writer) (int64, error) {
	f, err := os.Open(ref)
	if err != nil { // its path is the person's own
		return 0, errors.New("read file: it cannot be opened")
	}
	defer f.Close()
	n, err := io.Copy(w, io.LimitReader(f, fileMost+1))
	if err == nil && n > fileMost {
		err = errors.New("larger than 20 MiB")
	}
	if err != nil {
		return n, fmt.Errorf("read file: %w", err)
	}
	return n, nil
}
