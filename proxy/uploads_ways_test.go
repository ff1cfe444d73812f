package proxy

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
)

const wayForm = "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"crm.csv\"\r\nContent-Type: text/csv\r\n\r\n" +
	customers + "\r\n--b--\r\n"

// Files that travel in one request, as the services take them.
func TestAFileInOneRequestIsJudgedUnderItsService(t *testing.T) {
	for _, c := range []struct {
		name, service      string
		open, openBody     string
		openHeader         []string
		answer             string
		answerHeader       []string
		method, url, body  string
		header             []string
		filename, hostWord string
	}{
		{
			name: "ChatGPT, a name that is data", service: "chatgpt", open: "https://chatgpt.com/backend-api/files", openBody: `{"file_name":"ana.kovac@customer.example.csv"}`,
			answer: `{"upload_url":"https://files.oaiusercontent.com/file-1?se=1&sp=cw&sig=a"}`,
			method: "PUT", url: "https://files.oaiusercontent.com/file-1?se=1&sp=cw&sig=a", body: customers, filename: "….csv",
		},
		{
			name: "Perplexity, a form of S3", service: "perplexity", open: "https://www.perplexity.ai/rest/uploads/batch_create_upload_urls",
			openBody: `{"files":{"u1":{"filename":"crm.csv","content_type":"text/csv"}}}`,
			answer:   `{"results":{"u1":{"s3_bucket_url":"https://ppl-ai-file-upload.s3.amazonaws.com/","fields":{"key":"k","X-Amz-Signature":"a"}}}}`,
			method:   "POST", url: "https://ppl-ai-file-upload.s3.amazonaws.com/", body: wayForm, header: []string{"Content-Type", "multipart/form-data; boundary=b"}, filename: "crm.csv",
		},
		{
			name: "Runway, a form of S3 at a host on no list", service: "runway", open: "https://api.dev.runwayml.com/v1/uploads", openBody: `{"filename":"crm.csv","type":"ephemeral"}`,
			answer: `{"uploadUrl":"https://bucket.s3.amazonaws.com/","fields":{"key":"k"},"runwayUri":"runway://x"}`,
			method: "POST", url: "https://bucket.s3.amazonaws.com/", body: wayForm, header: []string{"Content-Type", "multipart/form-data; boundary=b"}, filename: "crm.csv",
		},
		{
			name: "a signed PUT of S3", service: "chatgpt", open: "https://chatgpt.com/backend-api/files", openBody: `{"file_name":"crm.csv"}`,
			answer: `{"url":"https://bucket.s3.amazonaws.com/u/crm.csv?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE&X-Amz-Signature=ab"}`,
			method: "PUT", url: "https://bucket.s3.amazonaws.com/u/crm.csv?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE&X-Amz-Signature=ab", body: customers,
			header: []string{"Content-Type", "application/octet-stream"}, filename: "crm.csv",
		},
		{
			name: "Gemini, at once", service: "gemini", open: "https://content-push.googleapis.com/upload/", openBody: "File name: crm.csv",
			openHeader: []string{"X-Goog-Upload-Command", "start", "Content-Type", "application/x-www-form-urlencoded;charset=UTF-8"}, answerHeader: []string{"X-Goog-Upload-URL", "https://content-push.googleapis.com/upload/?upload_id=AB&upload_protocol=resumable"},
			method: "POST", url: "https://content-push.googleapis.com/upload/?upload_id=AB&upload_protocol=resumable", body: customers,
			header: []string{"X-Goog-Upload-Command", "upload, finalize", "X-Goog-Upload-Offset", "0", "Content-Type", "application/x-www-form-urlencoded;charset=utf-8"}, filename: "crm.csv",
		},
		{
			name: "a gateway on no list", service: rules.Suspected, open: "https://gateway.corp.example/v1/chat/completions", openBody: prompt("a file comes"),
			openHeader: []string{"Content-Type", "application/json"}, answer: `{"upload_url":"https://blob.example.test/1?sig=a","filename":"crm.csv"}`,
			method: "PUT", url: "https://blob.example.test/1?sig=a", body: customers, filename: "crm.csv",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var w *uploadWorld
			w = startUploads(t, "", Limits{}, func(rw http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(c.open, r.Host+r.URL.Path) && r.URL.RawQuery == "" && r.Header.Get("Sent") == "" {
					rw.Header().Set("Content-Type", "application/json")
					for i := 0; i < len(c.answerHeader); i += 2 {
						rw.Header().Set(c.answerHeader[i], c.answerHeader[i+1])
					}
					fmt.Fprint(rw, c.answer)
					return
				}
				w.store(rw, r, 200)
			})
			openHeader := c.openHeader
			if openHeader == nil {
				openHeader = []string{"Content-Type", "application/json"}
			}
			w.do(t, "POST", c.open, c.openBody, openHeader...)
			resp, text := w.do(t, c.method, c.url, c.body, append([]string{"Sent", "1"}, c.header...)...)
			if resp.StatusCode != http.StatusForbidden || w.wrote.String() != "" || !strings.Contains(text, c.filename) || strings.Contains(text, "ana.kovac") {
				t.Errorf("%d %s; the server got %q", resp.StatusCode, text, w.wrote)
			}
			all := w.end(t)
			e := all[len(all)-1]
			if e.Service.ID != c.service || e.Service.Operation != "upload" || e.Upload == nil || e.Upload.OpenedBy != all[0].ID || e.Upload.Filename != c.filename ||
				e.Verdict.Action != rules.Block || e.Coverage.State != classifier.Complete {
				t.Errorf("event %+v, upload %+v", e, e.Upload)
			}
			for _, f := range e.Findings {
				if f.Class == "credentials" {
					t.Errorf("the permission in the address was found: %+v", f)
				}
			}
			if output := string(mustRead(t, w.path)); strings.Contains(output, "ana.kovac") || strings.Contains(output, "AKIA") {
				t.Errorf("the events hold a value: %s", output)
			}
		})
	}
}

