package proxy

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// raw sends bytes to the proxy's port, or into an intercepted tunnel, and returns
// everything that comes back until the end.
func TestConnectionsCloseAndOldClients(t *testing.T) {
	tests := []struct {
		name, request, head string
		want, wantNot       []string
	}{
		{"1.1 keeps", "GET U HTTP/1.1\r\nHost: ai.example\r\n\r\nGET U HTTP/1.1\r\nHost: ai.example\r\nConnection: close\r\n\r\n", "HTTP/1.1 200", []string{"stream", "Transfer-Encoding: chunked", "HTTP/1.1 200"}, nil},
		{"1.1 closes", "GET U HTTP/1.1\r\nHost: ai.example\r\nConnection: close\r\n\r\n", "HTTP/1.1 200", []string{"Connection: close"}, nil},
		{"1.0", "GET U HTTP/1.0\r\nHost: ai.example\r\n\r\n", "HTTP/1.0 200", []string{"\r\n\r\nstream"}, []string{"chunked", "103"}},
	}
	handler := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		if r.Header.Get("Connection") != "" || r.Close {
			t.Errorf("the client's Connection reached the server: %v", r.Header)
		}
		io.WriteString(w, "stream")
		w.(http.Flusher).Flush()
	}
	for name, way := range ways(t, handler) {
		if name == "intercepted h2" {
			continue
		}
		for _, test := range tests {
			t.Run(name+" "+test.name, func(t *testing.T) {
				p, _, url := way(t)
				var c net.Conn
				target := "/"
				if name == "plain" {
					c, target = p.dial(t), url
				} else {
					c = p.openInner(t, "ai.example:443")
				}
				io.WriteString(c, strings.ReplaceAll(test.request, " U ", " "+target+" "))
				got, err := io.ReadAll(c)
				if err != nil {
					t.Fatalf("the connection stays open: %v after %q", err, got)
				}
				text := string(got)
				if i := strings.Index(text, "HTTP/1.1 103"); i == 0 { // skip the hint
					text = text[strings.Index(text, "\r\n\r\n")+4:]
				}
				if !strings.HasPrefix(text, test.head) {
					t.Errorf("got %q", got)
				}
				for _, want := range test.want {
					if !strings.Contains(text, want) {
						t.Errorf("no %q in %q", want, text)
					}
				}
				for _, not := range test.wantNot {
					if strings.Contains(text, not) {
						t.Errorf("%q in %q", not, text)
					}
				}
			})
		}
	}
}

// Fields that speak of one connection stay on it; the User-Agent and the
// encodings are the client's, or none.
func TestHopByHopFieldsStayOnTheirHop(t *testing.T) {
	seen := make(chan http.Header, 1)
	handler := func(w http.ResponseWriter, r *http.Request) {
		seen <- r.Header
		w.Header().Set("Keep-Alive", "timeout=5")
		w.Header().Set("Proxy-Authenticate", "Basic")
		w.Header()["Content-Type"] = nil
		io.WriteString(w, "<html>")
	}
	for name, way := range ways(t, handler) {
		t.Run(name, func(t *testing.T) {
			_, client, url := way(t)
			r, _ := http.NewRequest("GET", url, nil)
			r.Header.Set("Proxy-Authorization", "Basic secret")
			r.Header["User-Agent"] = nil
			r.Header.Set("TE", "trailers")
			if name != "intercepted h2" {
				r.Header.Set("Connection", "X-Private")
				r.Header.Set("X-Private", "1")
				r.Header.Set("Keep-Alive", "1")
			}
			resp, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			got := <-seen
			for _, field := range []string{"Proxy-Authorization", "User-Agent", "X-Private", "Keep-Alive", "Accept-Encoding"} {
				if got[field] != nil {
					t.Errorf("the server saw %s: %v", field, got[field])
				}
			}
			if got.Get("Te") != "trailers" {
				t.Errorf("TE: %v", got["Te"])
			}
			for _, field := range []string{"Keep-Alive", "Proxy-Authenticate", "Content-Type"} {
				if resp.Header[field] != nil {
					t.Errorf("the client saw %s: %v", field, resp.Header[field])
				}
			}
		})
	}
}
