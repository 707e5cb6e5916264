package web

import (
	"context"
	"net/http"
	"time"

	"pst/conversation"
)

// House tells how the desk itself is doing.
type House interface {
	// House looks at the disk and the database.
	House(ctx context.Context) (HouseState, error)
}

// HouseState is how the desk itself is doing.
type HouseState struct {
	Free, Floor int64     // bytes on the disk, and how many must be free; Free is -1 where that is not known
	Nightly     bool      // a backup is made every night
	Backup      time.Time // of the newest nightly backup; zero for none
	Imported    time.Time // of the last import; zero for none
	Aside       int       // rows that could not be read, or whose turn failed
	Lost        []LostLetters
}

// LostDays is for how many days back letters that did not arrive are counted.
const LostDays = 7

// LostLetters counts letters that did not arrive by one channel.
type LostLetters struct {
	Channel string // its name for people
	Count   int
}

func (s *Server) routesToday(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.today)
}

// today is what waits, and how the desk is doing.
func (s *Server) today(w http.ResponseWriter, r *http.Request) {
	open, _, err := s.cfg.Tickets.Queue(r.Context(), member(r.Context()))
	if err != nil {
		s.fault(w, r, err)
		return
	}
	house, err := s.cfg.House.House(r.Context())
	if err != nil {
		s.fault(w, r, err)
		return
	}
	o, now := s.cfg.Office(), s.cfg.Now()
	var past, today, later []conversation.Queued
	questions, books := 0, 0
	for _, q := range open {
		switch {
		case q.Past:
			past = append(past, q)
		case daysBetween(o, now, q.Due) == 0:
			today = append(today, q)
		case q.For != conversation.DueBack: // a book that is out waits for nobody here
			later = append(later, q)
		}
		if q.Kind == conversation.KindHandoff && q.Unanswered {
			questions++
		}
		if q.For == conversation.DueBack && (q.Past || daysBetween(o, now, q.Due) == 0) {
			books++
		}
	}
	groups := []struct {
		Name string
		Rows []queuedRow
	}{{"Terlewat", s.rows(past)}, {"Hari ini", s.rows(today)}, {"Sesudahnya", s.rows(later)}}
	s.show(w, r, http.StatusOK, "today", map[string]any{"Groups": groups, "Waiting": len(past) + len(today) + len(later),
		"Questions": questions,
		"Books":     books, "House": house, "Low": house.Free >= 0 && house.Free < house.Floor, "Now": now,
		"BackupLate": house.Nightly && now.Sub(house.Backup) > 36*time.Hour, "LostDays": LostDays,
		"Channels": s.cfg.Channels.Channels(r.Context())})
}
