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

	"daylight.internal/proxy/fair"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// uploads knows the uploads that calls to services have opened, and finds the one
// whose bytes a request carries. It is bounded: beyond it one is forgotten of the client
// that has the most, the one that was not used for longest.
type uploads struct {
	keep      time.Duration // of one, from its announcement or its last part
	partBytes int64         // kept of the beginning of a file
	memory    *memory       // of the beginnings
	windows   *memory       // of parts joined with what went before
	memoryCap int64         // for the beginnings of all files
	hit       func(limit string)

	count atomic.Int64 // of pending, so that nobody waits for an empty registry
	mu    sync.Mutex
	known map[mark][]*pending // by each of their marks, the oldest first
	hosts map[hostPort]int
	order list.List // of *pending, the oldest first
	fair  *fair.Cache[fair.Client, *pending, *pending]
	kept  int64 // bytes of the beginnings of all files
}

// pending is one URL to which the bytes of a file will go.
type pending struct {
	place   place
	query   url.Values
	secret  bool // the URL itself is a permission: whoever has it was given it
	own     bool // the path is that of this upload alone
	marks   []mark
	file    *file
	expires time.Time
	element *list.Element
}

func newUploads(limits *Limits, m, windows *memory, hit func(string)) *uploads {
	return &uploads{
		keep: limits.UploadTimeout, partBytes: limits.UploadPartBytes, memory: m, windows: windows,
		memoryCap: limits.InspectMemoryBytes / 4, hit: hit,
		known: map[mark][]*pending{}, hosts: map[hostPort]int{},
		fair: fair.NewCache[fair.Client, *pending, *pending](limits.Uploads),
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
	for i := range all {
		a := &all[i]
		query, _ := url.ParseQuery(a.Query) // as much of it as can be read
		p := &pending{place: placeOf(a.Host, a.Port, a.Path), query: query, secret: isSecret(a.Query, a.Path), own: isOwn(query, a.Path), expires: now.Add(u.keep)}
		p.marks = p.place.marks(query, p.secret, by.client)
		if p.file = u.fileOf(p, a, by); p.file != nil {
			u.insert(p)
		}
	}
}

// fileOf returns the file to which a new URL belongs; nil when the URL is known.
func (u *uploads) fileOf(p *pending, a *engine.Announcement, by opener) *file {
	for _, m := range p.marks {
		others := u.known[m]
		for _, other := range slices.Backward(others[max(0, len(others)-maxAlike):]) {
			f := other.file
			same := maps.EqualFunc(other.query, p.query, slices.Equal)
			switch {
			case same && f.Filename == a.Filename && (p.secret || f.opener.event == by.event):
				u.touch(other, p.expires)
				return nil
			case !same && isPartOf(other.query, p.query) && f.opener.client.User == by.client.User && f.opener.client.Address == by.client.Address:
				return f
			}
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
	if other, full := u.fair.Put(guestOf(p.file.opener.client), p, p); full {
		u.hit("uploads")
		u.remove(other)
	}
	p.file.urls++
	p.element = u.order.PushBack(p)
	for _, m := range p.marks {
		u.known[m] = append(u.known[m], p)
	}
	u.hosts[p.place.hostPort]++
	u.count.Store(int64(u.order.Len()))
}

func (u *uploads) remove(p *pending) {
	u.order.Remove(p.element)
	u.fair.Remove(p)
	for _, m := range p.marks {
		all := u.known[m]
		i := slices.Index(all, p) // the oldest goes first: it is in front
		if all = slices.Delete(all, i, i+1); len(all) > 0 {
			u.known[m] = all
		} else {
			delete(u.known, m)
		}
	}
	if u.hosts[p.place.hostPort]--; u.hosts[p.place.hostPort] == 0 {
		delete(u.hosts, p.place.hostPort)
	}
	u.count.Store(int64(u.order.Len()))
	if p.file.urls--; p.file.urls == 0 {
		u.forget(p.file)
	}
}

// touch keeps a URL that is in use.
func (u *uploads) touch(p *pending, expires time.Time) {
	p.expires = expires
	u.order.MoveToBack(p.element)
	u.fair.Get(p)
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
	query, _ := url.ParseQuery(r.Query) // what a server cannot read either says nothing
	at := placeOf(r.Destination.Host, r.Destination.Port, r.Path)
	u.mu.Lock()
	defer u.mu.Unlock()
	u.expire(r.Time)
	if u.hosts[at.hostPort] == 0 {
		return nil
	}
	p := u.at(at, query, r.Client)
	if permits := permitsOf(query); p == nil && len(permits) > 0 {
		p = u.above(at, permits)
	}
	if p == nil {
		return nil
	}
	u.touch(p, r.Time.Add(u.keep))
	return p.file
}

// at returns what was announced of a place, for who has the permission or is the
// one who opened it; nil when there is nothing.
func (u *uploads) at(at place, query url.Values, client rules.Client) *pending {
	for _, m := range at.marks(query, true, client) {
		all := u.known[m]
		for _, p := range slices.Backward(all[max(0, len(all)-maxAlike):]) {
			if m.kind == permitMark || p.takes(query, client) {
				return p
			}
		}
	}
	return nil
}

// above returns what was announced of a folder around a place: the permission is
// for all in it.
func (u *uploads) above(at place, permits []string) *pending {
	for range maxFolders {
		slash := strings.LastIndexByte(at.path[:min(len(at.path), maxPlace+1)], '/')
		if slash <= 0 {
			return nil
		}
		at.path = at.path[:slash]
		for _, permit := range permits {
			if all := u.known[mark{at, permitMark, permit}]; len(all) > 0 {
				return all[len(all)-1]
			}
		}
	}
	return nil
}

// takes tells whether a request to the place goes to what was announced. What the
// client adds, such as the number of a block, does not matter. To the one who opened the
// upload its path is enough: the permission may be renewed, written in other words, or
// stand in a header.
func (p *pending) takes(query url.Values, client rules.Client) bool {
	all := true
	for name, values := range p.query {
		all = all && slices.Equal(query[name], values)
	}
	return all && p.secret || (all || p.own) && p.file.opener.mayBe(client)
}

// mayBe tells whether a client is the one who opened an upload. One who does not
// sign in at the host of the bytes is known by the address.
func (o *opener) mayBe(c rules.Client) bool {
	if c.User != "" && o.client.User != "" {
		return c.User == o.client.User
	}
	return c.Address == o.client.Address
}

// awaits tells whether bytes of an upload may go to a host.
func (u *uploads) awaits(host string, port uint16, now time.Time) bool {
	if u.count.Load() == 0 || host == "" {
		return false
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.expire(now)
	return u.hosts[placeOf(host, port, "").hostPort] > 0
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
