package proxy

import (
	"net/netip"
	"slices"
	"sync"
	"time"

	"daylight.internal/proxy/fair"
	"daylight.internal/rules"
)

// ClientAtLimit is a client that has reached a limit per client.
type ClientAtLimit struct {
	Client netip.Prefix // its address, or in IPv6 the /64
	User   string       // who has signed in, and is the client under any address; "" when nobody has
	Limit  string       // its key
	Value  int
}

// limitWarnings tells of clients that reach a limit per client, for one address may be that of
// many people, and then the limit is wrong for it. Each is told of once within a while for
// each limit, and only so many: a flood does not fill the log.
type limitWarnings struct {
	warn func(ClientAtLimit) // nil: nobody is told

	mu    sync.Mutex
	began time.Time
	told  map[string][]fair.Client // by limit
}

const (
	limitWarningTime = time.Hour // that while
	warnedClients    = 8         // at most within it, for each limit
)

// reached notes that a client has reached a limit. It may be called under locks.
func (w *limitWarnings) reached(client rules.Client, limit string, value int) {
	if w == nil || w.warn == nil || !w.isNew(guestOf(client), limit, time.Now()) {
		return
	}
	go func() { // a log that takes its time keeps nobody waiting
		defer func() { _ = recover() }()
		w.warn(ClientAtLimit{Client: clientNetwork(client.Address), User: client.User, Limit: limit, Value: value})
	}()
}

// isNew tells whether a client is to be told of, and takes it for told.
func (w *limitWarnings) isNew(who fair.Client, limit string, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if age := now.Sub(w.began); w.told == nil || age < 0 || age >= limitWarningTime {
		w.began, w.told = now, map[string][]fair.Client{}
	}
	told := w.told[limit]
	if len(told) >= warnedClients || slices.Contains(told, who) {
		return false
	}
	w.told[limit] = append(told, who)
	return true
}
