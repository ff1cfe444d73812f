package proxy

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
)

// answeringServer reads requests and sends the same bytes for each, on a connection that it keeps.
func answeringServer(t testing.TB, answer string) *proxytest.Server {
	t.Helper()
	address := tcpServerFor(t, func(c net.Conn) {
		defer c.Close()
		in := bufio.NewReader(c)
		for {
			r, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			io.Copy(io.Discard, r.Body)
			if _, err := io.WriteString(c, answer); err != nil {
				return
			}
		}
	})
	return &proxytest.Server{Hosts: map[string]string{"ai.example:80": address}}
}

func tcpServerFor(t testing.TB, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return l.Addr().String()
}

// What a server answers is made plain or refused: the client can read it in one way only.
func TestResponsesWithTwoReadings(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	for _, c := range []struct {
		name, method, answer string
		want                 string // the status line, fields but Date, and body; or the reason of our 502
	}{
		{"a good one", "GET", ok + "Content-Length: 2\r\n\r\nok", "200 OK|Content-Length: 2||ok"},
		{"two equal lengths", "GET", ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok", "200 OK|Content-Length: 2||ok"},
		{"two different lengths", "GET", ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nokk", "server_protocol"},
		{"length in a list", "GET", ok + "Content-Length: 2, 2\r\n\r\nok", "server_protocol"},
		{"length with a sign", "GET", ok + "Content-Length: +2\r\n\r\nok", "server_protocol"},
		{"length and coding", "GET", ok + "Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "200 OK|Transfer-Encoding: chunked||2|ok|0||"},
		{"unknown coding", "GET", ok + "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "server_protocol"},
		{"HTTP/0.9", "GET", "<html>hello</html>\r\n", "server_protocol"},
		{"another protocol", "GET", "SSH-2.0-x\r\n", "server_protocol"},
		{"101 that nobody asked for", "GET", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nevil", "server_protocol"},
		{"NUL in a value", "GET", ok + "X-A: b\x00c\r\nContent-Length: 2\r\n\r\nok", "server_protocol"},
		{"CR in a value", "GET", ok + "X-A: b\rX-B: c\r\nContent-Length: 2\r\n\r\nok", "server_protocol"},
		{"folded line", "GET", ok + "X-A: b\r\n c\r\nContent-Length: 2\r\n\r\nok", "200 OK|Content-Length: 2|X-A: b c||ok"},
		{"space before the colon", "GET", ok + "X-A : b\r\nContent-Length: 2\r\n\r\nok", "200 OK|Content-Length: 2||ok"},
		{"body of 204", "GET", "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nevil", "204 No Content||"},
		{"body of 304", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nevil", "304 Not Modified||"},
		{"body of HEAD", "HEAD", ok + "Content-Length: 4\r\n\r\nevil", "200 OK|Content-Length: 4||"},
		{"many 1xx", "GET", strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 101) + ok + "Content-Length: 2\r\n\r\nok", "server_protocol"},
		{"NUL and CR in a trailer", "GET", ok + "Transfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n2\r\nok\r\n0\r\nX-A: b\x00c\rd\r\n\r\n", "200 OK|Trailer: X-A|Transfer-Encoding: chunked||2|ok|"}, // and cut
		{"fields of one connection", "GET", ok + "Connection: X-A\r\nX-A: b\r\nKeep-Alive: 5\r\nContent-Length: 2\r\n\r\nok", "200 OK|Content-Length: 2||ok"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := startProxy(t, nil, answeringServer(t, c.answer))
			conn := p.dial(t)
			conn.SetReadDeadline(time.Now().Add(20 * time.Second)) // only where something is wrong
			fmt.Fprintf(conn, "%s http://ai.example/ HTTP/1.1\r\nHost: ai.example\r\nConnection: close\r\n\r\n", c.method)
			answer, err := io.ReadAll(conn)
			if err != nil {
				t.Fatal(err)
			}
			if got := plainAnswer(string(answer)); got != c.want {
				t.Errorf("client got %q, want %q", got, c.want)
			}
		})
	}
}

// plainAnswer drops the 1xx, Date and Connection from an answer; of ours it leaves the reason.
func plainAnswer(answer string) string {
	for strings.HasPrefix(answer, "HTTP/1.1 1") {
		_, answer, _ = strings.Cut(answer, "\r\n\r\n")
	}
	if _, rest, found := strings.Cut(answer, `"reason":"`); found {
		reason, _, _ := strings.Cut(rest, `"`)
		return reason
	}
	var out []string
	for line := range strings.SplitSeq(strings.TrimPrefix(answer, "HTTP/1.1 "), "\r\n") {
		if !strings.HasPrefix(line, "Date: ") && line != "Connection: close" {
			out = append(out, line)
		}
	}
	return strings.Join(out, "|")
}

// An answer that stands behind another on a connection to a server belongs to nobody.
// The transport of net/http gives it to the next request if that comes in the moment before it looks.
func TestAnAnswerThatNobodyAskedForReachesNobody(t *testing.T) {
	for name, answer := range map[string]string{
		"behind a body": "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison",
		"behind a head": "HTTP/1.1 204 No Content\r\n\r\n" + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison",
	} {
		t.Run(name, func(t *testing.T) {
			log.SetOutput(io.Discard) // net/http tells of each, as cmd/daylight does not let it
			defer log.SetOutput(os.Stderr)
			p := startProxy(t, nil, answeringServer(t, answer))
			var clients sync.WaitGroup
			for range 8 {
				clients.Go(func() {
					client := p.client()
					for range 100 {
						resp, err := client.Get("http://ai.example/")
						if err != nil {
							t.Error(err)
							return
						}
						body, _ := io.ReadAll(resp.Body)
						resp.Body.Close()
						if string(body) == "poison" {
							t.Error("a client got the answer that nobody asked for")
							return
						}
					}
				})
			}
			clients.Wait()
		})
	}
}

// The same without luck: bytes that are left over are known before the next request is written.
func TestATurnBeginsWhenTheLastHasEnded(t *testing.T) {
	for _, c := range []struct {
		name    string
		before  func(*turn)
		claimed bool
	}{
		{"the transport waits for new bytes", func(u *turn) { u.beginRead() }, true},
		{"it comes to wait meanwhile", func(u *turn) { go u.beginRead() }, true},
		{"it has found what is left over, and hangs up", func(u *turn) { go u.close() }, false},
		{"it waited, and hangs up", func(u *turn) { u.beginRead(); u.close() }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var u turn
			c.before(&u)
			if got := u.claim(); got != c.claimed {
				t.Errorf("claimed %v", got)
			}
		})
	}
}

func TestAServerThatSpeaksBeforeItIsAskedIsNotHeard(t *testing.T) {
	var u turn
	u.beginRead()
	if !u.claim() || u.endRead(1) {
		t.Error("bytes before the request are taken for its answer")
	}
	u.write()
	u.beginRead()
	if !u.endRead(1) {
		t.Error("the answer is not heard")
	}
}
