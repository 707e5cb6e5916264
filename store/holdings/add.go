package holdings

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"pst/conversation"
	"pst/store/holdings/internal/lazy"
	"pst/store/holdings/pagetext"
)

// Added is what is known of a file after it was added.
type Added struct {
	File     string // its name in the folder: SHA256 and ".pdf"
	SHA256   string
	Pages    int // 1…5000
	Contents conversation.Contents
	// Title and Year are guesses from the document's particulars, its first pages
	// and the name of the file; Year is 0 when none was found.
	Title string
	Year  int
}

// Add reads an untrusted PDF file in a child process of this program and takes
// a copy into the folder: as it is, or repaired when its readers disagree about
// it. The same bytes give the same name, and a second time changes nothing. Errors are
// of this package's kinds (see [Reason]), ctx's, or the system's; after an error the
// folder is as before.
func (h *Holdings) Add(ctx context.Context, path string) (Added, error) {
	a, err := h.add(ctx, path, true)
	if err != nil {
		return Added{}, fmt.Errorf("add publication: %w", err)
	}
	return a, nil
}

// MaxFile is the most bytes that a file may have.
const MaxFile = maxFileBytes

// Look finds out what [Holdings.Add] would, with the same errors, and keeps nothing.
func (h *Holdings) Look(ctx context.Context, path string) (Added, error) {
	a, err := h.add(ctx, path, false)
	if err != nil {
		return Added{}, fmt.Errorf("look at publication: %w", err)
	}
	return a, nil
}

func (h *Holdings) add(ctx context.Context, path string, keep bool) (Added, error) {
	ctx, done, err := h.readerTurn(ctx)
	if err != nil {
		return Added{}, err
	}
	defer done()
	temp, sha, err := h.takeIn(ctx, path)
	if err != nil {
		return Added{}, err
	}
	defer func() { h.root.Remove(temp) }() // gone already when all went well
	copied := strings.TrimSuffix(temp, ".pdf") + "-copy.pdf"
	defer func() { h.root.Remove(copied) }()
	r, err := job{Cache: h.opts.Cache, File: filepath.Join(h.dir, temp), Want: "contents",
		Copy: filepath.Join(h.dir, copied)}.run(ctx, h.opts.deadline())
	if err != nil {
		return Added{}, err
	}
	a := Added{File: sha + ".pdf", SHA256: sha, Pages: r.Read.Pages, Contents: r.Read.Contents}
	a.Title, a.Year = guess(r.Read, filepath.Base(path))
	if !keep {
		return a, nil
	}
	if r.Repaired {
		temp, copied = copied, temp
	}
	if info, err := h.root.Lstat(temp); err == nil {
		h.opts.verdictsOf(a.File, info.Size()).keep(r.Verdicts)
	}
	return a, h.root.Rename(temp, a.File)
}

// Sum is the SHA-256 of a file, and whether the folder holds its bytes already,
// so that an import can pass over what it knows.
func (h *Holdings) Sum(path string) (sha string, held bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", false, fmt.Errorf("read publication: %w", err)
	}
	defer f.Close()
	digest := sha256.New()
	if _, err := io.Copy(digest, io.LimitReader(f, maxFileBytes+1)); err != nil {
		return "", false, fmt.Errorf("read publication: %w", err)
	}
	sha = hex.EncodeToString(digest.Sum(nil))
	_, err = h.held(sha + ".pdf")
	return sha, err == nil, nil
}

// passing begins the names of files that are being taken in.
const passing = ".new-"

// takeIn copies a file into the folder under a passing name, so that what is
// read by the child is what is kept.
func (h *Holdings) takeIn(ctx context.Context, path string) (temp, sha string, err error) {
	from, err := os.Open(path)
	if err != nil {
		return "", "", err
	}
	defer from.Close()
	info, err := from.Stat()
	switch {
	case err != nil:
		return "", "", err
	case !info.Mode().IsRegular():
		return "", "", ErrNotPDF
	case info.Size() > maxFileBytes:
		return "", "", ErrTooLarge
	}
	head := make([]byte, min(info.Size(), 1024))
	if _, err := from.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", "", err
	}
	if !strings.Contains(string(head), "%PDF-") {
		return "", "", ErrNotPDF
	}
	to, err := os.CreateTemp(h.dir, passing+"*.pdf")
	if err != nil {
		return "", "", err
	}
	temp = filepath.Base(to.Name())
	digest := sha256.New()
	n, err := io.Copy(io.MultiWriter(to, digest), io.LimitReader(from, maxFileBytes+1))
	if err == nil {
		err = to.Sync()
	}
	if closing := to.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil && n > maxFileBytes {
		err = ErrTooLarge
	}
	if err != nil {
		h.root.Remove(temp)
		return "", "", err
	}
	return temp, hex.EncodeToString(digest.Sum(nil)), nil
}

var (
	yearWord = lazy.Regexp(`(?:^|\D)((?:19|20)\d\d)(?:\D|$)`)
	// fileNoise is what people and websites add to file names.
	fileNoise = lazy.Regexp(`(?i)\.pdf$|\s*\(\d+\)|[_+]|%20`)
	// noTitle are titles of document particulars that say nothing.
	noTitle = lazy.Regexp(`(?i)^(untitled|document|dokumen|microsoft|powerpoint|cover|layout|slide|.*\.(docx?|indd|pdf|cdr|ai|pptx?|xlsx?)$|.{0,7}$)`)
)

// guess finds a title and a year. Names that people gave to files are more
// often right than the particulars that programs write; a name that is only a
// number or a hash is not.
func guess(r reading, file string) (title string, year int) {
	name := strings.Join(strings.Fields(fileNoise().ReplaceAllString(file, " ")), " ")
	title = name
	if !strings.Contains(name, " ") || noTitle().MatchString(name) {
		cover := ""
		if len(r.Contents.Pages) > 0 {
			cover = pagetext.Heading(r.Contents.Pages[0].Text)
		}
		particular := strings.Join(strings.Fields(strings.ToValidUTF8(r.Title, "")), " ")
		switch {
		case cover != "":
			title = cover
		case !noTitle().MatchString(particular):
			title = particular
		}
	}
	texts := []string{title, name}
	for _, p := range r.Contents.Pages[:min(3, len(r.Contents.Pages))] {
		texts = append(texts, p.Text)
	}
	for _, t := range texts {
		if m := yearWord().FindStringSubmatch(t); m != nil {
			year, _ = strconv.Atoi(m[1])
			break
		}
	}
	if len(title) > 200 {
		title = strings.ToValidUTF8(title[:200], "")
	}
	return title, year
}
