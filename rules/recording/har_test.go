package recording_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"daylight.internal/rules/engine"
	"daylight.internal/rules/recording"
)

// har is a file with the entries given.
func har(entries ...string) []byte {
	return []byte(`{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"pages":[],"entries":[` + strings.Join(entries, ",\n") + `]}}`)
}

// post is an entry of a POST, of which more are further members of its request.
func post(headers, more string) string {
	return fmt.Sprintf(`{"startedDateTime":"2026-11-22T10:00:00.500Z","time":12.5,"request":{"method":"POST","url":"https://chatgpt.com/backend-api/f/conversation?x=1","httpVersion":"http/2.0","headers":[%s],"queryString":[],"cookies":[]%s},"response":{"status":200,"statusText":"","headers":[],"content":{"size":2,"mimeType":"application/json"}}}`, headers, more)
}

func read(t *testing.T, entries ...string) []recording.Exchange {
	t.Helper()
	x, err := recording.HAR("a.har", har(entries...))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestAnEntryBecomesWhatTheProxySees(t *testing.T) {
	x := read(t, post(`{"name":":authority","value":"chatgpt.com"},{"name":":method","value":"POST"},{"name":"cookie","value":"a=1"},{"name":"cookie","value":"b=2"},{"name":"content-type","value":"application/json"},{"name":"content-length","value":"16"}`,
		`,"headersSize":-1,"bodySize":16,"postData":{"mimeType":"application/json","text":"{\"q\":\"Grüße\"}"}`))[0]
	r := x.Request
	if r.Method != "POST" || r.Path != "/backend-api/f/conversation" || r.Query != "x=1" || r.Length != 15 && r.Length != 16 {
		t.Errorf("request %+v", r)
	}
	if d := r.Destination; d.Host != "chatgpt.com" || d.ConnectHost != "chatgpt.com" || d.SNI != "chatgpt.com" || d.Port != 443 {
		t.Errorf("destination %+v", d)
	}
	if len(r.Header) != 3 || r.Header["Cookie"][0] != "a=1; b=2" {
		t.Errorf("header %v", r.Header)
	}
	if want := time.Date(2026, 11, 22, 10, 0, 0, 5e8, time.UTC); !r.Time.Equal(want) {
		t.Errorf("time %v", r.Time)
	}
	if string(x.Body.Bytes) != `{"q":"Grüße"}` || x.Response.Status != 200 {
		t.Errorf("body %q, status %d", x.Body.Bytes, x.Response.Status)
	}
	if x.Name != "entry 1: POST https://chatgpt.com/backend-api/f/conversation" || x.Entry != 1 {
		t.Errorf("name %q", x.Name)
	}
}

func TestTheBodyOfAnEntry(t *testing.T) {
	const form, multi = `{"name":"Content-Type","value":"application/x-www-form-urlencoded"}`, `{"name":"Content-Type","value":"multipart/form-data; boundary=b"}`
	for _, c := range []struct {
		name, headers, more string
		body, reason        string
		total               int64
	}{
		{"is none without postData", "", `,"bodySize":0`, "", "", 0},
		{"is none without postData and a size", "", `,"bodySize":-1`, "", "", 0},
		{"was not recorded when there is a size but no postData", "", `,"bodySize":120`, "", "not_recorded", 120},
		{"is the text", "", `,"postData":{"mimeType":"text/plain","text":"héllo"}`, "héllo", "", 6},
		{"is null for a program that had none", "", `,"bodySize":0,"postData":{"mimeType":"","text":null,"params":[]}`, "", "", 0},
		{"is base64 when it says so", "", `,"postData":{"mimeType":"image/png","text":"iVBORw==","encoding":"base64"}`, "\x89PNG", "", 4},
		{"is base64 when it says so in a field of its own", "", `,"postData":{"mimeType":"image/png","text":"iVBORw==","_encoding":"base64"}`, "\x89PNG", "", 4},
		{"is written anew from the fields of a form", form, `,"postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"a b","value":"1&2"},{"name":"c"}]}`, "a+b=1%262&c=", "", 12},
		{"is the text and not the fields", form, `,"postData":{"mimeType":"application/x-www-form-urlencoded","text":"a=1","params":[{"name":"a","value":"1"}]}`, "a=1", "", 3},
		{"is written anew from the parts of a form", multi, `,"postData":{"mimeType":"multipart/form-data; boundary=b","params":[{"name":"n","value":"v"},{"name":"f","value":"1,2","fileName":"a.csv","contentType":"text/csv"}]}`,
			"--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\nv\r\n--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n1,2\r\n--b--\r\n", "", 0},
		{"was not recorded for a part with a file but no content", multi, `,"postData":{"mimeType":"multipart/form-data; boundary=b","params":[{"name":"f","fileName":"a.csv"}]}`,
			"--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.csv\"\r\n\r\n\r\n--b--\r\n", "not_recorded", 0},
		{"was not recorded for a file of which Chrome says that it is one", multi, `,"postData":{"mimeType":"multipart/form-data; boundary=b","params":[{"name":"f","value":"(binary)"}]}`,
			"--b\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n(binary)\r\n--b--\r\n", "not_recorded", 0},
		{"was not recorded for a file that Chrome left out", multi, `,"bodySize":83,"postData":{"mimeType":"multipart/form-data; boundary=b","text":"--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.csv\"\r\n\r\n\r\n--b--\r\n"}`,
			"--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.csv\"\r\n\r\n\r\n--b--\r\n", "not_recorded", 0},
		{"is whole with an empty file when its length fits", multi + `,{"name":"Content-Length","value":"76"}`, `,"postData":{"mimeType":"multipart/form-data; boundary=b","text":"--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.csv\"\r\n\r\n\r\n--b--\r\n"}`,
			"--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.csv\"\r\n\r\n\r\n--b--\r\n", "", 76},
		{"was not recorded when Playwright left bytes out", "", `,"bodySize":4,"postData":{"mimeType":"application/octet-stream","text":"","params":[]}`, "", "not_recorded", 4},
		{"was not recorded when Playwright keeps it in a file", "", `,"bodySize":-1,"postData":{"mimeType":"text/plain","text":"","params":[],"_file":"a1.txt"}`, "", "not_recorded", 0},
		{"was not recorded when Firefox left it out", "", `,"bodySize":0,"postData":{"mimeType":"text/plain","text":"","params":[],"comment":"Request bodies are not included."}`, "", "not_recorded", 0},
		{"of Firefox has its fields before it", form, `,"bodySize":90,"postData":{"mimeType":"application/x-www-form-urlencoded","text":"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=1"}`, "a=1", "", 3},
		{"was not recorded when its end is missing", `{"name":"content-length","value":"9000"}`, `,"bodySize":5,"postData":{"mimeType":"text/plain","text":"hello"}`, "hello", "not_recorded", 9000},
		{"of Chrome has its bytes back when it is no text", `{"name":"content-length","value":"5"}`, `,"bodySize":9,"postData":{"mimeType":"application/octet-stream","text":"\u0089PN\u00ff\u00fe"}`, "\x89PN\xff\xfe", "", 5},
		{"stays as it is when it is text", `{"name":"content-length","value":"9"}`, `,"bodySize":9,"postData":{"mimeType":"text/plain","text":"Größe 5"}`, "Größe 5", "", 9},
		{"of Python has its bytes back", "", `,"postData":{"mimeType":"","text":"a\udcff\udc80\ud83d\ude00\u00e9\n"}`, "a\xff\x80😀é\n", "", 10},
		{"was not recorded whole when it is no text", `{"name":"content-length","value":"3"}`, `,"postData":{"mimeType":"x/y","text":"a\ufffdb"}`, "a\ufffdb", "not_recorded", 5},
		{"that was compressed is what it was before", `{"name":"Content-Encoding","value":"gzip"},{"name":"Content-Length","value":"999"}`, `,"postData":{"mimeType":"text/plain","text":"hello"}`, "hello", "", 5},
		{"that was compressed and is broken was not recorded", `{"name":"Content-Encoding","value":"gzip"},{"name":"Content-Length","value":"999"}`, `,"postData":{"mimeType":"text/plain","text":"\u001f\ufffd\b"}`, "", "not_recorded", 999},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := read(t, post(c.headers, c.more))[0]
			if c.total == 0 {
				c.total = max(x.Body.Total, int64(len(c.body)))
			}
			if string(x.Body.Bytes) != c.body || x.Body.Reason != c.reason || x.Body.Total != c.total {
				t.Errorf("body %q, %q, %d of %d", x.Body.Bytes, x.Body.Reason, len(x.Body.Bytes), x.Body.Total)
			}
		})
	}
}

