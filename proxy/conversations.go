package proxy

import (
	"container/list"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/fair"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

const (
	conversationPause = 10 * time.Minute // without a prompt or an upload ends a conversation
	conversationTime  = 4 * time.Hour    // is the longest that one can be
)

// conversations joins the exchanges of one client with one service that soon follow
// one another. It is bounded: beyond it one is forgotten of the client that has the most,
// the one that was idle longest.
type conversations struct {
	hit func(limit string)

	mu    sync.Mutex
	known *fair.Cache[fair.Client, talk, *conversation]
	order list.List // of *conversation, the one that was idle longest first
}

// talk is who talks with what.
type talk struct {
	user    string // or else the address
	address netip.Addr
	service string
	host    string // of a service on no list
}

type conversation struct {
	talk
	id          string
	began, last time.Time
	element     *list.Element
}

func newConversations(limit int, hit func(string)) *conversations {
	return &conversations{hit: hit, known: fair.NewCache[fair.Client, talk, *conversation](limit)}
}

func talkOf(f *rules.Facts) talk {
	t := talk{user: f.Client.User, service: f.Service.ID}
	if t.user == "" {
		t.address = f.Client.Address
	}
	if t.service == rules.Suspected {
		t.host = f.Destination.Host
	}
	return t
}

// join returns the id of the conversation to which an exchange belongs that began at
// a time; "" for what is not AI, or stands in none. Prompts and uploads keep a
// conversation going. What else carries something may begin one, as the call that
// makes a thread does; a page that only asks for news does neither.
func (c *conversations) join(f *rules.Facts, at time.Time) string {
	if !f.Service.IsAI() {
		return ""
	}
	t := talkOf(f)
	speaks := f.Service.Operation == catalog.Prompt || f.Service.Operation == catalog.Upload
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, ok := c.known.Peek(t); ok {
		if v.began.Sub(at) >= conversationPause { // only its end told that it is AI
			return ""
		}
		if at.Sub(v.last) < conversationPause && at.Sub(v.began) < conversationTime {
			if speaks && at.After(v.last) {
				v.last = at
				c.known.Get(t)
				c.order.MoveToBack(v.element)
			}
			return v.id
		}
		c.remove(v)
	}
	if !speaks && (f.Method == http.MethodGet || f.Method == http.MethodHead || f.Method == http.MethodOptions) {
		return ""
	}
	return c.begin(t, at)
}

func (c *conversations) begin(t talk, at time.Time) string {
	for e := c.order.Front(); e != nil && at.Sub(e.Value.(*conversation).last) >= conversationPause; e = c.order.Front() {
		c.remove(e.Value.(*conversation))
	}
	v := &conversation{talk: t, id: audit.NewID(at), began: at, last: at}
	v.element = c.order.PushBack(v)
	if other, full := c.known.Put(fair.ClientOf(t.user, t.address), t, v); full {
		c.hit("conversations")
		c.remove(other)
	}
	return v.id
}

func (c *conversations) remove(v *conversation) {
	c.known.Remove(v.talk)
	c.order.Remove(v.element)
}

// joinConversation puts the exchange into the conversation that goes on when it begins.
func (x *exchange) joinConversation() {
	x.conversation = x.judge.conversations.join(&x.plan.Facts, x.started)
}

// eventConversation is what the event tells of the conversation. What only the
// body or the answer showed to be AI joins it late.
func (x *exchange) eventConversation() string {
	if x.conversation == "" {
		return x.judge.conversations.join(&x.outcome.Facts, x.started)
	}
	return x.conversation
}
