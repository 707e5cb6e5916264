package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"pst/conversation"
)

func (s *Server) routesReports(mux *http.ServeMux) {
	mux.HandleFunc("GET /laporan", s.reportPage)
	mux.HandleFunc("GET /laporan/isi", s.reportShown)
	mux.HandleFunc("GET /laporan/berkas", s.reportFile)
}

// reportWithin bounds how long a report is gathered: years of a busy desk take seconds.
const reportWithin = 30 * time.Second

// reportPolicy is for the report itself, which brings its styles along: shown in a
// frame of ours, without scripts, and as if from nowhere.
const reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action " +
	"'none'; " +
	"frame-ancestors 'self'; sandbox"

var periodWords = map[conversation.PeriodFault]string{
	conversation.PeriodWays:    "Pilih satu saja: bulan, triwulan, tahun, atau dari tanggal sampai tanggal.",
	conversation.PeriodMonth:   "Tulis bulan seperti 2026-11.",
	conversation.PeriodQuarter: "Pilih triwulan 1 sampai 4, dan tulis tahun dengan empat angka.",
	conversation.PeriodYear:    "Tulis tahun dengan empat angka, seperti 2026.",
	conversation.PeriodFrom:    "Isi tanggal pertama, seperti 2026-11-01.",
	conversation.PeriodTo:      "Isi tanggal terakhir, seperti 2026-11-15.",
	conversation.PeriodOrder:   "Tanggal terakhir tidak boleh sebelum tanggal pertama.",
	conversation.PeriodLong:    "Pilih paling banyak 25 tahun.",
}

// period reads which one is asked for; none is the month of now.
func (s *Server) period(r *http.Request) (conversation.PeriodForm, conversation.Period, conversation.PeriodFault) {
	q := r.URL.Query()
	form := conversation.PeriodForm{Month: q.Get("bulan"), Quarter: q.Get("triwulan"), Year: q.Get("tahun"),
		From: q.Get("dari"), To: q.Get("sampai")}
	if form.Quarter != "" && form.Year != "" {
		form.Quarter, form.Year = form.Year+"-"+form.Quarter, ""
	}
	zone := s.cfg.Office().Zone
	if form == (conversation.PeriodForm{}) {
		form.Month = s.cfg.Now().In(zone).Format("2006-01")
	}
	p, fault := form.Period(zone)
	return form, p, fault
}

// reportPage lets choose a period, and frames its report.
func (s *Server) reportPage(w http.ResponseWriter, r *http.Request) {
	form, p, fault := s.period(r)
	now := s.cfg.Now().In(s.cfg.Office().Zone)
	data := map[string]any{"Form": form, "Fault": fault, "Wrong": periodWords[fault], "ThisMonth": now.Format("2006-01"),
		"ThisYear": now.Year(), "ThisQuarter": (int(now.Month()) + 2) / 3}
	status := http.StatusOK
	if fault == "" {
		data["Title"], data["First"], data["Last"] = p.Title(), p.From.Format(time.DateOnly), p.Last().Format(time.DateOnly)
	} else {
		status = http.StatusBadRequest
	}
	s.show(w, r, status, "reports", data)
}

// reportShown is the report itself, for a frame or to be printed.
func (s *Server) reportShown(w http.ResponseWriter, r *http.Request) {
	b, _, ok := s.report(w, r, "html")
	if !ok {
		return
	}
	w.Header().Set("Content-Security-Policy", reportPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(b) // the browser has gone: nobody to tell
}

// reportFile hands the report out as a file.
func (s *Server) reportFile(w http.ResponseWriter, r *http.Request) {
	format := r.URL.Query().Get("bentuk")
	b, p, ok := s.report(w, r, format)
	if !ok {
		return
	}
	name, kind, _ := conversation.ReportFile(s.cfg.Office(), p, format)
	hand(w, name, kind, b)
}

// report writes a report, one at a time and in bounded time; if it cannot, the request
// has been answered, in plain words: a frame has no room for a page.
func (s *Server) report(w http.ResponseWriter, r *http.Request, format string) ([]byte, conversation.Period, bool) {
	_, p, fault := s.period(r)
	if fault != "" {
		http.Error(w, periodWords[fault], http.StatusBadRequest)
		return nil, p, false
	}
	if _, _, known := conversation.ReportFile(s.cfg.Office(), p, format); !known {
		http.Error(w, "Bentuk laporan itu tidak ada. Pilih xlsx, csv atau html.", http.StatusBadRequest)
		return nil, p, false
	}
	ctx, cancel := context.WithTimeout(r.Context(), reportWithin)
	defer cancel()
	var b []byte
	var err error
	select {
	case s.reporting <- struct{}{}:
		b, err = s.cfg.Reports.Report(ctx, conversation.ReportOrder{From: p.From, To: p.To, Format: format})
		<-s.reporting
	case <-ctx.Done():
		err = ctx.Err()
	}
	switch {
	case err == nil:
		return b, p, true
	case errors.Is(err, context.DeadlineExceeded):
		http.Error(w, "Laporan ini belum selesai dalam setengah menit. Pilih masa yang lebih pendek, atau coba lagi nanti.",
			http.StatusServiceUnavailable)
	case r.Context().Err() == nil:
		s.cfg.Log.Error("report failed", "format", format, "error", err)
		http.Error(w, "Laporan tidak dapat dibuat. Coba lagi sebentar; bila berulang, beri tahu pengelola.",
			http.StatusInternalServerError)
	}
	return nil, p, false
}
