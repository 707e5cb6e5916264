package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"pst/conversation"
)

// update is the library's, with what came to the Bot API after it.
type update struct {
	tgbotapi.Update
	Message       *message  `json:"message"`
	EditedMessage *message  `json:"edited_message"`
	CallbackQuery *callback `json:"callback_query"`
	Reaction      *reaction `json:"message_reaction"`
}

// callback is the library's, with our message.
type callback struct {
	tgbotapi.CallbackQuery
	Message *message `json:"message"`
}

// message is the library's, with the names of all its fields.
type message struct {
	tgbotapi.Message
	fields map[string]json.RawMessage
}

func (m *message) UnmarshalJSON(raw []byte) error {
	// A field of another type than expected leaves the others readable.
	err := json.Unmarshal(raw, &m.Message)
	return errors.Join(err, json.Unmarshal(raw, &m.fields))
}

// thread is the message_thread_id, 0 outside of threads.
func (m *message) thread() int {
	var id int
	if json.Unmarshal(m.fields["message_thread_id"], &id) != nil || id < 0 {
		return 0
	}
	return id
}

type reaction struct {
	Chat      tgbotapi.Chat  `json:"chat"`
	MessageID int            `json:"message_id"`
	User      *tgbotapi.User `json:"user"`
	Date      int64          `json:"date"`
	New       []struct {
		Emoji string `json:"emoji"`
	} `json:"new_reaction"`
}

// incoming is what an update means for us: a message for the inbox, if any, and
// a call of courtesy to make once it is safe, if any.
type incoming struct {
	message *conversation.Message
	after   func(context.Context)
}

// errOdd marks an update with a field of another type than expected.
var errOdd = errors.New("of another type than expected")

// decode reads one update. Its errors name fields, never values, for those are
// a person's words. With [errOdd] the other fields were read.
func decode(raw []byte) (update, error) {
	var u update
	err := json.Unmarshal(raw, &u)
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind):
		return u, fmt.Errorf("%w: field %s is not a %v", errOdd, kind.Field, kind.Type)
	case err != nil:
		return u, errors.New("not valid JSON")
	case u.UpdateID == 0:
		return u, errors.New("no update_id")
	}
	return u, nil
}

// read finds what an update means. Kinds of update that we did not ask for mean
// nothing.
func (c *Channel) read(u update) incoming {
	switch {
	case u.CallbackQuery != nil:
		return c.readPress(u.CallbackQuery)
	case u.Message != nil:
		return c.readMessage(u.Message)
	case u.EditedMessage != nil:
		return c.readEdit(u.EditedMessage)
	case u.MyChatMember != nil:
		return c.readMember(u.MyChatMember)
	case u.Reaction != nil:
		return c.readReaction(u.Reaction)
	}
	return incoming{}
}

// readOdd reads an update that has a field of another type than expected: who wrote
// it is answered by what could be read, unless even that is not known.
func (c *Channel) readOdd(u update) (incoming, bool) {
	m := u.Message
	if u.UpdateID == 0 || m == nil || m.MessageID == 0 || m.From == nil || m.From.ID == 0 || m.Chat == nil ||
		m.Chat.ID == 0 {
		return incoming{}, false
	}
	got := c.readMessage(m)
	return got, got.message != nil
}

func address(chat int64) conversation.Address {
	return conversation.Address(conversation.Telegram + ":" + strconv.FormatInt(chat, 10))
}

func (c *Channel) readMessage(m *message) incoming {
	switch {
	case m.Chat == nil || m.From == nil || m.From.IsBot || service(m):
		return incoming{}
	case c.othersCommand(m.Text + m.Caption):
		return incoming{}
	case !m.Chat.IsPrivate():
		return c.readGroup(m)
	}
	c.threads.wrote(m.Chat.ID, m.thread())
	out := conversation.Message{
		ID:     origin{kind: 'm', message: m.MessageID, thread: m.thread()}.String(),
		From:   address(m.Chat.ID),
		Kind:   conversation.Unsupported,
		Name:   strings.TrimSpace(m.From.FirstName + " " + m.From.LastName),
		Album:  m.MediaGroupID,
		SentAt: c.sentAt(int64(m.Date)),
	}
	if r := m.ReplyToMessage; r != nil {
		out.Quoted = strconv.Itoa(r.MessageID)
	}
	fill(&out, &m.Message)
	return incoming{message: c.dated(out)}
}

