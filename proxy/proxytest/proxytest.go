// Package proxytest has stand-in servers with true host names, and clients that
// go through a proxy, for tests through real sockets.
package proxytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Server is a stand-in for TLS servers of any names.
type Server struct {
	*httptest.Server
	// CAFile is a PEM file with the root that signed its certificate; for Upstream.CAFile.
	CAFile string
	// Hosts sends each name, on port 443, to the server; for Upstream.Hosts.
	Hosts map[string]string
}

// NewServer starts a TLS server for the names, with HTTP/1.1 and HTTP/2. It is closed with the test.
func NewServer(t testing.TB, handler http.Handler, names ...string) *Server {
	t.Helper()
	return start(t, handler, true, names)
}

// NewHTTP1Server is NewServer without HTTP/2.
func NewHTTP1Server(t testing.TB, handler http.Handler, names ...string) *Server {
	t.Helper()
	return start(t, handler, false, names)
}

func start(t testing.TB, handler http.Handler, http2 bool, names []string) *Server {
	t.Helper()
	certificate, root := Certificate(t, names...)
	s := &Server{Server: httptest.NewUnstartedServer(handler), Hosts: make(map[string]string, len(names))}
	s.EnableHTTP2 = http2
	s.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(func() {
		s.CloseClientConnections() // tests leave connections open on purpose
		s.Close()
	})
	s.CAFile = filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(s.CAFile, root, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		s.Hosts[net.JoinHostPort(name, "443")] = s.Listener.Addr().String()
	}
	return s
}

// Certificate returns a certificate for the names and the PEM of the root that
// signed it.
func Certificate(t testing.TB, names ...string) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "stand-in root"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	rootDER := sign(t, root, root, key)
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: root.NotBefore, NotAfter: root.NotAfter,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else {
			leaf.DNSNames = append(leaf.DNSNames, name)
		}
	}
	return tls.Certificate{Certificate: [][]byte{sign(t, leaf, root, key)}, PrivateKey: key},
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: rootDER})
}

func sign(t testing.TB, template, parent *x509.Certificate, key *ecdsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// Client returns a client that goes through the proxy at proxyURL and trusts only the
// roots in caPEM. It speaks HTTP/1.1 and HTTP/2. It is closed with the test.
func Client(t testing.TB, proxyURL string, caPEM []byte) *http.Client {
	t.Helper()
	proxy, err := url.Parse(proxyURL)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(caPEM)
	transport := &http.Transport{
		Proxy:              http.ProxyURL(proxy),
		TLSClientConfig:    &tls.Config{RootCAs: roots},
		ForceAttemptHTTP2:  true,
		DisableCompression: true,
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 2 * time.Minute}
}
