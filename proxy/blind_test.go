package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"daylight.internal/rules/engine"
)

// What net/http refuses before a handler hears of it is answered in our words all
// the same: in every language, for nothing is known of who asked.
func TestWhatCannotBeReadIsAnsweredInOurWords(t *testing.T) {
	for _, c := range []struct {
		name, request string
		status        int
		title         string
	}{
		{"no protocol", "GET /\r\n\r\n", 400, "This request cannot be understood"},
		{"no host", "GET / HTTP/1.1\r\n\r\n", 400, "This request cannot be understood"},
		{"an unknown transfer coding", "POST / HTTP/1.1\r\nHost: ai.example\r\nTransfer-Encoding: none\r\n\r\n", 501, "This request cannot be understood"},
		{"a head that is far too large", "GET / HTTP/1.1\r\nHost: ai.example\r\nX-Large: " + strings.Repeat("a", 200<<10) + "\r\n\r\n", 431, "The head of this request is too large"},
	} {
		for way, open := range waysIn(t) {
			t.Run(way+": "+c.name, func(t *testing.T) {
				p := startProxy(t, nil, open.server)
				conn := open.dial(t, p)
				io.WriteString(conn, c.request)
				resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if err != nil {
					t.Fatal(err)
				}
				page, err := io.ReadAll(resp.Body)
				if err != nil || resp.StatusCode != c.status || resp.Header.Get("Content-Type") != "text/html; charset=utf-8" {
					t.Errorf("%d %v %v", resp.StatusCode, resp.Header, err)
				}
				for _, want := range []string{"<title>" + c.title + "</title>", `lang="en" dir="ltr"`, `lang="zh"`, `lang="ru"`, `lang="ar" dir="rtl"`} {
					if !strings.Contains(string(page), want) {
						t.Errorf("the page has no %s", want)
					}
				}
			})
		}
	}
}

// A head that is over the limit, but can be read, is answered in the terms of its client.
func TestAHeadThatIsTooLargeIsAnsweredInItsLanguage(t *testing.T) {
	for way, open := range waysIn(t) {
		t.Run(way, func(t *testing.T) {
			p := startProxy(t, nil, open.server)
			conn := open.dial(t, p)
			target := "/"
			if way == "on the proxy port" {
				target = "http://ai.example/"
			}
			fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: ai.example\r\nAccept-Language: ru\r\nX-Large: %s\r\n\r\n", target, strings.Repeat("a", 80<<10))
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != 431 || resp.Header.Get("Content-Type") != "application/problem+json" || resp.Header.Get("Content-Language") != "ru" {
				t.Errorf("%d %v", resp.StatusCode, resp.Header)
			}
		})
	}
}

func TestOverloadSaysWhenToComeAgain(t *testing.T) {
	if resp := failurePage(browser("en"), http.StatusServiceUnavailable, "tunnel_limit", ""); resp.Header.Get("Retry-After") != retryAfter {
		t.Errorf("header %v", resp.Header)
	}
}

// What is relayed is the server's: its answers pass as they are, whatever they look like.
func TestARelayedRefusalIsTheServersOwn(t *testing.T) {
	const answer = "HTTP/1.1 400 Bad Request" + builtinHead + "400 Bad Request"
	p := startProxy(t, withHost("ai.example:80", tcpServer(t, func(c net.Conn) {
		io.WriteString(c, answer)
		c.Close()
	})))
	p.decide = func(string, string) engine.TunnelDecision { return engine.Tunnel }
	conn := p.openTunnel(t, "ai.example:80")
	if got, _ := io.ReadAll(conn); string(got) != answer {
		t.Errorf("got %q", got)
	}
}
