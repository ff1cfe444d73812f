package proxy

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules"
)

type textMessage = wrapperspb.StringValue

// connectServer is a stand-in for ai.example that speaks all that connect-go speaks.
func (c *chat) connectServer(t *testing.T) *proxytest.Server {
	mux := http.NewServeMux()
	mux.Handle("/Ask", connect.NewUnaryHandler("/Ask", func(_ context.Context, r *connect.Request[textMessage]) (*connect.Response[textMessage], error) {
		c.heard.add(r.Msg.Value)
		if r.Msg.Value == "fail" {
			return nil, connect.NewError(connect.CodeNotFound, errors.New("no such thing"))
		}
		return connect.NewResponse(wrapperspb.String("got " + r.Msg.Value)), nil
	}, connect.WithIdempotency(connect.IdempotencyNoSideEffects)))
	mux.Handle("/Collect", connect.NewClientStreamHandler("/Collect", func(_ context.Context, s *connect.ClientStream[textMessage]) (*connect.Response[textMessage], error) {
		var all strings.Builder
		for s.Receive() {
			c.heard.add(s.Msg().Value)
			all.WriteString(s.Msg().Value)
		}
		if s.Err() != nil {
			c.ended <- s.Err()
		}
		return connect.NewResponse(wrapperspb.String(all.String())), s.Err()
	}))
	mux.Handle("/Tell", connect.NewServerStreamHandler("/Tell", func(_ context.Context, r *connect.Request[textMessage], s *connect.ServerStream[textMessage]) error {
		c.heard.add(r.Msg.Value)
		for word := range strings.FieldsSeq(r.Msg.Value) {
			if err := s.Send(wrapperspb.String(word)); err != nil {
				return err
			}
		}
		return nil
	}))
	mux.Handle("/Talk", connect.NewBidiStreamHandler("/Talk", func(_ context.Context, s *connect.BidiStream[textMessage, textMessage]) error {
		err := s.Send(wrapperspb.String("hello"))
		for err == nil {
			var m *textMessage
			if m, err = s.Receive(); err == nil {
				c.heard.add(m.Value)
				err = s.Send(wrapperspb.String("got " + m.Value))
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		c.ended <- err
		return err
	}))
	return proxytest.NewServer(t, mux, "ai.example")
}

// dialects are the ways in which connect-go can speak.
func dialects() map[string][]connect.ClientOption {
	out := map[string][]connect.ClientOption{}
	for protocol, p := range map[string]connect.ClientOption{"Connect": connect.WithClientOptions(), "gRPC": connect.WithGRPC(), "gRPC-web": connect.WithGRPCWeb()} {
		for codec, c := range map[string]connect.ClientOption{"proto": connect.WithClientOptions(), "JSON": connect.WithProtoJSON()} {
			out[protocol+" "+codec] = []connect.ClientOption{p, c}
			out[protocol+" "+codec+" gzip"] = []connect.ClientOption{p, c, connect.WithSendGzip()}
		}
	}
	return out
}

func connectClient(p *calls, method string, options []connect.ClientOption) *connect.Client[textMessage, textMessage] {
	return connect.NewClient[textMessage, textMessage](p.client(), "https://ai.example/"+method, options...)
}

func TestCallsOfConnectPass(t *testing.T) {
	p := startCalls(t, readsCalls("SECRET"), newChat().connectServer(t))
	for name, options := range dialects() {
		t.Run(name, func(t *testing.T) {
			ctx := within(t)
			answer, err := connectClient(p, "Ask", options).CallUnary(ctx, connect.NewRequest(wrapperspb.String("a question")))
			if err != nil || answer.Msg.Value != "got a question" {
				t.Fatalf("answer %v, %v", answer, err)
			}
			_, err = connectClient(p, "Ask", options).CallUnary(ctx, connect.NewRequest(wrapperspb.String("fail")))
			if connect.CodeOf(err) != connect.CodeNotFound {
				t.Errorf("got %v", err)
			}
			c := connectClient(p, "Collect", options).CallClientStream(ctx)
			for _, word := range []string{"one ", "two"} {
				if err := c.Send(wrapperspb.String(word)); err != nil {
					t.Fatal(err)
				}
			}
			if answer, err := c.CloseAndReceive(); err != nil || answer.Msg.Value != "one two" {
				t.Errorf("answer %v, %v", answer, err)
			}
			s, err := connectClient(p, "Tell", options).CallServerStream(ctx, connect.NewRequest(wrapperspb.String("three words more")))
			if err != nil {
				t.Fatal(err)
			}
			said := ""
			for s.Receive() {
				said += s.Msg().Value + " "
			}
			if s.Err() != nil || said != "three words more " {
				t.Errorf("said %q, %v", said, s.Err())
			}
			b := connectClient(p, "Talk", options).CallBidiStream(ctx)
			b.Send(nil) // the head alone
			connectHears(t, b, "hello")
			for _, word := range []string{"one", "two"} {
				if err := b.Send(wrapperspb.String(word)); err != nil {
					t.Fatal(err)
				}
				connectHears(t, b, "got "+word)
			}
			b.CloseRequest()
			if _, err := b.Receive(); !errors.Is(err, io.EOF) {
				t.Error(err)
			}
			for _, e := range p.next(t, 5) {
				if e.Verdict.Action != rules.Log || e.Timing.Mode != audit.ModeHold || e.Coverage.State != classifier.Complete || e.Error != "" {
					t.Errorf("event %+v", e)
				}
			}
		})
	}
}

func connectHears(t *testing.T, s *connect.BidiStreamForClient[textMessage, textMessage], want string) {
	t.Helper()
	if m, err := s.Receive(); err != nil || m.Value != want {
		t.Fatalf("heard %v, %v; want %q", m, err, want)
	}
}

func TestCallsOfConnectAreRefusedAtTheMessageThatIsStopped(t *testing.T) {
	service := newChat()
	p := startCalls(t, readsCalls("SECRET"), service.connectServer(t))
	secret := wrapperspb.String("a SECRET")
	for name, options := range dialects() {
		for method, call := range map[string]func(*testing.T, context.Context, *connect.Client[textMessage, textMessage]) error{
			"Ask": func(_ *testing.T, ctx context.Context, c *connect.Client[textMessage, textMessage]) error {
				_, err := c.CallUnary(ctx, connect.NewRequest(secret))
				return err
			},
			"Collect": func(t *testing.T, ctx context.Context, c *connect.Client[textMessage, textMessage]) error {
				s := c.CallClientStream(ctx)
				s.Send(wrapperspb.String("one"))
				s.Send(secret)
				_, err := s.CloseAndReceive()
				return err
			},
			"Tell": func(_ *testing.T, ctx context.Context, c *connect.Client[textMessage, textMessage]) error {
				s, err := c.CallServerStream(ctx, connect.NewRequest(secret))
				if err != nil {
					return err
				}
				for s.Receive() {
				}
				return s.Err()
			},
			"Talk": func(t *testing.T, ctx context.Context, c *connect.Client[textMessage, textMessage]) error {
				s := c.CallBidiStream(ctx)
				s.Send(wrapperspb.String("one"))
				connectHears(t, s, "hello")
				connectHears(t, s, "got one")
				s.Send(secret)
				_, err := s.Receive()
				s.CloseRequest()
				return err
			},
		} {
			t.Run(name+" "+method, func(t *testing.T) {
				ctx, cancel := context.WithCancel(within(t))
				err := call(t, ctx, connectClient(p, method, options))
				var failure *connect.Error
				if !errors.As(err, &failure) || failure.Code() != connect.CodePermissionDenied || !strings.HasPrefix(failure.Message(), "Please use the approved tool. ") {
					t.Errorf("got %v", err)
				}
				cancel()
				e := p.next(t, 1)[0]
				if heard := service.heard.String(); strings.Contains(heard, "SECRET") {
					t.Errorf("the server heard %q", heard)
				}
				if e.Verdict.Action != rules.Block || !e.Verdict.Enforced || e.Error != "" || e.People != 3 {
					t.Errorf("event %+v", e)
				}
			})
		}
	}
}

func TestAQueryOfConnectIsRefusedInItsShape(t *testing.T) {
	p := readsCalls("SECRET")
	p.final, p.need, p.verdict = true, rules.Nothing, rules.Verdict{Action: rules.Block}
	c := connectClient(startCalls(t, p, newChat().connectServer(t)), "Ask", []connect.ClientOption{connect.WithHTTPGet(), connect.WithIdempotency(connect.IdempotencyNoSideEffects)})
	_, err := c.CallUnary(within(t), connect.NewRequest(wrapperspb.String("a question")))
	if connect.CodeOf(err) != connect.CodePermissionDenied || !connect.IsWireError(err) {
		t.Errorf("got %v", err)
	}
}

// A browser's client of gRPC-web sends a whole body, over HTTP/1 too, perhaps in base64.
func TestGRPCForTheWebIsRefusedInItsLastFrame(t *testing.T) {
	for _, c := range []struct{ media, body string }{
		{"application/grpc-web+proto", framed(0, "a SECRET")},
		{"application/grpc-web-text", "a SECRET " + base64.StdEncoding.EncodeToString([]byte(framed(0, "x")))},
	} {
		for _, http2 := range []bool{false, true} {
			p := startCalls(t, readsCalls("SECRET"), newChat().connectServer(t))
			client := p.client()
			client.Transport.(*http.Transport).ForceAttemptHTTP2 = http2
			resp, body := send(t, client, http.MethodPost, "https://ai.example/Ask", c.body, "Content-Type", c.media, "Origin", "https://app.example", "Accept-Language", "de")
			if strings.HasSuffix(c.media, "text") {
				plain, err := base64.StdEncoding.DecodeString(body)
				if err != nil {
					t.Fatal(err)
				}
				body = string(plain)
			}
			const want = "grpc-status: 7\r\ngrpc-message: Bitte das freigegebene Werkzeug nutzen."
			if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != c.media || body[0] != 0x80 || !strings.HasPrefix(body[5:], want) ||
				resp.Header.Get("Access-Control-Allow-Origin") != "https://app.example" {
				t.Errorf("%s: status %d %v: %q", resp.Proto, resp.StatusCode, resp.Header, body)
			}
		}
	}
}
