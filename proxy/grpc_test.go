package proxy

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"daylight.internal/classifier"
	"daylight.internal/rules"
)

// head returns the metadata of a call that a test sent.
func head(ctx context.Context) metadata.MD {
	in, _ := metadata.FromIncomingContext(ctx)
	return metadata.MD{"x-echo": in["x-test"], "x-echo-bin": in["x-test-bin"]}
}

func notFound(message string) error { return status.Error(codes.NotFound, message) }

// stream opens a call of any kind but unary.
func stream(t *testing.T, ctx context.Context, conn *grpc.ClientConn, method string) grpc.ClientStream {
	t.Helper()
	s, err := conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, "/chat.Chat/"+method)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func say(t *testing.T, s grpc.ClientStream, text string) {
	t.Helper()
	if err := s.SendMsg(wrapperspb.String(text)); err != nil {
		t.Fatal(err)
	}
}

func hear(t *testing.T, s grpc.ClientStream, want string) {
	t.Helper()
	var m wrapperspb.StringValue
	if err := s.RecvMsg(&m); err != nil || m.Value != want {
		t.Fatalf("heard %q, %v; want %q", m.Value, err, want)
	}
}

func askChat(ctx context.Context, conn *grpc.ClientConn, text string, options ...grpc.CallOption) (string, error) {
	var answer wrapperspb.StringValue
	err := conn.Invoke(ctx, "/chat.Chat/Ask", wrapperspb.String(text), &answer, options...)
	return answer.Value, err
}

func TestCallsOfEveryKindPassMessageByMessage(t *testing.T) {
	for name, option := range map[string]grpc.DialOption{
		"plain": grpc.WithDefaultCallOptions(), "gzip": grpc.WithDefaultCallOptions(grpc.UseCompressor(gzip.Name)),
	} {
		t.Run(name, func(t *testing.T) {
			service := newChat()
			p := startCalls(t, readsCalls("SECRET"), service.serve(t))
			conn, ctx := p.dial(t, "ai.example", option), within(t)
			if got, err := askChat(ctx, conn, "a question"); err != nil || got != "got a question" {
				t.Fatalf("answer %q, %v", got, err)
			}
			s := stream(t, ctx, conn, "Collect")
			say(t, s, "one ")
			say(t, s, "")
			say(t, s, "two")
			s.CloseSend()
			hear(t, s, "one two")
			if err := s.RecvMsg(&wrapperspb.StringValue{}); err != io.EOF {
				t.Error(err)
			}
			s = stream(t, ctx, conn, "Tell")
			say(t, s, "three short words")
			s.CloseSend()
			for _, word := range []string{"three", "short", "words"} {
				hear(t, s, word)
			}
			s = stream(t, ctx, conn, "Talk")
			hear(t, s, "hello") // before anything was said
			for i := range 5 {
				say(t, s, fmt.Sprint(i))
				hear(t, s, fmt.Sprint("got ", i))
			}
			s.CloseSend()
			if err := s.RecvMsg(&wrapperspb.StringValue{}); err != io.EOF {
				t.Error(err)
			}
			conn.Close()
			all := p.end(t)
			if len(all) != 4 {
				t.Fatalf("%d events", len(all))
			}
			for _, e := range all {
				if e.Verdict.Action != rules.Log || e.Timing.Mode != "hold" || e.Coverage.State != classifier.Complete || e.Error != "" ||
					e.Request.Bytes == 0 || e.Response.Bytes == 0 || e.Request.MediaType != "application/grpc" {
					t.Errorf("event %+v", e)
				}
			}
		})
	}
}

func TestMetadataAndFailuresOfTheServerPass(t *testing.T) {
	p := startCalls(t, readsCalls("SECRET"), newChat().serve(t))
	conn := p.dial(t, "ai.example")
	ctx := metadata.AppendToOutgoingContext(within(t), "x-test", "value", "x-test-bin", "\x00\xff")
	var header, trailer metadata.MD
	if _, err := askChat(ctx, conn, "question", grpc.Header(&header), grpc.Trailer(&trailer)); err != nil {
		t.Fatal(err)
	}
	for _, md := range []metadata.MD{header, trailer} {
		if fmt.Sprint(md["x-echo"], md["x-echo-bin"]) != "[value] [\x00\xff]" {
			t.Errorf("metadata %v", md)
		}
	}
	_, err := askChat(ctx, conn, "fail 100% of 日本") // the answer is a head alone
	if s := status.Convert(err); s.Code() != codes.NotFound || s.Message() != "fail 100% of 日本" {
		t.Errorf("got %v", err)
	}
}

func TestLargeMessagesGoOnAsTheyAre(t *testing.T) {
	p := startCalls(t, readsCalls("SECRET"), newChat().serve(t))
	conn := p.dial(t, "ai.example")
	var text []byte
	for i := 0; len(text) < 5<<20; i++ {
		text = fmt.Appendf(text, "line %d of a text that is long, but compresses quickly\n", i)
	}
	for _, option := range []grpc.CallOption{grpc.EmptyCallOption{}, grpc.UseCompressor(gzip.Name)} {
		got, err := askChat(within(t), conn, string(text), option)
		if err != nil || sha256.Sum256([]byte(got)) != sha256.Sum256(append([]byte("got "), text...)) {
			t.Errorf("%d bytes came back, %v", len(got), err)
		}
	}
	s := stream(t, within(t), conn, "Talk")
	hear(t, s, "hello")
	for range 3 {
		say(t, s, string(text[:1<<20]))
		hear(t, s, "got "+string(text[:1<<20]))
	}
}

