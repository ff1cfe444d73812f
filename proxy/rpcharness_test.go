package proxy

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// calls is a proxy with a judge in front of a server of calls, ai.example.
type calls struct {
	*testProxy
	judge   *Judge
	sink    *events
	metrics *metrics.Metrics
}

func startCalls(t *testing.T, p Snapshot, server *proxytest.Server) *calls {
	t.Helper()
	c := &calls{sink: &events{}, metrics: metrics.New(metrics.Build{})}
	snapshots := NewSnapshots(func() (Snapshot, error) { return p, nil }, c.metrics)
	if err := snapshots.Load(); err != nil {
		t.Fatal(err)
	}
	c.judge = NewJudge(JudgeOptions{Snapshots: snapshots, Metrics: c.metrics, Events: c.sink, TempDir: t.TempDir()})
	c.testProxy = startProxy(t, func(_ *Config, d *Dependencies) { d.Inspector, d.Counters = c.judge, c.metrics }, server)
	return c
}

// end waits for the end of everything and returns the events.
func (c *calls) end(t *testing.T) []audit.Event {
	t.Helper()
	shutDown(t, c.testProxy, c.judge)
	if used := c.judge.memory.used.Load(); used != 0 {
		t.Errorf("%d bytes of memory were not given back", used)
	}
	return c.sink.all
}

// next waits until n exchanges have left their events and takes those.
func (c *calls) next(t *testing.T, n int) []audit.Event {
	t.Helper()
	for start := time.Now(); ; time.Sleep(time.Millisecond) {
		c.sink.mu.Lock()
		all := c.sink.all
		if len(all) >= n || time.Since(start) > time.Minute {
			c.sink.all = nil
			c.sink.mu.Unlock()
			if len(all) != n {
				t.Fatalf("%d events, want %d: %+v", len(all), n, all)
			}
			return all
		}
		c.sink.mu.Unlock()
	}
}

// readsCalls is a policy that stops a message with the word, also in gzip.
func readsCalls(word string) *policy {
	return &policy{service: "chat", need: rules.Hold, evaluate: func(b engine.Body) engine.Outcome {
		size := int64(len(b.Bytes))
		for _, start := range []int{0, 5} {
			if len(b.Bytes) > start && bytes.HasPrefix(b.Bytes[start:], []byte("\x1f\x8b")) {
				if r, err := gzip.NewReader(bytes.NewReader(b.Bytes[start:])); err == nil {
					plain, _ := io.ReadAll(r)
					b.Bytes = plain
				}
			}
		}
		o := blocker(word)(b)
		o.Facts.Content.Coverage.BytesRead = size
		return o
	}}
}

// chat is a service that speaks of what it heard.
type chat struct {
	heard sharedText
	ended chan error // one for each stream that ended
}

func newChat() *chat { return &chat{ended: make(chan error, 1000)} }

func (c *chat) ask(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	var m wrapperspb.StringValue
	if err := decode(&m); err != nil {
		return nil, err
	}
	c.heard.add(m.Value[:min(len(m.Value), 100)])
	switch {
	case m.Value == "wait":
		<-ctx.Done()
		c.ended <- ctx.Err()
		return nil, ctx.Err()
	case strings.HasPrefix(m.Value, "fail"):
		return nil, notFound(m.Value)
	}
	grpc.SetHeader(ctx, head(ctx))
	grpc.SetTrailer(ctx, head(ctx))
	return wrapperspb.String("got " + m.Value), nil
}

// collect hears all before it speaks.
func (c *chat) collect(_ any, s grpc.ServerStream) error {
	var all strings.Builder
	for {
		var m wrapperspb.StringValue
		err := s.RecvMsg(&m)
		if err == io.EOF {
			return s.SendMsg(wrapperspb.String(all.String()))
		}
		if err != nil {
			c.ended <- err
			return err
		}
		c.heard.add(m.Value)
		all.WriteString(m.Value)
	}
}

// tell hears one message and says its words.
func (c *chat) tell(_ any, s grpc.ServerStream) error {
	var m wrapperspb.StringValue
	if err := s.RecvMsg(&m); err != nil {
		c.ended <- err
		return err
	}
	c.heard.add(m.Value)
	for word := range strings.FieldsSeq(m.Value) {
		if err := s.SendMsg(wrapperspb.String(word)); err != nil {
			return err
		}
	}
	return nil
}

// talk speaks first, and then answers each message.
func (c *chat) talk(_ any, s grpc.ServerStream) error {
	err := s.SendMsg(wrapperspb.String("hello"))
	for err == nil {
		var m wrapperspb.StringValue
		if err = s.RecvMsg(&m); err == nil {
			c.heard.add(m.Value)
			err = s.SendMsg(wrapperspb.String("got " + m.Value))
		}
	}
	if err == io.EOF {
		return nil
	}
	c.ended <- err
	return err
}

// waitEnded waits until the server has seen a stream break off.
func (c *chat) waitEnded(t *testing.T) {
	t.Helper()
	select {
	case <-c.ended:
	case <-time.After(time.Minute):
		t.Fatal("the server was not told")
	}
}

// waitHeard waits until the server has heard just that.
func (c *chat) waitHeard(t *testing.T, want string) {
	t.Helper()
	for start := time.Now(); c.heard.String() != want; time.Sleep(time.Millisecond) {
		if time.Since(start) > time.Minute {
			t.Fatalf("the server heard %q, want %q", c.heard.String(), want)
		}
	}
}

// serve starts a server of grpc-go.
func (c *chat) serve(t *testing.T) *proxytest.Server {
	t.Helper()
	certificate, root := proxytest.Certificate(t, "ai.example")
	server := grpc.NewServer(grpc.Creds(credentials.NewServerTLSFromCert(&certificate)), grpc.MaxRecvMsgSize(64<<20))
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "chat.Chat", HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{{MethodName: "Ask", Handler: c.ask}},
		Streams: []grpc.StreamDesc{
			{StreamName: "Collect", Handler: c.collect, ClientStreams: true},
			{StreamName: "Tell", Handler: c.tell, ServerStreams: true},
			{StreamName: "Talk", Handler: c.talk, ServerStreams: true, ClientStreams: true},
		},
	}, c)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(l)
	t.Cleanup(server.Stop)
	file := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(file, root, 0o600); err != nil {
		t.Fatal(err)
	}
	return &proxytest.Server{CAFile: file, Hosts: map[string]string{"ai.example:443": l.Addr().String()}}
}

// dial returns a client of grpc-go that goes through the proxy.
func (c *calls) dial(t *testing.T, host string, options ...grpc.DialOption) *grpc.ClientConn {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(c.ca)
	conn, err := grpc.NewClient("passthrough:///"+host+":443", append(options,
		grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{RootCAs: roots})),
		grpc.WithContextDialer(c.connect),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64<<20)))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// connect opens a tunnel.
func (c *calls) connect(ctx context.Context, authority string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", c.addr)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(conn, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", authority, authority)
	resp, err := http.ReadResponse(bufio.NewReaderSize(oneByte{conn}, 16), nil)
	if err != nil || resp.StatusCode != http.StatusOK {
		conn.Close()
		return nil, fmt.Errorf("the tunnel was not opened: %v, %v", resp, err)
	}
	return conn, nil
}

// within bounds a call, generously.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}
