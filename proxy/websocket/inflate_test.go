package websocket

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// deflater compresses messages as a client does.
type deflater struct {
	out      bytes.Buffer
	w        *flate.Writer
	takeover bool
	level    int
}

func newDeflater(level int, takeover bool) *deflater {
	d := &deflater{takeover: takeover, level: level}
	d.w, _ = flate.NewWriter(&d.out, level)
	return d
}

func (d *deflater) message(text []byte) []byte {
	d.out.Reset()
	if !d.takeover {
		d.w.Reset(&d.out)
	}
	d.w.Write(text)
	d.w.Flush()
	return bytes.TrimSuffix(bytes.Clone(d.out.Bytes()), []byte("\x00\x00\xff\xff"))
}

// final ends the DEFLATE stream within the message.
func (d *deflater) final(text []byte) []byte {
	d.out.Reset()
	d.w.Reset(&d.out)
	d.w.Write(text)
	d.w.Close()
	d.w.Reset(&d.out)
	return append(bytes.Clone(d.out.Bytes()), 0)
}

func inflateAll(f *Inflater, message []byte) (string, error) {
	var out bytes.Buffer
	n, err := f.Inflate(&out, bytes.NewReader(message))
	if n != int64(out.Len()) && err == nil {
		return "", fmt.Errorf("%d bytes told, %d written", n, out.Len())
	}
	return out.String(), err
}

func TestCompressedMessagesAreReadInTheirOrder(t *testing.T) {
	long := strings.Repeat("Ana Kovac, ana.kovac@customer.example; ", 3000)
	texts := []string{"Hello", "Hello", "", long, "Hello " + long[:100], strings.Repeat("z", 200000), long}
	for _, takeover := range []bool{true, false} {
		d := newDeflater(flate.DefaultCompression, takeover)
		f := NewInflater(&Inflaters{}, Extensions{Deflate: true, ClientWindowBits: 15, ClientNoContextTakeover: !takeover}, 2000)
		for i, text := range texts {
			if got, err := inflateAll(f, d.message([]byte(text))); got != text || err != nil {
				t.Errorf("takeover %v, message %d: %d bytes, %v", takeover, i, len(got), err)
			}
		}
		if takeover != (len(f.window) > 0) || len(f.window) > 32<<10 {
			t.Errorf("takeover %v, and %d bytes are kept", takeover, len(f.window))
		}
	}
}

