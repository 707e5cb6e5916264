// Package whatsapp is the WhatsApp channel: a linked device ("Linked devices"
// on the desk's phone) that runs on whatsmeow.
//
// A message is acknowledged to WhatsApp only after it rests in the inbox. Four
// settings of whatsmeow that are off by default hold this, and are always on
// here; the handler recovers its own panics, since whatsmeow would count a
// panicking handler as one that succeeded:
//
//   - SynchronousAck: the acknowledgement waits for the handler.
//   - EnableDecryptedEventBuffer: the Signal ratchet moves on when a message is
//     decrypted, so the text is kept until the handler has succeeded.
//   - UseRetryMessageStore: a phone that could not read our message can ask for
//     it again after a restart.
//   - ManualHistorySyncDownload: nobody's old messages are downloaded.
//
// Identity: a person has a LID ("…@lid") and mostly a phone number. The address
// of a reader is the LID when it is known, else the number; that of a
// configured member of staff is always the number, as the desk's configuration
// writes it. A pair that is learnt is told to Config.Alias, so that two chats
// become one; the pairs rest in the device file.
//
// The device file is the account's credential and belongs to whatsmeow alone:
// it is not part of the desk's own database, so that unlinking never touches
// readers. Its SQLite driver is imported here for that reason only.
//
// When its tables cannot take a message in (disk full, I/O error), nothing is
// acknowledged: the connection is dropped, WhatsApp keeps the message, and Health
// says so (vault.go). Texts on their way, in and out, rest sealed there, those of
// letters until a phone has confirmed them, for seven days at most; names of
// people and the secrets of their messages are not kept; what is left of a person
// whom the desk has forgotten is removed daily (strangers.go). A message that cannot be read (to
// be seen once, not decrypted and not sent again within a minute) enters the inbox
// as Unreadable, so that its sender is asked for text (unreadable.go). The
// messages of a chat keep their order when one of them fails (order.go).
//
// When WhatsApp calls the program outdated (state Outdated), the channel fetches
// the present version and tries that at once; only when it is the one refused does
// it wait. When that is not enough, update the whatsmeow module and build again. A
// version has lasted two to six months.
package whatsapp
