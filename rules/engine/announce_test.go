package engine_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// opening is a call to a service, its answer, and what they announce: one line for
// each URL, as service, host:port, path, query, file name and media type.
type opening struct {
	name           string
	host, path     string
	method         string // "" for POST
	query          string
	requestHeader  map[string][]string
	request        string
	status         int // 0 for 200
	responseHeader map[string][]string
	response       string
	want           []string
}

func (o *opening) announced(t testing.TB, s *engine.Snapshot) []string {
	t.Helper()
	r, b := post(o.host, o.path, o.request, func(r *engine.Request) {
		r.Query = o.query
		if o.method != "" {
			r.Method = o.method
		}
		for name, values := range o.requestHeader {
			r.Header[name] = values
		}
	})
	status := o.status
	if status == 0 {
		status = 200
	}
	var got []string
	for _, a := range s.Announced(s.Plan(r), b, status, o.responseHeader, []byte(o.response)) {
		got = append(got, fmt.Sprintf("%s %s:%d %s ?%s %s %s", a.Service, a.Host, a.Port, a.Path, a.Query, a.Filename, a.MediaType))
	}
	return got
}

const sas = "se=2026-11-22T13%3A00%3A00Z&sp=cw&sv=2024-08-04&sr=b&sig=Zm9v%3D"

