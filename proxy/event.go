package proxy

import (
	"cmp"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"unicode"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// event makes the one record of an exchange that has ended.
func (x *exchange) event() audit.Event {
	e := newEvent(audit.KindExchange, x.id, x.snapshot, &x.plan, &x.outcome)
	e.Destination.Protocol = x.head.protocol
	if x.protocol != "" {
		e.Destination.Protocol = upgradeProtocol(x.protocol)
	}
	e.Request = audit.Request{Method: methodWord(x.head.method), Bytes: x.received.Load(), MediaType: mediaTypeWord(x.head.mediaType)}
	e.Response = audit.Response{Status: x.status, Bytes: x.answered.Load(), MediaType: mediaTypeWord(x.media)}
	if x.outcome.Facts.Content == nil {
		e.Coverage = x.unreadCoverage()
	} else if e.Request.Bytes > x.outcome.Facts.Bytes {
		e.Coverage = unfinished(e.Coverage, e.Request.Bytes)
	}
	if e.Verdict.Action == rules.Block && !x.blocked {
		e.Verdict.Passed() // the event says what was done
	}
	e.Timing = audit.Timing{
		// A clock that was set back meanwhile takes no time.
		Total: max(0, x.judge.now().Sub(x.started).Seconds()), Verdict: max(0, x.verdictIn.Seconds()),
		Mode: x.mode, FirstByte: max(0, x.first.Seconds()),
	}
	e.Shape = x.look.shape
	e.Upload, e.Connection, e.Conversation = x.eventUpload(), x.connection, x.eventConversation()
	if trouble := x.trouble.Load(); trouble != nil {
		e.Error = *trouble
	}
	return e
}

// unreadCoverage says why there is no content: the policy did not ask for it,
// or judging failed.
func (x *exchange) unreadCoverage() classifier.Coverage {
	reason := "policy"
	switch x.failed {
	case "":
	case "disk":
		reason = "disk"
	case "client_gone":
		reason = "client_gone"
	default:
		reason = "failed"
	}
	return classifier.Coverage{State: classifier.NotInspected, Reason: reason}
}

// unfinished is the coverage of a body of which more bytes came than were judged,
// for it broke off in between.
func unfinished(c classifier.Coverage, bytes int64) classifier.Coverage {
	if c.State == classifier.Complete && c.BytesRead < bytes {
		c.State, c.Reason = classifier.Truncated, "unfinished"
	}
	return c
}

// newEvent fills in what the judgement knows.
func newEvent(kind, id string, s Snapshot, p *engine.Plan, o *engine.Outcome) audit.Event {
	f, v := &o.Facts, &o.Verdict
	e := audit.Event{
		Time: p.Request.Time, ID: id, Kind: kind, Revision: s.Revision(),
		Client: audit.Client{Address: p.Request.Client.Address, User: p.Request.Client.User, Group: "none", Groups: v.Groups},
		Destination: audit.Destination{
			Host: f.Destination.Host, Port: f.Destination.Port,
			SNI: f.Destination.SNI, ConnectHost: f.Destination.ConnectHost, Mismatch: mismatch(f.Destination),
			PathTemplate: cmp.Or(o.PathTemplate, p.PathTemplate),
		},
		Service: audit.Service{
			ID: f.Service.ID, Vendor: f.Service.Vendor, Category: f.Service.Category, Country: f.Service.Country,
			Status: v.Status, Operation: f.Service.Operation, Confidence: f.Service.Confidence, Evidence: f.Service.Evidence,
			ShapeChanged: o.ShapeChanged,
		},
		Findings: []classifier.Summary{},
		Request:  audit.Request{Method: methodWord(p.Request.Method)},
		Verdict:  audit.Verdict{Action: v.Action, Rule: v.Rule, At: v.At, Reason: v.Reason, Enforced: !v.Monitor, MonitoredBy: v.MonitoredBy, OnErrorBy: v.OnErrorBy},
	}
	e.AIAccount = eventAccount(f)
	if len(v.Groups) > 0 {
		e.Client.Group = v.Groups[0]
	}
	c := f.Content
	if o.Added != nil { // what went before was told
		c = o.Added
	}
	if c != nil {
		e.Coverage, e.People = c.Coverage, c.People
		for _, f := range c.Findings {
			f.Location = locationWord(f.Location)
			e.Findings = append(e.Findings, f)
		}
	}
	return e
}

// eventAccount is what the event tells of the account; nil when the destination is
// not AI. Of what turned out to be AI late nothing is known.
func eventAccount(f *rules.Facts) *audit.AIAccount {
	if !f.Service.IsAI() {
		return nil
	}
	a := &f.Account
	out := &audit.AIAccount{Kind: cmp.Or(a.Kind, rules.UnknownAccount), Name: a.Name, Plan: a.Plan}
	if a.Fingerprint != 0 {
		out.Fingerprint = fmt.Sprintf("%016x", a.Fingerprint)
	}
	return out
}

// mismatch tells whether the names of the destination disagree. An address is
// no name: a CONNECT to one is common, and its name comes with the SNI.
func mismatch(d rules.Destination) bool {
	first := ""
	for _, name := range [...]string{d.ConnectHost, d.SNI, d.Host} {
		switch {
		case name == "" || isAddress(name) || strings.EqualFold(name, first):
		case first == "":
			first = name
		default:
			return true
		}
	}
	return false
}

// methodWord keeps a method of the registry and hides any other: a client may
// write what it likes there.
func methodWord(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodConnect, http.MethodOptions, http.MethodTrace, "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "REPORT", "QUERY":
		return method
	}
	return "OTHER"
}

