package proxy

// countTakenBack counts a request of HTTP/2, and whether the client took it back before it
// had an answer. That costs the client a few bytes and Daylight an exchange and its event, and
// who does it all the time loses the connection. (CVE-2023-44487, rapid reset.)
func (x *carried) countTakenBack() {
	if x.request.ProtoMajor != 2 {
		return
	}
	state := x.client.conn
	asked := state.asked.Add(1)
	if x.request.Context().Err() == nil || x.client.status != 0 && x.client.status != statusClientGone {
		return
	}
	if n := state.takenBack.Add(1); n > int64(x.p.limits.CancelledRequests) && 2*n > asked && state.conn != nil {
		x.p.counters.LimitHit("cancelled_requests")
		state.conn.Close()
	}
}
