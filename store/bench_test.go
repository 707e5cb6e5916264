package store

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pst/conversation"
)

// bare is a database of one table, in the same mode and on the same disk.
func bare(tb testing.TB) *DB {
	tb.Helper()
	db, err := Open(tb.Context(), filepath.Join(tb.TempDir(), "bare.db"), Options{Secret: testSecret})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	if err := db.update(tb.Context(), func(t *tx) error {
		_, err := t.exec(`CREATE TABLE one (id INTEGER PRIMARY KEY, text TEXT)`)
		return err
	}); err != nil {
		tb.Fatal(err)
	}
	return db
}

// bareCommit is the least a durable change can be: one row in a transaction of
// its own, written without the house's writer.
func bareCommit(tb testing.TB, db *DB) {
	for _, q := range []string{"BEGIN IMMEDIATE", "INSERT INTO one (text) VALUES ('halo')", "COMMIT"} {
		if _, err := db.writer.tx.exec(q); err != nil {
			tb.Fatal(err)
		}
	}
}

// turnOf is a usual turn: session, one answer, one line of statistics.
func turnOf(tb testing.TB, d *desk, chat conversation.Address, i int) conversation.Turn {
	m := conversation.Message{ID: fmt.Sprint("b", i), From: chat, Kind: conversation.Text, Text: "penduduk 2024",
		SentAt: d.clock.Now()}
	if err := d.Put(context.Background(), m); err != nil {
		tb.Fatal(err)
	}
	s, err := d.Session(context.Background(), chat)
	if err != nil {
		tb.Fatal(err)
	}
	s.State, s.SeenAt, s.Deadline = "hasil", d.clock.Now(), d.clock.Now().Add(time.Hour)
	return conversation.Turn{Message: m, Session: s, Effects: []conversation.Effect{
		conversation.Send{To: chat,
			Text: "1. Belitung Timur Dalam Angka 2024\n2. Kecamatan Gantung Dalam Angka 2024\n0. Menu"},
		conversation.RecordSearch{Search: conversation.SearchLog{ID: fmt.Sprint(chat, i), Query: "penduduk 2024", Hits: 2,
			At: s.SeenAt}},
	}}
}

func BenchmarkBareCommit(b *testing.B) {
	db := bare(b)
	for b.Loop() {
		bareCommit(b, db)
	}
}

// BenchmarkTurn is one durable turn by one person alone.
func BenchmarkTurn(b *testing.B) {
	d := openDesk(b)
	var took []time.Duration
	b.ResetTimer()
	for i := range b.N {
		b.StopTimer()
		t := turnOf(b, d, "telegram:1", i)
		b.StartTimer()
		start := time.Now()
		if err := d.Commit(b.Context(), t); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkTurnRatio measures both kinds of commit in turns, so that both see
// the same disk, and reports the rate of turns as a share of that of bare
// commits. To reach: at least 0.5.
func BenchmarkTurnRatio(b *testing.B) {
	db, d := bare(b), openDesk(b)
	var plain, turns time.Duration
	for i := range b.N {
		t := turnOf(b, d, "telegram:1", i)
		start := time.Now()
		bareCommit(b, db)
		between := time.Now()
		if err := d.Commit(b.Context(), t); err != nil {
			b.Fatal(err)
		}
		plain += between.Sub(start)
		turns += time.Since(between)
	}
	b.ReportMetric(plain.Seconds()/turns.Seconds(), "turns/bare")
}

// BenchmarkCrowd is 1,000 people who each write, are answered and get the
// answer: put, load, commit, list and mark as the loops do it.
func BenchmarkCrowd(b *testing.B) {
	d := openDesk(b)
	const people = 1000
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for p := range people {
		wg.Go(func() {
			chat := conversation.Address(fmt.Sprint("telegram:", p))
			for {
				i := int(next.Add(1))
				if i > b.N {
					return
				}
				if err := d.Commit(context.Background(), turnOf(b, d, chat, i)); err != nil {
					b.Error(err)
					return
				}
				rows, err := d.Out(context.Background(), []string{string(chat)}, nil, d.clock.Now(), 1)
				if err != nil || len(rows) != 1 {
					b.Error(len(rows), err)
					return
				}
				if err := d.MarkSent(context.Background(), rows[0].ID, conversation.Sent{PlatformID: rows[0].Key,
					At: d.clock.Now()}); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
}

// BenchmarkOut lists the next letters while 1,000 people each wait for three.
func BenchmarkOut(b *testing.B) {
	d := openDesk(b)
	text := conversation.Send{Text: strings.Repeat("halo ", 160)}
	if err := d.update(b.Context(), func(t *tx) error {
		for i := range 3000 {
			text.To = conversation.Address(fmt.Sprint("telegram:", i%1000))
			row, err := d.outRow(text)
			if err != nil {
				return err
			}
			if err := t.enqueue(row, int64(i)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for b.Loop() {
		rows, err := d.Out(b.Context(), []string{"telegram"}, nil, d.clock.Now(), 64)
		if err != nil || len(rows) != 64 {
			b.Fatal(len(rows), err)
		}
	}
}