// locationWord hides the parts of a location that look like a value: a key, a
// field or a column may be named after a person. A part ends at a blank, a quote
// or a bracket.
func locationWord(location string) string {
	var b strings.Builder
	for len(location) > 0 {
		end := strings.IndexAny(location, " \"'[]")
		if end < 0 {
			end = len(location)
		}
		if part := location[:end]; looksLikeValue(part) {
			b.WriteString("…")
		} else {
			b.WriteString(part)
		}
		if end < len(location) {
			b.WriteByte(location[end])
			end++
		}
		location = location[end:]
	}
	return b.String()
}

// looksLikeValue tells whether text holds an at sign or six digits, also with
// separators between them.
func looksLikeValue(text string) bool {
	digits := 0
	for _, c := range text {
		switch {
		case c == '@' || c == '＠':
			return true
		case unicode.IsDigit(c):
			digits++
		case c != '-' && c != '.' && c != '/' && c != '(' && c != ')' && c != '+':
			digits = 0
		}
		if digits >= 6 {
			return true
		}
	}
	return false
}

func upgradeProtocol(name string) string {
	if strings.EqualFold(name, "websocket") {
		return "websocket"
	}
	return "upgrade"
}

// mediaType returns the lower-case media type of a head without parameters; ""
// when there is none or it cannot be read.
func mediaType(h http.Header) string {
	value := h.Get("Content-Type")
	if value == "application/json" { // nothing to parse in most requests
		return value
	}
	media, _, err := mime.ParseMediaType(value)
	if err != nil {
		return ""
	}
	return media
}

// mediaTypeWord keeps a media type that is in common use and of any other only
// the kind: a client may write what it likes there.
func mediaTypeWord(media string) string {
	kind, subtype, _ := strings.Cut(media, "/")
	switch kind {
	case "":
		return ""
	case "text", "image", "audio", "video", "font", "multipart", "model", "message", "application":
	default:
		return "other"
	}
	if isCommonSubtype(subtype) {
		return media
	}
	return kind + "/other"
}

func isCommonSubtype(subtype string) bool {
	switch subtype {
	case "json", "x-www-form-urlencoded", "form-data", "mixed", "related", "plain", "html", "css", "csv", "xml", "markdown",
		"javascript", "x-javascript", "event-stream", "octet-stream", "pdf", "zip", "gzip", "x-ndjson", "ndjson", "jsonl",
		"problem+json", "ld+json", "manifest+json", "graphql", "graphql+json", "x-protobuf", "protobuf", "json+protobuf", "grpc",
		"grpc-web", "grpc-web+proto", "grpc+proto", "connect+json", "connect+proto", "proto", "vnd.amazon.eventstream",
		"x-amz-json-1.1", "wasm", "svg+xml", "png", "jpeg", "gif", "webp", "avif", "bmp", "tiff", "heic", "x-icon",
		"vnd.microsoft.icon", "mpeg", "mp4", "ogg", "wav", "x-wav", "webm", "aac", "flac", "woff", "woff2", "rtf", "msword",
		"vnd.ms-excel", "vnd.ms-powerpoint", "x-tar", "x-7z-compressed",
		"vnd.openxmlformats-officedocument.wordprocessingml.document", "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"vnd.openxmlformats-officedocument.presentationml.presentation", "vnd.oasis.opendocument.text",
		"vnd.oasis.opendocument.spreadsheet", "csp-report", "reports+json", "x-git-upload-pack-request",
		"x-git-receive-pack-request", "x-git-upload-pack-result":
		return true
	}
	return false
}