func openings() []opening {
	return []opening{
		{
			name: "ChatGPT", host: "chatgpt.com", path: "/backend-api/files",
			request:  `{"file_name":"crm.csv","file_size":2048,"use_case":"my_files"}`,
			response: `{"status":"success","upload_url":"https://files.oaiusercontent.com/file-8JqvX2kPdW3m?` + sas + `","file_id":"file-8JqvX2kPdW3m"}`,
			want:     []string{"chatgpt files.oaiusercontent.com:443 /file-8JqvX2kPdW3m ?" + sas + " crm.csv "},
		},
		{
			name: "Gemini's web app", host: "content-push.googleapis.com", path: "/upload/",
			request:        "File name: crm.csv",
			requestHeader:  map[string][]string{"Content-Type": {"application/x-www-form-urlencoded;charset=UTF-8"}, "X-Goog-Upload-Command": {"start"}, "X-Goog-Upload-Header-Content-Length": {"2048"}},
			responseHeader: map[string][]string{"X-Goog-Upload-Url": {"https://content-push.googleapis.com/upload/?upload_id=AB&upload_protocol=resumable"}},
			want:           []string{"gemini content-push.googleapis.com:443 /upload/ ?upload_id=AB&upload_protocol=resumable crm.csv "},
		},
		{
			name: "Gemini's API", host: "generativelanguage.googleapis.com", path: "/upload/v1beta/files",
			request:        `{"file":{"display_name":"Customers of spring"}}`,
			requestHeader:  map[string][]string{"X-Goog-Upload-Protocol": {"resumable"}, "X-Goog-Upload-Header-Content-Type": {"text/csv"}},
			responseHeader: map[string][]string{"X-Goog-Upload-Url": {"https://generativelanguage.googleapis.com/upload/v1beta/files?upload_id=AB"}},
			want:           []string{"gemini-api generativelanguage.googleapis.com:443 /upload/v1beta/files ?upload_id=AB Customers of spring text/csv"},
		},
		{
			name: "NotebookLM", host: "notebooklm.google.com", path: "/upload/_/", query: "authuser=0",
			request:        `{"PROJECT_ID":"p1","SOURCE_NAME":"crm.csv","SOURCE_ID":"s1"}`,
			responseHeader: map[string][]string{"X-Goog-Upload-Url": {"https://notebooklm.google.com/upload/_/?authuser=0&upload_id=AB&upload_protocol=resumable"}},
			want:           []string{"notebooklm notebooklm.google.com:443 /upload/_/ ?authuser=0&upload_id=AB&upload_protocol=resumable crm.csv "},
		},
		{
			name: "Perplexity, a batch", host: "www.perplexity.ai", path: "/rest/uploads/batch_create_upload_urls",
			request:  `{"files":{"a1":{"filename":"crm.csv","content_type":"text/csv","file_size":9}}}`,
			response: `{"results":{"a1":{"s3_bucket_url":"https://ppl-ai-file-upload.s3.amazonaws.com/","fields":{"key":"web/direct-files/u/crm.csv","policy":"eyJ9","X-Amz-Signature":"ab"},"file_uuid":"a1"}}}`,
			want:     []string{"perplexity ppl-ai-file-upload.s3.amazonaws.com:443 / ? crm.csv text/csv"},
		},
		{
			name: "Perplexity, two files to one place", host: "www.perplexity.ai", path: "/rest/uploads/batch_create_upload_urls",
			request:  `{"files":{"a1":{"filename":"crm.csv"},"b2":{"filename":"plan.txt"}}}`,
			response: `{"results":{"a1":{"s3_bucket_url":"https://ppl-ai-file-upload.s3.amazonaws.com/","fields":{"key":"x"}},"b2":{"s3_bucket_url":"https://ppl-ai-file-upload.s3.amazonaws.com/","fields":{"key":"y"}}}}`,
			want:     []string{"perplexity ppl-ai-file-upload.s3.amazonaws.com:443 / ?  "},
		},
		{
			name: "Kimi", host: "www.kimi.com", path: "/api/pre-sign-url",
			request:  `{"name":"crm.csv","action":"file"}`,
			response: `{"url":"https://prod-chat-kimi.tos-s3-cn-beijing.volces.com/prod-chat-kimi/u1/crm.csv?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=ab","object_name":"u1/crm.csv"}`,
			want:     []string{"kimi prod-chat-kimi.tos-s3-cn-beijing.volces.com:443 /prod-chat-kimi/u1/crm.csv ?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=ab crm.csv "},
		},
		{
			name: "Qwen", host: "chat.qwen.ai", path: "/api/v2/files/getstsToken",
			request:  `{"filename":"crm.csv","filesize":"2048","filetype":"file"}`,
			response: `{"success":true,"data":{"access_key_id":"STS.x","file_url":"https://qwen-webui-prod.oss-ap-southeast-1.aliyuncs.com/8f0e/crm.csv?x-oss-date=20261122T100000Z&x-oss-signature=ab","file_path":"8f0e/crm.csv","bucketname":"qwen-webui-prod"}}`,
			want:     []string{"qwen qwen-webui-prod.oss-ap-southeast-1.aliyuncs.com:443 /8f0e/crm.csv ?x-oss-date=20261122T100000Z&x-oss-signature=ab crm.csv "},
		},
		{
			name: "Aria", host: "composer.opera-api.com", path: "/api/v2/files/upload",
			request:  `{"filename":"crm.csv","mime_type":"text/csv"}`,
			response: `{"id":"f1","signed_url":"https://storage.googleapis.com/aria-files/f1?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Signature=ab"}`,
			want:     []string{"opera-aria storage.googleapis.com:443 /aria-files/f1 ?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Signature=ab crm.csv text/csv"},
		},
		{
			name: "addresses to write, to read and to keep", host: "claude.ai", path: "/api/files/prepare-upload",
			request:  `{"bucket":"secure","name":"crm.csv","contentType":"text/csv"}`,
			response: `{"url":"https://prod-files-secure.s3.us-west-2.amazonaws.com/s/crm.csv","signedGetUrl":"https://prod-files-secure.s3.us-west-2.amazonaws.com/s/crm.csv?X-Amz-Signature=get","signedPutUrl":"https://prod-files-secure.s3.us-west-2.amazonaws.com/s/crm.csv?X-Amz-Signature=put"}`,
			want:     []string{"claude prod-files-secure.s3.us-west-2.amazonaws.com:443 /s/crm.csv ?X-Amz-Signature=put crm.csv text/csv"},
		},
		{
			name: "Runway, in parts", host: "api.dev.runwayml.com", path: "/v1/uploads",
			request:  `{"filename":"clip.mp4","numberOfParts":2,"type":"asset"}`,
			response: `{"id":"u1","uploadUrls":["https://runway.s3.amazonaws.com/u1?partNumber=1&uploadId=z&X-Amz-Signature=a","https://runway.s3.amazonaws.com/u1?partNumber=2&uploadId=z&X-Amz-Signature=b"]}`,
			want: []string{
				"runway runway.s3.amazonaws.com:443 /u1 ?partNumber=1&uploadId=z&X-Amz-Signature=a clip.mp4 ",
				"runway runway.s3.amazonaws.com:443 /u1 ?partNumber=2&uploadId=z&X-Amz-Signature=b clip.mp4 ",
			},
		},
		{
			name: "Leonardo, a form in GraphQL", host: "api.leonardo.ai", path: "/v1/graphql",
			request:  `{"operationName":"AddInitImage","variables":{"arg1":{"extension":"png"}}}`,
			response: `{"data":{"uploadInitImage":{"id":"i1","fields":"{\"Content-Type\":\"image/png\",\"key\":\"u/i1.png\"}","key":"u/i1.png","url":"https://image-generation-bucket.s3.amazonaws.com/"}}}`,
			want:     []string{"leonardo image-generation-bucket.s3.amazonaws.com:443 / ?  "},
		},
		{
			name: "fal.ai", host: "rest.alpha.fal.ai", path: "/storage/upload/initiate",
			request:  `{"file_name":"crm.csv","content_type":"text/csv"}`,
			response: `{"upload_url":"https://storage.googleapis.com/fal_file_upload/x.csv?X-Goog-Signature=ab","file_url":"https://v3.fal.media/files/x.csv"}`,
			want:     []string{"fal storage.googleapis.com:443 /fal_file_upload/x.csv ?X-Goog-Signature=ab crm.csv text/csv"},
		},
		{
			name: "Suno, a form", host: "studio-api.prod.suno.com", path: "/api/uploads/audio/",
			request:  `{"extension":"wav"}`,
			response: `{"id":"a","url":"https://suno-uploads.s3.amazonaws.com/","fields":{"key":"raw/a.wav","policy":"e"}}`,
			want:     []string{"suno suno-uploads.s3.amazonaws.com:443 / ?  "},
		},
		{
			name: "Otter", host: "otter.ai", path: "/forward/api/v1/speech_upload_params", method: "GET",
			response: `{"status":"OK","data":{"form_action":"https://s3.us-west-2.amazonaws.com/speech-upload-prod","key":"k","policy":"e"}}`,
			want:     []string{"otter s3.us-west-2.amazonaws.com:443 /speech-upload-prod ?  "},
		},
		{
			name: "two files to two places", host: "chatgpt.com", path: "/backend-api/files",
			request:  `{"files":[{"filename":"a.csv"},{"filename":"b.csv"}]}`,
			response: `{"urls":[{"upload_url":"https://blob.example/1?sig=x"},{"upload_url":"https://blob.example/2?sig=y"}]}`,
			want:     []string{"chatgpt blob.example:443 /1 ?sig=x a.csv ", "chatgpt blob.example:443 /2 ?sig=y b.csv "},
		},
		{
			name: "GraphQL", host: "chatgpt.com", path: "/backend-api/graphql",
			request:  `{"query":"query($f:String){getUploadUrl(name:$f) getDownloadUrl(name:$f)}","variables":{"filename":"a.csv"}}`,
			response: `{"data":{"getUploadUrl":"https:\/\/blob.example\/1?sig=x","getDownloadUrl":"https://blob.example/2?sig=y"}}`,
			want:     []string{"chatgpt blob.example:443 /1 ?sig=x a.csv "},
		},
		{
			name: "the answer names the file", host: "chatgpt.com", path: "/backend-api/files",
			request:  `{"count":1}`,
			response: `{"upload_url":"https://blob.example/1?sig=x","filename":"a.csv","mime_type":"text/csv"}`,
			want:     []string{"chatgpt blob.example:443 /1 ?sig=x a.csv text/csv"},
		},
		{
			name: "tus", host: "claude.ai", path: "/api/uploads", status: 201,
			requestHeader:  map[string][]string{"Upload-Length": {"2048"}, "Upload-Metadata": {"filename " + base64.StdEncoding.EncodeToString([]byte("crm.csv")) + ",filetype dGV4dC9jc3Y="}},
			responseHeader: map[string][]string{"Location": {"/api/uploads/24e533e0"}, "Tus-Resumable": {"1.0.0"}},
			want:           []string{"claude claude.ai:443 /api/uploads/24e533e0 ? crm.csv text/csv"},
		},
		{
			name: "a session of Google Cloud Storage", host: "chatgpt.com", path: "/backend-api/files", status: 201,
			responseHeader: map[string][]string{"Location": {"https://storage.googleapis.com/upload/storage/v1/b/b/o?uploadType=resumable&upload_id=AB"}},
			query:          "name=crm.csv",
			want:           []string{"chatgpt storage.googleapis.com:443 /upload/storage/v1/b/b/o ?uploadType=resumable&upload_id=AB crm.csv "},
		},
		{
			name: "a redirect with the body to another host", host: "chatgpt.com", path: "/backend-api/other", status: 307, request: "{}",
			responseHeader: map[string][]string{"Location": {"http://[2001:db8::1]:8080/put"}},
			want:           []string{"chatgpt 2001:db8::1:8080 /put ?  "},
		},
		{
			name: "a redirect within the service", host: "chatgpt.com", path: "/backend-api/other", status: 308, request: "{}",
			responseHeader: map[string][]string{"Location": {"/backend-api/f/conversation"}},
		},
		{
			name: "a thing that was made", host: "chatgpt.com", path: "/backend-api/gizmos", status: 201,
			responseHeader: map[string][]string{"Location": {"/backend-api/gizmos/g1"}},
		},
		{
			name: "pictures to look at", host: "chatgpt.com", path: "/backend-api/f/conversation", request: chatgpt("hello"),
			response: `{"image_url":"https://x.blob.core.windows.net/i?sp=r&sig=a","download_url":"https://files.oaiusercontent.com/f?sig=x","thumbnail":"https://c.example/t.png","text":"see https://a.example/?sig=1 for more"}`,
		},
		{
			name: "a permission to read", host: "chatgpt.com", path: "/backend-api/files",
			response: `{"url":"https://x.blob.core.windows.net/i?sp=r&sv=1&sig=a","href":"https://b.s3.amazonaws.com/k?x-id=GetObject&X-Amz-Signature=b"}`,
		},
		{
			name: "an error", host: "chatgpt.com", path: "/backend-api/files", status: 403,
			response: `{"upload_url":"https://blob.example/1?sig=x"}`,
		},
		{
			name: "a host on no list", host: "shop.example", path: "/api/files",
			response: `{"upload_url":"https://blob.example/1?sig=x"}`,
		},
	}
}