func TestTheAuthorityIsTheHostThatTheRequestIsFor(t *testing.T) {
	for _, field := range []string{":authority", "Host", "host"} {
		x := read(t, post(`{"name":"`+field+`","value":"Front.example:443"}`, ""))[0]
		if d := x.Request.Destination; d.Host != "front.example" || d.ConnectHost != "chatgpt.com" || d.SNI != "chatgpt.com" {
			t.Errorf("%s: %+v", field, d)
		}
	}
}

func TestAWebSocketIsKnownByItsType(t *testing.T) {
	for _, entry := range []string{
		`{"_resourceType":"websocket","request":{"url":"https://a.example/x"}}`, `{"_webSocketMessages":[],"request":{"url":"https://a.example/x"}}`,
		`{"request":{"url":"wss://a.example/x"}}`, `{"request":{"url":"https://a.example/x","headers":[{"name":"upgrade","value":"WebSocket"}]}}`,
	} {
		if x := read(t, entry)[0]; !x.IsWebSocket() || x.Request.Destination.Port != 443 {
			t.Errorf("%s: %+v", entry, x.Request)
		}
	}
	if x := read(t, `{"_resourceType":"fetch","request":{"url":"https://a.example/x"}}`)[0]; x.IsWebSocket() {
		t.Error("a fetch is a WebSocket")
	}
}

