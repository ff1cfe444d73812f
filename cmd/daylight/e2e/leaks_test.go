package e2e_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"google.golang.org/grpc"
)

// passerby is who uses a connection and leaves it, politely or not.
type passerby struct {
	*attacker
	servers *x509.CertPool // roots of what Daylight does not open
	left    atomic.Int64   // how often
}

func newPasserby(w *world) *passerby {
	p := &passerby{attacker: newAttacker(w), servers: x509.NewCertPool()}
	p.servers.AppendCertsFromPEM([]byte(w.services.roots))
	return p
}

// leaver is a way in which a connection begins and ends. What it leaves behind in
// Daylight is a leak.
type leaver struct {
	name string
	// leave begins a connection and ends it. An error is one of the way up to its end.
	leave func(*passerby) error
}

// wholeLeavers end when all has been said.
func wholeLeavers(t *testing.T) []leaver {
	prompt := chatGPTPrompt(t, cleanPrompt)
	return []leaver{
		{"plain HTTP", func(p *passerby) error { return p.once(false, http.MethodGet, "http://plain.test/", "") }},
		{"intercepted HTTP/1.1", func(p *passerby) error { return p.once(false, http.MethodPost, chatURL, prompt) }},
		{"intercepted HTTP/2", func(p *passerby) error { return p.once(true, http.MethodPost, chatURL, prompt) }},
		{"blocked", func(p *passerby) error {
			return p.once(true, http.MethodPost, chatURL, chatGPTPrompt(t, customerList(20)))
		}},
		{"tunnel", (*passerby).throughTunnel},
		{"WebSocket", (*passerby).throughSocket},
		{"gRPC stream", (*passerby).throughStream},
	}
}

// brokenLeavers are gone in the middle of something.
func brokenLeavers(t *testing.T) []leaver {
	prompt := chatGPTPrompt(t, cleanPrompt)
	head := func(method, path string, length int) string {
		return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: chatgpt.com\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", method, path, length)
	}
	const chat = "/backend-api/f/conversation"
	long := chatGPTPrompt(t, strings.Repeat(cleanPrompt+" ", 20_000))
	return []leaver{
		{"behind its TCP handshake", func(p *passerby) error { return p.breakOff(p.dial()) }},
		{"in a head", func(p *passerby) error { return p.breakOff(p.dial(), "GET http://plain.test/ HTTP/1.1\r\nHost: pl") }},
		{"behind the answer to CONNECT", func(p *passerby) error { return p.breakOff(p.tunnel("chatgpt.com")) }},
		{"in its ClientHello", func(p *passerby) error { return p.breakOff(p.tunnel("chatgpt.com"), firstFlight("chatgpt.com")[:100]) }},
		{"behind its ClientHello", func(p *passerby) error { return p.breakOff(p.tunnel("chatgpt.com"), firstFlight("chatgpt.com")) }},
		{"behind its TLS handshake", func(p *passerby) error { return p.breakOff(p.inside("chatgpt.com"), "") }},
		{"in a head inside", func(p *passerby) error { return p.breakOff(p.inside("chatgpt.com"), head("POST", chat, 10)[:40]) }},
		{"in a tunnel", func(p *passerby) error { return p.breakOff(p.tunnel(pinningHost), firstFlight(pinningHost)) }},
		{"in a body that is held", func(p *passerby) error {
			return p.breakOff(p.inside("chatgpt.com"), head("POST", chat, len(prompt))+prompt[:len(prompt)/2])
		}},
		{"in a body that passes", func(p *passerby) error {
			request := strings.Replace(head("POST", "/order", 100_000), "chatgpt.com", "www.shop.test", 1)
			return p.breakOff(p.inside("www.shop.test"), request+strings.Repeat("x", 50_000))
		}},
		{"in a judgement", func(p *passerby) error {
			return p.breakOff(p.inside("chatgpt.com"), head("POST", chat, len(long))+long)
		}},
		{"in an answer", func(p *passerby) error { return p.leaveAnswer(false) }},
		{"in an answer of HTTP/2", func(p *passerby) error { return p.leaveAnswer(true) }},
		{"in a frame of a WebSocket", (*passerby).leaveFrame},
		{"in a gRPC stream", (*passerby).leaveStream},
	}
}

const chatURL = "https://chatgpt.com/backend-api/f/conversation"

