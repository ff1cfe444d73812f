// Package pinning learns which hosts clients will not have opened: apps that accept
// only their own certificates reject ours, and do not work behind the proxy until
// their connections are left closed. It keeps names and times in memory, all bounded,
// and does not decide what a policy says about it.
package pinning

import (
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options are the bounds of a Memory; each must be greater than zero.
type Options struct {
	Failures   int           // rejections of a host by a network that make a bypass
	Within     time.Duration // in which they come
	For        time.Duration // that a bypass lasts, and that an acceptance is remembered
	Bypasses   int           // of all networks together; beyond it the one that was not used for longest goes
	PerNetwork int           // of one network; beyond it no more are learned
}

// Host is a destination: the host of the CONNECT and the server name of the
// ClientHello, which is the same or "" when there was none.
type Host struct {
	Connect, SNI string
	Port         uint16
}

// The results of a rejection that is one too many. Other words are why a policy did
// not want a bypass, as the caller gave them.
const (
	Learned = "learned"
	// NotTrusted: the client has accepted our certificate for no host, and so lacks the CA.
	NotTrusted = "ca_not_trusted"
	// NetworkFull: the network has as many bypasses as it may.
	NetworkFull = "network_full"
)

// Entry is what is known of a host that clients of a network reject.
type Entry struct {
	Host     Host
	Network  netip.Prefix // of the clients: /24 or, in IPv6, /64
	Result   string       // Learned, or why there is no bypass
	Failures int          // rejections that led to it
	Since    time.Time
	Until    time.Time // zero when there is no bypass
}

// Memory counts rejections and holds the bypasses that they led to. Its methods are
// called from many goroutines.
type Memory struct {
	options Options

	mu       sync.Mutex
	watched  *recent[key, watch]            // rejected, and not bypassed
	learned  *recent[key, Entry]            // expired ones too, until the next try
	accepted *recent[key, time.Time]        // a client of the network did accept
	trusting *recent[netip.Addr, time.Time] // clients that accepted for any host
	networks map[netip.Prefix]int           // of learned
}

type key struct {
	host    Host
	network netip.Prefix
}

// watch is a host on its way to a bypass, or one that may have none.
type watch struct {
	failures int
	first    time.Time // of the failures that count
	last     time.Time
	result   string // why there is no bypass; "" before it was asked for
	since    time.Time
}

// What is remembered beside the bypasses.
const (
	watchedHosts  = 4096
	acceptedHosts = 16384
)

// New returns an empty memory.
func New(o Options) *Memory {
	return &Memory{
		options: o,
		watched: newRecent[key, watch](watchedHosts), learned: newRecent[key, Entry](o.Bypasses),
		accepted: newRecent[key, time.Time](acceptedHosts), trusting: newRecent[netip.Addr, time.Time](acceptedHosts),
		networks: map[netip.Prefix]int{},
	}
}

// keyOf names a host as the clients of a network see it; not ok for a client
// without an address.
func keyOf(client netip.Addr, h Host) (k key, ok bool) {
	bits := 64
	if client = client.Unmap(); client.Is4() {
		bits = 24
	}
	network, err := client.WithZone("").Prefix(bits)
	if h.SNI == "" {
		h.SNI = h.Connect
	}
	return key{h, network}, err == nil
}

// Bypassed tells whether connections of the client to the host are left closed.
func (m *Memory) Bypassed(client netip.Addr, h Host, now time.Time) bool {
	k, ok := keyOf(client, h)
	if !ok {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.learned.get(k)
	return ok && now.Before(e.Until)
}

// Accepted notes that a client took our certificate and sent a request behind it.
// What it takes, its network has no bypass for.
func (m *Memory) Accepted(client netip.Addr, h Host, now time.Time) {
	k, ok := keyOf(client, h)
	if !ok {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.trusting.put(client.Unmap(), now)
	m.accepted.put(k, now)
	m.watched.remove(k)
	m.forget(k)
}

// Rejected notes that a client did not take our certificate. It tells whether that was
// once too often; then Decide is to be called.
func (m *Memory) Rejected(client netip.Addr, h Host, now time.Time) (due bool) {
	k, ok := keyOf(client, h)
	if !ok {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if at, ok := m.accepted.get(k); ok && now.Sub(at) < m.options.For {
		return false
	}
	e, ok := m.learned.get(k)
	if ok && now.Before(e.Until) {
		return false // it began before the bypass
	}
	w, _ := m.watched.get(k)
	if now.Sub(w.first) > m.options.Within {
		w.failures, w.first = 0, now
	}
	if ok && now.Sub(e.Until) < m.options.For {
		w.failures = max(w.failures, m.options.Failures-1) // the one try after the time has failed
	}
	w.failures, w.last = w.failures+1, now
	m.watched.put(k, w)
	return w.failures >= m.options.Failures
}

// Decide ends what Rejected began. refusal says why the policy wants no bypass, ""
// when it may have one. The result is what became of it, "" when that is as before;
// full tells that another bypass was forgotten for this one.
func (m *Memory) Decide(client netip.Addr, h Host, now time.Time, refusal string) (result string, full bool) {
	k, ok := keyOf(client, h)
	if !ok {
		return "", false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	w, ok := m.watched.get(k)
	if !ok { // another connection was faster
		return "", false
	}
	m.forget(k) // an expired one
	if refusal == "" {
		refusal = m.refusal(client.Unmap(), k.network, now)
	}
	if refusal != "" {
		if w.result == refusal {
			return "", false
		}
		w.result, w.since = refusal, now
		m.watched.put(k, w)
		return refusal, false
	}
	m.watched.remove(k)
	return Learned, m.learn(Entry{Host: k.host, Network: k.network, Result: Learned, Failures: w.failures, Since: now, Until: now.Add(m.options.For)})
}

// refusal says why no bypass is learned. The lock is held.
func (m *Memory) refusal(client netip.Addr, network netip.Prefix, now time.Time) string {
	if at, ok := m.trusting.get(client); !ok || now.Sub(at) >= m.options.For {
		return NotTrusted
	}
	if m.networks[network] >= m.options.PerNetwork {
		m.forgetExpired(now)
	}
	if m.networks[network] >= m.options.PerNetwork {
		return NetworkFull
	}
	return ""
}

// learn keeps a bypass. The lock is held.
func (m *Memory) learn(e Entry) (full bool) {
	if len(m.learned.entries) >= m.options.Bypasses {
		m.forgetExpired(e.Since)
	}
	if full = len(m.learned.entries) >= m.options.Bypasses; full {
		m.forget(m.learned.order.Back().Value.(*item[key, Entry]).key)
	}
	m.learned.put(key{e.Host, e.Network}, e)
	m.networks[e.Network]++
	return full
}

// forget forgets a bypass, if there is one. The lock is held.
func (m *Memory) forget(k key) {
	if _, ok := m.learned.entries[k]; !ok {
		return
	}
	m.learned.remove(k)
	if m.networks[k.network]--; m.networks[k.network] == 0 {
		delete(m.networks, k.network)
	}
}

// forgetExpired makes room. The lock is held.
func (m *Memory) forgetExpired(now time.Time) {
	var expired []key
	for k, e := range m.learned.all {
		if !now.Before(e.Until) {
			expired = append(expired, k)
		}
	}
	for _, k := range expired {
		m.forget(k)
	}
}

// Count returns the number of bypasses that hold.
func (m *Memory) Count(now time.Time) (count int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.learned.all {
		if now.Before(e.Until) {
			count++
		}
	}
	return count
}

// Entries returns the bypasses that hold, and behind them the hosts that were rejected
// as often and have none, both by host and network.
func (m *Memory) Entries(now time.Time) []Entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	var learned, refused []Entry
	for _, e := range m.learned.all {
		if now.Before(e.Until) {
			learned = append(learned, e)
		}
	}
	for k, w := range m.watched.all {
		if w.result != "" && now.Sub(w.last) < m.options.For {
			refused = append(refused, Entry{Host: k.host, Network: k.network, Result: w.result, Failures: w.failures, Since: w.since})
		}
	}
	slices.SortFunc(learned, byHost)
	slices.SortFunc(refused, byHost)
	return append(learned, refused...)
}

func byHost(a, b Entry) int {
	if c := strings.Compare(a.Host.SNI, b.Host.SNI); c != 0 {
		return c
	}
	if c := strings.Compare(a.Host.Connect, b.Host.Connect); c != 0 {
		return c
	}
	if c := a.Network.Compare(b.Network); c != 0 {
		return c
	}
	return int(a.Host.Port) - int(b.Host.Port)
}
