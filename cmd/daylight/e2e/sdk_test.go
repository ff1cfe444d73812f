package e2e_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// genaiReport is what testdata/clients/genai.mjs prints.
type genaiReport struct {
	Text   string
	Closed struct {
		Code   int
		Reason string
	}
	Error *struct {
		Name, Message string
		Status        int
	}
	GaveUp bool
}

func (w *world) genai(mode, prompt string) genaiReport {
	w.t.Helper()
	var r genaiReport
	out := w.run(prompt, "node", clientFile(w.t, "genai.mjs"), mode)
	if err := json.Unmarshal([]byte(out), &r); err != nil || r.GaveUp {
		w.t.Fatalf("genai.mjs printed %q: %v", out, err)
	}
	return r
}

func TestGoogleGenAISDK(t *testing.T) {
	need(t, "node")
	clientFile(t, "genai.mjs")
	w := start(t, marketingPolicy)
	for _, mode := range []string{"plain", "stream", "live"} {
		t.Run(mode+" gets an answer", func(t *testing.T) {
			if r := w.genai(mode, cleanPrompt); r.Error != nil || r.Text != "Guten Tag." {
				t.Errorf("got %+v %+v", r, r.Error)
			}
		})
	}
	t.Run("upload is stored", func(t *testing.T) {
		if r := w.genai("upload", cleanPrompt); r.Error != nil || !strings.HasPrefix(r.Text, "files/file-") || !strings.HasSuffix(r.Text, " 83") {
			t.Errorf("got %+v %+v", r, r.Error)
		}
		if got := w.services.uploads.arrived(); got != len(cleanPrompt) {
			t.Errorf("%d bytes arrived", got)
		}
	})
}
