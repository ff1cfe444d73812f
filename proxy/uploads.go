package proxy

import (
	"container/list"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// uploads knows the uploads that calls to services have opened, and finds the one
// whose bytes a request carries. It is bounded: the oldest are forgotten first.
type uploads struct {
	limit     int           // announced URLs at once
	keep      time.Duration // of one, from its announcement or its last part
	partBytes int64         // kept of the beginning of a file
	memory    *memory       // of the beginnings
	windows   *memory       // of parts joined with what went before
	memoryCap int64         // for the beginnings of all files
	hit       func(limit string)

	count atomic.Int64 // of pending, so that nobody waits for an empty registry
	mu    sync.Mutex
	// places holds what was announced by host, port and path, the oldest first.
	places map[place][]*pending
	hosts  map[hostPort]int
	order  list.List // of *pending, the oldest first
	kept   int64     // bytes of the beginnings of all files
}

type hostPort struct {
	host string
	port uint16
}

type place struct {
	hostPort
	path string
}

// pending is one URL to which the bytes of a file will go.
type pending struct {
	place   place
	query   url.Values
	secret  bool // the URL itself is a permission: whoever has it was given it
	file    *file
	expires time.Time
	element *list.Element
}

func newUploads(limits *Limits, m, windows *memory, hit func(string)) *uploads {
	return &uploads{
		limit: limits.Uploads, keep: limits.UploadTimeout, partBytes: limits.UploadPartBytes, memory: m, windows: windows,
		memoryCap: limits.InspectMemoryBytes / 4, hit: hit,
		places: map[place][]*pending{}, hosts: map[hostPort]int{},
	}
}

// opener is the call that opened an upload.
type opener struct {
	client rules.Client
	event  string // its id
}

// add remembers what one call announced. The parts of one file that have URLs of
// their own belong together.
func (u *uploads) add(all []engine.Announcement, by opener, now time.Time) {
	if len(all) == 0 {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.expire(now)
	for _, a := range all {
		query, err := url.ParseQuery(a.Query)
		if err != nil {
			continue
		}
		p := &pending{place: placeOf(a.Host, a.Port, a.Path), query: query, secret: isSecret(a.Query, a.Path), expires: now.Add(u.keep)}
		p.file = u.fileOf(p, &a, by)
		if p.file != nil {
			u.insert(p)
		}
	}
}

// fileOf returns the file to which a new URL belongs; nil when the URL is known.
func (u *uploads) fileOf(p *pending, a *engine.Announcement, by opener) *file {
	for _, other := range u.places[p.place] {
		f := other.file
		if f.opener.client.User != by.client.User || f.opener.client.Address != by.client.Address {
			continue
		}
		same := maps.EqualFunc(other.query, p.query, slices.Equal)
		if same && f.Filename == a.Filename && f.opener.event == by.event {
			return nil
		}
		if !same && isPartOf(other.query, p.query) {
			return f
		}
	}
	return &file{Upload: a.Upload, opener: by, beginning: prefix{memory: u.memory, limit: u.partBytes}, uploads: u}
}

// isPartOf tells whether two URLs of one path are for parts of one file.
func isPartOf(a, b url.Values) bool {
	for _, name := range []string{"uploadId", "upload_id", "UploadId"} {
		if a.Has(name) && a.Get(name) == b.Get(name) {
			return true
		}
	}
	return false
}

func (u *uploads) insert(p *pending) {
	for u.order.Len() >= u.limit {
		u.hit("uploads")
		u.remove(u.order.Front().Value.(*pending))
	}
	p.file.urls++
	p.element = u.order.PushBack(p)
	u.places[p.place] = append(u.places[p.place], p)
	u.hosts[p.place.hostPort]++
	u.count.Store(int64(u.order.Len()))
}

func (u *uploads) remove(p *pending) {
	u.order.Remove(p.element)
	u.places[p.place] = slices.DeleteFunc(u.places[p.place], func(o *pending) bool { return o == p })
	if len(u.places[p.place]) == 0 {
		delete(u.places, p.place)
	}
	if u.hosts[p.place.hostPort]--; u.hosts[p.place.hostPort] == 0 {
		delete(u.hosts, p.place.hostPort)
	}
	u.count.Store(int64(u.order.Len()))
	if p.file.urls--; p.file.urls == 0 {
		u.forget(p.file)
	}
}

// forget gives the memory of a file back that nobody will find any more; who
// judges a part of it just now does that in the end.
func (u *uploads) forget(f *file) {
	f.forgotten.Store(true)
	if f.mu.TryLock() {
		u.kept -= f.drop()
		f.mu.Unlock()
	}
}

// expire forgets what nobody used for long. All are kept equally long, so that
// the oldest are in front.
func (u *uploads) expire(now time.Time) {
	for e := u.order.Front(); e != nil && !now.Before(e.Value.(*pending).expires); e = u.order.Front() {
		u.remove(e.Value.(*pending))
	}
}

// find returns the file whose bytes a request carries, or nil.
func (u *uploads) find(r *engine.Request) *file {
	if u.count.Load() == 0 || r.Method != "PUT" && r.Method != "POST" && r.Method != "PATCH" {
		return nil
	}
	query, err := url.ParseQuery(r.Query)
	if err != nil {
		return nil
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.expire(r.Time)
	at := placeOf(r.Destination.Host, r.Destination.Port, r.Path)
	for exact := true; ; exact = false {
		for _, p := range slices.Backward(u.places[at]) {
			if p.takes(query, r.Client, exact) {
				p.expires = r.Time.Add(u.keep)
				u.order.MoveToBack(p.element)
				return p.file
			}
		}
		slash := strings.LastIndexByte(at.path, '/')
		if slash <= 0 {
			return nil
		}
		at.path = at.path[:slash] // a permission for a folder
	}
}

// takes tells whether a request with a query goes to what was announced. What the
// client adds, such as the number of a block, does not matter.
func (p *pending) takes(query url.Values, client rules.Client, exact bool) bool {
	present := 0
	for name, values := range p.query {
		if slices.Equal(query[name], values) {
			present++
		}
	}
	all := present == len(p.query)
	switch {
	case !exact: // below the announced path
		return all && isSigned(p.query)
	case all && p.secret:
		return true
	case all, isSigned(p.query) && present == 0: // the permission may stand in a header
		return p.file.opener.mayBe(client)
	}
	return false
}

// mayBe tells whether a client is the one who opened an upload. One who does not
// sign in at the host of the bytes is known by the address.
func (o *opener) mayBe(c rules.Client) bool {
	if c.User != "" && o.client.User != "" {
		return c.User == o.client.User
	}
	return c.Address == o.client.Address
}

// isSecret tells whether a URL cannot be guessed: it is signed, or its path ends
// with a long name.
func isSecret(rawQuery, path string) bool {
	query, _ := url.ParseQuery(rawQuery)
	return isSigned(query) || query.Has("upload_id") || query.Has("uploadId") || len(path)-strings.LastIndexByte(path, '/') > 16
}

func isSigned(query url.Values) bool {
	for name := range query {
		if name = strings.ToLower(name); name == "sig" || strings.HasSuffix(name, "signature") {
			return true
		}
	}
	return false
}

func placeOf(host string, port uint16, path string) place {
	return place{hostPort{strings.ToLower(host), port}, strings.TrimRight(path, "/")}
}

// awaits tells whether bytes of an upload may go to a host.
func (u *uploads) awaits(host string, port uint16, now time.Time) bool {
	if u.count.Load() == 0 || host == "" {
		return false
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.expire(now)
	return u.hosts[hostPort{strings.ToLower(host), port}] > 0
}

// grew notes that the beginning of a file takes more memory, or less. When all
// take too much, the oldest ones are given up.
func (u *uploads) grew(f *file, bytes int64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.kept += bytes
	for e := u.order.Front(); e != nil && u.kept > u.memoryCap; e = e.Next() {
		if other := e.Value.(*pending).file; other != f && other.mu.TryLock() { // its own part is being judged: it stays
			if freed := other.drop(); freed > 0 {
				u.kept -= freed
				u.hit("upload_memory")
			}
			other.mu.Unlock()
		}
	}
}
