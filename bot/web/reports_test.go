package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pst/conversation"
)

// endless never finishes a report.
type endless struct{}

func (endless) Report(ctx context.Context, _ conversation.ReportOrder) ([]byte, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// A report that takes too long is given up in words, also for who waits behind it.
func TestReportIsGivenUpInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		office := &conversation.Office{Zone: time.UTC}
		s := &Server{reporting: make(chan struct{}, 1),
			cfg: Config{Now: time.Now, Reports: endless{}, Office: func() *conversation.Office { return office }}}
		begin, answers := time.Now(), make(chan *httptest.ResponseRecorder)
		for range 3 {
			go func() {
				w := httptest.NewRecorder()
				s.reportFile(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet,
					"/laporan/berkas?bentuk=xlsx&tahun=2026", nil))
				answers <- w
			}()
		}
		for range 3 {
			if w := <-answers; w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(),
				"masa yang lebih pendek") {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		}
		if took := time.Since(begin); took > reportWithin {
			t.Errorf("after %v", took)
		}
	})
}
