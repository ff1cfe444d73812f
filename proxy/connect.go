package proxy

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// connect takes a CONNECT. goproxy dispatches it: it asks admit, and hands the connection
// to an opening.
func (p *Proxy) connect(w http.ResponseWriter, r *http.Request, client rules.Client) {
	host, port, err := splitAuthority(r.RequestURI, 0)
	if err != nil || r.Host != r.RequestURI {
		p.answer(w, r, http.StatusBadRequest, "authority")
		return
	}
	o := &opening{p: p, request: r, client: client, host: host, port: port, opened: time.Now(), authorityHost: host, via: r.Header["Via"]}
	p.hooks.ServeHTTP(&connectWriter{w, p.limits.HeaderTimeout}, r.WithContext(context.WithValue(r.Context(), openingKey{}, o)))
}

type openingKey struct{}

// admit decides on the authority of a CONNECT. It returns the answer to one that is
// refused, or nil.
func (p *Proxy) admit(o *opening) *http.Response {
	if isOwnName(o.host) && o.host != ownHost {
		p.counters.RequestRefused("own_name")
		told := refusalOf(o.request, http.StatusNotFound, "own_name")
		told.client = o.client
		resp := failurePage(o.request, told.status, told.reason, p.inspector.refused(told))
		resp.Close = true
		return resp
	}
	o.judged = p.inspector.tunnel(o.client)
	if o.host == ownHost {
		o.decision = engine.Intercept
		return nil
	}
	o.decision, o.unread = o.judged.decision(o.host, "", o.port)
	if o.decision != engine.Refuse {
		return nil
	}
	id := audit.NewID(o.opened)
	o.judged.closed(o.tunnelInfo(), tunnelReport{ID: id, Reason: "refused", Duration: time.Since(o.opened)})
	resp := failurePage(o.request, http.StatusForbidden, "refused", id)
	resp.Close = true
	return resp
}

// connectWriter makes Hijack safe: goproxy drops the reader that Hijack returns, and
// with it what the client sent right behind its CONNECT; and it writes
// without a deadline.
type connectWriter struct {
	http.ResponseWriter
	timeout time.Duration
}

func (w *connectWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, fmt.Errorf("taking over the connection: %w", err)
	}
	if err := conn.SetWriteDeadline(time.Now().Add(w.timeout)); err != nil {
		conn.Close()
		return nil, nil, fmt.Errorf("taking over the connection: %w", err)
	}
	if clear, ok := conn.(*clearConn); ok {
		conn = clear.Conn // what comes is followed when it is known what it is
	}
	ahead, _ := rw.Reader.Peek(rw.Reader.Buffered())
	return &replayConn{Conn: conn, ahead: append([]byte(nil), ahead...)}, rw, nil
}
