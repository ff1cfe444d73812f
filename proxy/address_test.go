package proxy

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"
)

func TestWhichAddressesMayBeDialled(t *testing.T) {
	own := []netip.AddrPort{netip.MustParseAddrPort("0.0.0.0:8080"), netip.MustParseAddrPort("93.184.216.40:9000"), netip.MustParseAddrPort("[::ffff:93.184.216.41]:9001")}
	policy := addressPolicy{forbidden: forbidden(), never: func() []netip.AddrPort { return own }}
	tests := []struct{ address, allow, want string }{
		{"93.184.216.34:443", "", ""},
		{"[2606:4700::1111]:443", "", ""},
		{"127.0.0.1:80", "", "forbidden_address"},
		{"127.8.8.8:80", "", "forbidden_address"},
		{"[::1]:80", "", "forbidden_address"},
		{"[::ffff:127.0.0.1]:80", "", "forbidden_address"},
		{"0.0.0.0:80", "", "forbidden_address"},
		{"0.1.2.3:80", "", "forbidden_address"},
		{"[::]:80", "", "forbidden_address"},
		{"169.254.169.254:80", "", "forbidden_address"},
		{"[fd00:ec2::254]:80", "", "forbidden_address"},
		{"168.63.129.16:80", "", "forbidden_address"},
		{"100.100.100.200:80", "", "forbidden_address"},
		{"192.0.0.192:80", "", "forbidden_address"},
		{"[fe80::1]:80", "", "forbidden_address"},
		{"[fe80::1%eth0]:80", "", "forbidden_address"},
		{"10.1.2.3:80", "", "forbidden_address"},
		{"172.16.0.1:80", "", "forbidden_address"},
		{"192.168.0.1:80", "", "forbidden_address"},
		{"100.64.0.1:80", "", "forbidden_address"},
		{"198.18.0.1:80", "", "forbidden_address"},
		{"[fc00::1]:80", "", "forbidden_address"},
		{"224.0.0.1:80", "", "forbidden_address"},
		{"[ff02::1]:80", "", "forbidden_address"},
		{"255.255.255.255:80", "", "forbidden_address"},
		{"240.0.0.1:80", "", "forbidden_address"},
		{"[64:ff9b::10.0.0.1]:80", "", "forbidden_address"},
		{"[64:ff9b::93.184.216.34]:80", "", ""},
		{"[64:ff9b:1::7f00:1]:80", "", "forbidden_address"},
		{"[2001:0:1::80ff:fffe]:80", "", "forbidden_address"},
		{"[2002:7f00:1::]:80", "", "forbidden_address"},
		{"10.1.2.3:80", "10.0.0.0/8", ""},
		{"[::ffff:10.1.2.3]:80", "10.0.0.0/8", ""},
		{"[64:ff9b::10.0.0.1]:80", "10.0.0.0/8", ""},
		{"10.1.2.3:80", "10.2.0.0/16", "forbidden_address"},
		{"127.0.0.1:8080", "127.0.0.0/8", "own_listener"},
		{"127.0.0.1:8081", "127.0.0.0/8", ""},
		{"93.184.216.40:9000", "", "own_listener"},
		{"93.184.216.40:443", "", ""},
		{"93.184.216.41:9001", "", "own_listener"},
		{"[::ffff:93.184.216.41]:9001", "", "own_listener"},
		{"0.0.0.0:8080", "0.0.0.0/0", "own_listener"},
		{"0.0.0.0:9000", "0.0.0.0/0", "own_listener"},
		{"[::]:9000", "::/0", "own_listener"},
		{"[64:ff9b::7f00:1]:8080", "0.0.0.0/0", "own_listener"},
		{"[64:ff9b::5db8:d828]:9000", "", "own_listener"},
		{"[2002:5db8:d828::1]:9000", "", "own_listener"},
		{"[::127.0.0.1]:80", "", "forbidden_address"},
		{"[::127.0.0.1]:80", "127.0.0.0/8", "forbidden_address"},
		{"[::1]:80", "::1/128", ""},
		{"[::ffff:0:127.0.0.1]:80", "", "forbidden_address"},
		{"[64:ff9b:1::a00:1]:80", "10.0.0.0/8", "forbidden_address"},
		{"[64:ff9b:1::808:808]:80", "", "forbidden_address"},
		{"[64:ff9b:1::a00:1]:80", "64:ff9b:1::/48", ""}, // nobody can tell where 10.0.0.1 is in it: as documented
		{"[64:ff9b:1:1::a00:1]:80", "64:ff9b:1::/64", "forbidden_address"},
		{"[2606:4700::5efe:10.0.0.1]:80", "", "forbidden_address"},
		{"[2606:4700::200:5efe:10.0.0.1]:80", "", "forbidden_address"},
		{"[2606:4700::200:5efe:93.184.216.34]:80", "", ""},
		{"[2002:5db8:d822::1]:443", "", ""},
		{"[2001:0:5db8:d822::f5ff:fffe]:443", "2001::/32", "forbidden_address"}, // the client is 10.0.0.1
		{"[fec0::1]:80", "", "forbidden_address"},
		{"[5f00::1]:80", "", "forbidden_address"},
		{"[4000::1]:80", "", "forbidden_address"},
		{"[2001:db8::1]:80", "", "forbidden_address"},
		{"[3fff:1::1]:80", "", "forbidden_address"},
		{"192.0.2.1:80", "", "forbidden_address"},
		{"198.51.100.1:80", "", "forbidden_address"},
		{"203.0.113.1:80", "", "forbidden_address"},
		{"192.88.99.1:80", "", "forbidden_address"},
	}
	for _, test := range tests {
		policy.allowed = nil
		if test.allow != "" {
			policy.allowed = []netip.Prefix{netip.MustParsePrefix(test.allow)}
		}
		if got := policy.check(netip.MustParseAddrPort(test.address)); got != test.want {
			t.Errorf("%s with %q allowed: %q, want %q", test.address, test.allow, got, test.want)
		}
	}
}

