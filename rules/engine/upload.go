package engine

import (
	"mime"
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/classifier/extract"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// announcedUpload is the evidence for an upload that a suspected service opened.
const announcedUpload = "announced_upload"

// planUpload puts the service that opened an upload in place of what the
// catalogue says of the host that takes the bytes; false when there is no such
// service any more.
func (s *Snapshot) planUpload(p *Plan) bool {
	id := p.Request.Upload.Service
	p.Facts.Account = p.Request.Upload.Account
	if p.Request.Account != nil {
		p.Facts.Account = *p.Request.Account
	}
	p.Facts.Account.Pending = false
	if id == rules.Suspected {
		p.Facts.Service = rules.Service{ID: id, Operation: catalog.Upload, Confidence: "medium", Evidence: []string{announcedUpload}}
		return true
	}
	service, ok := s.catalog.Service(id)
	if !ok {
		return false
	}
	p.Service = service
	p.Facts.Service = listed(catalog.Match{Service: service})
	p.Facts.Service.Operation = catalog.Upload
	return true
}

// input is the part of a request with the bytes of an upload that extraction
// looks at. The address is the service's own choice, with its keys and signatures:
// it holds nothing of the client. What kind of file it is, the opening call knows
// better than a request that sends raw bytes.
func (u *Upload) input(r *Request, b Body) extract.Input {
	in := extract.Input{
		MediaType: u.MediaType, Encoding: strings.Join(r.Header["Content-Encoding"], ", "), Filename: u.Filename,
		Body: b.Bytes, Truncated: b.Total > int64(len(b.Bytes)) || b.Reason != "" || b.Part != nil && b.Part.More,
	}
	switch media := r.mediaType(); {
	case media == "", media == "application/octet-stream", media == "application/offset+octet-stream", media == "application/x-www-form-urlencoded":
	case u.MediaType == "", strings.HasPrefix(media, "multipart/"):
		in.MediaType = r.header("Content-Type")
	}
	if _, _, err := mime.ParseMediaType(in.MediaType); err != nil {
		in.MediaType = ""
	}
	return in
}

// Part tells that a body is a part of a file that travels in several requests,
// and stands behind what went before.
type Part struct {
	Before int  // of Body.Bytes came in earlier requests
	More   bool // the file goes on behind the body
}

// whole tells the end of a part from a loss: nothing of the body is missing.
func (p *Part) whole(c classifier.Coverage, b Body) classifier.Coverage {
	if p != nil && p.More && b.Reason == "" && b.Total == int64(len(b.Bytes)) &&
		c.State == classifier.Truncated && c.Reason == "over_limit" && c.BytesRead == b.Total {
		c.State, c.Reason = classifier.Complete, ""
	}
	return c
}

// coverage leaves out what came in earlier requests: it was counted there.
func (p *Part) coverage(c classifier.Coverage) classifier.Coverage {
	if p != nil {
		c.BytesRead = max(0, c.BytesRead-int64(p.Before))
	}
	return c
}

// Added returns what content has beyond before: the counts of findings and people
// that are new, and the coverage of content.
func Added(content, before *rules.Content) *rules.Content {
	if content == nil || before == nil {
		return content
	}
	added := &rules.Content{People: max(0, content.People-before.People), Coverage: content.Coverage}
	known := map[string]int{}
	for _, f := range before.Findings {
		known[f.Detector] += f.Count
	}
	for _, f := range content.Findings {
		if f.Count -= known[f.Detector]; f.Count > 0 {
			added.Findings = append(added.Findings, f)
		}
	}
	return added
}
