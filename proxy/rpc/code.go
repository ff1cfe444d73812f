package rpc

import "net/http"

// Code is the status of a call, as a number of gRPC.
// Source: https://github.com/grpc/grpc/blob/master/doc/statuscodes.md
type Code uint8

// The codes that a proxy has a use for.
const (
	Canceled         Code = 1
	InvalidArgument  Code = 3
	DeadlineExceeded Code = 4
	PermissionDenied Code = 7

	ResourceExhausted Code = 8

	Internal    Code = 13
	Unavailable Code = 14
)

// CodeOf returns the code for a failure that HTTP would tell by a status.
func CodeOf(status int) Code {
	switch status {
	case http.StatusForbidden, http.StatusMisdirectedRequest:
		return PermissionDenied
	case http.StatusBadGateway, http.StatusServiceUnavailable:
		return Unavailable
	case http.StatusGatewayTimeout, http.StatusRequestTimeout:
		return DeadlineExceeded
	case 499: // the client has left
		return Canceled
	case http.StatusBadRequest:
		return InvalidArgument
	case http.StatusRequestEntityTooLarge:
		return ResourceExhausted
	}
	return Internal
}

// Name returns the name of the code in lower case.
func (c Code) Name() string {
	name, _ := c.connect()
	return name
}

// connect returns the name and the HTTP status that Connect gives the code.
func (c Code) connect() (name string, status int) {
	switch c {
	case Canceled:
		return "canceled", 499
	case InvalidArgument:
		return "invalid_argument", http.StatusBadRequest
	case DeadlineExceeded:
		return "deadline_exceeded", http.StatusGatewayTimeout
	case PermissionDenied:
		return "permission_denied", http.StatusForbidden
	case ResourceExhausted:
		return "resource_exhausted", http.StatusTooManyRequests
	case Unavailable:
		return "unavailable", http.StatusServiceUnavailable
	}
	return "internal", http.StatusInternalServerError
}
