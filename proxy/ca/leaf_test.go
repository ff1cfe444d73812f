package ca

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unsafe"
)

const day = 24 * time.Hour

func TestNoLeafForWhatIsNoName(t *testing.T) {
	i := newIssuer(t, mustEnsure(t, t.TempDir()), 10)
	for _, name := range []string{
		"", ".", "ai.example.", ".ai.example", "a..b", "*.example", "*", "AI.example", "a b.example", "bank.example\x00.evil.example", "a\nb.example",
		"münchen.example", "ai.example:443", "a/b", "u@ai.example", "[::1]", "fe80::1%eth0", "::ffff:10.0.0.1", "0:0::1", "::ABCD",
		strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 127), strings.Repeat("a", 300),
	} {
		if c, err := i.Leaf(name); err == nil {
			t.Errorf("%q got a certificate for %q", name, c.Leaf.DNSNames)
		}
	}
	if i.Issued() > 0 {
		t.Errorf("%d leaves", i.Issued())
	}
}

func TestALeafIsForAServerAloneAndForAWhile(t *testing.T) {
	a := mustEnsure(t, t.TempDir())
	i := newIssuer(t, a, 10)
	serials := map[string]bool{}
	for _, name := range []string{"a.example", "b.example", "192.0.2.7"} {
		leaf := mustLeaf(t, i, name).Leaf
		if leaf.KeyUsage != x509.KeyUsageDigitalSignature || len(leaf.ExtKeyUsage) != 1 || leaf.ExtKeyUsage[0] != x509.ExtKeyUsageServerAuth || leaf.IsCA {
			t.Errorf("%s: usage %v %v, CA %v", name, leaf.KeyUsage, leaf.ExtKeyUsage, leaf.IsCA)
		}
		if n := len(leaf.DNSNames) + len(leaf.IPAddresses) + len(leaf.EmailAddresses) + len(leaf.URIs); n != 1 {
			t.Errorf("%s: %d names", name, n)
		}
		if life := leaf.NotAfter.Sub(leaf.NotBefore); life > 398*day || life != leafLifetime {
			t.Errorf("%s lives for %s", name, life)
		}
		if leaf.NotBefore.After(time.Now().Add(-day)) {
			t.Errorf("%s: a client whose clock is a day behind does not take it", name)
		}
		if leaf.SerialNumber.BitLen() < 64 || serials[leaf.SerialNumber.String()] {
			t.Errorf("%s: serial %x", name, leaf.SerialNumber)
		}
		serials[leaf.SerialNumber.String()] = true
		if leaf.NotAfter.After(a.Certificate().NotAfter) {
			t.Errorf("%s outlives the CA", name)
		}
	}
}

func TestTheCASignsLeavesOfServersAlone(t *testing.T) {
	c := mustEnsure(t, t.TempDir()).Certificate()
	if !c.IsCA || c.MaxPathLen != 0 || !c.MaxPathLenZero || c.KeyUsage != x509.KeyUsageCertSign|x509.KeyUsageCRLSign ||
		len(c.ExtKeyUsage) != 1 || c.ExtKeyUsage[0] != x509.ExtKeyUsageServerAuth {
		t.Errorf("CA %v, path length %d, usage %v %v", c.IsCA, c.MaxPathLen, c.KeyUsage, c.ExtKeyUsage)
	}
}

// at returns an issuer with a clock, and the time at which its authority began.
func at(t *testing.T) (i *Issuer, clock *time.Time) {
	t.Helper()
	i = newIssuer(t, mustEnsure(t, t.TempDir()), 10)
	now := time.Now()
	clock = &now
	i.now = func() time.Time { return *clock }
	return i, clock
}

func TestNoLeafOutlivesItsCAAndNoneIsMadeAfterIt(t *testing.T) {
	i, now := at(t)
	end := i.authority.cert.NotAfter
	*now = end.Add(-2 * time.Hour)
	leaf := mustLeaf(t, i, "ai.example").Leaf
	if !leaf.NotAfter.Equal(end) || !leaf.NotAfter.After(*now) {
		t.Errorf("the leaf ends %s, the CA %s", leaf.NotAfter, end)
	}
	for _, name := range []string{"ai.example", "new.example"} { // one of them is remembered
		*now = end.Add(time.Second)
		if _, err := i.Leaf(name); !errors.Is(err, ErrNotValid) {
			t.Errorf("%s after the CA's end: %v", name, err)
		}
		*now = i.authority.cert.NotBefore.Add(-time.Second)
		if _, err := i.Leaf(name); !errors.Is(err, ErrNotValid) {
			t.Errorf("%s before the CA's beginning: %v", name, err)
		}
	}
}

