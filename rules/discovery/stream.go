package discovery

import (
	"bytes"
	"slices"
	"time"
)

// answerKind is what an answer is, by its media type.
type answerKind uint8

const (
	otherAnswer  answerKind = iota // nobody looks at it
	eventAnswer                    // server-sent events, lines of JSON, messages of Connect
	jsonAnswer                     // one document, or several that are not declared as such
	plainAnswer                    // text
	amazonAnswer                   // a binary stream of events
	soundAnswer
	socketAnswer // a WebSocket
)

func kindOf(mediaType string) answerKind {
	switch mediaType {
	case "text/event-stream", "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines",
		"application/json-seq", "application/stream+json", "application/connect+json":
		return eventAnswer
	case "application/vnd.amazon.eventstream":
		return amazonAnswer
	case "text/plain", "":
		return plainAnswer
	case "application/json", "application/json+protobuf", "application/problem+json", "text/x-component":
		return jsonAnswer
	}
	if len(mediaType) > 6 && mediaType[:6] == "audio/" {
		return soundAnswer
	}
	return otherAnswer
}

// Bounds on what is seen of one answer.
const (
	maxPieces = 64      // of which size and time are kept
	maxEvents = 512     // after which nothing is looked at
	maxLine   = 4 << 10 // bytes of an event that are read
	fewEvents = 5       // that are no stream yet
)

// stream watches an answer, or the messages of a WebSocket.
type stream struct {
	kind   answerKind
	failed bool // the status tells an error
	words  Words
	events int
	pieced int // events with a piece of text
	prose  int // events with text for people
	wordy  int // events with more of it than a model adds at once
	bytes  int

	// line is the beginning of the line that is not at its end, or of a document
	// that has no lines that count; long is how many bytes it has.
	line []byte
	long int

	sizes  [maxPieces]uint16 // of events
	sized  int
	gaps   [maxPieces]uint16 // ms between pieces that carry events
	gapped int
	last   time.Duration
	begun  bool

	socket socket
	paced  Words // of a WebSocket: the rhythm of an answer
}

// done tells whether all that can be told was told.
func (s *stream) done() bool {
	if s.kind == socketAnswer {
		return s.events >= maxEvents
	}
	return s.events >= maxEvents || (s.kind == jsonAnswer || s.kind == plainAnswer) && s.bytes > maxReach ||
		s.sized == maxPieces && s.words&(1<<ModelFrames|1<<TokenUsage) != 0
}

// add looks at a piece of the answer.
func (s *stream) add(d *Discovery, at time.Duration, piece []byte) {
	if len(piece) == 0 {
		return
	}
	s.bytes += len(piece)
	before := s.events
	switch s.kind {
	case amazonAnswer:
		s.size(len(piece))
		s.event(d, piece)
	case jsonAnswer, plainAnswer: // lines may be those of whoever formats it
		s.sizeLines(d, piece)
		s.events++
		s.keep(piece)
	default:
		s.lines(d, piece)
	}
	if s.events > before {
		s.time(at)
	}
}

// keep adds to the line as far as there is room.
func (s *stream) keep(part []byte) {
	s.line = append(s.line, part[:min(len(part), max(0, maxLine-len(s.line)))]...)
	s.long += len(part)
}

// time keeps how long after the last piece this one came.
func (s *stream) time(at time.Duration) {
	if s.begun && s.gapped < maxPieces {
		s.gaps[s.gapped] = uint16(min(max((at-s.last).Milliseconds(), 0), 60_000))
		s.gapped++
	}
	s.last, s.begun = at, true
}

// lines reads the lines that come to their end; of a long one the beginning.
func (s *stream) lines(d *Discovery, piece []byte) {
	for len(piece) > 0 {
		end := bytes.IndexByte(piece, '\n')
		if end < 0 && s.kind == eventAnswer && endsEnvelope(piece) {
			end = len(piece)
		}
		part := piece
		if end >= 0 {
			part = piece[:end]
		}
		if end >= 0 && len(s.line) == 0 {
			s.oneLine(d, part[:min(len(part), maxLine)], len(part))
		} else {
			s.keep(part)
			if end >= 0 {
				s.oneLine(d, s.line, s.long)
				s.line, s.long = s.line[:0], 0
			}
		}
		if end < 0 {
			return
		}
		piece = piece[min(end+1, len(piece)):]
	}
}

// endsEnvelope tells whether a piece is a message of Connect: those have no lines.
func endsEnvelope(piece []byte) bool {
	return isEnvelope(piece) && piece[len(piece)-1] == '}'
}

// oneLine looks at a line, which is a field of a server-sent event, a document of
// JSON or plain text.
func (s *stream) oneLine(d *Discovery, line []byte, size int) {
	line = bytes.TrimSpace(line)
	switch {
	case len(line) == 0 || line[0] == ':':
		return
	case bytes.HasPrefix(line, []byte("event:")):
		s.word(d, bytes.TrimSpace(line[len("event:"):]))
		return
	case bytes.HasPrefix(line, []byte("id:")), bytes.HasPrefix(line, []byte("retry:")):
		return
	case bytes.HasPrefix(line, []byte("data:")):
		line = bytes.TrimSpace(line[len("data:"):])
	}
	s.size(size)
	s.event(d, line)
}

// size keeps the size of an event.
func (s *stream) size(n int) {
	if s.sized < maxPieces {
		s.sizes[s.sized] = uint16(min(n, 60_000))
		s.sized++
	}
}

