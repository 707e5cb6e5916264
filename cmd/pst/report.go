package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"pst/conversation"
)

// reportCmd prints the figures of one month.
type reportCmd struct {
	Month  string `help:"Month, such as 2026-11." required:""`
	Format string `help:"text, csv, json or html." enum:"text,csv,json,html" default:"text"`
}

func (c *reportCmd) Run(ctx context.Context, h *house) error {
	d, err := h.open(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	from, err := time.ParseInLocation("2006-01", c.Month, d.office.Zone)
	if err != nil {
		return usageError{errors.New("report: -month: must be like 2026-11")}
	}
	m, err := d.db.Month(ctx, from, from.AddDate(0, 1, 0))
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	w := h.std.out
	switch c.Format {
	case "csv":
		out := csv.NewWriter(w)
		out.Write([]string{"ukuran", "nilai"})
		for _, f := range figures(m) {
			out.Write([]string{f.Name, strconv.FormatFloat(f.Value, 'f', -1, 64)})
		}
		out.Flush()
		return out.Error()
	case "json":
		values := map[string]any{"bulan": c.Month, "tanpa_hasil": m.NoHit, "paling_dikutip": m.TopPublications}
		for _, f := range figures(m) {
			values[f.Name] = f.Value
		}
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(values)
	case "html":
		return page.Execute(w, map[string]any{"Title": d.office.Name + " " + c.Month, "Figures": figures(m), "Text": strings.Split(strings.ReplaceAll(m.Text(), "*", ""), "\n")})
	}
	fmt.Fprintln(w, strings.ReplaceAll(m.Text(), "*", ""))
	return nil
}

// figure is one named number of a report; names are stable.
type figure struct {
	Name  string
	Value float64
}

func figures(m conversation.Month) []figure {
	n := func(name string, v int) figure { return figure{name, float64(v)} }
	return []figure{
		n("pembaca_baru", m.NewReaders), n("profil_lengkap", m.Profiles),
		n("profil_belum_lengkap", m.NewReaders-m.Profiles), n("kunjungan", m.Visits), n("kunjungan_di_tempat", m.OnSite), n("kutipan", m.Excerpts), n("halaman_kutipan", m.ExcerptPages),
		n("pencarian", m.Searches), {"median_detik", conversation.Quantile(m.ToDelivery, 0.5).Seconds()}, {"p90_detik", conversation.Quantile(m.ToDelivery, 0.9).Seconds()},
		{"bagian_dalam_5_menit", conversation.WithinFive(m.ToDelivery)}, {"median_detik_hasil_pertama", conversation.Quantile(m.ToFirstResult, 0.5).Seconds()},
		n("sangat_puas", m.Ratings[4]), n("puas", m.Ratings[3]), n("kurang_puas", m.Ratings[2]), n("tidak_puas", m.Ratings[1]),
		n("pengaduan_masuk", m.TicketsOpened), n("pengaduan_selesai", m.TicketsClosed), n("pengaduan_dijawab_5_hari_kerja", m.AnsweredInTime),
	}
}

var page = template.Must(template.New("report").Parse(`<!doctype html><html lang="id"><meta charset="utf-8"><title>{{.Title}}</title>
<style>body{font:16px sans-serif;max-width:42rem;margin:2rem auto}td{padding:.2rem 1rem;border-bottom:1px solid #ddd}td+td{text-align:right}</style>
<h1>{{.Title}}</h1><p>{{range .Text}}{{.}}<br>{{end}}</p><table>{{range .Figures}}<tr><td>{{.Name}}</td><td>{{.Value}}</td></tr>{{end}}</table></html>
`))

// graphCmd prints the dialogue: its chapters, or one of them.
type graphCmd struct {
	Chapter string `arg:"" optional:"" help:"The states of one chapter instead of the overview."`
	Answers bool   `help:"The whole dialogue as text: each question with its answers and where they lead."`
}

func (c graphCmd) Run(h *house) error {
	text, err := conversation.Graph(c.Chapter)
	if c.Answers && err == nil {
		var texts *conversation.Texts
		if _, _, texts, err = h.settings(); err == nil {
			text, err = conversation.Dialogue(texts)
		}
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(h.std.out, text)
	return err
}
