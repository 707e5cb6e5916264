// Package telegramtest is a strict Telegram Bot API server for tests, in this
// process and on 127.0.0.1, with people who write to the bot.
//
// It follows what Telegram's own open-source server does where a bot can
// notice: an update is confirmed only by a later offset, a second poller ends
// the first with 409, a missing token is 401, limits count UTF-16 units after
// entities are parsed, markup is parsed strictly and refused in Telegram's own
// wording, callbacks grow too old, a person who blocked the bot gives 403, and
// token buckets answer 429. What Telegram would silently ignore (a parameter
// that does not exist) is kept as a [Server.Violations] line.
//
// The person's side:
//
//	srv := telegramtest.Start(t, telegramtest.Options{})
//	u := srv.User(3527065)
//	u.Say("/start")
//	m, err := u.Next(ctx) // the bot's next message, or edit of one
//	u.Press("1")          // the button whose caption starts with 1
//
// Waiting is always for an event, never for a time. A bot may run in another
// process: it only needs [Server.Endpoint] and [Server.Token], and may be killed
// and started again at will. The clock can be moved on with [Server.Advance].
package telegramtest
