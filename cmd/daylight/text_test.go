package main

import (
	"bytes"
	"testing"
	"time"
)

func TestWordsForPeople(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{joinWords(nil), ""},
		{joinWords([]string{"a"}), "a"},
		{joinWords([]string{"a", "b", "c"}), "a, b or c"},
		{plural(1, "rule"), "1 rule"},
		{plural(0, "rule"), "0 rules"},
		{people(1), "1 person"},
		{people(250), "250 people"},
		{byteSize(0), "0 B"},
		{byteSize(1023), "1023 B"},
		{byteSize(1024), "1 KiB"},
		{byteSize(1536), "1.5 KiB"},
		{byteSize(64 << 20), "64 MiB"},
		{excerpt("short", 10), "short"},
		{excerpt("one two three", 9), "one two …"},
		{wrap("one two three", 7, "  "), "one two\n  three"},
		{colons("0aff"), "0A:FF"},
		{daysLeft(now.Add(49*time.Hour), now), "2 days left"},
		{daysLeft(now.Add(-48*time.Hour), now), "expired"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestHealthcheckDialsWhereTheListenerIs(t *testing.T) {
	for listen, want := range map[string]string{
		"127.0.0.1:8090":      "127.0.0.1:8090",
		":8090":               "127.0.0.1:8090",
		"0.0.0.0:8090":        "127.0.0.1:8090",
		"[::]:8090":           "[::1]:8090",
		"10.0.0.7:8090":       "10.0.0.7:8090",
		"admin.internal:8090": "admin.internal:8090",
	} {
		if got := dialable(listen); got != want {
			t.Errorf("%s: %s, want %s", listen, got, want)
		}
	}
}

func TestColourIsForTerminals(t *testing.T) {
	for _, c := range []struct {
		noColour, force string
		want            bool
	}{
		{"", "", false}, // a buffer is no terminal
		{"", "1", true},
		{"", "0", false},
		{"1", "1", false},
	} {
		t.Setenv("NO_COLOR", c.noColour)
		t.Setenv("CLICOLOR_FORCE", c.force)
		if got := inkFor(new(bytes.Buffer)).on; got != c.want {
			t.Errorf("NO_COLOR=%q CLICOLOR_FORCE=%q: %v, want %v", c.noColour, c.force, got, c.want)
		}
	}
}