// The check is of the address that is dialled, so a name cannot hide it.
func TestAForbiddenServerIsNotReached(t *testing.T) {
	_, port, _ := net.SplitHostPort(tcpServer(t, answer))
	p := startProxy(t, nil)
	client := p.client()
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]"} {
		for _, scheme := range []string{"http://", "https://"} {
			status, body := get(t, client, scheme+host+":"+port+"/")
			if status != http.StatusForbidden {
				t.Errorf("%s%s: %d %s", scheme, host, status, body)
			}
		}
	}
}

func TestAStaticAnswerIsPermissionForThatAddressOnly(t *testing.T) {
	server := tcpServer(t, answer)
	other := tcpServer(t, answer)
	p := startProxy(t, withHost("here.example:80", server))
	if status, _ := get(t, p.client(), "http://here.example/"); status != 200 {
		t.Errorf("the static answer: %d", status)
	}
	if status, _ := get(t, p.client(), "http://"+server+"/"); status != 403 {
		t.Errorf("its address without the name: %d", status)
	}
	if status, _ := get(t, p.client(), "http://"+other+"/"); status != 403 {
		t.Errorf("another address: %d", status)
	}
}

func TestTheProxyDoesNotDialItself(t *testing.T) {
	p := startProxy(t, func(c *Config, _ *Dependencies) {
		c.Upstream.AllowNetworks = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		c.Upstream.Forbid = []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:1")}
	})
	for _, address := range []string{p.addr, "127.0.0.1:1"} {
		if status, _ := get(t, p.client(), "http://"+address+"/"); status != 403 {
			t.Errorf("%s: %d", address, status)
		}
	}
}

// answer answers one request.
func answer(c net.Conn) {
	if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	}
}
