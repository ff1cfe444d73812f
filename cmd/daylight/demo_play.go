package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
)

// userHeader names the person of a scene, as a load balancer would that has
// signed them in.
const userHeader = "X-Demo-User"

// eventTap hands events to the demo. It is a sink, and like every sink it never blocks.
type eventTap chan audit.Event

func (t eventTap) Record(e audit.Event) {
	select {
	case t <- e:
	default:
	}
}

// result is what came of a scene.
type result struct {
	status  int
	body    []byte
	told    string // why it was refused, as a program reads it in the answer; "" when it does not say
	then    string // what came next, when that says more; "" when it does not
	chunks  []chunk
	arrived int64 // bytes of the request body that reached the service
	event   audit.Event
}

// chunk is a piece of an answer and when it came, from the start of the request.
type chunk struct {
	after time.Duration
	text  string
}

// player sends the requests of scenes through the proxy.
type player struct {
	proxy   *url.URL
	roots   *x509.CertPool
	events  eventTap
	standIn *standIn
}

// sender sends the message of a scene in its protocol, and reads the answer.
type sender func(*player, context.Context, *scene) (*result, error)

// play sends the message of a scene and waits for its event.
func (p *player) play(ctx context.Context, s *scene) (*result, error) {
	send := s.send
	if send == nil {
		send = (*player).send
	}
	limited, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	out, err := send(p, limited, s)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(s.message.url)
	if err != nil {
		return nil, fmt.Errorf("reading the scene: %w", err)
	}
	out.event, err = p.awaitEvent(ctx, u.Hostname(), int64(len(s.message.body)))
	return out, err
}

// send sends a scene that is one request.
func (p *player) send(ctx context.Context, s *scene) (*result, error) {
	before, started := p.standIn.received.Load(), time.Now()
	resp, done, err := p.exchange(ctx, s, s.message)
	if err != nil {
		return nil, err
	}
	defer done()
	out := &result{status: resp.StatusCode}
	if err := out.read(resp.Body, started); err != nil {
		return nil, err
	}
	out.arrived, out.told = p.standIn.received.Load()-before, answerText(out.body)
	return out, nil
}

// exchange sends a request as the person of the scene. The caller reads the answer, then calls done.
func (p *player) exchange(ctx context.Context, s *scene, m message) (resp *http.Response, done func(), err error) {
	r, err := http.NewRequestWithContext(ctx, m.method, m.url, bytes.NewReader(m.body))
	if err != nil {
		return nil, nil, fmt.Errorf("making the request: %w", err)
	}
	r.Header.Set("Content-Type", m.mediaType)
	if s.language != "" {
		r.Header.Set("Accept-Language", s.language)
	}
	transport := &http.Transport{
		Proxy:              http.ProxyURL(p.proxy),
		ProxyConnectHeader: http.Header{userHeader: {s.user}},
		TLSClientConfig:    &tls.Config{RootCAs: p.roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:  true,
	}
	resp, err = (&http.Client{Transport: transport}).Do(r)
	if err != nil {
		return nil, nil, fmt.Errorf("sending the request: %w", err)
	}
	return resp, func() { resp.Body.Close(); transport.CloseIdleConnections() }, nil
}

func (r *result) read(body io.Reader, started time.Time) error {
	buffer := make([]byte, 32<<10)
	for len(r.body) < 16<<20 {
		n, err := body.Read(buffer)
		if n > 0 {
			r.body = append(r.body, buffer[:n]...)
			r.chunks = append(r.chunks, chunk{time.Since(started), string(buffer[:n])})
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the answer: %w", err)
		}
	}
	return errors.New("reading the answer: it does not end")
}

// awaitEvent finds the event of a message among those of everything that goes with it, by its size.
func (p *player) awaitEvent(ctx context.Context, host string, size int64) (audit.Event, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		select {
		case e := <-p.events:
			if e.Kind == audit.KindExchange && e.Destination.Host == host && e.Request.Bytes == size {
				return e, nil
			}
		case <-ctx.Done():
			return audit.Event{}, fmt.Errorf("no event tells of the exchange with %s", host)
		}
	}
}

// differences compares what came of a scene with what must.
func (s *scene) differences(r *result) []string {
	var out []string
	differ := func(what string, got, want any) {
		if got != want {
			out = append(out, fmt.Sprintf("%s is %v, expected %v", what, got, want))
		}
	}
	e := &r.event
	arrived := int64(len(s.message.body))
	if s.expect.action == rules.Block {
		arrived = 0
	}
	differ("the status code", r.status, s.statusCode())
	differ("the client is told why", r.told != "", s.expect.action == rules.Block)
	differ("the bytes that reached the service", r.arrived, arrived)
	differ("the service", e.Service.ID, s.expect.service)
	differ("its status", e.Service.Status, s.expect.status)
	differ("the action", e.Verdict.Action, s.expect.action)
	differ("enforced", e.Verdict.Enforced, true)
	differ("the rule", e.Verdict.Rule, s.expect.rule)
	differ("the number of people", e.People, s.expect.people)
	differ("what was not read", e.Coverage.Reason, s.unread())
	if e.Upload != nil || s.expect.file != "" {
		differ("the name of the file", uploaded(e), s.expect.file)
	}
	if s.expect.streams {
		differ("the answer came bit by bit", r.spread() >= time.Duration(len(streamWords())-1)*streamGap/2, true)
	}
	return out
}

// statusCode is the one of the answer. What came over a WebSocket or by gRPC is refused inside of it.
func (s *scene) statusCode() int {
	switch {
	case strings.HasPrefix(s.message.url, "wss:"):
		return http.StatusSwitchingProtocols
	case s.expect.action == rules.Block && s.message.mediaType != grpcType:
		return http.StatusForbidden
	}
	return http.StatusOK
}

// unread is why the content was not read; what the policy allows is not even looked at.
func (s *scene) unread() string {
	if s.expect.action == rules.Allow {
		return "policy"
	}
	return s.expect.unread
}

// uploaded returns the name of a file that went to another host than its service's; "" when none did.
func uploaded(e *audit.Event) string {
	if e.Upload == nil {
		return ""
	}
	return e.Upload.Filename
}

// spread is the time between the first and the last piece of the answer.
func (r *result) spread() time.Duration {
	if len(r.chunks) == 0 {
		return 0
	}
	return r.chunks[len(r.chunks)-1].after - r.chunks[0].after
}

// streamed returns the words of an answer that came as events, with their times.
func (r *result) streamed() []chunk {
	var out []chunk
	for _, c := range r.chunks {
		if _, rest, ok := strings.Cut(c.text, `"content":"`); ok {
			word, _, _ := strings.Cut(rest, `"`)
			out = append(out, chunk{c.after, word})
		}
	}
	return out
}
