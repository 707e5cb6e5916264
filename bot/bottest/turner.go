package bottest

import (
	"context"
	"time"

	"pst/bot"
	"pst/conversation"
)

// Turner answers messages with a function in place of the engine, each by
// itself, and commits the answers to a [Memory].
type Turner struct {
	Memory *Memory
	Answer func(ctx context.Context, m conversation.Message) ([]conversation.Send, error)
}

var _ bot.Turner = Turner{}

// Take implements bot.Turner.
func (t Turner) Take(ctx context.Context, ms ...conversation.Message) error {
	for _, m := range ms {
		say, err := t.Answer(ctx, m)
		if err != nil {
			return err
		}
		if err := t.Memory.Commit(ctx, m, time.Now(), say...); err != nil {
			return err
		}
	}
	return nil
}

// Echo says the text back, and nothing to internal messages.
func Echo(_ context.Context, m conversation.Message) ([]conversation.Send, error) {
	if m.Kind.Internal() {
		return nil, nil
	}
	return []conversation.Send{{To: m.From, Text: m.Text}}, nil
}
