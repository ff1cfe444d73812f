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

// play sends the request of a scene and waits for its event.
func (p *player) play(ctx context.Context, s *scene) (*result, error) {
	out, err := p.send(ctx, s)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(s.message.url)
	if err != nil {
		return nil, fmt.Errorf("reading the scene: %w", err)
	}
	out.event, err = p.awaitEvent(ctx, u.Hostname())
	return out, err
}

// send sends the request of a scene and reads the answer.
func (p *player) send(ctx context.Context, s *scene) (*result, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, s.message.method, s.message.url, bytes.NewReader(s.message.body))
	if err != nil {
		return nil, fmt.Errorf("making the request: %w", err)
	}
	r.Header.Set("Content-Type", s.message.mediaType)
	if s.language != "" {
		r.Header.Set("Accept-Language", s.language)
	}
	transport := &http.Transport{
		Proxy:              http.ProxyURL(p.proxy),
		ProxyConnectHeader: http.Header{userHeader: {s.user}},
		TLSClientConfig:    &tls.Config{RootCAs: p.roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:  true,
	}
	defer transport.CloseIdleConnections()
	before, started := p.standIn.received.Load(), time.Now()
	resp, err := (&http.Client{Transport: transport}).Do(r)
	if err != nil {
		return nil, fmt.Errorf("sending the request: %w", err)
	}
	defer resp.Body.Close()
	out := &result{status: resp.StatusCode}
	if err := out.read(resp.Body, started); err != nil {
		return nil, err
	}
	out.arrived = p.standIn.received.Load() - before
	return out, nil
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

func (p *player) awaitEvent(ctx context.Context, host string) (audit.Event, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		select {
		case e := <-p.events:
			if e.Kind == audit.KindExchange && e.Destination.Host == host {
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
	status, arrived := http.StatusOK, int64(len(s.message.body))
	if s.expect.action == rules.Block {
		status, arrived = http.StatusForbidden, 0
	}
	differ("the status code", r.status, status)
	differ("the bytes that reached the service", r.arrived, arrived)
	differ("the service", e.Service.ID, s.expect.service)
	differ("its status", e.Service.Status, s.expect.status)
	differ("the action", e.Verdict.Action, s.expect.action)
	differ("enforced", e.Verdict.Enforced, true)
	differ("the rule", e.Verdict.Rule, s.expect.rule)
	differ("the number of people", e.People, s.expect.people)
	if s.expect.streams {
		differ("the answer came bit by bit", r.spread() >= time.Duration(len(streamWords())-1)*streamGap/2, true)
	}
	return out
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
