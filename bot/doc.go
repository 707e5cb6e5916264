// Package bot moves messages: the receive loop takes them from the inbox to
// the engine, the deliver loop takes the outbox to the channels.
//
// It knows how to wait, pace, try again and give up. It must not know what a
// message means, nor SQL, nor PDF. The channels (telegram, whatsapp, mail,
// terminal) are its subpackages behind the one interface [Channel].
package bot
