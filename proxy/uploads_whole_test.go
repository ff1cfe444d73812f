package proxy

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

// uploadWorld is a proxy with the real engine before services and object stores.
type uploadWorld struct {
	*whole
	user  atomic.Pointer[string] // of the connections that are opened next
	wrote *sharedText            // what reached a server as bytes of a file
}

// uploadHosts are the names of the stand-in server.
func uploadHosts() []string {
	return []string{
		"chatgpt.com", "files.oaiusercontent.com", "blob.example.test", "storage.googleapis.com", "content-push.googleapis.com",
		"claude.ai", "gateway.corp.example", "bucket.s3.amazonaws.com", "www.perplexity.ai", "ppl-ai-file-upload.s3.amazonaws.com", "api.dev.runwayml.com", "kept.example.test",
	}
}

func startUploads(t *testing.T, intercept engine.Interception, limits Limits, serve http.HandlerFunc) *uploadWorld {
	t.Helper()
	return startUploadsUnder(t, wholePolicy, intercept, limits, serve)
}

func startUploadsUnder(t *testing.T, policy string, intercept engine.Interception, limits Limits, serve http.HandlerFunc) *uploadWorld {
	t.Helper()
	w := &uploadWorld{
		whole: &whole{metrics: metrics.New(metrics.Build{}), sink: &events{}, path: filepath.Join(t.TempDir(), "events.jsonl"), reached: &sharedText{}},
		wrote: &sharedText{},
	}
	w.signIn("ana@corp.example")
	snapshots := NewSnapshots(func() (Snapshot, error) {
		return compileSource(t, engine.Source{
			Policy: []policyfile.File{{Name: "policy.yaml", Data: []byte(policy)}}, Intercept: intercept, Bypass: []string{"kept.example.test"},
		})
	}, w.metrics)
	if err := snapshots.Load(); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.file, err = audit.OpenFile(w.path, audit.FileOptions{Dropped: w.metrics.EventDropped("file")}); err != nil {
		t.Fatal(err)
	}
	w.judge = NewJudge(JudgeOptions{Snapshots: snapshots, Metrics: w.metrics, Events: audit.Multi(w.sink, w.file), TempDir: t.TempDir(), Limits: limits})
	server := proxytest.NewServer(t, serve, uploadHosts()...)
	w.testProxy = startProxy(t, func(_ *Config, d *Dependencies) {
		d.Inspector, d.Counters = w.judge, w.metrics
		d.Identify = func(r *http.Request) (rules.Client, *http.Response) {
			return rules.Client{Address: clientAddress(r), User: *w.user.Load()}, nil
		}
	}, server)
	return w
}

func (w *uploadWorld) signIn(user string) { w.user.Store(&user) }

// store notes the bytes of a request and answers.
func (w *uploadWorld) store(rw http.ResponseWriter, r *http.Request, status int) {
	body, _ := io.ReadAll(r.Body)
	w.wrote.add(fmt.Sprintf("[%s %s %s]%s", r.Method, r.Host, r.URL.Path, body))
	rw.WriteHeader(status)
}

// eventOf returns the event of the n-th request (from 0) with a method to a host.
func eventOf(t *testing.T, all []audit.Event, method, host string, n int) audit.Event {
	t.Helper()
	for _, e := range all {
		if e.Request.Method == method && e.Destination.Host == host {
			if n == 0 {
				return e
			}
			n--
		}
	}
	t.Fatalf("there is no event of %s %s: %+v", method, host, all)
	return audit.Event{}
}

func openChatGPT(rw http.ResponseWriter, flush bool) {
	rw.Header().Set("Content-Type", "application/json")
	fmt.Fprint(rw, `{"status":"success","upload_url":"https://files.oaiusercontent.com/file-8JqvX2kPdW3m?se=2026-11-22T13%3A00%3A00Z&sp=cw&sv=2024-08-04&sr=b&sig=Zm9v%3D","file_id":"file-8JqvX2kPdW3m"}`)
	if flush {
		rw.(http.Flusher).Flush()
	}
}

const chatGPTBlob = "https://files.oaiusercontent.com/file-8JqvX2kPdW3m?se=2026-11-22T13%3A00%3A00Z&sp=cw&sv=2024-08-04&sr=b&sig=Zm9v%3D"

