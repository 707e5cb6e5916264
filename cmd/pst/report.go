package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"pst/bot"
	"pst/cmd/pst/reports"
	"pst/conversation"
)

// reportCmd prints the figures of a period.
type reportCmd struct {
	Month   string `help:"Month, such as 2026-11."`
	Quarter string `help:"Quarter, such as 2026-4."`
	Year    int    `help:"Year, such as 2026."`
	From    string `help:"First day, such as 2026-11-01."`
	To      string `help:"Last day, such as 2026-11-15."`
	SKD     bool   `name:"skd" help:"List the readers who agreed to be contacted for the SKD, as CSV; the audit notes it."`
	Format  string `help:"text, csv, json, html or xlsx." enum:"text,csv,json,html,xlsx" default:"text"`
}

func (c *reportCmd) Run(ctx context.Context, h *house) error {
	d, err := h.open(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	if c.SKD {
		return c.contacts(ctx, d, h.std.out)
	}
	p, err := c.period(d.office().Zone)
	if err != nil {
		return usageError{fmt.Errorf("report: %w", err)}
	}
	r, err := d.db.Report(ctx, d.office(), p)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := reports.Write(h.std.out, r, c.Format, d.cfg.Report.options()); err != nil {
		return fmt.Errorf("report: write: %w", err)
	}
	return nil
}

// contacts lists who may be contacted for the survey of data needs: of the readers with
// a consent in force, those who agreed. Nothing here tells what anybody was served.
func (c *reportCmd) contacts(ctx context.Context, d *desk, to io.Writer) error {
	if c.Month != "" || c.Quarter != "" || c.Year != 0 || c.From != "" || c.To != "" {
		return usageError{errors.New("report: -skd lists who may be contacted now, and takes no period")}
	}
	var list []conversation.Reader
	for r, err := range d.db.Readers(ctx) {
		if err != nil {
			return fmt.Errorf("report: %w", err)
		}
		list = append(list, r)
	}
	if err := reports.Contacts(to, list, d.cfg.Report.options()); err != nil {
		return fmt.Errorf("report: write: %w", err)
	}
	return d.db.Note(ctx, conversation.AuditEntry{At: time.Now(), Who: "pst report", What: "readers listed for the SKD"})
}

// period is the one that was asked for, in one of four ways.
func (c *reportCmd) period(zone *time.Location) (conversation.Period, error) {
	var p conversation.Period
	ways := 0
	for _, given := range []bool{c.Month != "", c.Quarter != "", c.Year != 0, c.From != "" || c.To != ""} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		return p, errors.New("say one of -month 2026-11, -quarter 2026-4, -year 2026, or -from 2026-11-01 -to 2026-11-15")
	}
	switch {
	case c.Month != "":
		day, err := time.ParseInLocation("2006-01", c.Month, zone)
		if err != nil {
			return p, errors.New("-month: must be like 2026-11")
		}
		return conversation.Months(day, 1), nil
	case c.Quarter != "":
		var year, n int
		if _, err := fmt.Sscanf(c.Quarter, "%d-%d", &year, &n); err != nil || n < 1 || n > 4 || year < 2000 || year > 2200 ||
			c.Quarter != fmt.Sprintf("%d-%d", year, n) {
			return p, errors.New("-quarter: must be like 2026-4")
		}
		return conversation.Months(time.Date(year, time.Month(3*n-2), 1, 0, 0, 0, 0, zone), 3), nil
	case c.Year != 0:
		if c.Year < 2000 || c.Year > 2200 {
			return p, errors.New("-year: must be like 2026")
		}
		return conversation.Months(time.Date(c.Year, 1, 1, 0, 0, 0, 0, zone), 12), nil
	}
	first, err := time.ParseInLocation(time.DateOnly, c.From, zone)
	if err != nil {
		return p, errors.New("-from: must be like 2026-11-01, with -to")
	}
	last, err := time.ParseInLocation(time.DateOnly, c.To, zone)
	switch {
	case err != nil:
		return p, errors.New("-to: must be like 2026-11-15, with -from")
	case last.Before(first):
		return p, errors.New("-to: lies before -from")
	case last.Year()-first.Year() > mostYears:
		return p, fmt.Errorf("-to: at most %d years after -from", mostYears)
	}
	return conversation.Days(first, last), nil
}

// mostYears bounds the period of a report: a chart of it is read by people.
const mostYears = 25

// reporter writes the reports that staff ask for from their chats.
type reporter struct{ desk *desk }

// Report implements [bot.Reports].
func (r reporter) Report(ctx context.Context, o conversation.ReportOrder) ([]byte, error) {
	told, err := r.desk.db.Report(ctx, r.desk.office(), conversation.Period{From: o.From, To: o.To})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = reports.Write(&b, told, o.Format, r.desk.cfg.Report.options())
	return b.Bytes(), err
}

var _ bot.Reports = reporter{}

// reportConfig is how reports are written.
type reportConfig struct {
	// Semicolons writes CSV with semicolons, decimal commas and a byte order mark, as
	// spreadsheets with Indonesian settings read it.
	Semicolons bool `toml:"csv_semicolons"`
}

func (c reportConfig) options() reports.Options { return reports.Options{Semicolons: c.Semicolons} }