// A client must be able to use what it is given, at the time that it is.
func TestAClockThatJumpsBringsNoLeafThatIsNotValid(t *testing.T) {
	i, now := at(t)
	start := *now
	*now = start.Add(300 * day) // the clock was wrong at the start
	mustLeaf(t, i, "ai.example")
	for _, jump := range []time.Duration{0, 3 * day, 10 * day, 9 * day, 30 * day, 29*day + time.Hour, -day, 400 * day} {
		*now = start.Add(jump)
		leaf := mustLeaf(t, i, "ai.example").Leaf
		if now.Sub(leaf.NotBefore) < day-time.Hour || leaf.NotAfter.Sub(*now) < day {
			t.Errorf("after a jump to %s: a leaf from %s to %s", now, leaf.NotBefore, leaf.NotAfter)
		}
	}
}

// The clock that time.Now compares by stands still while a machine sleeps.
func TestALeafAgesWhileTheMachineSleeps(t *testing.T) {
	i, now := at(t)
	mustLeaf(t, i, "ai.example")
	awake := asleep(*now, 30*day)
	if !awake.Equal(*now) || awake.Round(0).Sub(now.Round(0)) != 30*day {
		t.Fatal("the clock of the test is no such clock")
	}
	*now = awake
	if leaf := mustLeaf(t, i, "ai.example").Leaf; leaf.NotAfter.Before(awake.Round(0)) {
		t.Errorf("a leaf that ended %s", leaf.NotAfter)
	}
}

// asleep returns the time that time.Now gives after a machine slept for d.
func asleep(now time.Time, d time.Duration) time.Time {
	type clocks struct { // as package time has it
		wall   uint64
		steady int64
		_      *time.Location
	}
	then := now.Add(d)
	(*clocks)(unsafe.Pointer(&then)).steady = (*clocks)(unsafe.Pointer(&now)).steady
	return then
}

// The keys of leaves live in memory, and go with the process.
func TestTheKeyOfLeavesIsWrittenNowhere(t *testing.T) {
	dir := t.TempDir()
	i := newIssuer(t, mustEnsure(t, dir), 10)
	key, err := x509.MarshalPKCS8PrivateKey(mustLeaf(t, i, "ai.example").PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := i.key.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		if block, _ := pem.Decode(data); block != nil {
			data = append(data, block.Bytes...)
		}
		if bytes.Contains(data, secret) || bytes.Contains(data, key) {
			t.Errorf("%s holds the key of leaves", path)
		}
		info, statErr := d.Info()
		if statErr != nil {
			return statErr
		}
		if private := regexp.MustCompile("PRIVATE").Match(data); private != (info.Mode().Perm() == 0o600) || private && filepath.Base(path) != KeyFile {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil || files != 2 {
		t.Errorf("%d files, %v", files, err)
	}
	if other := newIssuer(t, i.authority, 1); other.key.Equal(i.key) || i.authority.key.(*ecdsa.PrivateKey).Equal(i.key) {
		t.Error("two issuers, or the CA, share a key")
	}
}

func FuzzTheNamesOfLeaves(f *testing.F) {
	for _, seed := range []string{"ai.example", "192.0.2.7", "2001:db8::7", "*.example", "a\x00b", "fe80::1%eth0", "::ffff:1.2.3.4", "A.example", "a..b", "münchen.example", "xn--a.example", "-", "_"} {
		f.Add(seed)
	}
	dir := f.TempDir()
	a, err := Ensure(dir)
	if err != nil {
		f.Fatal(err)
	}
	i, err := NewIssuer(a, 100)
	if err != nil {
		f.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(a.Certificate())
	name := regexp.MustCompile(`^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$`)
	f.Fuzz(func(t *testing.T, s string) {
		c, err := i.Leaf(s)
		ip, ipErr := netip.ParseAddr(s)
		isIP := ipErr == nil && ip == ip.Unmap().WithZone("") && ip.String() == s
		if want := isIP || len(s) <= 253 && ipErr != nil && name.MatchString(s); (err == nil) != want {
			t.Fatalf("%q: %v, a name: %v", s, err, want)
		}
		if err != nil {
			return
		}
		var got []string
		got = append(got, c.Leaf.DNSNames...)
		for _, ip := range c.Leaf.IPAddresses {
			got = append(got, ip.String())
		}
		if len(got) != 1 || got[0] != s {
			t.Fatalf("%q got a certificate for %q", s, got)
		}
		if _, err := c.Leaf.Verify(x509.VerifyOptions{Roots: roots}); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
	})
}
