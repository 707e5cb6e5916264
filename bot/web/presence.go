package web

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// presence knows who opened the page of a ticket lately, so that two do not answer the
// same at once. It decides nothing and is in memory alone.
type presence struct {
	now func() time.Time
	mu  sync.Mutex
	by  map[string]map[string]time.Time // ticket -> name -> when
}

// reading is somebody who has a ticket's page open, since then.
type reading struct {
	Name  string
	Since time.Time
}

// presentFor is how long a page that was opened counts as open.
const presentFor = 10 * time.Minute

func newPresence(now func() time.Time) presence {
	return presence{now: now, by: map[string]map[string]time.Time{}}
}

// enter notes that somebody opened a ticket's page, and tells who else has it open.
func (p *presence) enter(ticket, name string) []reading {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	for id, readers := range p.by {
		for who, at := range readers {
			if now.Sub(at) > presentFor {
				delete(readers, who)
			}
		}
		if len(readers) == 0 {
			delete(p.by, id)
		}
	}
	var others []reading
	for who, at := range p.by[ticket] {
		if who != name {
			others = append(others, reading{who, at})
		}
	}
	if p.by[ticket] == nil {
		p.by[ticket] = map[string]time.Time{}
	}
	p.by[ticket][name] = now
	slices.SortFunc(others, func(a, b reading) int { return cmp.Compare(a.Name, b.Name) })
	return others
}

// leave notes that somebody is done with a ticket.
func (p *presence) leave(ticket, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.by[ticket], name)
}
