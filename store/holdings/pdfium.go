package holdings

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// wasmPages bounds the memory of the sandbox that pdfium runs in: 256 MB in
// pages of 64 kB.
const wasmPages = 4096

// reader is pdfium in its sandbox. It runs in child processes only, see
// [RunChild], and by one goroutine.
type reader struct {
	pool pdfium.Pool
	pdfium.Pdfium
}

// startReader starts pdfium. cache is the folder that keeps its compiled form,
// 21 MB; compiling takes some 4 s and 330 MB, once; loading 0.2 s.
func startReader(ctx context.Context, cache string) (*reader, error) {
	if err := Executes(); err != nil {
		return nil, fmt.Errorf("start pdfium: %w", err) // else wazero's panic shows as a time-out
	}
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(wasmPages)
	if cache != "" {
		kept, err := wazero.NewCompilationCacheWithDir(cache)
		if err != nil {
			return nil, fmt.Errorf("open compilation cache: %w", err)
		}
		config = config.WithCompilationCache(kept)
	}
	pool, err := webassembly.Init(webassembly.Config{
		Context: withMemory(ctx), MaxIdle: 1, MaxTotal: 1,
		FSConfig: wazero.NewFSConfig(), // the default shows it the whole disk
		Stdout:   io.Discard, Stderr: io.Discard, RuntimeConfig: config,
	})
	if err != nil {
		return nil, fmt.Errorf("start pdfium: %w", err)
	}
	instance, err := pool.GetInstance(30 * time.Second)
	if err != nil {
		return nil, fmt.Errorf("start pdfium: %w", err)
	}
	started(cache)
	return &reader{pool: pool, Pdfium: instance}, nil
}

// document is one open file.
type document struct {
	r     *reader
	ref   references.FPDF_DOCUMENT
	pages int
	held  *heldPage
	said  map[int]string // text of pages that was read already
}

// heldPage is a page kept loaded; every other use of a page loads it anew.
type heldPage struct {
	number int
	ref    references.FPDF_PAGE
}

// open opens a file that lies in memory. Errors are of this package's kinds.
func (r *reader) open(data []byte) (document, error) {
	return r.opened(&requests.OpenDocument{File: &data})
}

// lentBytes is the size of a file from which on it is not copied into the
// sandbox but read through calls out of it, which take longer.
const lentBytes = 64 << 20

// openFile opens a file on the disk, which stays open until the process ends.
// Errors are of this package's kinds, or the system's.
func (r *reader) openFile(path string) (document, error) {
	f, err := os.Open(path)
	if err != nil {
		return document{}, err
	}
	info, err := f.Stat()
	if err != nil {
		return document{}, err
	}
	if info.Size() < lentBytes {
		defer f.Close()
		data, err := io.ReadAll(f)
		if err != nil {
			return document{}, err
		}
		return r.open(data)
	}
	return r.opened(&requests.OpenDocument{FileReader: f, FileReaderSize: info.Size()})
}

func (r *reader) opened(how *requests.OpenDocument) (document, error) {
	opened, err := r.OpenDocument(how)
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword), errors.Is(err, pdfiumerrors.ErrSecurity):
		return document{}, ErrEncrypted
	case err != nil:
		return document{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	count, err := r.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: opened.Document})
	if err != nil {
		return document{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return document{r: r, ref: opened.Document, pages: count.PageCount, held: &heldPage{}, said: map[int]string{}}, nil
}

func (d document) close() {
	// An error here says that it was closed already.
	_, _ = d.r.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: d.ref})
}

// hold keeps a page loaded while f runs, for several uses.
func (d document) hold(number int, f func() error) error {
	page, err := d.r.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: d.ref, Index: number - 1})
	if err != nil {
		return fmt.Errorf("%w: load page: %w", ErrDamaged, err)
	}
	before := *d.held
	*d.held = heldPage{number, page.Page}
	defer func() {
		*d.held = before
		_, _ = d.r.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: page.Page}) // it cannot fail for a page that is loaded
	}()
	return f()
}

func (d document) page(number int) requests.Page {
	if d.held.number == number {
		return requests.Page{ByReference: &d.held.ref}
	}
	return requests.Page{ByIndex: &requests.PageByIndex{Document: d.ref, Index: number - 1}}
}

// text is what a page says, in reading order; "" for a page that cannot be read.
func (d document) text(number int) string {
	if t, ok := d.said[number]; ok {
		return t
	}
	t, err := d.r.GetPageText(&requests.GetPageText{Page: d.page(number)})
	if err != nil {
		return ""
	}
	return t.Text
}

// texts is what a page says in all, and what of it begins within a rectangle,
// in the page's own coordinates.
func (d document) texts(number int, within box) (all, inside string, err error) {
	fail := func(err error) (string, string, error) {
		return "", "", fmt.Errorf("%w: page text: %w", ErrDamaged, err)
	}
	loaded, err := d.r.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: d.page(number)})
	if err != nil {
		return fail(err)
	}
	defer d.r.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: loaded.TextPage})
	count, err := d.r.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: loaded.TextPage})
	if err != nil {
		return fail(err)
	}
	if count.Count == 0 {
		d.said[number] = ""
		return "", "", nil
	}
	text, err := d.r.FPDFText_GetText(&requests.FPDFText_GetText{TextPage: loaded.TextPage, Count: count.Count})
	if err != nil {
		return fail(err)
	}
	part, err := d.r.FPDFText_GetBoundedText(&requests.FPDFText_GetBoundedText{
		TextPage: loaded.TextPage, Left: within[0], Bottom: within[1], Right: within[2], Top: within[3],
	})
	if err != nil {
		return fail(err)
	}
	d.said[number] = text.Text
	return text.Text, part.Text, nil
}

// title is the title of the document information, if any.
func (d document) title() string {
	t, err := d.r.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: d.ref, Tag: "Title"})
	if err != nil {
		return ""
	}
	return t.Value
}

// size is the displayed size of a page in points.
func (d document) size(number int) (w, h float64, err error) {
	s, err := d.r.GetPageSize(&requests.GetPageSize{Page: d.page(number)})
	if err != nil {
		return 0, 0, fmt.Errorf("%w: page size: %w", ErrDamaged, err)
	}
	return s.Width, s.Height, nil
}

// render draws a page, annotations and filled form fields included, w pixels
// wide and h high, and hands it to use, which must not keep it.
func (d document) render(number, w, h int, format requests.RenderImageFormat, use func(image.Image) error) error {
	drawn, err := d.r.RenderPageInPixels(&requests.RenderPageInPixels{
		Page: d.page(number), Width: w, Height: h, ImageFormat: format, RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT,
		RenderForm: true, Document: &d.ref,
	})
	if err != nil {
		return fmt.Errorf("%w: draw page: %w", ErrDamaged, err)
	}
	defer drawn.Cleanup()
	return use(drawn.Result.RenderedImage)
}
