package proxy

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"daylight.internal/proxy/proxytest"
)

// h2Exchange sends one stream of raw header fields and a body, and returns the
// status, or "reset" when the stream or the connection ended without one.
func h2Exchange(t *testing.T, c *tls.Conn, fields [][2]string, body string) string {
	t.Helper()
	io.WriteString(c, http2.ClientPreface)
	framer := http2.NewFramer(c, c)
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	framer.WriteSettings()
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for _, f := range fields {
		encoder.WriteField(hpack.HeaderField{Name: f[0], Value: f[1]})
	}
	framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block.Bytes(), EndHeaders: true, EndStream: body == ""})
	if body != "" {
		framer.WriteData(1, true, []byte(body))
	}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return "reset"
		}
		switch f := frame.(type) {
		case *http2.MetaHeadersFrame:
			return f.PseudoValue("status")
		case *http2.RSTStreamFrame, *http2.GoAwayFrame:
			return "reset"
		}
	}
}

func TestMalformedRequestsInHTTP2(t *testing.T) {
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
	tests := []struct {
		name   string
		fields [][2]string
		body   string
		want   string
		server string // "-" for nothing, "" for anything
	}{
		{"a good one", get(), "", "200", "GET / ai.example 0"},
		{"length shorter than the body", get([2]string{"content-length", "2"}), "abcd", "reset", ""},
		{"length longer than the body", get([2]string{"content-length", "9"}), "abcd", "400", ""},
		{"upper-case name", get([2]string{"X-A", "b"}), "", "reset", "-"},
		{"CR LF in a value", get([2]string{"x-a", "b\r\nx-b: c"}), "", "reset", "-"},
		{"NUL in a value", get([2]string{"x-a", "b\x00"}), "", "reset", "-"},
		{"space in a name", get([2]string{"x a", "b"}), "", "reset", "-"},
		{"two paths", get([2]string{":path", "/b"}), "", "reset", "-"},
		{"pseudo field behind a regular one", append([][2]string{{"x-a", "b"}}, get()...), "", "reset", "-"},
		{"empty path", with(":path", ""), "", "reset", "-"},
		{"path with a request in it", with(":path", "/a HTTP/1.1\r\nHost: evil\r\n\r\n"), "", "reset", "-"},
		{"path without a slash", with(":path", "@evil.example/x"), "", "reset", "-"},
		{"user in the authority", with(":authority", "u@ai.example"), "", "reset", "-"},
		{"another authority", with(":authority", "evil.example"), "", "421", "-"},
		{"no authority", append(get()[:2:2], get()[3:]...), "", "421", "-"},
		{"CONNECT", [][2]string{{":method", "CONNECT"}, {":authority", "ai.example"}}, "", "421", "-"},
		{"transfer-encoding", get([2]string{"transfer-encoding", "chunked"}), "", "400", "-"},
		{"connection", get([2]string{"connection", "close"}), "", "400", "-"},
		{"method with a space", with(":method", "GET /b"), "", "400", "-"},
		{"two lengths", get([2]string{"content-length", "4"}, [2]string{"content-length", "5"}), "abcd", "", ""},
		{"host unlike the authority", get([2]string{"host", "evil.example"}), "", "reset", "-"},
		{"absolute path of another host", with(":path", "https://evil.example/x"), "", "reset", "-"},
		{"scheme http", with(":scheme", "http"), "", "200", "GET / ai.example 0"},
		{"path with two slashes", with(":path", "//evil.example/x"), "", "200", "GET //evil.example/x ai.example 0"},
		{"body on GET", get(), "abc", "200", "GET / ai.example 3"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var mu sync.Mutex
			var saw []string
			server := proxytest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				mu.Lock()
				defer mu.Unlock()
				saw = append(saw, fmt.Sprintf("%s %s %s %d", r.Method, r.URL, r.Host, len(body)))
				if err != nil {
					saw[len(saw)-1] += " broken"
				}
			}), "ai.example")
			p := startProxy(t, nil, server)
			got := h2Exchange(t, p.openInner(t, "ai.example:443", "h2"), test.fields, test.body)
			if test.want != "" && got != test.want {
				t.Errorf("client: %s, want %s", got, test.want)
			}
			mu.Lock()
			defer mu.Unlock()
			switch all := strings.Join(saw, "; "); {
			case test.server == "-" && all != "", test.server != "" && test.server != "-" && all != test.server:
				t.Errorf("server saw %q, want %q", all, test.server)
			case test.server == "" && all != "" && !strings.Contains(all, "ai.example"):
				t.Errorf("server saw %q", all)
			}
		})
	}
}
