package websocket

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/klauspost/compress/flate"
)

// The faults of a compressed message.
var (
	// ErrCorrupt tells that a message is no DEFLATE stream, or refers to what was
	// never seen.
	ErrCorrupt = errors.New("a compressed message cannot be read")
	// ErrRatio tells that a message unpacks to too many times its size.
	ErrRatio = errors.New("a compressed message unpacks to too much")
)

const (
	// deflateTail is what a sender leaves off the end of a message (RFC 7692
	// 7.2.1), and a last, empty block, so that the end of the stream shows.
	deflateTail = "\x00\x00\xff\xff\x01\x00\x00\xff\xff"
)

// AlwaysUnpacked bytes of a message are unpacked, whatever the ratio.
const AlwaysUnpacked = 256 << 10

// Inflaters lends the tables of decompressors, about 50 KiB each, so that a
// connection holds none while it is idle.
type Inflaters struct{ pool sync.Pool }

type decompressor struct {
	flate  io.Reader // also a flate.Resetter and an io.WriterTo
	source *bufio.Reader
}

func (p *Inflaters) get() *decompressor {
	if d, ok := p.pool.Get().(*decompressor); ok {
		return d
	}
	d := &decompressor{source: bufio.NewReader(nil)}
	d.flate = flate.NewReader(d.source)
	return d
}

func (p *Inflaters) put(d *decompressor) {
	d.source.Reset(nil)
	p.pool.Put(d)
}

// Inflater unpacks the messages that one side compressed, in their order, RFC
// 7692 7.2.2. It keeps what later messages may refer to, and nothing when the
// extensions say that they do not.
type Inflater struct {
	pool   *Inflaters
	ratio  int64
	size   int    // of the window, 0 for none
	window []byte // the last bytes of the messages before
}

// NewInflater returns an inflater of a client's messages. A message that
// unpacks to more than AlwaysUnpacked bytes unpacks to ratio times its size at most.
func NewInflater(pool *Inflaters, e Extensions, ratio int64) *Inflater {
	f := &Inflater{pool: pool, ratio: ratio}
	if !e.ClientNoContextTakeover {
		f.size = 1 << e.ClientWindowBits
	}
	return f
}

// Refers tells whether a message may refer to those before it.
func (f *Inflater) Refers() bool { return f.size > 0 }

// Lose tells that a message was not unpacked. A later one that refers to it, or to
// what went before, is ErrCorrupt; one that does not is still read right.
func (f *Inflater) Lose() { f.window = nil }

// Inflate unpacks a whole message from payload to dst and returns how many bytes
// that were. An error of dst is returned as it is; after an error the message
// counts as lost.
func (f *Inflater) Inflate(dst io.Writer, payload io.Reader) (int64, error) {
	d := f.pool.get()
	defer f.pool.put(d)
	in := &counter{Reader: payload}
	d.source.Reset(io.MultiReader(in, strings.NewReader(deflateTail)))
	out := &inflated{inflater: f, in: in, dst: dst}
	err := f.run(d, out)
	if err != nil {
		f.Lose()
	}
	return out.total, err
}

// run unpacks to the end. A sender may end the DEFLATE stream at any block and
// begin another (RFC 7692 7.2.3.4).
func (f *Inflater) run(d *decompressor, out *inflated) error {
	for {
		if err := d.flate.(flate.Resetter).Reset(d.source, f.window); err != nil {
			return fmt.Errorf("resetting a decompressor: %w", err)
		}
		_, err := d.flate.(io.WriterTo).WriteTo(out)
		switch {
		case out.err != nil:
			return out.err
		case out.in.err != nil:
			return out.in.err
		case err != nil:
			return ErrCorrupt
		}
		if _, err := d.source.Peek(1); err != nil {
			return nil
		}
	}
}

// remember keeps the last bytes of what was unpacked.
func (f *Inflater) remember(b []byte) {
	if f.size == 0 {
		return
	}
	b = b[max(0, len(b)-f.size):]
	if over := len(f.window) + len(b) - f.size; over > 0 {
		f.window = f.window[:copy(f.window, f.window[over:])]
	}
	f.window = append(f.window, b...)
}

// inflated is where unpacked bytes come out.
type inflated struct {
	inflater *Inflater
	in       *counter
	dst      io.Writer
	total    int64
	err      error
}

// Write implements io.Writer.
func (w *inflated) Write(b []byte) (int, error) {
	if w.total += int64(len(b)); w.total > max(AlwaysUnpacked, w.in.n*w.inflater.ratio) {
		w.err = ErrRatio
		return 0, w.err
	}
	w.inflater.remember(b)
	n, err := w.dst.Write(b)
	w.err = err
	return n, err
}

// counter counts what is read and notes an error.
type counter struct {
	io.Reader
	n   int64
	err error // the first but io.EOF
}

// Read implements io.Reader.
func (c *counter) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += int64(n)
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}
