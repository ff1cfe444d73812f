package main

import (
	"fmt"
	"time"

	"golang.org/x/net/websocket"
)

// echoPath is where the server answers each WebSocket message with itself. It is
// the path of a realtime interface, so that a prompt in it is held.
const echoPath = "/v1/realtime"

func echo() websocket.Server {
	return websocket.Server{Handler: func(conn *websocket.Conn) {
		var message string
		for websocket.Message.Receive(conn, &message) == nil && websocket.Message.Send(conn, message) == nil {
		}
	}}
}

// echoes sends n messages one after another and returns how long each took there and back.
func (c client) echoes(host string, n int) ([]time.Duration, error) {
	raw, err := c.dial(host, "http/1.1")
	if err != nil {
		return nil, err
	}
	defer raw.Close()
	config, err := websocket.NewConfig("wss://"+c.authority(host)+echoPath+"?model=gpt-realtime", "https://"+host)
	if err != nil {
		return nil, fmt.Errorf("configuring a WebSocket: %w", err)
	}
	conn, err := websocket.NewClient(config, raw)
	if err != nil {
		return nil, fmt.Errorf("opening a WebSocket: %w", err)
	}
	const message = `{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Write three taglines for our spring campaign, playful, no more than six words each."}]}}`
	took := make([]time.Duration, n)
	for i := range took {
		start := time.Now()
		var answer string
		if err := websocket.Message.Send(conn, message); err != nil {
			return nil, fmt.Errorf("sending a message: %w", err)
		}
		if err := websocket.Message.Receive(conn, &answer); err != nil {
			return nil, fmt.Errorf("receiving a message: %w", err)
		}
		if answer != message {
			return nil, fmt.Errorf("the echo of message %d is not the message", i)
		}
		took[i] = time.Since(start)
	}
	return took, nil
}
