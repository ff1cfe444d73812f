package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"time"

	"golang.org/x/net/websocket"

	"daylight.internal/proxy/ca"
)

// shopPath is what the one host serves that is no AI service.
const shopPath = "/feedback"

// streamGap is the rhythm of an answer that streams.
const streamGap = 200 * time.Millisecond

// streamWords is the answer, one event each.
func streamWords() []string {
	return []string{"Wake ", "up ", "to ", "better ", "coffee."}
}

// standIn plays every AI service of the demo on one loopback port: TLS with
// certificates for the true names, from a CA of its own.
type standIn struct {
	Address  string // of the listener
	CAFile   string // PEM of the CA that the proxy must trust
	server   *http.Server
	received atomic.Int64 // bytes of request bodies that arrived
}

// startStandIn begins to serve. Its files go into dir.
func startStandIn(dir string) (*standIn, error) {
	home := filepath.Join(dir, "internet")
	authority, err := ca.Ensure(home)
	if err != nil {
		return nil, fmt.Errorf("starting the stand-in: %w", err)
	}
	issuer, err := ca.NewIssuer(authority, 100)
	if err != nil {
		return nil, fmt.Errorf("starting the stand-in: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting the stand-in: %w", err)
	}
	s := &standIn{Address: listener.Addr().String(), CAFile: filepath.Join(home, ca.CertFile)}
	s.server = &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		TLSConfig: &tls.Config{
			MinVersion: tls.VersionTLS12,
			NextProtos: []string{"h2", "http/1.1"},
			GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
				return issuer.Leaf(hello.ServerName)
			},
		},
		ErrorLog: discardLog(),
	}
	go s.server.ServeTLS(listener, "", "") // ends with Close
	return s, nil
}

func (s *standIn) Close() error { return s.server.Close() }

// hosts answers names with the address of the stand-in, as /etc/hosts would.
func (s *standIn) hosts(names []string) map[string]string {
	m := make(map[string]string, len(names))
	for _, n := range names {
		m[net.JoinHostPort(n, "443")] = s.Address
	}
	return m
}

// ServeHTTP answers as an AI service would: JSON, or events when asked to stream.
func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") != "" {
		websocket.Server{Handler: s.hub}.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<20))
	s.received.Add(int64(len(body)))
	if err != nil {
		return
	}
	if r.Header.Get("Content-Type") == grpcType {
		answerCall(w)
		return
	}
	if r.URL.Path == shopPath {
		fmt.Fprintln(w, "Thank you!")
		return
	}
	var question struct {
		Stream   bool   `json:"stream"`
		FileName string `json:"file_name"`
	}
	_ = json.Unmarshal(body, &question) // an upload is no question
	switch {
	case question.Stream:
		s.stream(r.Context(), w)
		return
	case question.FileName != "":
		openUpload(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	answer := map[string]any{"object": "chat.completion", "choices": []any{map[string]any{
		"message": map[string]string{"role": "assistant", "content": "Here you are."},
	}}}
	_ = json.NewEncoder(w).Encode(answer) // the client may be gone
}

func (s *standIn) stream(ctx context.Context, w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(w)
	for i, word := range streamWords() {
		if i > 0 {
			select {
			case <-time.After(streamGap):
			case <-ctx.Done():
				return
			}
		}
		event, err := json.Marshal(map[string]any{"choices": []any{map[string]any{"delta": map[string]string{"content": word}}}})
		if err != nil {
			return
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", event); err != nil || control.Flush() != nil {
			return
		}
	}
	fmt.Fprint(w, "data: [DONE]\n\n")
}
