// Package identity tells who asks: by a password for the proxy, by a header that
// a trusted device in front of it sets, or by the network address alone.
package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"

	"daylight.internal/rules"
)

// ErrCredentials tells that the client must sign in: it gave no password, or a
// wrong one. The answer is 407 with Challenge.
var ErrCredentials = errors.New("identifying the client: no valid credentials")

// Challenge is the value of the Proxy-Authenticate header (RFC 7617).
const Challenge = `Basic realm="Daylight", charset="UTF-8"`

// Options configure an Identifier.
type Options struct {
	// Users are bcrypt hashes by name; empty: nobody is asked for a password.
	Users map[string]string
	// UserHeader is believed when it comes from UserHeaderFrom. Empty: none.
	UserHeader     string
	UserHeaderFrom []netip.Prefix
}

// Identifier recognises clients. It is safe for use by many goroutines.
type Identifier struct {
	users   map[string][]byte
	header  string
	trusted []netip.Prefix
	unknown []byte // compared with when the name is unknown, so that names cannot be told by time
	cache   *cache
	working chan struct{} // bounds the bcrypt computations at once
}

// New returns an Identifier, or an error that names the user whose hash cannot be used.
func New(o Options) (*Identifier, error) {
	i := &Identifier{
		users: map[string][]byte{}, header: o.UserHeader, trusted: o.UserHeaderFrom,
		cache: newCache(), working: make(chan struct{}, 4),
	}
	slowest := bcrypt.MinCost
	for name, hash := range o.Users {
		cost, err := bcrypt.Cost([]byte(hash))
		if err != nil {
			return nil, fmt.Errorf("reading the password of user %q: it is no bcrypt hash", name)
		}
		if cost > 14 {
			return nil, fmt.Errorf("reading the password of user %q: cost %d is too slow, 14 is the highest", name, cost)
		}
		i.users[name] = []byte(hash)
		slowest = max(slowest, cost)
	}
	if len(i.users) > 0 {
		var err error
		if i.unknown, err = bcrypt.GenerateFromPassword([]byte(rand.Text()), slowest); err != nil {
			return nil, fmt.Errorf("preparing sign-in: %w", err)
		}
	}
	return i, nil
}

// Identify returns who asks, or ErrCredentials. address is that of the client.
// It removes from the request what was meant for the proxy.
func (i *Identifier) Identify(r *http.Request, address netip.Addr) (rules.Client, error) {
	client := rules.Client{Address: address}
	authorization := r.Header.Get("Proxy-Authorization")
	r.Header.Del("Proxy-Authorization")
	fromHeader := i.takeHeader(r, address)
	switch {
	case len(i.users) > 0 && (authorization != "" || fromHeader == ""):
		name, ok := i.signIn(r, authorization)
		if !ok {
			return client, ErrCredentials
		}
		client.User = name
	default:
		client.User = fromHeader
	}
	return client, nil
}

// takeHeader removes the trusted header in any case, and returns its value when
// it may be believed.
func (i *Identifier) takeHeader(r *http.Request, address netip.Addr) string {
	if i.header == "" {
		return ""
	}
	values := r.Header.Values(i.header)
	r.Header.Del(i.header)
	if len(values) != 1 || len(values[0]) > 256 {
		return "" // two values: somebody put one beside the device's
	}
	for _, network := range i.trusted {
		if network.Contains(address.Unmap()) {
			return strings.TrimSpace(values[0])
		}
	}
	return ""
}

func (i *Identifier) signIn(r *http.Request, authorization string) (name string, ok bool) {
	name, password, ok := parseBasic(authorization)
	if !ok {
		return "", false
	}
	hash, known := i.users[name]
	if !known {
		hash = i.unknown
	}
	key := i.cache.key(name, password)
	if known && i.cache.has(key) {
		return name, true
	}
	select {
	case i.working <- struct{}{}:
		defer func() { <-i.working }()
	case <-r.Context().Done():
		return "", false
	}
	if bcrypt.CompareHashAndPassword(hash, []byte(password)) != nil || !known {
		return "", false
	}
	i.cache.add(key)
	return name, true
}

// parseBasic reads Basic credentials (RFC 7617). The scheme is case insensitive.
func parseBasic(value string) (name, password string, ok bool) {
	scheme, encoded, _ := strings.Cut(value, " ")
	if !strings.EqualFold(scheme, "Basic") || len(encoded) > 1024 {
		return "", "", false
	}
	decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil {
		return "", "", false
	}
	name, password, ok = strings.Cut(string(decoded), ":")
	return name, password, ok && len(password) <= 72 // bcrypt reads no more
}

// cache remembers credentials that were right, for bcrypt is slow on purpose
// and every plain request brings them. It holds no passwords, only their hash
// under a salt of this process.
type cache struct {
	salt string
	now  func() time.Time

	mu    sync.Mutex
	until map[[32]byte]time.Time
}

const (
	cacheSize = 4096
	cacheTime = 5 * time.Minute
)

func newCache() *cache {
	return &cache{salt: rand.Text(), now: time.Now, until: map[[32]byte]time.Time{}}
}

func (c *cache) key(name, password string) [32]byte {
	// The length keeps "a" + "bc" apart from "ab" + "c".
	return sha256.Sum256([]byte(c.salt + strconv.Itoa(len(name)) + ":" + name + password))
}

func (c *cache) has(key [32]byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now().Before(c.until[key])
}

// add is called only for users that exist.
func (c *cache) add(key [32]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.until) >= cacheSize {
		clear(c.until) // rare, and costs one computation per user
	}
	c.until[key] = c.now().Add(cacheTime)
}
