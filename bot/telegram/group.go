package telegram

import (
	"context"
	"strconv"
	"strings"
	"sync"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"pst/conversation"
)

// groups remembers which were told, so that the rest is silence. After a
// restart a group that uses a command is told once more.
type groups struct {
	mu   sync.Mutex
	told map[int64]bool
}

// first is true once for each group.
func (g *groups) first(id int64) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.told[id] {
		return false
	}
	if g.told == nil || len(g.told) >= 10_000 {
		g.told = map[int64]bool{}
	}
	g.told[id] = true
	return true
}

// readGroup answers a command in a group; anything else there is not for us.
func (c *Channel) readGroup(m *message) incoming {
	if m.Chat.IsChannel() || !strings.HasPrefix(m.Text, "/") {
		return incoming{}
	}
	topic := 0
	if string(m.fields["is_topic_message"]) == "true" {
		topic = m.thread()
	}
	return c.greetGroup(m.Chat.ID, topic)
}

// greetGroup says the one line that a group hears, for personal data has no place there, in the topic where it was
// asked for, if it was
// not said.
func (c *Channel) greetGroup(chat int64, topic int) incoming {
	if !c.groups.first(chat) {
		return incoming{}
	}
	return incoming{after: func(ctx context.Context) {
		name := c.name.Load()
		if name == nil {
			me, err := c.me(ctx)
			if err != nil {
				return
			}
			name = &me.UserName
		}
		p := tgbotapi.Params{
			"chat_id": strconv.FormatInt(chat, 10),
			"text":    c.text("group", conversation.D{"Link": "https://t.me/" + *name + "?start=grup"}),
		}
		p.AddNonZero("message_thread_id", topic)
		if _, err := c.api.call(ctx, "sendMessage", p); err != nil {
			c.cfg.Log.Debug("a group could not be told that we serve private chats", "error", err)
		}
	}}
}
