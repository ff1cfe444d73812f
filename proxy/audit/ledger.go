package audit

// Why bytes were not read: the closed list of the ledger, which stands in the
// label reason of the metrics. Coverage.Reason of an event is finer; Unread
// leads from it to one of these. docs/metrics.md says what to do about each.
const (
	UnreadPolicy         = "policy"
	UnreadBypass         = "bypass"
	UnreadPinned         = "pinned"
	UnreadNotIntercepted = "not_intercepted"
	UnreadNotTLS         = "not_tls"
	UnreadOverLimit      = "over_limit"
	UnreadUndecodable    = "undecodable"
	UnreadParser         = "parser"
	UnreadQueue          = "queue"
	UnreadDisk           = "disk"
	UnreadParts          = "parts"
	UnreadWebSocket      = "websocket"
	UnreadClientGone     = "client_gone"
	UnreadFailed         = "failed"
	// UnreadOther is what no other word covers. That it appears is a fault of Daylight.
	UnreadOther = "other"
)

// UnreadReasons returns the whole list.
func UnreadReasons() []string {
	return []string{
		UnreadPolicy, UnreadBypass, UnreadPinned, UnreadNotIntercepted, UnreadNotTLS, UnreadOverLimit, UnreadUndecodable, UnreadParser,
		UnreadQueue, UnreadDisk, UnreadParts, UnreadWebSocket, UnreadClientGone, UnreadFailed, UnreadOther,
	}
}

// Unread returns the reason of the ledger for a reason of a coverage.
func Unread(coverageReason string) string {
	switch coverageReason {
	case "policy":
		return UnreadPolicy
	case "bypass", "bank", "health", "government", "os_update":
		return UnreadBypass
	case "pinned_app", "pinned_learned":
		return UnreadPinned
	case "not_intercepted":
		return UnreadNotIntercepted
	case "not_tls":
		return UnreadNotTLS
	case "over_limit":
		return UnreadOverLimit
	case "image", "audio", "video", "pdf", "archive", "office_document", "font", "binary", "unknown_encoding", "corrupt", "incomplete", "not_grpc", "undecodable":
		return UnreadUndecodable
	case "over_depth", "over_segments", "over_ratio", "scan_budget", "internal_error":
		return UnreadParser
	case "busy":
		return UnreadQueue
	case "disk":
		return UnreadDisk
	case "parts":
		return UnreadParts
	case "websocket":
		return UnreadWebSocket
	case "client_gone", "request_body", "request_body_timeout", "unfinished":
		return UnreadClientGone
	case "failed", "panic", "refused", "dial", "handshake", "server_reset", "shutdown":
		return UnreadFailed
	default:
		return UnreadOther
	}
}

// Account says what became of the bytes that a client sent: each one was
// inspected, or was not for one reason.
type Account struct {
	Inspected, Unread int64
	Reason            string // of the list above; "" when Unread is 0
}

// Account parts Request.Bytes: Inspected and Unread add up to it exactly.
func (e *Event) Account() Account {
	sent := max(0, e.Request.Bytes)
	read := min(max(0, e.Coverage.BytesRead), sent)
	a := Account{Inspected: read, Unread: sent - read}
	if a.Unread > 0 {
		a.Reason = Unread(e.Coverage.Reason)
	}
	return a
}
