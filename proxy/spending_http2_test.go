package proxy

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"daylight.internal/proxy/proxytest"
)

func (h *rawH2) status(code string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.statuses[code]
}

func (h *rawH2) code() http2.ErrCode {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.goAway
}

// They end the connection or cost nothing that stays: net/http sees to it, and this holds
// it to that.
func TestFloodsOfHTTP2TakeNoMemory(t *testing.T) {
	const mib = 1 << 20
	for _, c := range []struct {
		name   string
		silent bool // the client reads nothing
		stays  bool // the connection
		frames int
		most   int // bytes that are taken of the flood
		begin  func(*rawH2, *testing.T)
		send   func(h *rawH2, i int)
	}{
		{"header fields without end", false, false, 100000, 16 * mib, func(h *rawH2, t *testing.T) {
			h.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: h.fields("ai.example")})
		}, func(h *rawH2, i int) {
			h.framer.WriteContinuation(1, false, fieldBlock("x", strings.Repeat("y", 1000)))
		}},
		{"empty CONTINUATION without end", false, true, 200000, 4 * mib, func(h *rawH2, t *testing.T) {
			h.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: h.fields("ai.example")})
		}, func(h *rawH2, i int) { h.framer.WriteContinuation(1, false, nil) }},
		{"pings whose answers nobody reads", true, false, 3000000, 40 * mib, nil, func(h *rawH2, i int) { h.framer.WritePing(false, [8]byte{byte(i)}) }},
		{"settings whose answers nobody reads", true, true, 300000, 4 * mib, nil, func(h *rawH2, i int) { h.framer.WriteSettings() }},
		{"streams beyond those that are allowed, without end", false, true, 100000, 8 * mib, nil, func(h *rawH2, i int) {
			h.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: uint32(2*i + 1), BlockFragment: h.fields("ai.example", ":method", "POST"), EndHeaders: true})
		}},
		{"resets of streams that never were", false, false, 100000, 4 * mib, nil, func(h *rawH2, i int) { h.framer.WriteRSTStream(uint32(2*i+1), http2.ErrCodeCancel) }},
		{"a window beyond all bounds", false, false, 100, mib, nil, func(h *rawH2, i int) { h.framer.WriteWindowUpdate(0, 1<<31-1) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			hold := make(chan struct{})
			server := proxytest.NewHTTP1Server(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-hold }), "ai.example")
			t.Cleanup(func() { close(hold) })
			p, _ := startCrowd(t, nil, server)
			conn := p.tlsAs(t, "10.66.6.6", "ai.example", "h2")
			counted := &meteredConn{Conn: conn}
			var h *rawH2
			if c.silent {
				h = newSilentH2(t, counted)
			} else {
				h = newRawH2(t, counted)
			}
			if c.begin != nil {
				c.begin(h, t)
				h.flush(t)
			}
			before := heap()
			sent := h.flood(c.frames, func(i int) { c.send(h, i) })
			grown := heap() - before
			if c.silent {
				go h.read()
			}
			if !c.stays {
				wait(t, h.ended, "the end of the connection")
			}
			begun, _ := p.begun()
			if taken := int(counted.written.Load()); taken > c.most || grown > 32*mib || begun > streams {
				t.Errorf("%d bytes of %d frames were taken, the heap grew by %d bytes, %d exchanges", taken, sent, grown, begun)
			} else {
				t.Logf("%d frames, %d KiB taken; the heap grew by %d KiB; %d exchanges", sent, taken>>10, grown>>10, begun)
			}
		})
	}
}

// fieldBlock is a header field as a literal that no table keeps.
func fieldBlock(name, value string) []byte {
	b := append([]byte{0, byte(len(name))}, name...)
	n := len(value)
	if n < 127 {
		b = append(b, byte(n))
	} else {
		b = append(b, 127)
		for n -= 127; n >= 128; n >>= 7 {
			b = append(b, byte(n&127|128))
		}
		b = append(b, byte(n))
	}
	return append(b, value...)
}

