package websocket

import (
	"strconv"
	"strings"
)

// Extensions are what a server agreed to.
type Extensions struct {
	// Deflate is set when messages may be compressed (permessage-deflate).
	Deflate bool
	// ClientNoContextTakeover is set when no message of the client refers to another.
	ClientNoContextTakeover bool
	// ClientWindowBits is the base-2 logarithm of how far back the client's
	// messages refer, 8 to 15.
	ClientWindowBits int
	// Unknown is set when there is something among them that nobody here
	// understands: then no message can be read.
	Unknown bool
}

const defaultWindowBits = 15

// ParseExtensions reads the values of the Sec-WebSocket-Extensions fields of a
// server's answer, RFC 6455 9.1 and RFC 7692 7.1.
func ParseExtensions(values []string) Extensions {
	e := Extensions{ClientWindowBits: defaultWindowBits}
	for _, value := range values {
		for _, extension := range splitOutsideQuotes(value, ',') {
			parts := splitOutsideQuotes(extension, ';')
			switch name := strings.TrimSpace(parts[0]); {
			case name == "" && len(parts) == 1: // an empty element of a list
			case strings.EqualFold(name, "permessage-deflate") && !e.Deflate:
				e.Deflate = true
				e.Unknown = !e.parameters(parts[1:]) || e.Unknown
			default:
				e.Unknown = true
			}
		}
	}
	return e
}

// parameters reads those of permessage-deflate; false when one is not of the
// standard or comes twice.
func (e *Extensions) parameters(parts []string) bool {
	seen := map[string]bool{}
	for _, part := range parts {
		name, value, given := strings.Cut(part, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		value = strings.Trim(strings.TrimSpace(value), `"`)
		if seen[name] {
			return false
		}
		seen[name] = true
		switch name {
		case "client_no_context_takeover":
			e.ClientNoContextTakeover = true
			if given {
				return false
			}
		case "server_no_context_takeover":
			if given {
				return false
			}
		case "client_max_window_bits", "server_max_window_bits":
			bits, err := strconv.Atoi(value)
			if err != nil || bits < 8 || bits > defaultWindowBits {
				return false
			}
			if name == "client_max_window_bits" {
				e.ClientWindowBits = bits
			}
		default:
			return false
		}
	}
	return true
}

func splitOutsideQuotes(text string, separator byte) []string {
	var parts []string
	start, quoted := 0, false
	for i := range len(text) {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == separator && !quoted:
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}
