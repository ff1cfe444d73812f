package main

import (
	"io"
	"net"
	"net/netip"
	"reflect"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"daylight.internal/proxy"
)

func TestTheLogSaysWhatToDoForAClientAtItsLimit(t *testing.T) {
	const (
		ofAnAddress = "if many people have this address, as behind a NAT gateway, a terminal server or a balancer, name it in proxy.shared_networks"
		ofAUser     = "if many people sign in as this user, give them users of their own, or raise the limit"
	)
	core, logs := observer.New(zapcore.WarnLevel)
	s := &server{logger: zap.New(core)}
	for _, c := range []struct {
		client, user string
		want         map[string]any
	}{
		{"10.20.0.1/32", "", map[string]any{"client": "10.20.0.1", "limit": "client_tunnels", "value": int64(5000), "hint": ofAnAddress}},
		{"2001:db8::/64", "", map[string]any{"client": "2001:db8::/64", "limit": "client_tunnels", "value": int64(5000), "hint": ofAnAddress}},
		{"10.20.0.1/32", "ana", map[string]any{"client": "10.20.0.1", "user": "ana", "limit": "client_tunnels", "value": int64(5000), "hint": ofAUser}},
		{"10.20.0.1/32", "\u202eana\u009b2J", map[string]any{"client": "10.20.0.1", "user": "·ana·2J", "limit": "client_tunnels", "value": int64(5000), "hint": ofAUser}},
	} {
		s.warnOfClient(proxy.ClientAtLimit{Client: netip.MustParsePrefix(c.client), User: c.user, Limit: "client_tunnels", Value: 5000})
		told := logs.TakeAll()
		if len(told) != 1 || !reflect.DeepEqual(told[0].ContextMap(), c.want) {
			t.Errorf("%s %s: %v, want %v", c.client, c.user, told, c.want)
		}
	}
}

func TestRunWarnsOfAClientAtItsLimit(t *testing.T) {
	d := startRun(t, "--set", "limits.client_connections=1")
	for range 2 {
		c, err := net.Dial("tcp", d.player.proxy.Host)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		_, _ = io.WriteString(c, "GET http://daylight.internal/ HTTP/1.1\r\n") // it is waited for
	}
	d.awaitMatch(`WARN  (a client has reached a limit per client).*"client_connections", "value": 1, "client": "127\.0\.0\.1".*shared_networks`)
}
