package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules"
)

func TestTheProxysOwnPages(t *testing.T) {
	p := startProxy(t, func(_ *Config, d *Dependencies) {
		d.Pages = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "page %s", r.URL.Path) })
		d.Identify = func(r *http.Request) (rules.Client, *http.Response) {
			if r.Method == http.MethodConnect {
				return rules.Client{}, nil
			}
			return rules.Client{}, &http.Response{StatusCode: http.StatusProxyAuthRequired}
		}
	})
	if status, body := get(t, http.DefaultClient, p.url+"/proxy.pac"); status != 200 || body != "page /proxy.pac" {
		t.Errorf("origin form: %d %q", status, body)
	}
	for _, url := range []string{"http://daylight.internal/ca.pem", "http://Daylight.Internal./ca.pem", "https://daylight.internal/ca.pem"} {
		if status, body := get(t, p.client(), url); status != 200 || body != "page /ca.pem" {
			t.Errorf("%s: %d %q", url, status, body)
		}
	}
	if len(p.seen) > 0 {
		t.Errorf("pages are no exchanges: %+v", p.seen)
	}
}

// A client that must sign in is asked before anything is dialled, on a
// connection that stays open for the next leg.
func TestWhoMayNotIsAsked(t *testing.T) {
	server := proxytest.NewServer(t, text("in"), "ai.example")
	p := startProxy(t, func(_ *Config, d *Dependencies) {
		d.Identify = func(r *http.Request) (rules.Client, *http.Response) {
			if r.Header.Get("Proxy-Authorization") == "" {
				return rules.Client{}, &http.Response{
					StatusCode: http.StatusProxyAuthRequired,
					Header:     http.Header{"Proxy-Authenticate": {"Basic"}, "Content-Length": {"0"}},
				}
			}
			return rules.Client{Address: clientAddress(r), User: "ana"}, nil
		}
	}, server)
	for _, request := range []string{"CONNECT ai.example:443 HTTP/1.1\r\nHost: ai.example:443\r\n", "GET http://ai.example/ HTTP/1.1\r\nHost: ai.example\r\n"} {
		c := p.dial(t)
		in := bufio.NewReader(c)
		for leg := range 2 {
			io.WriteString(c, request)
			if leg == 1 {
				io.WriteString(c, "Proxy-Authorization: Basic eDp5\r\n")
			}
			io.WriteString(c, "\r\n")
			method, _, _ := strings.Cut(request, " ")
			resp, err := http.ReadResponse(in, &http.Request{Method: method})
			if err != nil {
				t.Fatal(err)
			}
			if asked := resp.StatusCode == http.StatusProxyAuthRequired && resp.Header.Get("Proxy-Authenticate") == "Basic"; asked != (leg == 0) {
				t.Errorf("%s, leg %d: %s", request, leg, resp.Status)
			}
			if method == "GET" || leg == 0 {
				io.Copy(io.Discard, resp.Body)
			}
		}
	}
	p.wait(t, 1) // the plain request: no server listens there
	if len(p.seen) != 1 || p.seen[0].Client.User != "ana" {
		t.Errorf("exchanges: %+v", p.seen)
	}
}

func TestAbsoluteFormsThatAreNotPlain(t *testing.T) {
	p := startProxy(t, nil)
	for _, target := range []string{"https://ai.example/", "ftp://ai.example/", "http://u@/", "http://ai.example:0/", "http://a..b/", "http://ai.example:99999/"} {
		c := p.dial(t)
		fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: ai.example\r\n\r\n", target)
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil || resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %v %v", target, resp, err)
		}
	}
}
