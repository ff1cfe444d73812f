package faults_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules"
)

// Names that no server of the tests has.
const (
	unknownName = "nowhere.example"
	silentName  = "silence.example" // the name server never answers
)

// reachFaults are those of a server that cannot be reached.
var reachFaults = []fault{
	{name: "the server refuses the connection", arrange: func(s *setup) {
		s.hosts[faulty+":443"] = proxytest.FreeAddress(s.t)
		s.hosts[faulty+":80"] = s.hosts[faulty+":443"]
	}},
	{name: "the name does not resolve", host: unknownName, arrange: func(*setup) {}},
	{name: "the name server never answers", host: silentName, hasty: true, arrange: func(s *setup) { s.proxy.Limits.DialTimeout = hasty }},
}

// TestMain puts a name server of our own in place of the machine's.
func TestMain(m *testing.M) {
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go answerNames(server)
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", server.LocalAddr().String())
	}}
	os.Exit(m.Run())
}

// answerNames knows no name, and is silent when it is asked for the one.
func answerNames(c net.PacketConn) {
	packet := make([]byte, 512)
	for {
		n, from, err := c.ReadFrom(packet)
		if err != nil {
			return
		}
		var query dnsmessage.Message
		if query.Unpack(packet[:n]) != nil || len(query.Questions) == 0 || strings.HasPrefix(query.Questions[0].Name.String(), silentName) {
			continue
		}
		query.Response, query.RCode, query.Additionals = true, dnsmessage.RCodeNameError, nil
		if answer, err := query.Pack(); err == nil {
			c.WriteTo(answer, from)
		}
	}
}

// ownFaults are those of the machine and of Daylight itself.
var ownFaults = []fault{
	{name: "the disk is full", body: strings.Repeat(prompt+"\n", 30_000), absent: only("nothing is held", http1, http2, sse, plain),
		arrange: func(s *setup) {
			s.proxy.Limits.HoldMemoryBytes = 64 << 10
			s.judge.TempDir = smallDisk(s.t)
		}},
	{name: "the disk is full, and the rule blocks on error", body: strings.Repeat(prompt+"\n", 30_000), absent: only("nothing is held", http1, http2, sse, plain),
		arrange: func(s *setup) {
			s.proxy.Limits.HoldMemoryBytes = 64 << 10
			s.judge.TempDir, s.onError = smallDisk(s.t), rules.OnErrorBlock
		}},
	{name: "a sink takes nothing", arrange: blockedSink},
	{name: "the clock jumps back at each look", arrange: jumpingClock},
	{name: "an evaluation panics", absent: map[protocol]string{tunnel: "nothing is read", webSocket: "the head alone has nothing to evaluate; socket_test.go has messages"},
		arrange: func(s *setup) { s.panics = true }},
	{name: "an evaluation panics, and the rule lets through", absent: map[protocol]string{tunnel: "nothing is read", webSocket: "the head alone has nothing to evaluate; onerror_test.go has messages"},
		arrange: func(s *setup) { s.panics, s.onError = true, rules.OnErrorAllow }},
}

// jumpingClock is a wall clock, without a monotonic reading, that is set back by an
// hour each time that somebody looks.
func jumpingClock(s *setup) {
	var looks atomic.Int64
	s.judge.Now = func() time.Time {
		return time.Now().Round(0).Add(-time.Duration(looks.Add(1)) * time.Hour)
	}
}

// blockedSink adds an event file that is a pipe which nobody reads.
func blockedSink(s *setup) {
	name := filepath.Join(s.t.TempDir(), "events")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		s.t.Skip(err)
	}
	reader, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	reader.SetWriteDeadline(time.Now().Add(200 * time.Millisecond))
	for err == nil { // until it is full
		_, err = reader.Write(make([]byte, 4096))
	}
	var file *audit.File
	s.lateSink = func(dropped func(string)) audit.Sink {
		file, err = audit.OpenFile(name, audit.FileOptions{Queue: 1, Flush: time.Hour, Dropped: dropped})
		if err != nil {
			s.t.Fatal(err)
		}
		file.Record(audit.Event{}) // takes the only place
		return file
	}
	s.finishing = func() {
		go func() {
			b := make([]byte, 4096)
			for {
				if _, err := reader.Read(b); err != nil {
					return
				}
			}
		}()
		if err := file.Close(); err != nil {
			s.t.Errorf("closing the event file: %v", err)
		}
		reader.Close()
	}
}
