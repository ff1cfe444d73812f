package extract

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/snappy"

	"daylight.internal/classifier"
)

// enveloped is a message in the envelope of gRPC and Connect.
func enveloped(flags byte, message []byte) []byte {
	b := binary.BigEndian.AppendUint32([]byte{flags}, uint32(len(message)))
	return append(b, message...)
}

func TestMessagesInEnvelopes(t *testing.T) {
	hello := message(1, message(2, "Hello Ana"))
	inProtobuf := []string{"connect protobuf .1.2 = Hello Ana"}
	inJSON := []string{"connect $.a = Hello Ana"}
	asJSON := []byte(`{"a":"Hello Ana"}`)
	grpc := func(b ...[]byte) Input { return Input{MediaType: "application/grpc", Body: slices.Concat(b...)} }
	encoded := func(encoding string, b []byte) Input {
		return Input{MediaType: "application/grpc+proto", MessageEncoding: encoding, Body: enveloped(1, b)}
	}
	var framed bytes.Buffer
	w := snappy.NewBufferedWriter(&framed)
	if _, err := w.Write(hello); err != nil || w.Close() != nil {
		t.Fatal("snappy")
	}
	web := base64.StdEncoding.EncodeToString(enveloped(0, hello)) + base64.StdEncoding.EncodeToString(enveloped(0, message(3, "and more")))
	run(t, []bodyCase{
		{name: "gRPC", in: grpc(enveloped(0, hello)), want: inProtobuf, media: "application/connect"},
		{name: "gRPC with JSON", in: Input{MediaType: "application/grpc+json", Body: enveloped(0, asJSON)}, want: inJSON},
		{name: "gRPC of several messages", in: grpc(enveloped(0, hello), enveloped(0, nil), enveloped(0, message(3, "and more"))), want: append(slices.Clone(inProtobuf), "connect protobuf .3 = and more")},
		{name: "gRPC-web with trailers", in: Input{MediaType: "application/grpc-web+proto", Body: slices.Concat(enveloped(0, hello), enveloped(0x80, []byte("grpc-status: 0\r\n")))},
			want: append(slices.Clone(inProtobuf), "connect = grpc-status: 0\r\n")},
		{name: "gRPC-web as base64 in pieces", in: Input{MediaType: "application/grpc-web-text", Body: []byte(web)}, want: append(slices.Clone(inProtobuf), "connect protobuf .3 = and more")},
		{name: "gRPC-web that is no base64", in: Input{MediaType: "application/grpc-web-text", Body: enveloped(0, hello)}, want: inProtobuf},
		{name: "Connect", in: Input{MediaType: "application/connect+proto", Body: enveloped(0, hello)}, want: inProtobuf},
		{name: "Connect with its end", in: Input{MediaType: "application/connect+json", Body: slices.Concat(enveloped(0, asJSON), enveloped(2, []byte(`{"metadata":{"k":["v w"]}}`)))},
			want: append(slices.Clone(inJSON), "connect $.metadata.k[0] = v w")},
		{name: "Connect, not declared", in: body(string(slices.Concat(enveloped(0, hello), enveloped(0, hello)))), want: append(slices.Clone(inProtobuf), inProtobuf...)},
		{name: "gzip", in: encoded("gzip", compress(t, "gzip", hello)), want: inProtobuf},
		{name: "deflate", in: encoded("deflate", compress(t, "deflate", hello)), want: inProtobuf},
		{name: "br", in: encoded("br", compress(t, "br", hello)), want: inProtobuf},
		{name: "zstd", in: encoded("zstd", compress(t, "zstd", hello)), want: inProtobuf},
		{name: "snappy in frames", in: encoded("snappy", framed.Bytes()), want: inProtobuf},
		{name: "snappy as one block", in: encoded("Snappy", snappy.Encode(nil, hello)), want: inProtobuf},
		{name: "not the compression that was named", in: encoded("zstd", compress(t, "gzip", hello)), want: inProtobuf},
		{name: "compression that nobody named", in: encoded("", compress(t, "gzip", hello)), want: inProtobuf},
		{name: "unknown compression", in: encoded("lz4", []byte("\x04\x22\x4d\x18\x00\xff\xfe\x00")), want: nil, coverage: "undecodable unknown_encoding"},
		{name: "snappy of an impossible size", in: encoded("snappy", []byte("\xff\xff\xff\xff\x0f\x00\xfe")), want: nil, coverage: "undecodable corrupt"},
		{name: "only said to be compressed", in: encoded("gzip", hello), want: inProtobuf, coverage: "undecodable corrupt"},
		{name: "the last one is short", in: grpc(enveloped(0, hello), enveloped(0, message(3, "and more"))[:9]), want: append(slices.Clone(inProtobuf), "connect protobuf .3 = an"), coverage: "truncated incomplete"},
		{name: "the last one is cut", in: Input{MediaType: "application/grpc", Truncated: true, Body: enveloped(0, hello)[:12]}, want: []string{"connect protobuf .1.2 = Hel"}, coverage: "truncated over_limit"},
		{name: "JSON that is called gRPC", in: grpc(asJSON), want: []string{"$.a = Hello Ana"}},
		{name: "text that is called gRPC", in: grpc([]byte("Hello Ana, how are you?")), want: []string{" = Hello Ana, how are you?"}},
		{name: "text behind a message", in: grpc(enveloped(0, hello), []byte("Hello Bo, how are you?")), want: append(slices.Clone(inProtobuf), "connect = Hello Bo, how are you?")},
		{name: "text in an envelope", in: grpc(enveloped(0, []byte("Hello Ana, how are you?"))), want: []string{"connect = Hello Ana, how are you?"}},
	})
}

