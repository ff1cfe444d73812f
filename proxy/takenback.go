package proxy

import (
	"sync"
	"time"
)

// countTakenBack counts a request of HTTP/2, and whether the client took it back before it
// had an answer. That costs the client a few bytes and Daylight an exchange and its event, and
// who does it all the time loses the connection. (CVE-2023-44487, rapid reset.)
func (x *carried) countTakenBack() {
	if x.request.ProtoMajor != 2 {
		return
	}
	state := x.client.conn
	takenBack := x.request.Context().Err() != nil && (x.client.status == 0 || x.client.status == statusClientGone)
	asked, n := state.takeBacks.count(time.Now(), takenBack)
	if takenBack && n > x.p.limits.CancelledRequests && 2*n > asked && state.conn != nil {
		x.p.counters.LimitHit("cancelled_requests")
		state.conn.Close()
	}
}

// takeBackTime is within what time requests are counted. A connection may last for days, and an
// editor that completes what is typed takes most of its requests back, some in a second.
const takeBackTime = time.Minute

// takeBacks are the requests of one connection within a while.
type takeBacks struct {
	mu               sync.Mutex
	began            time.Time
	asked, takenBack int
}

func (t *takeBacks) count(now time.Time, takenBack bool) (asked, all int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Sub(t.began) >= takeBackTime {
		t.began, t.asked, t.takenBack = now, 0, 0
	}
	t.asked++
	if takenBack {
		t.takenBack++
	}
	return t.asked, t.takenBack
}