// fill sets kind, text and media.
func fill(out *conversation.Message, m *tgbotapi.Message) {
	set := func(k conversation.Kind, mime string, size int, ref string) {
		out.Kind, out.Text = k, m.Caption
		out.Media = &conversation.Media{MIME: mime, Size: int64(size), Ref: ref}
	}
	switch {
	case m.Text != "":
		out.Kind, out.Text = conversation.Text, command(m.Text)
	case len(m.Photo) > 0:
		best := m.Photo[0]
		for _, p := range m.Photo {
			if p.Width*p.Height > best.Width*best.Height {
				best = p
			}
		}
		set(conversation.Image, "image/jpeg", best.FileSize, best.FileID)
	case m.Voice != nil:
		set(conversation.Voice, m.Voice.MimeType, m.Voice.FileSize, m.Voice.FileID)
	case m.Audio != nil:
		set(conversation.Voice, m.Audio.MimeType, m.Audio.FileSize, m.Audio.FileID)
	case m.VideoNote != nil: // a spoken message, too
		set(conversation.Voice, "video/mp4", m.VideoNote.FileSize, m.VideoNote.FileID)
	case m.Document != nil:
		set(conversation.Document, m.Document.MimeType, m.Document.FileSize, m.Document.FileID)
		out.Media.Name = m.Document.FileName
	case m.Sticker != nil:
		out.Kind, out.Text = conversation.Sticker, m.Sticker.Emoji
	case m.Contact != nil && m.Contact.UserID == m.From.ID:
		// Another person's card would give their number to this reader.
		out.Kind, out.Text = conversation.Contact, m.Contact.PhoneNumber
	default:
		out.Text = m.Caption // of a film, say: what we cannot show, but may read
	}
}

// othersCommand tells whether a text is a command for another bot: "/start@other".
// Before our own name is known none is.
func (c *Channel) othersCommand(text string) bool {
	name := c.name.Load()
	first, _, _ := strings.Cut(strings.ReplaceAll(text, "\n", " "), " ")
	_, to, named := strings.Cut(first, "@")
	return name != nil && named && strings.HasPrefix(first, "/") && nameShape.MatchString(to) &&
		!strings.EqualFold(to, *name)
}

// command takes the bot's name out of "/menu@PstBot words": which bot is meant
// is clear in a private chat. Other text stays as it is.
func command(text string) string {
	if !strings.HasPrefix(text, "/") {
		return text
	}
	end := strings.IndexAny(text, " \n\t")
	if end < 0 {
		end = len(text)
	}
	if at := strings.IndexByte(text[:end], '@'); at > 0 {
		return text[:at] + text[end:]
	}
	return text
}

// serviceFields are those by which Bot API 10.1 marks a message that nobody
// wrote: it tells of a change to the chat, or of something done in it. What has
// none of them and nothing that we read is a kind of message that people send,
// and is answered.
var serviceFields = []string{
	"boost_added", "channel_chat_created", "chat_background_set", "chat_owner_changed", "chat_owner_left", "chat_shared",
	"checklist_tasks_added", "checklist_tasks_done", "community_chat_added", "community_chat_joined",
	"community_chat_removed",
	"connected_website", "delete_chat_photo", "direct_message_price_changed", "forum_topic_closed", "forum_topic_created",
	"forum_topic_edited", "forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden", "gift",
	"gift_upgrade_sent", "giveaway_completed", "giveaway_created", "giveaway_winners", "group_chat_created",
	"left_chat_member", "managed_bot_created", "message_auto_delete_timer_changed", "migrate_from_chat_id",
	"migrate_to_chat_id", "new_chat_members", "new_chat_photo", "new_chat_title", "paid_message_price_changed",
	"passport_data", "pinned_message", "poll_option_added", "poll_option_deleted", "proximity_alert_triggered",
	"refunded_payment", "successful_payment", "suggested_post_approval_failed", "suggested_post_approved",
	"suggested_post_declined", "suggested_post_paid", "suggested_post_refunded", "supergroup_chat_created", "unique_gift",
	"user_shared", "users_shared", "video_chat_ended", "video_chat_participants_invited", "video_chat_scheduled",
	"video_chat_started",
	"voice_chat_ended", "voice_chat_participants_invited", "voice_chat_scheduled", "voice_chat_started",
	"web_app_data", "write_access_allowed",
}

