package telegramtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Message is one message of a chat as the person sees it now.
type Message struct {
	ID        int
	FromBot   bool
	Text      string // or caption, with the markup taken away
	Keyboard  [][]Button
	File      *File
	ReplyTo   int
	Thread    int // message_thread_id that the bot sent it to
	Protected bool
	Edits     int // how often the bot changed it
	At        time.Time

	entities []entity
	photo    bool
}

// Bold lists the parts of the text that are shown bold.
func (m Message) Bold() []string {
	units := utf16Units(m.Text)
	var out []string
	for _, e := range m.entities {
		if e.Type == "bold" {
			out = append(out, utf16String(units[e.Offset:e.Offset+e.Length]))
		}
	}
	return out
}

// Buttons are the captions under the message, row after row.
func (m Message) Buttons() []string {
	var out []string
	for _, row := range m.Keyboard {
		for _, b := range row {
			out = append(out, b.Text)
		}
	}
	return out
}

// File is a document or photo as it arrived.
type File struct {
	ID   string
	Name string
	Data []byte
}

// Answer is the bot's answer to a pressed button.
type Answer struct {
	QueryID string
	Text    string // the toast; empty for none
	Alert   bool
}

// chat is a conversation of the bot with one person or one group.
type chat struct {
	id       int64
	group    bool
	title    string
	started  bool // the person wrote first
	blocked  bool
	deleted  bool
	last     int // message id given last
	messages []*Message
	events   []int // ids of the bot's messages in the order they came or changed
	read     int   // events that Next has given
	actions  []string
	answers  []Answer
	change   chan struct{} // closed and replaced when something came
}

func (c *chat) find(id int) *Message {
	i, found := slices.BinarySearchFunc(c.messages, id, func(m *Message, id int) int { return m.ID - id })
	if !found {
		return nil
	}
	return c.messages[i]
}

func (c *chat) show(m *Message) {
	c.messages = append(c.messages, m)
	if m.FromBot {
		c.changed(m)
	}
}

func (c *chat) changed(m *Message) {
	c.events = append(c.events, m.ID)
	c.wakeUp()
}

func (c *chat) wakeUp() {
	close(c.change)
	c.change = make(chan struct{})
}

func (c *chat) wire() wireChat {
	if c.group {
		return wireChat{ID: c.id, Type: "group", Title: c.title}
	}
	return wireChat{ID: c.id, Type: "private", FirstName: "Sahabat"}
}

// wire is a message of the chat as the bot is told of it.
func (s *Server) wire(c *chat, m *Message) *wireMessage {
	w := &wireMessage{ID: m.ID, Chat: c.wire(), Date: m.At.Unix(), Protected: m.Protected}
	if m.FromBot {
		bot := s.botUser()
		w.From = &bot
	}
	if m.ReplyTo != 0 {
		if r := c.find(m.ReplyTo); r != nil && r.ReplyTo == 0 {
			w.ReplyTo = s.wire(c, r)
		} else if r != nil {
			plain := *r
			plain.ReplyTo = 0
			w.ReplyTo = s.wire(c, &plain)
		}
	}
	if len(m.Keyboard) > 0 {
		w.ReplyMarkup = &keyboard{m.Keyboard}
	}
	switch {
	case m.File == nil:
		w.Text, w.Entities = m.Text, m.entities
		return w
	case m.photo:
		w.Photo = []wireFile{{FileID: m.File.ID, UniqueID: "u" + m.File.ID, Width: 90, Height: 60, Size: len(m.File.Data)}}
	default:
		w.Document = &wireFile{FileID: m.File.ID, UniqueID: "u" + m.File.ID, Name: m.File.Name, MIME: mimeOf(m.File.Name),
			Size: len(m.File.Data)}
	}
	w.Caption, w.CaptionEntities = m.Text, m.entities
	return w
}

func mimeOf(name string) string {
	if strings.HasSuffix(strings.ToLower(name), ".pdf") {
		return "application/pdf"
	}
	return "application/octet-stream"
}

// User is a person in a private chat with the bot. Methods may be called from
// several goroutines.
type User struct {
	s    *Server
	id   int64
	name string
	chat *chat
}

// User is the person with this id, made on first use. The id is that of their
// chat, too.
func (s *Server) User(id int64) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.user(id)
}

func (s *Server) user(id int64) *User {
	u := s.users[id]
	if u == nil {
		c := &chat{id: id, change: make(chan struct{})}
		u = &User{s: s, id: id, name: "Sahabat", chat: c}
		s.chats[id], s.users[id] = c, u
	}
	return u
}

func (u *User) wire() wireUser {
	return wireUser{ID: u.id, FirstName: u.name, Language: "id"}
}

// ID is the person's, and their chat's.
func (u *User) ID() int64 { return u.id }

// Messages lists the chat as it stands, the person's own messages included.
func (u *User) Messages() []Message {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.messages()
}

func (u *User) messages() []Message {
	out := make([]Message, len(u.chat.messages))
	for i, m := range u.chat.messages {
		out[i] = *m
	}
	return out
}

// FromBot lists the bot's messages as they stand.
func (u *User) FromBot() []Message {
	return slices.DeleteFunc(u.Messages(), func(m Message) bool { return !m.FromBot })
}

// Answers lists the bot's answers to pressed buttons.
func (u *User) Answers() []Answer {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return slices.Clone(u.chat.answers)
}

// Actions lists the chat actions ("typing", "upload_document") shown so far.
func (u *User) Actions() []string {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return slices.Clone(u.chat.actions)
}

// Await returns the chat once it is as wanted, or an error with what there is
// when ctx ends.
func (u *User) Await(ctx context.Context, wanted func([]Message) bool) ([]Message, error) {
	for {
		u.s.mu.Lock()
		now, change := u.messages(), u.chat.change
		u.s.mu.Unlock()
		if wanted(now) {
			return now, nil
		}
		select {
		case <-change:
		case <-ctx.Done():
			return now, fmt.Errorf("wait for the bot, with %d messages in the chat: %w", len(now), ctx.Err())
		}
	}
}

// AwaitAnswers waits until the bot has answered n pressed buttons.
func (u *User) AwaitAnswers(ctx context.Context, n int) ([]Answer, error) {
	_, err := u.Await(ctx, func([]Message) bool { return len(u.Answers()) >= n })
	return u.Answers(), err
}

// Next waits for the bot's next message, or its next edit of one, and returns
// each once.
func (u *User) Next(ctx context.Context) (Message, error) {
	for {
		u.s.mu.Lock()
		c := u.chat
		if c.read < len(c.events) {
			m := *c.find(c.events[c.read])
			c.read++
			u.s.mu.Unlock()
			return m, nil
		}
		change := c.change
		u.s.mu.Unlock()
		select {
		case <-change:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("wait for the bot's next message: %w", ctx.Err())
		}
	}
}

// NextWith reads on until a message holds the text.
func (u *User) NextWith(ctx context.Context, text string) (Message, error) {
	var last string
	for {
		m, err := u.Next(ctx)
		if err != nil {
			return m, fmt.Errorf("%w; wanted %q, last came %q", err, text, last)
		}
		if strings.Contains(m.Text, text) {
			return m, nil
		}
		last = m.Text
	}
}
