package discovery

import (
	"bytes"
	"time"
)

// Bounds on the rhythm of a WebSocket.
const (
	promptBytes = 50               // of a message that may ask for something
	answerTime  = 30 * time.Second // in which the answer comes
	answerCount = 15               // messages of an answer
	smallBytes  = 2 << 10          // of a message of an answer
	signBytes   = 40               // of a message that is a sign of life or a mark
	talkCount   = 8                // messages of a side that goes on talking
)

// socket is the rhythm of a WebSocket.
type socket struct {
	asked    bool
	askedAt  time.Duration
	answers  int // small messages since
	unasked  int // messages that answer nothing
	rhythm   bool
	fromUs   int // messages of some size from the client
	fromThem int
}

// ClientMessage adds a message that the client sent over a WebSocket.
func (x *Exchange) ClientMessage(at time.Duration, message []byte) {
	s := x.open()
	if s.done() {
		return
	}
	var one shape
	x.discovery.message(&one, message)
	request := Request{Method: "POST", Body: message}
	x.words |= one.request(&request)
	if len(message) <= signBytes {
		return
	}
	s.socket.fromUs++
	s.socket.asked = len(message) > promptBytes && one.text > 0
	s.socket.askedAt, s.socket.answers = at, 0
	s.sized, s.gapped, s.begun = 0, 0, false
	s.pieced, s.prose, s.wordy = 0, 0, 0
}

// ServerMessage adds a message that the server sent over a WebSocket.
func (x *Exchange) ServerMessage(at time.Duration, message []byte) {
	s := x.open()
	if s.done() {
		return
	}
	s.events++
	var one shape
	x.discovery.message(&one, message)
	s.words |= one.answer(false)
	if len(message) > signBytes {
		s.socket.fromThem++
	}
	if !s.socket.asked || at-s.socket.askedAt > answerTime {
		s.socket.unasked++
		return
	}
	if len(message) <= smallBytes {
		s.socket.answers++
	}
	s.socket.rhythm = s.socket.rhythm || s.socket.answers >= answerCount
	s.size(len(message))
	s.time(at)
	s.pieces(x.discovery.cadence, one.is(piecedText), one.text)
	s.paced |= s.rhythm(x.discovery.cadence)
}

// open is the stream of a WebSocket.
func (x *Exchange) open() *stream {
	if x.stream == nil || x.stream.kind != socketAnswer {
		x.stream = &stream{kind: socketAnswer}
	}
	return x.stream
}

// message reads a message, which may have a number of its protocol before it.
func (d *Discovery) message(s *shape, message []byte) {
	if begin := bytes.IndexAny(message[:min(len(message), 8)], "{["); begin >= 0 {
		d.json(s, message[begin:])
	}
}

// words are what the rhythm says: an answer comes in small pieces of text and is
// not interrupted. Where messages come unasked, too, and where both sides go on
// talking, it is the rhythm of a room.
func (s *socket) words(stream *stream) (words Words) {
	talks := s.fromUs >= talkCount && s.fromThem >= talkCount && 4*s.fromUs >= s.fromThem
	if talks {
		words = words.With(BothTalk)
	}
	if s.rhythm && s.unasked < answerCount {
		words |= stream.paced
		if stream.paced.Has(TokenPieces) {
			words = words.With(SocketRhythm)
		}
	}
	return words
}
