package proxy

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"

	"daylight.internal/proxy/fair"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/discovery"
	"daylight.internal/rules/engine"
)

// discovered remembers where on hosts of no list AI was found, so that the next
// request to it is suspected from its head on. It keeps no values: a host, a port,
// the template of a path and signs.
type discovered struct {
	limit int           // hosts
	keeps time.Duration // since the last sign
	full  func()        // tells that a host was forgotten for another
	count func(hosts int)

	any      atomic.Bool // false: nothing is remembered
	mu       sync.Mutex
	hosts    *fair.Cache[fair.Client, hostPort, *discoveredHost] // nil before the first
	revision string                                              // whose lists were looked at
	seed     maphash.Seed
}

type discoveredHost struct {
	name  hostPort
	last  time.Time                  // of its signs
	paths map[uint64]*discoveredPath // by the hashes of their names, which can be long
}

// discoveredPath is what is known of a method and a path.
type discoveredPath struct {
	history discovery.History
	misses  int // exchanges with a text since the last sign
	last    time.Time
}

const (
	// discoveredPaths of one host are remembered.
	discoveredPaths = 32
	// discoveredTemplate is how long the template of a path may be.
	discoveredTemplate = 512
	// ordinaryInARow exchanges with a text that show no sign of AI make a path
	// ordinary again: many applications send everything to one.
	ordinaryInARow = 3
)

// recall returns what earlier exchanges with the destination of a request told.
func (m *discovered) recall(r *engine.Request, s Snapshot) (h discovery.History) {
	if !m.any.Load() {
		return h
	}
	name := hostPort{catalog.NormalizeHost(r.Destination.Host), r.Destination.Port}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forgetListed(s)
	host, ok := m.hosts.Get(name)
	if !ok {
		return h
	}
	if r.Time.Sub(host.last) > m.keeps {
		m.remove(host)
		return h
	}
	if p := host.paths[m.hash(pathName(r, s.Template(r.Path)))]; p != nil && r.Time.Sub(p.last) <= m.keeps {
		h = p.history
	}
	return h
}

// knows tells whether AI was found on a host, on whatever path.
func (m *discovered) knows(host string, port uint16) bool {
	if !m.any.Load() {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.hosts.Peek(hostPort{catalog.NormalizeHost(host), port})
	return ok
}

// hash stands for the name of a path.
func (m *discovered) hash(name string) uint64 { return maphash.String(m.seed, name) }

// pathName names what is proved of a host: a method, or WebSocket, and a path.
func pathName(r *engine.Request, template string) string {
	if len(r.Header["Upgrade"]) > 0 {
		return "websocket " + template
	}
	return r.Method + " " + template
}

// note adds the evidence of an exchange that looked like AI. s is the present snapshot:
// that of the exchange may be older, and not name the host yet.
func (m *discovered) note(p *engine.Plan, s Snapshot, now time.Time, e discovery.Evidence) {
	name, path := hostPort{p.Facts.Destination.Host, p.Facts.Destination.Port}, pathName(&p.Request, p.PathTemplate)
	if len(path) > discoveredTemplate || s.Lists(name.host, name.port) {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.hosts == nil {
		m.hosts, m.seed = fair.NewCache[fair.Client, hostPort, *discoveredHost](m.limit), maphash.MakeSeed()
	}
	m.forgetListed(s)
	host := m.host(name, guestOf(p.Request.Client))
	known := host.path(m.hash(path))
	known.history.Add(e)
	known.misses, known.last = 0, now
	host.last = now
	m.any.Store(true)
	m.count(m.hosts.Len())
}

// miss notes that an exchange with a text had no sign of AI.
func (m *discovered) miss(p *engine.Plan) {
	if !m.any.Load() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	host, ok := m.hosts.Peek(hostPort{p.Facts.Destination.Host, p.Facts.Destination.Port})
	if !ok {
		return
	}
	path := m.hash(pathName(&p.Request, p.PathTemplate))
	known := host.paths[path]
	if known == nil {
		return
	}
	if known.misses++; known.misses < ordinaryInARow {
		return
	}
	if delete(host.paths, path); len(host.paths) == 0 {
		m.remove(host)
	}
}

// host returns the entry of a host, which is made for the client when there is none. The
// lock is held.
func (m *discovered) host(name hostPort, who fair.Client) *discoveredHost {
	if host, ok := m.hosts.Get(name); ok {
		return host
	}
	host := &discoveredHost{name: name, paths: map[uint64]*discoveredPath{}}
	if _, full := m.hosts.Put(who, name, host); full {
		m.full()
	}
	return host
}

// path returns the entry of a path, in the place of the oldest when there are many.
func (h *discoveredHost) path(name uint64) *discoveredPath {
	if p := h.paths[name]; p != nil {
		return p
	}
	if len(h.paths) >= discoveredPaths {
		var oldest uint64
		for name, p := range h.paths {
			if h.paths[oldest] == nil || p.last.Before(h.paths[oldest].last) {
				oldest = name
			}
		}
		delete(h.paths, oldest)
	}
	p := &discoveredPath{}
	h.paths[name] = p
	return p
}

// forgetListed forgets the hosts that a new policy or catalogue names. The lock is held.
func (m *discovered) forgetListed(s Snapshot) {
	if m.revision == s.Revision() {
		return
	}
	m.revision = s.Revision()
	for name, host := range m.hosts.All {
		if s.Lists(name.host, name.port) {
			m.remove(host)
		}
	}
}

// remove forgets a host. The lock is held.
func (m *discovered) remove(host *discoveredHost) {
	m.hosts.Remove(host.name)
	m.any.Store(m.hosts.Len() > 0)
	m.count(m.hosts.Len())
}
