package proxy

import "bytes"

// speech is what a client speaks inside a CONNECT.
type speech uint8

const (
	speaksOther speech = iota
	speaksTLS
	speaksHTTP
	speaksUndecided // it may still become HTTP
)

// maxMethod bounds how long a word can go on and still be taken for a method.
const maxMethod = 32

// recognise tells from the first bytes what a client speaks.
func recognise(first []byte) speech {
	if len(first) > 0 && first[0] == 0x16 { // a handshake record, RFC 8446 5.1
		return speaksTLS
	}
	// Servers may skip empty lines before a request, RFC 9112 2.2.
	first = bytes.TrimLeft(first, "\r\n")
	method, target, ended := bytes.Cut(first, []byte(" "))
	switch {
	case len(method) > maxMethod, bytes.ContainsFunc(method, notToken), ended && len(method) == 0:
		return recogniseLine(first)
	case !ended:
		return speaksUndecided
	}
	if speaks := recogniseTarget(bytes.TrimLeft(target, " ")); speaks != speaksOther {
		return speaks
	}
	return recogniseLine(first)
}

// recogniseLine takes for HTTP what looks like a request line, but is none: servers have
// been lenient with spaces and tabs, so it must not be relayed unread. It is refused.
func recogniseLine(first []byte) speech {
	first = bytes.TrimLeft(first, " \t\v\f\r\n")
	// What comes first decides, so that more bytes change nothing.
	for i, c := range first {
		switch {
		case i == 0 && notToken(rune(c)), c < ' ' && c != '\t' && c != '\r':
			return speaksOther // also at the end of the line
		case c == '/' && bytes.EqualFold(first[max(0, i-4):i], []byte("HTTP")):
			return speaksHTTP
		}
	}
	return speaksUndecided
}

func recogniseTarget(target []byte) speech {
	for _, prefix := range []string{"/", "*", "http:", "https:"} {
		if bytes.HasPrefix(target, []byte(prefix)) {
			return speaksHTTP
		}
		if bytes.HasPrefix([]byte(prefix), target) {
			return speaksUndecided
		}
	}
	return speaksOther
}

// notToken tells that c cannot stand in a method, RFC 9110 5.6.2.
func notToken(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') &&
		!bytes.ContainsRune([]byte("!#$%&'*+-.^_`|~"), c)
}
