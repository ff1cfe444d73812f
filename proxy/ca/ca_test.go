package ca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func mustEnsure(t *testing.T, dir string) *Authority {
	t.Helper()
	a, err := Ensure(dir)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestEnsureMakesAnAuthorityOnceAndLoadsItThen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	a := mustEnsure(t, dir)
	cert := a.Certificate()
	if key, ok := cert.PublicKey.(*ecdsa.PublicKey); !ok || key.Curve != elliptic.P256() {
		t.Errorf("key %T", cert.PublicKey)
	}
	if !cert.IsCA || !cert.MaxPathLenZero || cert.KeyUsage&x509.KeyUsageCertSign == 0 || len(cert.SubjectKeyId) == 0 {
		t.Errorf("not a CA that signs leaves only: %+v", cert)
	}
	if years := time.Until(cert.NotAfter).Hours() / 24 / 365; years < 4.9 || years > 5.1 {
		t.Errorf("it lives %.1f years", years)
	}
	for name, want := range map[string]os.FileMode{KeyFile: 0o600, CertFile: 0o644, "": 0o700} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%q: %v %v, want %o", name, info.Mode(), err, want)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("left behind: %v", entries)
	}
	if again := mustEnsure(t, dir); again.Fingerprint() != a.Fingerprint() {
		t.Error("the second time it made another")
	}
	if strings.Contains(string(a.PEM()), "PRIVATE") || strings.Contains(string(a.PEM()), "KEY") {
		t.Error("the certificate for clients holds the key")
	}
}

func TestProcessesThatStartTogetherShareAnAuthority(t *testing.T) {
	// Fifty starts: the steps of two processes fall between each other's only now and then.
	for range 50 {
		dir := t.TempDir()
		var wg sync.WaitGroup
		fingerprints := make([]string, 8)
		for i := range fingerprints {
			wg.Go(func() {
				a, err := Ensure(dir)
				if err != nil {
					t.Error(err)
					return
				}
				fingerprints[i] = a.Fingerprint()
			})
		}
		wg.Wait()
		for _, f := range fingerprints {
			if f != fingerprints[0] {
				t.Fatalf("they differ: %v", fingerprints)
			}
		}
	}
}

func TestAKeyWithoutItsCertificateIsCertifiedAgain(t *testing.T) {
	dir := t.TempDir()
	mustEnsure(t, dir)
	os.Remove(filepath.Join(dir, CertFile)) // as if the process had died between the two
	mustEnsure(t, dir)
}

func TestWhatIsRefused(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(cert, key string)
		want  string
	}{
		{"a key that the group can read", func(_, key string) { os.Chmod(key, 0o640) }, "can be read by others (mode 0640)"},
		{"a key that all can read", func(_, key string) { os.Chmod(key, 0o604) }, "can be read by others"},
		{"a certificate without its key", func(_, key string) { os.Remove(key) }, "its key"},
		{"a key of another certificate", func(cert, key string) { copyFrom(t, otherCA(t, nil), key, false) }, "do not belong together"},
		{"no key in the key file", func(_, key string) { os.WriteFile(key, []byte("secret words"), 0o600) }, "no usable private key"},
		{"no certificate", func(cert, _ string) { os.WriteFile(cert, []byte("words"), 0o600) }, "no PEM certificate"},
		{"an expired CA", func(cert, key string) {
			copyBoth(t, otherCA(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) }), cert, key)
		}, "expired on"},
		{"a CA of the future", func(cert, key string) {
			copyBoth(t, otherCA(t, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) }), cert, key)
		}, "not valid before"},
		{"a leaf", func(cert, key string) {
			copyBoth(t, otherCA(t, func(c *x509.Certificate) { c.IsCA = false; c.KeyUsage = x509.KeyUsageDigitalSignature }), cert, key)
		}, "not a CA"},
		{"a CA that may not sign", func(cert, key string) {
			copyBoth(t, otherCA(t, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature }), cert, key)
		}, "may not sign"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			mustEnsure(t, dir)
			test.spoil(filepath.Join(dir, CertFile), filepath.Join(dir, KeyFile))
			_, err := Ensure(dir)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret words") {
				t.Errorf("the error shows the key file: %v", err)
			}
		})
	}
}

