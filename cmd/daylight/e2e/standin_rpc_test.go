package e2e_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/grpc"
	"google.golang.org/grpc/reflection"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// rpc is the stand-in of services that speak gRPC, gRPC-web and Connect. What it
// answers is what it was told, so that tests see what arrived.
type rpc struct {
	mux  *http.ServeMux
	grpc *grpc.Server
	log  *received
}

// received are the texts that reached the handlers, in order.
type received struct {
	mu    sync.Mutex
	texts []string
}

func (r *received) add(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.texts = append(r.texts, text)
}

// The procedures, under the names that the catalogue knows.
const (
	cursorChat  = "/aiserver.v1.ChatService/StreamUnifiedChatWithTools" // grpc-go, with reflection
	cursorAsk   = "/aiserver.v1.ChatService/Ask"                        // the same, unary
	cursorAgent = "/agent.v1.AgentService/Run"                          // connect-go, both ways at once
	kimiChat    = "/apiv2/kimi.gateway.chat.v1.ChatService/Chat"        // connect-go, a stream of answers
)

func newRPC(t *testing.T) *rpc {
	t.Helper()
	r := &rpc{mux: http.NewServeMux(), grpc: grpc.NewServer(), log: &received{}}
	r.registerCursor(chatDescriptor(t))
	t.Cleanup(r.grpc.Stop)
	r.mux.Handle(cursorAgent, connect.NewBidiStreamHandler(cursorAgent, r.run))
	r.mux.Handle(kimiChat, connect.NewServerStreamHandler(strings.TrimPrefix(kimiChat, "/apiv2"), r.chat))
	return r
}

func (r *rpc) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if strings.HasPrefix(request.URL.Path, "/aiserver.v1.") || strings.HasPrefix(request.URL.Path, "/grpc.reflection.") {
		r.grpc.ServeHTTP(w, request)
		return
	}
	r.mux.ServeHTTP(w, request)
}

// run greets before it hears anything, then answers each message.
func (r *rpc) run(_ context.Context, stream *connect.BidiStream[wrapperspb.StringValue, wrapperspb.StringValue]) error {
	if err := stream.Send(wrapperspb.String("hello")); err != nil {
		return err
	}
	for {
		message, err := stream.Receive()
		if err != nil {
			return nil // the client has said all
		}
		r.log.add(message.GetValue())
		if err := stream.Send(wrapperspb.String("heard " + message.GetValue())); err != nil {
			return err
		}
	}
}

// chat answers as Kimi does, in pieces.
func (r *rpc) chat(_ context.Context, request *connect.Request[structpb.Struct], stream *connect.ServerStream[structpb.Struct]) error {
	text, err := request.Msg.MarshalJSON()
	if err != nil {
		return err
	}
	r.log.add(string(text))
	for _, word := range []string{"Guten ", "Tag."} {
		answer, err := structpb.NewStruct(map[string]any{"block": map[string]any{"text": map[string]any{"content": word}}})
		if err != nil {
			return err
		}
		if err := stream.Send(answer); err != nil {
			return err
		}
	}
	return nil
}

// chatDescriptor is a service like Cursor's, whose schema is not public.
func chatDescriptor(t *testing.T) protoreflect.FileDescriptor {
	t.Helper()
	text := &descriptorpb.FieldDescriptorProto{
		Name: proto.String("text"), Number: proto.Int32(1), JsonName: proto.String("text"),
		Type: descriptorpb.FieldDescriptorProto_TYPE_STRING.Enum(), Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
	}
	nested := &descriptorpb.FieldDescriptorProto{
		Name: proto.String("message"), Number: proto.Int32(2), JsonName: proto.String("message"), TypeName: proto.String(".aiserver.v1.Message"),
		Type: descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(), Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
	}
	method := func(name string, streams bool) *descriptorpb.MethodDescriptorProto {
		return &descriptorpb.MethodDescriptorProto{Name: &name, InputType: proto.String(".aiserver.v1.Request"), OutputType: proto.String(".aiserver.v1.Message"),
			ClientStreaming: &streams, ServerStreaming: &streams}
	}
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("aiserver.proto"), Package: proto.String("aiserver.v1"), Syntax: proto.String("proto3"),
		MessageType: []*descriptorpb.DescriptorProto{
			{Name: proto.String("Message"), Field: []*descriptorpb.FieldDescriptorProto{text}},
			{Name: proto.String("Request"), Field: []*descriptorpb.FieldDescriptorProto{nested}},
		},
		Service: []*descriptorpb.ServiceDescriptorProto{{Name: proto.String("ChatService"),
			Method: []*descriptorpb.MethodDescriptorProto{method("StreamUnifiedChatWithTools", true), method("Ask", false)}}},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// registerCursor serves the described service, and says to clients what it is.
func (r *rpc) registerCursor(file protoreflect.FileDescriptor) {
	messages := file.Messages()
	take := func(decode func(any) error) (proto.Message, error) {
		request := dynamicpb.NewMessage(messages.ByName("Request"))
		if err := decode(request); err != nil {
			return nil, err
		}
		message := request.Get(request.Descriptor().Fields().ByName("message")).Message()
		text := message.Get(message.Descriptor().Fields().ByName("text")).String()
		r.log.add(text)
		answer := dynamicpb.NewMessage(messages.ByName("Message"))
		answer.Set(answer.Descriptor().Fields().ByName("text"), protoreflect.ValueOfString("heard "+text))
		return answer, nil
	}
	r.grpc.RegisterService(&grpc.ServiceDesc{
		ServiceName: "aiserver.v1.ChatService", HandlerType: (*any)(nil), Metadata: file.Path(),
		Methods: []grpc.MethodDesc{{MethodName: "Ask", Handler: func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			return take(decode)
		}}},
		Streams: []grpc.StreamDesc{{StreamName: "StreamUnifiedChatWithTools", ServerStreams: true, ClientStreams: true, Handler: func(_ any, stream grpc.ServerStream) error {
			for {
				answer, err := take(stream.RecvMsg)
				if err != nil {
					return nil // the client has said all
				}
				if err := stream.SendMsg(answer); err != nil {
					return err
				}
			}
		}}},
	}, nil)
	files := &protoregistry.Files{}
	if err := files.RegisterFile(file); err != nil {
		panic(err) // an empty registry takes any file
	}
	reflectionv1.RegisterServerReflectionServer(r.grpc, reflection.NewServerV1(reflection.ServerOptions{Services: r.grpc, DescriptorResolver: files}))
}
