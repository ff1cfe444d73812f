package proxy

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"daylight.internal/proxy/proxytest"
)

// frameServer speaks HTTP/2 frame by frame: it notes the fields and the data of each
// stream as they came, and answers those that end.
type frameServer struct {
	address string
	root    []byte

	mu      sync.Mutex
	streams []*frameStream
}

// frameStream is one stream as the server saw it.
type frameStream struct {
	fields []hpack.HeaderField
	data   []byte
	more   []hpack.HeaderField // trailers
	ended  bool
}

func newFrameServer(t testing.TB, name string) *frameServer {
	t.Helper()
	certificate, root := proxytest.Certificate(t, name)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &frameServer{address: l.Addr().String(), root: root}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return s
}

func (s *frameServer) serve(c net.Conn) {
	defer c.Close()
	if _, err := io.ReadFull(c, make([]byte, len(http2.ClientPreface))); err != nil {
		return
	}
	framer := http2.NewFramer(c, c)
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	framer.WriteSettings()
	open := map[uint32]*frameStream{}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		s.mu.Lock()
		id := frame.Header().StreamID
		stream := open[id]
		ended := false
		switch f := frame.(type) {
		case *http2.MetaHeadersFrame:
			if stream == nil {
				stream = &frameStream{fields: slices.Clone(f.Fields)}
				open[id] = stream
				s.streams = append(s.streams, stream)
			} else {
				stream.more = slices.Clone(f.Fields)
			}
			ended = f.StreamEnded()
		case *http2.DataFrame:
			stream.data = append(stream.data, f.Data()...)
			ended = f.StreamEnded()
		case *http2.SettingsFrame:
			if !f.IsAck() {
				framer.WriteSettingsAck()
			}
		case *http2.PingFrame:
			if !f.IsAck() {
				framer.WritePing(true, f.Data)
			}
		}
		if ended {
			stream.ended = true
		}
		s.mu.Unlock()
		if ended {
			var block bytes.Buffer
			encoder := hpack.NewEncoder(&block)
			encoder.WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
			encoder.WriteField(hpack.HeaderField{Name: "content-length", Value: "2"})
			framer.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block.Bytes(), EndHeaders: true})
			framer.WriteData(id, true, []byte("ok"))
		}
	}
}

// take returns the streams since it was last called: those that ended, as strict requests.
func (s *frameServer) take(t *testing.T) (text string, requests []strictRequest) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, stream := range s.streams {
		if !stream.ended {
			continue // it was reset
		}
		requests = append(requests, stream.request(t))
		slices.SortStableFunc(stream.fields, func(a, b hpack.HeaderField) int { return cmp.Compare(a.Name, b.Name) }) // net/http sends them in any order
		for _, f := range stream.fields {
			fmt.Fprintf(&b, "    %s: %s\n", f.Name, f.Value)
		}
		fmt.Fprintf(&b, "    data %q\n", stream.data)
		for _, f := range stream.more {
			fmt.Fprintf(&b, "    %s: %s\n", f.Name, f.Value)
		}
	}
	s.streams = nil
	return b.String(), requests
}

// request reads a stream by the letter of RFC 9113 8.
func (s *frameStream) request(t *testing.T) (r strictRequest) {
	t.Helper()
	pseudo := map[string]string{}
	regular := false
	for _, f := range append(slices.Clone(s.fields), s.more...) {
		name, isPseudo := strings.CutPrefix(f.Name, ":")
		_, again := pseudo[name]
		bad := isPseudo && (regular || again) || !isPseudo && (!strictToken(f.Name) || f.Name != strings.ToLower(f.Name)) ||
			strings.ContainsAny(f.Value, "\r\n\x00") || slices.Contains([]string{"connection", "transfer-encoding", "host", "upgrade", "http2-settings"}, f.Name)
		if bad {
			t.Errorf("the server got the field %q: %q", f.Name, f.Value)
		}
		if isPseudo {
			pseudo[name] = f.Value
		} else {
			regular = true
			r.fields = append(r.fields, [2]string{f.Name, f.Value})
		}
	}
	if lengths := r.values("content-length"); len(lengths) > 1 || len(lengths) == 1 && lengths[0] != fmt.Sprint(len(s.data)) {
		t.Errorf("the server got the lengths %q for %d bytes", lengths, len(s.data))
	}
	if !strictToken(pseudo["method"]) || !strictTarget(pseudo["path"]) || !strictHost(pseudo["authority"]) || pseudo["scheme"] != "https" {
		t.Errorf("the server got %q", pseudo)
	}
	r.method, r.target, r.body = pseudo["method"], pseudo["path"], s.data
	r.fields = append(r.fields, [2]string{"host", pseudo["authority"]})
	return r
}

// streamShape is a stream of raw fields.
type streamShape struct {
	name     string
	fields   [][2]string
	data     string
	trailers [][2]string
	either   bool // it is refused by its frames or by its head, whichever is read first
}

