package holdings

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// preparing is taken by who compiles the page reader.
var preparing = make(chan struct{}, 1)

// preparation is the longest that compiling the page reader may take: some 4 s,
// and many times that on a small machine that is busy.
const preparation = 5 * time.Minute

// prepare has the page reader compiled, once, for [Options.Cache], so that this
// does not count against the deadline of what needs it first. It fails with ctx
// only: why the reader does not start, who needs it is told.
func (o Options) prepare(ctx context.Context) error {
	if o.Cache == "" || o.prepared() {
		return ctx.Err()
	}
	select {
	case preparing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-preparing }()
	if !o.prepared() {
		_, _ = job{Cache: o.Cache, Want: "start"}.run(ctx, preparation)
	}
	return ctx.Err()
}

func (o Options) prepared() bool {
	_, err := os.Stat(preparedMark(o.Cache))
	return err == nil
}

// preparedMark is a file in the cache that is there when this program's reader has
// been compiled into it: it is named after the versions of the reader and of what
// compiles it.
func preparedMark(cache string) string {
	digest := sha256.New()
	digest.Write([]byte(runtime.GOOS + runtime.GOARCH))
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if strings.HasSuffix(m.Path, "/wazero") || strings.HasSuffix(m.Path, "/go-pdfium") {
				digest.Write([]byte(m.Path + m.Version))
			}
		}
	}
	return filepath.Join(cache, "reader-"+hex.EncodeToString(digest.Sum(nil)[:8]))
}

// started notes that the reader has been compiled. Where that cannot be noted it is
// found out again.
func started(cache string) {
	if mark := preparedMark(cache); cache != "" {
		_ = os.WriteFile(mark, nil, 0o600)
	}
}
