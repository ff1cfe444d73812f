package ca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"daylight.internal/proxy/fair"
)

// Issuer makes leaf certificates and remembers them. It is safe for concurrent use.
type Issuer struct {
	// Full is called when a leaf is forgotten for want of room that was asked for within
	// wantedAgain; nil for nobody. It is set before the first leaf and must not block.
	Full func()

	authority *Authority
	key       *ecdsa.PrivateKey // of every leaf of this process
	now       func() time.Time
	issued    atomic.Int64

	mu     sync.Mutex
	leaves *fair.Cache[fair.Client, string, *leaf] // by name; they belong to who asked first
}

// wantedAgain is how long a leaf that was asked for is likely to be asked for again. One
// that goes after a longer rest makes room, as it should: signing it anew takes less than
// a millisecond, and everybody who visits more hosts than there is room for comes to that.
// One that goes earlier says that there is too little room.
const wantedAgain = 10 * time.Minute

// NewIssuer returns an issuer that remembers at most capacity leaves. When there are
// more, one goes of the client that asked for the most.
func NewIssuer(authority *Authority, capacity int) (*Issuer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("generating the leaf key: %w", err)
	}
	return &Issuer{
		authority: authority, key: key, now: time.Now,
		leaves: fair.NewCache[fair.Client, string, *leaf](capacity),
	}, nil
}

// Authority returns the authority that signs.
func (i *Issuer) Authority() *Authority { return i.authority }

// Issued returns the number of leaves signed so far.
func (i *Issuer) Issued() int64 { return i.issued.Load() }

// Leaf returns a certificate for one name: a host name in lower case, or an
// address. Calls for one name that come together sign once. There is an error for what
// is no name, and ErrNotValid when the authority has expired.
func (i *Issuer) Leaf(name string) (*tls.Certificate, error) {
	return i.LeafFor(fair.Client{}, name)
}

// LeafFor is Leaf for a client.
func (i *Issuer) LeafFor(who fair.Client, name string) (*tls.Certificate, error) {
	now := i.now().Round(0) // the wall clock: the other one stands still while a machine sleeps
	if err := i.mayIssue(name, now); err != nil {
		return nil, err
	}
	l := i.lookup(who, name, now)
	cert, err := l.cert()
	if err != nil {
		i.forget(l)
		return nil, err
	}
	return cert, nil
}

func (i *Issuer) lookup(who fair.Client, name string, now time.Time) *leaf {
	i.mu.Lock()
	defer i.mu.Unlock()
	if l, ok := i.leaves.Get(name); ok && l.isFresh(now) {
		l.wanted = now
		return l
	}
	l := i.newLeaf(name, now)
	if gone, full := i.leaves.Put(who, name, l); full && now.Sub(gone.wanted) < wantedAgain && i.Full != nil {
		i.Full()
	}
	return l
}

func (i *Issuer) forget(l *leaf) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if known, _ := i.leaves.Peek(l.name); known == l {
		i.leaves.Remove(l.name)
	}
}

func (i *Issuer) sign(name string, now time.Time) (*tls.Certificate, error) {
	serial, err := randomSerial()
	if err != nil {
		return nil, err
	}
	root := i.authority.cert
	template := &x509.Certificate{
		SerialNumber: serial,
		NotBefore:    later(now.Add(-backdated), root.NotBefore),
		NotAfter:     earlier(now.Add(leafLifetime-backdated), root.NotAfter),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if len(name) <= 64 { // the upper bound of a common name, RFC 5280 A.1
		template.Subject = pkix.Name{CommonName: name}
	}
	if address, err := netip.ParseAddr(name); err == nil {
		template.IPAddresses = []net.IP{address.AsSlice()}
	} else {
		template.DNSNames = []string{name}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, root, i.key.Public(), i.authority.key)
	if err != nil {
		return nil, fmt.Errorf("signing a leaf certificate: %w", err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("reading the leaf certificate back: %w", err)
	}
	i.issued.Add(1)
	return &tls.Certificate{
		Certificate: append([][]byte{der}, i.authority.chain...),
		PrivateKey:  i.key,
		Leaf:        parsed,
	}, nil
}
