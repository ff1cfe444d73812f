package extract

import (
	"bytes"
	"cmp"

	"daylight.internal/classifier"
)

// recordSeparator ends each record of a message of SignalR.
// Source: https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md
const recordSeparator = 0x1e

// message reads one message of a WebSocket. The request that opened the
// connection is none of its business.
func (e *extractor) message(in Input) classifier.Document {
	if in.Truncated {
		e.skip(classifier.Truncated, "over_limit", 0)
	}
	separator := []byte(in.Separator)
	if len(separator) == 0 && len(in.Body) > 0 && in.Body[len(in.Body)-1] == recordSeparator {
		separator = []byte{recordSeparator}
	}
	rest, more := in.Body, len(in.Body) > 0
	for n := 1; more; n++ {
		if n > e.limits.Segments {
			e.skip(classifier.Truncated, "over_segments", len(rest))
			break
		}
		record := rest
		if more = len(separator) > 0; more {
			record, rest, more = bytes.Cut(rest, separator)
			more = more && len(rest) > 0
		}
		if len(record) > 0 {
			e.record(record, n)
		}
	}
	return e.finish(in, len(in.Body), len(in.Body))
}

// record reads the n-th record of a message, whatever it is.
func (e *extractor) record(b []byte, n int) {
	p := place{at: e.locate(classifier.Location{Stage: classifier.StageFrame, Index: n})}
	if prefix := socketPrefix(b); prefix > 0 {
		if prefix > 3 { // more than the numbers of the packet
			e.emit(b[:prefix], p.location(), "")
		}
		b = b[prefix:]
	}
	mediaType := e.content(b, hint{}, p)
	e.document.MediaType = cmp.Or(e.document.MediaType, mediaType)
}

// socketPrefix is the length of what Engine.IO and Socket.IO put in front of a
// JSON value, as in 42["message",…] or 451-/namespace,7["file",…]; 0 for none.
// Source: https://socket.io/docs/v4/socket-io-protocol/
func socketPrefix(b []byte) int {
	const longest = 128
	if len(b) == 0 || b[0]-'0' > 9 {
		return 0
	}
	n := skipDigits(b, 0)
	if n < len(b) && b[n] == '-' {
		n++
	}
	if n < len(b) && b[n] == '/' {
		comma := bytes.IndexByte(b[n:min(len(b), longest)], ',')
		if comma < 0 {
			return 0
		}
		n += comma + 1
	}
	n = skipDigits(b, n)
	if n >= len(b) || n > longest || b[n] != '[' && b[n] != '{' || !looksJSON(b[n:]) {
		return 0
	}
	return n
}

func skipDigits(b []byte, i int) int {
	for i < len(b) && b[i]-'0' <= 9 {
		i++
	}
	return i
}
