package e2e_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	encoding "encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"math"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// A session as a department has it in a morning: each part returns how many bytes
// its client sent to AI services, counted by the client.
func TestTheLedgerAddsUpToWhatClientsSentToAI(t *testing.T) {
	need(t, "curl")
	need(t, "node")
	clientFile(t, "ws.mjs")
	w := start(t, marketingPolicy)
	sent := w.sendBodies() + w.sendMessages() + w.sendUpload() + w.sendStreams() + w.sendThroughTunnel()

	told := func() (bytes int64) {
		for _, e := range w.events() {
			if e.Service.ID != "" {
				bytes += e.Request.Bytes
			}
		}
		return bytes
	}
	eventually(t, "events tell of every byte", func() bool { return told() >= sent })
	if told() != sent {
		t.Errorf("the events tell of %d bytes, and clients sent %d", told(), sent)
	}
	if got := int64(w.metric("daylight_ai_inspected_bytes_total") + w.metric("daylight_ai_not_inspected_bytes_total")); got != sent {
		t.Errorf("the ledger accounts for %d bytes, and clients sent %d", got, sent)
	}
	for _, reason := range []string{"undecodable", "pinned"} {
		if w.metric("daylight_ai_not_inspected_bytes_total", `reason="`+reason+`"`) == 0 {
			t.Errorf("nothing is counted as %s", reason)
		}
	}
	share := w.metric("daylight_ai_inspected_bytes_total") / float64(sent)
	if got := w.metric("daylight_inspected_share"); math.Abs(got-share) > 1e-9 || share < 0.3 || share > 0.99 {
		t.Errorf("the inspected share is %v, and should be %v", got, share)
	}
}

// sendBodies posts what can be read, what is stopped and what cannot be read.
func (w *world) sendBodies() (sent int64) {
	w.t.Helper()
	post := func(body, contentType, url string, args ...string) {
		w.t.Helper()
		if status, _, answer := w.curl(body, append(args, "--data-binary", "@-", "-H", "Content-Type: "+contentType, url)...); status != "200" && status != "403" {
			w.t.Errorf("%s: %s %s", url, status, answer)
		}
		if !strings.Contains(url, "shop.test") {
			sent += int64(len(body))
		}
	}
	var packed, picture bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := io.WriteString(z, chatGPTPrompt(w.t, strings.Repeat(cleanPrompt, 50))); err != nil || z.Close() != nil {
		w.t.Fatal(err)
	}
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 200, 200))); err != nil {
		w.t.Fatal(err)
	}
	post(chatGPTPrompt(w.t, cleanPrompt), "application/json", conversation)
	post(chatGPTPrompt(w.t, customerList(25)), "application/json", conversation, "--http1.1", "-H", "Transfer-Encoding: chunked")
	post(packed.String(), "application/json", conversation, "-H", "Content-Encoding: gzip")
	post(packed.String()[:packed.Len()/2], "application/json", conversation, "-H", "Content-Encoding: gzip")
	post(picture.String(), "image/png", "https://copilot.microsoft.com/c/api/attachments")
	post(`{"sku":"A-17","quantity":2}`, "application/json", "https://www.shop.test/orders")
	return sent
}

// sendMessages talks over WebSockets, of which one message is stopped.
func (w *world) sendMessages() (sent int64) {
	w.t.Helper()
	messages := []string{realtimeItem(cleanPrompt), realtimeItem(customerList(25)), realtimeItem("Say it once more.")}
	w.socket(openAIRealtime, step{"perMessageDeflate": false}, say(messages[0]), say(messages[1]),
		step{"send": messages[2][:30], "fin": false}, step{"ping": "in between"}, say(messages[2][30:]),
		step{"send": "\x00\x01\x02\x03", "binary": true}, step{"messages": 5}, step{"close": 1000})
	for _, message := range messages {
		sent += int64(len(message))
	}
	return sent + 4
}

// sendUpload puts a list into the bucket that a service named.
func (w *world) sendUpload() int64 {
	w.t.Helper()
	order, list := `{"name":"customers.csv"}`, customerList(30)
	_, _, answer := w.curl(order, "--data-binary", "@-", "-H", "Content-Type: application/json", "https://www.kimi.com/api/pre-sign-url")
	_, address, _ := strings.Cut(answer, `"url":"`)
	address, _, _ = strings.Cut(address, `"`)
	if status, _, answer := w.curl(list, "-X", "PUT", "--data-binary", "@-", "-H", "Content-Type: text/csv", address); status != "403" {
		w.t.Errorf("%s %s", status, answer)
	}
	return int64(len(order) + len(list))
}

// sendStreams asks Kimi by curl and Cursor by grpc-go.
func (w *world) sendStreams() int64 {
	w.t.Helper()
	text := `{"message":{"role":"user","blocks":[{"text":{"content":"` + cleanPrompt + `"}}]}}`
	body := string(encoding.BigEndian.AppendUint32([]byte{0}, uint32(len(text)))) + text
	if status, _, answer := w.curl(body, "--data-binary", "@-", "-H", "Content-Type: application/connect+json", "https://www.kimi.com"+kimiChat); status != "200" {
		w.t.Errorf("%s %s", status, answer)
	}
	sent := int64(len(body))

	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	stream, err := newAttacker(w).grpc("api2.cursor.sh").NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, cursorChat, grpc.ForceCodec(cursorCodec{}))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, text := range []string{cleanPrompt, customerList(25)} {
		request := &cursorRequest{text}
		if err := stream.SendMsg(request); err != nil && !errors.Is(err, io.EOF) {
			w.t.Fatal(err)
		}
		err = stream.RecvMsg(&cursorRequest{})
		sent += 5 + int64(len(must(cursorCodec{}.Marshal(request))))
	}
	if status.Code(err) != codes.PermissionDenied {
		w.t.Errorf("the stream ended with %v", err)
	}
	return sent
}

// countedConn counts what is written.
type countedConn struct {
	net.Conn
	written atomic.Int64
}

func (c *countedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.written.Add(int64(n))
	return n, err
}

// sendThroughTunnel is an app that trusts only the certificate of its service.
func (w *world) sendThroughTunnel() int64 {
	w.t.Helper()
	plain, code := newAttacker(w).connect(pinningHost + ":443")
	if code != http.StatusOK {
		w.t.Fatalf("CONNECT: %d", code)
	}
	counted := &countedConn{Conn: plain}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(w.services.roots))
	connection := tls.Client(counted, &tls.Config{ServerName: pinningHost, RootCAs: roots})
	body := chatGPTPrompt(w.t, customerList(10))
	fmt.Fprintf(connection, "POST /backend-api/f/conversation HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", pinningHost, len(body), body)
	if answer, err := io.ReadAll(connection); err != nil || !bytes.Contains(answer, []byte(`"received"`)) {
		w.t.Errorf("got %q: %v", answer, err)
	}
	_ = connection.Close()
	return counted.written.Load()
}
