package e2e_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// serviceNames are the true names under which the stand-in is reached.
var serviceNames = []string{
	"chatgpt.com", "claude.ai", "api.openai.com", "api.anthropic.com", "generativelanguage.googleapis.com",
	"chat.deepseek.com", "git.test", "www.shop.test", "llm.newcomer.test",
	"copilot.microsoft.com", "substrate.office.com", "capi.grammarly.com", // they speak WebSocket
	"api2.cursor.sh", "agentn.global.api5.cursor.sh", "www.kimi.com", // gRPC and Connect
	"files.oaiusercontent.com", "bucket.blob.test", "tus.blob.test", // the bytes of uploads
	pinningHost,
}

// pinningHost is that of an app that trusts only its own certificate.
const pinningHost = "ios.chat.openai.com"

// services is the stand-in for everything behind the proxy.
type services struct {
	tls, plain string // host:port
	roots      string // PEM
	gitRoot    string
	hangUp     func() // ends every connection
	sockets    *sockets
	uploads    *uploads
	rpc        *rpc

	mu       sync.Mutex
	received map[string]int64 // body bytes by host
	requests map[string]int
}

func startServices(t *testing.T) *services {
	t.Helper()
	s := &services{received: map[string]int64{}, requests: map[string]int{}, gitRoot: t.TempDir()}
	s.sockets, s.uploads, s.rpc = newSockets(), newUploads(), newRPC(t)
	certificate, roots := makeCertificate(t)
	secure := httptest.NewUnstartedServer(s)
	secure.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: []string{"h2", "http/1.1"}}
	secure.EnableHTTP2 = true
	secure.StartTLS()
	plain := httptest.NewServer(s)
	t.Cleanup(func() { secure.Close(); plain.Close() })
	s.hangUp = func() { secure.CloseClientConnections(); plain.CloseClientConnections() }
	s.tls, s.plain, s.roots = secure.Listener.Addr().String(), plain.Listener.Addr().String(), roots
	return s
}

// bytesTo returns how many body bytes ever reached a host.
func (s *services) bytesTo(host string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.received[host]
}

func (s *services) requestsTo(host string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests[host]
}

func (s *services) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	s.mu.Lock()
	s.requests[host]++
	s.mu.Unlock()
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.TeeReader(r.Body, counter(func(n int) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.received[host] += int64(n)
	})), r.Body}
	switch {
	case host == "git.test":
		s.git(w, r)
	case r.URL.Path == sumPath:
		answerSum(w, r)
	case strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
		s.sockets.serve(w, r, host)
	case host == "api2.cursor.sh" || host == "agentn.global.api5.cursor.sh" || host == "www.kimi.com" && strings.HasPrefix(r.URL.Path, "/apiv2/"):
		s.rpc.ServeHTTP(w, r)
	case r.URL.Path == endlessPath:
		answerEndless(w, r)
	case s.uploads.takes(host, r):
		s.uploads.ServeHTTP(w, r)
	case r.URL.Path == "/socket-page":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, socketPage)
	case r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html"):
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, chatPage)
	case r.Method == http.MethodGet:
		fmt.Fprintf(w, "hello from %s over %s to %s", host, r.Proto, r.UserAgent())
	default:
		answerPrompt(w, r)
	}
}

// counter is a writer that counts.
type counter func(int)

func (c counter) Write(p []byte) (int, error) { c(len(p)); return len(p), nil }

// chatPage is a chat as a browser meets it: it sends text and files by fetch, and
// has a form that navigates.
const chatPage = `<!doctype html><meta charset="utf-8"><title>Chat</title><h1>Chat</h1>
<textarea id="prompt"></textarea><button id="send">Send</button><pre id="answer"></pre>
<form id="upload" method="post" action="/backend-api/files" enctype="multipart/form-data"><input type="file" name="file" id="file"><button id="go">Upload</button></form>
<script>
document.getElementById("send").onclick = async () => {
  const out = document.getElementById("answer");
  const response = await fetch("/backend-api/f/conversation", {method: "POST", headers: {"Content-Type": "application/json"},
    body: JSON.stringify({messages: [{author: {role: "user"}, content: {content_type: "text", parts: [document.getElementById("prompt").value]}}]})});
  out.textContent = response.status + " " + await response.text();
};
</script>`

// answerPrompt answers as the service of the path does, streaming when asked.
func answerPrompt(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "short body", http.StatusBadRequest)
		return
	}
	var request struct {
		Stream bool `json:"stream"`
	}
	_ = json.Unmarshal(body, &request)
	if !request.Stream {
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/v1/messages":
			_, _ = io.WriteString(w, `{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Guten Tag."}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2}}`)
		case "/v1/chat/completions":
			_, _ = io.WriteString(w, `{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Guten Tag."},"finish_reason":"stop"}]}`)
		case "/v1/models/gemini-2.5-flash:generateContent":
			_, _ = io.WriteString(w, `{"candidates":[{"content":{"role":"model","parts":[{"text":"Guten Tag."}]},"finishReason":"STOP"}]}`)
		case "/v1/models/gemini-2.5-flash:streamGenerateContent":
			w.Header().Set("Content-Type", "text/event-stream")
			for _, word := range []string{"Guten ", "Tag."} {
				fmt.Fprintf(w, "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":%q}]}}]}\r\n\r\n", word)
			}
		default:
			fmt.Fprintf(w, `{"received":%d,"sum":%q}`, len(body), fmt.Sprintf("%x", sha(body)))
		}
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(w)
	send := func(event, data string) {
		if event != "" {
			fmt.Fprintf(w, "event: %s\n", event)
		}
		fmt.Fprintf(w, "data: %s\n\n", data)
		_ = control.Flush()
	}
	anthropic := r.URL.Path == "/v1/messages"
	if anthropic {
		send("message_start", `{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":1,"output_tokens":0}}}`)
		send("content_block_start", `{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}`)
	}
	for _, word := range []string{"Spring ", "is ", "a ", "balcony ", "away."} {
		time.Sleep(100 * time.Millisecond)
		if anthropic {
			send("content_block_delta", fmt.Sprintf(`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":%q}}`, word))
		} else {
			send("", fmt.Sprintf(`{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":%q}}]}`, word))
		}
	}
	if anthropic {
		send("content_block_stop", `{"type":"content_block_stop","index":0}`)
		send("message_stop", `{"type":"message_stop"}`)
	} else {
		send("", "[DONE]")
	}
}

// git serves repositories with git's own smart HTTP back end.
func (s *services) git(w http.ResponseWriter, r *http.Request) {
	path, err := exec.LookPath("git")
	if err != nil {
		http.Error(w, "no git", http.StatusInternalServerError)
		return
	}
	(&cgi.Handler{Path: path, Args: []string{"http-backend"}, Dir: s.gitRoot,
		Env: []string{"GIT_PROJECT_ROOT=" + s.gitRoot, "GIT_HTTP_EXPORT_ALL=1", "REMOTE_USER=test", "HOME=" + s.gitRoot}}).ServeHTTP(w, r)
}

func (s *services) makeRepository(t *testing.T, name string) {
	t.Helper()
	dir := filepath.Join(s.gitRoot, name)
	for _, args := range [][]string{{"init", "-q", "--bare", "-b", "main", dir}, {"-C", dir, "config", "http.receivepack", "true"}} {
		if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
}

func makeCertificate(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "stand-in"}, DNSNames: serviceNames,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}
