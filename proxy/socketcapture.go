package proxy

import (
	"crypto/rand"
	"io"

	"daylight.internal/classifier"
	"daylight.internal/rules"
)

// newHeldFrames returns what holds a message back.
func newHeldFrames(j *Judge) *held {
	return &held{head: prefix{memory: j.memory, limit: min(j.limits.HoldMemoryBytes, j.limits.HoldBytes)}}
}

// add keeps b, and tells when no more can be kept.
func (h *held) add(j *Judge, b []byte) (full bool) {
	err := h.keep(b, j.limits.HoldBytes, j.tempDir)
	return err != nil || len(h.extra) > 0
}

// writeTo writes what was held.
func (h *held) writeTo(w io.Writer) error {
	if h.file == nil {
		if _, err := w.Write(h.head.data); err != nil || len(h.extra) == 0 {
			return err
		}
		_, err := w.Write(h.extra)
		return err
	}
	_, err := io.Copy(w, h.reader())
	return err
}

// readFrom fills the prefix to its limit, and counts the rest.
func (p *prefix) readFrom(r io.Reader) error {
	buffer := p.memory.get(readBuffer)
	defer p.memory.put(buffer)
	if buffer == nil {
		buffer = make([]byte, 0, smallestBuffer)
	}
	for {
		n, err := r.Read(buffer[:cap(buffer)])
		p.write(buffer[:n])
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// observeUnread ends an exchange of which no copy was kept: it went through and
// was not read.
func (x *exchange) observeUnread(total int64) {
	x.outcome.Facts.Bytes = total
	x.outcome.Facts.Content = &rules.Content{Coverage: classifier.Coverage{State: classifier.NotInspected, Reason: "busy"}}
	if !x.plan.Final {
		x.outcome.Verdict = rules.Verdict{Action: rules.Log, Reason: "the copy was not read: too many wait", Status: x.plan.Verdict.Status, Groups: x.plan.Verdict.Groups}
	}
	x.finish(nil)
}

// maskKey returns a mask that nobody can foretell, RFC 6455 5.3.
func maskKey() (key [4]byte) {
	rand.Read(key[:])
	return key
}
