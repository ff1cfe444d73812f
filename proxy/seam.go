package proxy

import (
	"context"
	"io"
	"net/http"
	"net/netip"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// tunnelInfo is what is known of a CONNECT. It is complete before the first
// inner request and never changed afterwards; every inner request shares it.
type tunnelInfo struct {
	Client    rules.Client
	Authority string // host:port that is dialled; after a CONNECT to an address, the name of the SNI
	Host      string // the host part of Authority, lower case
	Port      uint16
	// ConnectHost is the host that the client wrote in its CONNECT.
	ConnectHost string
	SNI         string
	ALPN        string
	Opened      time.Time
	via         []string // the Via field of the CONNECT
}

// inspector is what the carrying part of the proxy asks of the judging part.
// Its methods recover from their own panics.
type inspector interface {
	// tunnel begins a CONNECT.
	tunnel(client rules.Client) tunneler
	// exchange begins an exchange. t is nil for plain HTTP.
	exchange(r *http.Request, client rules.Client, t *tunnelInfo) exchanger
	// refused is told of a request that is answered in place of an exchange, and returns
	// the id of the event that tells of it; "" when none does.
	refused(r refusal) (id string)
}

// tunneler sees one CONNECT through, by one policy from its beginning to its end.
type tunneler interface {
	// decision is asked for at the CONNECT, and again when the SNI names another
	// host than the CONNECT did. The answer is ready at once. unread says why a
	// tunnel is not intercepted, for its report; "" when it is.
	decision(connectHost, sni string, port uint16) (d engine.TunnelDecision, unread string)
	// watch returns what is shown the sizes and times of a tunnel that is not
	// opened for the reason; nil when nobody wants to see them.
	watch(reason string) *tunnelWatch
	// bypass tells, when the name in the ClientHello is known, why a tunnel that is to
	// be intercepted is relayed after all: its clients reject our certificate. "" when not.
	bypass(t *tunnelInfo) (unread string)
	// accepted is told once for each intercepted connection in which a request came.
	accepted(t *tunnelInfo)
	// unused is told of an intercepted connection that the client closed right behind
	// the handshake.
	unused(t *tunnelInfo)
	// closed is told once for each tunnel that was not intercepted, also for one
	// that was refused or never connected.
	closed(t *tunnelInfo, report tunnelReport)
}

// exchanger sees one exchange through. The calls come in this order; finish
// comes always, and once.
type exchanger interface {
	// request judges and returns an answer to give in place of the server, or
	// nil to go on. It may replace r.Body. While it holds the body it blocks.
	request(r *http.Request) *http.Response
	// response sees what the server answered, or err when it did not, and
	// returns what the client gets: never nil. It may wrap the body.
	response(r *http.Request, resp *http.Response, err error) *http.Response
	// websocket is called when the server agreed to a WebSocket, after response.
	// What it returns takes the client's stream and passes it on over the link; nil:
	// the stream goes on unread.
	websocket(r *http.Request, resp *http.Response, l websocketLink) clientStream
	// upgraded is called in place of the end of the response when the exchange became
	// a two-way relay; it is told the bytes at the end, and a bounded word for what went wrong.
	upgraded(protocol string, sent, received int64, trouble string)
	// finish ends the exchange and writes its event. recovered is the value of a
	// panic, or nil. A body that request put in place may still be read then, by
	// the transport's goroutine, when the server answered before it had read all.
	finish(recovered any)
}

// clientStream takes what the client of a WebSocket sends, in order and in chunks
// as they come. After an error of Write the connection ends.
type clientStream interface {
	io.Writer
	// received is shown what the server sends, before it goes on.
	received(b []byte)
	// end is called once, when nothing more comes.
	end()
}

// websocketLink is the connection of a WebSocket as its clientStream sees it. The
// stream that is written to it consists of whole frames when a method is called.
type websocketLink interface {
	io.Writer // to the server
	// insert puts a whole message to the client between two of the server's. When
	// there is no place for it soon there is an error.
	insert(frame []byte) error
	// closeBoth closes the connection: the client is told code and reason (RFC 6455
	// 7.4; cut to 123 bytes), and all ends soon, whatever the two sides do.
	closeBoth(code uint16, reason string)
	// context ends with the connection.
	context() context.Context
}

// tunnelReport is the end of a tunnel that was relayed unread.
type tunnelReport struct {
	ID             string         // of the event, when the client was told; "": any
	Reason         string         // why it was not read: what tunnel said, or "not_tls", "refused", "dial", …
	Sent, Received int64          // bytes from and to the client
	Address        netip.AddrPort // that was dialled; zero when none was
	Err            string         // a bounded word, "" when it ended well
	Duration       time.Duration
	rejected       bool         // the client did not take our certificate
	watch          *tunnelWatch // what was shown of it, or nil
}
