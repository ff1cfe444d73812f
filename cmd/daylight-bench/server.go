package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// The names under which the one server is known. Daylight streams traffic to
// the first untouched, observes the second, holds the third and relays the fourth unread.
const (
	plainHost    = "www.bench.test"
	observedHost = "api.anthropic.com"
	heldHost     = "api.openai.com"
	closedHost   = "bank.bench.test" // its tunnels are never opened
)

// authority is a certificate authority that lives as long as the run.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(file string) (authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return authority{}, fmt.Errorf("making a key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "bench"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return authority{}, fmt.Errorf("making a certificate: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return authority{}, fmt.Errorf("making a certificate: %w", err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return authority{}, fmt.Errorf("writing a certificate: %w", err)
	}
	return authority{certificate, key}, nil
}

func (a authority) leaf(key *ecdsa.PrivateKey, names ...string) (*tls.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, fmt.Errorf("making a serial number: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, DNSNames: names, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("making a leaf: %w", err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// serve is the server role: small answers, a sink that answers its count, and
// an event stream whose events carry the time at which they were sent.
func serve(dir string) error {
	ca, err := newAuthority(filepath.Join(dir, "server-ca.pem"))
	if err != nil {
		return err
	}
	leaf, err := ca.leaf(ca.key, plainHost, observedHost, heldHost, closedHost)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", answer)
	mux.Handle(echoPath, echo())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute,
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{*leaf}}}
	fmt.Println("listening", listener.Addr())
	return server.ServeTLS(listener, "", "")
}

func answer(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("events") != "" {
		events(w, r)
		return
	}
	n, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		http.Error(w, "short body", http.StatusBadRequest)
		return
	}
	if size, _ := strconv.Atoi(r.URL.Query().Get("bytes")); size > 0 {
		large(w, size)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"id":"msg_0123456789abcdef","type":"message","role":"assistant","content":[{"type":"text","text":"Bonjour."}],"received":%d}`, n)
}

// large answers with so many bytes.
func large(w http.ResponseWriter, size int) {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(size))
	for part := make([]byte, 32<<10); size > 0; size -= len(part) {
		if _, err := w.Write(part[:min(size, len(part))]); err != nil {
			return
		}
	}
}

func events(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	count, _ := strconv.Atoi(r.URL.Query().Get("events"))
	w.Header().Set("Content-Type", "text/event-stream")
	flusher := http.NewResponseController(w)
	for range count {
		fmt.Fprintf(w, "data: %d\n\n", time.Now().UnixNano())
		if flusher.Flush() != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}
