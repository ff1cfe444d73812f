package proxy

import (
	"io"
	"maps"
	"net/http"

	"daylight.internal/proxy/rpc"
)

// rpcAnswer is an answer of our own to a call.
func rpcAnswer(r *http.Request, p rpc.Protocol, f rpc.Failure, id string) *http.Response {
	a := p.Answer(r, f)
	resp := newResponse(r, a.Status, a.Type, a.Body)
	maps.Copy(resp.Header, a.Header)
	if id != "" {
		resp.Header.Set(eventHeader, id)
	}
	allowOrigin(r, resp.Header)
	return resp
}

// guard makes resp one that ends as the stop says, whenever that comes: by the
// failure of the call, behind the last whole message of the server.
func (g *messageGate) guard(resp *http.Response) {
	if g.settled.Load() || resp.StatusCode != http.StatusOK || resp.Header["Grpc-Status"] != nil ||
		rpc.OfMediaType(resp.Header.Get("Content-Type")) != g.protocol {
		return
	}
	resp.Header.Del("Content-Length") // the end may be another
	resp.ContentLength = -1
	resp.Body = &stoppableBody{ReadCloser: resp.Body, gate: g, resp: resp}
}

// stoppableBody is the response to a stream of messages. As long as the stream may
// still be stopped it gives whole envelopes only, so that the end can stand behind
// one. An envelope that is larger than the reader's buffer is given in pieces.
type stoppableBody struct {
	io.ReadCloser
	gate    *messageGate
	resp    *http.Response
	borders rpc.Borders
	tail    []byte // of an envelope that has not come to its end
	torn    bool   // a part of that envelope was given
	ending  []byte
	err     error
}

// Read implements io.Reader.
func (b *stoppableBody) Read(p []byte) (int, error) {
	for b.err == nil && len(p) > 0 {
		kept := copy(p, b.tail)
		b.tail = b.tail[:copy(b.tail, b.tail[kept:])]
		if kept == len(p) {
			b.torn = true
			return kept, nil
		}
		n, err := b.ReadCloser.Read(p[kept:])
		border := b.borders.Follow(p[kept : kept+n])
		if border >= 0 {
			border, b.torn = border+kept, false
		}
		if n = b.give(p[:kept+n], border, err); n > 0 {
			return n, nil
		}
	}
	n := copy(p, b.ending)
	b.ending = b.ending[n:]
	if n > 0 || len(p) == 0 {
		return n, nil
	}
	return 0, b.err
}

// give returns how much of p goes to the client, and keeps what may go later. border is the end of
// the last whole envelope in p, or -1; err is how the server's response ended, or nil.
func (b *stoppableBody) give(p []byte, border int, err error) int {
	stop := b.gate.stopped.Load()
	end := len(p)
	switch {
	case err != nil && stop != nil:
		b.stop(stop, err)
	case err != nil:
		b.err = err
		return end
	case b.gate.settled.Load():
		return end
	}
	if !b.torn {
		end = max(border, 0)
	}
	b.tail = append(b.tail, p[end:]...)
	return end
}

// stop ends the response by the failure of the call.
func (b *stoppableBody) stop(stop *stop, err error) {
	if b.err = err; b.torn && stop.protocol != rpc.GRPC {
		return // nothing can stand behind a piece of a message
	}
	b.resp.Trailer, b.ending = stop.protocol.Ending(stop.failure)
	b.err = io.EOF
}
