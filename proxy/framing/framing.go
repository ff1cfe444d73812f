// Package framing follows the requests of an HTTP/1 connection byte by byte and stops it where two parsers
// could disagree about where a request ends: RFC 9112 sections 6 and 7.1 by the letter.
// What is wrong with a request otherwise is left to who parses it.
package framing

import (
	"bytes"
	"errors"
)

// ErrAmbiguous tells that nothing more of a connection can be understood for certain.
var ErrAmbiguous = errors.New("the framing of the request is ambiguous")

// maxLine bounds a line, and maxHead a header or trailer section: more than is ever accepted.
const (
	maxLine = 1 << 20
	maxHead = 4 << 20
)

type state uint8

const (
	between   state = iota // two requests
	head                   // behind the request line
	counted                // in a body with a length
	chunkSize              // before the line with the size of a chunk
	chunkData              // in a chunk
	chunkEnd               // before the line end behind it
	trailer                // behind the last chunk
	open                   // behind a CONNECT or an upgrade: perhaps no HTTP any more
	stopped                // nothing more goes on
)

// Follower follows the requests of one connection. The zero value awaits the
// first. Who uses it from several goroutines orders the calls.
type Follower struct {
	state state
	line  []byte // what has come of a line
	size  int    // of the section so far
	left  uint64 // of a body or chunk
	// What has passed since open began: all but the first byte is counted only.
	passed  int
	pending byte
	message message
}

// message is what frames a request.
type message struct {
	connect, old, upgrade bool // by CONNECT; HTTP/1.0
	last                  bool // whoever parses it will refuse it
	framed                bool // the last field line was one that frames
	lengths, codings      []string
}

// Advance takes what comes next and returns how many bytes of it may be parsed.
// When it stops in the middle, the error is nil and comes with the next call.
func (f *Follower) Advance(b []byte) (n int, err error) {
	for n < len(b) && f.state != stopped {
		n += f.step(b[n:])
	}
	if n == 0 && f.state == stopped {
		return 0, ErrAmbiguous
	}
	return n, nil
}

// InHead tells that a head has begun and not ended.
func (f *Follower) InHead() bool {
	return f.state == head || f.state == between && len(f.line) > 0
}

// Stopped tells that nothing more goes on.
func (f *Follower) Stopped() bool { return f.state == stopped }

// Resume tells that a CONNECT or an upgrade was refused, so that requests follow. It returns false when
// some may have gone on already, unfollowed.
func (f *Follower) Resume() bool {
	if f.state != open {
		return true
	}
	f.begin()
	switch f.passed {
	case 0:
	case 1:
		f.passed = 0
		f.step([]byte{f.pending})
	default:
		f.state = stopped
		return false
	}
	return true
}

func (f *Follower) begin() {
	f.state, f.line, f.size, f.message = between, nil, 0, message{}
}

// step takes at least one byte, unless it stops.
func (f *Follower) step(b []byte) int {
	switch f.state {
	case counted, chunkData:
		n := int(min(f.left, uint64(len(b))))
		if f.left -= uint64(n); f.left == 0 {
			f.endBytes()
		}
		return n
	case open:
		if f.passed == 0 {
			f.pending = b[0]
		}
		f.passed += len(b)
		return len(b)
	default:
		return f.stepLine(b)
	}
}

func (f *Follower) endBytes() {
	if f.state == chunkData {
		f.state = chunkEnd
		return
	}
	f.begin()
}

// stepLine takes what there is of a line. The end of one that stops the connection is
// not let go on, so that nobody can act on it.
func (f *Follower) stepLine(b []byte) int {
	end := bytes.IndexByte(b, '\n')
	if end < 0 {
		f.line = append(f.line, b...)
		if f.size += len(b); len(f.line) > maxLine || f.size > maxHead {
			f.state = stopped
		}
		return len(b)
	}
	line := b[:end]
	if len(f.line) > 0 {
		line = append(f.line, line...)
		f.line = f.line[:0]
	}
	if f.size += end + 1; f.size > maxHead || !f.takeLine(line) {
		f.state = stopped
		return end
	}
	return end + 1
}

// takeLine takes a line without its LF; false when it stops the connection.
func (f *Follower) takeLine(line []byte) bool {
	text, whole := bytes.CutSuffix(line, []byte("\r"))
	switch f.state {
	case between:
		return len(text) == 0 || f.message.requestLine(text, &f.state)
	case head: // RFC 9112 2.2 lets a line of it end in LF alone
		return f.headLine(text)
	case chunkEnd:
		f.state, f.size = chunkSize, 0
		return whole && len(text) == 0
	case chunkSize:
		return whole && f.chunkLine(text)
	default: // trailer
		if whole && len(text) == 0 {
			f.begin()
		}
		return whole
	}
}

func (f *Follower) headLine(text []byte) bool {
	if len(text) > 0 {
		return f.message.field(text)
	}
	return f.endHead()
}
