package policyfile

import (
	"net/netip"
	"net/textproto"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/strictyaml"
)

// checkRequest finds the faults in the words of a request, or of what a case changes of it.
func (l *loader) checkRequest(f *file, e *requestEntry) {
	if e.URL.Set {
		if u := e.url(); u == nil {
			f.fault(e.URL, "write it as https://chatgpt.com/backend-api/conversation", "%q is not a whole URL", e.URL.V).ID = "invalid-test"
		}
	}
	if _, err := netip.ParseAddr(e.Address.V); e.Address.Set && err != nil {
		f.fault(e.Address, "write it as 10.20.0.7", "%q is not an address", e.Address.V).ID = "invalid-test"
	}
	if _, ok := e.time(); e.Time.Set && !ok {
		f.fault(e.Time, "write it as 2027-03-31T12:00:00Z or 2027-03-31", "%q is not a time", e.Time.V).ID = "invalid-test"
	}
	if e.Method.Set {
		f.methods(words{e.Method})
	}
	if e.Group.Set {
		f.names(words{e.Group}, "group", l.groupNames)
	}
	if e.Group.Set && (e.User.Set || e.Address.Set) {
		f.fault(e.Group, "keep one of them", "the request has both a group and a client").ID = "invalid-test"
	}
	f.oneOf(e.Account.Kind, "account", rules.AccountKinds())
	f.oneOf(e.Account.Plan, "plan", catalog.Plans())
	l.service(f, e.Service, false)
	if e.Entry.Set && e.Entry.V < 1 {
		f.ErrorAt(e.Entry.At, e.Entry.Length, "the first entry is 1", "there is no entry %d", e.Entry.V).ID = "invalid-test"
	}
	for _, w := range []text{e.BodyFile, e.PromptFile, e.Upload, e.HAR, e.HTTP, e.WebSocket} {
		f.relative(w)
	}
	for _, h := range e.Headers {
		if h.Name.V == "" || strings.ContainsAny(h.Name.V, " :\t\r\n") || strings.ContainsAny(h.V.V, "\r\n") {
			f.fault(h.Name, "write it as {Accept: text/html}", "%q is not a header", h.Name.V).ID = "invalid-test"
		}
	}
	f.alternatives("body", e.Body, e.BodyFile)
	f.alternatives("prompt", e.Prompt, e.PromptFile, e.Upload)
	f.alternatives("destination", e.URL, e.Service, e.HAR, e.HTTP, e.WebSocket)
}

// relative refuses the name of a file that would mean another one elsewhere.
func (f *file) relative(w text) {
	if !w.Set {
		return
	}
	switch {
	case w.V == "":
		f.fault(w, "write the name of a file", "the name of the file is empty").ID = "invalid-test"
	case path.IsAbs(w.V) || strings.ContainsAny(w.V, "\\\x00") || len(w.V) > 1 && w.V[1] == ':':
		f.fault(w, "write it relative to this file, with /", "the name of a fixture must not be absolute").ID = "invalid-test"
	}
}

// alternatives reports the second of several ways to say one thing.
func (f *file) alternatives(what string, ways ...text) {
	given := slices.DeleteFunc(slices.Clone(ways), func(w text) bool { return !w.Set })
	if len(given) > 1 {
		f.fault(given[1], "keep one of them", "the request has more than one %s", what).ID = "invalid-test"
	}
}

// whole finds what a request lacks, or has besides.
func (f *file) whole(at strictyaml.Position, e *requestEntry) {
	type belongs struct {
		word    text
		key, to string
		fits    bool
	}
	if !e.URL.Set && !e.Service.Set && !e.HAR.Set && !e.HTTP.Set && !e.WebSocket.Set {
		f.ErrorAt(at, 1, "give it a `url`, a `service` with a `prompt`, or a recording: `har`, `http` or `websocket`", "the request goes nowhere").ID = "invalid-test"
		return
	}
	if e.Service.Set && !e.Prompt.Set && !e.PromptFile.Set && !e.Upload.Set {
		f.fault(e.Service, "give it a `prompt`, a `prompt_file` or an `upload`", "nothing is sent to the service").ID = "invalid-test"
	}
	for _, b := range []belongs{
		{e.Body, "body", "url", e.URL.Set}, {e.BodyFile, "body_file", "url", e.URL.Set}, {e.Method, "method", "url", e.URL.Set},
		{e.Prompt, "prompt", "service", e.Service.Set}, {e.PromptFile, "prompt_file", "service", e.Service.Set}, {e.Upload, "upload", "service", e.Service.Set},
		{text{At: e.Entry.At, Length: e.Entry.Length, Set: e.Entry.Set}, "entry", "har", e.HAR.Set},
	} {
		if b.word.Set && !b.fits {
			f.fault(b.word, "remove it", "`%s` belongs to a request with a `%s`", b.key, b.to).ID = "invalid-test"
		}
	}
	if len(e.Headers) > 0 && !e.URL.Set && !e.Service.Set {
		f.fault(e.Headers[0].Name, "change the recording", "a recording has its own headers").ID = "invalid-test"
	}
}

func (e *requestEntry) url() *url.URL {
	u, err := url.Parse(e.URL.V)
	if err != nil || u.Host == "" || !slices.Contains([]string{"http", "https", "ws", "wss"}, u.Scheme) {
		return nil
	}
	return u
}

func (e *requestEntry) time() (t time.Time, ok bool) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, e.Time.V); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// request is the request that was written; faults were reported before.
func (e *requestEntry) request() TestRequest {
	r := TestRequest{
		User: e.User.V, Group: e.Group.V, Headers: map[string]string{}, Fail: e.Fail.V, URL: e.url(), Method: "GET",
		Body: e.Body.V, HasBody: e.Body.Set, BodyFile: e.BodyFile,
		Service: e.Service, Prompt: e.Prompt, PromptFile: e.PromptFile, Upload: e.Upload,
		HAR: e.HAR, Entry: e.Entry.V, HTTP: e.HTTP, WebSocket: e.WebSocket,
	}
	r.Address, _ = netip.ParseAddr(e.Address.V)
	r.Time, _ = e.time()
	if e.Account.Kind.Set {
		r.Account = &rules.Account{Kind: rules.AccountKind(e.Account.Kind.V), Plan: e.Account.Plan.V, Name: e.Account.Name.V}
	}
	if e.Body.Set || e.BodyFile.Set {
		r.Method = "POST"
	}
	if e.Method.Set {
		r.Method = strings.ToUpper(e.Method.V)
	}
	for _, h := range e.Headers {
		r.Headers[textproto.CanonicalMIMEHeaderKey(h.Name.V)] = h.V.V
	}
	return r
}