// What is only observed is told in the same way, and every part goes through.
func TestPartsThatAreOnlyObservedTellEachPersonOnce(t *testing.T) {
	way := resumables()[2]
	var w *uploadWorld
	w = startUploadsUnder(t, "mode: monitor\n"+wholePolicy, "", Limits{}, func(rw http.ResponseWriter, r *http.Request) { way.serve(w, rw, r) })
	way.open(t, w)
	start := 0
	for _, part := range thirds(customers) {
		resp, text := w.do(t, way.method, way.url(0), part, way.header(start, start+len(part), len(customers))...)
		if resp.StatusCode != http.StatusPermanentRedirect {
			t.Fatalf("%d %s", resp.StatusCode, text)
		}
		start += len(part)
	}
	all, people, emails := w.end(t), 0, 0
	var last audit.Event
	for i := range 3 {
		last = eventOf(t, all, way.method, way.host, i)
		people += last.People
		for _, f := range last.Findings {
			if f.Detector == "email" {
				emails += f.Count
			}
		}
		if last.Timing.Mode != audit.ModeObserve || last.Upload == nil {
			t.Errorf("event %+v", last)
		}
	}
	if people != 4 || emails != 4 {
		t.Errorf("%d people, %d addresses", people, emails)
	}
	if last.Verdict.Action != rules.Block || last.Verdict.Enforced {
		t.Errorf("verdict %+v", last.Verdict)
	}
	if used := w.judge.memory.used.Load(); used != 0 {
		t.Errorf("%d bytes of memory were not given back", used)
	}
}

// A body that is no JSON, too long or of no AI service is not read along, and
// every answer reaches the client as it was.
func TestAnswersGoThroughAsTheyAre(t *testing.T) {
	long := `{"text":"` + strings.Repeat("x", 2*announcementBytes) + `","upload_url":"https://blob.example.test/1?sig=a"}`
	for _, c := range []struct {
		name, host, media, body string
		length, announces       bool
	}{
		{"with a length", "chatgpt.com", "application/json", `{"upload_url":"https://blob.example.test/1?sig=a"}`, true, true},
		{"without a length", "chatgpt.com", "application/json; charset=utf-8", `{"upload_url":"https://blob.example.test/1?sig=a"}`, false, true},
		{"of another type", "chatgpt.com", "text/plain", `{"upload_url":"https://blob.example.test/1?sig=a"}`, false, true},
		{"too long", "chatgpt.com", "application/json", long, true, false},
		{"too long, without a length", "chatgpt.com", "application/json", long, false, false},
		{"events", "chatgpt.com", "text/event-stream", "data: {\"upload_url\":\"https://blob.example.test/1?sig=a\"}\n\n", false, false},
		{"of no AI service", "blob.example.test", "application/json", `{"upload_url":"https://blob.example.test/1?sig=a"}`, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := startUploads(t, "", Limits{}, func(rw http.ResponseWriter, r *http.Request) {
				rw.Header().Set("Content-Type", c.media)
				if c.length {
					rw.Header().Set("Content-Length", fmt.Sprint(len(c.body)))
				}
				for i := 0; i < len(c.body); i += 1 + len(c.body)/3 {
					fmt.Fprint(rw, c.body[i:min(len(c.body), i+1+len(c.body)/3)])
					rw.(http.Flusher).Flush()
				}
			})
			_, text := w.do(t, "POST", "https://"+c.host+"/backend-api/files", `{"file_name":"crm.csv"}`, "Content-Type", "application/json")
			if text != c.body {
				t.Errorf("%d bytes came, want %d", len(text), len(c.body))
			}
			if got := w.judge.uploads.count.Load(); (got == 1) != c.announces || got > 1 {
				t.Errorf("%d uploads are announced", got)
			}
		})
	}
}

// A client may act on an answer before it has heard that there is no more of it.
func TestAnUploadIsKnownBeforeTheAnswerEnds(t *testing.T) {
	sent := make(chan struct{})
	w := startUploads(t, "", Limits{}, func(rw http.ResponseWriter, r *http.Request) {
		if r.Host == "chatgpt.com" {
			openChatGPT(rw, true)
			<-sent
		}
	})
	t.Cleanup(sync.OnceFunc(func() { close(sent) }))
	req, _ := http.NewRequest("POST", "https://chatgpt.com/backend-api/files", strings.NewReader(`{"file_name":"crm.csv"}`))
	req.Header.Set("Content-Type", "application/json")
	client := w.client()
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct {
		URL string `json:"upload_url"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if resp, text := send(t, client, "PUT", answer.URL, customers); resp.StatusCode != http.StatusForbidden || !strings.Contains(text, "crm.csv") {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
}