// The examples of RFC 7692 7.2.3.
func TestTheExamplesOfTheStandard(t *testing.T) {
	for name, c := range map[string]struct{ message, text string }{
		"one block":         {"\xf2\x48\xcd\xc9\xc9\x07\x00", "Hello"},
		"no compression":    {"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", "Hello"},
		"a final block":     {"\xf3\x48\xcd\xc9\xc9\x07\x00\x00", "Hello"},
		"two blocks":        {"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", "Hello"},
		"nothing":           {"\x00", ""},
		"final, then more":  {"\xf3\x48\xcd\xc9\xc9\x07\x00\xf2\x48\xcd\xc9\xc9\x07\x00", "HelloHello"},
		"the shared window": {"\xf2\x48\xcd\xc9\xc9\x07\x00", "Hello"},
	} {
		f := NewInflater(&Inflaters{}, Extensions{Deflate: true, ClientWindowBits: 15}, 100)
		if got, err := inflateAll(f, []byte(c.message)); got != c.text || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	f := NewInflater(&Inflaters{}, Extensions{Deflate: true, ClientWindowBits: 15}, 100)
	inflateAll(f, []byte("\xf2\x48\xcd\xc9\xc9\x07\x00"))
	if got, err := inflateAll(f, []byte("\xf2\x00\x11\x00\x00")); got != "Hello" || err != nil {
		t.Errorf("the second Hello: %q, %v", got, err)
	}
}

func TestABombIsNotUnpacked(t *testing.T) {
	bomb := newDeflater(flate.BestCompression, true).message(make([]byte, 64<<20))
	f := NewInflater(&Inflaters{}, Extensions{Deflate: true, ClientWindowBits: 15}, 100)
	n, err := f.Inflate(io.Discard, bytes.NewReader(bomb))
	if !errors.Is(err, ErrRatio) || n > int64(len(bomb))*100+AlwaysUnpacked+64<<10 {
		t.Errorf("%d bytes from %d, %v", n, len(bomb), err)
	}
	if len(f.window) != 0 {
		t.Error("its window was kept")
	}
}

// After a message was skipped, what refers to it is a fault, and nothing is read wrong.
func TestAfterALossNothingIsReadWrong(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	words := strings.Fields("please write a friendly mail to Ana Kovac in Zagreb and Ben Ode in Lagos about the autumn offer of shoes")
	right, faults := 0, 0
	for range 200 {
		d := newDeflater(flate.BestCompression, true)
		f := NewInflater(&Inflaters{}, Extensions{Deflate: true, ClientWindowBits: 15}, 100)
		for i := range 12 {
			var text []byte
			for range r.IntN(40) {
				text = append(append(text, words[r.IntN(len(words))]...), ' ')
			}
			text = fmt.Appendf(text, "%d", r.Uint64())
			message := d.message(text)
			if i == 2 {
				f.Lose()
				continue
			}
			got, err := inflateAll(f, message)
			switch {
			case err != nil && i > 2:
				faults++
			case err != nil || got != string(text):
				t.Fatalf("message %d: %q, %v", i, got, err)
			default:
				right++
			}
		}
	}
	if right < 400 || faults < 100 {
		t.Errorf("%d right, %d faults: the test says little", right, faults)
	}
}

func TestErrorsOfBothSidesComeBackAsTheyAre(t *testing.T) {
	mine := errors.New("mine")
	message := newDeflater(6, true).message([]byte(strings.Repeat("text ", 1000)))
	f := NewInflater(&Inflaters{}, Extensions{Deflate: true, ClientWindowBits: 15}, 100)
	if _, err := f.Inflate(failing{mine}, bytes.NewReader(message)); err != mine {
		t.Errorf("writing: %v", err)
	}
	if _, err := f.Inflate(io.Discard, io.MultiReader(bytes.NewReader(message[:3]), failing{mine})); err != mine {
		t.Errorf("reading: %v", err)
	}
	if _, err := inflateAll(f, []byte("\x07\x07\x07")); !errors.Is(err, ErrCorrupt) {
		t.Errorf("nonsense: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
func (f failing) Read([]byte) (int, error)  { return 0, f.err }

// FuzzInflate compares with the standard library's inflate, plainly used.
func FuzzInflate(f *testing.F) {
	d := newDeflater(9, true)
	f.Add(d.message([]byte("Hello, Hello")), d.message([]byte("Hello again")))
	f.Add(d.final([]byte("Hello")), newDeflater(9, false).message([]byte("more")))
	f.Add([]byte("\xf2\x48\xcd\xc9\xc9\x07\x00"), []byte("\xf2\x00\x11\x00\x00"))
	f.Add([]byte("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"), []byte{})
	f.Fuzz(func(t *testing.T, one, two []byte) {
		inflater := NewInflater(&Inflaters{}, Extensions{Deflate: true, ClientWindowBits: 15}, 1<<40)
		var window []byte
		for i, message := range [][]byte{one, two} {
			got, err := inflateAll(inflater, message)
			want, wantErr := standardInflate(message, window)
			if (err != nil) != (wantErr != nil) || err == nil && got != want {
				t.Fatalf("message %d (%x, %x): %q %v, want %q %v", i, one, two, got, err, want, wantErr)
			}
			window = append(window, want...)
			if wantErr != nil {
				window = nil
			}
		}
	})
}

func standardInflate(message, window []byte) (string, error) {
	source := bytes.NewReader(append(bytes.Clone(message), "\x00\x00\xff\xff\x01\x00\x00\xff\xff"...))
	var out []byte
	for source.Len() > 0 {
		history := append(bytes.Clone(window), out...)
		text, err := io.ReadAll(flate.NewReaderDict(source, history[max(0, len(history)-32<<10):]))
		if out = append(out, text...); err != nil {
			return string(out), err
		}
	}
	return string(out), nil
}
