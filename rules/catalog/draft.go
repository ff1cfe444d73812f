package catalog

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Draft is a request that carries something where an operation expects it, and
// little else: enough for a verdict on it, not for the service.
type Draft struct {
	Operation *Operation
	URL       string
	Method    string
	Header    map[string]string // canonical names
	Body      []byte
	// Message is that of a WebSocket, which the URL opens; nil for any other request.
	Message []byte
	Binary  bool // the message
}

// DraftPrompt makes a request with the text at the first place of the first
// operation for prompts of which the catalogue says enough: an example of its
// address, and where the text sits.
func (s *Service) DraftPrompt(text []byte) (Draft, error) {
	draft, err := s.draft(Prompt, func(o *Operation, l *Locator) (Draft, error) { return o.draft(l, text) })
	if err != nil {
		err = fmt.Errorf("the catalogue does not say how a prompt to %q is sent: %w", s.ID, err)
	}
	return draft, err
}

// DraftUpload makes a request with a file, as DraftPrompt does. Where the catalogue
// knows only the call that announces an upload, there is none. mediaType is that of
// the file.
func (s *Service) DraftUpload(filename, mediaType string, data []byte) (Draft, error) {
	draft, err := s.draft(Upload, func(o *Operation, l *Locator) (Draft, error) { return o.draftFile(l, filename, mediaType, data) })
	if err != nil {
		err = fmt.Errorf("the catalogue does not say how a file is uploaded to %q: %w", s.ID, err)
	}
	return draft, err
}

var errNoDraft = errors.New("no place of it can be filled in")

// draft tries the operations of a kind in turn, and the places of each.
func (s *Service) draft(kind string, try func(*Operation, *Locator) (Draft, error)) (Draft, error) {
	err := fmt.Errorf("it has no operation of the kind %s with an example", kind)
	for i := range s.Operations {
		o := &s.Operations[i]
		if o.Kind != kind || len(o.Examples) == 0 {
			continue
		}
		for k := range o.Text {
			draft, problem := try(o, &o.Text[k])
			if problem == nil {
				return draft, nil
			}
			err = problem
		}
	}
	return Draft{}, err
}

// head is the request without its content.
func (o *Operation) head() Draft {
	d := Draft{Operation: o, URL: o.Examples[0], Method: o.Method, Header: map[string]string{}}
	for _, r := range o.Header {
		d.Header[r.Name] = strings.ReplaceAll(r.Value, "*", "x")
	}
	if o.WebSocket {
		d.Method = "GET"
	}
	return d
}

// draft puts the text at a place.
func (o *Operation) draft(l *Locator, text []byte) (Draft, error) {
	d := o.head()
	if l.Sound || l.Protocol || o.WebSocket != (l.Carrier == Frame) && l.Carrier != Protobuf {
		return d, errNoDraft
	}
	var err error
	switch {
	case o.WebSocket:
		d.Message, err = l.message(text)
		d.Binary = l.Carrier == Protobuf
	case l.Carrier == Protobuf:
		d.Body = l.protobuf(text)
		d.Header["Content-Type"] = "application/proto"
	case l.Carrier == Connect:
		d.Body, err = l.document(text, nil)
		d.Body = enveloped(d.Body)
		d.Header["Content-Type"] = "application/connect+json"
	default:
		err = d.fill(l, text)
	}
	return d, err
}

// fill puts the text into what a request without messages has.
func (d *Draft) fill(l *Locator, text []byte) error {
	first := l.steps[0]
	value, err := l.value(l.steps[1:], text)
	if err != nil && first.kind == stepStage && first.stage != documentStage {
		return err
	}
	switch {
	case first.kind == stepAll && first.name == "body":
		d.Body, d.Header["Content-Type"] = text, "text/plain; charset=utf-8"
	case first.kind == stepAll:
		d.Body, err = marshal(map[string]any{"text": string(text)})
		d.Header["Content-Type"] = "application/json"
	case first.stage == documentStage:
		d.Body, err = l.document(text, nil)
		d.Header["Content-Type"] = "application/json"
	case first.stage == queryStage:
		return d.query(first.name, value)
	case first.stage == formStage:
		d.Body = []byte(url.Values{first.name: {value}}.Encode())
		d.Header["Content-Type"] = "application/x-www-form-urlencoded"
	case first.stage == partStage:
		d.multipart(first.name, "", "", []byte(value))
	default:
		return errNoDraft
	}
	if err == nil && d.Method == "GET" {
		return errNoDraft // its body means nothing
	}
	return err
}

// query replaces a parameter of the example.
func (d *Draft) query(name, value string) error {
	u, err := url.Parse(d.URL)
	if err != nil {
		return fmt.Errorf("reading its example: %w", err)
	}
	query := u.Query()
	query.Set(name, value)
	u.RawQuery = query.Encode()
	d.URL = u.String()
	return nil
}

// draftFile puts a file at a place that takes one.
func (o *Operation) draftFile(l *Locator, filename, mediaType string, data []byte) (Draft, error) {
	d := o.head()
	if len(l.steps) != 1 || l.Carrier != Body || l.Protocol || o.WebSocket {
		return d, errNoDraft
	}
	switch first := l.steps[0]; {
	case first.kind == stepAll && first.name == "body":
		d.Body = slices.Clone(data)
		d.Header["Content-Type"] = mediaType
	case first.stage == partStage && first.kind == stepStage:
		d.multipart(first.name, filename, mediaType, data)
	default:
		return d, errNoDraft
	}
	return d, nil
}
