//go:build unix

package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
	"testing"
)

// A load balancer sends nobody any more, and nothing restarts what still serves.
func TestWhileItDrainsItIsAliveAndNotReady(t *testing.T) {
	d := startRun(t, "--drain", "10m")
	conn, err := net.Dial("tcp", d.player.proxy.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET http://daylight.internal/proxy.pac HTTP/1.1\r\nHost: daylight.internal\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil {
		t.Fatal(err)
	}
	if got := d.adminStatus("/readyz"); got != http.StatusOK {
		t.Errorf("before: %d", got)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	d.await("the end of readiness", func() bool { return d.adminStatus("/readyz") == http.StatusServiceUnavailable })
	if got := d.adminStatus("/healthz"); got != http.StatusOK {
		t.Errorf("it is no longer alive: %d", got)
	}
	if err := conn.Close(); err != nil { // the last client
		t.Fatal(err)
	}
	if code := d.exitCode(); code != exitFine {
		t.Errorf("exit code %d", code)
	}
}

// adminStatus asks for a page of the admin listener; 0 when there is none.
func (d *daylight) adminStatus(path string) int {
	resp, err := http.Get(d.admin + path)
	if err != nil {
		return 0
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}
