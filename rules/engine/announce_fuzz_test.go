package engine_test

import (
	"strings"
	"testing"

	"daylight.internal/rules/engine"
)

// Whatever a service answers, reading it ends well, in bounds, and gives only
// addresses that a client could send bytes to.
func FuzzAnnounced(f *testing.F) {
	s := policy(f, "rules: []")
	for _, o := range openings() {
		f.Add(o.host, o.path, o.request, firstOf(o.requestHeader, "Upload-Metadata"), o.status, firstOf(o.responseHeader, "Location")+firstOf(o.responseHeader, "X-Goog-Upload-Url"), o.response)
	}
	f.Add("chatgpt.com", "/", `{"name":"a/b\\c.csv"}`, "filename !!,filetype ,", 201, "//[::1", `{"upload_url":"https://h:99999/","uploadUrls":[{"fields":{}}],"url":"http://\u0000"}`)
	f.Add("chatgpt.com", "%zz", "File name:", ",,,", 308, "https://other.example/\x7f", `{"a":"{\"upload_url\":\"\/x?sig=%zz\"}"`)
	f.Fuzz(func(t *testing.T, host, path, request, metadata string, status int, location, response string) {
		r, b := post("chatgpt.com", path, request, func(r *engine.Request) {
			r.Destination.Host = host
			r.Header["Upload-Metadata"] = []string{metadata}
		})
		p := s.Plan(r)
		p.Facts.Service.ID = "chatgpt" // what is fuzzed is the reader
		all := s.Announced(p, b, status, map[string][]string{"Location": {location}, "Content-Type": {"application/json"}}, []byte(response))
		if len(all) > 256 {
			t.Fatalf("%d announcements", len(all))
		}
		for _, a := range all {
			if a.Host == "" || a.Port == 0 && !strings.Contains(location+response, ":0") || a.Service != "chatgpt" || len(a.Filename) > 255 || strings.ContainsAny(a.Filename, "/\\\n\x00") {
				t.Errorf("%+v", a)
			}
		}
	})
}

func firstOf(header map[string][]string, name string) string {
	if values := header[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}
