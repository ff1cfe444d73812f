// Package ca holds the certificate authority with which Daylight opens TLS
// connections, and issues the leaf certificates that clients see.
package ca

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"time"
)

const (
	authorityLifetime = 5 * 365 * 24 * time.Hour
	// backdated allows for clients whose clocks are behind.
	backdated = 48 * time.Hour
)

// Authority is a CA certificate with its key. It never shows the key.
type Authority struct {
	cert *x509.Certificate
	key  crypto.Signer
	// chain follows a leaf: the authority itself and its issuers, roots left
	// out, because a client has its roots or trusts nothing.
	chain [][]byte
	pem   []byte
}

// Certificate returns the authority's certificate. It must not be changed.
func (a *Authority) Certificate() *x509.Certificate { return a.cert }

// PEM returns the certificate for installation in a client; never the key.
func (a *Authority) PEM() []byte { return bytes.Clone(a.pem) }

// Fingerprint returns the SHA-256 of the certificate in lower-case hexadecimal.
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.cert.Raw)
	return hex.EncodeToString(sum[:])
}

// generate makes a new self-signed authority that is valid around now.
func generate(now time.Time) (certPEM, keyPEM []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("generating the CA key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, fmt.Errorf("encoding the CA key: %w", err)
	}
	certPEM, err = selfSign(key, now)
	if err != nil {
		return nil, nil, err
	}
	return certPEM, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

func selfSign(key crypto.Signer, now time.Time) ([]byte, error) {
	serial, err := randomSerial()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		// The serial makes the names of successive authorities differ: some
		// certificate stores replace one of the same name.
		Subject:   pkix.Name{CommonName: "Daylight CA " + serial.Text(16)[:8], Organization: []string{"Daylight"}},
		NotBefore: now.Add(-backdated),
		NotAfter:  now.Add(authorityLifetime),
		KeyUsage:  x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		// What it signs is good for servers alone, not for programs or mail. Names are not
		// constrained: any server may have to be opened.
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("signing the CA certificate: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), nil
}

// randomSerial returns a positive number of 120 random bits, which is above the
// 64 that the CA/Browser Forum's baseline requirements 7.1 ask for.
func randomSerial() (*big.Int, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, fmt.Errorf("drawing a serial number: %w", err)
	}
	return serial.SetBit(serial, 119, 1), nil
}

// parse joins a certificate chain and a key, both PEM, to an Authority that can
// sign at the time now.
func parse(certPEM, keyPEM []byte, now time.Time) (*Authority, error) {
	certs, err := parseCertificates(certPEM)
	if err != nil {
		return nil, err
	}
	key, err := parseKey(keyPEM)
	if err != nil {
		return nil, err
	}
	cert := certs[0]
	if public, ok := cert.PublicKey.(interface{ Equal(crypto.PublicKey) bool }); !ok || !public.Equal(key.Public()) {
		return nil, errors.New("the CA certificate and the key do not belong together")
	}
	switch {
	case !cert.IsCA:
		return nil, errors.New("the certificate is not a CA certificate")
	case cert.KeyUsage != 0 && cert.KeyUsage&x509.KeyUsageCertSign == 0:
		return nil, errors.New("the CA certificate may not sign certificates")
	case now.Before(cert.NotBefore):
		return nil, fmt.Errorf("the CA certificate is not valid before %s", cert.NotBefore.Format(time.DateOnly))
	case now.After(cert.NotAfter):
		return nil, fmt.Errorf("the CA certificate expired on %s", cert.NotAfter.Format(time.DateOnly))
	}
	a := &Authority{cert: cert, key: key, pem: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})}
	for _, c := range certs {
		if !bytes.Equal(c.RawIssuer, c.RawSubject) {
			a.chain = append(a.chain, c.Raw)
		}
	}
	return a, nil
}

func parseCertificates(data []byte) ([]*x509.Certificate, error) {
	var certs []*x509.Certificate
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("parsing the CA certificate: %w", err)
		}
		certs = append(certs, cert)
	}
	if certs == nil {
		return nil, errors.New("no PEM certificate in the CA certificate file")
	}
	return certs, nil
}

// errNoKey says nothing of the content: it is a key file.
var errNoKey = errors.New("no usable private key in the CA key file (PEM; PKCS #8, SEC 1 or PKCS #1; not encrypted)")

func parseKey(data []byte) (crypto.Signer, error) {
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
			if signer, ok := key.(crypto.Signer); ok {
				return signer, nil
			}
		}
		if key, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
			return key, nil
		}
		if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
			return key, nil
		}
	}
	return nil, errNoKey
}
