package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
)

// Whatever our clock says, people are answered as if it were right, and staff are
// told; pst check says it, too.
func TestAWrongClockAnswersAllTheSame(t *testing.T) {
	t.Parallel()
	const years = 365 * day
	for name, off := range map[string]time.Duration{"-8 years": -8 * years, "+1 day": day, "+6 years": 6 * years,
		"+12 years": 12 * years} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := telegramtest.Start(t, telegramtest.Options{})
			srv.Advance(-off)
			h := telegramHouse(t, srv, nil)
			said := &locked{}
			h.std.err = said
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			boss, siti := srv.User(kasubbagID), srv.User(sitiID)
			boss.Say("/start")
			siti.Say("pengaduan")
			ended := make(chan error, 1)
			go func() { ended <- serve(ctx, h, platform{}) }()
			within, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			m, err := siti.Next(within)
			if err != nil || !strings.Contains(m.Text, "Pengaduan dan saran dapat") || strings.Contains(m.Text, "terlambat") {
				t.Errorf("siti heard %q, %v", m.Text, err)
			}
			if _, err := boss.Await(within, func(all []telegramtest.Message) bool {
				return len(all) > 0 && strings.Contains(all[len(all)-1].Text, "Jam komputer layanan salah")
			}); err != nil {
				t.Errorf("staff were not told: %v", err)
			}
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			var out bytes.Buffer
			h.std.out = &out
			_ = checkCmd{}.Run(t.Context(), h)
			if !strings.Contains(out.String(), "BAD  jam: ") {
				t.Errorf("pst check does not tell:\n%s", out.String())
			}
		})
	}
}
