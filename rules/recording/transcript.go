package recording

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"

	"daylight.internal/rules/engine"
)

// Transcript reads a transcript of a WebSocket: the head of the request that
// opened it, an empty line, and the messages, each on a line of its own.
//
//	GET wss://copilot.microsoft.com/c/api/chat HTTP/1.1
//	Cookie: …
//
//	# a comment
//	> {"event":"send","content":[{"type":"text","text":"Hello"}]}
//	< {"event":"done"}
//	> base64:AAEC
//	> quoted:"{\"type\":6}\u001e"
//
// A line with > is a message of the client, one with < of the server, which is
// not judged. What follows the sign and a blank is the text of the message. With
// base64: in front it is a binary message; with quoted: a text as a JSON string,
// for what does not stand on one line; with text: whatever follows, for a text that
// begins with one of these words. The address alone may stand for the first line.
// name is for errors.
func Transcript(name string, data []byte) (Exchange, error) {
	var x Exchange
	if len(data) > MaxFileBytes {
		return x, tooLarge(name)
	}
	m := &message{name: name, data: bytes.TrimPrefix(data, []byte("\ufeff"))}
	u, header, err := m.socketHead()
	if err != nil {
		return x, err
	}
	u.Scheme = strings.Replace(u.Scheme, "http", "ws", 1)
	x.Name = describe("GET", u)
	if x.Request, err = NewRequest("GET", u, header); err != nil {
		return x, m.fault(0, "", "%v", err)
	}
	return x, m.messages(&x)
}

// socketHead reads the address and the fields of the request.
func (m *message) socketHead() (u *url.URL, header map[string][]string, err error) {
	first, _, _ := bytes.Cut(m.data, []byte{'\n'})
	line := strings.TrimSpace(string(first[:min(len(first), 8<<10)]))
	if !strings.HasPrefix(line, "ws://") && !strings.HasPrefix(line, "wss://") {
		u, method, header, err := m.requestHead()
		if err == nil && method != "GET" {
			err = m.fault(0, "", "a WebSocket is opened by GET")
		}
		return u, header, err
	}
	if u, err = url.Parse(line); err != nil {
		return nil, nil, m.fault(0, "write it as wss://host/path", "the address of the WebSocket cannot be read")
	}
	m.line()
	header, err = m.fields()
	return u, header, err
}

func (m *message) messages(x *Exchange) error {
	for m.at < len(m.data) {
		start := m.at
		line, _ := m.line()
		switch {
		case line == "" || line[0] == '#' || line[0] == '<':
			continue
		case line[0] != '>':
			return m.fault(start, "a line begins with >, < or #; a text of several lines is written as quoted:\"…\\n…\"", "this is no message")
		case len(x.Messages) == maxMessages:
			return m.fault(start, "", "the transcript has more than %d messages", maxMessages)
		}
		b, fault := readMessage(strings.TrimPrefix(line[1:], " "))
		if fault != "" {
			return m.fault(start, "", "%s", fault)
		}
		x.Messages = append(x.Messages, b)
	}
	return nil
}

// readMessage reads what follows the sign of a message.
func readMessage(value string) (b engine.Body, fault string) {
	b.Frame = engine.TextFrame
	kind, rest, _ := strings.Cut(value, ":")
	switch kind {
	case "base64":
		data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest))
		if err != nil {
			return b, "the message is not base64"
		}
		b.Bytes, b.Frame = data, engine.BinaryFrame
	case "quoted":
		var text string
		if err := json.Unmarshal([]byte(rest), &text); err != nil {
			return b, "the message is not a JSON string"
		}
		b.Bytes = []byte(text)
	case "text":
		b.Bytes = []byte(rest)
	default:
		b.Bytes = []byte(value)
	}
	b.Total = int64(len(b.Bytes))
	return b, ""
}
