package proxy

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// nameServer is a DNS server on loopback. Its answers live for no second, as those
// of one who means to change them.
type nameServer struct {
	// answers returns the addresses of a name, in lower case and without the final dot, for the nth question.
	answers func(name string, nth int) []string

	conn  net.PacketConn
	mu    sync.Mutex
	asked map[dnsmessage.Question]int
}

func startNameServer(t *testing.T, answers func(name string, nth int) []string) *nameServer {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	s := &nameServer{answers: answers, conn: conn, asked: map[dnsmessage.Question]int{}}
	go s.serve()
	return s
}

// resolver returns a resolver that asks this server.
func (s *nameServer) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", s.conn.LocalAddr().String())
	}}
}

func (s *nameServer) serve() {
	buf := make([]byte, 4096)
	for {
		n, from, err := s.conn.ReadFrom(buf)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
			continue
		}
		answer, err := s.answer(m)
		if err != nil {
			panic(err)
		}
		s.conn.WriteTo(answer, from)
	}
}

func (s *nameServer) answer(m dnsmessage.Message) ([]byte, error) {
	q := m.Questions[0]
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	for _, text := range s.answers(strings.TrimSuffix(strings.ToLower(q.Name.String()), "."), s.nth(q)) {
		ip := netip.MustParseAddr(text)
		var body dnsmessage.ResourceBody = &dnsmessage.AAAAResource{AAAA: ip.As16()}
		kind := dnsmessage.TypeAAAA
		if ip.Is4() {
			body, kind = &dnsmessage.AResource{A: ip.As4()}, dnsmessage.TypeA
		}
		if kind == q.Type {
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 0}, Body: body})
		}
	}
	return m.Pack()
}

// nth counts the questions for a name and a type.
func (s *nameServer) nth(q dnsmessage.Question) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[q]++
	return s.asked[q] - 1
}

// questions returns how often addresses of a name were asked for, of IPv4.
func (s *nameServer) questions(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for q, n := range s.asked {
		if q.Type == dnsmessage.TypeA && strings.EqualFold(strings.TrimSuffix(q.Name.String(), "."), name) {
			return n
		}
	}
	return 0
}