func streamShapes() []streamShape {
	get := func(more ...[2]string) [][2]string {
		return append([][2]string{{":method", "GET"}, {":scheme", "https"}, {":authority", "ai.example"}, {":path", "/"}}, more...)
	}
	with := func(name, value string) [][2]string {
		fields := get()
		for i := range fields {
			if fields[i][0] == name {
				fields[i][1] = value
			}
		}
		return fields
	}
	field := func(name, value string) [][2]string { return get([2]string{name, value}) }
	return []streamShape{
		{name: "a good one", fields: get()},
		{name: "a body", fields: with(":method", "POST"), data: "abcd"},
		{name: "a body with its length", fields: append(with(":method", "POST"), [2]string{"content-length", "4"}), data: "abcd"},
		{name: "length shorter than the body", fields: field("content-length", "2"), data: "abcd"},
		{name: "length longer than the body", fields: field("content-length", "9"), data: "abcd"},
		{name: "length without a body", fields: field("content-length", "9")},
		{name: "two different lengths", fields: get([2]string{"content-length", "4"}, [2]string{"content-length", "5"}), data: "abcd"},
		{name: "two equal lengths", fields: get([2]string{"content-length", "4"}, [2]string{"content-length", "4"}), data: "abcd"},
		{name: "length with a sign", either: true, fields: field("content-length", "+4"), data: "abcd"},
		{name: "length in a list", either: true, fields: field("content-length", "4, 4"), data: "abcd"},
		{name: "hexadecimal length", either: true, fields: field("content-length", "0x4"), data: "abcd"},
		{name: "upper-case name", fields: field("X-A", "b")},
		{name: "CR LF in a value", fields: field("x-a", "b\r\nx-b: c")},
		{name: "CR in a value", fields: field("x-a", "b\rc")},
		{name: "LF in a value", fields: field("x-a", "b\nc")},
		{name: "NUL in a value", fields: field("x-a", "b\x00")},
		{name: "space around a value", fields: field("x-a", " b ")},
		{name: "colon in a name", fields: field("x:a", "b")},
		{name: "space in a name", fields: field("x a", "b")},
		{name: "CR LF in a name", fields: field("x-a: b\r\nx-b", "c")},
		{name: "empty name", fields: field("", "b")},
		{name: "two paths", fields: field(":path", "/b")},
		{name: "pseudo field behind a regular one", fields: append([][2]string{{"x-a", "b"}}, get()...)},
		{name: "unknown pseudo field", fields: field(":x", "b")},
		{name: "empty path", fields: with(":path", "")},
		{name: "path with a request in it", fields: with(":path", "/a HTTP/1.1\r\nHost: evil\r\n\r\n")},
		{name: "path with a version in it", fields: with(":path", "/a HTTP/1.1")},
		{name: "query with a version in it", fields: with(":path", "/a?b HTTP/1.1")},
		{name: "query with a request in it", fields: with(":path", "/a?b HTTP/1.1\r\nHost: evil\r\n\r\n")},
		{name: "query with a tab", fields: with(":path", "/a?b\tc")},
		{name: "fragment", fields: with(":path", "/a?b#c")},
		{name: "high bytes in the query", fields: with(":path", "/a?\xe4")},
		{name: "path without a slash", fields: with(":path", "@evil.example/x")},
		{name: "path with two slashes", fields: with(":path", "//evil.example/x")},
		{name: "absolute path of another host", fields: with(":path", "https://evil.example/x")},
		{name: "absolute path of the same host", fields: with(":path", "https://ai.example/x")},
		{name: "path in authority form", fields: with(":path", "evil.example:443")},
		{name: "asterisk", fields: append(with(":path", "*")[1:], [2]string{":method", "OPTIONS"})},
		{name: "asterisk for GET", fields: with(":path", "*")},
		{name: "scheme http", fields: with(":scheme", "http")},
		{name: "another scheme", fields: with(":scheme", "ftp")},
		{name: "scheme with a host in it", fields: with(":scheme", "https://evil.example/?")},
		{name: "user in the authority", fields: with(":authority", "u@ai.example")},
		{name: "another authority", fields: with(":authority", "evil.example")},
		{name: "another port", fields: with(":authority", "ai.example:8443")},
		{name: "no authority", fields: append(get()[:2:2], get()[3:]...)},
		{name: "host in place of the authority", fields: append(append(get()[:2:2], get()[3:]...), [2]string{"host", "ai.example"})},
		{name: "host unlike the authority", fields: field("host", "evil.example")},
		{name: "host like the authority", fields: field("host", "ai.example")},
		{name: "two hosts", fields: get([2]string{"host", "ai.example"}, [2]string{"host", "evil.example"})},
		{name: "CONNECT", fields: [][2]string{{":method", "CONNECT"}, {":authority", "ai.example"}}},
		{name: "CONNECT for another host", fields: [][2]string{{":method", "CONNECT"}, {":authority", "evil.example:443"}}},
		{name: "extended CONNECT", fields: append(with(":method", "CONNECT"), [2]string{":protocol", "websocket"})},
		{name: "method with a space", fields: with(":method", "GET /b")},
		{name: "method with a request in it", fields: with(":method", "GET /b HTTP/1.1\r\nHost: evil\r\n\r\nGET")},
		{name: "empty method", fields: with(":method", "")},
		{name: "transfer-encoding", fields: field("transfer-encoding", "chunked"), data: "0\r\n\r\n"},
		{name: "connection", fields: field("connection", "close")},
		{name: "upgrade", fields: field("upgrade", "h2c")},
		{name: "HTTP2-Settings", fields: field("http2-settings", "AAMAAABkAAQAAP__")},
		{name: "proxy-connection", fields: field("proxy-connection", "keep-alive")},
		{name: "TE", fields: field("te", "trailers")},
		{name: "TE of something else", fields: field("te", "gzip")},
		{name: "Expect of something else", fields: field("expect", "200-ok"), data: "abcd"},
		{name: "body on GET", fields: get(), data: "abc"},
		{name: "body that looks like chunks", fields: with(":method", "POST"), data: "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: ai.example\r\n\r\n"},
		{name: "announced trailer", fields: append(with(":method", "POST"), [2]string{"trailer", "x-a"}), data: "abcd", trailers: [][2]string{{"x-a", "b"}}},
		{name: "framing in the trailers", fields: append(with(":method", "POST"), [2]string{"trailer", "x-a, content-length, transfer-encoding, host"}), data: "abcd",
			trailers: [][2]string{{"x-a", "b"}, {"content-length", "9"}, {"transfer-encoding", "chunked"}, {"host", "evil.example"}}},
		{name: "pseudo field in the trailers", fields: with(":method", "POST"), data: "abcd", trailers: [][2]string{{":path", "/b"}}},
	}
}

