package replay_test

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// request is an exchange with a text in it, ready to be sent.
type request struct {
	method, url string
	header      http.Header
	body        []byte
	mediaType   string
}

// request fills in the text. Unless all of the body is text, fields that no entry
// knows go with it.
func (x *exchange) request(t testing.TB, text string) request {
	t.Helper()
	r := request{method: x.Method, url: filledURL(x.URL, text), header: http.Header{}}
	for name, value := range x.Headers {
		r.header.Set(name, filled(value, text))
	}
	switch {
	case x.Form != nil:
		r.mediaType, r.body = "application/x-www-form-urlencoded;charset=UTF-8", x.form(text)
	case x.Parts != nil:
		r.mediaType, r.body = x.multipart(t, text)
	case x.Base64 != "":
		r.mediaType, r.body = "application/octet-stream", fromBase64(t, x.Base64)
	case x.Body != "":
		r.mediaType, r.body = "application/json", []byte(x.text(text))
	}
	r.mediaType = cmp.Or(x.Type, r.mediaType)
	if r.method == "" && r.body != nil {
		r.method = http.MethodPost
	}
	r.method = cmp.Or(r.method, http.MethodGet)
	if r.body != nil {
		r.header.Set("Content-Type", r.mediaType)
	}
	return r
}

func (x *exchange) text(text string) string {
	body := filled(x.Body, text)
	if x.knowsOthers() {
		body = withUnknownMembers(body)
	}
	if x.Envelope {
		body = enveloped(body)
	}
	return body
}

// knowsOthers tells whether it is known which of the fields are people's text, so that
// those which nobody listed are none.
func (x *exchange) knowsOthers() bool { return !x.All && len(x.At) > 0 }

func (x *exchange) form(text string) []byte {
	values := url.Values{}
	for name, value := range x.Form {
		values.Set(name, filled(value, text))
	}
	if x.knowsOthers() {
		for _, f := range unknownFields() {
			values.Set(f.name, f.value)
		}
	}
	return []byte(values.Encode())
}

func (x *exchange) multipart(t testing.TB, text string) (mediaType string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.SetBoundary("----WebKitFormBoundary7MA4YWxkTrZu0gW"); err != nil {
		t.Error(err)
	}
	parts := x.Parts
	if x.knowsOthers() {
		for _, f := range unknownFields() {
			parts = append(slices.Clone(parts), part{Name: f.name, Body: f.value})
		}
	}
	for _, p := range parts {
		head := textproto.MIMEHeader{}
		disposition := fmt.Sprintf("form-data; name=%q", p.Name)
		if p.Filename != "" {
			disposition += fmt.Sprintf("; filename=%q", p.Filename)
		}
		head.Set("Content-Disposition", disposition)
		if p.Type != "" {
			head.Set("Content-Type", p.Type)
		}
		to, err := w.CreatePart(head)
		if err == nil {
			_, err = io.WriteString(to, filled(p.Body, text))
		}
		if err != nil {
			t.Error(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	return w.FormDataContentType(), b.Bytes()
}

func filledURL(template, text string) string {
	path, query, found := strings.Cut(template, "?")
	path = strings.ReplaceAll(path, "${text}", url.PathEscape(text))
	if !found {
		return path
	}
	return path + "?" + strings.ReplaceAll(query, "${text}", url.QueryEscape(text))
}

func fromBase64(t testing.TB, text string) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Error(err)
	}
	return data
}

// payload is what is sent of a message.
func (m *message) payload(t testing.TB, text string, all bool) []byte {
	t.Helper()
	if m.Base64 != "" {
		return fromBase64(t, m.Base64)
	}
	payload := filled(m.Text, text)
	if len(m.At) > 0 && !all {
		payload = withUnknownMembers(payload)
	}
	return []byte(payload)
}

// filled are the places with the text of a person.
func (p places) filled(text string) map[string]string {
	out := maps.Clone(map[string]string(p))
	for at, template := range out {
		out[at] = filled(template, text)
	}
	return out
}