type meteredConn struct {
	net.Conn
	written atomic.Int64
}

func (c *meteredConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.written.Add(int64(n))
	return n, err
}

// These are allowed, and cost a fraction of an object for each frame.
func TestFramesThatSayNothingCostNothing(t *testing.T) {
	const frames = 50000
	for name, send := range map[string]func(h *rawH2, i int){
		"PRIORITY":           func(h *rawH2, i int) { h.framer.WritePriority(1, http2.PriorityParam{Weight: byte(i)}) },
		"WINDOW_UPDATE":      func(h *rawH2, i int) { h.framer.WriteWindowUpdate(0, 1) },
		"an unknown type":    func(h *rawH2, i int) { h.framer.WriteRawFrame(0xbb, 0, 1, nil) },
		"PING":               func(h *rawH2, i int) { h.framer.WritePing(false, [8]byte{}) },
		"empty DATA":         func(h *rawH2, i int) { h.framer.WriteData(1, false, nil) },
		"DATA of 1 byte":     func(h *rawH2, i int) { h.framer.WriteData(1, false, []byte("x")) },
		"padding and 1 byte": func(h *rawH2, i int) { h.framer.WriteDataPadded(1, false, []byte("x"), make([]byte, 3)) },
	} {
		t.Run(name, func(t *testing.T) {
			var got atomic.Int64
			ended := make(chan struct{})
			server := proxytest.NewHTTP1Server(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				defer close(ended)
				n, _ := io.Copy(io.Discard, r.Body)
				got.Store(n)
			}), "ai.example")
			p, _ := startCrowd(t, nil, server)
			h := newRawH2(t, p.tlsAs(t, "10.66.6.6", "ai.example", "h2"))
			h.request(t, 1, "ai.example", false, ":method", "POST")
			h.flush(t)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			sent := h.flood(frames, func(i int) { send(h, i) })
			h.framer.WriteData(1, true, nil)
			h.out.Flush()
			wait(t, ended, "the end of the request")
			runtime.ReadMemStats(&after)
			objects, bytes := after.Mallocs-before.Mallocs, after.TotalAlloc-before.TotalAlloc
			if objects > 6*frames || bytes > 1000*frames {
				t.Errorf("%d frames made %d objects of %d bytes", sent, objects, bytes)
			}
			t.Logf("%d frames: %.1f objects and %d bytes for each, the test's own included; %d bytes arrived", sent, float64(objects)/float64(sent), bytes/uint64(sent), got.Load())
		})
	}
}

// A body that does not come on ends, however many frames without a byte there are.
func TestEmptyFramesAreNoProgress(t *testing.T) {
	server := proxytest.NewHTTP1Server(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }), "ai.example")
	p, hits := startCrowd(t, func(c *Config, _ *Dependencies) { c.Limits.BodyIdleTimeout = 300 * time.Millisecond }, server)
	h := newRawH2(t, p.tlsAs(t, "10.66.6.6", "ai.example", "h2"))
	h.request(t, 1, "ai.example", false, ":method", "POST")
	h.flush(t)
	for end := time.Now().Add(patience); hits.get("limit body_idle_timeout") == 0; {
		h.framer.WriteData(1, false, nil)
		h.framer.WriteWindowUpdate(1, 1)
		h.out.Flush()
		if time.Now().After(end) {
			t.Fatal("the body goes on for ever")
		}
	}
	eventually(t, func() bool { return h.status("408") == 1 })
}

