//go:build unix

package proxy

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
)

func TestConnectionsFitTheDescriptorsThatThereAre(t *testing.T) {
	standard := Limits{}.WithDefaults()
	for _, c := range []struct {
		available                uint64
		connections, queue, each int
	}{
		{1 << 20, 20000, 1024, 10000},
		{2*20000 + 2*1024 + 160, 20000, 1024, 10000},
		{2*20000 + 2*1024 + 159, 19999, 1024, 10000},
		{4096, 1712, 256, 856},
		{1024, 368, 64, 184},
		{256, 32, 16, 16},
		{100, 1, 6, 1},
	} {
		got, lowered := FitDescriptors(standard, c.available)
		if got.Connections != c.connections || got.ConnectionQueue != c.queue || got.ClientConnections != c.each || lowered != (c.connections != 20000) {
			t.Errorf("%d: %d connections, %d wait, %d of one client", c.available, got.Connections, got.ConnectionQueue, got.ClientConnections)
		}
		got.Connections, got.ConnectionQueue, got.ClientConnections = standard.Connections, standard.ConnectionQueue, standard.ClientConnections
		if got != standard {
			t.Errorf("%d: other limits changed", c.available)
		}
	}
}

// poorProxy is a proxy in a process of its own that may have only so many files open.
type poorProxy struct {
	Proxy, Admin string // addresses
	CA           []byte
}

const poorFiles = 384

// TestPoorProxy is that process.
func TestPoorProxy(t *testing.T) {
	plan := os.Getenv("DAYLIGHT_POOR_PROXY")
	if plan == "" {
		t.Skip("it is started by others")
	}
	limits := Limits{HeaderTimeout: time.Hour, ConnectionWait: 100 * time.Millisecond}.WithDefaults()
	if plan == "fitted" {
		limits, _ = FitDescriptors(limits, poorFiles)
	}
	var server poorServer
	if err := json.Unmarshal([]byte(os.Getenv("DAYLIGHT_POOR_SERVER")), &server); err != nil {
		t.Fatal(err)
	}
	counts := &counting{}
	p := startProxy(t, func(c *Config, d *Dependencies) {
		c.Limits, c.Upstream.Hosts, c.Upstream.CAFile, d.Counters = limits, server.Hosts, server.CAFile, counts
	})
	admin, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go ServeAdmin(&http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, counts.get("limit descriptors"))
	})}, admin, counts)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: poorFiles, Max: poorFiles}); err != nil {
		t.Fatal(err)
	}
	json.NewEncoder(os.Stderr).Encode(poorProxy{p.addr, admin.Addr().String(), p.ca})
	io.Copy(io.Discard, os.Stdin)
}

type poorServer struct {
	CAFile string
	Hosts  map[string]string
}

func startPoorProxy(t *testing.T, plan string) (p poorProxy, client func() *http.Client) {
	t.Helper()
	return startPoorProxyFor(t, plan, text("hello"))
}

func startPoorProxyFor(t *testing.T, plan string, serve http.Handler) (p poorProxy, client func() *http.Client) {
	t.Helper()
	server := proxytest.NewHTTP1Server(t, serve, "ai.example")
	described, _ := json.Marshal(poorServer{server.CAFile, server.Hosts})
	cmd := exec.Command(os.Args[0], "-test.run=^TestPoorProxy$", "-test.timeout=10m")
	cmd.Env = append(os.Environ(), "DAYLIGHT_POOR_PROXY="+plan, "DAYLIGHT_POOR_SERVER="+string(described))
	in, _ := cmd.StdinPipe()
	out, _ := cmd.StderrPipe()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil || json.Unmarshal(line, &p) != nil {
		t.Fatalf("%s %v", line, err)
	}
	return p, func() *http.Client { return proxytest.Client(t, "http://"+p.Proxy, p.CA) }
}

// hog opens connections with half of a head.
func (p poorProxy) hog(t *testing.T, connections int) (close func()) {
	t.Helper()
	var hogs []net.Conn
	for range connections {
		c, err := net.Dial("tcp", p.Proxy)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, "GET http://ai.example/ HTTP/1.1\r\n")
		hogs = append(hogs, c)
	}
	close = func() {
		for _, c := range hogs {
			c.Close()
		}
	}
	t.Cleanup(close)
	return close
}

// admin asks the admin listener on a new connection for how often descriptors ran out.
func (p poorProxy) admin(t *testing.T) (ranOut int) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
	resp, err := client.Get("http://" + p.Admin + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	fmt.Fscan(resp.Body, &ranOut)
	return ranOut
}

func TestTheAdminListenerAnswersWithoutDescriptors(t *testing.T) {
	p, client := startPoorProxy(t, "unfitted")
	closeHogs := p.hog(t, poorFiles+50)
	eventually(t, func() bool { return p.admin(t) > 0 })
	for range 100 {
		p.admin(t)
	}
	closeHogs()
	if status, body := get(t, client(), "https://ai.example/"); status != 200 || body != "hello" {
		t.Errorf("afterwards %d %q", status, body)
	}
}

// When they have run out all the same, what lies idle is closed: connections of clients that
// ask nothing, and those to servers that are kept in store.
func TestIdleConnectionsGiveTheirDescriptorsUp(t *testing.T) {
	p, client := startPoorProxy(t, "unfitted")
	for range poorFiles + 50 {
		c, err := net.Dial("tcp", p.Proxy)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
	}
	if status, body := get(t, client(), "https://ai.example/"); status != 200 || body != "hello" {
		t.Errorf("beside those that are idle: %d %q", status, body)
	}
	if p.admin(t) == 0 {
		t.Error("descriptors did not run out: the test shows nothing")
	}
}

func TestStoredConnectionsGiveTheirDescriptorsUp(t *testing.T) {
	const stored = 120
	var asked sync.WaitGroup
	asked.Add(stored)
	p, client := startPoorProxyFor(t, "unfitted", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Done()
		asked.Wait() // side by side, so that each has a connection of its own
	}))
	var done sync.WaitGroup
	for range stored {
		done.Go(func() {
			c := client()
			defer c.CloseIdleConnections()
			resp, err := c.Get("https://ai.example/")
			if err != nil {
				t.Error(err)
				return
			}
			resp.Body.Close()
		})
	}
	done.Wait()
	p.hog(t, poorFiles-100) // they do not give way
	c, err := net.Dial("tcp", p.Proxy)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	askOwn(c)
	if got := statusOf(t, c); got != ownAnswer {
		t.Errorf("beside those in store: status %d", got)
	}
	if p.admin(t) == 0 {
		t.Error("descriptors did not run out: the test shows nothing")
	}
}

func TestFittedConnectionsLeaveDescriptorsForServers(t *testing.T) {
	p, _ := startPoorProxy(t, "fitted")
	p.hog(t, 2*poorFiles)
	c, err := net.Dial("tcp", p.Proxy)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	askOwn(c)
	if got := statusOf(t, c); got != http.StatusServiceUnavailable {
		t.Errorf("one too many: status %d", got)
	}
	other := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}})
	transport := proxytest.Client(t, "http://"+p.Proxy, p.CA).Transport.(*http.Transport)
	transport.DialContext = other.DialContext
	if status, body := get(t, &http.Client{Transport: transport}, "https://ai.example/"); status != 200 || body != "hello" {
		t.Errorf("another client: %d %q", status, body)
	}
	if ranOut := p.admin(t); ranOut != 0 {
		t.Errorf("descriptors ran out %d times", ranOut)
	}
}
