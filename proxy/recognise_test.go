package proxy

import (
	"bytes"
	"testing"
)

func TestWhatAClientSpeaks(t *testing.T) {
	tests := map[string]speech{
		"\x16\x03\x01\x02\x00":                speaksTLS,
		"GET / HTTP/1.1\r\n":                  speaksHTTP,
		"OPTIONS * HTTP/1.1\r\n":              speaksHTTP,
		"GET http://x/ HTTP/1.1":              speaksHTTP,
		"get /":                               speaksHTTP,
		"M-SEARCH *":                          speaksHTTP,
		"\r\n\r\nPOST /":                      speaksHTTP,
		"PRI * HTTP/2.0\r\n\r\nSM\r\n":        speaksHTTP,
		"GET  /":                              speaksHTTP,
		"":                                    speaksUndecided,
		"\r\n":                                speaksUndecided,
		"G":                                   speaksUndecided,
		"GET ":                                speaksUndecided,
		"GET ht":                              speaksUndecided,
		"GET key\r\n":                         speaksOther,
		"EHLO mail.example\r\n":               speaksOther,
		"SSH-2.0-x\r\n":                       speaksOther,
		" GET /":                              speaksUndecided,
		" GET / HTTP/1.1":                     speaksHTTP,
		"GET\t/ http/1.1":                     speaksHTTP,
		"G(T / HTTP/1.1":                      speaksHTTP,
		"GET evil.example:443 HTTP/1.1":       speaksHTTP,
		"<?xml version='1.0'?>":               speaksOther,
		"AMQP\x00\x00\x09\x01":                speaksOther,
		"OPTIONS rtsp://x RTSP/1.0\r\n":       speaksOther,
		"\x00\x00":                            speaksOther,
		"\x80\x2e\x01\x00\x02":                speaksOther, // SSL 2
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": speaksUndecided,
	}
	for first, want := range tests {
		if got := recognise([]byte(first)); got != want {
			t.Errorf("%q: %d, want %d", first, got, want)
		}
	}
}

// More bytes never change what was decided, or a client could choose by where it
// cuts its first segment.
func FuzzRecognise(f *testing.F) {
	f.Add([]byte("GET / HTTP/1.1\r\n"), 2)
	f.Add([]byte("\r\nGET http://"), 5)
	f.Add([]byte("EHLO x"), 3)
	f.Fuzz(func(t *testing.T, all []byte, cut int) {
		if cut < 0 || cut > len(all) {
			return
		}
		whole, part := recognise(all), recognise(bytes.Clone(all[:cut]))
		if part != speaksUndecided && part != whole {
			t.Errorf("%q is %d, its beginning %q is %d", all, whole, all[:cut], part)
		}
	})
}
