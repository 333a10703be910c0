package emulator

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// limiter refuses requests that exceed a number within any second. Refused requests
// do not count.
type limiter struct {
	perSecond  int
	retryAfter string      // as in Options
	admitted   []time.Time // times of the last perSecond admitted requests, oldest first
}

// admit reports whether a request may pass and, if not, returns the Retry-After
// header to send.
func (l *limiter) admit(now time.Time) (retryAfter string, ok bool) {
	if l.perSecond <= 0 {
		return "", true
	}
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
	seconds := int(math.Ceil(free.Sub(now).Seconds()))
	switch l.retryAfter {
	case "seconds":
		return strconv.Itoa(seconds)
	case "date":
		// HTTP dates have whole seconds: round up.
		return free.Add(time.Second - 1).UTC().Truncate(time.Second).Format(http.TimeFormat)
	}
	return ""
}
