// Package bot moves messages: the receive loop takes them from the inbox to
// the engine, the deliver loop takes the outbox to the channels. [Loops] runs
// both, and the channels.
//
// It knows how to wait, pace, try again and give up. It must not know what a
// message means, nor SQL, nor PDF. The channels (telegram, whatsapp, mail,
// terminal) are its subpackages behind the one interface [Channel].
//
// What it promises:
//   - A chat's messages have their turns one at a time, in order of arrival;
//     those of several chats side by side, and a flood of one chat does not keep
//     the others waiting.
//   - An address gets its letters one at a time, in order. A letter that cannot
//     be sent now holds back only its own address, or, when its channel says so,
//     the channel; never another channel.
//   - Nothing is lost: what is not done rests in the queues, over restarts too.
//     A letter may arrive twice when the process dies between the sending and
//     the note of it.
//   - A turn that fails again and again is set aside and the person told; a
//     letter is given up when its fault will not pass, and the engine told.
//   - A panic in a turn, a channel or the cutter is an error of that one thing.
//
// Several processes may share the queues when no address is served by two.
package bot
