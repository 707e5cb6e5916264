package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"pst/conversation"
	"pst/store/holdings"
)

// room tells whether there is as much room on the disk as new excerpts and imports
// need: above the configured floor.
func (d *desk) room() bool {
	free, ok := freeBytes(d.data)
	return !ok || free >= int64(d.cfg.Disk.Floor)<<20
}

// shelf is the holdings with the guard of the disk.
type shelf struct {
	*holdings.Holdings
	room func() bool
}

func (s shelf) Room() bool { return s.room() }

// openPatiently is open for a desk that is to serve people: a disk that is full when it
// starts is told once and waited for.
func (h *house) openPatiently(ctx context.Context, told func()) (*desk, error) {
	for first := true; ; first = false {
		d, err := h.open(ctx)
		if !errors.Is(err, conversation.ErrFull) && !errors.Is(err, syscall.ENOSPC) {
			return d, err
		}
		if first {
			h.log.Error("the disk is full; waiting for room", "error", err)
			told()
		}
		h.service.Wait("the disk is full; waiting for room")
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// keepDisk tells staff, once, that the disk is nearly full and that there is room
// again, and keeps the write-ahead log short.
func keepDisk(ctx context.Context, h *house, d *desk) {
	b := &bell{h: h, d: d, alarm: "disk"}
	every(ctx, 5*time.Second, func() {
		lookAtRoom(ctx, b)
		if err := d.db.Trim(ctx); err != nil && ctx.Err() == nil {
			h.log.Warn("the write-ahead log stays long", "error", err)
		}
	})
}

func lookAtRoom(ctx context.Context, b *bell) {
	state, text := "", "Tempat penyimpanan layanan sudah cukup kembali. Kutipan dan impor berjalan lagi."
	if !b.d.room() {
		free, _ := freeBytes(b.d.data)
		state, text = "low", fmt.Sprintf("Tempat penyimpanan layanan hampir penuh (sisa %d MB, batas %d MB). "+
			"Kutipan baru dan impor berhenti sampai ada tempat; layanan lain berjalan. "+
			"Mohon pengelola sistem mengosongkan disk.", free>>20, b.d.cfg.Disk.Floor)
	}
	if b.ring(ctx, state, "Penyimpanan", text) {
		b.h.log.Warn("room on the disk for excerpts and imports", "enough", state == "", "floor_mb", b.d.cfg.Disk.Floor)
	}
}