type pair struct{ cert, key []byte }

// otherCA makes a CA as somebody else would.
func otherCA(t *testing.T, adjust func(*x509.Certificate)) pair {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "Corp"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(24 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	if adjust != nil {
		adjust(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	ec, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pair{
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: ec}),
	}
}

func copyFrom(t *testing.T, p pair, name string, cert bool) {
	t.Helper()
	data := p.key
	if cert {
		data = p.cert
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func copyBoth(t *testing.T, p pair, cert, key string) {
	t.Helper()
	copyFrom(t, p, cert, true)
	copyFrom(t, p, key, false)
}

func TestRotateKeepsTheOldCertificateAndDropsTheOldKey(t *testing.T) {
	dir := t.TempDir()
	old := mustEnsure(t, dir)
	oldKey, _ := os.ReadFile(filepath.Join(dir, KeyFile))
	rotated, err := Rotate(dir)
	if err != nil {
		t.Fatal(err)
	}
	if rotated.Fingerprint() == old.Fingerprint() || rotated.Certificate().Subject.String() == old.Certificate().Subject.String() {
		t.Error("it is the same")
	}
	if mustEnsure(t, dir).Fingerprint() != rotated.Fingerprint() {
		t.Error("it is not what is loaded next")
	}
	kept, err := os.ReadFile(filepath.Join(dir, "ca-"+old.Fingerprint()[:16]+".pem"))
	if err != nil || string(kept) != string(old.PEM()) {
		t.Errorf("the old certificate: %v", err)
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if data, _ := os.ReadFile(filepath.Join(dir, e.Name())); string(data) == string(oldKey) {
			t.Errorf("%s is the old key", e.Name())
		}
	}
	if info, _ := os.Stat(filepath.Join(dir, KeyFile)); info.Mode().Perm() != 0o600 {
		t.Errorf("key mode %v", info.Mode())
	}
}

func newIssuer(t *testing.T, a *Authority, capacity int) *Issuer {
	t.Helper()
	i, err := NewIssuer(a, capacity)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func mustLeaf(t *testing.T, i *Issuer, name string) *tls.Certificate {
	t.Helper()
	c, err := i.Leaf(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestALeafIsForOneNameAndVerifies(t *testing.T) {
	a := mustEnsure(t, t.TempDir())
	i := newIssuer(t, a, 10)
	roots := x509.NewCertPool()
	roots.AddCert(a.Certificate())
	long := strings.Repeat("a", 60) + "." + strings.Repeat("b", 60) + ".example"
	for _, name := range []string{"ai.example", "xn--d1acpjx3f.xn--p1ai", "192.0.2.7", "2001:db8::7", "under_score.example", long} {
		leaf := mustLeaf(t, i, name).Leaf
		host := name
		if strings.Contains(name, ":") {
			host = "[" + name + "]"
		}
		if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: host}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if n := len(leaf.DNSNames) + len(leaf.IPAddresses); n != 1 || leaf.IsCA || leaf.SerialNumber.BitLen() != 120 {
			t.Errorf("%s: %d names, CA %v, serial of %d bits", name, n, leaf.IsCA, leaf.SerialNumber.BitLen())
		}
	}
	for _, name := range []string{"", strings.Repeat("a.", 127) + "b", "münchen.example"} {
		if _, err := i.Leaf(name); err == nil {
			t.Errorf("%q got a certificate", name)
		}
	}
}

func TestLeavesOfACompanysCA(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Root"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(3 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	middle := *root
	middle.SerialNumber, middle.Subject = big.NewInt(2), pkix.Name{CommonName: "Middle"}
	rootDER, err := x509.CreateCertificate(rand.Reader, root, root, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	middleDER, err := x509.CreateCertificate(rand.Reader, &middle, root, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	copyBoth(t, pair{
		append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: middleDER}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: rootDER})...),
		pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}),
	}, dir+"/c", dir+"/k")
	a, err := Load(dir+"/c", dir+"/k")
	if err != nil {
		t.Fatal(err)
	}
	cert := mustLeaf(t, newIssuer(t, a, 1), "ai.example")
	if len(cert.Certificate) != 2 || string(cert.Certificate[1]) != string(middleDER) {
		t.Errorf("%d certificates in the chain: the issuer belongs in it, the root does not", len(cert.Certificate))
	}
	if _, ok := cert.PrivateKey.(*ecdsa.PrivateKey); !ok {
		t.Errorf("leaf key %T", cert.PrivateKey)
	}
	if !cert.Leaf.NotAfter.Equal(a.Certificate().NotAfter) || cert.Leaf.NotBefore.Before(a.Certificate().NotBefore) {
		t.Errorf("the leaf outlives its CA: %s to %s", cert.Leaf.NotBefore, cert.Leaf.NotAfter)
	}
}

func TestTheCacheIsBoundedExpiresAndSignsOnce(t *testing.T) {
	i := newIssuer(t, mustEnsure(t, t.TempDir()), 2)
	now := time.Now()
	i.now = func() time.Time { return now }
	forgotten := 0
	i.Full = func() { forgotten++ }

	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() { mustLeaf(t, i, "a.example") })
	}
	wg.Wait()
	if i.Issued() != 1 {
		t.Errorf("%d leaves for one name", i.Issued())
	}
	mustLeaf(t, i, "b.example")
	mustLeaf(t, i, "a.example") // used again: b is the oldest now
	mustLeaf(t, i, "c.example")
	if i.leaves.Len() != 2 || forgotten != 1 {
		t.Errorf("it remembers %d, and told of %d that it forgot", i.leaves.Len(), forgotten)
	}
	mustLeaf(t, i, "a.example")
	if i.Issued() != 3 {
		t.Errorf("the least recently used was not the one to go: %d issued", i.Issued())
	}
	now = now.Add(4 * 24 * time.Hour)
	if leaf := mustLeaf(t, i, "a.example").Leaf; i.Issued() != 4 || leaf.NotAfter.Sub(now) < leafMargin {
		t.Errorf("an old leaf is still given: ends %s", leaf.NotAfter)
	}
	_, err := i.Leaf("ü")
	if _, known := i.leaves.Peek("ü"); err == nil || i.leaves.Len() > 2 || known {
		t.Error("a failure is remembered")
	}
}

