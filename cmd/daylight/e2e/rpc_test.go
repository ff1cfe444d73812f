package e2e_test

import (
	"context"
	"crypto/tls"
	encoding "encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	_ "google.golang.org/grpc/encoding/gzip" // registered by its import
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// all returns the texts that were received.
func (r *received) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.texts...)
}

// heard asserts what reached the stand-ins of gRPC and Connect.
func (w *world) heard(want ...string) {
	w.t.Helper()
	if got := w.services.rpc.log.all(); !slices.Equal(got, want) {
		w.t.Errorf("the server heard %.300q, want %.300q", got, want)
	}
}

// blockedCall waits for the event of a stream that was stopped.
func (w *world) blockedCall(service string) {
	w.t.Helper()
	e := w.waitEvent("the blocked call", func(e event) bool { return e.Service.ID == service && e.Verdict.Action == "block" })
	if e.People != 25 || e.Verdict.Rule != "customer-lists-stay-home" || e.Service.Operation != "prompt" || e.Coverage.State != "complete" || e.Timing.Mode != "hold" {
		w.t.Errorf("event: %+v", e)
	}
}

// grpc connects grpc-go through the proxy.
func (a *attacker) grpc(host string) *grpc.ClientConn {
	a.w.t.Helper()
	connection, err := grpc.NewClient("passthrough:///"+host+":443",
		grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{RootCAs: a.roots})),
		grpc.WithContextDialer(func(_ context.Context, address string) (net.Conn, error) {
			c, code := a.connect(address)
			if code != http.StatusOK {
				return nil, fmt.Errorf("CONNECT %s: %d", address, code)
			}
			return c, c.SetDeadline(time.Time{})
		}))
	if err != nil {
		a.w.t.Fatal(err)
	}
	a.w.t.Cleanup(func() { _ = connection.Close() })
	return connection
}

type cursorRequest struct{ text string }

// cursorCodec writes the messages of chatDescriptor by hand, as a client does whose
// schema nobody else has.
type cursorCodec struct{}

func (cursorCodec) Name() string { return "proto" }

func (cursorCodec) Marshal(v any) ([]byte, error) {
	text := v.(*cursorRequest).text
	field := append(encoding.AppendUvarint([]byte{1<<3 | 2}, uint64(len(text))), text...)
	return append(encoding.AppendUvarint([]byte{2<<3 | 2}, uint64(len(field))), field...), nil
}

func (cursorCodec) Unmarshal(data []byte, v any) error {
	if len(data) == 0 {
		return nil
	}
	size, n := encoding.Uvarint(data[1:])
	if n <= 0 || int(size) != len(data)-1-n {
		return errors.New("not one string")
	}
	v.(*cursorRequest).text = string(data[1+n:])
	return nil
}

func TestGRPCGoIsRefusedInTheMiddleOfAStream(t *testing.T) {
	w := start(t, marketingPolicy)
	connection := newAttacker(w).grpc("api2.cursor.sh")
	for _, compressor := range []string{"identity", "gzip"} {
		t.Run(compressor, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			stream, err := connection.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, cursorChat, grpc.ForceCodec(cursorCodec{}), grpc.UseCompressor(compressor))
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range []string{cleanPrompt, "And shorter, please."} {
				var answer cursorRequest
				if err := errors.Join(stream.SendMsg(&cursorRequest{text}), stream.RecvMsg(&answer)); err != nil || answer.text != "heard "+text {
					t.Fatalf("%q: %v", answer.text, err)
				}
			}
			if err := stream.SendMsg(&cursorRequest{customerList(25)}); err != nil && !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			if err := stream.RecvMsg(&cursorRequest{}); status.Code(err) != codes.PermissionDenied || !strings.Contains(status.Convert(err).Message(), "Customer lists stay in the CRM") {
				t.Errorf("the stream ended with %v", err)
			}
		})
	}
	w.heard(cleanPrompt, "And shorter, please.", cleanPrompt, "And shorter, please.")
	w.blockedCall("cursor")
}

func TestGRPCurl(t *testing.T) {
	w := start(t, marketingPolicy)
	grpcurl := buildGRPCurl(t)
	ask := func(text string) (string, error) {
		return w.try(fmt.Sprintf(`{"message":{"text":%q}}`, text), grpcurl, "-cacert", w.ca, "-max-time", "50", "-d", "@", "api2.cursor.sh:443", strings.TrimPrefix(cursorAsk, "/"))
	}
	if out, err := ask(cleanPrompt); err != nil || !strings.Contains(out, "heard "+cleanPrompt) {
		t.Errorf("a clean question: %s %v", out, err)
	}
	_, err := ask(customerList(25))
	if err == nil || !strings.Contains(err.Error(), "PermissionDenied") || !strings.Contains(err.Error(), "Customer lists stay in the CRM") {
		t.Errorf("a customer list: %v", err)
	}
	w.heard(cleanPrompt)
	w.blockedCall("cursor")
}