// once makes one exchange over a connection of its own.
func (p *passerby) once(h2 bool, method, url, body string) error {
	if p.do(h2, method, url, body, "Content-Type", "application/json") < 0 {
		return fmt.Errorf("%s %s was not answered", method, url)
	}
	return nil
}

// tunnel asks for a tunnel and says nothing in it.
func (p *passerby) tunnel(host string) net.Conn {
	c, code := p.connect(host + ":443")
	if code != http.StatusOK {
		p.w.t.Errorf("CONNECT %s: %d", host, code)
	}
	return c
}

// breakOff says something and hangs up: every other with a reset.
func (p *passerby) breakOff(c net.Conn, words ...string) error {
	defer c.Close()
	for _, word := range words {
		if _, err := io.WriteString(c, word); err != nil {
			return fmt.Errorf("sending: %w", err)
		}
	}
	if p.left.Add(1)%2 == 0 {
		raw := c
		if secure, ok := c.(*tls.Conn); ok {
			raw = secure.NetConn()
		}
		return raw.(*net.TCPConn).SetLinger(0)
	}
	return nil
}

// firstFlight is what a client sends first.
func firstFlight(host string) string {
	var sent bytes.Buffer
	_ = tls.Client(mute{sent: &sent}, &tls.Config{ServerName: host}).Handshake()
	return sent.String()
}

// mute keeps what is written to it and has nothing to say.
type mute struct {
	net.Conn
	sent *bytes.Buffer
}

func (m mute) Write(b []byte) (int, error)    { return m.sent.Write(b) }
func (mute) Read([]byte) (int, error)         { return 0, io.EOF }
func (mute) Close() error                     { return nil }
func (mute) SetWriteDeadline(time.Time) error { return nil }

// throughTunnel asks through a tunnel that stays closed.
func (p *passerby) throughTunnel() error {
	c := tls.Client(p.tunnel(pinningHost), &tls.Config{ServerName: pinningHost, RootCAs: p.servers})
	defer c.Close()
	fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", pinningHost)
	if text, err := io.ReadAll(c); err != nil || !bytes.HasPrefix(text, []byte("HTTP/1.1 200 ")) {
		return fmt.Errorf("through the tunnel came %.40q: %w", text, err)
	}
	return nil
}

func (p *passerby) socket(ctx context.Context) (*websocket.Conn, func(), error) {
	client := p.client(false)
	c, _, err := websocket.Dial(ctx, "wss://api.openai.com/v1/realtime?model=gpt-realtime", &websocket.DialOptions{HTTPClient: client})
	return c, client.CloseIdleConnections, err
}

const itemMessage = `{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Write a headline."}]}}`

// throughSocket says something and says good-bye.
func (p *passerby) throughSocket() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c, end, err := p.socket(ctx)
	if err != nil {
		return err
	}
	defer end()
	if err := c.Write(ctx, websocket.MessageText, []byte(itemMessage)); err != nil {
		return err
	}
	if _, _, err := c.Read(ctx); err != nil {
		return err
	}
	return c.Close(websocket.StatusNormalClosure, "")
}

// leaveFrame hangs up in the middle of a message.
func (p *passerby) leaveFrame() error {
	c := p.inside("api.openai.com")
	fmt.Fprintf(c, "GET /v1/realtime?model=gpt-realtime HTTP/1.1\r\nHost: api.openai.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	response, err := http.ReadResponse(bufio.NewReaderSize(c, 16), nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		return errors.Join(errors.New("the WebSocket was not opened"), err, c.Close())
	}
	return p.breakOff(c, "\x81\xfe\x01\x00mask"+strings.Repeat("x", 100)) // of 256 bytes
}

func (p *passerby) stream(ctx context.Context) (grpc.ClientStream, func(), error) {
	connection := p.grpc("api2.cursor.sh")
	stream, err := connection.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, cursorChat, grpc.ForceCodec(cursorCodec{}))
	if err == nil {
		var answer cursorRequest
		err = errors.Join(stream.SendMsg(&cursorRequest{cleanPrompt}), stream.RecvMsg(&answer))
	}
	return stream, func() { _ = connection.Close() }, err
}

// throughStream says one thing and hears the end.
func (p *passerby) throughStream() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	stream, end, err := p.stream(ctx)
	defer end()
	if err != nil {
		return err
	}
	if err := errors.Join(stream.CloseSend(), stream.RecvMsg(&cursorRequest{})); !errors.Is(err, io.EOF) {
		return fmt.Errorf("the stream ended with %w", err)
	}
	return nil
}

