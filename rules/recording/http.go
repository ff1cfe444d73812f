package recording

import (
	"bytes"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// message is a raw HTTP/1 message that is read from its beginning.
type message struct {
	name string
	data []byte
	at   int // what was read ends here
}

var (
	requestLine = regexp.MustCompile(`^([!#$%&'*+.^_|~0-9A-Za-z-]+) (\S+) HTTP/(\d)\.(\d)$`)
	statusLine  = regexp.MustCompile(`^HTTP/\d(?:\.\d)? (\d{3})(?: |$)`)
	fieldName   = regexp.MustCompile(`^[!#$%&'*+.^_|~0-9A-Za-z-]+$`)
)

// HTTP reads one raw HTTP/1 request, with line ends of CR LF or LF, and the answer
// if one follows it. A request without a scheme is taken for https. One that says
// neither how long its body is nor that it is chunked has the rest of the file for
// its body. name is for errors.
func HTTP(name string, data []byte) (Exchange, error) {
	var x Exchange
	if len(data) > MaxFileBytes {
		return x, tooLarge(name)
	}
	m := &message{name: name, data: bytes.TrimPrefix(data, []byte("\ufeff"))}
	u, method, header, err := m.requestHead()
	if err != nil {
		return x, err
	}
	x.Name = describe(method, u)
	declared, err := m.body(&x, header)
	if err != nil {
		return x, err
	}
	if x.Request, err = NewRequest(method, u, header); err != nil {
		return x, m.fault(0, "", "%v", err)
	}
	x.settleBody(declared)
	return x, m.answer(&x)
}

// requestHead reads the request line and the fields.
func (m *message) requestHead() (u *url.URL, method string, header map[string][]string, err error) {
	for m.at < len(m.data) && (m.data[m.at] == '\r' || m.data[m.at] == '\n') { // RFC 9112, 2.2
		m.at++
	}
	start := m.at
	line, ok := m.line()
	parts := requestLine.FindStringSubmatch(line)
	switch {
	case !ok && line == "":
		return nil, "", nil, m.fault(start, "", "the file is empty")
	case parts == nil:
		return nil, "", nil, m.fault(start, "the first line is like `POST /v1/chat/completions HTTP/1.1`", "this is no request line of HTTP/1")
	case parts[3] != "1":
		return nil, "", nil, m.fault(start, "record it as HTTP/1.1, or use a HAR file", "HTTP/%s is no text", parts[3])
	}
	method = parts[1]
	if method == "CONNECT" {
		return nil, "", nil, m.fault(start, "record the request inside of the tunnel", "a CONNECT opens a tunnel and carries nothing")
	}
	if header, err = m.fields(); err != nil {
		return nil, "", nil, err
	}
	u, err = m.target(start, parts[2], header)
	return u, method, header, err
}

// target joins the target of the request line with the Host field.
func (m *message) target(start int, target string, header map[string][]string) (*url.URL, error) {
	if !strings.HasPrefix(target, "/") && target != "*" {
		u, err := url.Parse(target)
		if err != nil || u.Host == "" {
			return nil, m.fault(start, "write it as /path with a Host field, or as https://host/path", "the target of the request cannot be read")
		}
		delete(header, "Host") // the target decides (RFC 9112, 3.2.2)
		return u, nil
	}
	hosts := header["Host"]
	if len(hosts) != 1 || hosts[0] == "" {
		return nil, m.fault(start, "add a line such as `Host: chatgpt.com`", "the request does not say for which host it is")
	}
	path, query, _ := strings.Cut(target, "?")
	u := &url.URL{Scheme: "https", Host: hosts[0], RawQuery: query}
	if _, port, _ := splitHost(hosts[0]); port == 80 {
		u.Scheme = "http"
	}
	decoded, err := url.PathUnescape(path)
	if err != nil {
		return nil, m.fault(start, "", "the path has a %% without two hexadecimal digits")
	}
	u.Path = decoded
	return u, nil
}

// line returns the next line without its end; ok is false when it has none.
func (m *message) line() (line string, ok bool) {
	rest := m.data[m.at:]
	end := bytes.IndexByte(rest, '\n')
	if end < 0 {
		m.at = len(m.data)
		return string(rest), false
	}
	m.at += end + 1
	return strings.TrimSuffix(string(rest[:end]), "\r"), true
}

// fields reads the fields of a head up to its empty line. A line that begins with
// a blank continues the one before it (RFC 9112, 5.2).
func (m *message) fields() (map[string][]string, error) {
	header := map[string][]string{}
	last := ""
	for n := 0; ; n++ {
		start := m.at
		line, ok := m.line()
		switch {
		case line == "":
			joinCookies(header)
			return header, nil
		case n == maxHeaders:
			return nil, m.fault(start, "", "the head has more than %d lines", maxHeaders)
		case (line[0] == ' ' || line[0] == '\t') && last != "":
			values := header[last]
			values[len(values)-1] += " " + strings.TrimSpace(line)
			continue
		}
		name, value, colon := strings.Cut(line, ":")
		if !colon || !fieldName.MatchString(name) || strings.ContainsAny(value, "\x00\r") {
			return nil, m.fault(start, "a field is like `Content-Type: application/json`; an empty line ends the head", "this is no field of a head")
		}
		addHeader(header, name, strings.TrimSpace(value))
		last = canonical(name)
		if !ok {
			joinCookies(header)
			return header, nil
		}
	}
}

// body reads the body of the request. declared is its length as far as the head
// tells it; -1 when it does not.
func (m *message) body(x *Exchange, header map[string][]string) (declared int64, err error) {
	if coding := header["Transfer-Encoding"]; len(coding) > 0 {
		if !strings.EqualFold(strings.TrimSpace(coding[0]), "chunked") || len(coding) > 1 {
			return 0, m.fault(0, "", "the only transfer encoding that is known is chunked")
		}
		delete(header, "Content-Length") // RFC 9112, 6.3
		return -1, m.chunked(x)
	}
	lengths := header["Content-Length"]
	if len(lengths) == 0 {
		if !m.answers() {
			x.Body.Bytes, m.at = m.data[m.at:], len(m.data)
		}
		return -1, nil
	}
	n, err := strconv.ParseUint(lengths[0], 10, 62)
	if err != nil || len(lengths) > 1 {
		return 0, m.fault(0, "", "the Content-Length is not one number")
	}
	rest := m.data[m.at:]
	x.Body.Bytes = rest[:min(n, uint64(len(rest)))]
	m.at += len(x.Body.Bytes)
	return int64(n), nil
}

// answers tells whether an answer begins here.
func (m *message) answers() bool { return bytes.HasPrefix(m.data[m.at:], []byte("HTTP/")) }

// answer reads what follows the request: an answer, or nothing.
func (m *message) answer(x *Exchange) error {
	for m.at < len(m.data) && (m.data[m.at] == '\r' || m.data[m.at] == '\n') {
		m.at++
	}
	if m.at == len(m.data) {
		return nil
	}
	start := m.at
	line, _ := m.line()
	parts := statusLine.FindStringSubmatch(line)
	if parts == nil {
		return m.fault(start, "the Content-Length may be too small, or belong to other line ends: leave it out, and the rest of the file is the body", "something follows the body, and is no answer")
	}
	x.Response.Status, _ = strconv.Atoi(parts[1])
	header, err := m.fields()
	if err != nil {
		return err
	}
	x.Response.Header = header
	rest := m.data[m.at:]
	x.Response.Body = rest[:min(len(rest), keptResponse)]
	return nil
}

func (m *message) fault(offset int, hint, format string, args ...any) error {
	return faultAt(m.name, m.data, offset, hint, format, args...)
}
