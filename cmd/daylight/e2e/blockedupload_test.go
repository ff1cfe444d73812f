package e2e_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

// signedIn is the configuration under which ana has to sign in at the proxy.
func signedIn(t *testing.T) string {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte("spring"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("identity: {users: {ana@marketing.corp.example: %q}}\n", hash)
}

// headers returns the response head that curl -D wrote for the last answer.
func (w *world) headers() map[string]string {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, "head"))
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok {
			out[strings.ToLower(name)] = strings.TrimSpace(value)
		}
	}
	return out
}

// stored asserts how many bytes of all uploads were stored.
func (w *world) stored(want int) {
	w.t.Helper()
	if got := w.services.uploads.arrived(); got != want {
		w.t.Errorf("%d bytes of uploads were stored, want %d", got, want)
	}
}

// blockedUpload waits for the event of bytes that were stopped, and asserts what it says.
func (w *world) blockedUpload(service, host, file string, people int) event {
	w.t.Helper()
	e := w.waitEvent("the blocked upload", func(e event) bool { return e.Verdict.Action == "block" })
	if e.Service.ID != service || e.Service.Operation != "upload" || e.Destination.Host != host || e.Upload.Filename != file ||
		e.People != people || e.Verdict.Rule != "customer-lists-stay-home" || e.Timing.Mode != "hold" {
		w.t.Errorf("event: %+v", e)
	}
	for _, opener := range w.events() {
		if opener.ID == e.Upload.OpenedBy && opener.Service.ID == service && opener.Destination.Host != "" {
			return e
		}
	}
	w.t.Errorf("no event of %s is the one that opened it: %q", service, e.Upload.OpenedBy)
	return e
}

func TestCurlMakesChatGPTsUploadInFourSteps(t *testing.T) {
	need(t, "curl")
	w := start(t, marketingPolicy, signedIn(t))
	ana := []string{"--proxy-user", "ana@marketing.corp.example:spring"}
	for _, c := range []struct{ name, body, status string }{
		{"briefing.txt", strings.Repeat(cleanPrompt, 20), "201"},
		{"customers.csv", customerList(40), "403"},
	} {
		status, _, answer := w.curl(fmt.Sprintf(`{"file_name":%q,"file_size":%d,"use_case":"my_files"}`, c.name, len(c.body)),
			append(ana, "--data-binary", "@-", "-H", "Content-Type: application/json", "https://chatgpt.com/backend-api/files")...)
		var opened struct {
			FileID    string `json:"file_id"`
			UploadURL string `json:"upload_url"`
		}
		if err := json.Unmarshal([]byte(answer), &opened); err != nil || status != "200" {
			t.Fatalf("%s opening %s: %s %v", status, c.name, answer, err)
		}
		status, _, answer = w.curl(c.body, "--proxy-user", ana[1], "-X", "PUT", "--data-binary", "@-", "-H", "x-ms-blob-type: BlockBlob", "-H", "Content-Type: application/octet-stream", opened.UploadURL)
		if status != c.status {
			t.Errorf("the bytes of %s: %s %s", c.name, status, answer)
		}
		if status == "403" && (!strings.Contains(answer, "Customer lists stay in the CRM") || !strings.Contains(answer, c.name)) {
			t.Errorf("the answer does not say why, or to which file: %s", answer)
		}
		if status, _, answer = w.curl("{}", append(ana, "--data-binary", "@-", "-H", "Content-Type: application/json", "https://chatgpt.com/backend-api/files/"+opened.FileID+"/uploaded")...); status != "200" {
			t.Errorf("the step after %s: %s %s", c.name, status, answer)
		}
	}
	w.stored(20 * len(cleanPrompt))
	if e := w.blockedUpload("chatgpt", "files.oaiusercontent.com", "customers.csv", 40); e.Client.User != "ana@marketing.corp.example" {
		t.Errorf("the user is %q", e.Client.User)
	}
}

