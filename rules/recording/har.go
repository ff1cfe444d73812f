package recording

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"daylight.internal/rules/engine"
)

// The HAR 1.2 format as the programs write it that people record with. Sources:
// http://www.softwareishard.com/blog/har-12-spec/, and the exporters themselves:
// models/har/Log.ts of Chrome DevTools, har-builder.js of Firefox, HARBuilder.js
// of WebKit, harTracer.ts of Playwright, savehar.py of mitmproxy.
type harFile struct {
	Log *struct {
		Entries *[]json.RawMessage `json:"entries"`
	} `json:"log"`
}

type harEntry struct {
	Started      text         `json:"startedDateTime"`
	Request      harRequest   `json:"request"`
	Response     harResponse  `json:"response"`
	ResourceType text         `json:"_resourceType"`      // Chrome, mitmproxy
	Messages     []harMessage `json:"_webSocketMessages"` // Chrome, mitmproxy
}

type harRequest struct {
	Method   text     `json:"method"`
	URL      text     `json:"url"`
	Headers  []pair   `json:"headers"`
	Cookies  []pair   `json:"cookies"`
	BodySize number   `json:"bodySize"` // -1 when unknown
	PostData *harPost `json:"postData"`
}

type harPost struct {
	MimeType text       `json:"mimeType"`
	Text     text       `json:"text"`
	Params   []harParam `json:"params"`
	// Encoding is "base64" for a body that is no text.
	Encoding  text `json:"encoding"`
	Encoding_ text `json:"_encoding"`
	// File and SHA1 name a file beside the HAR: Playwright with attached contents.
	File text `json:"_file"`
	SHA1 text `json:"_sha1"`
	// Comment is how Firefox says that it left the body out.
	Comment text `json:"comment"`
}

type harParam struct {
	Name        text  `json:"name"`
	Value       *text `json:"value"`
	FileName    text  `json:"fileName"`
	ContentType text  `json:"contentType"`
}

type harResponse struct {
	Status  number `json:"status"`
	Headers []pair `json:"headers"`
	Content struct {
		Text     text `json:"text"`
		Encoding text `json:"encoding"`
	} `json:"content"`
}

type harMessage struct {
	Type   text   `json:"type"` // send, receive or error
	Opcode number `json:"opcode"`
	Data   text   `json:"data"` // base64 when the opcode is 2
}

type pair struct {
	Name  text `json:"name"`
	Value text `json:"value"`
}

// HAR reads a HAR file: its entries in order, but for those that left no machine,
// such as data: and blob: addresses. name is for errors.
func HAR(name string, data []byte) ([]Exchange, error) {
	if len(data) > MaxFileBytes {
		return nil, tooLarge(name)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	var file harFile
	if err := decodeJSON(name, data, &file); err != nil {
		return nil, err
	}
	if file.Log == nil || file.Log.Entries == nil {
		return nil, fault(name, 1, 1, "browsers save one by \"Save all as HAR\" or \"Export HAR\" among their developer tools", "this is no HAR file: it has no log.entries")
	}
	entries := *file.Log.Entries
	if len(entries) > maxEntries {
		return nil, fault(name, 1, 1, "split the file", "the file has %d entries; %d are the most", len(entries), maxEntries)
	}
	exchanges := make([]Exchange, 0, len(entries))
	messages := 0
	for i := range entries {
		x, err := readEntry(entries[i], i+1)
		if errors.Is(err, errNotSent) {
			continue
		}
		if messages += len(x.Messages); messages > maxMessages {
			err = fmt.Errorf("the messages of WebSockets are more than %d", maxMessages)
		}
		if err != nil {
			return nil, fault(name, 1, 1, "", "entry %d: %v", i+1, err)
		}
		exchanges = append(exchanges, x)
	}
	return exchanges, nil
}

func tooLarge(name string) error {
	return fault(name, 1, 1, "record less at once", "the file is larger than %d MiB", MaxFileBytes>>20)
}

// decodeJSON decodes a whole file; its errors have line and column.
func decodeJSON(name string, data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	err := dec.Decode(into)
	if err == nil {
		if end := int(dec.InputOffset()); len(bytes.TrimSpace(data[end:])) > 0 {
			return faultAt(name, data, end, "", "something follows the end of the JSON")
		}
		return nil
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF):
		return fault(name, 1, 1, "", "the file is empty")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return faultAt(name, data, len(data), "record it again, or copy it whole", "the JSON ends too early")
	case errors.As(err, &syntax):
		return faultAt(name, data, int(syntax.Offset)-1, "", "this is not JSON")
	case errors.As(err, &kind):
		return faultAt(name, data, int(kind.Offset)-1, "", "%s", wrongKind(kind, "the file"))
	}
	return fault(name, 1, 1, "", "the JSON cannot be read")
}

