package main

import (
	"context"
	"os"
	"time"

	"pst/bot/web"
)

// standing tells the page how the desk itself is doing.
type standing struct{ *desk }

var _ web.House = standing{}

// House implements [web.House].
func (s standing) House(ctx context.Context) (web.HouseState, error) {
	d, since := s.desk, time.Now().In(s.office().Zone).AddDate(0, 0, 1-web.LostDays)
	h, err := d.db.Health(ctx, since.Format(time.DateOnly))
	if err != nil {
		return web.HouseState{}, err
	}
	out := web.HouseState{Free: -1, Floor: int64(d.cfg.Disk.Floor) << 20, Nightly: d.cfg.Backup.Folder != "",
		Imported: h.Imported, Aside: h.Aside}
	if free, ok := freeBytes(d.data); ok {
		out.Free = free
	}
	if out.Nightly {
		out.Backup = newestNightly(d.cfg.Backup.Folder)
	}
	for _, f := range h.Failed {
		out.Lost = append(out.Lost, web.LostLetters{Channel: or(channelNames[f.Scheme], f.Scheme), Count: f.Count})
	}
	return out, nil
}

// newestNightly is when the newest nightly backup in a folder was written; zero for none.
func newestNightly(folder string) time.Time {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return time.Time{}
	}
	var newest time.Time
	for _, e := range entries {
		if _, err := time.Parse(nightlyName, e.Name()); err != nil {
			continue
		}
		if info, err := e.Info(); err == nil && info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	return newest
}
