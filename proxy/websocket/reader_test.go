package websocket

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
)

// client makes frames as a client sends them.
func client(h Header, payload string) []byte {
	h.Masked, h.Key = true, [4]byte{1, 2, 3, 4}
	return AppendFrame(nil, h, []byte(payload))
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// said is what a stream says, told by either of the two readers.
type said struct {
	messages []string // opcode, compressed, payload
	controls []string
	passed   []byte // of all pieces
	breach   error
}

func (s said) String() string {
	return fmt.Sprintf("messages %q controls %q passed %x breach %v", s.messages, s.controls, s.passed, s.breach)
}

// read runs the reader over a stream in chunks.
func read(e Extensions, stream []byte, chunk func() int) (s said) {
	r := Reader{Extensions: e}
	var frames []byte
	var first Header
	for len(stream) > 0 {
		n := min(max(1, chunk()), len(stream))
		rest := stream[:n]
		stream = stream[n:]
		for len(rest) > 0 {
			p, after, err := r.Next(rest)
			if err != nil {
				s.breach = err
				return s
			}
			rest = after
			s.passed = append(s.passed, p.Raw...)
			switch p.Kind {
			case Control:
				s.controls = append(s.controls, fmt.Sprintf("%d %x", p.Head.Opcode, p.Raw))
				continue
			case Begin:
				first, frames = p.Head, nil
			case Nothing:
				continue
			}
			frames = append(frames, p.Raw...)
			if p.End {
				var text bytes.Buffer
				if _, err := text.ReadFrom(NewPayload(bytes.NewReader(frames))); err != nil {
					panic(err)
				}
				s.messages = append(s.messages, fmt.Sprintf("%d %t %s", first.Opcode, first.Reserved == Compressed, text.Bytes()))
			}
		}
	}
	return s
}

// reference reads a whole stream at once, plainly by the RFC.
func reference(e Extensions, b []byte) (s said) {
	var open, compressed bool
	var opcode Opcode
	var text []byte
	for len(b) >= 2 {
		final, reserved, op, masked, length := b[0]>>7 == 1, b[0]&0x70, Opcode(b[0]&15), b[1]>>7 == 1, uint64(b[1]&127)
		at, minimal := 2, true
		switch length {
		case 126:
			at = 4
		case 127:
			at = 10
		}
		head := at
		if masked {
			head += 4
		}
		if len(b) < head {
			return s
		}
		if at > 2 {
			length = 0
			for _, c := range b[2:at] {
				length = length<<8 | uint64(c)
			}
			minimal = at == 4 && length >= 126 || at == 10 && length > 65535
		}
		data := op == Text || op == Binary
		mayCompress := e.Deflate && data && reserved == Compressed
		switch {
		case reserved != 0 && !mayCompress && !e.Unknown:
			s.breach = ReservedBits
		case op > 2 && op < 8 || op > 10:
			s.breach = UnknownOpcode
		case op >= 8 && !final:
			s.breach = ControlFragment
		case op >= 8 && length > 125:
			s.breach = ControlTooLong
		case !masked:
			s.breach = NotMasked
		case !minimal || length>>63 == 1:
			s.breach = LengthNotShort
		case op == Continuation && !open:
			s.breach = NothingToGoOn
		case data && open:
			s.breach = MessageNotEnded
		}
		if s.breach != nil {
			return s
		}
		have := min(uint64(len(b)-head), length)
		if op >= 8 && have < length {
			return s
		}
		s.passed = append(s.passed, b[:head+int(have)]...)
		payload := bytes.Clone(b[head : head+int(have)])
		for i := range payload {
			payload[i] ^= b[at+i%4]
		}
		b = b[head+int(have):]
		if op >= 8 {
			s.controls = append(s.controls, fmt.Sprintf("%d %x", op, s.passed[len(s.passed)-head-int(have):]))
			if op == Close {
				return s
			}
			continue
		}
		if data {
			open, opcode, compressed, text = true, op, reserved == Compressed, nil
		}
		text = append(text, payload...)
		if have < length {
			return s
		}
		if final {
			open = false
			s.messages = append(s.messages, fmt.Sprintf("%d %t %s", opcode, compressed, text))
		}
	}
	return s
}

func TestMessagesAreJoinedAndControlFramesStandApart(t *testing.T) {
	stream := join(
		client(Header{Final: true, Opcode: Text}, "one"),
		client(Header{Opcode: Binary, Reserved: Compressed}, "tw"),
		client(Header{Final: true, Opcode: Ping}, "are you there"),
		client(Header{}, ""),
		client(Header{Final: true}, "o"),
		client(Header{Final: true, Opcode: Text}, ""),
		client(Header{Final: true, Opcode: Text}, string(make([]byte, 70000))),
		client(Header{Final: true, Opcode: Close}, "\x03\xe8"),
		client(Header{Final: true, Opcode: Text}, "behind the close frame"),
	)
	want := reference(Extensions{Deflate: true}, stream)
	if len(want.messages) != 4 || want.messages[1] != "2 true two" || len(want.controls) != 2 || want.breach != nil {
		t.Fatalf("the reference is wrong: %.300v", want)
	}
	for _, size := range []int{1, 2, 3, 7, 1000, len(stream)} {
		if got := read(Extensions{Deflate: true}, stream, func() int { return size }); got.String() != want.String() {
			t.Errorf("in chunks of %d:\n got %.300v\nwant %.300v", size, got, want)
		}
	}
}

func TestABreachIsToldByItsWord(t *testing.T) {
	text := client(Header{Final: true, Opcode: Text}, "x")
	open := client(Header{Opcode: Text}, "x")
	for want, stream := range map[Breach][]byte{
		ReservedBits:    client(Header{Final: true, Opcode: Text, Reserved: Compressed}, "x"),
		UnknownOpcode:   client(Header{Final: true, Opcode: 3}, "x"),
		ControlFragment: client(Header{Opcode: Ping}, "x"),
		ControlTooLong:  client(Header{Final: true, Opcode: Ping}, string(make([]byte, 126))),
		NotMasked:       AppendFrame(nil, Header{Final: true, Opcode: Text}, []byte("x")),
		LengthNotShort:  {0x81, 0x80 | 126, 0, 5, 0, 0, 0, 0},
		NothingToGoOn:   client(Header{Final: true}, "x"),
		MessageNotEnded: join(open, text),
	} {
		s := read(Extensions{}, stream, func() int { return 1 })
		if !errors.Is(s.breach, want) {
			t.Errorf("%s: %v", want, s.breach)
		}
	}
	long := []byte{0x82, 0x80 | 127, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	if s := read(Extensions{}, long, func() int { return 100 }); s.breach != LengthNotShort {
		t.Errorf("64 bits of length: %v", s.breach)
	}
	compressedLater := join(open, client(Header{Final: true, Reserved: Compressed}, "x"))
	if s := read(Extensions{Deflate: true}, compressedLater, func() int { return 100 }); s.breach != ReservedBits {
		t.Errorf("a continuation that says it is compressed: %v", s.breach)
	}
}

func FuzzReader(f *testing.F) {
	whole := join(
		client(Header{Opcode: Text, Reserved: Compressed}, "a"), client(Header{Final: true, Opcode: Pong}, "p"),
		client(Header{Final: true}, string(make([]byte, 300))), client(Header{Final: true, Opcode: Binary}, "b"), client(Header{Final: true, Opcode: Close}, ""),
	)
	f.Add(whole, uint64(1), true, false)
	f.Add(whole, uint64(2), false, false)
	f.Add(whole[:20], uint64(3), true, true)
	f.Add([]byte{0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3, 4, 5}, uint64(4), false, true)
	f.Fuzz(func(t *testing.T, stream []byte, seed uint64, deflate, unknown bool) {
		r := rand.New(rand.NewPCG(seed, 1))
		e := Extensions{Deflate: deflate, Unknown: unknown}
		for range r.IntN(4) {
			if len(stream) > 0 {
				stream = bytes.Clone(stream)
				stream[r.IntN(len(stream))] ^= 1 << r.IntN(8)
			}
		}
		got, want := read(e, stream, func() int { return 1 + r.IntN(1<<r.IntN(10)) }), reference(e, stream)
		if got.String() != want.String() {
			t.Fatalf("stream %x\n got %v\nwant %v", stream, got, want)
		}
		if !bytes.HasPrefix(stream, got.passed) {
			t.Fatalf("what passed is not the stream: %x", got.passed)
		}
	})
}

// TestTheReaderAgreesWithTheReference reads random streams, most of them nearly right.
func TestTheReaderAgreesWithTheReference(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	breaches, messages := map[error]int{}, 0
	for range 4000 {
		var stream []byte
		open := false
		for range 1 + r.IntN(6) {
			h := Header{Final: r.IntN(3) > 0, Opcode: Text, Masked: true, Key: [4]byte{byte(r.Uint32()), byte(r.Uint32()), 3, 4}}
			if open {
				h.Opcode = Continuation
			} else if r.IntN(3) == 0 {
				h.Reserved = Compressed
			}
			size := []int{0, 1, 125, 126, 200, 65535, 65536}[min(r.IntN(40), 6)%7]
			if r.IntN(4) == 0 {
				h, size = Header{Final: true, Opcode: Close + Opcode(r.IntN(3)), Masked: true}, r.IntN(126)
			} else {
				open = !h.Final
			}
			if r.IntN(20) > 0 && size > 1000 {
				size = 3
			}
			stream = AppendFrame(stream, h, make([]byte, size))
		}
		for range max(0, r.IntN(4)-1) {
			stream[r.IntN(min(len(stream), 12))] ^= 1 << r.IntN(8)
		}
		e := Extensions{Deflate: r.IntN(2) == 0, Unknown: r.IntN(10) == 0}
		got, want := read(e, stream, func() int { return 1 + r.IntN(1<<r.IntN(17)) }), reference(e, stream)
		if got.String() != want.String() {
			t.Fatalf("stream %.80x\n got %.300v\nwant %.300v", stream, got, want)
		}
		breaches[want.breach]++
		messages += len(want.messages)
	}
	if len(breaches) < 9 || messages < 2000 { // with none at all
		t.Errorf("%d messages, breaches %v: the streams are too alike", messages, breaches)
	}
}