// The four steps in which the web app of ChatGPT uploads a file.
func TestAFileForChatGPTIsStoppedOnItsWayToTheBlobStore(t *testing.T) {
	var w *uploadWorld
	w = startUploads(t, "", Limits{}, func(rw http.ResponseWriter, r *http.Request) {
		switch {
		case r.Host == "chatgpt.com" && r.URL.Path == "/backend-api/files":
			openChatGPT(rw, true)
		case r.Host == "files.oaiusercontent.com":
			w.store(rw, r, http.StatusCreated)
		default:
			fmt.Fprint(rw, `{"status":"success"}`)
		}
	})
	open := func(name string) {
		resp, text := w.do(t, "POST", "https://chatgpt.com/backend-api/files", fmt.Sprintf(`{"file_name":%q,"file_size":%d,"use_case":"my_files"}`, name, len(customers)), "Content-Type", "application/json")
		if resp.StatusCode != 200 || !strings.Contains(text, "upload_url") {
			t.Fatalf("opening: %d %s", resp.StatusCode, text)
		}
	}
	open("crm-export.csv")
	w.signIn("") // nobody signs in at a blob store
	resp, text := send(t, w.client(), "PUT", chatGPTBlob, customers, "X-Ms-Blob-Type", "BlockBlob", "Content-Type", "text/csv", "Origin", "https://chatgpt.com")
	if resp.StatusCode != http.StatusForbidden || !strings.Contains(text, `"code":"blocked_by_policy"`) || !strings.Contains(text, "File: crm-export.csv.") ||
		resp.Header.Get("Access-Control-Allow-Origin") != "https://chatgpt.com" {
		t.Errorf("the list: %d %v %s", resp.StatusCode, resp.Header, text)
	}
	w.signIn("ana@corp.example")
	open("plan.txt")
	resp, _ = send(t, w.client(), "PUT", chatGPTBlob, "A plan for the autumn.", "X-Ms-Blob-Type", "BlockBlob", "Content-Type", "text/plain")
	if resp.StatusCode != http.StatusCreated {
		t.Errorf("the plan: %d", resp.StatusCode)
	}
	w.do(t, "POST", "https://chatgpt.com/backend-api/files/file-8JqvX2kPdW3m/uploaded", "{}", "Content-Type", "application/json")
	if got := w.wrote.String(); got != "[PUT files.oaiusercontent.com /file-8JqvX2kPdW3m]A plan for the autumn." {
		t.Errorf("the store got %q", got)
	}
	all := w.end(t)
	opened, put := eventOf(t, all, "POST", "chatgpt.com", 0), eventOf(t, all, "PUT", "files.oaiusercontent.com", 0)
	if put.Service.ID != "chatgpt" || put.Service.Operation != "upload" || put.Client.User != "ana@corp.example" || put.Upload == nil ||
		put.Upload.OpenedBy != opened.ID || put.Upload.Filename != "crm-export.csv" || put.Verdict.Action != rules.Block || !put.Verdict.Enforced ||
		put.People < 4 || put.Coverage.State != classifier.Complete {
		t.Errorf("event %+v, upload %+v", put, put.Upload)
	}
	if plan := eventOf(t, all, "PUT", "files.oaiusercontent.com", 1); plan.Upload == nil || plan.Upload.Filename != "plan.txt" || plan.Verdict.Action == rules.Block {
		t.Errorf("event %+v, upload %+v", plan, plan.Upload)
	}
	if opened.Upload != nil {
		t.Errorf("the opening call carries an upload: %+v", opened.Upload)
	}
}

