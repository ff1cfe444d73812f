package engine

import (
	"bytes"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/classifier/extract"
	"daylight.internal/rules/catalog"
)

// Announcement is an upload and a URL to which its bytes will go.
type Announcement struct {
	Upload
	Host  string // lower case
	Port  uint16
	Path  string // decoded
	Query string // raw; it may hold a signature and is never recorded
}

// Bounds on what is read of an answer: a service names the parts of a large file
// one by one, but nobody uploads more at once.
const (
	maxAnnouncements    = 256
	maxAnnouncedURL     = 8 << 10
	announcementBytes   = 1 << 20 // decoded
	announcementStrings = 4096
)

// Announced finds in an exchange with an AI service where the bytes of uploads
// will go, and the names of their files. header and response are of the answer,
// as it travelled; response may be only its beginning.
func (s *Snapshot) Announced(p Plan, request Body, status int, header map[string][]string, response []byte) []Announcement {
	isSilent := headerOf(header, "Location") == "" && headerOf(header, "X-Goog-Upload-Url") == "" &&
		headerOf(header, "X-Goog-Upload-Control-Url") == "" && !mayAnnounce(response)
	if isSilent || !p.Facts.Service.IsAI() { // nearly always
		return nil
	}
	kept := p // only here, for it is large
	return s.announced(&kept, request, status, header, response)
}

func (s *Snapshot) announced(p *Plan, request Body, status int, header map[string][]string, response []byte) []Announcement {
	a := announcer{plan: p, answer: header, service: p.Facts.Service.ID}
	a.locations(status)
	if mayAnnounce(response) && status < 300 {
		a.urls(s.leaves(header, response))
	}
	if len(a.found) == 0 {
		return nil
	}
	names := s.fileNames(p, request)
	for i := range a.found {
		a.found[i].name(names, p.Request.Upload)
		a.found[i].Telling = s.isTelling(a.found[i].Filename)
	}
	return a.result()
}

// mayAnnounce spares most answers the reading.
func mayAnnounce(response []byte) bool {
	compressed := len(response) > 0 && response[0] != '{' && response[0] != '['
	return compressed || bytes.Contains(response, []byte("http")) || bytes.Contains(response, []byte("pload"))
}

// leaves returns the texts of a JSON body.
func (s *Snapshot) leaves(header map[string][]string, body []byte) []classifier.Segment {
	limits := s.limits
	limits.DecodedBytes, limits.Segments, limits.Depth = announcementBytes, announcementStrings, 2
	return extract.Body(extract.Input{
		MediaType: headerOf(header, "Content-Type"), Encoding: strings.Join(header["Content-Encoding"], ", "), Body: body, Truncated: true,
		Verbatim: true, // URLs mean what they are
	}, limits).Segments
}

// announcer gathers the URLs of one answer.
type announcer struct {
	plan    *Plan
	answer  map[string][]string
	service string
	found   []announced
}

// announced is a URL with what tells which file is meant.
type announced struct {
	Announcement
	beside  []fileName // names that stand beside it in the answer
	indexes []int      // of the arrays around it
}

// locations reads the headers of the answer that name a URL.
// Sources: https://tus.io/protocols/resumable-upload (1.0), https://cloud.google.com/storage/docs/resumable-uploads,
// and Google's clients for X-Goog-Upload-URL.
func (a *announcer) locations(status int) {
	if status < 300 {
		for _, name := range []string{"X-Goog-Upload-Url", "X-Goog-Upload-Control-Url"} {
			a.add(headerOf(a.answer, name), nil, nil)
		}
	}
	location := headerOf(a.answer, "Location")
	isRedirect := status == 307 || status == 308 // the client sends its body again
	switch {
	case location == "":
	case isRedirect && a.plan.Request.Length != 0, status < 300 && a.opens(location):
		n := len(a.found)
		a.add(location, nil, nil)
		if isRedirect && len(a.found) > n && a.found[n].Host == a.plan.Request.Destination.Host {
			a.found = a.found[:n] // the service is known there, and what its requests mean
		}
	}
}

