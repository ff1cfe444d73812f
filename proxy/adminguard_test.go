package proxy

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// askAdmin sends a raw head to an admin listener and returns the answer.
func askAdmin(t *testing.T, address, head string) *http.Response {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	fmt.Fprint(c, head+"\r\n\r\n")
	method, _, _ := strings.Cut(head, " ")
	resp, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp
}

// mustBeHardened wants the fields by which a browser makes nothing of an answer but what it
// shows: it takes no script, style or image of others for it, sends nothing from it, and keeps none of it.
func mustBeHardened(t *testing.T, what string, h http.Header) {
	t.Helper()
	for name, value := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
	} {
		if got := h.Values(name); len(got) != 1 || got[0] != value {
			t.Errorf("%s: %s %q, want %q", what, name, got, value)
		}
	}
	directives := strings.Split(h.Get("Content-Security-Policy"), "; ")
	for _, want := range []string{"default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"} {
		if !slices.Contains(directives, want) {
			t.Errorf("%s: no %s in %q", what, want, directives)
		}
	}
	for _, directive := range directives { // what is written in the page itself is named by its hash
		if name, source, _ := strings.Cut(directive, " "); source != "'none'" && (name != "style-src" || !strings.HasPrefix(source, "'sha256-")) {
			t.Errorf("%s: %s", what, directive)
		}
	}
}

func TestEveryAnswerOfTheAdminListenerIsHardened(t *testing.T) {
	o := own(t, func() (Snapshot, error) { return &policy{}, nil })
	o.Ready = func() bool { return false }
	server := httptest.NewServer(NewAdmin(o))
	defer server.Close()
	for head, status := range map[string]int{
		"GET /metrics HTTP/1.1\r\nHost: localhost":                                                       200,
		"GET /healthz HTTP/1.1\r\nHost: localhost":                                                       200,
		"HEAD /healthz HTTP/1.1\r\nHost: localhost":                                                      200,
		"GET /readyz HTTP/1.1\r\nHost: localhost":                                                        503,
		"GET /ca.pem HTTP/1.1\r\nHost: localhost":                                                        200,
		"GET /proxy.pac HTTP/1.1\r\nHost: localhost":                                                     200,
		"GET /-/bypass HTTP/1.1\r\nHost: localhost":                                                      200,
		"GET /nothing HTTP/1.1\r\nHost: localhost":                                                       404,
		"GET //healthz HTTP/1.1\r\nHost: localhost":                                                      307,
		"GET /-/reload HTTP/1.1\r\nHost: localhost":                                                      405,
		"GET /metrics HTTP/1.1\r\nHost: evil.example":                                                    421,
		"POST /-/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nOrigin: http://evil.example": 403,
		"POST /-/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0":                                200,
	} {
		resp := askAdmin(t, server.Listener.Addr().String(), head)
		if resp.StatusCode != status {
			t.Errorf("%q: %s, want %d", head, resp.Status, status)
		}
		mustBeHardened(t, fmt.Sprintf("%q", head), resp.Header)
	}
}

// A web page that has its own name lead to this machine is, to the browser, of one origin
// with the admin listener: only the Host field tells.
func TestAReboundNameReadsNothingOfTheAdminListener(t *testing.T) {
	o := own(t, func() (Snapshot, error) { return &policy{}, nil })
	o.AdminAddress = "metrics.corp.example:8090"
	server := httptest.NewServer(NewAdmin(o))
	defer server.Close()
	address := server.Listener.Addr().String()
	for host, status := range map[string]int{
		"127.0.0.1:8090": 200, "127.0.0.1": 200, "[::1]:8090": 200, "10.0.0.7:8090": 200, "localhost:8090": 200, "LOCALHOST.": 200,
		"daylight:8090": 200, "a.localhost": 200, "metrics.corp.example:8090": 200, "Metrics.Corp.Example.": 200,
		"evil.example:8090": 421, "evil.example": 421, "127.0.0.1.evil.example": 421, "localhost.evil.example": 421, "evil.example.": 421,
		"metrics.corp.example.evil.example": 421, "127.1": 421, "0x7f000001": 421, "2130706433": 421, "daylight.internal": 421,
	} {
		for _, path := range []string{"/metrics", "/healthz", "/-/bypass", "/ca.pem", "/proxy.pac"} {
			want := status
			if path == "/-/bypass" && status == 200 {
				want = askAdmin(t, address, "GET /-/bypass HTTP/1.1\r\nHost: localhost").StatusCode
			}
			if resp := askAdmin(t, address, "GET "+path+" HTTP/1.1\r\nHost: "+host); resp.StatusCode != want {
				t.Errorf("%s as %s: %d, want %d", path, host, resp.StatusCode, want)
			}
		}
	}
	if resp := askAdmin(t, address, "GET /healthz HTTP/1.0"); resp.StatusCode != 200 {
		t.Errorf("a probe without a Host: %d", resp.StatusCode)
	}
}