// A list of four people in three parts, none of which has the three that the
// policy asks for, is one list.
func TestAListInPartsIsOneList(t *testing.T) {
	for _, way := range resumables() {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			var w *uploadWorld
			w = startUploads(t, "", Limits{}, func(rw http.ResponseWriter, r *http.Request) { way.serve(w, rw, r) })
			way.open(t, w)
			start, stopped := 0, -1
			for i, part := range append(thirds(customers), "Eva Yu,eva.yu@customer.example\n") {
				if i == 3 { // what comes behind a part that was stopped
					part = thirds(customers)[2]
					start -= len(part)
				}
				number := min(i, 2)
				resp, text := w.do(t, way.method, way.url(number), part, way.header(start, start+len(part), len(customers))...)
				if resp.StatusCode == http.StatusForbidden && stopped < 0 {
					stopped = i
				}
				if stopped >= 0 && (resp.StatusCode != http.StatusForbidden || !strings.Contains(text, "crm.csv")) {
					t.Errorf("part %d: %d %s", i, resp.StatusCode, text)
				}
				start += len(part)
				if way.again {
					w.do(t, "HEAD", way.url(number), "")
				}
			}
			if stopped < 1 {
				t.Fatalf("stopped at part %d", stopped)
			}
			if got := w.wrote.String(); strings.Contains(got, "dana.roe") {
				t.Errorf("the server got %s", got)
			}
			all := w.end(t)
			people := 0
			for i := range stopped + 1 {
				skip := 0
				if way.name == "Google's X-Goog-Upload" {
					skip = 1
				} else if strings.Contains(way.name, "signed URL opens") && way.method == "POST" {
					skip = 1
				}
				e := eventOf(t, all, way.method, way.host, i+skip)
				people += e.People
				if e.Upload == nil || e.Upload.Filename != "crm.csv" || e.Service.ID == "" || e.Coverage.State != classifier.Complete ||
					e.Coverage.BytesRead != e.Request.Bytes || (e.Verdict.Action == rules.Block) != (i == stopped) {
					t.Errorf("part %d: event %+v, upload %+v", i, e, e.Upload)
				}
			}
			if want := people; want < 3 || want > 4 {
				t.Errorf("the parts tell of %d people together", people)
			}
			if used := w.judge.memory.used.Load(); used != 0 {
				t.Errorf("%d bytes of memory were not given back", used)
			}
		})
	}
}

// A part that is sent again tells nobody twice, and is no second half of a list.
func TestAPartThatComesAgainDoesNotDouble(t *testing.T) {
	way := resumables()[2]
	var w *uploadWorld
	w = startUploads(t, "", Limits{}, func(rw http.ResponseWriter, r *http.Request) { way.serve(w, rw, r) })
	way.open(t, w)
	two := customers[:strings.Index(customers, "Cai")]
	for range 3 {
		if resp, text := w.do(t, "PUT", way.url(0), two, "Content-Range", fmt.Sprintf("bytes 0-%d/5000", len(two)-1)); resp.StatusCode != http.StatusPermanentRedirect {
			t.Fatalf("%d %s", resp.StatusCode, text)
		}
	}
	all, people := w.end(t), 0
	for i := range 3 {
		people += eventOf(t, all, "PUT", way.host, i).People
	}
	if people != 2 {
		t.Errorf("%d people", people)
	}
}

// What does not follow what is known is judged by itself, and said to be.
func TestAPartOutOfOrderIsJudgedAlone(t *testing.T) {
	way := resumables()[2]
	var w *uploadWorld
	w = startUploads(t, "", Limits{}, func(rw http.ResponseWriter, r *http.Request) { way.serve(w, rw, r) })
	way.open(t, w)
	w.do(t, "PUT", way.url(0), thirds(customers)[1], "Content-Range", "bytes 1000-1100/5000")
	resp, _ := w.do(t, "PUT", way.url(0), customers, "Content-Range", fmt.Sprintf("bytes 2000-%d/5000", 2000+len(customers)-1))
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("a list in the middle of a file: %d", resp.StatusCode)
	}
	if e := eventOf(t, w.end(t), "PUT", way.host, 0); e.Coverage.State != classifier.Truncated || e.Coverage.Reason != "parts" || e.Coverage.BytesRead != e.Request.Bytes {
		t.Errorf("%+v", e.Coverage)
	}
}

func TestAPartBeyondTheMemoryIsJudgedAlone(t *testing.T) {
	way := resumables()[2]
	var w *uploadWorld
	w = startUploads(t, "", Limits{UploadPartBytes: 100}, func(rw http.ResponseWriter, r *http.Request) { way.serve(w, rw, r) })
	way.open(t, w)
	filler := strings.Repeat("word ", 30)
	for i := range 3 {
		w.do(t, "PUT", way.url(0), filler, "Content-Range", fmt.Sprintf("bytes %d-%d/5000", i*150, i*150+149))
	}
	metrics := scrapeText(t, w.metrics)
	all := w.end(t)
	for i, want := range []string{"", "parts", "parts"} {
		if e := eventOf(t, all, "PUT", way.host, i); e.Coverage.Reason != want {
			t.Errorf("part %d: %+v", i, e.Coverage)
		}
	}
	if !strings.Contains(metrics, `daylight_limit_hits_total{limit="upload_part_bytes"} 2`) {
		t.Error("the limit is not counted")
	}
}

