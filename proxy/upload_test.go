package proxy

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
)

func TestALargeUploadArrivesWhole(t *testing.T) {
	const size = 8 << 20
	handler := func(w http.ResponseWriter, r *http.Request) {
		hash := sha256.New()
		n, err := io.Copy(hash, r.Body)
		fmt.Fprintf(w, "%d %x %d %v", n, hash.Sum(nil), r.ContentLength, err)
	}
	hash := sha256.New()
	io.CopyN(hash, neverEnding('!'), size)
	for name, way := range ways(t, handler) {
		for _, length := range []int64{size, -1} {
			t.Run(fmt.Sprintf("%s, length %d", name, length), func(t *testing.T) {
				_, client, url := way(t)
				r, _ := http.NewRequest("POST", url, io.LimitReader(neverEnding('!'), size))
				r.ContentLength = length
				resp, err := client.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				got, _ := io.ReadAll(resp.Body)
				if want := fmt.Sprintf("%d %x %d <nil>", size, hash.Sum(nil), length); string(got) != want {
					t.Errorf("got %s, want %s", got, want)
				}
			})
		}
	}
}

// A client that sends everything before it reads sees the answer, not a reset; one
// that sends without end is cut off.
func TestABlockedUploadIsAnswered(t *testing.T) {
	reached := 0
	handler := func(http.ResponseWriter, *http.Request) { reached++ }
	for name, way := range ways(t, handler) {
		for _, size := range []int64{1 << 10, 3 << 20, 512 << 20} {
			t.Run(fmt.Sprintf("%s, %d bytes", name, size), func(t *testing.T) {
				p, client, url := way(t)
				p.onRequest = func(r *http.Request) *http.Response { return p.failure(r, http.StatusForbidden, "no") }
				var sent atomic.Int64
				r, _ := http.NewRequest("POST", url, io.TeeReader(io.LimitReader(neverEnding('!'), size), adder{&sent}))
				r.ContentLength = size
				resp, err := client.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				if body, err := io.ReadAll(resp.Body); resp.StatusCode != http.StatusForbidden || err != nil || len(body) == 0 {
					t.Errorf("%s %q %v", resp.Status, body, err)
				}
				if n := sent.Load(); n > 64<<20 { // what is drained, and what buffers hold
					t.Errorf("%d bytes were taken", n)
				}
			})
		}
	}
	if reached > 0 {
		t.Errorf("%d blocked requests reached the server", reached)
	}
}

// adder adds up the bytes that are written to it.
type adder struct{ *atomic.Int64 }

func (a adder) Write(b []byte) (int, error) {
	a.Add(int64(len(b)))
	return len(b), nil
}

// A server that answers before the end of a body leaves the connection usable.
func TestAnEarlyAnswerDoesNotCostTheConnection(t *testing.T) {
	server := proxytest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "enough", http.StatusRequestEntityTooLarge)
	}), "ai.example")
	p := startProxy(t, nil, server)
	p.onRequest = func(r *http.Request) *http.Response { return p.failure(r, http.StatusForbidden, "unread") }
	c := p.openInner(t, "ai.example:443")
	for range 3 {
		io.WriteString(c, "POST / HTTP/1.1\r\nHost: ai.example\r\nContent-Length: 4\r\n\r\nbody")
		resp := readResponse(t, c)
		if resp.StatusCode != http.StatusForbidden || resp.Close {
			t.Errorf("%s, close %v", resp.Status, resp.Close)
		}
	}
}

// Many simple clients write the whole request before they read a byte.
func TestAClientThatWritesAllFirstSeesTheAnswer(t *testing.T) {
	p := startProxy(t, nil)
	p.onRequest = func(r *http.Request) *http.Response { return p.failure(r, http.StatusForbidden, "no") }
	const size = 3 << 20
	c := p.dial(t)
	fmt.Fprintf(c, "POST http://ai.example/ HTTP/1.1\r\nHost: ai.example\r\nContent-Length: %d\r\n\r\n", size)
	body := io.LimitReader(neverEnding('!'), size)
	for buf := make([]byte, 64<<10); ; time.Sleep(20 * time.Millisecond) { // longer than net/http lingers
		n, err := body.Read(buf)
		if err == io.EOF {
			break
		}
		if _, err := c.Write(buf[:n]); err != nil {
			t.Fatalf("cut off while sending: %v", err)
		}
	}
	if resp := readResponse(t, c); resp.StatusCode != http.StatusForbidden {
		t.Errorf("%s", resp.Status)
	}
}
