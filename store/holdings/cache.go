package holdings

import (
	"slices"
	"sync"
)

// hotBytes bounds the publications kept decoded. One of the usual size takes
// two to three times its file.
const hotBytes = 48 << 20

// cache keeps the sources used last. A source is never changed, so those
// that were dropped may still be in use.
type cache struct {
	limit int
	mu    sync.Mutex
	held  []hot // last used first
}

type hot struct {
	name   string
	source *source
}

// get returns the source of that name, reading it when it is not kept.
func (c *cache) get(name string, read func() (*source, error)) (*source, error) {
	if s := c.find(name); s != nil {
		return s, nil
	}
	s, err := read()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = slices.DeleteFunc(c.held, func(h hot) bool { return h.name == name })
	c.held = slices.Insert(c.held, 0, hot{name, s})
	total := 0
	for i := range c.held {
		if total += c.held[i].source.bytes; total > c.limit {
			c.held = slices.Delete(c.held, i, len(c.held))
			break
		}
	}
	return s, nil
}

func (c *cache) find(name string) *source {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, h := range c.held {
		if h.name == name {
			copy(c.held[1:i+1], c.held[:i])
			c.held[0] = h
			return h.source
		}
	}
	return nil
}
