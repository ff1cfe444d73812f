package extract

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"strings"

	"daylight.internal/classifier"
)

// The envelope of gRPC and Connect: a byte of flags, four of length (big endian),
// the message.
// Sources: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md,
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md,
// https://connectrpc.com/docs/protocol
const (
	envelopeHead = 5
	maxEnvelope  = 64 << 20
	// cutEnvelope bytes at least are there of one that nobody declared and whose end is missing.
	cutEnvelope = 64

	flagCompressed = 0x01
	flagEndStream  = 0x02 // of Connect
	flagTrailers   = 0x80 // of gRPC-web
)

// isEnvelopeType tells whether a media type says that the body is messages in envelopes.
func isEnvelopeType(mediaType string) bool {
	return strings.HasPrefix(mediaType, "application/grpc") || strings.HasPrefix(mediaType, "application/connect+")
}

// isEnvelopeText tells whether the envelopes travel as base64.
func isEnvelopeText(mediaType string) bool {
	return strings.HasPrefix(mediaType, "application/grpc-web-text")
}

// codecOf is the hint at the messages in the envelopes of a media type.
func codecOf(mediaType string) hint {
	if !isEnvelopeType(mediaType) {
		return hint{}
	}
	if _, codec, _ := strings.Cut(mediaType, "+"); codec == "json" {
		return hint{mediaType: jsonType}
	}
	return hint{mediaType: protobufType}
}

// beginsEnvelope tells whether the flags at the beginning of b can be those of an envelope.
func beginsEnvelope(b []byte) bool {
	return len(b) >= envelopeHead && b[0]&^(flagCompressed|flagEndStream|flagTrailers) == 0
}

// isConnect recognises envelopes that nobody declared: around JSON or gzip, or
// one behind the other up to the end of the body.
func isConnect(b []byte) bool {
	if len(b) <= envelopeHead || !beginsEnvelope(b) {
		return false
	}
	size := int64(binary.BigEndian.Uint32(b[1:envelopeHead]))
	switch {
	case size == 0 || size > maxEnvelope:
		return false
	case b[0]&flagCompressed != 0:
		return bytes.HasPrefix(b[envelopeHead:], []byte("\x1f\x8b"))
	case b[envelopeHead] == '{':
		// One that was cut off has at least its beginning.
		return b[0]&flagTrailers == 0 && (size <= int64(len(b)-envelopeHead) || len(b) > cutEnvelope)
	default:
		return areEnvelopes(b)
	}
}

// areEnvelopes tells whether b is envelopes to its very end, around messages of
// which the first can be read.
func areEnvelopes(b []byte) bool {
	for n := 0; len(b) > 0; n++ {
		if !beginsEnvelope(b) {
			return false
		}
		size := uint64(binary.BigEndian.Uint32(b[1:envelopeHead]))
		if size > uint64(len(b)-envelopeHead) {
			return false
		}
		message := b[envelopeHead : envelopeHead+int(size)]
		if n == 0 && !isMessage(message, false) && !isPrintable(message) {
			return false
		}
		b = b[envelopeHead+int(size):]
	}
	return true
}

// envelopes reads the messages of a stream. What does not keep to the framing is
// read as whatever it is: who takes the body otherwise sees it so.
func (e *extractor) envelopes(b []byte, h hint, p place) {
	codec := codecOf(h.mediaType)
	n := 1
	for ; beginsEnvelope(b); n++ {
		if n > e.limits.Segments {
			e.skip(classifier.Truncated, "over_segments", len(b))
			return
		}
		size := uint64(binary.BigEndian.Uint32(b[1:envelopeHead]))
		end := envelopeHead + int(min(size, uint64(len(b)-envelopeHead)))
		e.envelope(b[0], b[envelopeHead:end:end], size > uint64(end-envelopeHead), n, codec, p)
		b = b[end:]
	}
	if len(b) > 0 && !(e.cut && len(b) < envelopeHead) {
		e.content(b, hint{}, e.inEnvelope(n, p))
	}
}

// inEnvelope is the place of the n-th message.
func (e *extractor) inEnvelope(n int, p place) place {
	at := classifier.Location{Parent: p.at, Stage: classifier.StageConnect, Index: n}
	return place{e.locate(at), p.field, p.depth + 1}
}

// envelope reads one message; short tells that the body ends inside it.
func (e *extractor) envelope(flags byte, message []byte, short bool, n int, codec hint, p place) {
	if short && !e.cut {
		e.skip(classifier.Truncated, "incomplete", 0)
		e.cut = true // for its message, which is the last
		defer func() { e.cut = false }()
	}
	if len(message) == 0 {
		return
	}
	if flags&flagCompressed != 0 {
		message, _ = e.decompressOne(message, e.messageCoding(message))
	}
	if flags&(flagEndStream|flagTrailers) != 0 {
		codec = hint{}
	}
	e.content(message, codec, e.inEnvelope(n, p))
}

// messageCoding names the compression of a message: the bytes tell of most.
func (e *extractor) messageCoding(message []byte) string {
	switch mediaType := sniffBinary(message, hint{}); {
	case mediaType == gzipType || mediaType == zstdType:
		return coding(mediaType)
	case e.messageEncoding == "" || e.messageEncoding == "identity":
		return "gzip"
	default:
		return e.messageEncoding
	}
}

// envelopeText decodes base64 that was encoded piece by piece, each with its padding.
func (e *extractor) envelopeText(b []byte) ([]byte, bool) {
	for _, c := range b[:min(len(b), 64)] {
		if !base64Letters[c] && c != '=' {
			return nil, false
		}
	}
	out := make([]byte, 0, base64.StdEncoding.DecodedLen(len(b))+4)
	for len(b) > 0 {
		end := bytes.IndexByte(b, '=')
		if end < 0 {
			end = len(b)
		}
		for end < len(b) && b[end] == '=' {
			end++
		}
		piece := bytes.TrimRight(b[:end], "=")
		from := len(out)
		out = out[:from+base64.RawStdEncoding.DecodedLen(len(piece))]
		n, err := base64.RawStdEncoding.Decode(out[from:], piece)
		out = out[:from+n]
		if err != nil {
			if len(out) == 0 {
				return nil, false
			}
			e.skip(classifier.Undecodable, "corrupt", len(b))
			break
		}
		b = b[end:]
	}
	e.decoded += int64(len(out))
	return out, true
}
