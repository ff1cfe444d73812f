package proxy

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// strictRequest is a request as a server got it, read by the letter of RFC 9112.
type strictRequest struct {
	method, target string
	fields         [][2]string // names in lower case
	body           []byte
	trailers       [][2]string
}

// errIncomplete tells that the bytes are the beginning of a request.
var errIncomplete = errors.New("incomplete")

// parseStrict reads one request and returns how many bytes it has. It shares no code with
// what it checks, and takes nothing that two parsers could read in two ways: one
// space, CR LF, no folds, one length, no field twice that frames or routes.
func parseStrict(b []byte) (r strictRequest, n int, err error) {
	line, n, err := strictLine(b)
	if err != nil {
		return r, 0, err
	}
	parts := strings.Split(line, " ")
	if len(parts) != 3 || parts[2] != "HTTP/1.1" || !strictToken(parts[0]) || !strictTarget(parts[1]) {
		return r, 0, fmt.Errorf("request line %q", line)
	}
	r.method, r.target = parts[0], parts[1]
	fields, k, err := strictFields(b[n:])
	if err != nil {
		return r, 0, err
	}
	r.fields, n = fields, n+k
	if hosts := r.values("host"); len(hosts) != 1 || !strictHost(hosts[0]) {
		return r, 0, fmt.Errorf("hosts %q", hosts)
	}
	lengths, codings := r.values("content-length"), r.values("transfer-encoding")
	switch {
	case len(lengths)+len(codings) > 1:
		return r, 0, fmt.Errorf("lengths %q and codings %q", lengths, codings)
	case len(lengths) == 1:
		size, err := strconv.ParseUint(lengths[0], 10, 62)
		if err != nil || strconv.FormatUint(size, 10) != lengths[0] {
			return r, 0, fmt.Errorf("length %q", lengths[0])
		}
		if uint64(len(b)-n) < size {
			return r, 0, errIncomplete
		}
		r.body, n = b[n:n+int(size)], n+int(size)
	case len(codings) == 1:
		if codings[0] != "chunked" {
			return r, 0, fmt.Errorf("coding %q", codings[0])
		}
		k, err := r.strictChunks(b[n:])
		return r, n + k, err
	}
	return r, n, nil
}

func (r *strictRequest) values(name string) (out []string) {
	for _, f := range r.fields {
		if f[0] == name {
			out = append(out, f[1])
		}
	}
	return out
}

func (r *strictRequest) strictChunks(b []byte) (n int, err error) {
	for {
		line, k, err := strictLine(b[n:])
		if err != nil {
			return 0, err
		}
		size, err := strconv.ParseUint(line, 16, 31)
		if err != nil || strings.ContainsAny(line, "+-_xX") {
			return 0, fmt.Errorf("chunk size %q", line)
		}
		n += k
		if size == 0 {
			trailers, k, err := strictFields(b[n:])
			for _, f := range trailers {
				if slices.Contains([]string{"content-length", "transfer-encoding", "host", "trailer", "connection"}, f[0]) {
					return 0, fmt.Errorf("trailer %q", f)
				}
			}
			r.trailers = trailers
			return n + k, err
		}
		if len(b)-n < int(size)+2 {
			return 0, errIncomplete
		}
		if string(b[n+int(size):n+int(size)+2]) != "\r\n" {
			return 0, errors.New("a chunk does not end where it says")
		}
		r.body = append(r.body, b[n:n+int(size)]...)
		n += int(size) + 2
	}
}

// strictFields reads a header or a trailer section with the empty line at its end.
func strictFields(b []byte) (fields [][2]string, n int, err error) {
	for {
		line, k, err := strictLine(b[n:])
		if err != nil {
			return nil, 0, err
		}
		if n += k; line == "" {
			return fields, n, nil
		}
		name, value, found := strings.Cut(line, ":")
		if value = strings.TrimPrefix(value, " "); !found || !strictToken(name) || value != strings.Trim(value, " \t") {
			return nil, 0, fmt.Errorf("field line %q", line)
		}
		fields = append(fields, [2]string{strings.ToLower(name), value})
	}
}

// strictLine reads a line that ends in CR LF and has no other control character but tabs.
func strictLine(b []byte) (line string, n int, err error) {
	end := bytes.IndexByte(b, '\n')
	if end < 0 {
		return "", 0, errIncomplete
	}
	if end == 0 || b[end-1] != '\r' {
		return "", 0, fmt.Errorf("line %q ends in a bare LF", b[:end])
	}
	for _, c := range b[:end-1] {
		if c < ' ' && c != '\t' || c == 0x7f {
			return "", 0, fmt.Errorf("control character in %q", b[:end])
		}
	}
	return string(b[:end-1]), end + 1, nil
}

func strictToken(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}

// strictTarget takes the origin form and the asterisk form.
func strictTarget(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f || s[i] == '#' {
			return false
		}
	}
	return s == "*" || strings.HasPrefix(s, "/")
}

func strictHost(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:[]") == ""
}

// awaitsItsLength tells whether a request ended within the length that it said of its
// body: by that, what came behind it is more of the body.
func awaitsItsLength(request string) bool {
	head, body, _ := strings.Cut(request, "\r\n\r\n")
	said := regexp.MustCompile(`(?im)^content-length: ([0-9]+)\r?$`).FindStringSubmatch(head)
	if said == nil {
		return false
	}
	length, err := strconv.Atoi(said[1])
	return err == nil && len(body) < length
}
