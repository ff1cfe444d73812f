package fair_test

import (
	"fmt"
	"net/netip"
	"testing"

	"daylight.internal/proxy/fair"
)

func TestAFloodOfOneOwnerDrivesOutItsOwn(t *testing.T) {
	c := fair.NewCache[string, string, int](100)
	for i := range 20 {
		c.Put("quiet", fmt.Sprint("quiet", i), i)
	}
	for i := range 100000 {
		if forgotten, full := c.Put("flood", fmt.Sprint("flood", i), i); full != (i >= 80) || full && forgotten != i-80 {
			t.Fatalf("entry %d: full %v, forgotten %d", i, full, forgotten)
		}
	}
	for i := range 20 {
		if _, ok := c.Get(fmt.Sprint("quiet", i)); !ok {
			t.Errorf("entry %d of the quiet one is gone", i)
		}
	}
	if c.Len() != 100 {
		t.Errorf("%d entries", c.Len())
	}
}

func TestAmongEqualsTheOneNotUsedForLongestGoes(t *testing.T) {
	c := fair.NewCache[string, string, int](3)
	for i, name := range []string{"a", "b", "c"} {
		c.Put(name, name, i)
	}
	c.Get("a")
	c.Peek("b")
	if forgotten, full := c.Put("d", "d", 3); !full || forgotten != 1 {
		t.Errorf("%d went", forgotten)
	}
	c.Remove("a")
	c.Remove("a")
	if _, full := c.Put("e", "e", 4); full || c.Len() != 3 {
		t.Errorf("a place that came free is not used: %d", c.Len())
	}
	if forgotten, _ := c.Put("e", "f", 5); forgotten != 4 {
		t.Errorf("%d went, not the older one of whoever has two", forgotten)
	}
}

func TestAnEntryKeepsItsOwner(t *testing.T) {
	c := fair.NewCache[string, string, int](2)
	c.Put("a", "x", 1)
	c.Put("b", "x", 2)
	c.Put("b", "y", 3)
	if v, _ := c.Get("x"); v != 2 || c.Len() != 2 {
		t.Errorf("%d of %d", v, c.Len())
	}
	seen := 0
	c.All(func(string, int) bool { seen++; return true })
	if seen != 2 {
		t.Errorf("%d entries are told of", seen)
	}
}

func TestWhoIsOneClient(t *testing.T) {
	at := netip.MustParseAddr
	one := fair.ClientOf
	for name, same := range map[string]bool{
		"a user at two addresses":      one("ana", at("10.0.0.1")) == one("ana", at("10.0.0.2")),
		"two users at one address":     one("ana", at("10.0.0.1")) != one("ben", at("10.0.0.1")),
		"two addresses":                one("", at("10.0.0.1")) != one("", at("10.0.0.2")),
		"an address, mapped":           one("", at("10.0.0.1")) == one("", at("::ffff:10.0.0.1")),
		"two addresses of one /64":     one("", at("2001:db8::1")) == one("", at("2001:db8::ffff:2%eth0")),
		"addresses of two /64":         one("", at("2001:db8::1")) != one("", at("2001:db8:0:1::1")),
		"a user named like an address": one("10.0.0.1", at("10.0.0.2")) != one("", at("10.0.0.1")),
		"two without name or address":  one("", netip.Addr{}) == fair.Client{},
	} {
		if !same {
			t.Error(name)
		}
	}
}
