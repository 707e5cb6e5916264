package main

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pst/bot"
	"pst/conversation"
)

// lost is a channel whose phone was not seen for long.
type lost struct{ bot.Channel }

func (lost) Scheme() string { return conversation.WhatsApp }

func (lost) PhoneLost() (time.Time, bool) {
	return time.Date(2026, 11, 12, 3, 0, 0, 0, time.UTC), true
}

// Staff, who hold the phone, hear that it must be switched on; not again and again.
func TestStaffAreToldOfAPhoneThatWasNotSeenForLong(t *testing.T) {
	t.Parallel()
	h := &house{data: dataFolder(t), std: streams{out: io.Discard, err: io.Discard}, log: slog.New(slog.DiscardHandler)}
	d, err := h.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	boss := conversation.Address("telegram:77")
	d.office().Staff = []conversation.Staff{{Name: "Pak Budi", Role: conversation.Kasubbag,
		Addresses: []conversation.Address{boss}}}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	// Two such channels look twice.
	go func() { defer close(ended); keepPhone(ctx, h, d, []bot.Channel{lost{}, lost{}}) }()
	letters := func() (out []conversation.Delivery) {
		out, err := d.db.Out(t.Context(), []string{conversation.Telegram}, nil, time.Now(), 10)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	soon(t, "a letter to staff", func() bool { return len(letters()) > 0 })
	stop()
	<-ended
	first := letters()[0]
	if first.Send.To != boss || !strings.Contains(first.Send.Text, "12-11-2026") || !strings.Contains(first.Send.Text,
		"WhatsApp") {
		t.Errorf("staff are told %+v", first.Send)
	}
	if err := d.db.MarkSent(t.Context(), first.ID, conversation.Sent{At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if again := letters(); len(again) > 0 {
		t.Errorf("staff are told again: %+v", again)
	}
}
