package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/net/websocket"
)

// internet are the servers behind the proxy, good and faulty ones.
type internet struct {
	hosts     map[string]string // host:port by name and port, as upstream.hosts has it
	authority *authority
	servers   []*http.Server

	mu        sync.Mutex
	listeners []net.Listener
	open      map[net.Conn]bool // of faulty servers
	closed    bool
}

// newInternet starts all servers and writes their root into dir.
func newInternet(dir string) (*internet, error) {
	ca, err := newAuthority(filepath.Join(dir, "servers.pem"))
	if err != nil {
		return nil, err
	}
	i := &internet{hosts: map[string]string{}, authority: ca, open: map[net.Conn]bool{}}
	good := []string{heldHost, readHost, streamHost, pageHost, pinnedHost, tunnelHost}
	leaf, err := ca.leaf(time.Now().Add(24*time.Hour), good...)
	if err != nil {
		return nil, err
	}
	if err := i.serve(&tls.Config{Certificates: []tls.Certificate{leaf}}, "443", good...); err != nil {
		return nil, err
	}
	if err := i.serve(nil, "80", plainHost); err != nil {
		return nil, err
	}
	return i, i.breakDown()
}

// serve starts one good server under some names; without config it is one without TLS.
func (i *internet) serve(config *tls.Config, port string, names ...string) error {
	listener, err := i.listen(port, names...)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: http.HandlerFunc(answer), TLSConfig: config, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
	i.servers = append(i.servers, server)
	go func() {
		if config == nil {
			_ = server.Serve(listener)
		} else {
			_ = server.ServeTLS(listener, "", "")
		}
	}()
	return nil
}

// listen opens a port and makes it the address of the names.
func (i *internet) listen(port string, names ...string) (net.Listener, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening: %w", err)
	}
	for _, name := range names {
		i.hosts[net.JoinHostPort(name, port)] = listener.Addr().String()
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.listeners = append(i.listeners, listener)
	return listener, nil
}

// close ends all servers and their connections.
func (i *internet) close() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.closed = true
	for _, server := range i.servers {
		_ = server.Close()
	}
	for _, listener := range i.listeners {
		_ = listener.Close()
	}
	for conn := range i.open {
		_ = conn.Close()
	}
}

// answer is what good servers say, by what is asked for.
func answer(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Header.Get("Upgrade") != "":
		websocket.Server{Handler: echo}.ServeHTTP(w, r)
	case r.Header.Get("Accept") == eventStream:
		stream(w, r)
	case r.Header.Get("Content-Type") == grpcType:
		call(w, r)
	default:
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			http.Error(w, "short body", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"id":"msg_1","role":"assistant","content":[{"type":"text","text":"Bonjour."}],"received":%d}`, n)
	}
}

const (
	eventStream = "text/event-stream"
	grpcType    = "application/grpc"
	streamed    = 10 // events of one stream
)

func echo(conn *websocket.Conn) {
	var message string
	for websocket.Message.Receive(conn, &message) == nil && websocket.Message.Send(conn, message) == nil {
	}
}

func stream(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", eventStream)
	for n := range streamed {
		fmt.Fprintf(w, "data: {\"choices\":[{\"delta\":{\"content\":\"%d\"}}]}\n\n", n)
		if http.NewResponseController(w).Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
	_, _ = io.WriteString(w, "data: [DONE]\n\n")
}

// call echoes the messages of a gRPC stream as they come.
func call(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", grpcType)
	buffer := make([]byte, 4096)
	for {
		n, err := r.Body.Read(buffer)
		if _, failed := w.Write(buffer[:n]); failed != nil {
			return
		}
		_ = http.NewResponseController(w).Flush()
		if err != nil {
			if errors.Is(err, io.EOF) {
				w.Header().Set(http.TrailerPrefix+"Grpc-Status", "0")
			}
			return
		}
	}
}
