package recording_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/recording"
	"daylight.internal/rules/strictyaml"
)

// compile makes a snapshot of a policy without its version.
func compile(t *testing.T, policy string) *engine.Snapshot {
	t.Helper()
	s, problems := engine.Compile(engine.Source{Policy: []policyfile.File{{Name: "policy.yaml", Data: []byte("version: 1\n" + policy)}}})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return s
}

// at is where an error stands, and what it says.
func at(t *testing.T, err error) string {
	t.Helper()
	var p strictyaml.Problem
	if !errors.As(err, &p) {
		t.Fatalf("%v is no problem with a place", err)
	}
	if p.Source != "" {
		t.Errorf("the error quotes the file: %q", p.Source)
	}
	return p.Error()
}

func TestARawRequestBecomesWhatTheProxySees(t *testing.T) {
	raw := "POST /v1/chat/completions?key=secret HTTP/1.1\r\nhost: api.openai.com\r\ncontent-type: application/json\r\ncontent-length: 2\r\ncookie: a=1\r\ncookie: b=2\r\n\r\n{}" +
		"HTTP/1.1 200 OK\r\nX-Request-Id: 7\r\n\r\ndone"
	for _, lines := range []string{"\r\n", "\n"} {
		x, err := recording.HTTP("a.http", []byte(strings.ReplaceAll(raw, "\r\n", lines)))
		if err != nil {
			t.Fatal(err)
		}
		r := x.Request
		if r.Method != "POST" || r.Path != "/v1/chat/completions" || r.Query != "key=secret" || r.Length != 2 ||
			r.Destination.Host != "api.openai.com" || r.Destination.SNI != "api.openai.com" || r.Destination.Port != 443 {
			t.Errorf("request %+v", r)
		}
		if got := r.Header["Cookie"]; len(got) != 1 || got[0] != "a=1; b=2" {
			t.Errorf("cookies %q", got)
		}
		if r.Header["Host"] != nil || r.Header["Content-Type"][0] != "application/json" {
			t.Errorf("header %v", r.Header)
		}
		if string(x.Body.Bytes) != "{}" || x.Body.Total != 2 || x.Body.Reason != "" {
			t.Errorf("body %+v", x.Body)
		}
		if x.Response.Status != 200 || string(x.Response.Body) != "done" || x.Response.Header["X-Request-Id"][0] != "7" {
			t.Errorf("response %+v", x.Response)
		}
		if x.Name != "POST https://api.openai.com/v1/chat/completions" {
			t.Errorf("name %q", x.Name)
		}
	}
}

func TestABodyOfARawRequest(t *testing.T) {
	for _, c := range []struct {
		name, head, rest string
		body, reason     string
		total            int64
	}{
		{"of a length", "Content-Length: 3\n", "abc", "abc", "", 3},
		{"that was cut off", "Content-Length: 300\n", "abc", "abc", "not_recorded", 300},
		{"before the last line end of an editor", "Content-Length: 3\n", "abc\n", "abc", "", 3},
		{"without a length is the rest of the file", "", "a\nb\n", "a\nb\n", "", 4},
		{"that is none, before an answer", "", "HTTP/1.1 204 No Content\n\n", "", "", 0},
		{"in chunks", "Transfer-Encoding: chunked\n", "3\nabc\nA;x=1\n0123456789\n0\nTrailer: 1\n\n", "abc0123456789", "", 13},
		{"in chunks and with a length", "Content-Length: 1\nTransfer-Encoding: chunked\n", "3\r\nabc\r\n0\r\n\r\n", "abc", "", 3},
		{"in chunks that break off", "Transfer-Encoding: chunked\n", "3\nabc\n9\nab", "abcab", "not_recorded", 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, err := recording.HTTP("a.http", []byte("PUT / HTTP/1.0\nHost: a.example\n"+c.head+"\n"+c.rest))
			if err != nil {
				t.Fatal(err)
			}
			if string(x.Body.Bytes) != c.body || x.Body.Reason != c.reason || x.Body.Total != c.total || x.Request.Length != c.total {
				t.Errorf("body %q, %+v, length %d", x.Body.Bytes, x.Body, x.Request.Length)
			}
			if strings.Contains(c.head, "chunked") && (x.Request.Header["Content-Length"] != nil || x.Request.Header["Transfer-Encoding"] != nil) {
				t.Errorf("chunks and a length: %v", x.Request.Header)
			}
		})
	}
}

func TestTheDestinationOfARawRequest(t *testing.T) {
	for _, c := range []struct {
		line, host string
		want       string
		port       uint16
		sni        string
	}{
		{"/", "chatgpt.com", "chatgpt.com", 443, "chatgpt.com"},
		{"/", "ChatGPT.com.:8443", "chatgpt.com", 8443, "chatgpt.com"},
		{"/", "intranet.example:80", "intranet.example", 80, ""},
		{"http://a.example/x", "b.example", "a.example", 80, ""},
		{"https://a.example:444/x", "", "a.example", 444, "a.example"},
		{"/", "[2001:db8::1]:8443", "2001:db8::1", 8443, ""},
		{"https://müller.example/", "", "müller.example", 443, "müller.example"},
	} {
		x, err := recording.HTTP("a.http", []byte("GET "+c.line+" HTTP/1.1\nHost: "+c.host+"\n\n"))
		d := x.Request.Destination
		if err != nil || d.Host != c.want || d.Port != c.port || d.SNI != c.sni {
			t.Errorf("%s %s: %+v, %v", c.line, c.host, d, err)
		}
	}
}

func TestAFaultOfARawRequestHasItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"":                                       "a.http:1:1: error: the file is empty",
		"hello\n\n":                              "a.http:1:1: error: this is no request line of HTTP/1",
		"\r\nPOST /a b HTTP/1.1\n\n":             "a.http:2:1: error: this is no request line of HTTP/1",
		"GET / HTTP/2.0\n\n":                     "a.http:1:1: error: HTTP/2 is no text",
		"GET / HTTP/1.1\nAccept: */*\n\n":        "a.http:1:1: error: the request does not say for which host it is",
		"GET / HTTP/1.0\n\n":                     "a.http:1:1: error: the request does not say for which host it is",
		"CONNECT a.example:443 HTTP/1.1\n\n":     "a.http:1:1: error: a CONNECT opens a tunnel and carries nothing",
		"GET /%zz HTTP/1.1\nHost: a.example\n\n": "a.http:1:1: error: the path has a % without two hexadecimal digits",
		"GET / HTTP/1.1\nHost: a.example\nno field\n\n":                     "a.http:3:1: error: this is no field of a head",
		"PUT / HTTP/1.1\nHost: a\nContent-Length: 1\n\nab":                  "a.http:5:2: error: something follows the body, and is no answer",
		"PUT / HTTP/1.1\nHost: a\nContent-Length: -1\n\n":                   "a.http:1:1: error: the Content-Length is not one number",
		"PUT / HTTP/1.1\nHost: a\nContent-Length: 1\nContent-Length: 2\n\n": "a.http:1:1: error: the Content-Length is not one number",
		"PUT / HTTP/1.1\nHost: a\nTransfer-Encoding: gzip\n\n":              "a.http:1:1: error: the only transfer encoding that is known is chunked",
		"PUT / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\nxyz\n":      "a.http:5:1: error: this is no size of a chunk",
		"PUT / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n1\nabc\n":   "a.http:6:2: error: the chunk is longer than its size says",
		"PUT ftp://a.example/ HTTP/1.1\n\n":                                 "a.http:1:1: error: the URL is not one of http, https, ws or wss",
		"PUT / HTTP/1.1\nHost: a.example:99999\n\n":                         "a.http:1:1: error: the port is not a number from 1 to 65535",
	} {
		_, err := recording.HTTP("a.http", []byte(text))
		if err == nil {
			t.Errorf("%q is taken", text)
		} else if got := at(t, err); got != want {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestATranscriptHoldsTheMessagesOfTheClient(t *testing.T) {
	const messages = "\n# first\n> {\"a\":1}\n< no\n> base64:AAEC\n> quoted:\"{\\\"type\\\":6}\\u001e\"\n> text:base64:x\n>\n"
	for _, head := range []string{
		"GET wss://copilot.example/chat?x=1 HTTP/1.1\nCookie: a\n",
		"GET /chat?x=1 HTTP/1.1\nHost: copilot.example\nUpgrade: websocket\n",
		"wss://copilot.example/chat?x=1\n",
	} {
		x, err := recording.Transcript("a.ws", []byte(head+messages))
		if err != nil {
			t.Fatal(err)
		}
		if !x.IsWebSocket() || x.Request.Destination.Host != "copilot.example" || x.Request.Query != "x=1" || x.Name != "GET wss://copilot.example/chat" {
			t.Errorf("%q: %+v, %q", head, x.Request, x.Name)
		}
		want := []struct {
			text  string
			frame engine.Frame
		}{{`{"a":1}`, engine.TextFrame}, {"\x00\x01\x02", engine.BinaryFrame}, {"{\"type\":6}\x1e", engine.TextFrame}, {"base64:x", engine.TextFrame}, {"", engine.TextFrame}}
		if len(x.Messages) != len(want) {
			t.Fatalf("%d messages", len(x.Messages))
		}
		for i, w := range want {
			if m := x.Messages[i]; string(m.Bytes) != w.text || m.Frame != w.frame || m.Total != int64(len(w.text)) {
				t.Errorf("message %d: %+v", i+1, m)
			}
		}
	}
}

func TestAFaultOfATranscriptHasItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "a.ws:1:1: error: the file is empty",
		"wss://\n\n> a":                  "a.ws:1:1: error: the URL has no host",
		"POST wss://a/ HTTP/1.1\n\n> a":  "a.ws:1:1: error: a WebSocket is opened by GET",
		"wss://a/\n\nhello\n":            "a.ws:3:1: error: this is no message",
		"wss://a/\n\n> base64:*\n":       "a.ws:3:1: error: the message is not base64",
		"wss://a/\n\n> a\n> quoted:{}\n": "a.ws:4:1: error: the message is not a JSON string",
	} {
		_, err := recording.Transcript("a.ws", []byte(text))
		if err == nil {
			t.Errorf("%q is taken", text)
		} else if got := at(t, err); got != want {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestTheStrictestMessageDecides(t *testing.T) {
	s := compile(t, "rules:\n- {name: no, match: {data: personal}, action: block}\n- {name: yes, match: {operation: prompt}, action: log}\n")
	x, err := recording.Transcript("a.ws", []byte("wss://copilot.microsoft.com/c/api/chat\n\n"+
		`> {"event":"send","content":[{"type":"text","text":"hello there"}]}`+"\n"+
		`> {"event":"send","content":[{"type":"text","text":"write to ana.torres@kunden.example"}]}`+"\n"+
		`> {"event":"send","content":[{"type":"text","text":"write to bob.meier@kunden.example"}]}`+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	x.Request.Time = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	j := x.Judge(s, nil)
	if j.Message != 2 || !j.Verdict.Stops() || j.Verdict.Rule != "no" || j.Facts.Content.People != 1 {
		t.Errorf("message %d, %+v, %v", j.Message, j.Verdict, j.Facts.Content)
	}
}
