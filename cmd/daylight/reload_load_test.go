package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/websocket"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/proxytest"
)

// stormKinds are the kinds of exchanges of the load; each leaves one event.
func stormKinds() []string { return []string{"request", "upgrade", "message", "call", "tunnel"} }

func kindOf(e *audit.Event) string {
	switch {
	case e.Kind == audit.KindTunnel:
		return "tunnel"
	case e.Connection != "":
		return "message"
	case e.Response.Status == http.StatusSwitchingProtocols:
		return "upgrade"
	case e.Request.MediaType == grpcType:
		return "call"
	default:
		return "request"
	}
}

// stormOutcome is what a client saw become of an exchange.
type stormOutcome struct {
	kind    string
	stopped bool
}

// stormLoad are clients that send customer lists in every way until they are ended.
type stormLoad struct {
	storm   *storm
	clients sync.WaitGroup
	cancel  context.CancelFunc

	mu   sync.Mutex
	seen map[stormOutcome]int
}

func (s *storm) startLoad() *stormLoad {
	ctx, cancel := context.WithCancel(context.Background())
	l := &stormLoad{storm: s, cancel: cancel, seen: map[stormOutcome]int{}}
	s.Cleanup(l.end)
	for _, client := range []func(context.Context) error{
		l.requests(false), l.requests(true), l.messages, l.calls(), l.tunnels,
	} {
		l.clients.Go(func() {
			for ctx.Err() == nil {
				if err := client(ctx); err != nil {
					s.Errorf("a client: %v", err)
					return
				}
			}
		})
	}
	return l
}

// end waits until the clients have finished what they are at.
func (l *stormLoad) end() {
	l.cancel()
	l.clients.Wait()
}

func (l *stormLoad) saw(kind string, stopped bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen[stormOutcome{kind, stopped}]++
}

func (l *stormLoad) outcomes() map[stormOutcome]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seen
}

const stormList = `{"prompt": "write to anna.albers@example.com, ben.bianchi@example.com and chiara.castro@example.com"}`

func (l *stormLoad) client(http2 bool) *http.Client {
	t := &http.Transport{Proxy: http.ProxyURL(l.storm.player.proxy), TLSClientConfig: &tls.Config{RootCAs: l.storm.player.roots}, ForceAttemptHTTP2: http2}
	l.storm.Cleanup(t.CloseIdleConnections)
	return &http.Client{Transport: t, Timeout: patience}
}

// requests sends lists over connections that stay.
func (l *stormLoad) requests(http2 bool) func(context.Context) error {
	client := l.client(http2)
	return func(context.Context) error {
		resp, err := client.Post("https://ai.example/v1/generate", "application/json", strings.NewReader(stormList))
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if _, err := io.Copy(io.Discard, resp.Body); err != nil || (resp.ProtoMajor == 2) != http2 {
			return fmt.Errorf("reading an answer of %s: %w", resp.Proto, err)
		}
		return l.sawStatus("request", resp.StatusCode)
	}
}

func (l *stormLoad) sawStatus(kind string, status int) error {
	if status != http.StatusOK && status != http.StatusForbidden {
		return fmt.Errorf("a %s has status %d", kind, status)
	}
	l.saw(kind, status == http.StatusForbidden)
	return nil
}

// messages sends lists over a WebSocket until one is stopped, which closes it.
func (l *stormLoad) messages(ctx context.Context) error {
	ws, err := l.storm.player.dialHub(context.Background(), &scene{message: message{url: "wss://ai.example/v1/socket"}})
	if err != nil {
		return err
	}
	defer ws.Close()
	l.saw("upgrade", false)
	for ctx.Err() == nil {
		if err := ws.SetDeadline(time.Now().Add(patience)); err != nil {
			return err
		}
		var answer string
		err := websocket.Message.Send(ws, stormList)
		if err == nil {
			err = websocket.Message.Receive(ws, &answer)
		}
		l.saw("message", err != nil)
		if errors.Is(err, io.EOF) { // it was closed
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// calls opens streams of gRPC with three messages, each answered before the next.
func (l *stormLoad) calls() func(context.Context) error {
	client := l.client(true)
	return func(context.Context) error {
		body, messages := io.Pipe()
		defer messages.Close()
		r, err := http.NewRequest(http.MethodPost, "https://ai.example/v1.Chat/Talk", body)
		if err != nil {
			return err
		}
		r.Header.Set("Content-Type", grpcType)
		r.Header.Set("Te", "trailers")
		list := grpcMessage("", stormList).body
		go func() { _, _ = messages.Write(list) }() // its failure shows in the answer
		resp, err := client.Do(r)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		for i := 0; i < 3; i++ {
			head := make([]byte, 5)
			if _, err := io.ReadFull(resp.Body, head); err == io.EOF {
				break // stopped: only a status comes
			} else if err != nil {
				return err
			}
			if _, err := io.CopyN(io.Discard, resp.Body, int64(binary.BigEndian.Uint32(head[1:]))); err != nil {
				return err
			}
			if i < 2 {
				if _, err := messages.Write(list); err != nil {
					return err
				}
			}
		}
		messages.Close()
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			return err
		}
		status := resp.Trailer.Get("Grpc-Status") + resp.Header.Get("Grpc-Status")
		if status != "0" && status != "7" {
			return fmt.Errorf("a call has status %q", status)
		}
		l.saw("call", status == "7")
		return nil
	}
}

// tunnels sends through connections that are not opened.
func (l *stormLoad) tunnels(context.Context) error {
	conn, err := net.DialTimeout("tcp", l.storm.player.proxy.Host, patience)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	fmt.Fprint(conn, "CONNECT files.example:443 HTTP/1.1\r\nHost: files.example:443\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusOK {
		secure := tls.Client(conn, &tls.Config{ServerName: "files.example", RootCAs: l.storm.player.roots})
		fmt.Fprint(secure, "GET / HTTP/1.1\r\nHost: files.example\r\nConnection: close\r\n\r\n")
		if text, err := io.ReadAll(secure); err != nil || !strings.Contains(string(text), "200 OK") {
			return fmt.Errorf("through a tunnel came %q (%w)", text, err)
		}
	}
	return l.sawStatus("tunnel", resp.StatusCode)
}

// startStormServer plays the services: it answers, and echoes messages.
func startStormServer(t *testing.T) *proxytest.Server {
	echo := websocket.Server{Handler: func(ws *websocket.Conn) { _, _ = io.Copy(ws, ws) }}
	return proxytest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Upgrade") != "":
			echo.ServeHTTP(w, r)
		case r.Header.Get("Content-Type") == grpcType:
			w.Header().Set("Content-Type", grpcType)
			buffer := make([]byte, 4096)
			for {
				n, err := r.Body.Read(buffer)
				_, _ = w.Write(buffer[:n])
				_ = http.NewResponseController(w).Flush()
				if err != nil {
					break
				}
			}
			w.Header().Set(http.TrailerPrefix+"Grpc-Status", "0")
		default:
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = io.WriteString(w, "fine")
		}
	}), "ai.example", "files.example")
}