func TestUnaryConnectCalls(t *testing.T) {
	hello := message(1, message(2, "Hello Ana"))
	query := func(b []byte, rest string) Input {
		return Input{Query: "connect=v1&base64=1&message=" + base64.RawURLEncoding.EncodeToString(b) + rest}
	}
	run(t, []bodyCase{
		{name: "protobuf", in: Input{MediaType: "application/proto", Body: hello}, want: []string{"protobuf .1.2 = Hello Ana"}},
		{name: "compressed", in: Input{MediaType: "application/proto", Encoding: "gzip", Body: compress(t, "gzip", hello)}, want: []string{"protobuf .1.2 = Hello Ana"}},
		{name: "JSON", in: Input{MediaType: "application/json", Encoding: "br", Body: compress(t, "br", []byte(`{"a":"b"}`))}, want: []string{"$.a = b"}},
		{name: "GET", in: query(hello, "&encoding=proto"), want: []string{"query:message | base64 protobuf .1.2 = Hello Ana", "query:connect = v1", "query:base64 = 1", "query:encoding = proto"}},
		{name: "GET, compressed", in: query(compress(t, "zstd", []byte(`{"a":"b"}`)), "&encoding=json&compression=zstd"),
			want: []string{"query:message | base64 | json $.a = b", "query:connect = v1", "query:base64 = 1", "query:encoding = json", "query:compression = zstd"}},
		{name: "GET with JSON", in: Input{Query: "encoding=json&message=%7B%22a%22%3A%22b%22%7D"}, want: []string{"query:encoding = json", "query:message | json $.a = b"}},
		{name: "GET with two messages, of which a server takes the first", in: query(hello, "&encoding=proto&message="+base64.RawURLEncoding.EncodeToString([]byte("\x0a\x02hi"))),
			want: []string{"query:message | base64 protobuf .1.2 = Hello Ana", "query:message | base64 protobuf .1 = hi", "query:connect = v1", "query:base64 = 1", "query:encoding = proto"}},
		{name: "GET under a name in other letters", in: Input{Query: "encoding=proto&base64=1&mess%61ge=" + base64.RawURLEncoding.EncodeToString(hello)},
			want: []string{"query:message | base64 protobuf .1.2 = Hello Ana", "query:encoding = proto", "query:base64 = 1"}},
		{name: "another message", in: Input{Query: "message=hello&base64=1"}, want: []string{"query:message = hello", "query:base64 = 1"}},
	})
}

