package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"pst/bot"
	"pst/cmd/pst/reports"
	"pst/conversation"
	"pst/store"
)

// reportCmd prints the figures of a period.
type reportCmd struct {
	Month   string `help:"Bulan, seperti 2026-11."`
	Quarter string `help:"Triwulan, seperti 2026-4."`
	Year    int    `help:"Tahun, seperti 2026."`
	From    string `help:"Hari pertama, seperti 2026-11-01."`
	To      string `help:"Hari terakhir, seperti 2026-11-15."`
	SKD     bool   `name:"skd" help:"Daftar pembaca yang bersedia dihubungi untuk SKD, sebagai CSV; tercatat di jejak."`
	Format  string `help:"Bentuk: text, csv, json, html, atau xlsx." enum:"text,csv,json,html,xlsx" default:"text"`
}

func (c *reportCmd) Run(ctx context.Context, h *house) error {
	if len(h.more) > 0 {
		return c.sum(ctx, h)
	}
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
		return usageError{err}
	}
	r, err := d.db.Report(ctx, d.office(), p)
	if err != nil {
		return err
	}
	if err := reports.Write(h.std.out, r, c.Format, d.cfg.Report.options()); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// sum prints the figures of several offices as one. Their databases are read as they
// are, also while they serve.
func (c *reportCmd) sum(ctx context.Context, h *house) error {
	if c.SKD {
		return usageError{errors.New("report: -skd lists the readers of one office: name one -data")}
	}
	var places []store.Place
	var options reports.Options
	defer func() {
		for _, p := range places {
			p.DB.Close() // nothing was written
		}
	}()
	for _, dir := range append([]string{h.data}, h.more...) {
		one := h.of(dir)
		cfg, office, _, err := one.settings()
		if err != nil {
			return fmt.Errorf("report: %s: %w", dir, err)
		}
		p, err := c.period(office.Zone)
		if err != nil {
			return usageError{fmt.Errorf("report: %w", err)}
		}
		db, err := one.lookAt(ctx)
		if err != nil {
			return fmt.Errorf("report: %s: %s", dir, databaseFault(err))
		}
		if len(places) == 0 {
			options = cfg.Report.options()
		}
		if slices.ContainsFunc(places, func(other store.Place) bool { return other.DB.Same(db) }) {
			return errors.Join(usageError{fmt.Errorf("report: -data %s: disebut dua kali; setiap kantor sekali saja", dir)},
				db.Close())
		}
		places = append(places, store.Place{DB: db, Office: office, Period: p})
	}
	r, err := store.Report(ctx, places...)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := reports.Write(h.std.out, r, c.Format, options); err != nil {
		return fmt.Errorf("report: write: %w", err)
	}
	return nil
}

// contacts lists who may be contacted for the survey of data needs: of the readers with
// a consent in force, those who agreed. Nothing here tells what anybody was served.
func (c *reportCmd) contacts(ctx context.Context, d *desk, to io.Writer) error {
	if c.Month != "" || c.Quarter != "" || c.Year != 0 || c.From != "" || c.To != "" {
		return usageError{saying("-skd tidak mengenal masa; daftarnya selalu yang berlaku sekarang")}
	}
	var list []conversation.Reader
	for r, err := range d.db.Readers(ctx) {
		if err != nil {
			return err
		}
		list = append(list, r)
	}
	if err := reports.Contacts(to, list, d.cfg.Report.options()); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return d.db.Note(ctx, conversation.AuditEntry{At: time.Now(), Who: "pst report", What: "readers listed for the SKD"})
}

// period is the one that was asked for, in one of four ways.
func (c *reportCmd) period(zone *time.Location) (conversation.Period, error) {
	form := conversation.PeriodForm{Month: c.Month, Quarter: c.Quarter, From: c.From, To: c.To}
	if c.Year != 0 {
		form.Year = strconv.Itoa(c.Year)
	}
	p, fault := form.Period(zone)
	if fault != "" {
		return p, saying("%s", periodFaults[fault])
	}
	return p, nil
}

var periodFaults = map[conversation.PeriodFault]string{
	conversation.PeriodWays: "masanya belum jelas; tulis satu saja: -month 2026-11, " +
		"-quarter 2026-4, -year 2026, atau -from 2026-11-01 -to 2026-11-15",
	conversation.PeriodMonth:   "-month tidak terbaca; tulis seperti 2026-11",
	conversation.PeriodQuarter: "-quarter tidak terbaca; tulis seperti 2026-4",
	conversation.PeriodYear:    "-year tidak terbaca; tulis seperti 2026",
	conversation.PeriodFrom:    "-from tidak terbaca; tulis seperti 2026-11-01, bersama -to",
	conversation.PeriodTo:      "-to tidak terbaca; tulis seperti 2026-11-15, bersama -from",
	conversation.PeriodOrder:   "-to lebih awal daripada -from; tukar keduanya",
	conversation.PeriodLong:    "masanya lebih dari 25 tahun; pilih yang lebih pendek",
}

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
