package main

import (
	"cmp"
	"encoding/binary"
	"net/http"
	"net/url"
)

// grpcType is the media type of gRPC calls.
const grpcType = "application/grpc"

// grpcMessage is a call with one message whose second field is a text.
// Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
func grpcMessage(url, text string) message {
	const field2 = 2<<3 | 2 // length-delimited
	field := binary.AppendUvarint([]byte{field2}, uint64(len(text)))
	field = append(field, text...)
	envelope := binary.BigEndian.AppendUint32([]byte{0}, uint32(len(field))) // not compressed
	return message{http.MethodPost, url, grpcType, append(envelope, field...)}
}

// callError returns the message of a call that failed; "" when it did not. It
// stands behind the answer, or in its head when there is nothing else.
func callError(resp *http.Response) string {
	get := func(name string) string { return cmp.Or(resp.Trailer.Get(name), resp.Header.Get(name)) }
	if get("Grpc-Status") == "0" {
		return ""
	}
	text, err := url.PathUnescape(get("Grpc-Message"))
	if err != nil {
		return ""
	}
	return text
}

// answerCall answers a call with an empty message.
func answerCall(w http.ResponseWriter) {
	w.Header().Set("Content-Type", grpcType)
	_, _ = w.Write(make([]byte, 5)) // the client may be gone
	w.Header().Set(http.TrailerPrefix+"Grpc-Status", "0")
}
