// Package recording reads recorded exchanges: HAR files, raw HTTP messages and
// transcripts of WebSockets. It is pure: bytes in, what the proxy would have seen
// out. Its errors name the file and the place, and never quote what stands there.
package recording

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/strictyaml"
)

// Bounds of what is read.
const (
	MaxFileBytes = 64 << 20
	maxEntries   = 100_000
	maxMessages  = 100_000 // of one file
	maxHeaders   = 1000    // of one message
	keptResponse = 64 << 10
)

// NotRecorded is the reason of a coverage for what a recorder left out, such as
// the files of a form.
const NotRecorded = "not_recorded"

// Exchange is one recorded request with its answer.
type Exchange struct {
	// Name is for people: `entry 3: POST https://chatgpt.com/backend-api/conversation`.
	// It holds no query, and {id} for each part of the path that may be data.
	Name string
	// Entry is its number in a HAR file, from 1; 0 when it is the only one.
	Entry int
	// Request is the head. Its Client is the zero value; its Time is zero when it was
	// not recorded.
	Request engine.Request
	// Body is that of the request, as it travelled. Its Reason is NotRecorded when
	// the recorder left out some or all of it.
	Body engine.Body
	// Messages are those of the client over a WebSocket, in order.
	Messages []engine.Body
	Response Response
	// Fails is set when the proxy shall fail to judge what is read of it, as in a test.
	Fails bool
}

// Response is the answer to a request.
type Response struct {
	Status int                 // 0 when none was recorded
	Header map[string][]string // canonical names
	Body   []byte              // the first 64 KiB
}

// Clip leaves of the body and of each message what the proxy would read. The
// messages that it cuts are copies.
func (x *Exchange) Clip(inspect int64) {
	clip(&x.Body, inspect)
	if slices.ContainsFunc(x.Messages, func(b engine.Body) bool { return int64(len(b.Bytes)) > inspect }) {
		x.Messages = slices.Clone(x.Messages)
		for i := range x.Messages {
			clip(&x.Messages[i], inspect)
		}
	}
}

func clip(b *engine.Body, inspect int64) {
	if n := int64(len(b.Bytes)); n > inspect || n == inspect && b.Total > inspect {
		b.Bytes, b.Reason = b.Bytes[:inspect], "over_limit"
	}
}

// IsWebSocket tells whether the request asks for a WebSocket.
func (x *Exchange) IsWebSocket() bool {
	upgrade := x.Request.Header["Upgrade"]
	return len(upgrade) > 0 && strings.EqualFold(upgrade[0], "websocket")
}

// NewRequest returns the head of a request as the proxy sees it: of https and wss
// in an opened tunnel to the host of the URL. A Host header moves to the
// destination. The header must have canonical names, and becomes the request's.
func NewRequest(method string, u *url.URL, header map[string][]string) (engine.Request, error) {
	if header == nil {
		header = map[string][]string{}
	}
	if !isToken(method) {
		return engine.Request{}, errors.New("the method is no word of HTTP, such as POST")
	}
	r := engine.Request{Method: method, Path: u.Path, Query: u.RawQuery, Header: header}
	if r.Path == "" {
		r.Path = "/"
	}
	d, err := destination(u)
	if err != nil {
		return r, err
	}
	if host := header["Host"]; len(host) > 0 {
		name, _, err := splitHost(host[0])
		if err != nil {
			return r, err
		}
		if name != "" {
			d.Host = name
		}
	}
	for _, name := range []string{"Host", "Transfer-Encoding", "Trailer"} { // the proxy keeps them elsewhere
		delete(header, name)
	}
	r.Destination = d
	if u.Scheme == "ws" || u.Scheme == "wss" {
		header["Upgrade"] = []string{"websocket"}
	}
	return r, nil
}

func destination(u *url.URL) (rules.Destination, error) {
	var d rules.Destination
	secure := u.Scheme == "https" || u.Scheme == "wss"
	if !secure && u.Scheme != "http" && u.Scheme != "ws" {
		return d, errors.New("the URL is not one of http, https, ws or wss")
	}
	host, port, err := splitHost(u.Host)
	switch {
	case err != nil:
		return d, err
	case host == "":
		return d, errors.New("the URL has no host")
	case port == 0 && secure:
		port = 443
	case port == 0:
		port = 80
	}
	d = rules.Destination{Host: host, Port: port}
	if secure {
		d.ConnectHost, d.SNI = host, host
		if _, err := netip.ParseAddr(host); err == nil {
			d.SNI = "" // an address is no server name (RFC 6066, 3)
		}
	}
	return d, nil
}

