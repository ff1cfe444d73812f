package e2e_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const conversation = "https://chatgpt.com/backend-api/f/conversation"

// scene is one attack: how many events it leaves, and which answers are right; nil for any.
type scene struct {
	name   string
	run    func() int
	events int
	status []int
}

func head(extra string) string {
	return "POST /backend-api/f/conversation HTTP/1.1\r\nHost: chatgpt.com\r\nContent-Type: application/json\r\n" + extra
}

func withBody(extra, body string) string {
	return head(fmt.Sprintf("%sContent-Length: %d\r\n\r\n", extra, len(body))) + body
}

func (a *attacker) do(h2 bool, method, u, b string, header ...string) int {
	c := a.client(h2)
	defer c.CloseIdleConnections()
	req, err := http.NewRequest(method, u, strings.NewReader(b))
	if err != nil {
		a.w.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := c.Do(req)
	if err != nil {
		return -1
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// bomb is gzip of 200 MiB.
func bomb(t *testing.T) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for range 200 {
		if _, err := z.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// bodies hide a list, or too much, in what is sent.
func (a *attacker) bodies() []scene {
	t, list := a.w.t, customerList(20)
	body, clean := chatGPTPrompt(t, list), chatGPTPrompt(t, "Write a headline.")
	return []scene{
		{"clean", func() int { return a.do(false, "POST", conversation, clean) }, 1, []int{200}},
		{"clean h2", func() int { return a.do(true, "POST", conversation, clean) }, 1, []int{200}},
		{"list", func() int { return a.do(false, "POST", conversation, body) }, 1, []int{403}},
		{"list h2", func() int { return a.do(true, "POST", conversation, body) }, 1, []int{403}},
		{"list text", func() int { return a.do(true, "POST", conversation, body, "Content-Type", "text/plain") }, 1, []int{403}},
		{"gzip bomb", func() int { return a.do(true, "POST", conversation, bomb(t), "Content-Encoding", "gzip") }, 1, []int{200}},
		{"query", func() int { return a.do(true, "GET", "https://chatgpt.com/?q="+url.QueryEscape(list), "") }, 1, []int{403}},
		{"path", func() int { return a.do(true, "GET", "https://chatgpt.com/"+url.PathEscape(list), "") }, 1, []int{403}},
		{"GET body", func() int { return a.do(false, "GET", conversation, body) }, 1, []int{403}},
		{"upgrade on POST", func() int { return a.say(withBody("Connection: upgrade\r\nUpgrade: websocket\r\n", body), false) }, 1, []int{403}},
		{"upgrade on GET with body", func() int {
			return a.say(strings.Replace(withBody("Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n", body), "POST", "GET", 1), false)
		}, 1, []int{400}},
		{"h2c upgrade", func() int {
			return a.say(withBody("Connection: upgrade, http2-settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n", body), false)
		}, 1, []int{403}},
		{"expect list", func() int { return a.do(false, "POST", conversation, body, "Expect", "100-continue") }, 1, []int{403}},
		{"plain list", func() int {
			return a.plain(fmt.Sprintf("POST http://plain.test/v1/chat/completions HTTP/1.1\r\nHost: plain.test\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
		}, 1, []int{403, 200}},
		{"HTTP in CONNECT", func() int {
			c, _ := a.connect("plain.test:80")
			defer c.Close()
			fmt.Fprintf(c, "POST /v1/chat/completions HTTP/1.1\r\nHost: plain.test\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
			resp, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				return -1
			}
			return resp.StatusCode
		}, 1, []int{403}},
		{"trailers", func() int {
			return a.say(head("Transfer-Encoding: chunked\r\nTrailer: X-Data\r\n\r\n")+fmt.Sprintf("%x\r\n%s\r\n0\r\nX-Data: %s\r\n\r\n", len(clean), clean, strings.ReplaceAll(strings.ReplaceAll(list, "\n", " "), "\r", " ")), false)
		}, 1, []int{200, 403}},
	}
}

// framing break the framing of HTTP.
func (a *attacker) framing() []scene {
	body := chatGPTPrompt(a.w.t, customerList(20))
	return []scene{
		{"expect odd", func() int { return a.say(withBody("Expect: 200-ok\r\n", body), false) }, 0, []int{403, 417}},
		{"chunked ext", func() int {
			return a.say(head("Transfer-Encoding: chunked\r\n\r\n")+fmt.Sprintf("%x;a=\"b\"\r\n%s\r\n0\r\n\r\n", len(body), body), false)
		}, 1, []int{403}},
		{"CL and TE", func() int {
			return a.say(head("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n")+fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body), false)
		}, 0, []int{400}},
		{"two CL", func() int { return a.say(head("Content-Length: 4\r\nContent-Length: 5\r\n\r\n")+"abcd", false) }, 0, []int{400}},
		{"TE xchunked", func() int { return a.say(head("Transfer-Encoding: xchunked\r\n\r\n")+"0\r\n\r\n", false) }, 0, []int{501}},
		{"TE gzip, chunked", func() int { return a.say(head("Transfer-Encoding: gzip, chunked\r\n\r\n")+"0\r\n\r\n", false) }, 0, []int{501, 400}},
		{"bad chunk", func() int {
			return a.say(head("Transfer-Encoding: chunked\r\n\r\n")+"zz\r\nGET / HTTP/1.1\r\n\r\n", false)
		}, 1, []int{400}},
		{"negative CL", func() int { return a.say(head("Content-Length: -1\r\n\r\n"), false) }, 0, []int{400}},
		{"huge header", func() int { return a.say(head("X: "+strings.Repeat("x", 100000)+"\r\n\r\n"), false) }, 0, []int{431}},
		{"h2 without TLS", func() int {
			c, _ := a.connect("plain.test:80")
			defer c.Close()
			fmt.Fprintf(c, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")
			io.Copy(io.Discard, io.LimitReader(c, 1))
			return 0
		}, 1, nil},
		{"pipelined", func() int {
			return a.say("GET /a HTTP/1.1\r\nHost: chatgpt.com\r\n\r\nGET /b HTTP/1.1\r\nHost: chatgpt.com\r\nConnection: close\r\n\r\n", false)
		}, 2, []int{200}},
	}
}

// destinations lead to where nobody must get.
func (a *attacker) destinations() []scene {
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(a.w.admin, "http://"))
	return []scene{
		{"other host", func() int {
			return a.say("POST /x HTTP/1.1\r\nHost: api.openai.com\r\nContent-Length: 0\r\n\r\n", false)
		}, 1, []int{421}},
		{"absolute inside", func() int {
			return a.say("POST https://api.openai.com/v1/files HTTP/1.1\r\nHost: chatgpt.com\r\nContent-Length: 0\r\n\r\n", false)
		}, 1, []int{421}},
		{"absolute inside userinfo", func() int {
			return a.say("POST https://u@chatgpt.com/v1/files HTTP/1.1\r\nHost: chatgpt.com\r\nContent-Length: 0\r\n\r\n", false)
		}, 1, []int{200}},
		{"plain other Host", func() int { return a.plain("GET http://plain.test/ HTTP/1.1\r\nHost: chatgpt.com\r\n\r\n") }, 1, []int{200}},
		{"absolute https", func() int { return a.plain("GET https://chatgpt.com/ HTTP/1.1\r\nHost: chatgpt.com\r\n\r\n") }, 0, []int{400}},
		{"absolute ftp", func() int { return a.plain("GET ftp://chatgpt.com/ HTTP/1.1\r\nHost: chatgpt.com\r\n\r\n") }, 0, []int{400}},
		{"CONNECT no port", func() int { c, code := a.connect("chatgpt.com"); c.Close(); return code }, 0, []int{400}},
		{"CONNECT loopback", func() int {
			c, code := a.connect("127.0.0.1:1")
			defer c.Close()
			if code != 200 {
				return code
			}
			tc := tls.Client(c, &tls.Config{InsecureSkipVerify: true})
			fmt.Fprintf(tc, "GET / HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n")
			resp, err := http.ReadResponse(bufio.NewReader(tc), nil)
			if err != nil {
				return -1
			}
			return resp.StatusCode
		}, 1, []int{403}},
		{"admin", func() int { return a.plain("GET " + a.w.admin + "/metrics HTTP/1.1\r\nHost: x\r\n\r\n") }, 1, []int{403}},
		{"admin mapped", func() int {
			return a.plain("GET http://[::ffff:127.0.0.1]:" + port + "/metrics HTTP/1.1\r\nHost: x\r\n\r\n")
		}, 1, []int{403}},
		{"admin zero", func() int {
			return a.plain("GET http://0.0.0.0:" + port + "/metrics HTTP/1.1\r\nHost: x\r\n\r\n")
		}, 1, []int{403}},
		{"admin decimal", func() int {
			return a.plain("GET http://2130706433:" + port + "/metrics HTTP/1.1\r\nHost: x\r\n\r\n")
		}, 0, []int{400}},
		{"admin under own name", func() int {
			return a.plain("GET http://daylight.internal/metrics HTTP/1.1\r\nHost: daylight.internal\r\n\r\n")
		}, 0, []int{404}},
		{"reload under own name", func() int {
			return a.plain("POST http://daylight.internal/-/reload HTTP/1.1\r\nHost: daylight.internal\r\nContent-Length: 0\r\n\r\n")
		}, 0, []int{404, 405}},
		{"proxy port origin form", func() int { return a.plain("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n") }, 0, []int{404}},
		{"metadata", func() int { return a.plain("GET http://169.254.169.254/latest/meta-data/ HTTP/1.1\r\nHost: x\r\n\r\n") }, 1, []int{403}},
		{"spoofed own name by SNI", func() int {
			c, _ := a.connect("chatgpt.com:443")
			defer c.Close()
			tc := tls.Client(c, &tls.Config{ServerName: "daylight.internal", RootCAs: a.roots})
			fmt.Fprintf(tc, "GET /ca.pem HTTP/1.1\r\nHost: daylight.internal\r\n\r\n")
			resp, err := http.ReadResponse(bufio.NewReader(tc), nil)
			if err != nil {
				return -1
			}
			return resp.StatusCode
		}, 0, []int{-1}}, // no certificate of ours for our name in another's tunnel
	}
}

// leavers go away in the middle, or send what was never meant.
func (a *attacker) leavers() []scene {
	clean := chatGPTPrompt(a.w.t, "Write a headline.")
	return []scene{
		{"abort in body", func() int { return a.say(head("Content-Length: 100000\r\n\r\n")+"{", true) }, 1, nil},
		{"abort before answer", func() int { return a.say(withBody("", strings.Replace(clean, "{", `{"stream":true,`, 1)), true) }, 1, nil},
		{"head cut", func() int { return a.say("POST / HTTP/1.1\r\nHost: chatgp", true) }, 0, nil},
		{"garbage TLS", func() int {
			c, _ := a.connect("chatgpt.com:443")
			defer c.Close()
			c.Write([]byte("\x16\x03\x01\x00\x05hello"))
			io.Copy(io.Discard, c)
			return 0
		}, 1, nil},
		{"hello from nobody", func() int { c, _ := a.connect("chatgpt.com:443"); c.Close(); return 0 }, 1, nil},
		{"untrusting", func() int {
			c, _ := a.connect("chatgpt.com:443")
			defer c.Close()
			tls.Client(c, &tls.Config{ServerName: "chatgpt.com", RootCAs: x509.NewCertPool()}).Handshake()
			return 0
		}, 1, nil},
	}
}
