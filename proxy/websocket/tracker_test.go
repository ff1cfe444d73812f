package websocket

import (
	"slices"
	"testing"
)

func TestTheTrackerStopsAtBordersOnly(t *testing.T) {
	server := func(h Header, payload string) []byte { return AppendFrame(nil, h, []byte(payload)) }
	frames := [][]byte{
		server(Header{Opcode: Text}, "the beginning"),
		server(Header{Final: true, Opcode: Ping}, "?"),
		server(Header{Final: true}, ", the end"),
		server(Header{Final: true, Opcode: Binary, Reserved: Compressed}, string(make([]byte, 200))),
		server(Header{Final: true, Opcode: Text}, string(make([]byte, 70000))),
		server(Header{Final: true, Opcode: Close}, "\x03\xe8"),
	}
	stream, at := []byte{}, []int{}
	for _, f := range frames {
		at = append(at, len(stream))
		stream = append(stream, f...)
	}
	for border, want := range map[Border][]int{
		FrameBorder: at, MessageBorder: {at[0], at[3], at[4], at[5]}, NoBorder: nil,
	} {
		for _, chunk := range []int{1, 5, 100, len(stream)} {
			var tracker Tracker
			var got []int
			for i := 0; i < len(stream); {
				if tracker.At(border) {
					got = append(got, i)
					i += advanceOne(&tracker, stream[i:])
					continue
				}
				n := tracker.Advance(stream[i:min(i+chunk, len(stream))], border)
				if i += n; n == 0 {
					t.Fatal("no progress")
				}
			}
			if tracker.At(border) {
				t.Errorf("border %d: something may follow a close frame", border)
			}
			if !slices.Equal(got, want) {
				t.Errorf("border %d in chunks of %d: at %v, want %v", border, chunk, got, want)
			}
		}
	}
}

// advanceOne takes one byte whatever the border.
func advanceOne(t *Tracker, b []byte) int { return t.Advance(b[:1], NoBorder) }

func TestALengthThatMakesNoSenseLeavesNoBorder(t *testing.T) {
	var tracker Tracker
	stream := append([]byte{0x82, 127, 0xff, 0, 0, 0, 0, 0, 0, 0}, AppendFrame(nil, Header{Final: true, Opcode: Text}, []byte("x"))...)
	if n := tracker.Advance(stream, NoBorder); n != len(stream) || tracker.At(FrameBorder) || tracker.Advance(stream, FrameBorder) != len(stream) {
		t.Errorf("%d bytes taken, %+v", n, tracker)
	}
}

func FuzzTracker(f *testing.F) {
	f.Add([]byte("\x01\x02hi\x89\x00\x80\x01!"), uint8(3))
	f.Fuzz(func(t *testing.T, stream []byte, chunk uint8) {
		var whole, pieces Tracker
		whole.Advance(stream, NoBorder)
		for b := stream; len(b) > 0; {
			n := min(len(b), int(chunk)+1)
			if k := pieces.Advance(b[:n], NoBorder); k != n {
				t.Fatalf("%d of %d bytes taken", k, n)
			}
			b = b[n:]
		}
		if whole.At(FrameBorder) != pieces.At(FrameBorder) || whole.At(MessageBorder) != pieces.At(MessageBorder) {
			t.Fatalf("%+v, in pieces %+v", whole, pieces)
		}
	})
}
