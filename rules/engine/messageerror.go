package engine

import (
	"slices"

	"daylight.internal/rules/catalog"
)

// MessageError is the way in which the client of a WebSocket is told of an error
// without its connection being closed.
type MessageError uint8

// The ways. The zero value is none: the connection is closed with the reason.
const (
	NoMessageError MessageError = iota
	// SignalRError is the completion of an invocation with an error, in a record
	// that ends with 0x1e.
	// Source: https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md
	SignalRError
	// RealtimeError is the "error" event of OpenAI's Realtime API.
	// Source: https://platform.openai.com/docs/api-reference/realtime-server-events/error
	RealtimeError
)

// signalRSeparator ends each record of SignalR's JSON protocol.
const signalRSeparator = "\x1e"

// MessageError returns what the catalogue knows of the operation.
func (p *Plan) MessageError() MessageError {
	isSignalR := func(l catalog.Locator) bool { return l.Carrier == catalog.Frame && l.Separator == signalRSeparator }
	switch {
	case p.operation != nil && slices.ContainsFunc(p.operation.Text, isSignalR):
		return SignalRError
	case p.Service != nil && p.Service.ErrorShape == catalog.OpenAIError:
		return RealtimeError
	}
	return NoMessageError
}
