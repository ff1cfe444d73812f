package engine

import (
	"bytes"
	"slices"

	"daylight.internal/classifier"
	"daylight.internal/classifier/extract"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// Where a separator ends each record, servers take the messages of a WebSocket for
// one stream: SignalR's reads a record to its separator, however many messages it
// came in. The beginning of a record that has not ended is therefore kept in the
// window and read in front of the next message.

// separatorOf returns what ends the records of the messages of an operation; "" for
// nothing.
func separatorOf(o *catalog.Operation) string {
	if o == nil || o.Pieces != catalog.NoPieces {
		return ""
	}
	return o.Separator()
}

// behindOpen puts the beginning of a record in front of the message that goes on
// with it, and returns how many bytes that were.
func (b *Body) behindOpen(o *catalog.Operation) (open int) {
	if b.Frame == NoFrame || b.Window == nil || len(b.Bytes) == 0 || separatorOf(o) == "" {
		return 0
	}
	open = len(b.Window.open)
	if open > 0 {
		b.Bytes, b.Total = slices.Concat(b.Window.open, b.Bytes), b.Total+int64(open)
	}
	return open
}

// scanRecords classifies a message of records, the first of which may have begun
// before it. before and after are nil when no record goes over its borders.
func (s *Snapshot) scanRecords(o *catalog.Operation, found *located, b Body) (classifier.Result, *rules.Content, *Window) {
	result := s.scanner.Scan(s.listed(found.part()))
	separator := []byte(separatorOf(o))
	tail := b.Bytes
	if end := bytes.LastIndex(tail, separator); end >= 0 {
		tail = tail[end+len(separator):]
	}
	if len(b.Bytes) == 0 || len(tail) == 0 && len(b.Window.open) == 0 {
		return result, nil, nil
	}
	after := &Window{begun: true, open: slices.Clone(tail[max(0, len(tail)-windowBytes):])}
	switch len(after.open) {
	case 0:
	case len(b.Bytes):
		after.known = knownFrom(result)
	default:
		doc := extract.Body(extract.Input{WebSocket: true, Separator: string(separator), Body: after.open}, s.limits)
		found := locate(o, doc, Body{Bytes: after.open, Frame: b.Frame})
		after.known = knownFrom(s.scanner.Scan(s.listed(found.part())))
	}
	return result, &b.Window.known, after
}
