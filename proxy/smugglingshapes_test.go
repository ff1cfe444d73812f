package proxy

import "strings"

// shapes are the requests that have served to smuggle others past a proxy.
func shapes() []shape {
	var all []shape
	all = append(all, headShapes()...)
	all = append(all, targetShapes()...)
	all = append(all, hostShapes()...)
	all = append(all, lengthShapes()...)
	all = append(all, codingShapes()...)
	all = append(all, chunkShapes()...)
	return append(all, passingShapes()...)
}

func headed(line string) string { return "GET {/a} HTTP/1.1\r\nHost: NAME\r\n" + line + "\r\n\r\n" }

func posted(lines, body string) string {
	return "POST {/a} HTTP/1.1\r\nHost: NAME\r\n" + lines + "\r\n\r\n" + body
}

func chunked(body string) string { return posted("Transfer-Encoding: chunked", body) }

func headShapes() []shape {
	return []shape{
		{name: "a good one", request: headed("X-A: b")},
		{name: "space before the colon", request: headed("X-A : b")},
		{name: "tab before the colon", request: headed("X-A\t: b")},
		{name: "folded line", request: headed("X-A: b\r\n c")},
		{name: "folded length", request: posted("Content-Length:\r\n 4", "abcd")},
		{name: "folded coding", request: posted("Transfer-Encoding:\r\n chunked", "0\r\n\r\n")},
		{name: "folded host", request: "GET {/a} HTTP/1.1\r\nHost:\r\n NAME\r\n\r\n"},
		{name: "first field folded", request: "GET {/a} HTTP/1.1\r\n Host: NAME\r\n\r\n"},
		{name: "bare line feeds", request: "GET {/a} HTTP/1.1\nHost: NAME\n\n"},
		{name: "one bare line feed", request: headed("X-A: b\nX-B: c")},
		{name: "bare carriage returns", request: "GET {/a} HTTP/1.1\rHost: NAME\r\r"},
		{name: "CR in a value", request: headed("X-A: b\rX-B: c")},
		{name: "CR at the end of a value", request: headed("X-A: b\r")},
		{name: "CR in a name", request: headed("X-\rA: b")},
		{name: "NUL in a value", request: headed("X-A: b\x00c")},
		{name: "NUL in a name", request: headed("X-\x00A: b")},
		{name: "DEL in a value", request: headed("X-A: b\x7f")},
		{name: "vertical tab in a value", request: headed("X-A: b\x0bc")},
		{name: "high bytes in a value", request: headed("X-A: \xe4\xff")},
		{name: "high bytes in a name", request: headed("X-\xe4: b")},
		{name: "parenthesis in a name", request: headed("X(A: b")},
		{name: "no name", request: headed(": b")},
		{name: "no colon", request: headed("X-A")},
		{name: "no value", request: headed("X-A:")},
		{name: "underscore in a length", request: posted("Content_Length: 4", "")},
		{name: "tab between method and target", request: "GET\t{/a} HTTP/1.1\r\nHost: NAME\r\n\r\n"},
		{name: "two spaces before the target", request: "GET  {/a} HTTP/1.1\r\nHost: NAME\r\n\r\n"},
		{name: "two spaces before the version", request: "GET {/a}  HTTP/1.1\r\nHost: NAME\r\n\r\n"},
		{name: "space behind the version", request: "GET {/a} HTTP/1.1 \r\nHost: NAME\r\n\r\n"},
		{name: "space before the method", request: " GET {/a} HTTP/1.1\r\nHost: NAME\r\n\r\n"},
		{name: "empty lines before the request", request: "\r\n\r\n" + headed("X-A: b")},
		{name: "method in small letters", request: "get {/a} HTTP/1.1\r\nHost: NAME\r\n\r\n"},
		{name: "unknown method", request: "FROB {/a} HTTP/1.1\r\nHost: NAME\r\n\r\n"},
		{name: "method that is no token", request: "G(T {/a} HTTP/1.1\r\nHost: NAME\r\n\r\n"},
		{name: "NUL in the method", relayed: true, request: "GE\x00T {/a} HTTP/1.1\r\nHost: NAME\r\n\r\n"},
		{name: "HTTP/1.2", request: "GET {/a} HTTP/1.2\r\nHost: NAME\r\n\r\n"},
		{name: "HTTP/0.9", request: "GET {/a}\r\n"},
		{name: "HTTP/0.9 with its name", request: "GET {/a} HTTP/0.9\r\nHost: NAME\r\n\r\n"},
		{name: "HTTP/2.0 in text", request: "GET {/a} HTTP/2.0\r\nHost: NAME\r\n\r\n"},
		{name: "HTTP/1.10", request: "GET {/a} HTTP/1.10\r\nHost: NAME\r\n\r\n"},
		{name: "version in small letters", request: "GET {/a} http/1.1\r\nHost: NAME\r\n\r\n"},
		{name: "another protocol", request: "GET {/a} ICY/1.1\r\nHost: NAME\r\n\r\n"},
		{name: "HTTP/1.0", request: "GET {/a} HTTP/1.0\r\nHost: NAME\r\n\r\n"},
		{name: "HTTP/1.0 that stays", request: "GET {/a} HTTP/1.0\r\nHost: NAME\r\nConnection: keep-alive\r\n\r\n"},
		{name: "preface of HTTP/2", request: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
	}
}

func targetShapes() []shape {
	target := func(name, target string) shape {
		return shape{name: name, request: "GET " + target + " HTTP/1.1\r\nHost: NAME\r\n\r\n"}
	}
	return []shape{
		target("path with two slashes", "{//evil.example/x}"),
		target("absolute form of another host", "https://evil.example/x"),
		target("absolute form of the same host", "https://NAME/a"),
		target("absolute form in the clear", "http://NAME/a"),
		target("absolute form with a user", "http://u:p@NAME/a"),
		target("absolute form with a fragment", "http://NAME/a#b"),
		target("another scheme", "ftp://NAME/a"),
		target("target without a slash", "@evil.example/x"),
		target("authority form", "evil.example:443"),
		target("empty target", ""),
		target("fragment", "{/a#b}"),
		target("fragment in the query", "{/a?b#c}"),
		target("space in the query", "{/a?b c}"),
		target("NUL in the path", "{/a\x00b}"),
		target("tab in the path", "{/a\tb}"),
		target("high bytes in the path", "{/a\xe4}"),
		target("high bytes in the query", "{/a?\xe4}"),
		target("bad escape in the path", "{/a%zz}"),
		target("escaped line end in the path", "{/a%0d%0aX:b}"),
		target("backslash in the path", `{/\evil.example\x}`),
		target("dots in the path", "{/../../x}"),
		target("quotation mark in the query", `{/a?"<>^|}`),
		{name: "asterisk", request: "OPTIONS {*} HTTP/1.1\r\nHost: NAME\r\n\r\n"},
		{name: "asterisk for GET", request: "GET * HTTP/1.1\r\nHost: NAME\r\n\r\n"},
		{name: "CONNECT inside", request: "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n"},
	}
}

func hostShapes() []shape {
	host := func(name, lines string) shape {
		return shape{name: name, request: "GET {/a} HTTP/1.1\r\n" + lines + "\r\n"}
	}
	return []shape{
		host("two hosts", "Host: NAME\r\nHost: NAME\r\n"),
		host("two different hosts", "Host: NAME\r\nHost: evil.example\r\n"),
		host("no host", "X-A: b\r\n"),
		host("empty host", "Host:\r\n"),
		host("another host", "Host: evil.example\r\n"),
		host("another port", "Host: NAME:8443\r\n"),
		host("the host in other letters", "Host: Ai.Example\r\n"),
		host("the host with a dot", "Host: NAME.\r\n"),
		host("user in the host", "Host: u@NAME\r\n"),
		host("list of hosts", "Host: NAME, evil.example\r\n"),
		host("path in the host", "Host: NAME/x\r\n"),
		host("space in the host", "Host: NAME evil.example\r\n"),
		host("tab before the host", "Host:\tNAME\r\n"),
		host("forwarded host", "Host: NAME\r\nX-Forwarded-Host: evil.example\r\nX-Host: evil.example\r\nForwarded: host=evil.example\r\n"),
		host("overridden method", "Host: NAME\r\nX-HTTP-Method-Override: DELETE\r\n"),
		host("rewritten target", "Host: NAME\r\nX-Original-URL: /admin\r\nX-Rewrite-URL: /admin\r\n"),
	}
}

func lengthShapes() []shape {
	length := func(name, value, body string) shape {
		return shape{name: name, request: posted("Content-Length: "+value, body)}
	}
	return []shape{
		length("a length", "4", "abcd"),
		{name: "two different lengths", request: posted("Content-Length: 4\r\nContent-Length: 5", "abcde")},
		{name: "two equal lengths", request: posted("Content-Length: 4\r\nContent-Length: 4", "abcd")},
		{name: "body on GET", request: headed("Content-Length: 3") + "abc"},
		{name: "body on OPTIONS", request: "OPTIONS {/a} HTTP/1.1\r\nHost: NAME\r\nContent-Length: 3\r\n\r\nabc"},
		{name: "body on HEAD", request: "HEAD {/a} HTTP/1.1\r\nHost: NAME\r\nContent-Length: 3\r\n\r\nabc"},
		length("length with a sign", "+4", "abcd"),
		length("negative length", "-4", "abcd"),
		length("length in a list", "4, 4", "abcd"),
		length("hexadecimal length", "0x4", "abcd"),
		length("length with a fraction", "4.0", "abcd"),
		length("length with a space in it", "1 4", "abcd"),
		length("length behind two spaces", "  4", "abcd"),
		length("length behind a vertical tab", "\x0b4", "abcd"),
		length("length with zeros", "0004", "abcd"),
		length("huge length", "99999999999999999999", "abcd"),
		length("empty length", "", "abcd"),
		length("length in other digits", "\u0664", "abcd"),
		{name: "body shorter than its length", request: "POST {/a} HTTP/1.1\r\nHost: NAME\r\nContent-Length: 999\r\n\r\nabcd", cut: true},
	}
}

func codingShapes() []shape {
	coding := func(name, lines string) shape {
		return shape{name: name, request: posted(lines, "4\r\nabcd\r\n0\r\n\r\n")}
	}
	return []shape{
		coding("chunked", "Transfer-Encoding: chunked"),
		coding("length and chunked", "Content-Length: 4\r\nTransfer-Encoding: chunked"),
		coding("chunked and length", "Transfer-Encoding: chunked\r\nContent-Length: 19"),
		coding("right length and chunked", "Content-Length: 14\r\nTransfer-Encoding: chunked"),
		{name: "length and chunked with a request behind", request: posted("Content-Length: 4\r\nTransfer-Encoding: chunked", "0\r\n\r\nGET {/smuggled} HTTP/1.1\r\nHost: NAME\r\n\r\n")},
		coding("unknown coding", "Transfer-Encoding: xchunked"),
		coding("coding in other letters", "transfer-encoding: CHUNKED"),
		coding("coding twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
		coding("coding and another", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"),
		coding("coding twice in a list", "Transfer-Encoding: chunked, chunked"),
		coding("coding behind gzip", "Transfer-Encoding: gzip, chunked"),
		coding("coding before gzip", "Transfer-Encoding: chunked, gzip"),
		coding("identity", "Transfer-Encoding: identity"),
		coding("coding with a parameter", "Transfer-Encoding: chunked;q=1"),
		coding("coding in quotation marks", `Transfer-Encoding: "chunked"`),
		coding("coding behind a tab", "Transfer-Encoding:\tchunked"),
		coding("coding behind a vertical tab", "Transfer-Encoding: \x0bchunked"),
		coding("coding before a vertical tab", "Transfer-Encoding: chunked\x0b"),
		coding("coding behind a comma", "Transfer-Encoding: ,chunked"),
		coding("coding with a space before the colon", "Transfer-Encoding : chunked"),
		coding("coding with a prefix", "X-A: b\nTransfer-Encoding: chunked\r\nContent-Length: 14"),
		coding("empty coding", "Transfer-Encoding:"),
		coding("empty coding and length", "Transfer-Encoding:\r\nContent-Length: 14"),
		{name: "coding in HTTP/1.0", request: "POST {/a} HTTP/1.0\r\nHost: NAME\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n"},
		{name: "coding and length in HTTP/1.0", request: "POST {/a} HTTP/1.0\r\nHost: NAME\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\nContent-Length: 14\r\n\r\n4\r\nabcd\r\n0\r\n\r\n"},
		{name: "coding on GET", request: "GET {/a} HTTP/1.1\r\nHost: NAME\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n"},
		coding("coding that Connection names", "Connection: transfer-encoding\r\nTransfer-Encoding: chunked"),
		{name: "length that Connection names", request: posted("Connection: content-length, host, x-a\r\nContent-Length: 4\r\nX-A: b", "abcd")},
	}
}

func chunkShapes() []shape {
	body := func(name, body string) shape { return shape{name: name, request: chunked(body)} }
	return []shape{
		body("bad chunk size", "zz\r\n"),
		body("chunk size of 17 digits", "10000000000000004\r\nabcd\r\n0\r\n\r\n"),
		body("chunk size of 16 digits", "8000000000000004\r\nabcd\r\n0\r\n\r\n"),
		body("chunk size with zeros", "000000000004\r\nabcd\r\n0\r\n\r\n"),
		body("chunk size with 0x", "0x4\r\nabcd\r\n0\r\n\r\n"),
		body("chunk size with a plus", "+4\r\nabcd\r\n0\r\n\r\n"),
		body("chunk size with a minus", "-4\r\nabcd\r\n0\r\n\r\n"),
		body("chunk size with an underscore", "0_4\r\nabcd\r\n0\r\n\r\n"),
		body("empty chunk size", "\r\nabcd\r\n0\r\n\r\n"),
		body("space before a chunk size", " 4\r\nabcd\r\n0\r\n\r\n"),
		body("space behind a chunk size", "4 \r\nabcd\r\n0\r\n\r\n"),
		body("chunk extension", "4;a=b\r\nabcd\r\n0;c\r\n\r\n"),
		body("chunk extension ended by LF", "4;a=b\nabcd\r\n0\r\n\r\n"),
		body("LF in a chunk extension", "4;a\nb\r\nabcd\r\n0\r\n\r\n"),
		body("CR in a chunk extension", "4;a\rb\r\nabcd\r\n0\r\n\r\n"),
		body("NUL in a chunk extension", "4;a\x00b\r\nabcd\r\n0\r\n\r\n"),
		body("chunk size ended by LF", "4\nabcd\r\n0\r\n\r\n"),
		body("chunk size ended by CR", "4\rabcd\r\n0\r\n\r\n"),
		body("no line end behind a chunk", "4\r\nabcd0\r\n\r\n"),
		body("LF behind a chunk", "4\r\nabcd\n0\r\n\r\n"),
		body("other bytes behind a chunk", "4\r\nabcdXX0\r\n\r\n"),
		body("last chunk ended by LF", "4\r\nabcd\r\n0\n\n"),
		body("end ended by LF", "4\r\nabcd\r\n0\r\n\n"),
		body("long last chunk", "4\r\nabcd\r\n0000000000000000000000\r\n\r\n"),
		body("trailer", "4\r\nabcd\r\n0\r\nX-A: b\r\n\r\n"),
		{name: "announced trailer", request: posted("Trailer: X-A\r\nTransfer-Encoding: chunked", "4\r\nabcd\r\n0\r\nX-A: b\r\n\r\n")},
		{name: "framing in an announced trailer section", request: posted("Trailer: X-A\r\nTransfer-Encoding: chunked",
			"4\r\nabcd\r\n0\r\nX-A: b\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\nHost: evil.example\r\nConnection: X-A\r\nAuthorization: x\r\n\r\n")},
		{name: "NUL and CR in a trailer", request: posted("Trailer: X-A, X-B\r\nTransfer-Encoding: chunked", "4\r\nabcd\r\n0\r\nX-A: b\x00c\r\nX-B: b\rc\r\n\r\n")},
		{name: "announced length", request: posted("Trailer: Content-Length\r\nTransfer-Encoding: chunked", "4\r\nabcd\r\n0\r\nContent-Length: 9\r\n\r\n")},
		{name: "announced host", request: posted("Trailer: Host\r\nTransfer-Encoding: chunked", "4\r\nabcd\r\n0\r\nHost: evil.example\r\n\r\n")},
		body("malformed trailer", "4\r\nabcd\r\n0\r\nX-A b\r\n\r\n"),
		{name: "end of a chunked body missing", request: chunked("4\r\nabcd\r\n"), cut: true},
	}
}

// passingShapes are those of fields that speak of one connection, and of upgrades.
func passingShapes() []shape {
	const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	upgrade := "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" + key
	return []shape{
		{name: "TE", request: headed("TE: trailers, chunked;q=0.5\r\nConnection: TE")},
		{name: "fields of one connection", request: headed("Connection: close, X-A, Cookie\r\nX-A: b\r\nCookie: c\r\nKeep-Alive: 5\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: Basic eDp5")},
		{name: "Expect", request: posted("Expect: 100-continue\r\nContent-Length: 4", "abcd")},
		{name: "Expect of something else", request: posted("Expect: 200-ok\r\nContent-Length: 4", "abcd")},
		{name: "Expect of two things", request: posted("Expect: 100-continue, x\r\nContent-Length: 4", "abcd")},
		{name: "h2c", request: headed("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__")},
		{name: "h2c and a WebSocket", request: headed("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c, websocket\r\nHTTP2-Settings: AAMAAABkAAQAAP__")},
		{name: "upgrade to TLS", request: headed("Connection: Upgrade\r\nUpgrade: TLS/1.0")},
		{name: "WebSocket that the server does not take", request: "GET {/a} HTTP/1.1\r\nHost: NAME\r\n" + upgrade + "\r\n"},
		{name: "WebSocket of another version", request: "GET {/a} HTTP/1.1\r\nHost: NAME\r\n" + strings.Replace(upgrade, "13", "7", 1) + "\r\n"},
		{name: "WebSocket with a length", request: "GET {/a} HTTP/1.1\r\nHost: NAME\r\n" + upgrade + "Content-Length: 4\r\n\r\nabcd"},
		{name: "WebSocket with chunks", request: "GET {/a} HTTP/1.1\r\nHost: NAME\r\n" + upgrade + "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n"},
		{name: "WebSocket by POST", request: "POST {/a} HTTP/1.1\r\nHost: NAME\r\n" + upgrade + "\r\n"},
	}
}
