package proxy

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// rawH2 is a client of HTTP/2 that sends whatever frames a test likes. It reads what
// comes back, and opens no window for it.
type rawH2 struct {
	conn    net.Conn
	framer  *http2.Framer // writes to out
	out     *bufio.Writer
	block   bytes.Buffer
	encoder *hpack.Encoder
	ended   chan struct{} // the proxy has closed the connection

	mu       sync.Mutex
	received map[http2.FrameType]int
	data     int            // bytes
	statuses map[string]int // of the responses
	goAway   http2.ErrCode  // that was told last
}

// newRawH2 begins a connection. It reads unless silent.
func newRawH2(t testing.TB, conn net.Conn, settings ...http2.Setting) *rawH2 {
	t.Helper()
	h := newSilentH2(t, conn, settings...)
	go h.read()
	return h
}

// newSilentH2 begins a connection and reads nothing.
func newSilentH2(t testing.TB, conn net.Conn, settings ...http2.Setting) *rawH2 {
	t.Helper()
	h := &rawH2{conn: conn, out: bufio.NewWriterSize(conn, 64<<10), ended: make(chan struct{}), received: map[http2.FrameType]int{}, statuses: map[string]int{}}
	h.framer = http2.NewFramer(h.out, nil)
	h.framer.AllowIllegalWrites = true
	h.encoder = hpack.NewEncoder(&h.block)
	io.WriteString(h.out, http2.ClientPreface)
	h.framer.WriteSettings(settings...)
	h.flush(t)
	return h
}

func (h *rawH2) read() {
	defer close(h.ended)
	framer := http2.NewFramer(nil, h.conn)
	framer.SetMaxReadFrameSize(1 << 20)
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		h.mu.Lock()
		h.received[frame.Header().Type]++
		switch f := frame.(type) {
		case *http2.MetaHeadersFrame:
			h.statuses[f.PseudoValue("status")]++
		case *http2.DataFrame:
			h.data += len(f.Data())
		case *http2.GoAwayFrame:
			h.goAway = f.ErrCode
		}
		h.mu.Unlock()
	}
}

// request begins a stream; pairs of names and values follow the usual fields.
func (h *rawH2) request(t testing.TB, id uint32, host string, whole bool, more ...string) {
	t.Helper()
	h.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: h.fields(host, more...), EndHeaders: true, EndStream: whole})
}

func (h *rawH2) fields(host string, more ...string) []byte {
	h.block.Reset()
	method := "GET"
	if len(more) > 0 && more[0] == ":method" {
		method, more = more[1], more[2:]
	}
	all := append([]string{":method", method, ":scheme", "https", ":authority", host, ":path", "/"}, more...)
	for i := 0; i < len(all); i += 2 {
		h.encoder.WriteField(hpack.HeaderField{Name: all[i], Value: all[i+1]})
	}
	return bytes.Clone(h.block.Bytes())
}

func (h *rawH2) flush(t testing.TB) {
	t.Helper()
	if err := h.out.Flush(); err != nil {
		t.Fatalf("the connection takes nothing more: %v", err)
	}
}

// flood calls send until the connection takes nothing more, n times at most, and
// returns how often that was.
func (h *rawH2) flood(n int, send func(i int)) int {
	for i := range n {
		send(i)
		h.conn.SetWriteDeadline(time.Now().Add(patience))
		if i%64 == 63 && h.out.Flush() != nil {
			return i + 1
		}
	}
	h.out.Flush()
	return n
}
