package recording_test

import (
	"errors"
	"strings"
	"testing"

	"daylight.internal/rules/recording"
	"daylight.internal/rules/strictyaml"
)

// fuzzed holds what must be true of every exchange that was read, and of every error.
func fuzzed(t *testing.T, data []byte, exchanges []recording.Exchange, err error) {
	t.Helper()
	if err != nil {
		var p strictyaml.Problem
		if !errors.As(err, &p) || p.Line < 1 || p.Column < 1 || p.Line > strings.Count(string(data), "\n")+1 {
			t.Fatalf("the error has no place in the file: %v", err)
		}
		return
	}
	for i := range exchanges {
		x := &exchanges[i]
		d := x.Request.Destination
		switch b := x.Body; {
		case d.Host == "" || d.Port == 0 || x.Request.Method == "" || x.Name == "":
			t.Fatalf("no destination: %+v", x)
		case b.Total < int64(len(b.Bytes)), b.Total > int64(len(b.Bytes)) && b.Reason == "":
			t.Fatalf("a body of %d of %d bytes for the reason %q", len(b.Bytes), b.Total, b.Reason)
		case len(x.Response.Body) > 64<<10:
			t.Fatalf("an answer of %d bytes", len(x.Response.Body))
		}
		for name := range x.Request.Header {
			if strings.HasPrefix(name, ":") || name == "Host" {
				t.Fatalf("the field %q", name)
			}
		}
	}
}

func FuzzHAR(f *testing.F) {
	f.Add(har(post(`{"name":":authority","value":"chatgpt.com"},{"name":"content-length","value":"9"}`, `,"bodySize":9,"postData":{"mimeType":"application/json","text":"{}"}`)))
	f.Add(har(post("", `,"postData":{"mimeType":"image/png","text":"iVBORw==","encoding":"base64"}`)))
	f.Add(har(post("", `,"postData":{"mimeType":"multipart/form-data; boundary=b","params":[{"name":"f","value":null,"fileName":"a\".csv","contentType":"text/csv"}]}`)))
	f.Add(har(post(`{"name":"Content-Type","value":"multipart/form-data; boundary=b"}`, `,"postData":{"mimeType":"","text":"--b\r\nContent-Disposition: form-data; filename=a\r\n\r\n\r\n--b--"}`)))
	f.Add(har(post(`{"name":"Content-Encoding","value":"gzip"}`, `,"postData":{"mimeType":"","text":"a\udcff\ud83d\ude00\ufffd"}`)))
	f.Add(har(`{"_resourceType":"websocket","_webSocketMessages":[{"type":"send","opcode":2,"data":"AAEC"}],"request":{"url":"wss://a.example/"}}`))
	f.Add([]byte("\ufeff{\"log\":{\"entries\":[{}]}}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		exchanges, err := recording.HAR("a.har", data)
		fuzzed(t, data, exchanges, err)
	})
}

func FuzzHTTP(f *testing.F) {
	f.Add([]byte("POST /a?b=c HTTP/1.1\r\nHost: a.example:8443\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nA: b\r\n\r\nx"))
	f.Add([]byte("PUT http://a.example/%C3%A9 HTTP/1.0\nTransfer-Encoding: chunked\n\n3;x\nabc\n0\nA: b\n\n"))
	f.Add([]byte("\nGET * HTTP/1.1\nHost: [::1]\n folded\nCookie: a\nCookie: b\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := recording.HTTP("a.http", data)
		fuzzed(t, data, []recording.Exchange{x}, err)
	})
}

func FuzzTranscript(f *testing.F) {
	f.Add([]byte("wss://a.example/x?y\nCookie: a\n\n# c\n> {}\n< b\n> base64:AAEC\n> quoted:\"\\u001e\"\n> text:\n"))
	f.Add([]byte("GET /x HTTP/1.1\r\nHost: a.example\r\n\r\n>\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := recording.Transcript("a.ws", data)
		fuzzed(t, data, []recording.Exchange{x}, err)
	})
}
