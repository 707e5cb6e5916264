// Package telegram is the Telegram channel: it receives updates into the
// inbox and delivers letters, over go-telegram-bot-api as a thin wire client.
//
// It knows the Bot API: its limits, its refusals, its buttons. It must not know
// what a message means; unknown things go to the engine as Unsupported.
//
// The library's own update loop, constructor, debug mode and file links are not
// used: the loop confirms an update before it is handled, and the others hang
// or write the token into logs and errors. A test holds that.
//
// Nothing is lost: an update is confirmed to Telegram only after the inbox has
// it. Nothing is doubled: the message's ID is made from Telegram's own ids of
// the thing that happened (never from update_id, which may start again
// anywhere after a quiet week), so a second delivery is the same message:
//
//	m<message_id>                a message
//	b<message_id>.<query id>     a pressed button; 0 when its message is gone
//	e<message_id>.<time>         an edit
//	r<message_id>.<time>.<emoji> a reaction
//	k<time>.<status>             blocked or unblocked
//	old.<day>                    messages of a day that waited too long
//
// Sending is at least once: a connection that breaks after Telegram took a
// message, and before its answer, makes the next try a second one.
package telegram
