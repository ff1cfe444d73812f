package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// brokenOff are uploads that end in the middle, with the connection.
func (l *load) brokenOff(ctx context.Context, _ func() bool) error {
	user := l.ledger.user(counted, "broken-off")
	conn, err := l.secure(ctx, user, heldHost)
	if err != nil {
		return err
	}
	defer conn.Close()
	body := prompt(100_000)
	if _, err := io.WriteString(conn, head(len(body))+body[:len(body)/2]); err != nil {
		return fmt.Errorf("sending half a prompt: %w", err)
	}
	l.ledger.sent(user, kindExchange, 0)
	// An end that leaves something unread would take back what was sent.
	if err := conn.CloseWrite(); err != nil {
		return fmt.Errorf("breaking off: %w", err)
	}
	_, _ = io.Copy(io.Discard, conn)
	return nil
}

func head(length int) string {
	return fmt.Sprintf("POST /v1/chat/completions HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", heldHost, length)
}

// slow are clients that send a prompt and read its answer a few bytes at a time.
func (l *load) slow(ctx context.Context, wait func() bool) error {
	user := l.ledger.user("", "slow")
	conn, err := l.secure(ctx, user, heldHost)
	if err != nil {
		return err
	}
	defer conn.Close()
	body := prompt(0)
	text := head(len(body)) + body
	for sent := 0; sent < len(text); sent += 40 {
		wait() // even at the end of the run, so that each of them is whole
		if _, err := io.WriteString(conn, text[sent:min(sent+40, len(text))]); err != nil {
			return fmt.Errorf("sending slowly: %w", err)
		}
	}
	l.ledger.sent(user, kindExchange, len(body))
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	response, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), nil)
	if err != nil {
		return fmt.Errorf("reading slowly: %w", err)
	}
	defer response.Body.Close()
	for part := make([]byte, 32); ; wait() {
		if _, err := io.ReadFull(response.Body, part); err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		} else if err != nil {
			return fmt.Errorf("reading slowly: %w", err)
		}
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("a slow client gets status %d", response.StatusCode)
	}
	return nil
}

// endless are clients that never finish the head of a request: no exchange.
func (l *load) endless(ctx context.Context, _ func() bool) error {
	conn, err := l.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	fmt.Fprintf(conn, "GET http://%s/ HTTP/1.1\r\nHost: %[1]s\r\nX-Never", plainHost)
	if _, err := io.Copy(io.Discard, conn); err != nil {
		return fmt.Errorf("the head of a request never ends, and nor does its connection: %w", err)
	}
	return nil
}
