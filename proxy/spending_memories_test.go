package proxy

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/discovery"
	"daylight.internal/rules/engine"
)

// What is remembered has a bound of bytes too, and a flood by one client is his own loss:
// 100,000 entries of one, then what another one has is still there.
const floodEntries = 100000

func TestAFloodOfConversationsLeavesThoseOfOthers(t *testing.T) {
	hits := 0
	c := newConversations(10000, func(string) { hits++ })
	talk := func(user, host string) *rules.Facts {
		f := &rules.Facts{Client: rules.Client{User: user}, Method: "POST", Destination: rules.Destination{Host: host}}
		f.Service.ID, f.Service.Operation = rules.Suspected, catalog.Prompt
		return f
	}
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	mine := c.join(talk("ana", "gpt.example"), now)
	before := heap()
	for i := range floodEntries {
		c.join(talk("mallory", fmt.Sprintf("h%d.example", i)), now)
	}
	grown := heap() - before
	if c.join(talk("ana", "gpt.example"), now) != mine {
		t.Error("the conversation of another client was forgotten")
	}
	if hits != floodEntries+1-10000 || c.order.Len() != 10000 || c.known.Len() != 10000 || grown > 16<<20 {
		t.Errorf("%d hits, %d and %d entries, the heap grew by %d bytes", hits, c.order.Len(), c.known.Len(), grown)
	}
	t.Logf("10000 conversations take %d KiB", grown>>10)
}

func TestAFloodOfDiscoveredHostsLeavesThoseOfOthers(t *testing.T) {
	hits := 0
	m := &discovered{limit: 4096, keeps: time.Hour, full: func() { hits++ }, count: func(int) {}}
	sign := discovery.Evidence{Score: 55, Words: discovery.Words(0).With(discovery.ModelFrames)}
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	note := func(user, host, path string) {
		r := engine.Request{Time: now, Method: "POST", Path: path, Client: rules.Client{User: user}, Destination: rules.Destination{Host: host, Port: 443}}
		m.note(&engine.Plan{Request: r, Facts: rules.Facts{Destination: r.Destination}, PathTemplate: path}, lists{}, now, sign)
	}
	note("ana", "mine.example", "/go")
	before := heap()
	for i := range floodEntries {
		note("mallory", fmt.Sprintf("h%d.example", i), fmt.Sprintf("/%0400d", i))
	}
	for i := range 32 * 1000 { // and many paths of a thousand of them
		note("mallory", fmt.Sprintf("h%d.example", floodEntries-1-i%1000), fmt.Sprintf("/%0400d", i/1000))
	}
	grown := heap() - before
	if !m.knows("mine.example", 443) {
		t.Error("the host of another client was forgotten")
	}
	if hits != floodEntries+1-4096 || m.hosts.Len() != 4096 || grown > 16<<20 {
		t.Errorf("%d hits, %d entries, the heap grew by %d bytes", hits, m.hosts.Len(), grown)
	}
	t.Logf("4096 hosts take %d KiB", grown>>10)
}

func TestAFloodOfAnnouncedUploadsLeavesThoseOfOthers(t *testing.T) {
	hits := 0
	limits := Limits{}.WithDefaults()
	u := newUploads(&limits, &memory{limit: 1 << 30}, &memory{limit: 1 << 30}, func(string) { hits++ })
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	client := func(address string) rules.Client { return rules.Client{Address: netip.MustParseAddr(address)} }
	announce := func(by rules.Client, event, path string) {
		u.add([]engine.Announcement{{Host: "blob.example", Port: 443, Path: path, Query: "sig=" + event}}, opener{by, event}, now)
	}
	announce(client("10.20.0.7"), "mine", "/mine")
	before := heap()
	for i := range floodEntries {
		announce(client("10.66.6.6"), fmt.Sprint("flood", i), fmt.Sprint("/flood/", i))
	}
	grown := heap() - before
	found := u.find(&engine.Request{Time: now, Method: "PUT", Client: client("10.20.0.7"), Path: "/mine", Query: "sig=mine", Destination: rules.Destination{Host: "blob.example", Port: 443}})
	if found == nil || found.opener.event != "mine" {
		t.Errorf("the upload of another client was forgotten: %+v", found)
	}
	if hits != floodEntries+1-limits.Uploads || u.order.Len() != limits.Uploads || u.fair.Len() != limits.Uploads || grown > 64<<20 {
		t.Errorf("%d hits, %d and %d entries, the heap grew by %d bytes", hits, u.order.Len(), u.fair.Len(), grown)
	}
	t.Logf("%d uploads take %d KiB", limits.Uploads, grown>>10)
}
