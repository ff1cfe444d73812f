package framing

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// requestLine reads what frames from a request line.
func (m *message) requestLine(line []byte, next *state) bool {
	method, rest, _ := bytes.Cut(line, []byte(" "))
	version := rest[bytes.LastIndexByte(rest, ' ')+1:]
	m.connect = string(method) == "CONNECT"
	m.old = string(version) == "HTTP/1.0"
	m.last = !bytes.HasPrefix(version, []byte("HTTP/1."))
	*next = head
	return string(method) != "PRI" // HTTP/2 begins so; nobody has agreed to it
}

// field notes a field line that frames; false when one is folded.
func (m *message) field(line []byte) bool {
	if line[0] == ' ' || line[0] == '\t' {
		return !m.framed
	}
	name, value, _ := bytes.Cut(line, []byte(":"))
	m.framed = true
	switch {
	case is(name, "content-length"):
		m.lengths = append(m.lengths, string(bytes.Trim(value, " \t")))
	case is(name, "transfer-encoding"):
		m.codings = append(m.codings, string(bytes.Trim(value, " \t")))
	case is(name, "upgrade"):
		m.upgrade = true
	default:
		m.framed = is(name, "host")
	}
	return true
}

// is tells whether a field has a name, which is in small letters.
func is(field []byte, name string) bool {
	if len(field) != len(name) {
		return false
	}
	for i, c := range field {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != name[i] {
			return false
		}
	}
	return true
}

// endHead decides what follows the head; false when that is ambiguous.
func (f *Follower) endHead() bool {
	m := &f.message
	chunked, length, known := m.body()
	switch {
	case len(m.codings) > 0 && (len(m.lengths) > 0 || m.old), m.connect && (chunked || length > 0):
		return false
	case m.last || !known:
		f.state = stopped
		return true
	case m.connect, m.upgrade && !chunked && length == 0:
		f.state, f.passed = open, 0
	case chunked:
		f.state, f.size = chunkSize, 0
	case length > 0:
		f.state, f.left = counted, length
	default:
		f.begin()
	}
	f.line, f.message = nil, message{}
	return true
}

// body returns how the body is framed, by chunks or by a length that may be 0. It is not
// known when whoever parses the head refuses it.
func (m *message) body() (chunked bool, length uint64, known bool) {
	switch {
	case len(m.codings) > 0:
		chunked = len(m.codings) == 1 && strings.EqualFold(m.codings[0], "chunked")
		return chunked, 0, chunked
	case len(m.lengths) == 0:
		return false, 0, true
	case len(slices.Compact(slices.Clone(m.lengths))) > 1:
		return false, 0, false
	}
	length, err := strconv.ParseUint(m.lengths[0], 10, 63)
	return false, length, err == nil
}

// maxSizeDigits of a chunk leave no room for a number that overflows.
const maxSizeDigits = 15

// chunkLine reads the line with the size of a chunk, RFC 9112 7.1.
func (f *Follower) chunkLine(line []byte) bool {
	digits, extension, _ := strings.Cut(string(line), ";")
	digits = strings.TrimRight(digits, " \t")
	size, err := strconv.ParseUint(digits, 16, 64)
	if err != nil || len(digits) > maxSizeDigits || strings.ContainsAny(digits, "+-_") || strings.ContainsFunc(extension, isControl) {
		return false
	}
	f.state, f.left = chunkData, size
	if size == 0 {
		f.state, f.size = trailer, 0
	}
	return true
}

func isControl(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }
