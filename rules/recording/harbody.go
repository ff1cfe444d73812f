package recording

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"strings"
	"unicode/utf8"
)

// body fills in the body of an entry as it travelled, as far as it was recorded.
func (r *harRequest) body(x *Exchange) error {
	p := r.PostData
	if p == nil {
		x.settleBody(max(r.declared(x), 0))
		return nil
	}
	data, err := p.bytes()
	if err != nil {
		return err
	}
	lossy := false
	switch {
	case len(data) > 0:
		data = r.withoutHead(data)
		data = fromLatin1(data, declaredLength(x.Request.Header))
		lossy = p.undoEncoding(x, &data)
	case len(p.Params) > 0:
		data, lossy = p.fromParams(x)
	case p.File != "" || p.SHA1 != "" || p.Comment != "":
		lossy = true
	}
	if lossy || p.leavesFilesOut(x, data) {
		x.Body.Reason = NotRecorded
	}
	x.Body.Bytes = data
	x.settleBody(r.declared(x))
	return nil
}

// declared is the number of bytes that travelled; -1 when nothing tells it. The
// field of the head knows it better than the size of what was recorded.
func (r *harRequest) declared(x *Exchange) int64 {
	if n := declaredLength(x.Request.Header); n >= 0 {
		return n
	}
	return int64(r.BodySize)
}

func (p *harPost) bytes() ([]byte, error) {
	if !strings.EqualFold(string(p.Encoding), "base64") && !strings.EqualFold(string(p.Encoding_), "base64") {
		return []byte(p.Text), nil
	}
	data, err := base64.StdEncoding.DecodeString(string(p.Text))
	if err != nil {
		return nil, errors.New("its postData.text is not base64, though its encoding says so")
	}
	return data, nil
}

// withoutHead removes the fields that Firefox puts before the body of a form, and
// counts as a part of it.
func (r *harRequest) withoutHead(data []byte) []byte {
	const longest = 1024
	head, _, found := bytes.Cut(data[:min(len(data), longest)], []byte("\r\n\r\n"))
	if !found || !bytes.HasPrefix(head, []byte("Content-")) || !bytes.Contains(head, []byte("Content-Length: ")) {
		return data
	}
	r.BodySize = -1
	return data[len(head)+4:]
}

// fromLatin1 returns the bytes of a body that is no text, of which Chrome makes a
// character each. The declared length tells them from text.
func fromLatin1(data []byte, declared int64) []byte {
	if declared < 0 || declared >= int64(len(data)) || int64(utf8.RuneCount(data)) != declared {
		return data
	}
	out := make([]byte, 0, declared)
	for _, r := range string(data) {
		if r > 0xff {
			return data
		}
		out = append(out, byte(r))
	}
	return out
}

// undoEncoding settles whether the text is the body as it travelled. Recorders
// write bodies that were compressed as they read them, or broken: an encoding
// that the bytes cannot have is not declared any more. It tells whether bytes were
// lost because they are no text.
func (p *harPost) undoEncoding(x *Exchange, data *[]byte) (lossy bool) {
	broken := bytes.Contains(*data, []byte("\ufffd"))
	if x.Request.Header["Content-Encoding"] == nil || !utf8.Valid(*data) {
		declared := declaredLength(x.Request.Header)
		return broken && declared >= 0 && declared != int64(len(*data))
	}
	if broken { // it was compressed
		*data = nil
		return true
	}
	delete(x.Request.Header, "Content-Encoding")
	delete(x.Request.Header, "Content-Length") // it is that of the compressed body
	return false
}

// fromParams writes the body anew from the fields of a form. It tells whether
// files were left out.
func (p *harPost) fromParams(x *Exchange) (data []byte, lossy bool) {
	media, parameters, _ := mime.ParseMediaType(string(p.MimeType))
	if media != "multipart/form-data" {
		var b strings.Builder
		for i, field := range p.Params {
			if i > 0 {
				b.WriteByte('&')
			}
			b.WriteString(url.QueryEscape(string(field.Name)) + "=" + url.QueryEscape(string(field.value())))
		}
		return []byte(b.String()), false
	}
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	if boundary := parameters["boundary"]; boundary == "" || form.SetBoundary(boundary) != nil {
		x.Request.Header["Content-Type"] = []string{form.FormDataContentType()}
	}
	for _, field := range p.Params {
		part, err := form.CreatePart(field.head())
		if err != nil {
			return b.Bytes(), true
		}
		_, _ = part.Write([]byte(field.value())) // memory takes all
		lossy = lossy || field.FileName != "" && field.value() == "" || field.value() == chromeFile
	}
	_ = form.Close()
	return b.Bytes(), lossy
}

// chromeFile is what Chrome writes for the content of a file.
const chromeFile = "(binary)"

func (f *harParam) value() text {
	if f.Value == nil {
		return ""
	}
	return *f.Value
}

func (f *harParam) head() textproto.MIMEHeader {
	quote := strings.NewReplacer("\\", "\\\\", `"`, "%22", "\r", "%0D", "\n", "%0A")
	disposition := `form-data; name="` + quote.Replace(string(f.Name)) + `"`
	if f.FileName != "" {
		disposition += `; filename="` + quote.Replace(string(f.FileName)) + `"`
	}
	head := textproto.MIMEHeader{"Content-Disposition": {disposition}}
	if f.ContentType != "" && !strings.ContainsAny(string(f.ContentType), "\r\n") {
		head.Set("Content-Type", string(f.ContentType))
	}
	return head
}

// leavesFilesOut tells whether a form has files without content, as browsers write
// them. A length that fits says that they are empty indeed.
func (p *harPost) leavesFilesOut(x *Exchange, data []byte) bool {
	content := x.Request.Header["Content-Type"]
	if len(content) == 0 || declaredLength(x.Request.Header) == int64(len(data)) {
		return false
	}
	media, parameters, err := mime.ParseMediaType(content[0])
	if err != nil || media != "multipart/form-data" {
		return false
	}
	form := multipart.NewReader(bytes.NewReader(data), parameters["boundary"])
	for range maxHeaders {
		part, err := form.NextRawPart()
		if err != nil {
			return false
		}
		if part.FileName() == "" {
			continue
		}
		if n, _ := io.CopyN(io.Discard, part, 1); n == 0 {
			return true
		}
	}
	return false
}
