package recording_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"daylight.internal/rules/engine"
	"daylight.internal/rules/recording"
)

// The files are of one session of a real browser, see testdata/recordings/README.md:
// each line is a request to the stand-in, with what its exporter left of the body.
func TestRealRecordingsAreReadAsTheyWereMade(t *testing.T) {
	const chat, picked = "POST /backend-api/f/conversation 272", "POST /backend-api/picked "
	for name, want := range map[string][]string{
		"chromium-devtools.har": {
			"GET / 0", "GET /favicon.ico 0", chat, "POST /backend-api/form 49", "POST /backend-api/files 333", "POST /backend-api/bytes 8",
			"GET /backend-api/me 0", "GET /socket 0, 2 messages", picked + "278 of 325", "POST /backend-api/single 0 of 47",
		},
		"chromium-playwright.har": {
			"GET / 0", chat, "POST /backend-api/form 49", "POST /backend-api/files 0 of 333", "POST /backend-api/bytes 0 of 8",
			"GET /backend-api/me 0", "GET /socket 0, 2 messages", picked + "0 of 325", "POST /backend-api/single 0 of 47",
		},
	} {
		var got []string
		for _, x := range realRecording(t, name) {
			if d := x.Request.Destination; d.Host != "chatgpt.com" || d.Port != 443 || d.SNI != "chatgpt.com" || x.Request.Time.IsZero() {
				t.Errorf("%s, %s: %+v", name, x.Name, x.Request)
			}
			text := fmt.Sprintf("%s %s %d", x.Request.Method, x.Request.Path, len(x.Body.Bytes))
			if x.Body.Reason != "" {
				text += fmt.Sprintf(" of %d", x.Body.Total)
			}
			if len(x.Messages) > 0 {
				text += fmt.Sprintf(", %d messages", len(x.Messages))
			}
			got = append(got, text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, want)
		}
	}
}

func realRecording(t *testing.T, name string) []recording.Exchange {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "recordings", name))
	if err != nil {
		t.Fatal(err)
	}
	exchanges, err := recording.HAR(name, data)
	if err != nil {
		t.Fatal(err)
	}
	return exchanges
}

func TestARealPromptIsJudgedByWhatItSays(t *testing.T) {
	s := compile(t, "rules: [{name: lists, match: {data: {class: personal, people: \">=3\"}}, action: block}]\n")
	for _, name := range []string{"chromium-devtools.har", "chromium-playwright.har"} {
		for _, x := range realRecording(t, name) {
			j := x.Judge(s, nil)
			isPrompt := x.Request.Path == "/backend-api/f/conversation"
			if j.Verdict.Stops() != isPrompt || isPrompt && (j.Facts.Content.People != 3 || j.Facts.Account.Kind == "") {
				t.Errorf("%s, %s: %+v", name, x.Name, j.Verdict)
			}
		}
	}
}

func TestBytesOfARealRecordingAreThoseThatWereSent(t *testing.T) {
	for _, x := range realRecording(t, "chromium-devtools.har") {
		switch x.Request.Path {
		case "/backend-api/bytes":
			if string(x.Body.Bytes) != "\x89PNG\xff\xfe\x00A" {
				t.Errorf("%q", x.Body.Bytes)
			}
		case "/socket":
			if m := x.Messages[1]; string(m.Bytes) != "\x00\x01\x02\xff" || m.Frame != engine.BinaryFrame || x.Response.Status != 101 {
				t.Errorf("%+v", m)
			}
		}
	}
}
