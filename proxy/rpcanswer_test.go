package proxy

import (
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"daylight.internal/proxy/rpc"
)

// stoppedAfter gives the answers of a server, and is then broken off because the request was stopped.
type stoppedAfter struct {
	io.Reader
	gate *messageGate
	by   *stop // nil when it ends well
}

func (s *stoppedAfter) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err == io.EOF && s.by != nil {
		s.gate.stopped.Store(s.by)
		err = errors.New("reset")
	}
	return n, err
}

func (s *stoppedAfter) Close() error { return nil }

// stoppable reads, in pieces of random length, a response with the body, whose request was stopped
// then, or, when it was not, came to its end.
func stoppable(body, media string, protocol rpc.Protocol, stopped bool, buffer int, seed uint64) (got string, trailer http.Header, err error) {
	g := &messageGate{protocol: protocol}
	server := &stoppedAfter{Reader: &pieces{data: []byte(body), random: rand.New(rand.NewPCG(seed, 1))}, gate: g}
	if stopped {
		server.by = &stop{protocol, rpc.Failure{Code: rpc.PermissionDenied, Message: "no"}, "id"}
	}
	resp := &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {media}}, Body: server}
	g.guard(resp)
	var out strings.Builder
	for p := make([]byte, buffer); err == nil; {
		var n int
		n, err = resp.Body.Read(p)
		out.Write(p[:n])
	}
	return out.String(), resp.Trailer, err
}

func TestAResponseEndsBehindTheLastWholeMessageOfTheServer(t *testing.T) {
	whole := framed(0, "hello") + framed(1, "") + framed(0, strings.Repeat("x", 900))
	half := framed(0, strings.Repeat("y", 700))[:600]
	for _, c := range []struct {
		media    string
		protocol rpc.Protocol
	}{
		{"application/grpc", rpc.GRPC}, {"application/grpc-web+proto", rpc.GRPCWeb}, {"application/connect+json", rpc.ConnectStream},
	} {
		trailer, end := c.protocol.Ending(rpc.Failure{Code: rpc.PermissionDenied, Message: "no"})
		for seed := range uint64(50) {
			for _, tail := range []string{"", half} {
				got, trailers, err := stoppable(whole+tail, c.media, c.protocol, true, 1000, seed)
				if got != whole+string(end) || err != io.EOF || trailers.Get("Grpc-Status") != trailer.Get("Grpc-Status") {
					t.Fatalf("%s: got %q, %v, %v", c.media, got, trailers, err)
				}
				got, trailers, err = stoppable(whole+tail, c.media, c.protocol, false, 1000, seed)
				if got != whole+tail || err != io.EOF || trailers != nil {
					t.Fatalf("%s: got %q, %v, %v", c.media, got, trailers, err)
				}
			}
		}
	}
}

func TestNothingIsPutBehindAPieceOfAMessage(t *testing.T) {
	long := framed(0, strings.Repeat("long ", 100))
	for name, stopped := range map[string]bool{"stopped": true, "not stopped": false} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(50) {
				got, _, err := stoppable(long+long+long[:300], "application/connect+json", rpc.ConnectStream, stopped, 64, seed)
				if got != long+long+long[:300] && !stopped || !strings.HasPrefix(long+long+long[:300], got) || (err == io.EOF) == stopped {
					t.Fatalf("got %d bytes, %v", len(got), err)
				}
			}
		})
	}
}

func TestAResponseThatIsNoCallIsLeftAlone(t *testing.T) {
	for _, resp := range []*http.Response{
		{StatusCode: 502, Header: http.Header{"Content-Type": {"application/grpc"}}},
		{StatusCode: 200, Header: http.Header{"Content-Type": {"text/html"}, "Content-Length": {"5"}}},
		{StatusCode: 200, Header: http.Header{"Content-Type": {"application/grpc"}, "Grpc-Status": {"5"}}},
	} {
		body := io.NopCloser(strings.NewReader("hello"))
		resp.Body = body
		if (&messageGate{protocol: rpc.GRPC}).guard(resp); resp.Body != body {
			t.Errorf("%v was wrapped", resp)
		}
	}
}
