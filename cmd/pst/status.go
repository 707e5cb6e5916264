package main

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"time"

	"github.com/moby/sys/atomicwriter"

	"pst/bot"
)

// statusFile in the data folder tells who stands beside a desk that serves how its
// channels are. It names no person, and is there while the desk serves.
const statusFile = "status.json"

// How often it is written at least, how often a change is looked for, and when one that
// is left over tells that the desk ended without a word.
const (
	statusEvery = 30 * time.Second
	statusLook  = 2 * time.Second
	statusOld   = 2 * time.Minute
)

// status is what the file tells.
type status struct {
	Written  time.Time       `json:"written"`
	Version  string          `json:"version"`
	Channels []channelStatus `json:"channels"`
}

// channelStatus is how one channel is.
type channelStatus struct {
	Scheme string    `json:"scheme"`
	Up     bool      `json:"up"`
	Since  time.Time `json:"since,omitzero"`
	State  string    `json:"state"` // in a sentence, as the page for staff tells it
}

// status asks the channels how they are.
func (l *live) status(ctx context.Context) status {
	since := map[string]time.Time{}
	for _, s := range l.loops.State() {
		since[s.Scheme] = s.Since
	}
	out := status{Version: version(), Channels: []channelStatus{}}
	for _, c := range (channelsPage{l.desk, l.channels}).Channels(ctx) {
		out.Channels = append(out.Channels, channelStatus{c.Scheme, c.Well, since[c.Scheme], c.State})
	}
	return out
}

// keepStatus writes the file until ctx ends, and removes it.
func keepStatus(ctx context.Context, l *live) {
	path := l.house.path(statusFile)
	defer os.Remove(path) // one that stays is too old soon
	var last status
	told := false
	every(ctx, statusLook, func() {
		now := l.status(ctx)
		if !slices.Equal(now.Channels, last.Channels) || time.Since(last.Written) >= statusEvery {
			now.Written = time.Now()
			err := writeStatus(path, now)
			if err != nil && !told {
				l.house.log.Warn("how the channels are cannot be noted", "error", err)
			}
			told = err != nil
			last = now
		}
	})
}

func writeStatus(path string, s status) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return atomicwriter.WriteFile(path, append(text, '\n'), 0o600)
}

// serving is what a desk over this folder told last; ok is false where none serves.
func (h *house) serving(now time.Time) (s status, ok bool) {
	text, err := os.ReadFile(h.path(statusFile))
	if err != nil || json.Unmarshal(text, &s) != nil {
		return status{}, false
	}
	age := now.Sub(s.Written)
	return s, age < statusOld && age > -bot.Skew
}
