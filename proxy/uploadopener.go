package proxy

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

const (
	// sampleBytes is the largest call that is asked for the names of files.
	sampleBytes = 16 << 10
	// announcementBytes is the largest answer that is asked where uploads go.
	announcementBytes = 64 << 10
	// earlyReadings of an answer of unknown length are made before its end: a client
	// may have read all it wants before it hears that there is no more.
	earlyReadings = 8
)

// sampleRequest keeps a copy of a small call, which may name the files of an upload.
func (x *exchange) sampleRequest(r *http.Request) {
	if !hasBody(r) || r.ContentLength > sampleBytes || !x.plan.Facts.Service.IsAI() && x.plan.Need != rules.Hold {
		return
	}
	switch media := mediaType(r.Header); {
	case strings.HasSuffix(media, "json"), media == "", media == "text/plain", media == "application/x-www-form-urlencoded":
		x.sample = &sampledBody{ReadCloser: r.Body}
		r.Body = x.sample
	}
}

// sampledBody keeps a copy of a small body. It is read by one goroutine and asked
// by another.
type sampledBody struct {
	io.ReadCloser
	mu    sync.Mutex
	data  []byte
	total int64
}

// Read implements io.Reader.
func (b *sampledBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.total += int64(n); b.total <= sampleBytes {
		b.data = append(b.data, p[:n]...)
	} else {
		b.data = nil
	}
	return n, err
}

func (b *sampledBody) body() engine.Body {
	if b == nil {
		return engine.Body{}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return engine.Body{Bytes: append([]byte(nil), b.data...), Total: b.total}
}

// readAnnouncements finds out where the uploads go that the answer of a service
// opens, before the client can see the end of it.
func (x *exchange) readAnnouncements(resp *http.Response) {
	defer x.recoverAnnouncements()
	service := x.plan.Facts.Service
	if x.mode == audit.ModeHold { // else a worker may be judging
		service = x.outcome.Facts.Service
	}
	isRedirect := resp.StatusCode == http.StatusTemporaryRedirect || resp.StatusCode == http.StatusPermanentRedirect
	if !service.IsAI() || !isRedirect && resp.StatusCode/100 != 2 {
		return
	}
	status, header := resp.StatusCode, resp.Header
	announce := func(data []byte) {
		defer x.recoverAnnouncements()
		p := x.plan
		p.Facts.Service = service
		x.announce(x.snapshot.Announced(p, x.sample.body(), status, header, data))
	}
	if header.Get("Location") != "" || header.Get("X-Goog-Upload-Url") != "" || header.Get("X-Goog-Upload-Control-Url") != "" {
		announce(nil)
	}
	media := mediaType(header)
	isJSON := strings.HasSuffix(media, "json") || media == "text/plain" || media == "" // many clients do not ask what it is
	if isJSON && !isRedirect && resp.Body != http.NoBody && resp.ContentLength <= announcementBytes {
		resp.Body = &announcingBody{ReadCloser: resp.Body, left: resp.ContentLength, announce: announce}
	}
}

// recoverAnnouncements keeps a fault of ours from the answer.
func (x *exchange) recoverAnnouncements() {
	if recover() != nil {
		x.setTrouble("panic")
	}
}

// announce remembers uploads. What a step of an upload opens belongs to its first.
func (x *exchange) announce(all []engine.Announcement) {
	by := opener{client: x.plan.Request.Client, event: x.id}
	if f := x.upload.file; f != nil {
		by = f.opener
	}
	all = slices.DeleteFunc(all, func(a engine.Announcement) bool {
		// The address of a form that takes any file, at the service itself: the catalogue knows it better.
		return a.Filename == "" && a.Host == x.plan.Request.Destination.Host && !isSecret(a.Query, a.Path)
	})
	x.judge.uploads.add(all, by, x.judge.now())
}

// announcingBody reads along in a small answer that streams on.
type announcingBody struct {
	io.ReadCloser
	left     int64 // bytes to the end, or less than 0 when nobody knows
	data     []byte
	readings int
	ended    bool
	announce func(data []byte)
}

// Read implements io.Reader.
func (b *announcingBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if !b.ended {
		b.follow(p[:n], err != nil)
	}
	return n, err
}

func (b *announcingBody) follow(p []byte, ended bool) {
	known := b.left >= 0
	b.left -= int64(len(p))
	b.ended = ended || known && b.left <= 0
	if len(b.data)+len(p) > announcementBytes {
		b.ended, b.data = true, nil
		return
	}
	b.data = append(b.data, p...)
	if b.ended || !known && len(p) > 0 && b.readings < earlyReadings {
		b.readings++
		data := b.data
		if !b.ended && (data[0] == '{' || data[0] == '[') {
			data = data[:bytes.LastIndexByte(data, '"')+1] // half an address is none
		}
		b.announce(data)
	}
	if b.ended {
		b.data = nil
	}
}
