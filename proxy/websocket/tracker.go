package websocket

// Tracker follows the borders of frames in a stream, of which it looks at
// nothing else. The zero value is ready.
type Tracker struct {
	bytes  [maxHeader]byte
	have   int
	left   int64
	inside bool // a message has begun and not ended
	closed bool // a close frame has begun
	lost   bool // a length made no sense
}

// Border is a place between two frames.
type Border uint8

// The borders.
const (
	FrameBorder   Border = iota // a control frame may be put in
	MessageBorder               // a message may be put in
	NoBorder                    // never reached
)

// At tells whether the stream stands at a border. Nothing can be put in behind a
// close frame.
func (t *Tracker) At(border Border) bool {
	between := t.have == 0 && t.left == 0 && !t.closed && !t.lost
	return between && (border == FrameBorder || border == MessageBorder && !t.inside)
}

// Advance follows b up to the first border and returns how many bytes that were;
// all of them when there is none.
func (t *Tracker) Advance(b []byte, border Border) (n int) {
	for n < len(b) && !t.lost && !t.At(border) {
		if t.left > 0 {
			k := min(t.left, int64(len(b)-n))
			t.left -= k
			n += int(k)
			continue
		}
		t.bytes[t.have] = b[n]
		t.have++
		n++
		if t.have >= 2 && t.have == headerLength(t.bytes[:]) {
			t.begin()
		}
	}
	if t.lost {
		return len(b)
	}
	return n
}

func (t *Tracker) begin() {
	h, _ := parseHeader(t.bytes[:t.have])
	t.have, t.left = 0, h.Length
	t.lost = h.Length < 0
	t.closed = t.closed || h.Opcode == Close
	if !h.Opcode.IsControl() {
		t.inside = !h.Final
	}
}
