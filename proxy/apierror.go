package proxy

import (
	"bytes"
	"encoding/json"
	"net/http"

	"daylight.internal/proxy/rpc"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// apiError tells a program that its request was blocked, in the shape in which
// its service tells errors, or its protocol tells failed calls, so that the app shows the reason to its user. Any
// shape that the catalogue does not know better is RFC 9457.
func apiError(r *http.Request, shape rules.Refusal, n notice) *http.Response {
	message, tag := line(r, n)
	if call := engine.RefusedCall(shape); call != engine.NoCall {
		return rpcAnswer(r, rpc.Protocol(call), rpc.Failure{Code: rpc.PermissionDenied, Message: message}, n.id)
	}
	body, contentType := errorBody(shape, message, n.id), "application/json; charset=utf-8"
	if body == nil {
		contentType = "application/problem+json"
		body = map[string]any{
			"type": "about:blank", "title": textIn(r, tag).Block.Title, "status": http.StatusForbidden,
			"detail": message, "instance": "urn:uuid:" + n.id,
		}
	}
	resp := newResponse(r, http.StatusForbidden, contentType, marshal(body))
	resp.Header.Set(eventHeader, n.id)
	resp.Header.Set("Content-Language", tag)
	resp.Header.Add("Vary", "Accept-Language")
	allowOrigin(r, resp.Header)
	return resp
}

// errorBody returns the error in the shape of a service, or nil for a shape
// that is not known.
func errorBody(shape rules.Refusal, message, id string) map[string]any {
	switch shape {
	case rules.RefusedOpenAI:
		return map[string]any{"error": map[string]any{
			"message": message, "type": "permission_error", "param": nil, "code": "blocked_by_policy",
		}}
	case rules.RefusedAnthropic:
		return map[string]any{
			"type": "error", "error": map[string]any{"type": "permission_error", "message": message}, "request_id": id,
		}
	case rules.RefusedGoogle:
		return map[string]any{"error": map[string]any{
			"code": http.StatusForbidden, "message": message, "status": "PERMISSION_DENIED",
			"details": []any{map[string]any{
				"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "BLOCKED_BY_POLICY",
				"domain": "daylight.internal", "metadata": map[string]string{"event_id": id},
			}},
		}}
	}
	return nil
}

// marshal writes JSON as people read it: < and & as they are. It is given only
// maps of text and numbers, which cannot fail.
func marshal(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return []byte("{}\n")
	}
	return b.Bytes()
}
