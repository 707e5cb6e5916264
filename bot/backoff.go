package bot

import "time"

// Backoff is the wait before something is tried again that was tried again so many
// times already: the shortest at first, doubled with every try, cut at the longest, and
// spread over its upper half by the share, of [0,1), so that many do not come at once.
func Backoff(tries int, shortest, longest time.Duration, share float64) time.Duration {
	wait := shortest
	for ; tries > 0 && wait < longest; tries-- {
		wait *= 2
	}
	wait = min(wait, longest)
	return wait/2 + time.Duration(share*float64(wait/2))
}