// leaveStream cancels a stream that is open.
func (p *passerby) leaveStream() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, end, err := p.stream(ctx)
	defer end()
	return err
}

// leaveAnswer reads the beginning of an answer that never ends.
func (p *passerby) leaveAnswer(h2 bool) error {
	client := p.client(h2)
	defer client.CloseIdleConnections()
	response, err := client.Get("https://www.shop.test" + endlessPath)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.ReadFull(response.Body, make([]byte, 10_000))
	return err
}

// endlessPath is where the stand-in answers without an end.
const endlessPath = "/endless"

func answerEndless(w http.ResponseWriter, _ *http.Request) {
	for part := bytes.Repeat([]byte("more "), 1000); ; {
		if _, err := w.Write(part); err != nil {
			return
		}
	}
}

// holdings are what Daylight holds for its clients.
type holdings struct{ goroutines, descriptors, connections, tunnels float64 }

// questionGoroutines is by how many goroutines two answers may differ: the metrics are
// gathered by several at once, and some of them may have ended before they are counted.
const questionGoroutines = 6

// within tells whether this is no more than the least, but for the question itself.
func (h holdings) within(least holdings) bool {
	return h.goroutines <= least.goroutines+questionGoroutines &&
		h.descriptors <= least.descriptors && h.connections <= least.connections && h.tunnels <= least.tunnels
}

// holdings asks once, over a connection that stays: it is one of what is counted.
func (w *world) holdings() (h holdings) {
	w.t.Helper()
	response, err := http.Get(w.admin + "/metrics")
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	into := map[string]*float64{"go_goroutines": &h.goroutines, "process_open_fds": &h.descriptors, "daylight_connections": &h.connections, "daylight_tunnels": &h.tunnels}
	found := 0
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if to := into[name]; to != nil {
			if *to, err = strconv.ParseFloat(value, 64); err != nil {
				w.t.Fatal(err)
			}
			found++
		}
	}
	if found != len(into) {
		w.t.Fatalf("%d of %d metrics are there", found, len(into))
	}
	return h
}

// settled ends what Daylight keeps open to servers, and waits until it holds no more
// than the least, or until patience ends. It returns what it held last.
func (w *world) settled(least holdings) (now holdings) {
	w.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		w.services.hangUp()
		if now = w.holdings(); now.within(least) {
			break
		}
	}
	return now
}

// atRest returns the least that Daylight holds. The question itself takes some
// goroutines, some of the time.
func (w *world) atRest() holdings {
	w.t.Helper()
	least := w.holdings()
	for same := 0; same < 30; same++ {
		time.Sleep(50 * time.Millisecond)
		w.services.hangUp()
		if now := w.holdings(); now.goroutines < least.goroutines || now.descriptors < least.descriptors || now.connections < least.connections || now.tunnels < least.tunnels {
			least, same = now, 0
		}
	}
	return least
}

// leaverRounds is how often each way is gone; DAYLIGHT_LEAVERS asks for more.
func leaverRounds(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("DAYLIGHT_LEAVERS")); err == nil {
		return n
	}
	if testing.Short() {
		return 10
	}
	return 90 // some 2,000 connections in all
}

func TestConnectionsLeaveNothingBehindHoweverTheyEnd(t *testing.T) {
	w := start(t, marketingPolicy, "limits: {header_timeout: 5s, idle_timeout: 5s}\n")
	p := newPasserby(w)
	ways := append(wholeLeavers(t), brokenLeavers(t)...)
	round := func(way leaver, times int) {
		var all sync.WaitGroup
		for worker := range 8 {
			all.Go(func() {
				for n := worker; n < times; n += 8 {
					if err := way.leave(p); err != nil {
						t.Errorf("%s: %v", way.name, err)
						return
					}
				}
			})
		}
		all.Wait()
	}
	for _, way := range ways { // what is made once is made now
		round(way, 2)
	}
	least := w.atRest()
	for _, way := range ways {
		begin := time.Now()
		round(way, leaverRounds(t))
		left := time.Since(begin)
		if after := w.settled(least); !after.within(least) {
			t.Errorf("%s: Daylight held %+v, and holds %+v", way.name, least, after)
			least = w.atRest()
		}
		t.Logf("%s: left after %v, settled after %v", way.name, left.Round(time.Millisecond), time.Since(begin).Round(time.Millisecond))
	}
	t.Logf("at rest: %+v, before %+v", w.atRest(), least)
}
