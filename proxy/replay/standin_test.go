package replay_test

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/websocket"

	"daylight.internal/proxy/ca"
)

// stepHeader names the step to the stand-in.
const stepHeader = "X-Replay-Step"

// patience is how long a test waits for what must come, on a machine that stalls.
const patience = 2 * time.Minute

// turn is one exchange under way, known to both ends.
type turn struct {
	exchange *exchange
	request  request
	arrived  chan struct{} // closed when the first half of the body is at the server
	heard    chan struct{} // one for each piece of the answer that is at the client
	fault    error         // what the server found wrong; read after the answer
	proto    string        // by which it came to the server
}

// standIn has every name: TLS with certificates of a CA of its own, and plain HTTP.
type standIn struct {
	secure, plain *httptest.Server
	caFile        string
	steps         sync.Map // of *turn by the value of stepHeader
}

func startStandIn(t *testing.T) *standIn {
	t.Helper()
	home := t.TempDir()
	authority, err := ca.Ensure(home)
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := ca.NewIssuer(authority, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	s := &standIn{caFile: filepath.Join(home, ca.CertFile)}
	s.secure = httptest.NewUnstartedServer(s)
	s.secure.EnableHTTP2 = true
	leaf := func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) { return issuer.Leaf(hello.ServerName) }
	s.secure.TLS = &tls.Config{GetCertificate: leaf, CurvePreferences: quickCurves()}
	s.secure.StartTLS()
	s.plain = httptest.NewServer(s)
	t.Cleanup(func() { s.secure.Close(); s.plain.Close() })
	return s
}

// quickCurves leaves out the exchange of keys that costs most of a handshake under the race detector.
func quickCurves() []tls.CurveID { return []tls.CurveID{tls.X25519} }

// ServeHTTP answers as the step says.
func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	value, ok := s.steps.Load(r.Header.Get(stepHeader))
	if !ok {
		http.Error(w, "no such step", http.StatusTeapot)
		return
	}
	step := value.(*turn)
	step.proto = r.Proto
	if step.exchange.isSocket() {
		websocket.Server{Handler: step.talk}.ServeHTTP(w, r)
		return
	}
	step.fault = step.receive(r)
	if step.fault != nil {
		http.Error(w, step.fault.Error(), http.StatusTeapot)
		return
	}
	step.answer(w)
}

// receive reads the request and compares it with what was sent.
func (s *turn) receive(r *http.Request) error {
	first := make([]byte, half(s.request.body))
	if _, err := io.ReadFull(r.Body, first); err != nil {
		return fmt.Errorf("reading the first half of the body: %w", err)
	}
	close(s.arrived)
	rest, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("reading the rest of the body: %w", err)
	}
	if body := append(first, rest...); !bytes.Equal(body, s.request.body) {
		return fmt.Errorf("the body has %d bytes and is not that of %d which was sent", len(body), len(s.request.body))
	}
	if r.Method != s.request.method {
		return fmt.Errorf("the method is %s", r.Method)
	}
	return nil
}

func half(body []byte) int { return (len(body) + 1) / 2 }

// answer sends each piece when the one before has come to the client.
func (s *turn) answer(w http.ResponseWriter) {
	a := &s.exchange.Answer
	media := "application/json"
	if a.Stream != nil {
		media = "text/event-stream"
	}
	for name, value := range a.Headers {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Type", cmp.Or(a.Type, media))
	w.WriteHeader(cmp.Or(a.Status, http.StatusOK))
	control := http.NewResponseController(w)
	for _, piece := range s.exchange.pieces() {
		if _, err := io.WriteString(w, piece); err != nil || control.Flush() != nil {
			return
		}
		select {
		case <-s.heard:
		case <-time.After(patience):
			return
		}
	}
}

// pieces are the parts of the answer's body.
func (x *exchange) pieces() []string {
	switch {
	case x.Answer.Stream == nil && x.Answer.Body == "":
		return nil
	case x.Answer.Stream == nil:
		return []string{x.Answer.Body}
	case x.Envelope:
		out := make([]string, len(x.Answer.Stream))
		for i, event := range x.Answer.Stream {
			out[i] = enveloped(event)
		}
		return out
	}
	return x.Answer.Stream
}

// talk hears all messages of the client and then says its own.
func (s *turn) talk(c *websocket.Conn) {
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(patience))
	for range s.exchange.Say {
		var message []byte
		if websocket.Message.Receive(c, &message) != nil {
			return
		}
	}
	for _, text := range s.exchange.Answer.Hear {
		if websocket.Message.Send(c, text) != nil {
			return
		}
	}
	var end []byte
	_ = websocket.Message.Receive(c, &end) // the client closes
}