// Who visits more hosts than there is room for forgets the oldest, day after day: that is
// no limit that was hit. One that is forgotten while it is still in use is.
func TestOnlyALeafThatIsStillInUseIsMissed(t *testing.T) {
	const room = 3
	i := newIssuer(t, mustEnsure(t, t.TempDir()), room)
	now := time.Now()
	i.now = func() time.Time { return now }
	missed := 0
	i.Full = func() { missed++ }
	for n := range 4 * room { // each rests for three turns of the others before it goes
		mustLeaf(t, i, fmt.Sprintf("%d.example", n))
		now = now.Add(wantedAgain / room)
	}
	if missed != 0 || i.leaves.Len() != room {
		t.Errorf("%d leaves that nobody asked for were missed, %d are there", missed, i.leaves.Len())
	}
	for n := range room {
		mustLeaf(t, i, fmt.Sprintf("%d.example", 4*room-room+n))
	}
	for n := range room {
		mustLeaf(t, i, fmt.Sprintf("other%d.example", n))
	}
	if missed != room {
		t.Errorf("%d of %d leaves were missed that were asked for just now", missed, room)
	}
}

func BenchmarkLeaf(b *testing.B) {
	dir := b.TempDir()
	a, err := Ensure(dir)
	if err != nil {
		b.Fatal(err)
	}
	for _, known := range []bool{true, false} {
		b.Run(fmt.Sprintf("known %v", known), func(b *testing.B) {
			i, _ := NewIssuer(a, 1000)
			for n := 0; b.Loop(); n++ {
				name := "a.example"
				if !known {
					name = fmt.Sprintf("%d.example", n)
				}
				if _, err := i.Leaf(name); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
