//go:build unix

package main

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"
	"time"
)

// Networks that the configuration allows do not open the admin listener to clients.
func TestTheAdminListenerIsNotReachedThroughTheProxy(t *testing.T) {
	d := startRun(t, "--set", "upstream.allow_networks=[127.0.0.0/8]")
	client := &http.Client{Timeout: patience, Transport: &http.Transport{
		Proxy: http.ProxyURL(d.player.proxy), TLSClientConfig: &tls.Config{RootCAs: d.player.roots}, DisableKeepAlives: true,
	}}
	for _, ask := range []func() (*http.Response, error){
		func() (*http.Response, error) { return client.Get(d.admin + "/metrics") },
		func() (*http.Response, error) { return client.Post(d.admin+"/-/reload", "", nil) },
		func() (*http.Response, error) { return client.Get(d.player.proxy.String() + "/ca.pem") },
	} {
		resp, err := ask()
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %s", resp.Request.URL, resp.Status)
		}
	}
	own, err := http.Get(d.admin + "/metrics") // it is there
	if err != nil {
		t.Fatal(err)
	}
	own.Body.Close()
	if own.StatusCode != http.StatusOK {
		t.Errorf("directly: %s", own.Status)
	}
}

// Where the system allows few open files, the start says so and goes on with what fits.
func TestTheConnectionsFitTheOpenFilesOfTheSystem(t *testing.T) {
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &before); err != nil {
		t.Fatal(err)
	}
	few := before
	if few.Cur = 1024; few.Cur > before.Max {
		t.Skip("the system allows even less")
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &few); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &before) })
	d := startRun(t, "--set", "limits.header_timeout=1h")
	d.awaitMatch(`(too few open files.*"open_files": ?1024, "connections": ?368, "configured": ?20000)`)
	const most = 184 // of one client
	answers := make(chan int, most+1)
	for range most + 1 { // whichever comes to be the last
		c := half(t, d.player.proxy.Host)
		go func() {
			if resp, err := http.ReadResponse(bufio.NewReader(c), nil); err == nil {
				answers <- resp.StatusCode
			}
		}()
	}
	select {
	case status := <-answers:
		if status != http.StatusServiceUnavailable {
			t.Errorf("one too many: status %d", status)
		}
	case <-time.After(patience):
		t.Error("one too many is not answered")
	}
}

// half sends half of a head, so that its connection has a place for as long as a head may take.
func half(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, "GET http://chatgpt.com/ HTTP/1.1\r\n"); err != nil {
		t.Fatal(err)
	}
	return c
}