// sizeLines keeps the sizes of the lines of a piece, but for the lengths that
// stand before chunks, and whether they have text.
func (s *stream) sizeLines(d *Discovery, piece []byte) {
	for line := range bytes.Lines(piece) {
		text := bytes.TrimRight(line, "\r\n")
		switch {
		case len(bytes.Trim(text, "0123456789")) == 0:
			continue
		case text[0] == '{' || text[0] == '[' || text[0] == ',':
			var one shape
			d.json(&one, text)
			s.pieces(d.cadence, one.is(piecedText), one.text)
		default:
			s.pieces(d.cadence, isPiece(text) || bytes.Contains(text, []byte(`:" `)), proseLength(text))
		}
		s.size(len(text))
	}
}

// pieces counts events with text.
func (s *stream) pieces(c cadence, piece bool, text int) {
	if piece {
		s.pieced++
	}
	if piece || text > 0 {
		s.prose++
	}
	if text > c.textTo {
		s.wordy++
	}
}

// proseLength is the length of a text that is for people, 0 of another.
func proseLength(text []byte) int {
	if isProse(text) {
		return len(text)
	}
	return 0
}

// word looks the name of an event up.
func (s *stream) word(d *Discovery, name []byte) {
	var buffer [maxName]byte
	if w, ok := d.names.types[string(lower(buffer[:], name))]; ok {
		s.words = s.words.With(w)
	}
}

// event reads one event, which may have some letters before its JSON.
func (s *stream) event(d *Discovery, text []byte) {
	s.events++
	s.word(d, text)
	reach := 16
	if s.kind == amazonAnswer {
		reach = 256 // the headers of a frame
	}
	begin := bytes.IndexAny(text[:min(len(text), reach)], "{[")
	if begin < 0 {
		s.pieces(d.cadence, isPiece(text), proseLength(text))
		return
	}
	var one shape
	d.json(&one, text[begin:])
	s.words |= one.answer(s.failed)
	s.pieces(d.cadence, one.is(piecedText), one.text)
}

// answer is what the shape of an answer, or of one of its events, says.
func (s *shape) answer(failed bool) (words Words) {
	words = s.words
	switch {
	case s.is(choicesDelta), s.is(candidatesParts), s.is(choicesText) && s.seen.has(keyStopReason):
		words = words.With(ModelFrames)
	case s.seen.has(keyModel) && s.seen.has(keyDone) && s.seen.any(keyResponse, keyMessage):
		words = words.With(ModelFrames)
	}
	if s.is(usageTokens) || s.seen.any(keyUsageMetadata, keyEvalCount) {
		words = words.With(TokenUsage)
	}
	if s.is(jsonRPC) && (s.seen.has(keyProtocolVersion) && s.seen.has(keyServerInfo) || s.is(toolSchema)) {
		words = words.With(MCPAnswer)
	}
	if s.seen.has(keyJob) {
		words = words.With(JobAnswer)
	}
	if failed && s.is(errorWord) {
		words = words.With(ErrorWords)
	}
	return words &^ Words(0).With(ModelName)
}

// evidence is what the answer told so far.
func (s *stream) evidence(x *Exchange) Words {
	words := s.words | s.rest(x.discovery)
	if s.kind == socketAnswer {
		return words | s.socket.words(s)
	}
	if !x.prompted {
		return words
	}
	rhythm := s.rhythm(x.discovery.cadence)
	words |= rhythm
	paced := rhythm != 0
	if s.events > fewEvents && (s.kind == eventAnswer || paced) {
		words = words.With(StreamAnswer)
	}
	return words
}

// rest is what a document says, or a last line that did not come to its end.
func (s *stream) rest(d *Discovery) Words {
	if len(s.line) == 0 {
		return 0
	}
	last := stream{kind: s.kind, failed: s.failed}
	if s.kind == plainAnswer { // its lines may be those of events
		last.kind = eventAnswer
		last.lines(d, s.line)
	} else {
		last.oneLine(d, s.line, s.long)
	}
	return last.words
}

// rhythm tells whether the answer comes as a model writes: many pieces, one soon
// after the other, that each add a little text, of many lengths.
func (s *stream) rhythm(c cadence) (words Words) {
	if s.sized < c.pieces || s.gapped < c.pieces/4 {
		return 0
	}
	gaps := s.gaps
	slices.Sort(gaps[:s.gapped])
	if gap := int(gaps[s.gapped/2]); gap < c.gapFrom || gap > c.gapTo {
		return 0
	}
	sizes := s.sizes[:s.sized]
	grows := c.fits(grown(sizes))
	if grows || 2*s.wordy < s.sized && c.fits(added(sizes)) {
		words = words.With(TokenCadence)
		if 4*s.pieced >= s.sized || grows && 2*s.prose >= s.sized {
			words = words.With(TokenPieces)
		}
	}
	return words
}

// added is by how much events are longer than the shortest, which has hardly any
// text: right for events that each carry a piece.
func added(sizes []uint16) (text [maxPieces]uint16, n int) {
	least := slices.Min(sizes)
	for i, size := range sizes {
		text[i] = size - least
	}
	return text, len(sizes)
}

// grown is by how much each event is longer than the one before: right for events
// that repeat what they said. It is empty when they do not grow.
func grown(sizes []uint16) (text [maxPieces]uint16, n int) {
	shrunk := 0
	for i := 1; i < len(sizes); i++ {
		if sizes[i] < sizes[i-1] {
			shrunk++
			continue
		}
		text[n] = sizes[i] - sizes[i-1]
		n++
	}
	if shrunk > len(sizes)/8 {
		return text, 0
	}
	return text, n
}

// fits tells whether the median of new text is that of a model, and whether there
// are many lengths: a counter or a ticker has few.
func (c cadence) fits(text [maxPieces]uint16, n int) bool {
	const lengths = 5
	if n == 0 {
		return false
	}
	sorted := text[:n]
	slices.Sort(sorted)
	median := int(sorted[n/2])
	return median >= c.textFrom && median <= c.textTo && len(slices.Compact(sorted)) >= lengths
}
