package websocket

// Breach is a way in which a client broke the protocol, as a bounded word. The
// connection cannot go on; the status for it is StatusProtocolError.
type Breach string

// The breaches.
const (
	ReservedBits    Breach = "reserved_bits"    // of an extension that was not agreed
	UnknownOpcode   Breach = "opcode"           // a reserved one
	ControlFragment Breach = "control_fragment" // a control frame in pieces
	ControlTooLong  Breach = "control_length"   // more than 125 bytes
	NotMasked       Breach = "not_masked"       // a client's frames are
	LengthNotShort  Breach = "length"           // written longer than need be, or more than 63 bits
	NothingToGoOn   Breach = "continuation"     // a continuation without a beginning
	MessageNotEnded Breach = "interleaved"      // a message begins within another
)

// Error implements error.
func (b Breach) Error() string { return "a client broke the WebSocket protocol: " + string(b) }

// PieceKind says what a Piece is.
type PieceKind uint8

// The kinds of pieces.
const (
	Nothing PieceKind = iota // all was taken; more is needed
	Begin                    // the head of the first frame of a message
	Next                     // the head of another frame of it
	Data                     // some of a payload
	Control                  // a whole control frame
)

// Piece is a part of a client's stream.
type Piece struct {
	Kind PieceKind
	// Raw holds its bytes as they travelled. They are valid until the next call.
	Raw []byte
	// Head is that of the frame to which the piece belongs.
	Head Header
	// End tells that a message has come to its end with this piece.
	End bool
}

// Reader cuts a client's stream into pieces. All pieces together are the stream,
// byte by byte, up to a breach or the client's close frame; what follows that one
// is nothing (RFC 6455 5.5.1) and is dropped. It keeps no payload but that of a
// control frame. The zero value, given the extensions, is ready.
type Reader struct {
	Extensions Extensions

	head    Header
	bytes   [maxHeader + maxControlPayload]byte // of a head, or of a whole control frame
	have    int                                 // of bytes
	left    int64                               // of the payload of the frame
	inside  bool                                // a message has begun and not ended
	closed  bool
	control bool // the frame is a control frame that is being collected
	breach  Breach
}

// Closed tells that the client's close frame was read.
func (r *Reader) Closed() bool { return r.closed }

// Next takes the first piece off b. Behind a breach it gives nothing else.
func (r *Reader) Next(b []byte) (p Piece, rest []byte, err error) {
	switch {
	case r.breach != "":
		return Piece{}, nil, r.breach
	case r.closed:
		return Piece{}, nil, nil
	case r.control:
		return r.takeControl(b)
	case r.left > 0:
		n := min(int64(len(b)), r.left)
		r.left -= n
		p = Piece{Kind: Data, Raw: b[:n], Head: r.head, End: r.left == 0 && r.head.Final}
		r.inside = r.inside && !p.End
		if n == 0 {
			p = Piece{}
		}
		return p, b[n:], nil
	}
	if b = r.takeHead(b); r.have < 2 || r.have < headerLength(r.bytes[:]) {
		return Piece{}, b, nil
	}
	head, minimal := parseHeader(r.bytes[:r.have])
	if r.breach = r.check(head, minimal); r.breach != "" {
		return Piece{}, nil, r.breach
	}
	if head.Opcode.IsControl() {
		r.head, r.left, r.control = head, head.Length, true
		return r.takeControl(b)
	}
	return r.beginFrame(head), b, nil
}

// takeHead takes what is missing of a head.
func (r *Reader) takeHead(b []byte) []byte {
	for len(b) > 0 && (r.have < 2 || r.have < headerLength(r.bytes[:])) {
		r.bytes[r.have] = b[0]
		r.have++
		b = b[1:]
	}
	return b
}

func (r *Reader) beginFrame(head Header) Piece {
	p := Piece{Kind: Next, Raw: r.bytes[:r.have], Head: head, End: head.Final && head.Length == 0}
	if head.Opcode != Continuation {
		p.Kind = Begin
	}
	r.head, r.left, r.have, r.inside = head, head.Length, 0, !p.End
	return p
}

// takeControl collects a control frame, which may come between the frames of a message.
func (r *Reader) takeControl(b []byte) (Piece, []byte, error) {
	n := copy(r.bytes[r.have:], b[:min(int64(len(b)), r.left)])
	r.have, r.left = r.have+n, r.left-int64(n)
	if r.left > 0 {
		return Piece{}, b[n:], nil
	}
	p := Piece{Kind: Control, Raw: r.bytes[:r.have], Head: r.head}
	r.have, r.control, r.closed = 0, false, r.head.Opcode == Close
	return p, b[n:], nil
}

func (r *Reader) check(h Header, minimal bool) Breach {
	control := h.Opcode.IsControl()
	switch {
	case h.Reserved&^r.allowed(h.Opcode) != 0:
		return ReservedBits
	case !h.Opcode.isKnown():
		return UnknownOpcode
	case control && !h.Final:
		return ControlFragment
	case control && (h.Length < 0 || h.Length > maxControlPayload):
		return ControlTooLong
	case !h.Masked:
		return NotMasked
	case !minimal || h.Length < 0:
		return LengthNotShort
	case h.Opcode == Continuation && !r.inside:
		return NothingToGoOn
	case !control && h.Opcode != Continuation && r.inside:
		return MessageNotEnded
	}
	return ""
}

// allowed returns the reserved bits that a frame may have. Only the first frame
// of a message says that it is compressed, RFC 7692 6.1.
func (r *Reader) allowed(o Opcode) byte {
	switch {
	case r.Extensions.Unknown:
		return reservedBits
	case r.Extensions.Deflate && (o == Text || o == Binary):
		return Compressed
	}
	return 0
}