func TestACallAnnouncesWhereTheBytesWillGo(t *testing.T) {
	s := policy(t, "rules: []")
	for _, o := range openings() {
		t.Run(o.name, func(t *testing.T) {
			if got := o.announced(t, s); strings.Join(got, "\n") != strings.Join(o.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(o.want, "\n"))
			}
		})
	}
}

func TestAnAnswerMayBeCompressed(t *testing.T) {
	s := policy(t, "rules: []")
	o := openings()[0]
	var zipped, brotlied bytes.Buffer
	g := gzip.NewWriter(&zipped)
	g.Write([]byte(o.response))
	g.Close()
	b := brotli.NewWriter(&brotlied)
	b.Write([]byte(o.response))
	b.Close()
	for coding, body := range map[string]string{"gzip": zipped.String(), "br": brotlied.String()} {
		c := o
		c.response, c.responseHeader = body, map[string][]string{"Content-Encoding": {coding}, "Content-Type": {"application/json"}}
		if got := c.announced(t, s); len(got) != 1 || got[0] != o.want[0] {
			t.Errorf("%s: %q", coding, got)
		}
	}
}

func TestANameThatIsDataIsKnownAsSuch(t *testing.T) {
	s := policy(t, "rules: []")
	for name, telling := range map[string]bool{"crm.csv": false, "ana.kovac@customers.example.csv": true} {
		r, b := post("chatgpt.com", "/backend-api/files", fmt.Sprintf(`{"file_name":%q}`, name))
		all := s.Announced(s.Plan(r), b, 200, nil, []byte(`{"upload_url":"https://blob.example/1?sig=x"}`))
		if len(all) != 1 || all[0].Filename != name || all[0].Telling != telling {
			t.Errorf("%s: %+v", name, all)
		}
	}
}

