package e2e_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// tusReport is what testdata/clients/tus.mjs prints.
type tusReport struct {
	Sent  int
	URL   string
	Error *struct {
		Status        int
		Body, Message string
	}
	GaveUp bool
}

func (w *world) tus(body, name string) tusReport {
	w.t.Helper()
	var r tusReport
	out := w.run(body, "node", clientFile(w.t, "tus.mjs"), "https://chatgpt.com/backend-api/files", "700", name)
	if err := json.Unmarshal([]byte(out), &r); err != nil || r.GaveUp {
		w.t.Fatalf("tus.mjs printed %q: %v", out, err)
	}
	return r
}

func TestTusClientResumesAfterALostConnection(t *testing.T) {
	w := start(t, marketingPolicy)
	text := strings.Repeat(cleanPrompt, 40)
	r := w.tus(text, "briefing.txt")
	if r.Error != nil || r.Sent != len(text) {
		t.Fatalf("got %+v %+v", r, r.Error)
	}
	if data, done := w.services.uploads.stored(strings.TrimPrefix(r.URL, "https://tus.blob.test")); data != text || !done {
		t.Errorf("%d bytes were stored, and not as they were sent", len(data))
	}
}
