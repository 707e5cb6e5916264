package conversation

import (
	"strings"
	"time"
)

// Kind says what a [Message] is. Channels set the kinds of the first group;
// the others enter through the store and come from the desk itself.
type Kind string

const (
	Text        Kind = "text"
	Choice      Kind = "choice"   // a pressed button: Text is Option.Key, Menu the Send.Menu it belongs to
	Image       Kind = "image"    // photo; Text is the caption
	Voice       Kind = "voice"    // voice note or audio
	Document    Kind = "document" // PDF and other files; Text is the caption
	Sticker     Kind = "sticker"
	Reaction    Kind = "reaction" // Text is the emoji
	Contact     Kind = "contact"  // the sender's own shared contact; Text is the phone number
	Unsupported Kind = "unsupported"
	Edited      Kind = "edited"      // a message sent earlier was changed; Text is its new words
	Unreadable  Kind = "unreadable"  // a message came that the channel could not read (to be seen once, not decrypted)
	StaffTyped  Kind = "staff_typed" // a person typed in this chat on the desk's own phone
	Away        Kind = "away"        // the chat blocked the desk or left; Back undoes it
	Back        Kind = "back"
	Backlog     Kind = "backlog" // stands for messages that came while the desk was down too long

	Expired   Kind = "expired"   // the session's deadline has passed
	Delivered Kind = "delivered" // an outgoing row with a Ref arrived; Text is the Ref
	Failed    Kind = "failed"    // an outgoing row with a Ref failed for good; Text is the Ref
	Delayed   Kind = "delayed"   // the first try of such a row failed, and the next is far off
	Due       Kind = "due"       // a ticket's next reminder is due; From is desk:TICKET
)

// Internal tells whether only the desk itself may produce this kind.
func (k Kind) Internal() bool {
	switch k {
	case Expired, Delivered, Failed, Delayed, Due:
		return true
	}
	return false
}

// Message is one thing that happened in a chat, in the neutral form in which
// it rests in the inbox. (From, ID) is unique; a second one is the same message.
type Message struct {
	ID     string  `json:"id"`
	From   Address `json:"from"`
	Kind   Kind    `json:"kind"`
	Text   string  `json:"text,omitempty"`
	Menu   string  `json:"menu,omitempty"`   // Choice: Send.Menu of the message pressed on
	Quoted string  `json:"quoted,omitempty"` // platform id of the desk's message that this one quotes
	Media  *Media  `json:"media,omitempty"`
	// Of is the ID of the message that an edit changed, where that is known.
	Of string `json:"of,omitempty"`
	// Album is the same for pictures and files that were sent as one message.
	Album string `json:"album,omitempty"`
	// Name is the name the platform shows for the sender. It is a courtesy for
	// greetings, never an identity.
	Name   string    `json:"name,omitempty"`
	SentAt time.Time `json:"sent_at"`
}

// Media refers to a file that came with a message. The desk keeps no file: one
// that staff ask for is fetched from its platform when it is sent to them.
type Media struct {
	MIME string `json:"mime,omitempty"`
	Size int64  `json:"size,omitempty"` // bytes
	// Ref is the platform's own handle, Scheme which platform's.
	Ref    string `json:"ref,omitempty"`
	Scheme string `json:"scheme,omitempty"`
	// Name is the file's, as its sender has it; of documents alone.
	Name string `json:"name,omitempty"`
	// Of a file that [Engine.LooksAt] asked for: the SHA-256 of its bytes, in hex,
	// and the excerpt code that it says it has, if any.
	SHA256 string `json:"sha256,omitempty"`
	Code   string `json:"code,omitempty"`
}

// PDF tells whether the platform, or the name, says that the file is one.
func (m *Media) PDF() bool {
	return m != nil && (strings.Contains(strings.ToLower(m.MIME), "pdf") || strings.HasSuffix(strings.ToLower(m.Name),
		".pdf"))
}