func TestTheBytesAreJudgedUnderTheServiceThatOpenedTheUpload(t *testing.T) {
	s := policy(t, "rules:", `  - {name: lists, match: {services: [chatgpt], operation: [upload], data: {class: personal, people: ">=3"}}, action: block}`)
	list := customers(5)
	for _, c := range []struct {
		name, host, media string
		upload            *engine.Upload
		service           string
		blocked           bool
	}{
		{"an unknown host", "blob.example", "application/octet-stream", &engine.Upload{Service: "chatgpt", Filename: "crm.csv"}, "chatgpt", true},
		{"a host of the same service", "files.oaiusercontent.com", "", &engine.Upload{Service: "chatgpt"}, "chatgpt", true},
		{"a host of another service", "ppl-ai-file-upload.s3.amazonaws.com", "text/csv", &engine.Upload{Service: "chatgpt"}, "chatgpt", true},
		{"bytes that are called a form", "blob.example", "application/x-www-form-urlencoded", &engine.Upload{Service: "chatgpt", MediaType: "text/csv"}, "chatgpt", true},
		{"a service on no list", "blob.example", "", &engine.Upload{Service: rules.Suspected}, rules.Suspected, false},
		{"a service that has gone", "blob.example", "text/csv", &engine.Upload{Service: "gone"}, "", false},
		{"no upload", "blob.example", "text/csv", nil, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, b := post(c.host, "/b/0123456789", list, func(r *engine.Request) {
				r.Method, r.Upload, r.Header["Content-Type"] = "PUT", c.upload, []string{c.media}
			})
			_, o := evaluate(s, r, b)
			if o.Facts.Service.ID != c.service || o.Verdict.Stops() != c.blocked || c.service != "" && o.Facts.Service.Operation != "upload" {
				t.Errorf("service %+v, verdict %+v", o.Facts.Service, o.Verdict)
			}
			if c.blocked && (o.Facts.Content.People < 5 || o.Facts.Content.Coverage.State.String() != "complete") {
				t.Errorf("content %+v", o.Facts.Content)
			}
		})
	}
}

