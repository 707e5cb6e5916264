package bot_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"pst/bot"
	"pst/bot/bottest"
	"pst/conversation"
)

// editor is a channel that can change what it has sent, unless it is ill.
type editor struct {
	channel
	ill   error
	mu    sync.Mutex
	edits []string
}

func (e *editor) Edit(_ context.Context, to conversation.Address, id, text string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.edits = append(e.edits, strings.Join([]string{string(to), id, text}, " "))
	return e.ill
}

func TestWhatIsOutOfDateIsChangedOnceTheNewArrived(t *testing.T) {
	const to = "telegram:1"
	soon := conversation.Send{To: to, Text: "sedang disiapkan", Ref: "preparing:X"}
	here := conversation.Send{To: to, Text: "ini dia",
		Replaces: &conversation.Replacement{Ref: "preparing:X", Text: "sudah dikirim"}}
	other := conversation.Send{To: "telegram:2", Text: "sedang disiapkan", Ref: "preparing:X"}
	fails := func(_ context.Context, l bot.Letter) (string, error) {
		if l.Send.Replaces != nil {
			return "", &bot.SendError{Blame: "desk", Err: errors.New("no")}
		}
		return "", nil
	}
	arrives := func(_ context.Context, l bot.Letter) (string, error) { return "", nil }
	for name, c := range map[string]struct {
		send  func(context.Context, bot.Letter) (string, error)
		ill   error
		rows  []conversation.Send
		edits []string
	}{
		"arrived": {arrives, nil, []conversation.Send{soon, other, here},
			[]string{"telegram:1 id-key-1 sudah dikirim"}},
		"the edit is refused": {arrives, errors.New("429"), []conversation.Send{soon, here},
			[]string{"telegram:1 id-key-1 sudah dikirim"}},
		"the new did not arrive":  {fails, nil, []conversation.Send{soon, here}, nil},
		"nothing to change":       {arrives, nil, []conversation.Send{here}, nil},
		"only another chat's row": {arrives, nil, []conversation.Send{other, here}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			q, e := bottest.NewMemory(), &editor{ill: c.ill}
			e.scheme, e.send = "telegram", c.send
			d, stop := run(t, config(q, e))
			if err := q.Enqueue(t.Context(), c.rows...); err != nil {
				t.Fatal(err)
			}
			settle(t, d)
			for _, r := range q.Rows() {
				if r.Sent == nil && r.Failed == "" {
					t.Errorf("%q still waits", r.Send.Text)
				}
			}
			if !slices.Equal(e.edits, c.edits) {
				t.Errorf("changed %q, want %q", e.edits, c.edits)
			}
			if err := inTime(t, stop); err != nil {
				t.Error(err)
			}
		})
	}
}
