package emulator

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// limiter refuses what exceeds a number of requests in any second. Refused
// requests take no place in it.
type limiter struct {
	perSecond  int
	retryAfter string // as in Options

	mu       sync.Mutex
	admitted []time.Time // the latest, at most perSecond of them, oldest first
}

// admit tells whether a request may pass and, if not, what Retry-After to send.
func (l *limiter) admit(now time.Time) (retryAfter string, ok bool) {
	if l.perSecond <= 0 {
		return "", true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.admitted) < l.perSecond {
		l.admitted = append(l.admitted, now)
		return "", true
	}
	free := l.admitted[0].Add(time.Second)
	if now.Before(free) {
		return l.header(now, free), false
	}
	l.admitted = append(l.admitted[1:], now)
	return "", true
}

func (l *limiter) header(now, free time.Time) string {
	wait := int(math.Ceil(free.Sub(now).Seconds()))
	switch l.retryAfter {
	case "seconds":
		return strconv.Itoa(wait)
	case "date":
		// Dates are whole seconds, so this one is rounded up.
		return free.Add(time.Second - 1).UTC().Truncate(time.Second).Format(http.TimeFormat)
	}
	return ""
}