// opens tells whether a location is that of an upload and not of any other thing
// that was made.
func (a *announcer) opens(location string) bool {
	r := &a.plan.Request
	if a.plan.Facts.Service.Operation == catalog.Upload || r.Upload != nil {
		return true
	}
	for _, name := range []string{"Upload-Length", "Upload-Defer-Length", "Upload-Metadata", "X-Upload-Content-Type", "X-Upload-Content-Length", "X-Goog-Resumable"} {
		if len(r.Header[name]) > 0 {
			return true
		}
	}
	_, query, _ := strings.Cut(location, "?")
	values, _ := url.ParseQuery(query)
	return isSigned(values)
}

// urls adds the strings of a JSON answer that are URLs which take bytes.
func (a *announcer) urls(leaves []classifier.Segment) {
	forms := formParents(leaves)
	for i := range leaves {
		leaf := &leaves[i]
		if len(leaf.Text) > maxAnnouncedURL || len(leaf.Location.Steps()) == 0 {
			continue
		}
		if isURL(leaf.Text) && takesBytes(leaf.Field, string(leaf.Text), forms[leaf.Location.Parent]) ||
			leaf.Text[0] == '/' && isUploadKey(normalKey(leaf.Field)) {
			a.add(string(leaf.Text), namesBeside(leaf, leaves), indexes(leaf))
		}
	}
}

func isURL(text []byte) bool {
	return (bytes.HasPrefix(text, []byte("https://")) || bytes.HasPrefix(text, []byte("http://"))) && bytes.IndexByte(text, ' ') < 0
}

// add resolves a reference of the answer and keeps it.
func (a *announcer) add(reference string, beside []fileName, indexes []int) {
	if reference == "" || len(reference) > maxAnnouncedURL || len(a.found) >= maxAnnouncements {
		return
	}
	d := &a.plan.Request.Destination
	base := url.URL{Scheme: "https", Host: bracketed(d.Host) + ":" + strconv.Itoa(int(d.Port)), Path: a.plan.Request.Path}
	u, err := base.Parse(reference)
	if err != nil || catalog.NormalizeHost(u.Hostname()) == "" || u.Scheme != "https" && u.Scheme != "http" {
		return
	}
	port := uint64(443)
	if u.Scheme == "http" {
		port = 80
	}
	if text := u.Port(); text != "" {
		if port, err = strconv.ParseUint(text, 10, 16); err != nil {
			return
		}
	}
	found := announced{beside: beside, indexes: indexes}
	found.Service, found.Account = a.service, a.plan.Facts.Account
	found.Host, found.Port, found.Path, found.Query = catalog.NormalizeHost(u.Hostname()), uint16(port), u.Path, u.RawQuery
	a.found = append(a.found, found)
}

func bracketed(host string) string {
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

// result returns each URL once. One that stands for several files names none.
func (a *announcer) result() []Announcement {
	var out []Announcement
	for _, f := range a.found {
		i := slices.IndexFunc(out, func(o Announcement) bool {
			return o.Host == f.Host && o.Port == f.Port && o.Path == f.Path && o.Query == f.Query
		})
		switch {
		case i < 0:
			out = append(out, f.Announcement)
		case out[i].Filename != f.Filename:
			out[i].Filename, out[i].MediaType, out[i].Size, out[i].Telling = "", "", 0, false
		}
	}
	return out
}

// isTelling tells whether the name of a file is itself data.
func (s *Snapshot) isTelling(filename string) bool {
	if filename == "" {
		return false
	}
	result := s.scanner.Scan([]classifier.Segment{{Text: []byte(filename), Location: classifier.Location{Stage: classifier.StageFilename}, Field: "filename"}})
	return len(result.Summaries) > 0
}

func headerOf(header map[string][]string, name string) string {
	if values := header[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}
