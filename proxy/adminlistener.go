package proxy

import (
	"net"
	"net/http"
	"time"
)

// Bounds of the admin listener: it answers while the proxy has no place or descriptor for
// anybody.
const (
	adminConnections       = 256
	adminClientConnections = 128
	adminQueue             = 64
	adminWait              = 10 * time.Second
	adminSpares            = 16 // descriptors
)

// ServeAdmin serves the admin listener with bounds of its own. Its connections that ask
// nothing make room for others.
func ServeAdmin(server *http.Server, l net.Listener, counters Counters) error {
	counted := adminCounters{counters}
	spare := newSpares(adminSpares)
	defer spare.close()
	server.ConnState = func(conn net.Conn, state http.ConnState) {
		defer func() { _ = recover() }()
		watchIdle(conn, state)
	}
	return server.Serve(&clientListener{
		Listener:  l,
		admission: newAdmission(adminConnections, adminClientConnections, adminQueue, adminWait, counted),
		counters:  counted, relieve: spare.giveUp, closed: spare.refill,
	})
}

// adminCounters tells of the limits of the admin listener as one, and of its clients not at all.
type adminCounters struct{ Counters }

func (c adminCounters) LimitHit(limit string) {
	if limit != "descriptors" {
		limit = "admin_connections"
	}
	c.Counters.LimitHit(limit)
}

func (adminCounters) Connections(int)        {}
func (adminCounters) ConnectionsWaiting(int) {}
func (adminCounters) RequestRefused(string)  {}
