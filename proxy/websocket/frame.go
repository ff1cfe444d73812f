// Package websocket follows the frames of a WebSocket (RFC 6455) and undoes the
// compression of its messages (RFC 7692). It is pure: bytes in, bytes out.
package websocket

import (
	"encoding/binary"
	"unicode/utf8"
)

// Opcode says what a frame is, RFC 6455 5.2.
type Opcode uint8

// The opcodes; all others are reserved.
const (
	Continuation Opcode = 0x0
	Text         Opcode = 0x1
	Binary       Opcode = 0x2
	Close        Opcode = 0x8
	Ping         Opcode = 0x9
	Pong         Opcode = 0xa
)

// IsControl tells a control frame, which may stand between the frames of a message.
func (o Opcode) IsControl() bool { return o&0x8 != 0 }

func (o Opcode) isKnown() bool { return o <= Binary || o >= Close && o <= Pong }

// Status codes of close frames, RFC 6455 7.4.1.
const (
	StatusGoingAway       = 1001
	StatusProtocolError   = 1002
	StatusPolicyViolation = 1008
	StatusTooBig          = 1009
)

// Header is the head of a frame.
type Header struct {
	Final bool
	// Reserved holds the three bits for extensions where they stand in the first byte.
	Reserved byte
	Opcode   Opcode
	Masked   bool
	Key      [4]byte // of the mask
	Length   int64   // of the payload; negative when the peer wrote more than 63 bits
}

// Compressed is the bit of Reserved that tells a compressed message (RSV1), RFC 7692 6.
const Compressed = 0x40

const (
	finalBit     = 0x80
	reservedBits = 0x70
	opcodeBits   = 0x0f
	maskedBit    = 0x80
	lengthBits   = 0x7f

	maxHeader         = 14 // bytes
	maxControlPayload = 125
)

// MaxReason is the longest reason of a close frame in bytes (RFC 6455 5.5 and 5.5.1).
const MaxReason = maxControlPayload - 2

// headerLength returns how long a head is that begins with b, which has 2 bytes.
func headerLength(b []byte) int {
	n := 2
	switch b[1] & lengthBits {
	case 126:
		n += 2
	case 127:
		n += 8
	}
	if b[1]&maskedBit != 0 {
		n += 4
	}
	return n
}

// parseHeader reads a whole head.
func parseHeader(b []byte) (h Header, minimal bool) {
	h = Header{Final: b[0]&finalBit != 0, Reserved: b[0] & reservedBits, Opcode: Opcode(b[0] & opcodeBits), Masked: b[1]&maskedBit != 0}
	rest := b[2:]
	switch length := b[1] & lengthBits; length {
	case 126:
		h.Length, minimal = int64(binary.BigEndian.Uint16(rest)), binary.BigEndian.Uint16(rest) > maxControlPayload
		rest = rest[2:]
	case 127:
		h.Length, minimal = int64(binary.BigEndian.Uint64(rest)), binary.BigEndian.Uint64(rest) > 0xffff
		rest = rest[8:]
	default:
		h.Length, minimal = int64(length), true
	}
	if h.Masked {
		copy(h.Key[:], rest)
	}
	return h, minimal
}

// mask puts the mask on, or takes it off. at is the number of bytes of the
// payload before b.
func mask(b []byte, key [4]byte, at int64) {
	for i := range min(len(b), int(-at&3)) { // up to the first byte of the key
		b[i] ^= key[(at+int64(i))&3]
	}
	b = b[min(len(b), int(-at&3)):]
	word := uint64(binary.LittleEndian.Uint32(key[:]))
	word |= word << 32
	for ; len(b) >= 8; b = b[8:] {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^word)
	}
	for i := range b {
		b[i] ^= key[i&3]
	}
}

// AppendFrame appends a frame with the payload. The length of the head is of no
// account; a mask is put on when Masked is set.
func AppendFrame(dst []byte, h Header, payload []byte) []byte {
	first, masked := byte(h.Opcode)|h.Reserved, byte(0)
	if h.Final {
		first |= finalBit
	}
	if h.Masked {
		masked = maskedBit
	}
	switch n := len(payload); {
	case n <= maxControlPayload:
		dst = append(dst, first, masked|byte(n))
	case n <= 0xffff:
		dst = binary.BigEndian.AppendUint16(append(dst, first, masked|126), uint16(n))
	default:
		dst = binary.BigEndian.AppendUint64(append(dst, first, masked|127), uint64(n))
	}
	if h.Masked {
		dst = append(dst, h.Key[:]...)
	}
	dst = append(dst, payload...)
	if h.Masked {
		mask(dst[len(dst)-len(payload):], h.Key, 0)
	}
	return dst
}

// AppendClose appends a close frame. The reason is cut to what fits, between two
// characters. key is that of the mask, nil for a server's frame.
func AppendClose(dst []byte, code uint16, reason string, key *[4]byte) []byte {
	if len(reason) > MaxReason {
		end := MaxReason
		for end > 0 && !utf8.RuneStart(reason[end]) {
			end--
		}
		reason = reason[:end]
	}
	h := Header{Final: true, Opcode: Close}
	if key != nil {
		h.Masked, h.Key = true, *key
	}
	return AppendFrame(dst, h, append(binary.BigEndian.AppendUint16(nil, code), reason...))
}