func TestRecordsOfWebSocketMessages(t *testing.T) {
	ws := func(s string) Input {
		return Input{WebSocket: true, Body: []byte(s), Query: "q=not+read", Path: "/a@b.example"}
	}
	run(t, []bodyCase{
		{name: "JSON", in: ws(`{"type":4,"live":true,"dead":false,"none":null,"a":{"live":true,"b":"Hello Ana"}}`),
			want: []string{"ws:$.type = 4", "ws:$.live = true", "ws:$.dead = false", "ws:$.a.b = Hello Ana"}, media: "application/json"},
		{name: "text", in: ws("Hello Ana"), want: []string{"ws: = Hello Ana"}, media: "text/plain"},
		{name: "records of SignalR", in: ws("{\"type\":6}\x1e{\"type\":1,\"a\":\"b\"}\x1e"), want: []string{"ws:$.type = 6", "ws:$.type = 1", "ws:$.a = b"}},
		{name: "records of another kind", in: Input{WebSocket: true, Separator: "\x00", Body: []byte("Hello\x00{\"a\":\"b\"}")}, want: []string{"ws: = Hello", "ws:$.a = b"}},
		{name: "lines of JSON", in: ws("{\"a\":\"b\"}\n{\"a\":\"c\"}\n"), want: []string{"ws: line 1 | json $.a = b", "ws: line 2 | json $.a = c"}},
		{name: "Socket.IO", in: ws(`42["message",{"a":"b"}]`), want: []string{"ws:$[0] = message", "ws:$[1].a = b"}},
		{name: "Socket.IO with namespace and number", in: ws(`451-/chat,17["file",{"_placeholder":true,"num":0}]`),
			want: []string{"ws: = 451-/chat,17", "ws:$[0] = file", "ws:$[1].num = 0"}},
		{name: "Engine.IO", in: ws(`4{"a":"b"}`), want: []string{"ws:$.a = b"}},
		{name: "Engine.IO with text", in: ws("4hello"), want: []string{"ws: = 4hello"}},
		{name: "a number that is data", in: ws(`4539148803436467["x"]`), want: []string{"ws: = 4539148803436467", "ws:$[0] = x"}},
		{name: "base64", in: ws(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("Hello Ana. ", 9)))), want: []string{"ws: | base64 = " + strings.Repeat("Hello Ana. ", 9)}},
		{name: "protobuf", in: ws(string(message(1, 3, 2, message(1, "Hello Ana, how are you?")))), want: []string{"ws: protobuf .2.1 = Hello Ana, how are you?"}, media: "application/protobuf"},
		{name: "gzip", in: ws(string(compress(t, "gzip", []byte(`{"a":"b"}`)))), want: []string{"ws:$.a = b"}},
		{name: "an image", in: ws("\x89PNG\r\n\x1a\n\x00\x00"), want: nil, coverage: "undecodable image"},
		{name: "a sound", in: ws("OggS\x00\x02\x00\x00"), want: nil, coverage: "undecodable audio"},
		{name: "nothing", in: ws(""), want: nil},
		{name: "cut", in: Input{WebSocket: true, Body: []byte(`{"a":"Hello A`), Truncated: true}, want: []string{"ws:$.a = Hello A"}, coverage: "truncated over_limit"},
	})
}