func TestCurlMakesGooglesResumableUploadInChunks(t *testing.T) {
	need(t, "curl")
	for _, c := range []struct {
		name, body string
		blocked    bool
	}{
		{"a text", strings.Repeat(cleanPrompt, 30), false},
		{"a list of people of which no chunk holds ten", customerList(24), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := start(t, marketingPolicy)
			status, _, _ := w.curl(`{"file":{"display_name":"people.csv"}}`, "-D", filepath.Join(w.dir, "head"), "-X", "POST", "--data-binary", "@-",
				"-H", "X-Upload-Content-Type: text/csv", "-H", "Content-Type: application/json", "https://generativelanguage.googleapis.com/upload/v1beta/files?uploadType=resumable")
			address := w.headers()["location"]
			if status != "200" || address == "" {
				t.Fatalf("opening: %s %q", status, address)
			}
			const chunk = 640 // a list of 24 has three and a bit of these
			var statuses []string
			stored := 0
			for at := 0; at < len(c.body); at += chunk {
				end := min(at+chunk, len(c.body))
				status, _, answer := w.curl(c.body[at:end], "-X", "PUT", "--data-binary", "@-", "-H", "Content-Type: text/csv",
					"-H", fmt.Sprintf("Content-Range: bytes %d-%d/%d", at, end-1, len(c.body)), address)
				statuses = append(statuses, status)
				if status != "403" {
					stored = end
				} else if !strings.Contains(answer, "Customer lists stay in the CRM") {
					t.Errorf("blocked with %s", answer)
				}
			}
			last := statuses[len(statuses)-1]
			if !c.blocked {
				if statuses[0] != "308" || last != "200" || stored != len(c.body) {
					t.Errorf("answers: %q", statuses)
				}
				w.stored(len(c.body))
				return
			}
			if statuses[0] != "308" || last != "403" {
				t.Errorf("answers: %q: the first chunk has too few people, the last comes after a block", statuses)
			}
			w.stored(stored)
			w.blockedUpload("gemini-api", "generativelanguage.googleapis.com", "people.csv", 8) // beyond the 9 of the first chunk
		})
	}
}

func TestCurlPutsToTheBucketThatKimiNamed(t *testing.T) {
	need(t, "curl")
	w := start(t, marketingPolicy)
	_, _, answer := w.curl(`{"name":"customers.csv","action":"file"}`, "--data-binary", "@-", "-H", "Content-Type: application/json", "https://www.kimi.com/api/pre-sign-url")
	var opened struct{ URL string }
	if err := json.Unmarshal([]byte(answer), &opened); err != nil {
		t.Fatalf("%s: %v", answer, err)
	}
	file := filepath.Join(w.dir, "customers.csv")
	w.write("customers.csv", customerList(30))
	if status, _, answer := w.curl("", "-T", file, "-H", "Content-Type: text/csv", opened.URL); status != "403" || !strings.Contains(answer, "Customer lists stay in the CRM") {
		t.Errorf("a PUT to the bucket: %s %s", status, answer)
	}
	w.stored(0)
	w.blockedUpload("kimi", "bucket.blob.test", "customers.csv", 30)
	if status, _, _ := w.curl("", "-T", file, "https://bucket.blob.test/somebody-elses-file"); status != "404" {
		t.Errorf("a PUT to the same bucket that no AI service opened: %s", status)
	}
}

func TestTusClientIsStoppedAtThePieceThatMakesAList(t *testing.T) {
	w := start(t, marketingPolicy)
	r := w.tus(customerList(30), "customers.csv")
	if r.Error == nil || r.Error.Status != 403 || !strings.Contains(r.Error.Body, "Customer lists stay in the CRM") || r.Sent == 0 {
		t.Fatalf("got %+v %+v", r, r.Error)
	}
	if got := w.services.uploads.arrived(); got >= 1400 {
		t.Errorf("%d bytes were stored", got)
	}
	w.blockedUpload("chatgpt", "tus.blob.test", "customers.csv", 8) // beyond the 9 of the first piece
}
