package holdings

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/conversation"
)

// childVariable, set in the environment, makes this program a child that does
// one [job] and ends.
const childVariable = "PST_HOLDINGS_CHILD"

// job is what a child process is asked to do, on its standard input.
type job struct {
	Cache string // folder of the compilation cache
	File  string
	Want  string // "contents", "tables", "pages", "preview", or "start" to have the reader compiled
	Order conversation.ExcerptOrder
	// Of "pages": those to compare with what they are written anew, and those to
	// draw. Pages found wrong are drawn too.
	Compare, Draw []int
	// Of "contents": where to write a repaired copy, if the file needs one.
	Copy string
}

// result is its answer, on its standard output.
type result struct {
	Kind     int    // of error: index in childErrors, from 1; 0 none
	Cause    string // of the error
	Data     []byte
	Read     reading
	Repaired bool // a copy was written
	// Verdicts are about pages compared, Drawn are marked pictures.
	Verdicts map[int]verdict
	Drawn    map[int]drawn
	Peak     uint64 // most memory the child had in use, in bytes; 0 unknown
}

// childErrors are the errors that keep their identity between processes.
var childErrors = []error{ErrNotPDF, ErrEncrypted, ErrDamaged, ErrTooLarge, ErrNoPages, ErrTooManyPages, ErrPages,
	ErrExcerptTooLarge, ErrBomb, ErrLost,
	ErrNoExecution}