// protocols are those of connect-go.
var protocols = []struct {
	name   string
	option connect.ClientOption
}{
	{"Connect", connect.WithClientOptions()},
	{"Connect with gzip", connect.WithSendGzip()},
	{"gRPC", connect.WithGRPC()},
	{"gRPC-web", connect.WithGRPCWeb()},
}

func denied(err error) bool {
	return connect.CodeOf(err) == connect.CodePermissionDenied && strings.Contains(err.Error(), "Customer lists stay in the CRM")
}

func TestConnectGoIsRefusedInTheMiddleOfAStream(t *testing.T) {
	for _, c := range protocols {
		t.Run(c.name, func(t *testing.T) {
			w := start(t, marketingPolicy)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			client := connect.NewClient[wrapperspb.StringValue, wrapperspb.StringValue](newAttacker(w).client(true), "https://agentn.global.api5.cursor.sh"+cursorAgent, c.option)
			stream := client.CallBidiStream(ctx)
			hear := func(want string) {
				t.Helper()
				if got, err := stream.Receive(); err != nil || got.GetValue() != want {
					t.Fatalf("heard %q: %v", got.GetValue(), err)
				}
			}
			if err := stream.Send(nil); err != nil { // only the head
				t.Fatal(err)
			}
			hear("hello")
			for _, text := range []string{cleanPrompt, "And shorter, please."} {
				if err := stream.Send(wrapperspb.String(text)); err != nil {
					t.Fatal(err)
				}
				hear("heard " + text)
			}
			if err := stream.Send(wrapperspb.String(customerList(25))); err != nil && !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			if _, err := stream.Receive(); !denied(err) {
				t.Errorf("the stream ended with %v", err)
			}
			w.heard(cleanPrompt, "And shorter, please.")
			w.blockedCall("cursor")
		})
	}
}

func TestConnectGoAsksKimiInJSON(t *testing.T) {
	for _, c := range protocols {
		for _, h2 := range []bool{true, false} {
			if !h2 && c.name == "gRPC" {
				continue // there is no gRPC over HTTP/1.1
			}
			t.Run(fmt.Sprintf("%s, HTTP/2 %t", c.name, h2), func(t *testing.T) {
				w := start(t, marketingPolicy)
				client := connect.NewClient[structpb.Struct, structpb.Struct](newAttacker(w).client(h2), "https://www.kimi.com"+kimiChat, connect.WithProtoJSON(), c.option)
				ask := func(text string) (answer string, err error) {
					request := must(structpb.NewStruct(map[string]any{"message": map[string]any{"role": "user", "blocks": []any{map[string]any{"text": map[string]any{"content": text}}}}}))
					stream, err := client.CallServerStream(t.Context(), connect.NewRequest(request))
					if err != nil {
						return "", err
					}
					for stream.Receive() {
						answer += stream.Msg().GetFields()["block"].GetStructValue().GetFields()["text"].GetStructValue().GetFields()["content"].GetStringValue()
					}
					return answer, errors.Join(stream.Err(), stream.Close())
				}
				if answer, err := ask(cleanPrompt); err != nil || answer != "Guten Tag." {
					t.Errorf("a clean question: %q %v", answer, err)
				}
				if _, err := ask(customerList(25)); !denied(err) {
					t.Errorf("a customer list: %v", err)
				}
				if heard := w.services.rpc.log.all(); len(heard) != 1 || !strings.Contains(heard[0], cleanPrompt) {
					t.Errorf("the server heard %.300q", heard)
				}
				w.blockedCall("kimi")
			})
		}
	}
}

func TestCurlAsksKimiAsItsPageDoes(t *testing.T) {
	need(t, "curl")
	w := start(t, marketingPolicy)
	for _, c := range []struct{ text, answer string }{
		{cleanPrompt, `"content":"Tag."`},
		{customerList(25), `{"error":{"code":"permission_denied","message":"Customer lists stay in the CRM`},
	} {
		message := must(structpb.NewStruct(map[string]any{"scenario": "SCENARIO_K2", "message": map[string]any{"role": "user", "blocks": []any{map[string]any{"text": map[string]any{"content": c.text}}}}}))
		text := must(message.MarshalJSON())
		body := append(encoding.BigEndian.AppendUint32([]byte{0}, uint32(len(text))), text...)
		status, _, answer := w.curl(string(body), "--data-binary", "@-", "-H", "Content-Type: application/connect+json", "-H", "Connect-Protocol-Version: 1", "https://www.kimi.com"+kimiChat)
		if status != "200" || !strings.Contains(strings.ReplaceAll(answer, `": `, `":`), c.answer) {
			t.Errorf("got %s %q", status, answer)
		}
	}
	w.blockedCall("kimi")
}