func TestTheMessagesOfAWebSocketAreThoseOfTheClient(t *testing.T) {
	x := read(t, `{"_resourceType":"websocket","_webSocketMessages":[{"type":"send","time":1.5,"opcode":1,"data":"hello"},{"type":"receive","time":2,"opcode":1,"data":"no"},{"type":"send","time":3,"opcode":2,"data":"AAEC"},{"type":"send","opcode":9,"data":""},{"type":"error","opcode":-1,"data":"closed"}],
		"request":{"method":"GET","url":"wss://copilot.microsoft.com/c/api/chat","headers":[]},"response":{"status":101}}`)[0]
	if !x.IsWebSocket() || x.Request.Destination.Port != 443 || x.Response.Status != 101 || len(x.Messages) != 2 {
		t.Fatalf("%+v", x)
	}
	if m := x.Messages[0]; string(m.Bytes) != "hello" || m.Frame != engine.TextFrame {
		t.Errorf("%+v", m)
	}
	if m := x.Messages[1]; string(m.Bytes) != "\x00\x01\x02" || m.Frame != engine.BinaryFrame || m.Total != 3 {
		t.Errorf("%+v", m)
	}
}

func TestAnEntryThatLeftNoMachineIsNoExchange(t *testing.T) {
	x := read(t, `{"request":{"method":"GET","url":"data:text/plain,x"}}`, `{"request":{"method":"GET","url":"blob:https://a.example/1"}}`, post("", ""))
	if len(x) != 1 || x[0].Entry != 3 {
		t.Errorf("%+v", x)
	}
}

func TestTheNameOfAnEntryHoldsNoData(t *testing.T) {
	x := read(t, `{"request":{"method":"get","url":"https://u:p@a.example:8443/v1/ana@kunden.example/4111111111111111/Jos%C3%A9/files?q=secret#f"}}`)[0]
	if x.Name != "entry 1: GET https://a.example:8443/v1/{id}/{id}/{id}/files" {
		t.Errorf("name %q", x.Name)
	}
}

func TestAFaultOfAHARFileHasItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "a.har:1:1: error: the file is empty",
		"{\n \"log\": {":               "a.har:2:10: error: the JSON ends too early",
		"{\n \"log\": }":               "a.har:2:9: error: this is not JSON",
		"<html>":                       "a.har:1:1: error: this is not JSON",
		"[]":                           "a.har:1:1: error: the file is a JSON array",
		`{"log":{"version":"1.2"}}`:    "a.har:1:1: error: this is no HAR file: it has no log.entries",
		`{"log":{"entries":{}}}`:       "a.har:1:19: error: log.entries is a JSON object",
		`{"log":{"entries":[]}} x`:     "a.har:1:23: error: something follows the end of the JSON",
		`{"log":{"entries":[{}]}}`:     "a.har:1:1: error: entry 1: its request.url is not a whole URL",
		`{"log":{"entries":[{}, 1]}}`:  "a.har:1:1: error: entry 1: its request.url is not a whole URL",
		string(har(post("", ""), "1")): "a.har:1:1: error: entry 2: it is a JSON number",
		string(har(post("", `,"postData":{"text":{"a":1}}`))):                                                              "a.har:1:1: error: entry 1: request.postData.text is a JSON object",
		string(har(post("", `,"postData":{"text":"*","encoding":"base64"}`))):                                              "a.har:1:1: error: entry 1: its postData.text is not base64, though its encoding says so",
		string(har(`{"request":{"url":"wss://a.example/"},"_webSocketMessages":[{"type":"send","opcode":2,"data":"*"}]}`)): "a.har:1:1: error: entry 1: its message 1 is not base64",
		string(har(`{"request":{"url":"https://a.example:99999/"}}`)):                                                      "a.har:1:1: error: entry 1: the port is not a number from 1 to 65535",
	} {
		_, err := recording.HAR("a.har", []byte(text))
		if err == nil {
			t.Errorf("%q is taken", text)
		} else if got := at(t, err); got != want {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
	}
}