// readEntry reads an entry. The error has no place, for it is about one of many.
func readEntry(data []byte, number int) (Exchange, error) {
	var e harEntry
	if err := json.Unmarshal(data, &e); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) {
			return Exchange{}, errors.New(wrongKind(kind, "it"))
		}
		return Exchange{}, errors.New("its JSON cannot be read")
	}
	return e.exchange(number)
}

// errNotSent is for an entry that never was a request over a network.
var errNotSent = errors.New("not sent")

func (e *harEntry) exchange(number int) (Exchange, error) {
	x := Exchange{Entry: number}
	r := &e.Request
	u, err := url.Parse(string(r.URL))
	if err != nil || u.Scheme == "" {
		return x, errors.New("its request.url is not a whole URL")
	}
	if !slices.Contains([]string{"http", "https", "ws", "wss"}, u.Scheme) {
		return x, errNotSent
	}
	method := strings.ToUpper(string(r.Method))
	if method == "" {
		method = "GET"
	}
	if e.isWebSocket(u) {
		u.Scheme = strings.Replace(u.Scheme, "http", "ws", 1)
	}
	x.Name = fmt.Sprintf("entry %d: %s", number, describe(method, u))
	if x.Request, err = NewRequest(method, u, r.header()); err != nil {
		return x, err
	}
	x.Request.Time, _ = time.Parse(time.RFC3339, string(e.Started))
	if err := r.body(&x); err != nil {
		return x, err
	}
	if err := e.messages(&x); err != nil {
		return x, err
	}
	x.Response = e.Response.response()
	return x, nil
}

func (e *harEntry) isWebSocket(u *url.URL) bool {
	return strings.HasPrefix(u.Scheme, "ws") || strings.EqualFold(string(e.ResourceType), "websocket") || e.Messages != nil
}

// header returns the fields of the request. Cookies and the media type are taken
// from where the format repeats them when the fields do not have them.
func (r *harRequest) header() map[string][]string {
	header := map[string][]string{}
	for i, h := range r.Headers {
		if strings.EqualFold(string(h.Name), ":authority") {
			h.Name = "Host"
		}
		if i < maxHeaders && !(strings.EqualFold(string(h.Name), "Host") && header["Host"] != nil) {
			addHeader(header, string(h.Name), string(h.Value))
		}
	}
	joinCookies(header)
	if header["Cookie"] == nil && len(r.Cookies) > 0 {
		var pairs []string
		for _, c := range r.Cookies[:min(len(r.Cookies), maxHeaders)] {
			pairs = append(pairs, string(c.Name)+"="+string(c.Value))
		}
		header["Cookie"] = []string{strings.Join(pairs, "; ")}
	}
	if p := r.PostData; p != nil && p.MimeType != "" && header["Content-Type"] == nil {
		header["Content-Type"] = []string{string(p.MimeType)}
	}
	return header
}

func (e *harEntry) messages(x *Exchange) error {
	for i, m := range e.Messages {
		if m.Type != "send" {
			continue
		}
		b := engine.Body{Bytes: []byte(m.Data), Frame: engine.TextFrame}
		switch int64(m.Opcode) {
		case 1:
		case 2:
			var err error
			if b.Bytes, err = base64.StdEncoding.DecodeString(string(m.Data)); err != nil {
				return fmt.Errorf("its message %d is not base64", i+1)
			}
			b.Frame = engine.BinaryFrame
		default:
			continue // control frames
		}
		b.Total = int64(len(b.Bytes))
		x.Messages = append(x.Messages, b)
	}
	return nil
}

func (r *harResponse) response() Response {
	out := Response{Status: max(0, int(r.Status)), Header: map[string][]string{}}
	for _, h := range r.Headers[:min(len(r.Headers), maxHeaders)] {
		addHeader(out.Header, string(h.Name), string(h.Value))
	}
	body := []byte(r.Content.Text)
	if strings.EqualFold(string(r.Content.Encoding), "base64") {
		body, _ = base64.StdEncoding.DecodeString(string(r.Content.Text))
	}
	out.Body = body[:min(len(body), keptResponse)]
	return out
}