func TestADeadlineAndACancelReachTheServer(t *testing.T) {
	t.Parallel()
	service := newChat()
	p := startCalls(t, readsCalls("SECRET"), service.serve(t))
	conn := p.dial(t, "ai.example")
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second) // a stalled machine has to bring the call to the server in it
	defer cancel()
	if _, err := askChat(ctx, conn, "wait"); status.Code(err) != codes.DeadlineExceeded {
		t.Errorf("got %v", err)
	}
	service.waitEnded(t)
	ctx, cancel = context.WithCancel(t.Context())
	s := stream(t, ctx, conn, "Talk")
	hear(t, s, "hello")
	say(t, s, "one")
	hear(t, s, "got one")
	cancel()
	if err := s.RecvMsg(&wrapperspb.StringValue{}); status.Code(err) != codes.Canceled {
		t.Errorf("got %v", err)
	}
	service.waitEnded(t)
	conn.Close()
	for _, e := range p.end(t) {
		// The server knows the deadline too, and may reset the stream before the client has.
		if e.Verdict.Action != rules.Log || e.Coverage.State != classifier.Complete || e.Error != "client_gone" && e.Error != "server_protocol" {
			t.Errorf("event %+v", e)
		}
	}
}

func TestAHundredConversationsAtOnceDoNotWaitForEachOther(t *testing.T) {
	const conversations, turns = 100, 20
	p := startCalls(t, readsCalls("SECRET"), newChat().serve(t))
	conn, ctx := p.dial(t, "ai.example"), within(t)
	var group sync.WaitGroup
	var all [conversations]grpc.ClientStream
	for i := range all { // all are open before one says a word
		all[i] = stream(t, ctx, conn, "Talk")
		hear(t, all[i], "hello")
	}
	for _, s := range all {
		group.Go(func() {
			for turn := range turns {
				text := fmt.Sprint("turn ", turn)
				var m wrapperspb.StringValue
				if err := errors.Join(s.SendMsg(wrapperspb.String(text)), s.RecvMsg(&m)); err != nil || m.Value != "got "+text {
					t.Errorf("heard %q, %v", m.Value, err)
					return
				}
			}
			s.CloseSend()
			if err := s.RecvMsg(&wrapperspb.StringValue{}); err != io.EOF {
				t.Error(err)
			}
		})
	}
	group.Wait()
	conn.Close()
	if n := len(p.end(t)); n != conversations {
		t.Errorf("%d events", n)
	}
}

func TestACallIsRefusedAtTheMessageThatIsStopped(t *testing.T) {
	for _, c := range []struct {
		name, method string
		say          []string // the last is stopped
	}{
		{"a call of one message", "Ask", []string{"a SECRET"}},
		{"the first of many", "Collect", []string{"a SECRET"}},
		{"a later one, while the server listens", "Collect", []string{"one", "two", "a SECRET"}},
		{"the question of a long answer", "Tell", []string{"a SECRET"}},
		{"the first of a conversation", "Talk", []string{"a SECRET"}},
		{"in the middle of a conversation", "Talk", []string{"one", "two", "a SECRET"}},
	} {
		for name, option := range map[string]grpc.CallOption{"plain": grpc.EmptyCallOption{}, "gzip": grpc.UseCompressor(gzip.Name)} {
			t.Run(c.name+", "+name, func(t *testing.T) {
				service := newChat()
				p := startCalls(t, readsCalls("SECRET"), service.serve(t))
				conn := p.dial(t, "ai.example", grpc.WithDefaultCallOptions(option))
				ctx, cancel := context.WithCancel(within(t))
				defer cancel()
				s := stream(t, ctx, conn, c.method)
				if c.method == "Talk" {
					hear(t, s, "hello")
				}
				heard := ""
				for i, text := range c.say {
					service.waitHeard(t, heard) // a reset may overtake what went before, both ways
					if i > 0 && c.method == "Talk" {
						hear(t, s, "got "+c.say[i-1])
					}
					say(t, s, text)
					heard += text
				}
				err := s.RecvMsg(&wrapperspb.StringValue{})
				if got := status.Convert(err); got.Code() != codes.PermissionDenied || !strings.HasPrefix(got.Message(), "Please use the approved tool. ") {
					t.Errorf("got %v", err)
				}
				if c.method == "Talk" || len(c.say) > 1 { // else grpc-go may not call the handler at all
					service.waitEnded(t)
				}
				cancel()
				conn.Close()
				all := p.end(t)
				if heard := service.heard.String(); heard != strings.Join(c.say[:len(c.say)-1], "") {
					t.Errorf("the server heard %q", heard)
				}
				if len(all) != 1 {
					t.Fatalf("%d events", len(all))
				}
				if e := all[0]; e.Verdict.Action != rules.Block || !e.Verdict.Enforced || e.Verdict.Rule != "lists-stay-home" || e.People != 3 ||
					e.Error != "" || e.Response.Status != 200 || e.Timing.Mode != "hold" {
					t.Errorf("event %+v", e)
				}
			})
		}
	}
}

func TestFailuresOfOurOwnAreToldAsFailedCalls(t *testing.T) {
	service := newChat()
	server := service.serve(t)
	server.Hosts["down.example:443"] = "127.0.0.1:1"
	for _, c := range []struct {
		name, host string
		policy     *policy
		code       codes.Code
	}{
		{"a server that is down", "down.example", readsCalls("SECRET"), codes.Unavailable},
		{"a destination that is blocked", "ai.example", &policy{service: "chat", final: true, need: rules.Nothing, verdict: rules.Verdict{Action: rules.Block}}, codes.PermissionDenied},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := startCalls(t, c.policy, server)
			_, err := askChat(within(t), p.dial(t, c.host), "a question")
			if status.Code(err) != c.code || strings.Contains(err.Error(), "HTTP status") {
				t.Errorf("got %v", err)
			}
		})
	}
}
