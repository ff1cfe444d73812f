package ca

import (
	"crypto/tls"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"time"
)

const (
	leafLifetime = 7 * 24 * time.Hour // the backdating included
	// A leaf is replaced this long before its end, so that no connection begins
	// with one that ends under it.
	leafMargin = 24 * time.Hour
	// maxHostname and maxLabel are of RFC 1035 2.3.4, without the final dot.
	maxHostname = 253
	maxLabel    = 63
)

// ErrNotValid says that the authority has expired, or is not valid yet.
var ErrNotValid = errors.New("issuing a certificate: the CA certificate is not valid now")

var errName = errors.New("issuing a certificate: not a host name in lower case, nor an address")

// mayIssue returns why no certificate is made for a name at a time.
func (i *Issuer) mayIssue(name string, now time.Time) error {
	switch root := i.authority.cert; {
	case !isName(name):
		return errName
	case now.Before(root.NotBefore), now.After(root.NotAfter):
		return ErrNotValid
	default:
		return nil
	}
}

// isName tells whether a certificate may be made for name: one host, in the one
// spelling of it, and no wildcard. Underscores are in use.
func isName(name string) bool {
	if address, err := netip.ParseAddr(name); err == nil {
		return address.Zone() == "" && !address.Is4In6() && address.String() == name
	}
	if len(name) > maxHostname {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > maxLabel {
			return false
		}
	}
	return !strings.ContainsFunc(name, func(c rune) bool {
		return c != '-' && c != '_' && c != '.' && (c < 'a' || c > 'z') && (c < '0' || c > '9')
	})
}

// leaf is a certificate that is remembered.
type leaf struct {
	name         string
	cert         func() (*tls.Certificate, error) // signed once, for all that wait
	begins, ends time.Time                        // when it is given to clients
	wanted       time.Time                        // last; the Issuer's lock guards it
}

// newLeaf returns a leaf that will be signed when it is first wanted.
func (i *Issuer) newLeaf(name string, now time.Time) *leaf {
	return &leaf{
		name: name, wanted: now,
		cert: sync.OnceValues(func() (*tls.Certificate, error) { return i.sign(name, now) }),
		// Both leave a day to clients whose clocks are off, but where the authority itself ends.
		begins: now.Add(leafMargin - backdated),
		ends:   earlier(now.Add(leafLifetime-backdated-leafMargin), i.authority.cert.NotAfter),
	}
}

// isFresh tells whether the leaf may be given at a time, which may lie before the
// one when it was made: clocks are put right.
func (l *leaf) isFresh(now time.Time) bool {
	return !now.Before(l.begins) && now.Before(l.ends)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
