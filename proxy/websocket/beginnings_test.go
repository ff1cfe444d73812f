package websocket

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
)

func TestTheBeginningsOfMessagesAreGathered(t *testing.T) {
	frame := func(h Header, payload string) []byte { return AppendFrame(nil, h, []byte(payload)) }
	stream := bytes.Join([][]byte{
		frame(Header{Final: true, Opcode: Text}, "hello"),
		frame(Header{Opcode: Text, Reserved: Compressed}, "in "),
		frame(Header{Final: true, Opcode: Ping}, "ping"),
		frame(Header{Final: true, Opcode: Continuation}, "two"),
		frame(Header{Final: true, Opcode: Binary}, ""),
		frame(Header{Final: true, Opcode: Text}, "longer than the limit"),
		frame(Header{Final: true, Opcode: Close}, ""),
		frame(Header{Final: true, Opcode: Text}, "too late"),
	}, nil)
	want := []string{"1 false true hello", "1 true true in two", "2 false true ", "1 false false longer tha"}
	for _, size := range []int{1, 3, 1000} {
		m := Beginnings{Limit: 10}
		var got []string
		for chunk := range slices.Chunk(stream, size) {
			m.Add(chunk, func(first Header, payload []byte, whole bool) {
				got = append(got, fmt.Sprintf("%d %v %v %s", first.Opcode, first.Reserved == Compressed, whole, payload))
			})
		}
		if !slices.Equal(got, want) {
			t.Errorf("in chunks of %d: %q, want %q", size, got, want)
		}
	}
}

// FuzzBeginnings reads any stream, whole and byte by byte, to the same messages.
func FuzzBeginnings(f *testing.F) {
	f.Add(AppendFrame(nil, Header{Final: true, Opcode: Text}, []byte("hello")))
	f.Add([]byte{0x81, 0x7f, 0xff, 0, 0, 0, 0, 0, 0, 0, 1})
	f.Fuzz(func(t *testing.T, stream []byte) {
		var whole, single []string
		one, other := Beginnings{Limit: 100}, Beginnings{Limit: 100}
		one.Add(stream, func(_ Header, p []byte, _ bool) { whole = append(whole, string(p)) })
		for i := range stream {
			other.Add(stream[i:i+1], func(_ Header, p []byte, _ bool) { single = append(single, string(p)) })
		}
		if !slices.Equal(whole, single) || len(one.data) > 101 {
			t.Errorf("%q, %q", whole, single)
		}
	})
}

func TestOfALongMessageNothingIsKept(t *testing.T) {
	m := Beginnings{Limit: 64 << 10}
	for _, n := range []int{60 << 10, 100, 1 << 20} {
		m.Add(AppendFrame(nil, Header{Final: true, Opcode: Text}, make([]byte, n)), func(Header, []byte, bool) {})
		if cap(m.data) > keptBeginning {
			t.Errorf("%d bytes are kept of a message of %d", cap(m.data), n)
		}
	}
}
