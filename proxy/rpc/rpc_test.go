package rpc

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTheProtocolIsToldByTheHead(t *testing.T) {
	for _, c := range []struct {
		method, url, contentType, version string
		want                              Protocol
	}{
		{"POST", "/s/M", "application/grpc", "", GRPC},
		{"POST", "/s/M", "application/grpc+proto", "", GRPC},
		{"POST", "/s/M", "Application/gRPC+json; charset=utf-8", "", GRPC},
		{"POST", "/s/M", "application/grpc-web", "", GRPCWeb},
		{"POST", "/s/M", "application/grpc-web+proto", "", GRPCWeb},
		{"POST", "/s/M", "application/grpc-web-text+proto", "", GRPCWebText},
		{"POST", "/s/M", "application/connect+json", "", ConnectStream},
		{"POST", "/s/M", "application/proto", "", ConnectUnary},
		{"POST", "/s/M", "application/json", "1", ConnectUnary},
		{"GET", "/s/M?connect=v1&encoding=json&message=%7B%7D", "", "", ConnectUnary},
		{"GET", "/s/M?connect=v1", "", "", None},
		{"GET", "/s/M?q=connect%3Dv1&message=x", "", "", None},
		{"POST", "/s/M", "application/json", "", None},
		{"POST", "/s/M", "application/grpcx", "", None},
		{"POST", "/s/M", "application/connect", "", None},
		{"POST", "/s/M", "", "", None},
	} {
		r := httptest.NewRequest(c.method, c.url, nil)
		r.Header.Set("Content-Type", c.contentType)
		r.Header.Set("Connect-Protocol-Version", c.version)
		if got := Of(r); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

func TestTheHeadOfAnEnvelopeIsChecked(t *testing.T) {
	for _, c := range []struct {
		protocol Protocol
		flags    byte
		ok       bool
	}{
		{GRPC, 0, true}, {GRPC, 1, true}, {GRPC, 2, false}, {GRPC, '{', false},
		{GRPCWeb, 1, true}, {GRPCWeb, 0x80, false},
		{ConnectStream, 0, true}, {ConnectStream, 3, true}, {ConnectStream, 4, false},
	} {
		if length, ok := c.protocol.MessageLength([5]byte{c.flags, 0xff, 1, 0, 2}); ok != c.ok || length != 0xff010002 {
			t.Errorf("%+v: %d, %v", c, length, ok)
		}
	}
}

func TestAFailureIsToldInTheShapeOfTheProtocol(t *testing.T) {
	f := Failure{Code: PermissionDenied, Message: "100% of 客户\n stay"}
	const encoded = "100%25 of %E5%AE%A2%E6%88%B7%0A stay"
	request := func(contentType string) *http.Request {
		r := httptest.NewRequest("POST", "/s/M", nil)
		r.Header.Set("Content-Type", contentType)
		return r
	}
	a := GRPC.Answer(request("application/grpc+proto"), f)
	if a.Status != 200 || a.Type != "application/grpc+proto" || a.Header.Get("Grpc-Status") != "7" || a.Header.Get("Grpc-Message") != encoded || a.Body != nil {
		t.Errorf("gRPC: %+v", a)
	}
	want := "\x80\x00\x00\x00\x43grpc-status: 7\r\ngrpc-message: " + encoded + "\r\n"
	want = want[:4] + string(rune(len(want)-5)) + want[5:]
	if a = GRPCWeb.Answer(request("application/grpc-web"), f); a.Status != 200 || string(a.Body) != want {
		t.Errorf("gRPC-web: %+v, want %q", a, want)
	}
	a = GRPCWebText.Answer(request("application/grpc-web-text; x=y"), f)
	if plain, err := base64.StdEncoding.DecodeString(string(a.Body)); err != nil || string(plain) != want || a.Type != "application/grpc-web-text" {
		t.Errorf("gRPC-web-text: %+v", a)
	}
	type failure struct{ Code, Message string }
	a = ConnectUnary.Answer(request("application/proto"), f)
	var unary failure
	if err := json.Unmarshal(a.Body, &unary); err != nil || a.Status != 403 || a.Type != "application/json" || unary != (failure{"permission_denied", f.Message}) {
		t.Errorf("Connect: %+v %s", a, a.Body)
	}
	a = ConnectStream.Answer(request("application/connect+proto"), f)
	var stream struct{ Error failure }
	if err := json.Unmarshal(a.Body[5:], &stream); err != nil || a.Status != 200 || a.Body[0] != 2 || int(binary.BigEndian.Uint32(a.Body[1:])) != len(a.Body)-5 || stream.Error != unary {
		t.Errorf("Connect stream: %+v %s", a, a.Body)
	}
}

func TestALongMessageIsCutBetweenCharacters(t *testing.T) {
	header, _ := GRPC.Ending(Failure{Message: strings.Repeat("客", maxMessage)})
	message := header.Get("Grpc-Message")
	plain, err := url.PathUnescape(message)
	if err != nil || !utf8.ValidString(plain) || !strings.HasSuffix(plain, "客…") || len(message) > 7<<10 {
		t.Errorf("%d bytes, %v", len(message), err)
	}
}

func TestStatusesOfHTTPHaveACode(t *testing.T) {
	for status, want := range map[int]Code{400: 3, 403: 7, 421: 7, 408: 4, 504: 4, 502: 14, 503: 14, 499: 1, 500: 13, 431: 13} {
		if got := CodeOf(status); got != want {
			t.Errorf("%d is %d, want %d", status, got, want)
		}
		if name, connect := want.connect(); name == "internal" && want != Internal || connect < 400 {
			t.Errorf("%d is %q, %d in Connect", want, name, connect)
		}
	}
}

// Wherever the bytes are cut, the borders are the ends of the envelopes.
func FuzzBorders(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x00\x03abc\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01{"), uint8(3))
	f.Add([]byte("\x00\xff\xff\xff\xffabc"), uint8(1))
	f.Fuzz(func(t *testing.T, data []byte, size uint8) {
		var want []int
		for at := 0; len(data)-at >= HeadSize; {
			at += HeadSize + int(binary.BigEndian.Uint32(data[at+1:]))
			if at > len(data) {
				break
			}
			want = append(want, at)
		}
		var s Borders
		at := 0
		for chunk := range bytesChunks(data, int(size)+1) {
			last := -1
			for len(want) > 0 && want[0] <= at+len(chunk) {
				last, want = want[0]-at, want[1:]
			}
			if got := s.Follow(chunk); got != last {
				t.Fatalf("border %d in %q at %d, want %d", got, chunk, at, last)
			}
			at += len(chunk)
		}
	})
}

func bytesChunks(data []byte, size int) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for r := bytes.NewBuffer(data); r.Len() > 0; {
			if !yield(r.Next(size)) {
				return
			}
		}
	}
}
