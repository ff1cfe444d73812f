package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// record writes the events of: two exchanges of one connection, a WebSocket with two
// messages, a tunnel, and an upload that was broken off.
func record() (*ledger, []string) {
	l := newLedger()
	var lines []string
	note := func(user, kind string, sent, told int) {
		l.sent(user, kind, sent)
		eventKind, connection := kind, ""
		if kind == kindMessage {
			eventKind, connection = kindExchange, "w"
		}
		lines = append(lines, fmt.Sprintf(`{"time":"2026-11-22T08:00:00Z","id":"e%d","kind":%q,"client":{"address":"127.20.0.1","user":%q},"request":{"bytes":%d},"connection":%q}`,
			len(lines), eventKind, user, told, connection))
	}
	note("prompts-1", kindExchange, 100, 100)
	note("prompts-1", kindExchange, 101, 101)
	note("sockets-2", kindExchange, 0, 0)
	note("sockets-2", kindMessage, 40, 40)
	note("sockets-2", kindMessage, 41, 41)
	note(counted+"tunnels-3", kindTunnel, 0, 517)
	note(counted+"broken-4", kindExchange, 0, 50_000)
	return l, lines
}

func TestEachExchangeHasOneEvent(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(lines []string) []string
		wants  []string // in the error; none: no error
	}{
		{"all there", func(lines []string) []string { return lines }, nil},
		{"in another order", func(lines []string) []string { slices.Reverse(lines); return lines }, nil},
		{"an exchange lost", func(lines []string) []string { return slices.Delete(lines, 1, 2) }, []string{"1 kinds of events lost", "exchange of prompts-1, 101 bytes: 0 of 1"}},
		{"a message lost", func(lines []string) []string { return slices.Delete(lines, 3, 4) }, []string{"1 kinds of events lost", "message of sockets-2, 40 bytes: 0 of 1"}},
		{"a tunnel lost", func(lines []string) []string { return slices.Delete(lines, 5, 6) }, []string{"1 kinds of events lost", "tunnel of counted-tunnels-3"}},
		{"the same line twice", func(lines []string) []string { return append(lines, lines[0]) }, []string{"event e0 is there twice", "doubled", "prompts-1, 100 bytes: 2 of 1"}},
		{"an exchange told of twice", func(lines []string) []string { return append(lines, strings.Replace(lines[6], "e6", "e9", 1)) }, []string{"doubled", "broken-4, 0 bytes: 2 of 1"}},
		{"one lost and another doubled", func(lines []string) []string {
			return append(slices.Delete(lines, 1, 2), strings.Replace(lines[0], "e0", "e9", 1))
		}, []string{"lost:\n  exchange of prompts-1, 101 bytes", "doubled, or of nothing that was sent:\n  exchange of prompts-1, 100 bytes: 2 of 1"}},
		{"of nothing that was sent", func(lines []string) []string { return append(lines, strings.Replace(lines[0], "prompts-1", "x", 1)) }, []string{"exchange of x, 100 bytes: 1 of 0"}},
		{"a panic", func(lines []string) []string {
			lines[0] = strings.Replace(lines[0], "{", `{"error":"panic",`, 1)
			return lines
		}, []string{"event e0 tells of a fault inside of Daylight"}},
		{"a parser that gave up", func(lines []string) []string {
			lines[0] = strings.Replace(lines[0], "{", `{"coverage":{"state":"undecodable","reason":"internal_error"},`, 1)
			return lines
		}, []string{"event e0 tells of a fault inside of Daylight"}},
		{"a line cut off", func(lines []string) []string { lines[0] = lines[0][:30]; return lines }, []string{"reading events: line 1", "prompts-1, 100 bytes: 0 of 1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, lines := record()
			_, err := l.reconcile(strings.NewReader(strings.Join(c.change(lines), "\n") + "\n"))
			if (err == nil) != (len(c.wants) == 0) {
				t.Fatalf("error %v, want %q", err, c.wants)
			}
			for _, want := range c.wants {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q lacks %q", err, want)
				}
			}
		})
	}
}
