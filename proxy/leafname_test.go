package proxy

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"slices"
	"strings"
	"testing"

	"daylight.internal/rules/engine"
)

// helloSNI makes a ClientHello of a name that crypto/tls would not send, by writing
// it in the place of one of the same length.
type helloSNI struct {
	net.Conn
	from, to string
}

func (c *helloSNI) Write(b []byte) (int, error) {
	n, err := c.Conn.Write([]byte(strings.Replace(string(b), c.from, c.to, 1)))
	return min(n, len(b)), err
}

// names returns what a certificate is good for.
func names(c *x509.Certificate) []string {
	out := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		out = append(out, ip.String())
	}
	return out
}

// A client gets a certificate for the host of its CONNECT or for the name in its
// ClientHello, and for one of them; for nothing that is no name, and nothing of ours.
func TestTheCertificateIsForWhatWasAskedFor(t *testing.T) {
	p := startProxy(t, nil)
	p.decide = func(host, sni string) engine.TunnelDecision {
		if strings.Contains(host+" "+sni, "refused") {
			return engine.Refuse
		}
		return engine.Intercept
	}
	tests := []struct {
		name, authority, sni string
		want                 string // "" for no certificate
	}{
		{"the same", "ai.example:443", "ai.example", "ai.example"},
		{"upper case", "AI.example.:443", "AI.Example", "ai.example"},
		{"no SNI", "ai.example:443", "", "ai.example"},
		{"another name", "ai.example:443", "other.example", "other.example"},
		{"an address and a name", "93.184.216.34:443", "ai.example", "ai.example"},
		{"an address", "93.184.216.34:443", "", "93.184.216.34"},
		{"an IPv6 address", "[2606:4700::1111]:443", "", "2606:4700::1111"},
		{"a mapped address", "[::ffff:93.184.216.34]:443", "", "93.184.216.34"},
		{"an address in the SNI", "ai.example:443", "10.11.12.13", "ai.example"},
		{"another address in the SNI", "93.184.216.34:443", "10.11.12.13", "93.184.216.34"},
		{"a wildcard", "ai.example:443", "*.example", "ai.example"},
		{"a space", "ai.example:443", "a b.example", "ai.example"},
		{"NUL", "ai.example:443", "bank.example\x00.evil.example", "ai.example"},
		{"a line break", "ai.example:443", "a\r\nb.example", "ai.example"},
		{"an empty label", "ai.example:443", "a..example", "ai.example"},
		{"no ASCII", "ai.example:443", "b\xc3\xa4nk.example", "ai.example"},
		{"a label that is too long", "ai.example:443", strings.Repeat("a", 64) + ".example", "ai.example"},
		{"a name that is too long", "ai.example:443", strings.Repeat("a.", 126) + "example", "ai.example"},
		{"an odd spelling of an address", "ai.example:443", "0x7f.1", "ai.example"},
		{"the proxy's pages", "daylight.internal:443", "daylight.internal", "daylight.internal"},
		{"the proxy's pages by another name", "daylight.internal:443", "bank.example", "daylight.internal"},
		{"the proxy's name for a server", "ai.example:443", "daylight.internal", ""},
		{"a name that is refused", "ai.example:443", "refused.example", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			issued := p.issuer.Issued()
			stand := strings.Repeat("q", len(test.sni)) // what crypto/tls sends without complaint
			c := tls.Client(&helloSNI{p.openTunnel(t, test.authority), stand, test.sni}, &tls.Config{
				InsecureSkipVerify: true, ServerName: stand, MaxVersion: tls.VersionTLS12, // of which no hash covers the hello before the certificate
			})
			var got []string
			_ = c.Handshake() // it fails in the end, for what was written in between
			if certificates := c.ConnectionState().PeerCertificates; len(certificates) > 0 {
				got = names(certificates[0])
			}
			want := []string{test.want}
			if test.want == "" {
				want = nil
			}
			if !slices.Equal(got, want) {
				t.Errorf("a certificate for %q, want %q", got, want)
			}
			if test.want == "" && p.issuer.Issued() != issued {
				t.Error("a certificate was signed")
			}
		})
	}
	if issued := p.issuer.Issued(); issued != 5 {
		t.Errorf("%d certificates for 5 names", issued)
	}
}

func TestNoCertificateForAConnectThatWasRefused(t *testing.T) {
	p := startProxy(t, nil)
	p.decide = always(engine.Refuse)
	c, resp := p.connect(t, "ai.example:443")
	if resp.StatusCode == 200 {
		t.Fatal("it was not refused")
	}
	if err := tls.Client(c, &tls.Config{InsecureSkipVerify: true, ServerName: "ai.example"}).Handshake(); err == nil || p.issuer.Issued() > 0 {
		t.Errorf("%d certificates, %v", p.issuer.Issued(), err)
	}
}
