package e2e_test

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestWebSocketIsRelayedAndSaysThatItWasNotRead(t *testing.T) {
	w := start(t, marketingPolicy)
	if out := w.run("", "node", clientFile(t, "websocket.mjs")); strings.TrimSpace(out) != "guten tag" {
		t.Errorf("the client got %q", out)
	}
	e := w.waitEvent("the WebSocket", func(e event) bool { return e.Coverage.Reason == "websocket" })
	if e.Coverage.State != "not_inspected" || e.Response.Status != http.StatusSwitchingProtocols || e.Destination.Host != "www.shop.test" {
		t.Errorf("event: %+v", e)
	}
}

// echoSocket accepts a WebSocket and sends the first message back: RFC 6455, one
// short masked text frame.
func echoSocket(w http.ResponseWriter, r *http.Request) {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	connection, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "no WebSocket over this protocol", http.StatusHTTPVersionNotSupported)
		return
	}
	defer connection.Close()
	_, _ = io.WriteString(connection, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+
		base64.StdEncoding.EncodeToString(sum[:])+"\r\n\r\n")
	text, err := readFrame(buffered.Reader)
	if err != nil {
		return
	}
	_, _ = connection.Write(append([]byte{0x81, byte(len(text))}, text...))
	_, _ = readFrame(buffered.Reader) // the close frame
	_, _ = connection.Write([]byte{0x88, 2, 0x03, 0xe8})
}

func readFrame(r *bufio.Reader) ([]byte, error) {
	var head [6]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	payload := make([]byte, head[1]&0x7f)
	if _, err := io.ReadFull(r, payload); err != nil {
		return nil, err
	}
	for i := range payload {
		payload[i] ^= head[2+i%4]
	}
	return payload, nil
}
