package telegram

import (
	"fmt"
	"regexp"
	"strconv"
	"sync"
)

// The ids of messages carry what an answer to them needs: "m12" is the message
// 12, "m12t7" the same in thread 7 of its chat, "b12t7.QUERY" a press on a
// button under it, "e12.DATE" an edit of it. They rest with the answer in the
// outbox, so that it finds its place after a restart as well.
var originShape = regexp.MustCompile(`^([mbe])([0-9]{1,18})(?:t([0-9]{1,18}))?(?:\..*)?$`)

// origin is where a message came from.
type origin struct {
	kind    byte // 'm' a message, 'b' a press on a button under it, 'e' an edit of it
	message int  // 0: none that Telegram still has
	thread  int  // message_thread_id of its chat, 0 outside of threads
	extra   string
}

func (o origin) String() string {
	s := string(o.kind) + strconv.Itoa(o.message)
	if o.thread != 0 {
		s += "t" + strconv.Itoa(o.thread)
	}
	if o.extra != "" {
		s += "." + o.extra
	}
	return s
}

// originOf reads an id; that of a message of the desk's own is the zero origin.
func originOf(id string) origin {
	m := originShape.FindStringSubmatch(id)
	if m == nil {
		return origin{}
	}
	number := func(s string) int {
		n, _ := strconv.Atoi(s) // digits, by the shape
		return n
	}
	return origin{kind: m[1][0], message: number(m[2]), thread: number(m[3])}
}

// pressedOn is the message under which a button was pressed; 0 when there is
// none that could be edited.
func (o origin) pressedOn() int {
	if o.kind != 'b' {
		return 0
	}
	return o.message
}

// quote is reply_parameters that show the message; "" for none.
func (o origin) quote() string {
	if o.message == 0 {
		return ""
	}
	return fmt.Sprintf(`{"message_id":%d,"allow_sending_without_reply":true}`, o.message)
}

// threads remembers in which thread each person wrote last, for what the desk
// says of itself. Most write in none and take no room; after a restart it is
// learned anew.
type threads struct {
	mu   sync.Mutex
	last map[int64]int
}

func (t *threads) wrote(chat int64, thread int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if thread == 0 {
		delete(t.last, chat)
		return
	}
	if t.last == nil || len(t.last) >= 10_000 {
		t.last = map[int64]int{}
	}
	t.last[chat] = thread
}

func (t *threads) of(chat int64) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last[chat]
}
