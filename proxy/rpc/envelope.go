package rpc

import "encoding/binary"

// HeadSize is the length of the head of an envelope: a byte of flags and the
// length of the message, big endian.
const HeadSize = 5

// The flags of an envelope.
const (
	Compressed = 0x01
	endStream  = 0x02 // Connect: the message says how the stream ended
	trailers   = 0x80 // gRPC-web: the message is the trailers
)

// MessageLength reads the head of an envelope of a request: the length of its
// message in bytes. It is false for a head that cannot stand there.
func (p Protocol) MessageLength(head [HeadSize]byte) (length int64, ok bool) {
	allowed := byte(Compressed)
	if p == ConnectStream {
		allowed |= endStream
	}
	return int64(binary.BigEndian.Uint32(head[1:])), head[0]&^allowed == 0
}

// envelope frames a message.
func envelope(flags byte, message []byte) []byte {
	head := binary.BigEndian.AppendUint32([]byte{flags}, uint32(len(message)))
	return append(head, message...)
}

// Borders follows a stream of envelopes and knows where they end. The zero value
// stands at the beginning of a stream.
type Borders struct {
	head   [HeadSize]byte
	filled int   // bytes of head
	left   int64 // bytes of the current message that are to come
}

// Follow goes on by b and returns the index in b behind the last envelope that ends in
// it, or -1 when none does.
func (s *Borders) Follow(b []byte) int {
	border := -1
	for i := 0; i < len(b); {
		if s.left == 0 {
			n := copy(s.head[s.filled:], b[i:])
			s.filled += n
			i += n
			if s.filled < HeadSize {
				break
			}
			s.filled, s.left = 0, int64(binary.BigEndian.Uint32(s.head[1:]))
		}
		n := min(s.left, int64(len(b)-i))
		s.left -= n
		i += int(n)
		if s.left == 0 {
			border = i
		}
	}
	return border
}
