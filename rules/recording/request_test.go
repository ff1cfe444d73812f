package recording_test

import (
	"net/url"
	"strings"
	"testing"

	"daylight.internal/rules/engine"
	"daylight.internal/rules/recording"
)

// What cannot stand in a request is refused and not repeated: it would be shown as the
// name of a method or a host.
func TestARequestOfImpossibleWords(t *testing.T) {
	for _, c := range []struct{ name, method, host, header string }{
		{"a method of two words", "POST secret", "a.example", ""},
		{"no method", "", "a.example", ""},
		{"a method with a sign of control", "PO\x1bST", "a.example", ""},
		{"a method beyond ASCII", "PÖST", "a.example", ""},
		{"a host of two words", "POST", "secret a.example", ""},
		{"a host that turns the text around", "POST", "a\u202e.example", ""},
		{"a Host field of two words", "POST", "a.example", "secret a.example"},
		{"a Host field with a user", "POST", "a.example", "secret@a.example"},
		{"a Host field with a path", "POST", "a.example", "a.example/secret"},
	} {
		t.Run(c.name, func(t *testing.T) {
			header := map[string][]string{}
			if c.header != "" {
				header["Host"] = []string{c.header}
			}
			_, err := recording.NewRequest(c.method, &url.URL{Scheme: "https", Host: c.host, Path: "/"}, header)
			if err == nil || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v", err)
			}
		})
	}
	for _, host := range []string{"a.example", "A.example.:8443", "[::1]:443", "bücher.example", "a_b.example"} {
		if _, err := recording.NewRequest("M-SEARCH", &url.URL{Scheme: "https", Host: host, Path: "/"}, nil); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestClipLeavesWhatTheProxyWouldRead(t *testing.T) {
	body := func(text string, total int64) engine.Body { return engine.Body{Bytes: []byte(text), Total: total} }
	messages := []engine.Body{body("abc", 3), body("abcdef", 6)}
	for _, c := range []struct {
		name         string
		body         engine.Body
		want, reason string
	}{
		{"a short one", body("abc", 3), "abc", ""},
		{"one as long as the limit", body("abcd", 4), "abcd", ""},
		{"a longer one", body("abcdef", 6), "abcd", "over_limit"},
		{"the beginning of a longer one", body("abcd", 6), "abcd", "over_limit"},
	} {
		x := recording.Exchange{Body: c.body, Messages: messages}
		x.Clip(4)
		if string(x.Body.Bytes) != c.want || x.Body.Reason != c.reason || x.Body.Total != c.body.Total {
			t.Errorf("%s: %q, %+v", c.name, x.Body.Bytes, x.Body)
		}
		if string(x.Messages[0].Bytes) != "abc" || string(x.Messages[1].Bytes) != "abcd" || x.Messages[1].Reason != "over_limit" {
			t.Errorf("%s: messages %+v", c.name, x.Messages)
		}
	}
	if string(messages[1].Bytes) != "abcdef" || messages[1].Reason != "" {
		t.Errorf("the messages of a shared recording were changed: %+v", messages[1])
	}
}

func TestMediaTypeOf(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"crm.CSV", "a,b", "text/csv"},
		{"crm.xlsx", "PK", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{"", ` {"a": 1}`, "application/json"},
		{"", `{"a": `, "text/plain; charset=utf-8"},
		{"", "\x00\x01", "application/octet-stream"},
		{"notes", "hello", "text/plain; charset=utf-8"},
	} {
		if got := recording.MediaTypeOf(c.name, []byte(c.data)); got != c.want {
			t.Errorf("%q %q: %s, want %s", c.name, c.data, got, c.want)
		}
	}
}
