package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/websocket"
)

// recordEnd ends each record of SignalR's JSON protocol.
// Source: https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md
const recordEnd = "\x1e"

// hubMessage is a question as Microsoft 365 Copilot sends it, in a message of a WebSocket.
func hubMessage(text string) message {
	m := jsonMessage("wss://substrate.office.com/m365Copilot/Chathub/5b3f7c1e-8f7a-4a53-9d0e-2f4a8c6b1d22@0a4c2b1e-6f1d-4b7c-9a57-1f2e3d4c5b6a", map[string]any{
		"type": 4, "target": "chat", "invocationId": "1",
		"arguments": []any{map[string]any{"message": map[string]string{"author": "user", "text": text}}},
	})
	m.body = append(m.body, recordEnd...)
	return m
}

// sendToHub opens a connection as SignalR does, sends the message, and then one
// that nothing is wrong with.
func (p *player) sendToHub(ctx context.Context, s *scene) (*result, error) {
	hub, err := p.dialHub(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("opening a WebSocket: %w", err)
	}
	defer hub.Close()
	ask := func(text string) (answer string, err error) {
		if err = websocket.Message.Send(hub, text); err == nil {
			err = websocket.Message.Receive(hub, &answer)
		}
		return answer, err
	}
	if _, err := ask(`{"protocol":"json","version":1}` + recordEnd); err != nil {
		return nil, fmt.Errorf("opening a WebSocket: %w", err)
	}
	before := p.standIn.received.Load()
	answer, err := ask(string(s.message.body))
	if err != nil {
		return nil, fmt.Errorf("sending a message: %w", err)
	}
	out := &result{status: http.StatusSwitchingProtocols, arrived: p.standIn.received.Load() - before}
	var completion struct {
		Error string `json:"error"`
	}
	if err := json.Unmarshal([]byte(strings.TrimSuffix(answer, recordEnd)), &completion); err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	out.told = completion.Error
	if _, err := ask(string(hubMessage("Then a general apology, without names.").body)); err != nil {
		return nil, fmt.Errorf("going on: %w", err)
	}
	out.then = "the connection stays; the next message, without names, was answered"
	return out, nil
}

// dialHub opens a WebSocket through the proxy.
func (p *player) dialHub(ctx context.Context, s *scene) (*websocket.Conn, error) {
	u, err := url.Parse(s.message.url)
	if err != nil {
		return nil, err
	}
	config, err := websocket.NewConfig(u.String(), "https://m365.cloud.microsoft")
	if err != nil {
		return nil, err
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", p.proxy.Host)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { conn.Close() })
	fmt.Fprintf(conn, "CONNECT %[1]s:443 HTTP/1.1\r\nHost: %[1]s:443\r\n%[2]s: %[3]s\r\n\r\n", u.Hostname(), userHeader, s.user)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the proxy says %s", resp.Status)
	}
	secure := tls.Client(conn, &tls.Config{ServerName: u.Hostname(), RootCAs: p.roots, MinVersion: tls.VersionTLS12})
	return websocket.NewClient(config, secure)
}

// hub answers each message of a WebSocket as SignalR does.
func (s *standIn) hub(ws *websocket.Conn) {
	ws.MaxPayloadBytes = 64 << 20
	for {
		var text string
		if websocket.Message.Receive(ws, &text) != nil {
			return
		}
		s.received.Add(int64(len(text)))
		answer := "{}" + recordEnd // to the handshake
		if strings.Contains(text, `"invocationId"`) {
			answer = `{"type":3,"invocationId":"1","result":"Here you are."}` + recordEnd
		}
		if websocket.Message.Send(ws, answer) != nil {
			return
		}
	}
}