// Under `intercept: catalogued` a blob store is opened while a service awaits bytes there.
func TestAHostThatAwaitsAnUploadIsIntercepted(t *testing.T) {
	var w *uploadWorld
	w = startUploads(t, engine.InterceptCatalogued, Limits{}, func(rw http.ResponseWriter, r *http.Request) {
		if r.Host == "chatgpt.com" {
			rw.Header().Set("Content-Type", "application/json")
			fmt.Fprint(rw, `{"urls":[{"upload_url":"https://blob.example.test/f1?sig=a"},{"upload_url":"https://kept.example.test/f1?sig=a"}]}`)
			return
		}
		w.store(rw, r, 201)
	})
	decide := func(connectHost, sni string) engine.TunnelDecision {
		decision, _ := w.judge.tunnel(clientOf(t)).decision(connectHost, sni, 443)
		return decision
	}
	before := decide("blob.example.test", "")
	w.do(t, "POST", "https://chatgpt.com/backend-api/files", `{"file_name":"crm.csv"}`, "Content-Type", "application/json")
	if before != engine.Tunnel || decide("blob.example.test", "") != engine.Intercept || decide("192.0.2.7", "blob.example.test") != engine.Intercept {
		t.Error("the store is not opened")
	}
	if decide("kept.example.test", "") != engine.Tunnel || decide("other.example.test", "") != engine.Tunnel {
		t.Error("more is opened than awaits an upload")
	}
	resp, text := w.do(t, "PUT", "https://blob.example.test/f1?sig=a", customers)
	if resp.StatusCode != http.StatusForbidden || w.wrote.String() != "" {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
}

// A form of S3 goes to the same address for everybody: it belongs to the user who
// was sent there.
func TestAnAddressOfManyIsTakenOnlyByWhoWasSentThere(t *testing.T) {
	var w *uploadWorld
	w = startUploads(t, "", Limits{}, func(rw http.ResponseWriter, r *http.Request) {
		if r.Host == "chatgpt.com" {
			rw.Header().Set("Content-Type", "application/json")
			fmt.Fprint(rw, `{"url":"https://bucket.s3.amazonaws.com/","fields":{"key":"k"}}`)
			return
		}
		w.store(rw, r, 204)
	})
	form := "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"crm.csv\"\r\n\r\n" + customers + "\r\n--b--\r\n"
	w.do(t, "POST", "https://chatgpt.com/backend-api/files", `{"file_name":"crm.csv"}`, "Content-Type", "application/json")
	w.signIn("ben@corp.example")
	resp, _ := send(t, w.client(), "POST", "https://bucket.s3.amazonaws.com/", form, "Content-Type", "multipart/form-data; boundary=b")
	if resp.StatusCode != 204 {
		t.Errorf("another user: %d", resp.StatusCode)
	}
	w.signIn("ana@corp.example")
	resp, _ = send(t, w.client(), "POST", "https://bucket.s3.amazonaws.com/", form, "Content-Type", "multipart/form-data; boundary=b")
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("the user who was sent there: %d", resp.StatusCode)
	}
}

func TestAnUploadIsForgottenInTime(t *testing.T) {
	var w *uploadWorld
	w = startUploads(t, "", Limits{Uploads: 2}, func(rw http.ResponseWriter, r *http.Request) {
		if r.Host == "chatgpt.com" {
			rw.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(rw, `{"upload_url":"https://blob.example.test/%s?sig=a"}`, r.URL.Query().Get("n"))
			return
		}
		w.store(rw, r, 201)
	})
	for i := range 3 {
		w.do(t, "POST", fmt.Sprintf("https://chatgpt.com/backend-api/files?n=%d", i), `{"file_name":"crm.csv"}`, "Content-Type", "application/json")
	}
	for i, want := range []int{201, 403, 403} {
		if resp, _ := w.do(t, "PUT", fmt.Sprintf("https://blob.example.test/%d?sig=a", i), customers); resp.StatusCode != want {
			t.Errorf("upload %d: %d", i, resp.StatusCode)
		}
	}
	if u := w.judge.uploads; u.awaits("blob.example.test", 443, time.Now().Add(2*time.Hour)) || len(u.known) > 0 || len(u.hosts) > 0 {
		t.Errorf("%d marks are still known", len(u.known))
	}
}
