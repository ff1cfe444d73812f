package proxy

import (
	"bytes"
	"encoding/json"

	"daylight.internal/proxy/websocket"
	"daylight.internal/rules/engine"
)

const (
	// signalRRecords of a message at most are answered.
	signalRRecords = 64
	// echoedID bytes at most may an identifier of the client's have that is given back.
	echoedID = 256
)

// refuse keeps a message from the server and tells the client in words of its
// protocol. text is what was read of it. Without such words the connection ends.
func (m *socketMessage) refuse(s *socketReader, text []byte) error {
	x := m.exchange
	x.blocked = true
	m.route = refused
	s.rewrites = s.rewrites || m.compressed() && s.text.inflater.Refers()
	if err := s.onward.flush(); err != nil {
		return err
	}
	message, _ := line(s.asked, x.notice())
	var answer []byte
	switch x.plan.MessageError() {
	case engine.SignalRError:
		answer = signalRError(text, message)
	case engine.RealtimeError:
		answer = realtimeError(text, message, x.id)
	}
	if answer != nil {
		frame := websocket.AppendFrame(nil, websocket.Header{Final: true, Opcode: websocket.Text}, answer)
		if s.link.insert(frame) == nil {
			return nil
		}
	}
	s.closeBlocked(x)
	return nil
}

// closeBlocked ends a connection in which a message was blocked.
func (s *socketReader) closeBlocked(x *exchange) {
	s.closing = true
	s.link.closeBoth(websocket.StatusPolicyViolation, shortLine(s.asked, x.notice(), websocket.MaxReason))
}

// signalRError completes each invocation of the message with the error; nil when
// none waits for an answer.
func signalRError(text []byte, message string) []byte {
	var answer []byte
	records := bytes.SplitN(text, []byte{0x1e}, signalRRecords+1)
	for _, record := range records[:min(len(records), signalRRecords)] {
		var invocation struct {
			Type int    `json:"type"`
			ID   string `json:"invocationId"`
		}
		// Invocations have type 1, those that are answered by a stream type 4.
		if json.Unmarshal(record, &invocation) != nil || invocation.Type != 1 && invocation.Type != 4 ||
			invocation.ID == "" || len(invocation.ID) > echoedID {
			continue
		}
		completion := marshal(map[string]any{"type": 3, "invocationId": invocation.ID, "error": message})
		answer = append(append(answer, bytes.TrimSpace(completion)...), 0x1e)
	}
	return answer
}

// realtimeError is the error event for the client's event.
func realtimeError(text []byte, message, id string) []byte {
	var event struct {
		ID string `json:"event_id"`
	}
	detail := map[string]any{"type": "invalid_request_error", "code": "blocked_by_policy", "message": message, "param": nil, "event_id": nil}
	if json.Unmarshal(text, &event) == nil && event.ID != "" && len(event.ID) <= echoedID {
		detail["event_id"] = event.ID
	}
	return bytes.TrimSpace(marshal(map[string]any{"type": "error", "event_id": "event_" + id, "error": detail}))
}
