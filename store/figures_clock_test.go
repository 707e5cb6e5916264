package store

import (
	"fmt"
	"testing"
	"time"

	"pst/conversation"
)

// delivers lets an excerpt of a visit be asked for, sent and received.
func (d *desk) delivers(chat conversation.Address, reader int64, visit, mode string, opened time.Time, asked, sent,
	received, waited time.Duration, held bool) {
	d.tb.Helper()
	code := "E" + visit
	d.clock.now = opened.Add(asked)
	e := d.excerpt(code, reader, "p", 1)
	e.Excerpt.Visit = visit
	v := conversation.Visit{ID: visit, Reader: reader, Chat: chat, Mode: mode, OpenedAt: opened,
		FirstResultAt: opened.Add(time.Second)}
	d.does(chat, conversation.SaveVisit{Visit: v}, e, conversation.Send{To: chat, Excerpt: code})
	row := d.out()[0]
	if held {
		if err := d.MarkLater(d.tb.Context(), row.ID, d.clock.now, "send (platform): down", false); err != nil {
			d.tb.Fatal(err)
		}
	}
	d.clock.now = opened.Add(sent)
	if err := d.MarkSent(d.tb.Context(), row.ID, conversation.Sent{PlatformID: "id" + visit,
		At: d.clock.now}); err != nil {
		d.tb.Fatal(err)
	}
	v.DeliveredAt, v.Excerpt, v.Waited = d.clock.now, code, waited
	receipt := func() {
		if received == 0 {
			return
		}
		for _, later := range []time.Duration{0, time.Hour} { // delivered, and read long after
			if err := d.MarkReceipt(d.tb.Context(), chat, "id"+visit, "delivered", opened.Add(received+later)); err != nil {
				d.tb.Fatal(err)
			}
		}
	}
	if len(visit)%2 == 0 { // the receipt may come before the engine has heard of the sending, or after
		receipt()
	}
	d.does(chat, conversation.SettleExcerpt{Code: code, Delivered: true, At: d.clock.now},
		conversation.SaveVisit{Visit: v})
	receipt()
}

// The clock runs to the receipt where there is one, and says whose time a late visit took.
func TestTheClockRunsToTheReceipt(t *testing.T) {
	d := openDesk(t)
	d.book("p", 100)
	opened := time.Date(2026, 11, 23, 9, 0, 0, 0, wib)
	const s = time.Second
	for i := range 3 { // three people do each
		chat := conversation.Address(fmt.Sprintf("telegram:%d", 10+i))
		r := d.joins(chat, fmt.Sprint("r", i))
		online, onsite := conversation.Online, conversation.OnSite
		for j, c := range []struct {
			mode                          string
			asked, sent, received, waited time.Duration
			held                          bool
		}{
			{online, 60 * s, 70 * s, 0, 0, false},         // no receipt: 70 s
			{online, 60 * s, 70 * s, 120 * s, 0, false},   // 120 s
			{onsite, 60 * s, 70 * s, 400 * s, 0, false},   // late: the platform's
			{onsite, 60 * s, 500 * s, 0, 0, false},        // late: ours
			{onsite, 60 * s, 500 * s, 0, 0, true},         // late: the platform's, which failed at first
			{onsite, 400 * s, 410 * s, 412 * s, 0, false}, // late: the reader's
			{onsite, 400 * s, 410 * s, 0, 300 * s, false}, // late: the reader waited for us
		} {
			id := fmt.Sprintf("v%d%0*d", i, 1+j%2, j)
			d.delivers(chat, r, id, c.mode, opened.Add(time.Duration(j)*2*time.Hour), c.asked, c.sent, c.received, c.waited,
				c.held)
		}
	}
	r, err := d.Report(t.Context(), officeInTests(), conversation.Days(opened, opened.AddDate(0, 0, 1)))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]float64{"median_detik": 410, "p90_detik": 500, "bagian_dalam_5_menit": 6.0 / 21,
		"median_detik_hasil_pertama": 1} {
		if got := r.Number(key).N; got < want-0.001 || got > want+0.001 {
			t.Errorf("%s is %v, want %v", key, got, want)
		}
	}
	late := r.Table("lebih_lama")
	for key, want := range map[string]float64{"kami": 6, "platform": 6, "pembaca": 3, "tidak_diketahui": 0} {
		if got := late.At(key); got.N != want || got.Closed {
			t.Errorf("of late visits %v are %s, want %v", got, key, want)
		}
	}
	if row := r.Table("waktu_menurut_mode").At("daring"); row.N != 1 {
		t.Errorf("online %v are within five minutes", row)
	}
	if row := r.Table("waktu_menurut_kanal").At("telegram"); row.N < 0.28 || row.N > 0.29 {
		t.Errorf("on Telegram %v are within five minutes", row)
	}
}

// What did not arrive is counted by its channel, once.
func TestLettersThatFailAreCounted(t *testing.T) {
	d := openDesk(t)
	for i := range 3 {
		chat := conversation.Address(fmt.Sprintf("telegram:%d", 10+i))
		d.does(chat, conversation.Send{To: chat, Text: "halo"})
		id := d.out()[0].ID
		for range 2 {
			if err := d.MarkFailed(t.Context(), id, d.clock.Now(), "blocked"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := figuresOf(t, d, conversation.Months(d.clock.Now().In(wib), 1)); got["gagal_kirim_jumlah"] != 3 ||
		got["gagal_kirim.telegram"] != 3 {
		t.Errorf("%v letters failed, %v of them on Telegram", got["gagal_kirim_jumlah"], got["gagal_kirim.telegram"])
	}
}

// Complaints are in time by the promise made to their people: the end of the fifth
// working day.
func TestTimelinessIsThePromise(t *testing.T) {
	d := openDesk(t)
	thursday := time.Date(2026, 11, 5, 9, 0, 0, 0, wib)
	d.clock.now = time.Date(2026, 11, 20, 9, 0, 0, 0, wib)
	o := officeInTests() // 10 November is a holiday
	until := o.AddWorkingDays(thursday, 5)
	for i, answered := range []time.Time{until, until, until, until.Add(time.Second), until.Add(time.Second),
		until.Add(time.Second)} {
		chat := conversation.Address(fmt.Sprintf("telegram:%d", 10+i))
		d.does(chat, conversation.OpenTicket{Ticket: conversation.Ticket{ID: fmt.Sprintf("ADU-261105-A%02d", i),
			Kind: conversation.KindComplaint, Chat: chat,
			Category: "Saran", Text: "kursi", State: conversation.StateWorking, OpenedAt: thursday, AnsweredAt: answered}})
	}
	got := figuresOf(t, d, conversation.Months(thursday, 1))
	if got["pengaduan_ketepatan.tepat_waktu"] != 3 || got["pengaduan_ketepatan.terlambat"] != 3 {
		t.Errorf("in time %v, late %v", got["pengaduan_ketepatan.tepat_waktu"], got["pengaduan_ketepatan.terlambat"])
	}
}
