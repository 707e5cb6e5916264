package telegramtest

import (
	"math"
	"time"

	"golang.org/x/time/rate"
)

// limits are the token buckets of a server with Options.Limited: what Telegram's
// own FAQ names for bots.
type limits struct {
	all  *rate.Limiter
	each map[int64]*rate.Limiter
}

func (l *limits) init() {
	l.all = rate.NewLimiter(30, 30)
	l.each = map[int64]*rate.Limiter{}
}

// take is nil when a message may go to the chat now. A refused message takes
// nothing from the buckets.
func (l *limits) take(chat int64, now time.Time) *apiError {
	each := l.each[chat]
	if each == nil {
		if chat < 0 {
			each = rate.NewLimiter(rate.Every(3*time.Second), 20) // 20 a minute to one group
		} else {
			each = rate.NewLimiter(1, 3)
		}
		l.each[chat] = each
	}
	a, b := each.ReserveN(now, 1), l.all.ReserveN(now, 1)
	if wait := max(a.DelayFrom(now), b.DelayFrom(now)); wait > 0 {
		a.CancelAt(now)
		b.CancelAt(now)
		return tooMany(int(math.Ceil(wait.Seconds())))
	}
	return nil
}
