package proxy

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/rules"
)

// What stands behind the window that is read is known to be unread, and a policy can
// stop it, whether the length is told or not and however the body comes.
func TestWhatIsBehindTheWindowCanBeStopped(t *testing.T) {
	const policy = `version: 1
mode: enforce
rules:
  - name: nothing-unread
    match: {service: [chatgpt], coverage: [truncated, undecodable, not_inspected]}
    action: block
`
	body := "Name,E-Mail\n" + strings.Repeat("harmless,words\n", 20000) + customers
	for _, length := range []int64{int64(len(body)), -1} {
		for _, encoding := range []string{"", "identity", "gzip", "aws-chunked"} { // the last two lie
			var w *uploadWorld
			w = startUploadsUnder(t, policy, "", Limits{InspectBytes: 64 << 10, HoldBytes: 128 << 10}, func(rw http.ResponseWriter, r *http.Request) { w.store(rw, r, 200) })
			r, _ := http.NewRequest("POST", "https://chatgpt.com/backend-api/f/conversation", io.MultiReader(strings.NewReader(body)))
			r.ContentLength = length
			if encoding != "" {
				r.Header.Set("Content-Encoding", encoding)
			}
			resp, err := w.client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusForbidden || w.wrote.String() != "" {
				t.Errorf("length %d, %q: %d, the server got %d bytes", length, encoding, resp.StatusCode, len(w.wrote.String()))
			}
			if e := w.end(t)[0]; e.Coverage.State == classifier.Complete || e.Verdict.Action != rules.Block || e.Coverage.BytesRead > e.Request.Bytes || e.Coverage.BytesRead == 0 && (encoding == "" || encoding == "identity") {
				t.Errorf("length %d, %q: %+v of %d bytes", length, encoding, e.Coverage, e.Request.Bytes)
			}
		}
	}
}