func TestThePermissionInTheAddressIsNoFinding(t *testing.T) {
	s := policy(t, "rules: []")
	r, b := post("b.s3.amazonaws.com", "/k", "a quiet text", func(r *engine.Request) {
		r.Method, r.Query = "PUT", "X-Amz-Credential=AKIAIOSFODNN7EXAMPL2%2F20261122%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
		r.Upload = &engine.Upload{Service: "chatgpt"}
	})
	if _, o := evaluate(s, r, b); len(o.Facts.Content.Findings) > 0 {
		t.Errorf("%+v", o.Facts.Content.Findings)
	}
}

func TestAPartOfAFileTellsOnlyOfItself(t *testing.T) {
	s := policy(t, "rules:", `  - {name: lists, match: {data: {class: personal, people: ">=3"}}, action: block}`)
	list := customers(4)
	cut := strings.Index(list, "person.2") + 5 // amid an address
	at := func(body string, part engine.Part) engine.Outcome {
		r, b := post("blob.example", "/b", body, func(r *engine.Request) {
			r.Method, r.Upload, r.Header["Content-Type"] = "PUT", &engine.Upload{Service: "chatgpt", Filename: "crm.csv"}, nil
		})
		b.Part = &part
		_, o := evaluate(s, r, b)
		return o
	}
	first := at(list[:cut], engine.Part{More: true})
	whole := at(list, engine.Part{Before: cut})
	if first.Verdict.Stops() && first.Facts.Content.People >= 4 || first.Facts.Content.Coverage.State.String() != "complete" {
		t.Errorf("the first part: %+v %+v", first.Verdict, first.Facts.Content)
	}
	if !whole.Verdict.Stops() || whole.Facts.Content.Coverage.BytesRead != int64(len(list)-cut) {
		t.Errorf("the second part: %+v %+v", whole.Verdict, whole.Facts.Content)
	}
	added := engine.Added(whole.Facts.Content, first.Facts.Content)
	if added.People != whole.Facts.Content.People-first.Facts.Content.People || added.People < 1 || len(added.Findings) == 0 {
		t.Errorf("added %+v", added)
	}
	if again := engine.Added(first.Facts.Content, whole.Facts.Content); again.People != 0 || len(again.Findings) != 0 {
		t.Errorf("a part again adds %+v", again)
	}
}

func TestAPartThatEndsAmidACharacterIsText(t *testing.T) {
	s := policy(t, "rules: []")
	body := "姓名,邮箱\n王伟,wei@customers.example\n李"
	r, b := post("blob.example", "/b", body[:len(body)-1], func(r *engine.Request) {
		r.Method, r.Upload, r.Header["Content-Type"] = "PUT", &engine.Upload{Service: "chatgpt", Filename: "crm.csv"}, nil
	})
	b.Part = &engine.Part{More: true}
	if _, o := evaluate(s, r, b); o.Facts.Content.Coverage.State.String() != "complete" || len(o.Facts.Content.Findings) == 0 {
		t.Errorf("%+v", o.Facts.Content)
	}
}

func BenchmarkAnnounced(b *testing.B) {
	s := policy(b, "rules: []")
	opens := openings()[0]
	for _, c := range []struct{ name, path, request, response string }{
		{"an answer without an address", chatPath, chatgpt("hello"), `{"choices":[{"message":{"role":"assistant","content":"` + strings.Repeat("A word and another. ", 100) + `"}}]}`},
		{"an answer with links", chatPath, chatgpt("hello"), `{"choices":[{"message":{"role":"assistant","content":"` + strings.Repeat("See https://a.example/. ", 100) + `"}}]}`},
		{"an upload", opens.path, opens.request, opens.response},
	} {
		b.Run(c.name, func(b *testing.B) {
			r, body := post("chatgpt.com", c.path, c.request)
			p := s.Plan(r)
			b.ReportAllocs()
			for b.Loop() {
				s.Announced(p, body, 200, nil, []byte(c.response))
			}
		})
	}
}
