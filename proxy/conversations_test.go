package proxy

import (
	"net/netip"
	"testing"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// talked is an exchange of ana with ChatGPT.
func talked(change ...func(*rules.Facts)) *rules.Facts {
	f := &rules.Facts{
		Client: rules.Client{Address: netip.MustParseAddr("10.20.0.7"), User: "ana"}, Method: "POST",
		Destination: rules.Destination{Host: "chatgpt.com"}, Service: rules.Service{ID: "chatgpt", Operation: catalog.Prompt},
	}
	for _, c := range change {
		c(f)
	}
	return f
}

func talkUser(name string) func(*rules.Facts)  { return func(f *rules.Facts) { f.Client.User = name } }
func talkService(id string) func(*rules.Facts) { return func(f *rules.Facts) { f.Service.ID = id } }
func talkHost(name string) func(*rules.Facts) {
	return func(f *rules.Facts) { f.Destination.Host = name }
}
func talkOperation(o string) func(*rules.Facts) {
	return func(f *rules.Facts) { f.Service.Operation = o }
}
func talkMethod(m string) func(*rules.Facts) { return func(f *rules.Facts) { f.Method = m } }
func talkAddress(text string) func(*rules.Facts) {
	return func(f *rules.Facts) { f.Client.Address = netip.MustParseAddr(text) }
}

func TestWhichExchangesAreOneConversation(t *testing.T) {
	begin := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	type exchange struct {
		after time.Duration // the one before
		facts *rules.Facts
		want  string // a letter for each conversation; "" for none
	}
	poll := func(after time.Duration, want string) exchange {
		return exchange{after, talked(talkMethod("GET"), talkOperation(catalog.Other)), want}
	}
	steady := []exchange{{0, talked(), "a"}}
	for range conversationTime / (9 * time.Minute) {
		steady = append(steady, exchange{9 * time.Minute, talked(), "a"})
	}
	for name, all := range map[string][]exchange{
		"a thread is made, a file sent, a prompt follows": {
			{0, talked(talkOperation(catalog.Other)), "a"}, {time.Minute, talked(talkOperation(catalog.Upload), talkHost("files.example"), talkMethod("PUT")), "a"}, {9 * time.Minute, talked(), "a"},
		},
		"a pause ends it":                         {{0, talked(), "a"}, {conversationPause, talked(), "b"}},
		"each prompt keeps it going":              {{0, talked(), "a"}, {9 * time.Minute, talked(), "a"}, {9 * time.Minute, talked(), "a"}},
		"it does not go on for ever":              append(steady, exchange{9 * time.Minute, talked(), "b"}),
		"a page that asks for news belongs to it": {{0, talked(), "a"}, poll(time.Minute, "a")},
		"and does not keep it going":              {{0, talked(), "a"}, poll(6*time.Minute, "a"), poll(6*time.Minute, ""), {0, talked(), "b"}},
		"nor begins one":                          {poll(0, ""), {0, talked(), "a"}},
		"another user":                            {{0, talked(), "a"}, {0, talked(talkUser("bo")), "b"}, {0, talked(), "a"}},
		"the same user at another address":        {{0, talked(), "a"}, {0, talked(talkAddress("10.20.0.8")), "a"}},
		"who has no name is known by the address": {{0, talked(talkUser("")), "a"}, {0, talked(talkUser(""), talkAddress("10.20.0.8")), "b"}, {0, talked(talkUser("")), "a"}},
		"another service":                         {{0, talked(), "a"}, {0, talked(talkService("claude")), "b"}},
		"hosts of one service":                    {{0, talked(), "a"}, {0, talked(talkHost("files.oaiusercontent.com")), "a"}},
		"hosts on no list are different services": {{0, talked(talkService(rules.Suspected)), "a"}, {0, talked(talkService(rules.Suspected), talkHost("b.example")), "b"}},
		"what is not AI":                          {{0, talked(talkService("")), ""}},
		"one that began before joins late":        {{0, talked(), "a"}, {-time.Minute, talked(talkOperation(catalog.Upload)), "a"}, {10 * time.Minute, talked(), "a"}},
		"one that began long before does not":     {{0, talked(), "a"}, {-conversationPause, talked(), ""}, {conversationPause, talked(), "a"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newConversations(100, func(limit string) { t.Errorf("%s was hit", limit) })
			ids, now := map[string]string{"": ""}, begin
			for i, x := range all {
				now = now.Add(x.after)
				id := c.join(x.facts, now)
				want, known := ids[x.want]
				if !known {
					want, ids[x.want] = id, id
					for letter, other := range ids {
						if letter != x.want && other == id {
							t.Errorf("exchange %d is in %q, want another conversation", i, letter)
						}
					}
				}
				if id != want {
					t.Errorf("exchange %d is in %s, want that of %q", i, id, x.want)
				}
			}
		})
	}
}

func TestConversationsAreBounded(t *testing.T) {
	hits := 0
	c := newConversations(2, func(limit string) {
		if hits++; limit != "conversations" {
			t.Errorf("%s was hit", limit)
		}
	})
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	first, second := c.join(talked(talkUser("a")), now), c.join(talked(talkUser("b")), now)
	c.join(talked(talkUser("a")), now.Add(time.Second)) // b is idle longest
	c.join(talked(talkUser("c")), now.Add(2*time.Second))
	if hits != 1 || c.known.Len() != 2 || c.order.Len() != 2 {
		t.Errorf("%d hits, %d known", hits, c.known.Len())
	}
	if c.join(talked(talkUser("a")), now.Add(3*time.Second)) != first || c.join(talked(talkUser("b")), now.Add(3*time.Second)) == second {
		t.Error("the wrong one was forgotten")
	}
	hits = 0
	if c.join(talked(talkUser("d")), now.Add(time.Hour)); hits != 0 || c.known.Len() != 1 {
		t.Errorf("those that have ended are in the way: %d hits, %d known", hits, c.known.Len())
	}
}