// send writes the stream and returns the answer's status, or "reset".
func (s *streamShape) send(c net.Conn) string {
	io.WriteString(c, http2.ClientPreface)
	framer := http2.NewFramer(c, c)
	framer.AllowIllegalWrites = true
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	framer.WriteSettings()
	last := s.data == "" && s.trailers == nil
	framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: packFields(s.fields), EndHeaders: true, EndStream: last})
	if s.data != "" {
		framer.WriteData(1, s.trailers == nil, []byte(s.data))
	}
	if s.trailers != nil {
		framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: packFields(s.trailers), EndHeaders: true, EndStream: true})
	}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return "no answer"
		}
		switch f := frame.(type) {
		case *http2.MetaHeadersFrame:
			return f.PseudoValue("status")
		case *http2.RSTStreamFrame:
			return "reset " + f.ErrCode.String()
		case *http2.GoAwayFrame:
			return "goaway " + f.ErrCode.String()
		}
	}
}

func packFields(fields [][2]string) []byte {
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for _, f := range fields {
		encoder.WriteField(hpack.HeaderField{Name: f[0], Value: f[1]})
	}
	return block.Bytes()
}

// The kin of the shapes in HTTP/2, to a server that speaks it and to one that does not. The frames that reached the one and
// the bytes that reached the other are asserted by the golden files.
func TestWhatReachesTheServerFromHTTP2(t *testing.T) {
	for _, server := range []string{"h2", "h1"} {
		t.Run(server, func(t *testing.T) {
			w := newStreamWire(t, server)
			var all strings.Builder
			for _, s := range streamShapes() {
				t.Run(s.name, func(t *testing.T) {
					out := w.run(t, &s)
					out.check(t)
					fmt.Fprintf(&all, "## %s\n", s.name)
					for _, f := range s.fields {
						fmt.Fprintf(&all, "    %.200q: %.200q\n", f[0], f[1])
					}
					fmt.Fprintf(&all, "    data %q\n%s\n", s.data, &out)
				})
			}
			goldenSections(t, "h2-to-"+server+".txt", all.String())
		})
	}
}

// streamWire is a wire whose client speaks HTTP/2.
type streamWire struct {
	*wire
	frames *frameServer // nil when the server speaks HTTP/1
}

func newStreamWire(t testing.TB, server string) *streamWire {
	t.Helper()
	w := &streamWire{}
	if server == "h1" {
		w.wire = newWire(t, "tunnel")
	} else {
		w.frames = newFrameServer(t, "ai.example")
		w.wire = newWireTo(t, "tunnel", w.frames.address, w.frames.root)
	}
	return w
}

func (w *streamWire) run(t *testing.T, s *streamShape) (out transcript) {
	t.Helper()
	c := w.p.openInner(t, "ai.example:443", "h2")
	w.counts.clear("refused ")
	c.SetReadDeadline(time.Now().Add(w.patience))
	out.client = []string{s.send(c)}
	c.Close()
	w.p.awaitClosed(t, w.counts)
	w.p.awaitExchanges(t)
	w.p.transport.CloseIdleConnections()
	if w.frames != nil {
		out.server, out.requests = w.frames.take(t)
	} else {
		out.server, out.rest, out.requests, out.fault = w.server.take(t)
	}
	out.framed = w.frames != nil
	if s.either && (out.client[0] == "400" || strings.HasPrefix(out.client[0], "reset")) {
		awaitRefusal(t, w.counts)
		out.client = []string{"400 or reset"}
	}
	out.counted = w.counts.names("refused ")
	w.mu.Lock()
	defer w.mu.Unlock()
	out.judged, w.judged = w.judged, nil
	return out
}