// splitHost reads "host" and "host:port"; the port is 0 when there is none.
func splitHost(authority string) (host string, port uint16, err error) {
	if strings.ContainsFunc(authority, func(c rune) bool { return !unicode.IsGraphic(c) || unicode.IsSpace(c) }) || strings.ContainsAny(authority, `/\?#@"'<>`) {
		return "", 0, errors.New("the name of the host holds what cannot stand there")
	}
	u := url.URL{Host: authority}
	if text := u.Port(); text != "" {
		n, err := strconv.ParseUint(text, 10, 16)
		if err != nil || n == 0 {
			return "", 0, errors.New("the port is not a number from 1 to 65535")
		}
		port = uint16(n)
	}
	return strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")), port, nil
}

// isToken tells whether a text is a token (RFC 9110, 5.6.2), as methods are.
func isToken(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(c rune) bool {
		return c <= ' ' || c >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, c)
	})
}

// addHeader adds a field under its canonical name. Those of HTTP/2 that begin with
// a colon are no fields.
func addHeader(header map[string][]string, name, value string) {
	if strings.HasPrefix(name, ":") || name == "" {
		return
	}
	name = canonical(name)
	header[name] = append(header[name], value)
}

func canonical(name string) string { return textproto.CanonicalMIMEHeaderKey(name) }

// joinCookies makes one field of the cookies, which HTTP/2 may part (RFC 9113, 8.2.3).
func joinCookies(header map[string][]string) {
	if cookies := header["Cookie"]; len(cookies) > 1 {
		header["Cookie"] = []string{strings.Join(cookies, "; ")}
	}
}

// settleBody puts the length of the body into the request. declared is the number
// of bytes that travelled, as far as somebody tells; -1 when nobody does.
func (x *Exchange) settleBody(declared int64) {
	b := &x.Body
	b.Total = max(int64(len(b.Bytes)), declared)
	if b.Total > int64(len(b.Bytes)) {
		b.Reason = NotRecorded
	}
	x.Request.Length = b.Total
	if b.Total == 0 && b.Reason != "" {
		x.Request.Length = -1
	}
}

// declaredLength returns what the header says of the length of the body; -1 for nothing.
func declaredLength(header map[string][]string) int64 {
	if values := header["Content-Length"]; len(values) > 0 {
		if n, err := strconv.ParseInt(strings.TrimSpace(values[0]), 10, 64); err == nil && n >= 0 {
			return n
		}
	}
	return -1
}

// describe names a request for people.
func describe(method string, u *url.URL) string {
	segments := strings.Split(u.Path, "/")
	for i, s := range segments {
		if mayBeData(s) {
			segments[i] = "{id}"
		}
	}
	return fmt.Sprintf("%s %s://%s%s", method, u.Scheme, u.Host, strings.Join(segments, "/"))
}

// mayBeData tells whether a part of a path may be more than a word of an API.
func mayBeData(segment string) bool {
	const longest, mostDigits = 40, 3
	digits := 0
	for _, r := range segment {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r >= utf8.RuneSelf, r <= ' ', strings.ContainsRune("@+=,;&%<>\"'", r):
			return true
		}
	}
	return digits > mostDigits || len(segment) > longest
}

// fault is an error at a place of a file. What stands there stays out of it.
func fault(name string, line, column int, hint, format string, args ...any) error {
	return strictyaml.Problem{
		Position: strictyaml.Position{File: name, Line: line, Column: column},
		Message:  fmt.Sprintf(format, args...), Hint: hint, Length: 1,
	}
}

// faultAt is fault at an offset of the data.
func faultAt(name string, data []byte, offset int, hint, format string, args ...any) error {
	line, column := place(data, offset)
	return fault(name, line, column, hint, format, args...)
}

// place returns the line and the column of an offset, both from 1.
func place(data []byte, offset int) (line, column int) {
	before := data[:min(max(offset, 0), len(data))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return 1 + bytes.Count(before[:start], []byte{'\n'}), utf8.RuneCount(before[start:]) + 1
}
