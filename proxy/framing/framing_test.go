package framing_test

import (
	"strings"
	"testing"

	"daylight.internal/proxy/framing"
)

// Up to where bytes go on; the rest is held back for ever.
func TestWhereAConnectionStops(t *testing.T) {
	const get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
	post := func(lines, body string) string { return "POST / HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n\r\n" + body }
	const chunks = "Transfer-Encoding: chunked"
	for _, c := range []struct{ name, passes, held string }{
		{"two requests", get + get, ""},
		{"empty lines between", "\r\n" + get + "\r\n\n" + get, ""},
		{"bare line feeds in a head", "GET / HTTP/1.1\nHost: x\n\n" + get, ""},
		{"a length", post("Content-Length: 4", "abcd") + get, ""},
		{"a length of nothing", post("Content-Length: 0", "") + get, ""},
		{"equal lengths", post("Content-Length: 4\r\ncontent-length: 4", "abcd") + get, ""},
		{"chunks", post(chunks, "4\r\nabcd\r\n00a;x=y\r\n0123456789\r\n0\r\nX: y\r\n\r\n") + get, ""},
		{"length and chunks", strings.TrimSuffix(post("Content-Length: 4\r\n"+chunks, ""), "\n"), "\n0\r\n\r\n" + get},
		{"chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r", "\n0\r\n\r\n"},
		{"folded coding", "POST / HTTP/1.1\r\nTransfer-Encoding:\r\n chunked\r", "\n\r\n"},
		{"folded value", "GET / HTTP/1.1\r\nX: y\r\n z\r\n\r\n" + get, ""},
		{"CONNECT with a length", "CONNECT x:1 HTTP/1.1\r\nContent-Length: 4\r\n\r", "\nabcd"},
		{"CONNECT", "CONNECT x:1 HTTP/1.1\r\n\r\n\x16\x03\x01 anything\n\n", ""},
		{"an upgrade", "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n\x81\x00anything", ""},
		{"an upgrade with a body", "POST / HTTP/1.1\r\nUpgrade: h2c\r\nContent-Length: 4\r\n\r\nabcd" + get, ""},
		{"different lengths", post("Content-Length: 4\r\nContent-Length: 5", ""), "abcde" + get},
		{"unknown coding", post("Transfer-Encoding: gzip", ""), "0\r\n\r\n" + get},
		{"no length", post("Content-Length: +4", ""), "abcd" + get},
		{"another version", "GET / HTTP/2.0\r\n\r\n", get},
		{"preface of HTTP/2", "PRI * HTTP/2.0\r", "\n\r\nSM\r\n\r\n"},
		{"chunk size of 16 digits", post(chunks, "1000000000000004\r"), "\nabcd\r\n"},
		{"chunk size ended by LF", post(chunks, "4"), "\nabcd\r\n"},
		{"chunk ended by LF", post(chunks, "4\r\nabcd"), "\n0\r\n\r\n"},
		{"chunk longer than it says", post(chunks, "4\r\nabcdX\r"), "\n0\r\n\r\n"},
		{"trailer ended by LF", post(chunks, "0\r\nX: y"), "\n\r\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := pass(t, c.passes+c.held, len(c.passes+c.held)); got != len(c.passes) {
				t.Errorf("%d bytes go on, want %d: %q", got, len(c.passes), (c.passes + c.held)[:got])
			}
		})
	}
}

// pass returns how many bytes go on when they come in pieces.
func pass(t *testing.T, all string, piece int) (total int) {
	t.Helper()
	var f framing.Follower
	for len(all) > 0 {
		part := all[:min(piece, len(all))]
		all = all[len(part):]
		n, err := f.Advance([]byte(part))
		total += n
		if err != nil && n > 0 || (err == nil) != (n > 0) {
			t.Errorf("%d bytes and %v", n, err)
		}
		if n < len(part) {
			if n, err := f.Advance([]byte("x")); n != 0 || err != framing.ErrAmbiguous || !f.Stopped() {
				t.Errorf("it goes on behind its end: %d, %v", n, err)
			}
			return total
		}
	}
	return total
}

// Where a segment ends changes nothing.
func FuzzFollower(f *testing.F) {
	f.Add("GET / HTTP/1.1\r\nHost: x\r\n\r\nPOST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n", 7)
	f.Add("POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 1)
	f.Add("CONNECT x:1 HTTP/1.1\r\n\r\nxyz", 3)
	f.Fuzz(func(t *testing.T, all string, piece int) {
		if piece <= 0 || len(all) > 1<<16 {
			return
		}
		if whole, parts := pass(t, all, len(all)+1), pass(t, all, piece); whole != parts {
			t.Errorf("%d bytes go on at once, %d in pieces", whole, parts)
		}
	})
}

// A CONNECT that was refused leaves its client in HTTP, unless it has said more already.
func TestRefusedConnects(t *testing.T) {
	const connect = "CONNECT x:1 HTTP/1.1\r\n\r\n"
	for behind, want := range map[string]bool{"": true, "G": true, "GE": false, "\x16\x03\x01": false} {
		var f framing.Follower
		f.Advance([]byte(connect + behind))
		if got := f.Resume(); got != want || f.Stopped() == want {
			t.Errorf("behind it %q: %v", behind, got)
		}
	}
	var f framing.Follower
	f.Advance([]byte(connect + "P"))
	f.Resume()
	if n, _ := f.Advance([]byte("RI * HTTP/2.0\r\n")); n != len("RI * HTTP/2.0\r") {
		t.Errorf("%d bytes go on: the byte that was read ahead is lost", n)
	}
}