// A field that the table knows takes one byte to send and 4 KiB to keep.
func TestHeaderFieldsThatUnpackToMuchAreRefused(t *testing.T) {
	p, _ := startCrowd(t, nil, proxytest.NewServer(t, text("ok"), "ai.example"))
	h := newRawH2(t, p.tlsAs(t, "10.66.6.6", "ai.example", "h2"))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range uint32(50) {
		block := h.fields("ai.example")
		if i == 0 { // with incremental indexing: it takes the first place of the table
			block = append(block, append([]byte{0x40}, fieldBlock("x-bomb", strings.Repeat("y", 4000))[1:]...)...)
		}
		block = append(block, bytes.Repeat([]byte{0x80 | 62}, 15000)...)
		h.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 2*i + 1, BlockFragment: block, EndHeaders: true, EndStream: true})
	}
	h.flush(t)
	h.framer.WritePing(false, [8]byte{})
	h.out.Flush()
	eventually(t, func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.statuses["431"] > 0 || h.received[http2.FrameGoAway] > 0 || h.received[http2.FramePing] > 0
	})
	runtime.ReadMemStats(&after)
	begun, _ := p.begun()
	if allocated := after.TotalAlloc - before.TotalAlloc; begun != 0 || allocated > 64<<20 {
		t.Errorf("%d exchanges, %d bytes", begun, allocated)
	} else {
		t.Logf("50 heads of %d MiB each took %d KiB", 15000*4000>>20, allocated>>10)
	}
}

// What a server sends to a client that opens no window stays with the server, but for a
// bounded part.
func TestAClientThatReadsNothingHoldsLittle(t *testing.T) {
	const stalled = 20
	var written, handlers atomic.Int64
	server := proxytest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handlers.Add(1)
		for chunk := make([]byte, 16<<10); ; {
			n, err := w.Write(chunk)
			if written.Add(int64(n)); err != nil || r.Context().Err() != nil {
				return
			}
		}
	}), "ai.example")
	p, _ := startCrowd(t, nil, server)
	h := newRawH2(t, p.tlsAs(t, "10.66.6.6", "ai.example", "h2"), http2.Setting{ID: http2.SettingInitialWindowSize, Val: 0})
	for i := range uint32(stalled) {
		h.request(t, 2*i+1, "ai.example", true)
	}
	h.flush(t)
	eventually(t, func() bool {
		if handlers.Load() < stalled {
			return false
		}
		former := written.Load()
		time.Sleep(500 * time.Millisecond) // it has come to a halt
		return written.Load() == former
	})
	if held := written.Load() / stalled; held > answerWindow+256<<10 {
		t.Errorf("%d bytes are held of each response that nobody reads", held)
	} else {
		t.Logf("%d KiB of each response", held>>10)
	}
}

func TestInformationalResponsesEnd(t *testing.T) {
	for name, raw := range map[string]string{
		"early hints":     "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
		"continue":        "HTTP/1.1 100 Continue\r\n\r\n",
		"fields of a 103": "HTTP/1.1 103 Early Hints\r\nX: " + strings.Repeat("y", 30<<10) + "\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			var sent atomic.Int64
			address := tcpServer(t, func(c net.Conn) {
				c.Read(make([]byte, 4096))
				for {
					if _, err := io.WriteString(c, raw); err != nil {
						return
					}
					sent.Add(1)
				}
			})
			p := startProxy(t, withHost("plain.example:80", address))
			c := p.dial(t)
			fmt.Fprint(c, "GET http://plain.example/ HTTP/1.1\r\nHost: plain.example\r\nConnection: close\r\n\r\n")
			c.SetReadDeadline(time.Now().Add(patience))
			all, err := io.ReadAll(c)
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(all), "HTTP/1.1 103"); n > maxInforms || !strings.Contains(string(all), "HTTP/1.1 502") {
				t.Errorf("%d informational responses; %.100q", n, all[max(0, len(all)-300):])
			}
		})
	}
}

func TestAHeadOfAResponseEnds(t *testing.T) {
	address := tcpServer(t, func(c net.Conn) {
		c.Read(make([]byte, 4096))
		io.WriteString(c, "HTTP/1.1 200 OK\r\n")
		for i := 0; ; i++ {
			if _, err := fmt.Fprintf(c, "X-%d: %d\r\n", i, binary.MaxVarintLen64); err != nil {
				return
			}
		}
	})
	p := startProxy(t, withHost("plain.example:80", address))
	if status, _ := get(t, p.client(), "http://plain.example/"); status != http.StatusBadGateway {
		t.Errorf("status %d", status)
	}
}
