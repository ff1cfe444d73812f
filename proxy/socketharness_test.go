package proxy

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/proxy/proxytest"
	"daylight.internal/proxy/websocket"
)

// patience is how long a test waits for what must come.
const patience = 2 * time.Minute

// socketBench is a judging proxy in front of a server that speaks WebSocket.
type socketBench struct {
	*testProxy
	judge   *Judge
	events  *events
	metrics *metrics.Metrics
	servers chan *serverEnd // one for each connection
}

// serverEnd is the server's end of a WebSocket.
type serverEnd struct {
	net.Conn
	mu    sync.Mutex
	got   []byte
	ended chan struct{} // the client's stream has ended
	stays chan struct{} // it closes only when this does; nil: when the client's stream has ended
}

// startSockets starts them. extensions is what the server agrees to.
func startSockets(t *testing.T, snapshot Snapshot, o JudgeOptions, extensions string, adjust func(*Config)) *socketBench {
	t.Helper()
	b := &socketBench{events: &events{}, metrics: metrics.New(metrics.Build{}), servers: make(chan *serverEnd, 10)}
	o.Snapshots = NewSnapshots(func() (Snapshot, error) { return snapshot, nil }, b.metrics)
	if err := o.Snapshots.Load(); err != nil {
		t.Fatal(err)
	}
	o.Events, o.Metrics, o.TempDir = b.events, b.metrics, t.TempDir()
	b.judge = NewJudge(o)
	upgrade := upgradeTo(func(c net.Conn, rw *bufio.ReadWriter) {
		s := &serverEnd{Conn: c, ended: make(chan struct{})}
		b.servers <- s
		s.collect(rw)
		if s.stays != nil {
			<-s.stays
		}
	})
	handler := func(w http.ResponseWriter, r *http.Request) {
		if extensions != "" {
			w.Header().Set("Sec-Websocket-Extensions", extensions)
		}
		upgrade(w, r)
	}
	server := proxytest.NewServer(t, http.HandlerFunc(handler), "ai.example", "substrate.office.com", "api.openai.com")
	b.testProxy = startProxy(t, func(c *Config, d *Dependencies) {
		d.Inspector, d.Counters = b.judge, b.metrics
		if adjust != nil {
			adjust(c)
		}
	}, server)
	return b
}

func (s *serverEnd) collect(r io.Reader) {
	defer close(s.ended)
	buf := make([]byte, 64<<10)
	for {
		n, err := r.Read(buf)
		s.mu.Lock()
		s.got = append(s.got, buf[:n]...)
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (s *serverEnd) received() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.got)
}

// expect waits until the server got exactly want.
func (s *serverEnd) expect(t *testing.T, want ...[]byte) {
	t.Helper()
	whole := bytes.Join(want, nil)
	eventually(t, func() bool { return len(s.received()) >= len(whole) })
	if got := s.received(); !bytes.Equal(got, whole) {
		t.Errorf("the server got %d bytes %.200q, want %d bytes %.200q", len(got), got, len(whole), whole)
	}
}

func (s *serverEnd) waitEnd(t *testing.T) {
	t.Helper()
	wait(t, s.ended, "the end of the client's stream at the server")
}

func wait[T any](t *testing.T, c <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		t.Fatalf("%s does not come", what)
	}
	return v
}

func eventually(t *testing.T, true func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !true(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("what must come does not come")
		}
	}
}

// clientEnd is the client's end of a WebSocket.
type clientEnd struct {
	net.Conn
	reader *bufio.Reader
}

// open opens a WebSocket to the host and returns both ends.
func (b *socketBench) open(t *testing.T, host, path string, header ...string) (*clientEnd, *serverEnd) {
	t.Helper()
	c := b.openInner(t, host+":443")
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n", path, host)
	for i := 0; i < len(header); i += 2 {
		fmt.Fprintf(c, "%s: %s\r\n", header[i], header[i+1])
	}
	io.WriteString(c, "\r\n")
	end := &clientEnd{Conn: c, reader: bufio.NewReader(c)}
	resp, err := http.ReadResponse(end.reader, &http.Request{Method: http.MethodGet})
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v %v", resp, err)
	}
	return end, wait(t, b.servers, "the server's end")
}

func (c *clientEnd) say(t *testing.T, frames ...[]byte) {
	t.Helper()
	if _, err := c.Write(bytes.Join(frames, nil)); err != nil {
		t.Fatal(err)
	}
}

// frame is what a test reads of one.
type frame struct {
	opcode  websocket.Opcode
	final   bool
	payload string
}

