package proxy

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func TestOnlyMessagesPassAsAStreamOfMessages(t *testing.T) {
	const message, empty = "\x00\x00\x00\x00\x03abc", "\x00\x00\x00\x00\x00"
	for _, c := range []struct {
		name, body string
		passes     bool
	}{
		{"nothing", "", true},
		{"a message", message, true},
		{"an empty message", empty, true},
		{"several, one compressed, and the end", message + empty + "\x01\x00\x00\x00\x01{" + "\x02\x00\x00\x00\x02{}", true},
		{"JSON", `{"messages":[]}`, false},
		{"JSON behind a message", message + `{"messages":[]}`, false},
		{"JSON behind blanks", "\n\n" + `{"messages":[]}`, false},
		{"a table", "name,email\n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, reader := range []io.Reader{strings.NewReader(c.body), iotest.OneByteReader(strings.NewReader(c.body))} {
				got, err := io.ReadAll(&envelopeBody{ReadCloser: io.NopCloser(reader)})
				var refused *carryError
				if errors.As(err, &refused) == c.passes || !strings.HasPrefix(c.body, string(got)) || strings.ContainsAny(string(got), "[,") {
					t.Errorf("passed %q, %v", got, err)
				}
			}
		})
	}
}

func TestAListThatClaimsToBeAStreamIsStopped(t *testing.T) {
	for _, c := range []struct {
		name, path, media string
		status            int
	}{
		{"where the catalogue knows JSON", "/backend-api/f/conversation", "application/grpc", 403},
		{"where it knows nothing", "/unknown", "application/grpc", 400},
		{"as a stream of Connect", "/unknown", "application/connect+json", 400},
		{"as gRPC for the web", "/unknown", "application/grpc-web+proto", 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := startWhole(t)
			req, err := http.NewRequest(http.MethodPost, "https://chatgpt.com"+c.path, io.MultiReader(strings.NewReader(prompt(customers)), slowEnd{}))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", c.media)
			resp, err := w.client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			all := w.end(t)
			if resp.StatusCode != c.status || strings.Contains(w.reached.String(), "customer") || len(all) != 1 {
				t.Fatalf("status %d, the server got %q, %d events", resp.StatusCode, w.reached, len(all))
			}
			if e := all[0]; e.Response.Status != c.status || e.Error != "not_grpc" && !e.Verdict.Enforced {
				t.Errorf("event %+v", e)
			}
		})
	}
}

// slowEnd ends a body a little later than its last byte.
type slowEnd struct{}

func (slowEnd) Read([]byte) (int, error) {
	time.Sleep(20 * time.Millisecond)
	return 0, io.EOF
}
