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
// says so (vault.go). A message that cannot be read (to
// be seen once, not decrypted and not sent again within a minute) enters the inbox
// as Unreadable, so that its sender is asked for text (unreadable.go). The
// messages of a chat keep their order when one of them fails (order.go).
//
// Outdated: a version lasts two to five months. A running desk that WhatsApp
// calls outdated fetches the present version and is back within a minute by itself. When
// that is not enough, update the module by its exact name, go get
// go.mau.fi/whatsmeow@v0.0.0-DATE-COMMIT: the newest commit is at
// github.com/tulir/whatsmeow, its name is the commit's UTC date (14 digits) and its
// first 12 digits. Never @latest, which is older than the pin. The drill: go test
// ./bot/whatsapp -run Outdated.
//
// At rest in the device file: the account's keys; messages not yet taken in, and
// letters until a phone has confirmed them (seven days at most), sealed with secret.key;
// for two weeks a hash of each message's ciphertext, against taking it twice; which
// number belongs to which LID, and the keys for reading that person's messages, as long
// as the desk keeps their chat: when that is gone (erased, or past retention), they go
// within two days; what follows a message that could not be read, sealed, for 15
// seconds. Names and message secrets are not kept. The desk's phone must be online once
// in two weeks; the log, pst check and a letter to staff warn after ten days. A linked
// device that is "available" keeps that phone from ringing, so the desk stays
// "unavailable": leave notifications on, and people who call are heard.
//
// Races: up to v0.11.0 of go.mau.fi/util, exsync.Event.GetChan writes under a
// read lock, which the race detector reports when two of whatsmeow's goroutines wait at
// once. The channel connects again by itself instead of letting whatsmeow do it, so that
// they do not.
package whatsapp