func FuzzGRPC(f *testing.F) {
	f.Add(slices.Concat(enveloped(0, message(1, "Hello")), enveloped(1, []byte("\x1f\x8b\x08\x00"))), "application/grpc", "gzip")
	f.Add([]byte(base64.StdEncoding.EncodeToString(enveloped(0, message(1, "Hello")))), "application/grpc-web-text+proto", "")
	f.Add(enveloped(0x80, []byte("grpc-status: 0")), "application/grpc-web", "snappy")
	f.Add(enveloped(1, snappy.Encode(nil, []byte("Hello"))), "application/grpc+json", "snappy")
	f.Fuzz(func(t *testing.T, b []byte, mediaType, encoding string) {
		before := slices.Clone(b)
		for _, truncated := range []bool{false, true} {
			in := Input{MediaType: mediaType, MessageEncoding: encoding, Body: b, Truncated: truncated}
			checkDocument(t, extractForTest(in), int64(len(b)))
		}
		if !bytes.Equal(b, before) {
			t.Error("the body was changed")
		}
	})
}

// FuzzConnect puts a text into a stream of messages, at any border: it comes out.
func FuzzConnect(f *testing.F) {
	f.Add([]byte("Hello Ana"), []byte("x"), uint8(0), "")
	f.Add([]byte(`{"a":1}`), []byte("\x00\x00\x00\x00\x02{}"), uint8(2), "connect=v1&encoding=json&base64=1&message=e30")
	f.Fuzz(func(t *testing.T, content, noise []byte, flags uint8, query string) {
		checkDocument(t, extractForTest(Input{Query: query}), 0)
		checkDocument(t, extractForTest(Input{WebSocket: true, Body: content}), int64(len(content)))
		text := "s " + printable(content)
		b := slices.Concat(enveloped(flags&2, message(1, 1, 2, noise)), enveloped(0, message(7, message(1, text, 2, 9))))
		in := Input{MediaType: "application/connect+proto", Body: b}
		d := extractForTest(in)
		checkDocument(t, d, int64(len(b)))
		if !hasTextOf(d, text) {
			t.Errorf("%q is not in %q", text, show(d))
		}
	})
}

// BenchmarkAdversarialMessages has bodies that are made to be slow.
func BenchmarkAdversarialMessages(b *testing.B) {
	nested := func(size int) []byte {
		inner := bytes.Repeat([]byte("a"), size)
		for range maxNesting {
			inner = message(1, inner, 2, 1)
		}
		return inner
	}
	for name, make := range map[string]func(int) []byte{
		"empty envelopes": func(n int) []byte { return bytes.Repeat(enveloped(0, nil), n/5) },
		"tiny envelopes":  func(n int) []byte { return bytes.Repeat(enveloped(0, message(1, "a")), n/8) },
		"tiny strings":    func(n int) []byte { return enveloped(0, bytes.Repeat(message(1, "a"), n/3)) },
		"nested":          func(n int) []byte { return enveloped(0, nested(n)) },
		"groups":          func(n int) []byte { return enveloped(0, bytes.Repeat([]byte("\x0b\x0c"), n/2)) },
	} {
		for _, size := range []int{64 << 10, 1 << 20} {
			in := Input{MediaType: "application/grpc", Body: make(size)}
			b.Run(fmt.Sprintf("%s/%dKiB", name, size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(in.Body)))
				for b.Loop() {
					Body(in, Limits{})
				}
			})
		}
	}
}

func TestEveryCutOfAMessageIsSurvived(t *testing.T) {
	whole := slices.Concat(enveloped(0, message(1, message(2, "Hello Ana"), 3, 1<<40)), enveloped(1, compress(t, "gzip", message(1, "again"))))
	for i := range len(whole) {
		for _, truncated := range []bool{false, true} {
			d := extractForTest(Input{MediaType: "application/grpc", Body: whole[:i:i], Truncated: truncated})
			checkDocument(t, d, int64(i))
			if i > 0 && d.Coverage.State == classifier.Complete && (truncated || i != len(enveloped(0, message(1, message(2, "Hello Ana"), 3, 1<<40)))) {
				t.Errorf("cut at %d, truncated %v: complete", i, truncated)
			}
		}
	}
}
