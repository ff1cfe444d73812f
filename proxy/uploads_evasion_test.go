package proxy

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// An object store takes a signed URL in more than one spelling. None of them takes
// the bytes away from the service that gave it out.
func TestAnotherSpellingOfTheAddressIsTheSameUpload(t *testing.T) {
	const announced = "https://blob.example.test/up/file-1?sp=cw&sig=a%2Bb%3D&api-version=1"
	for name, url := range map[string]string{
		"as it was":                    announced,
		"without TLS":                  strings.Replace(announced, "https:", "http:", 1),
		"in another case":              strings.Replace(announced, "blob.example", "BLOB.Example", 1),
		"with the port":                strings.Replace(announced, ".test/", ".test:443/", 1),
		"with a dot behind the name":   strings.Replace(announced, ".test/", ".test./", 1),
		"an encoded path":              strings.Replace(announced, "file-1", "%66ile%2D1", 1),
		"a slash behind":               strings.Replace(announced, "file-1", "file-1/", 1),
		"two slashes":                  strings.Replace(announced, "/up/", "//up//", 1),
		"with dots in the path":        strings.Replace(announced, "/up/", "/x/%2e%2e/up/./", 1),
		"in another order":             "https://blob.example.test/up/file-1?sig=a%2Bb%3D&api-version=1&sp=cw",
		"with more parameters":         announced + "&comp=block&blockid=QQ%3D%3D",
		"with a parameter twice":       announced + "&sp=cw",
		"with nonsense behind it":      announced + "&a;b=%zz",
		"with a parameter changed":     strings.Replace(announced, "version=1", "version=2", 1),
		"without a parameter":          strings.Replace(announced, "&api-version=1", "", 1),
		"the signature in a header":    "https://blob.example.test/up/file-1",
		"with names in another case":   strings.NewReplacer("sig", "Sig", "sp=", "SP=").Replace(announced),
		"renewed by the same person":   strings.Replace(announced, "a%2Bb", "c%2Bd", 1),
		"with a blank for the plus":    announced + "&x=a+b",
		"a file below it, in a folder": strings.Replace(announced, "file-1", "file-1/part", 1),
	} {
		t.Run(name, func(t *testing.T) {
			var w *uploadWorld
			w = startUploads(t, "", Limits{}, func(rw http.ResponseWriter, r *http.Request) {
				if r.Host == "chatgpt.com" {
					rw.Header().Set("Content-Type", "application/json")
					fmt.Fprintf(rw, `{"upload_url":%q}`, announced)
					return
				}
				w.store(rw, r, 201)
			})
			w.do(t, "POST", "https://chatgpt.com/backend-api/files", `{"file_name":"crm.csv"}`, "Content-Type", "application/json")
			resp, text := w.do(t, "PUT", url, customers)
			if resp.StatusCode != http.StatusForbidden || w.wrote.String() != "" {
				t.Errorf("%d %s; the server got %q", resp.StatusCode, text, w.wrote)
			}
		})
	}
}

// An upload whose address is asked for again, between two parts, is still one.
func TestAnUploadThatIsAnnouncedAgainIsTheSame(t *testing.T) {
	u := newUploads(&Limits{Uploads: 10, UploadTimeout: time.Hour, UploadPartBytes: 1 << 20, InspectMemoryBytes: 1 << 30}, &memory{limit: 1 << 20}, &memory{limit: 1 << 20}, func(string) {})
	client := rules.Client{User: "ana"}
	announce := func(event string) {
		u.add([]engine.Announcement{{Host: "blob.example.test", Port: 443, Path: "/f", Query: "sig=a", Upload: engine.Upload{Filename: "crm.csv"}}}, opener{client: client, event: event}, time.Now())
	}
	find := func() *file {
		return u.find(&engine.Request{Time: time.Now(), Method: "PUT", Path: "/f", Query: "sig=a", Client: client, Destination: rules.Destination{Host: "blob.example.test", Port: 443}})
	}
	announce("1")
	first := find()
	announce("2")
	if second := find(); first == nil || second != first {
		t.Error("it became another file")
	}
	if n := u.count.Load(); n != 1 {
		t.Errorf("it is remembered %d times", n)
	}
}

// A request costs little, whatever its path is, and so does an address that
// thousands of uploads have in common: all others wait meanwhile.
func TestFindingAnUploadIsQuick(t *testing.T) {
	limits := Limits{}.WithDefaults()
	u := newUploads(&limits, &memory{limit: 1 << 20}, &memory{limit: 1 << 20}, func(string) {})
	request := func(path, query string) *engine.Request {
		return &engine.Request{Time: time.Now(), Method: "PUT", Path: path, Query: query, Destination: rules.Destination{Host: "push.example.test", Port: 443}}
	}
	const often = 10000
	start := time.Now()
	for i := range often {
		u.add([]engine.Announcement{{Host: "push.example.test", Port: 443, Path: "/upload", Query: fmt.Sprintf("upload_id=%d&upload_protocol=resumable", i)}}, opener{event: fmt.Sprint(i)}, time.Now())
	}
	for i := range often {
		if u.find(request("/upload", fmt.Sprintf("upload_id=%d&upload_protocol=resumable", i))) == nil {
			t.Fatal("an upload is not found")
		}
	}
	deep := strings.Repeat("/a", 30000)
	for range often / 100 {
		if u.find(request(deep, "upload_id=x")) != nil {
			t.Fatal("an upload is found that nobody opened")
		}
	}
	if took := time.Since(start); took > 10*time.Second { // about a minute when each was compared with each
		t.Errorf("it took %s", took)
	} else {
		t.Log(took)
	}
}
