package rpc

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Failure is the end of a call that failed.
type Failure struct {
	Code Code
	// Message is for people; it is cut where it would be too long for a header.
	Message string
}

// maxMessage bytes of a message are sent at most: in gRPC it is a header, encoded to up
// to three times its length, and some clients take no more than 8 KiB of those.
const maxMessage = 2 << 10

// Answer is a failure in place of a response.
type Answer struct {
	Status int
	Type   string      // media type
	Header http.Header // besides; nil for none
	Body   []byte
}

// Answer tells the failure to the client of a request, when nothing of a
// response was sent yet. p is the protocol of the request, not None.
func (p Protocol) Answer(r *http.Request, f Failure) Answer {
	a := Answer{Status: http.StatusOK, Type: p.answerType(r)}
	if p == ConnectUnary {
		_, a.Status = f.Code.connect()
		a.Body = f.json()
		return a
	}
	a.Header, a.Body = p.Ending(f)
	return a
}

// Ending tells the failure behind a response that has begun, at the border of an
// envelope: by trailers, or by bytes that end the body. It is not for ConnectUnary.
func (p Protocol) Ending(f Failure) (trailer http.Header, body []byte) {
	status, message := strconv.Itoa(int(f.Code)), percentEncode(cut(f.Message))
	switch p {
	case GRPC:
		return http.Header{"Grpc-Status": {status}, "Grpc-Message": {message}}, nil
	case ConnectStream:
		return nil, envelope(endStream, []byte(`{"error":`+string(f.json())+`}`))
	}
	body = envelope(trailers, fmt.Appendf(nil, "grpc-status: %s\r\ngrpc-message: %s\r\n", status, message))
	if p == GRPCWebText {
		body = []byte(base64.StdEncoding.EncodeToString(body))
	}
	return nil, body
}

// json is the error of Connect.
func (f Failure) json() []byte {
	name, _ := f.Code.connect()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(map[string]string{"code": name, "message": cut(f.Message)}); err != nil {
		return []byte("{}") // text cannot fail
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// cut shortens a message at the border of a character.
func cut(message string) string {
	if len(message) <= maxMessage {
		return message
	}
	end := maxMessage
	for end > 0 && !utf8.RuneStart(message[end]) {
		end--
	}
	return message[:end] + "…"
}

// percentEncode writes what is not printable ASCII, and the percent sign, as %XX.
func percentEncode(message string) string {
	var b strings.Builder
	for i := range len(message) {
		if c := message[i]; c < ' ' || c > '~' || c == '%' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