// service tells whether nobody wrote the message, so that nobody waits for an
// answer to it.
func service(m *message) bool {
	return slices.ContainsFunc(serviceFields, func(name string) bool {
		switch string(m.fields[name]) {
		case "", "null", "false": // some servers write out what is not there
			return false
		}
		return true
	})
}

// sentAt is a time of Telegram's as our clock said it.
func (c *Channel) sentAt(unix int64) time.Time {
	return c.api.clock.Ours(time.Unix(unix, 0)).UTC()
}

// dated gives a message that waited too long the form that stands for all of
// its chat's from that day.
func (c *Channel) dated(m conversation.Message) *conversation.Message {
	if c.cfg.Now().Sub(m.SentAt) < conversation.TooLate {
		return &m
	}
	return &conversation.Message{
		ID:     "old." + m.SentAt.Format("20060102"),
		From:   m.From,
		Kind:   conversation.Backlog,
		Name:   m.Name,
		SentAt: m.SentAt,
	}
}

// readEdit passes an edit on as one: the first words were answered already.
// Edits without text are Telegram's own (a live place, a preview).
func (c *Channel) readEdit(m *message) incoming {
	if m.Chat == nil || !m.Chat.IsPrivate() || m.From == nil || m.From.IsBot || m.Text == "" && m.Caption == "" ||
		c.othersCommand(m.Text+m.Caption) {
		return incoming{}
	}
	return incoming{message: c.dated(conversation.Message{
		ID:     origin{'e', m.MessageID, m.thread(), strconv.Itoa(m.EditDate)}.String(),
		From:   address(m.Chat.ID),
		Kind:   conversation.Edited,
		Of:     origin{kind: 'm', message: m.MessageID, thread: m.thread()}.String(),
		Text:   m.Text + m.Caption,
		Name:   strings.TrimSpace(m.From.FirstName + " " + m.From.LastName),
		SentAt: c.sentAt(int64(m.EditDate)),
	})}
}

// readMember notes that a person blocked the bot or let it back in, and greets
// a group that it was added to.
func (c *Channel) readMember(u *tgbotapi.ChatMemberUpdated) incoming {
	status := u.NewChatMember.Status
	if !u.Chat.IsPrivate() {
		if was := u.OldChatMember.Status; (was == "left" || was == "kicked") && status != "left" && status != "kicked" {
			return c.greetGroup(u.Chat.ID, 0)
		}
		return incoming{}
	}
	m := conversation.Message{
		ID:     fmt.Sprintf("k%d.%s", u.Date, status),
		From:   address(u.Chat.ID),
		SentAt: c.sentAt(int64(u.Date)),
	}
	switch status {
	case "kicked":
		m.Kind = conversation.Away
	case "member":
		m.Kind = conversation.Back
	default:
		return incoming{}
	}
	return incoming{message: &m}
}

// readReaction takes the newest emoji set on a message; taking one back means
// nothing.
func (c *Channel) readReaction(r *reaction) incoming {
	if len(r.New) == 0 || r.User == nil || !r.Chat.IsPrivate() {
		return incoming{}
	}
	emoji := r.New[len(r.New)-1].Emoji
	if emoji == "" {
		return incoming{} // a custom picture
	}
	return incoming{message: &conversation.Message{
		ID:     fmt.Sprintf("r%d.%d.%s", r.MessageID, r.Date, emoji),
		From:   address(r.Chat.ID),
		Kind:   conversation.Reaction,
		Text:   emoji,
		Quoted: strconv.Itoa(r.MessageID),
		Name:   strings.TrimSpace(r.User.FirstName + " " + r.User.LastName),
		SentAt: c.sentAt(r.Date),
	}}
}
