package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"golang.org/x/net/websocket"
)

// sockets are WebSockets with some prompts, of which the last names customers: it
// comes back, or is refused in words, or the connection is closed.
func (l *load) sockets(ctx context.Context, wait func() bool) error {
	user := l.ledger.user("", "sockets")
	raw, err := l.secure(ctx, user, heldHost)
	if err != nil {
		return err
	}
	defer raw.Close()
	config, err := websocket.NewConfig("wss://"+heldHost+"/v1/realtime?model=gpt-realtime", "https://"+heldHost)
	if err != nil {
		return fmt.Errorf("configuring a WebSocket: %w", err)
	}
	l.ledger.sent(user, kindExchange, 0)
	conn, err := websocket.NewClient(config, raw)
	if err != nil {
		return fmt.Errorf("opening a WebSocket: %w", err)
	}
	for n := 0; n < 20 && wait(); n++ {
		message := item("Write three taglines for our spring campaign.", n)
		if n == 19 {
			message = item(strings.ReplaceAll(customers(20), "\n", `\n`), n)
		}
		_ = raw.SetDeadline(time.Now().Add(patience))
		l.ledger.sent(user, kindMessage, len(message))
		var answer string
		err := websocket.Message.Send(conn, message)
		if err == nil {
			err = websocket.Message.Receive(conn, &answer)
		}
		if n == 19 && (err == nil || errors.Is(err, io.EOF)) {
			return nil
		}
		if err != nil || answer != message {
			return because(err, "message %d comes back with %d bytes", n, len(answer))
		}
	}
	return nil
}

// calls are gRPC streams of three messages, each echoed before the next is sent.
func (l *load) calls(ctx context.Context, wait func() bool) error {
	s := l.session(l.ledger.user(counted, "calls"), true)
	defer s.CloseIdleConnections()
	for n := 0; n < steps/10 && wait(); n++ {
		ctx, cancel := context.WithTimeout(ctx, patience)
		err := l.call(ctx, s)
		cancel()
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *load) call(ctx context.Context, s *session) error {
	body, messages := io.Pipe()
	defer messages.Close()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+streamHost+"/v1.Chat/Talk", body)
	if err != nil {
		return fmt.Errorf("making a request: %w", err)
	}
	r.Header.Set("Content-Type", grpcType)
	r.Header.Set("Te", "trailers")
	message := grpcMessage("Write three taglines for our spring campaign.")
	go func() { _, _ = messages.Write(message) }() // its failure shows in the answer
	l.ledger.sent(s.user, kindExchange, 0)
	response, err := s.RoundTrip(r)
	if err != nil {
		return fmt.Errorf("opening a call: %w", err)
	}
	defer response.Body.Close()
	for n := range 3 {
		echoed := make([]byte, len(message))
		if _, err := io.ReadFull(response.Body, echoed); err != nil || !bytes.Equal(echoed, message) {
			return because(err, "message %d of a call, status %d %s", n, response.StatusCode, response.Header.Get("Grpc-Message"))
		}
		if n < 2 {
			if _, err := messages.Write(message); err != nil {
				return fmt.Errorf("message %d of a call: %w", n+1, err)
			}
		}
	}
	messages.Close()
	_, err = io.Copy(io.Discard, response.Body)
	if status := response.Trailer.Get("Grpc-Status"); err != nil || status != "0" {
		return because(err, "a call ends with status %q", status)
	}
	return nil
}

// tunnels send through connections that are never opened.
func (l *load) tunnels(ctx context.Context, _ func() bool) error {
	user := l.ledger.user(counted, "tunnels")
	raw, err := l.connect(ctx, user, tunnelHost)
	if err != nil {
		return err
	}
	defer raw.Close()
	l.ledger.sent(user, kindTunnel, 0)
	conn := tls.Client(raw, &tls.Config{ServerName: tunnelHost, RootCAs: l.servers})
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", tunnelHost)
	if text, err := io.ReadAll(conn); err != nil || !bytes.HasPrefix(text, []byte("HTTP/1.1 200 ")) {
		return because(err, "through a tunnel came %.40q", text)
	}
	return nil
}

// distrust are clients that do not accept Daylight's certificate.
func (l *load) distrust(ctx context.Context, _ func() bool) error {
	user := l.ledger.user(counted, "distrust")
	raw, err := l.connect(ctx, user, pinnedHost)
	if err != nil {
		return err
	}
	defer raw.Close()
	l.ledger.sent(user, kindTunnel, 0)
	// A bypass that was learned lets the handshake end well.
	_ = tls.Client(raw, &tls.Config{ServerName: pinnedHost, RootCAs: l.servers}).Handshake()
	return nil
}