// readFrame reads one frame without a mask.
func readFrame(r io.Reader) (frame, error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return frame{}, err
	}
	length := uint64(head[1] & 0x7f)
	if extended := map[uint64]int{126: 2, 127: 8}[length]; extended > 0 {
		wide := make([]byte, 8)
		if _, err := io.ReadFull(r, wide[8-extended:]); err != nil {
			return frame{}, err
		}
		length = binary.BigEndian.Uint64(wide)
	}
	if head[1]&0x80 != 0 {
		return frame{}, errors.New("a server's frame is masked")
	}
	payload := make([]byte, length)
	_, err := io.ReadFull(r, payload)
	return frame{websocket.Opcode(head[0] & 15), head[0]&0x80 != 0, string(payload)}, err
}

func (c *clientEnd) next(t *testing.T) frame {
	t.Helper()
	c.SetReadDeadline(time.Now().Add(patience))
	f, err := readFrame(c.reader)
	if err != nil {
		t.Fatalf("reading a frame: %v", err)
	}
	return f
}

// expectClose reads a close frame and the end behind it.
func (c *clientEnd) expectClose(t *testing.T, code uint16) (reason string) {
	t.Helper()
	f := c.next(t)
	if f.opcode != websocket.Close || len(f.payload) < 2 || binary.BigEndian.Uint16([]byte(f.payload)) != code {
		t.Fatalf("%+v is not a close frame with %d", f, code)
	}
	c.say(t, masked(websocket.Close, f.payload[:2]))
	if rest, err := io.ReadAll(c.reader); len(rest) > 0 || err != nil && !isReset(err) {
		t.Errorf("behind the close frame: %q, %v", rest, err)
	}
	return f.payload[2:]
}

func isReset(err error) bool { return errors.Is(err, net.ErrClosed) || asCarryError(err).reason != "" }

// masked is a whole message or control frame of a client.
func masked(opcode websocket.Opcode, payload string) []byte {
	return part(websocket.Header{Final: true, Opcode: opcode}, payload)
}

func part(h websocket.Header, payload string) []byte {
	h.Masked, h.Key = true, [4]byte{7, 1, 200, 31}
	return websocket.AppendFrame(nil, h, []byte(payload))
}

// said is a message of a server.
func said(opcode websocket.Opcode, payload string) []byte {
	return websocket.AppendFrame(nil, websocket.Header{Final: true, Opcode: opcode}, []byte(payload))
}

// unsaid reads the messages in what a server got: each as opcode, whether it is
// compressed, and its payload as it travelled.
type heard struct {
	opcode     websocket.Opcode
	compressed bool
	payload    string
}

func hearClient(t *testing.T, e websocket.Extensions, stream []byte) (all []heard) {
	t.Helper()
	r := websocket.Reader{Extensions: e}
	var frames []byte
	var first websocket.Header
	for len(stream) > 0 {
		p, rest, err := r.Next(stream)
		if err != nil {
			t.Fatal(err)
		}
		stream = rest
		switch p.Kind {
		case websocket.Nothing:
			continue
		case websocket.Begin:
			first, frames = p.Head, nil
		case websocket.Control:
			first, frames, p.End = p.Head, nil, true
		}
		frames = append(frames, p.Raw...)
		if p.End {
			payload, err := io.ReadAll(websocket.NewPayload(bytes.NewReader(frames)))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, heard{first.Opcode, first.Reserved != 0, string(payload)})
		}
	}
	return all
}

// compressor makes compressed messages as a client does.
type compressor struct {
	out      bytes.Buffer
	w        *flate.Writer
	takeover bool
}

func newCompressor(takeover bool) *compressor {
	c := &compressor{takeover: takeover}
	c.w, _ = flate.NewWriter(&c.out, flate.BestCompression)
	return c
}

func (c *compressor) message(text string) []byte {
	c.out.Reset()
	if !c.takeover {
		c.w.Reset(&c.out)
	}
	io.WriteString(c.w, text)
	c.w.Flush()
	payload := bytes.TrimSuffix(c.out.Bytes(), []byte("\x00\x00\xff\xff"))
	return part(websocket.Header{Final: true, Opcode: websocket.Text, Reserved: websocket.Compressed}, string(payload))
}

// end waits for all events and returns them, messages before their connection.
func (b *socketBench) end(t *testing.T) (messages []audit.Event, upgrade audit.Event) {
	t.Helper()
	shutDown(t, b.testProxy, b.judge)
	if used := b.judge.memory.used.Load() + b.judge.places.memory.used.Load(); used != 0 {
		t.Errorf("%d bytes of memory were not given back", used)
	}
	all := b.events.all
	slices.SortStableFunc(all, func(a, b audit.Event) int { return a.Time.Compare(b.Time) })
	for _, e := range all {
		if e.Response.Status == http.StatusSwitchingProtocols {
			upgrade = e
		} else {
			messages = append(messages, e)
		}
	}
	if upgrade.ID == "" {
		t.Fatalf("no event of the upgrade among %d", len(all))
	}
	return messages, upgrade
}
