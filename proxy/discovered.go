package proxy

import (
	"container/list"
	"sync"
	"sync/atomic"
	"time"

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
	hosts    map[hostPort]*list.Element // of *discoveredHost
	order    list.List                  // the last used first
	revision string                     // whose lists were looked at
}

type discoveredHost struct {
	name  hostPort
	last  time.Time // of its signs
	paths map[string]*discoveredPath
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
	e := m.hosts[name]
	if e == nil {
		return h
	}
	host := e.Value.(*discoveredHost)
	if r.Time.Sub(host.last) > m.keeps {
		m.remove(e)
		return h
	}
	m.order.MoveToFront(e)
	if p := host.paths[pathName(r, s.Template(r.Path))]; p != nil && r.Time.Sub(p.last) <= m.keeps {
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
	return m.hosts[hostPort{catalog.NormalizeHost(host), port}] != nil
}

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
	m.forgetListed(s)
	known := m.host(name).path(path)
	known.history.Add(e)
	known.misses, known.last = 0, now
	host := m.hosts[name].Value.(*discoveredHost)
	host.last = now
	m.any.Store(true)
	m.count(len(m.hosts))
}

// miss notes that an exchange with a text had no sign of AI.
func (m *discovered) miss(p *engine.Plan) {
	if !m.any.Load() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.hosts[hostPort{p.Facts.Destination.Host, p.Facts.Destination.Port}]
	if e == nil {
		return
	}
	host, path := e.Value.(*discoveredHost), pathName(&p.Request, p.PathTemplate)
	known := host.paths[path]
	if known == nil {
		return
	}
	if known.misses++; known.misses < ordinaryInARow {
		return
	}
	if delete(host.paths, path); len(host.paths) == 0 {
		m.remove(e)
	}
}

// host returns the entry of a host, which is made when there is none. The lock is held.
func (m *discovered) host(name hostPort) *discoveredHost {
	if e := m.hosts[name]; e != nil {
		m.order.MoveToFront(e)
		return e.Value.(*discoveredHost)
	}
	if len(m.hosts) >= m.limit {
		m.remove(m.order.Back())
		m.full()
	}
	if m.hosts == nil {
		m.hosts = map[hostPort]*list.Element{}
	}
	host := &discoveredHost{name: name, paths: map[string]*discoveredPath{}}
	m.hosts[name] = m.order.PushFront(host)
	return host
}

// path returns the entry of a path, in the place of the oldest when there are many.
func (h *discoveredHost) path(name string) *discoveredPath {
	if p := h.paths[name]; p != nil {
		return p
	}
	if len(h.paths) >= discoveredPaths {
		oldest := ""
		for name, p := range h.paths {
			if oldest == "" || p.last.Before(h.paths[oldest].last) {
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
	for name, e := range m.hosts {
		if s.Lists(name.host, name.port) {
			m.remove(e)
		}
	}
}

// remove forgets a host. The lock is held.
func (m *discovered) remove(e *list.Element) {
	m.order.Remove(e)
	delete(m.hosts, e.Value.(*discoveredHost).name)
	m.any.Store(len(m.hosts) > 0)
	m.count(len(m.hosts))
}
