package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

// kinds are all ways of using the proxy, at some 350 exchanges a second together.
func (l *load) kinds() []kind {
	list := []kind{
		{"HTTP/1.1", 5, 20, l.prompts(false)},
		{"HTTP/2", 5, 20, l.prompts(true)},
		{"pages", 3, 20, l.pages},
		{"plain HTTP", 3, 20, l.plain},
		{"event streams", 4, 2, l.streams(false)},
		{"streams cancelled", 2, 2, l.streams(true)},
		{"WebSockets", 4, 10, l.sockets},
		{"gRPC streams", 3, 5, l.calls},
		{"tunnels", 2, 4, l.tunnels},
		{"clients that trust nobody", 1, 1, l.distrust},
		{"held uploads", 1, 0.5, l.uploads},
		{"uploads broken off", 2, 2, l.brokenOff},
		{"slow clients", 10, 4, l.slow},
		{"heads that never end", 5, 1, l.endless},
	}
	for _, f := range faults() {
		list = append(list, kind{f.host, 1, 2, l.faulty(f.host, f.status, f.early)})
	}
	return append(list, kind{closedHost, 1, 2, l.faulty(closedHost, http.StatusBadGateway, 0)},
		kind{unknownHost, 1, 2, l.faulty(unknownHost, http.StatusBadGateway, 0)})
}

// steps is how many exchanges a client makes over a connection that it keeps.
const steps = 100

// prompts are small questions over one connection; each fourth names customers, and
// may be refused.
func (l *load) prompts(http2 bool) func(context.Context, func() bool) error {
	return func(ctx context.Context, wait func() bool) error {
		s := l.session(l.ledger.user("", "prompts"), http2)
		defer s.CloseIdleConnections()
		for n := 0; n < steps && wait(); n++ {
			url, body, allowed := "https://"+heldHost+"/v1/chat/completions", prompt(n), []int{http.StatusOK}
			switch {
			case n%8 == 7:
				url = "https://" + readHost + "/v1/messages"
			case n%4 == 3:
				body, allowed = listPrompt(n), []int{http.StatusOK, http.StatusForbidden}
			}
			start := time.Now()
			if err := l.exchange(ctx, s, url, "application/json", body, allowed...); err != nil {
				return err
			}
			if n%4 != 3 {
				l.took(start)
			}
		}
		return nil
	}
}

// exchange sends a body of a size that the user of the session has not sent before.
func (l *load) exchange(ctx context.Context, s *session, url, mediaType, body string, allowed ...int) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := post(ctx, url, mediaType, body)
	if err != nil {
		return err
	}
	l.ledger.sent(s.user, kindExchange, len(body))
	status, err := s.ask(r)
	if err == nil && !slices.Contains(allowed, status) {
		err = fmt.Errorf("status %d", status)
	}
	if err != nil {
		return fmt.Errorf("posting to %s: %w", url, err)
	}
	return nil
}

// pages are exchanges with a host that is no AI.
func (l *load) pages(ctx context.Context, wait func() bool) error {
	s := l.session(l.ledger.user("", "pages"), true)
	defer s.CloseIdleConnections()
	for n := 0; n < steps && wait(); n++ {
		body := fmt.Sprintf("order=%0*d", n+1, 1)
		if err := l.exchange(ctx, s, "https://"+pageHost+"/orders", "application/x-www-form-urlencoded", body, http.StatusOK); err != nil {
			return err
		}
	}
	return nil
}

// plain are pages without TLS, each fetched by another user over one connection.
func (l *load) plain(ctx context.Context, wait func() bool) error {
	s := l.session("", false)
	defer s.CloseIdleConnections()
	for n := 0; n < steps && wait(); n++ {
		if err := l.fetch(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (l *load) fetch(ctx context.Context, s *session) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+plainHost+"/page", nil)
	if err != nil {
		return fmt.Errorf("making a request: %w", err)
	}
	user := l.ledger.user("", "plain")
	r.Header.Set("X-Authenticated-User", user)
	l.ledger.sent(user, kindExchange, 0)
	if status, err := s.ask(r); err != nil || status != http.StatusOK {
		return because(err, "fetching a page: status %d", status)
	}
	return nil
}

// streams ask for an answer in events, and read it to its end, or leave at the first.
func (l *load) streams(cancelled bool) func(context.Context, func() bool) error {
	return func(ctx context.Context, wait func() bool) error {
		for _, http2 := range []bool{false, true} {
			ctx, cancel := context.WithTimeout(ctx, patience)
			s := l.session(l.ledger.user("", "streams"), http2)
			err := l.listen(ctx, s, cancelled)
			cancel()
			s.CloseIdleConnections()
			if err != nil || !wait() {
				return err
			}
		}
		return nil
	}
}

func (l *load) listen(ctx context.Context, s *session, cancelled bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	body := prompt(0)
	r, err := post(ctx, "https://"+heldHost+"/v1/chat/completions", "application/json", body)
	if err != nil {
		return err
	}
	r.Header.Set("Accept", eventStream)
	l.ledger.sent(s.user, kindExchange, len(body))
	response, err := s.RoundTrip(r)
	if err != nil {
		return fmt.Errorf("asking for a stream: %w", err)
	}
	defer response.Body.Close()
	if _, err := io.ReadFull(response.Body, make([]byte, 10)); err != nil || response.StatusCode != http.StatusOK {
		return because(err, "the beginning of a stream with status %d", response.StatusCode)
	}
	if cancelled {
		return nil
	}
	text, err := io.ReadAll(response.Body)
	if err != nil || !slices.Equal(text[max(0, len(text)-8):], []byte("[DONE]\n\n")) {
		return because(err, "a stream ends after %d bytes with %q", len(text), text[max(0, len(text)-8):])
	}
	return nil
}

// uploads are files of some megabytes with customers in them.
func (l *load) uploads(ctx context.Context, wait func() bool) error {
	s := l.session(l.ledger.user("", "uploads"), false)
	defer s.CloseIdleConnections()
	list := customers(1000)
	for n := 0; n < 4 && wait(); n++ {
		file := make([]byte, 0, 4<<20)
		for len(file) < (2+n)<<19 {
			file = append(file, list...)
		}
		body := form(string(file))
		if err := l.exchange(ctx, s, "https://"+heldHost+"/v1/files", "multipart/form-data; boundary=soak", body, http.StatusOK, http.StatusForbidden); err != nil {
			return err
		}
	}
	return nil
}

// faulty asks a server that fails; status is what the client is to get, or 0 when
// the answer is to break off; early is another that it may get, if not 0.
func (l *load) faulty(host string, status, early int) func(context.Context, func() bool) error {
	return func(ctx context.Context, _ func() bool) error {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		s := l.session(l.ledger.user(counted, "faulty"), false)
		defer s.CloseIdleConnections()
		body := "order=1"
		r, err := post(ctx, "https://"+host+"/orders", "application/x-www-form-urlencoded", body)
		if err != nil {
			return err
		}
		l.ledger.sent(s.user, kindExchange, len(body))
		got, err := s.ask(r)
		broken := got == http.StatusOK && err != nil
		if fits := broken && status == 0 || !broken && got > 0 && (got == status || got == early); !fits {
			return because(err, "status %d, want %d", got, status)
		}
		return nil
	}
}
