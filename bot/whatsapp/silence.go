package whatsapp

import (
	"sync"
	"time"

	"pst/conversation"
)

// quietChats is how many different people must have been written to, without
// any phone confirming, before silence means something: one phone may be off.
const quietChats = 3

// silence notices that letters go out and no phone confirms any.
type silence struct {
	mu    sync.Mutex
	limit time.Duration
	since time.Time // of the first letter since the last receipt
	chats map[conversation.Address]bool
}

// sent notes a letter; it returns since when there is silence, or zero.
func (s *silence) sent(to conversation.Address, now time.Time) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.chats) == 0 {
		s.since, s.chats = now, map[conversation.Address]bool{}
	}
	if len(s.chats) < quietChats {
		s.chats[to] = true
	}
	if len(s.chats) < quietChats || now.Sub(s.since) < s.limit {
		return time.Time{}
	}
	return s.since
}

func (s *silence) confirmed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chats = nil
}
