package identity

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"
)

func hash(t *testing.T, password string) string {
	t.Helper()
	h, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	return string(h)
}

func basic(credentials string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(credentials))
}

func TestIdentify(t *testing.T) {
	device, desk := netip.MustParseAddr("10.0.0.5"), netip.MustParseAddr("10.20.0.7")
	passwords := Options{Users: map[string]string{"ana": hash(t, "right:with:colons")}}
	header := Options{UserHeader: "X-User", UserHeaderFrom: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/16")}}
	both := Options{Users: passwords.Users, UserHeader: header.UserHeader, UserHeaderFrom: header.UserHeaderFrom}
	for _, c := range []struct {
		name          string
		options       Options
		from          netip.Addr
		authorization string
		header        []string
		user          string
		denied        bool
	}{
		{name: "by the network alone", from: desk},
		{name: "a password that nobody asked for is taken off", from: desk, authorization: basic("ana:right")},
		{name: "the right password", options: passwords, from: desk, authorization: basic("ana:right:with:colons"), user: "ana"},
		{name: "the scheme in any case", options: passwords, from: desk, authorization: strings.Replace(basic("ana:right:with:colons"), "Basic", "bAsIc", 1), user: "ana"},
		{name: "a wrong password", options: passwords, from: desk, authorization: basic("ana:wrong"), denied: true},
		{name: "the beginning of the right password", options: passwords, from: desk, authorization: basic("ana:right"), denied: true},
		{name: "no password", options: passwords, from: desk, denied: true},
		{name: "an unknown user", options: passwords, from: desk, authorization: basic("eve:right:with:colons"), denied: true},
		{name: "no colon", options: passwords, from: desk, authorization: basic("ana"), denied: true},
		{name: "not base64", options: passwords, from: desk, authorization: "Basic %%%", denied: true},
		{name: "another scheme", options: passwords, from: desk, authorization: "Bearer abc", denied: true},
		{name: "longer than bcrypt reads", options: passwords, from: desk, authorization: basic("ana:" + strings.Repeat("x", 73)), denied: true},
		{name: "a header from a trusted device", options: header, from: device, header: []string{"ben@corp.example"}, user: "ben@corp.example"},
		{name: "a header from a desk", options: header, from: desk, header: []string{"ceo@corp.example"}},
		{name: "two headers", options: header, from: device, header: []string{"ben", "ceo"}},
		{name: "an address of IPv4 in IPv6", options: header, from: netip.MustParseAddr("::ffff:10.0.0.5"), header: []string{"ben"}, user: "ben"},
		{name: "a trusted header in place of a password", options: both, from: device, header: []string{"ben"}, user: "ben"},
		{name: "an untrusted header is no password", options: both, from: desk, header: []string{"ben"}, denied: true},
		{name: "a password beats the header", options: both, from: device, header: []string{"ben"}, authorization: basic("ana:right:with:colons"), user: "ana"},
		{name: "a wrong password beats the header", options: both, from: device, header: []string{"ben"}, authorization: basic("ana:x"), denied: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			i, err := New(c.options)
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest(http.MethodGet, "http://chat.example/", nil)
			if c.authorization != "" {
				r.Header.Set("Proxy-Authorization", c.authorization)
			}
			for _, v := range c.header {
				r.Header.Add("X-User", v)
			}
			client, err := i.Identify(r, c.from)
			if errors.Is(err, ErrCredentials) != c.denied || client.User != c.user || client.Address != c.from {
				t.Errorf("client %+v, err %v", client, err)
			}
			if r.Header.Get("Proxy-Authorization") != "" || len(r.Header.Values("X-User")) > 0 && c.options.UserHeader != "" {
				t.Errorf("the request still says %v", r.Header)
			}
			if err != nil && c.authorization != "" && strings.Contains(err.Error(), c.authorization) {
				t.Error("the error quotes the credentials")
			}
		})
	}
}

func TestARightPasswordIsRememberedForAWhile(t *testing.T) {
	i, err := New(Options{Users: map[string]string{"ana": hash(t, "right")}})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now()
	i.cache.now = func() time.Time { return at }
	ask := func(credentials string) error {
		r := httptest.NewRequest(http.MethodGet, "http://chat.example/", nil)
		r.Header.Set("Proxy-Authorization", basic(credentials))
		_, err := i.Identify(r, netip.Addr{})
		return err
	}
	if err := ask("ana:right"); err != nil {
		t.Fatal(err)
	}
	i.users["ana"] = []byte(hash(t, "new")) // only the cache still knows the old one
	if err := ask("ana:right"); err != nil {
		t.Error("a right password was computed twice")
	}
	if err := ask("ana:wrong"); err == nil {
		t.Error("a wrong password passed by the cache")
	}
	at = at.Add(cacheTime)
	if err := ask("ana:right"); err == nil {
		t.Error("the cache does not forget")
	}
	for n := range 2 * cacheSize {
		i.cache.add([32]byte{byte(n), byte(n >> 8)})
	}
	if len(i.cache.until) > cacheSize {
		t.Errorf("the cache holds %d", len(i.cache.until))
	}
}

func TestAHashThatCannotBeUsedIsAnErrorThatDoesNotQuoteIt(t *testing.T) {
	for _, text := range []string{"", "plain-password", "$2a$31$" + strings.Repeat("a", 53)} {
		_, err := New(Options{Users: map[string]string{"ana": text}})
		if err == nil || !strings.Contains(err.Error(), `"ana"`) || text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("hash %q: %v", text, err)
		}
	}
}

func FuzzParseBasic(f *testing.F) {
	f.Add("Basic YTpi")
	f.Add("basic  ====")
	f.Fuzz(func(t *testing.T, value string) {
		name, password, ok := parseBasic(value)
		if ok && (strings.Contains(name, ":") || len(password) > 72) {
			t.Errorf("name %q", name)
		}
	})
}