// Where the admin listener serves other machines, it goes by names that we cannot know.
func TestOtherMachinesNameTheAdminListenerAsTheyLike(t *testing.T) {
	r := httptest.NewRequest("GET", "/healthz", nil)
	r.Host = "daylight.monitoring.svc.cluster.local:8090"
	for address, want := range map[string]int{"10.0.0.7": 200, "127.0.0.1": 421} {
		w := httptest.NewRecorder()
		ctx := context.WithValue(r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.ParseIP(address), Port: 8090})
		NewAdmin(own(t, nil)).ServeHTTP(w, r.WithContext(ctx))
		if w.Code != want {
			t.Errorf("on %s: %d", address, w.Code)
		}
	}
}

func TestNoPageOfABrowserPressesReload(t *testing.T) {
	var reloads atomic.Int64
	o := own(t, nil)
	o.Reload = func() (string, error) { reloads.Add(1); return "r1", nil }
	server := httptest.NewServer(NewAdmin(o))
	defer server.Close()
	address := server.Listener.Addr().String()
	for _, head := range []string{
		"POST /-/reload HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example",
		"POST /-/reload HTTP/1.1\r\nHost: localhost\r\nOrigin: null",
		"POST /-/reload HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost", // a page of another program on this machine
		"POST /-/reload HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site",
		"POST /-/reload HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-site",
		"POST /-/reload HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: none",
		"POST /-/reload HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example", // rebound: of one origin
		"POST /-/reload HTTP/1.1\r\nHost: evil.example",
		"GET /-/reload HTTP/1.1\r\nHost: localhost",
		"HEAD /-/reload HTTP/1.1\r\nHost: localhost",
		"PUT /-/reload HTTP/1.1\r\nHost: localhost",
		"GET /-/reload HTTP/1.1\r\nHost: localhost\r\nX-HTTP-Method-Override: POST",
		"OPTIONS /-/reload HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nAccess-Control-Request-Method: POST",
		"POST /%2d/reload/ HTTP/1.1\r\nHost: localhost",
	} {
		resp := askAdmin(t, address, head+"\r\nContent-Length: 0")
		if resp.StatusCode < 400 {
			t.Errorf("%q: %s", head, resp.Status)
		}
		for name := range resp.Header {
			if strings.HasPrefix(name, "Access-Control-") || name == "Set-Cookie" {
				t.Errorf("%q: %s", head, name)
			}
		}
	}
	if n := reloads.Load(); n > 0 {
		t.Fatalf("%d reloads", n)
	}
	// What curl -X POST sends, and a body that nobody wants.
	for _, head := range []string{"", "\r\nUser-Agent: curl/8.5.0\r\nAccept: */*", "\r\nContent-Length: 3\r\n\r\nabc"} {
		if resp := askAdmin(t, address, "POST /-/reload HTTP/1.1\r\nHost: 127.0.0.1:8090"+head); resp.StatusCode != 200 {
			t.Errorf("curl: %s", resp.Status)
		}
	}
	if n := reloads.Load(); n != 3 {
		t.Errorf("%d reloads", n)
	}
}
