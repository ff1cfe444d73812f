package proxy

import (
	"fmt"
	"testing"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/discovery"
	"daylight.internal/rules/engine"
)

// lists is a snapshot with one host in its catalogue.
type lists struct {
	noPolicy
	host, revision string
}

func (l lists) Lists(host string, _ uint16) bool { return host == l.host }
func (l lists) Revision() string                 { return l.revision }
func (l lists) Template(path string) string      { return path }

func TestDiscoveredHostsAreForgotten(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	sign := discovery.Evidence{Score: 55, Words: discovery.Words(0).With(discovery.ModelFrames)}
	request := func(host, path string, at time.Time) *engine.Request {
		return &engine.Request{Time: at, Method: "POST", Path: path, Destination: rules.Destination{Host: host, Port: 443}}
	}
	hits, count := 0, 0
	m := &discovered{limit: 2, keeps: time.Hour, full: func() { hits++ }, count: func(n int) { count = n }}
	note := func(host, path string, at time.Time) {
		r := request(host, path, at)
		m.note(&engine.Plan{Request: *r, Facts: rules.Facts{Destination: r.Destination}, PathTemplate: path}, lists{}, at, sign)
	}
	knows := func(host, path string, at time.Time, s Snapshot) bool {
		return m.recall(request(host, path, at), s) != discovery.History{}
	}
	note("a.example", "/go", now)
	note("b.example", "/go", now)
	if !knows("A.example.", "/go", now, lists{}) || knows("a.example", "/other", now, lists{}) || knows("c.example", "/go", now, lists{}) {
		t.Error("a host is known by its name and path alone")
	}
	note("c.example", "/go", now)
	if knows("b.example", "/go", now, lists{}) || !knows("a.example", "/go", now, lists{}) || hits != 1 || count != 2 {
		t.Errorf("beyond the limit the one that was not used for longest goes: %d hits, %d hosts", hits, count)
	}
	if knows("c.example", "/go", now.Add(61*time.Minute), lists{}) || count != 1 {
		t.Errorf("after its time it is forgotten: %d hosts", count)
	}
	if knows("a.example", "/go", now, lists{host: "a.example", revision: "next"}) || count != 0 || m.any.Load() {
		t.Errorf("a policy that names a host makes it forgotten: %d hosts", count)
	}
	for i := range 2 * discoveredPaths {
		note("d.example", fmt.Sprintf("/go/%d", i), now.Add(time.Duration(i)*time.Second))
	}
	if host, _ := m.hosts.Peek(hostPort{"d.example", 443}); len(host.paths) != discoveredPaths {
		t.Errorf("%d paths of a host", len(host.paths))
	}
	if knows("d.example", "/go/0", now, lists{revision: "next"}) || !knows("d.example", fmt.Sprintf("/go/%d", 2*discoveredPaths-1), now, lists{revision: "next"}) {
		t.Error("the oldest paths of a host are forgotten first")
	}
}