// RunChild does the work of a child process and exits, when this process was
// started as one; otherwise it returns at once. main must call it first, and so
// must TestMain of tests that add files or cut excerpts as pictures: the PDF
// reader for untrusted files and page pictures runs only in processes that may
// be killed, with bounded memory.
func RunChild() {
	if os.Getenv(childVariable) == "" {
		return
	}
	var j job
	var r result
	err := gob.NewDecoder(os.Stdin).Decode(&j)
	if err == nil {
		r, err = j.do(context.Background())
	}
	if err != nil {
		r = result{Kind: len(childErrors) + 1, Cause: err.Error()}
		for i, kind := range childErrors {
			if errors.Is(err, kind) {
				r.Kind = i + 1
				break
			}
		}
	}
	r.Peak = statusBytes("VmHWM:")
	if err := gob.NewEncoder(os.Stdout).Encode(r); err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// do works under the memory limit whenever bytes of the file are looked at;
// starting the reader, which may have to compile itself, is not limited.
func (j job) do(ctx context.Context) (r result, err error) {
	defer recovered(&err, ErrDamaged)
	var s *source
	if j.Want == "contents" || j.Want == "tables" {
		if s, err = j.read(ctx); err != nil {
			return result{}, err
		}
	}
	rd, err := startReader(ctx, j.Cache)
	if err != nil {
		return result{}, err
	}
	if j.Want == "start" {
		return result{}, nil
	}
	debug.SetGCPercent(20)
	debug.FreeOSMemory()
	if err := limitMemory(childMemory); err != nil {
		return result{}, fmt.Errorf("limit memory: %w", err)
	}
	doc, err := rd.openFile(j.File)
	if err != nil {
		return result{}, err
	}
	switch {
	case j.Want == "contents":
		r, err = j.contents(ctx, rd, doc, s)
	case j.Want == "tables":
		r.Read, err = readContents(doc, s, 0)
	case j.Want == "pages":
		err = j.lookAt(ctx, doc, &r)
	case len(j.Order.Pages) != 1 || j.Order.Pages[0] < 1 || j.Order.Pages[0] > doc.pages:
		err = ErrPages
	default:
		draw := &pictures{doc: doc, stamp: newStamp(j.Order.Mark)}
		r.Data, _, _, err = draw.page(j.Order.Pages[0])
	}
	return r, err
}

// lookAt compares pages and draws them.
func (j job) lookAt(ctx context.Context, doc document, r *result) error {
	if err := inRange(j.Order.Pages, doc.pages); err != nil {
		return err
	}
	draw := j.Draw
	if len(j.Compare) > 0 {
		s, _, err := openPath(ctx, j.File)
		if err != nil {
			return err
		}
		if r.Verdicts, err = compare(ctx, doc, s, j.Compare); err != nil {
			return err
		}
		for _, n := range sortedPages(r.Verdicts) {
			if r.Verdicts[n].Why != "" {
				draw = append(draw, n)
			}
		}
	}
	if len(draw) == 0 {
		return nil
	}
	pen := &pictures{doc: doc, stamp: newStamp(j.Order.Mark)}
	r.Drawn = map[int]drawn{}
	total := 0
	for _, n := range draw {
		jpg, w, h, err := pen.page(n)
		if err != nil {
			return fmt.Errorf("page %d: %w", n, err)
		}
		if total += len(jpg); total > maxExcerptBytes {
			return ErrExcerptTooLarge
		}
		r.Drawn[n] = drawn{jpg, w, h}
	}
	return nil
}

// read reads the file as the cutter will, all content of its pages included,
// before pdfium takes its own memory. It gives no source for a damaged file, that
// pdfium may still be able to read.
func (j job) read(ctx context.Context) (*source, error) {
	if err := limitMemory(childMemory); err != nil {
		return nil, fmt.Errorf("limit memory: %w", err)
	}
	defer debug.FreeOSMemory()
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	s, _, err := openPath(ctx, j.File)
	if errors.Is(err, ErrDamaged) || errors.Is(err, ErrNoPages) {
		return nil, unlimitMemory()
	}
	if err != nil {
		return nil, err
	}
	for _, p := range s.pages {
		for _, n := range p.contents {
			sd, _ := s.object(*types.NewIndirectRef(n, 0)).(types.StreamDict)
			if _, err := s.decode(sd); errors.Is(err, ErrBomb) {
				return nil, err
			}
		}
	}
	return s, unlimitMemory()
}

// childMemory is what a child may take on top of what the reader itself needs.
const childMemory = 400 << 20

// ErrNoChild says that the program does not call [RunChild] first.
var ErrNoChild = errors.New("program does not call holdings.RunChild first")

// run has a job done by a child process: this program once more. It kills the
// child when ctx ends.
func (j job) run(ctx context.Context, limit time.Duration) (result, error) {
	if os.Getenv(childVariable) != "" {
		return result{}, ErrNoChild // we are a child that went on as if it were not
	}
	self, err := os.Executable()
	if err != nil {
		return result{}, fmt.Errorf("find own program: %w", err)
	}
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var in, out bytes.Buffer
	if err := gob.NewEncoder(&in).Encode(j); err != nil {
		return result{}, fmt.Errorf("ask child: %w", err)
	}
	says := &tail{}
	cmd := exec.CommandContext(timed, self)
	cmd.Env = []string{childVariable + "=1", "GOMAXPROCS=2", "HOME=" + os.TempDir()}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &capped{w: &out, left: 2 * maxExcerptBytes}, says
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = childAttributes()
	// The kernel ties the child's life to the thread that started it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err = cmd.Run()
	switch {
	case ctx.Err() != nil:
		return result{}, ctx.Err()
	case timed.Err() != nil:
		return result{}, ErrTimeout
	case err != nil && says.memory(err):
		return result{}, ErrMemory
	case err != nil:
		return result{}, fmt.Errorf("%w: reader ended: %w", ErrDamaged, err)
	}
	var r result
	if err := gob.NewDecoder(&out).Decode(&r); err != nil {
		return result{}, fmt.Errorf("%w: %w", ErrNoChild, err)
	}
	switch {
	case r.Kind == 0:
		return r, nil
	case r.Kind <= len(childErrors):
		kind := childErrors[r.Kind-1]
		return r, fmt.Errorf("%w%s", kind, strings.TrimPrefix(r.Cause, kind.Error()))
	}
	return r, fmt.Errorf("read in child: %s", r.Cause)
}

// capped refuses what goes beyond a bound.
type capped struct {
	w    io.Writer
	left int
}

func (c *capped) Write(b []byte) (int, error) {
	if c.left -= len(b); c.left < 0 {
		return 0, ErrExcerptTooLarge
	}
	return c.w.Write(b)
}

// tail keeps the beginning of what a child says before it dies.
type tail struct{ said []byte }

func (t *tail) Write(b []byte) (int, error) {
	t.said = append(t.said, b[:min(len(b), 4096-len(t.said))]...)
	return len(b), nil
}

// memory tells whether it died for want of memory, with err. At its limit Go's
// runtime says so, or dies with a fault of its own, of which it cannot always
// tell; panics do not get this far.
func (t *tail) memory(err error) bool {
	said := string(t.said) + err.Error()
	return slices.ContainsFunc([]string{
		"out of memory", "cannot allocate memory", "cannot map pages", "failed to create new OS thread",
		"SIGSEGV", "segmentation fault", "SIGBUS", "bus error",
	}, func(sign string) bool { return strings.Contains(said, sign) })
}
