package engine_test

import (
	"strings"
	"sync"
	"testing"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// The engine reads what strangers send: no body, path or header may cost it its
// promise, which is that nothing is stopped that was not held.
func FuzzEvaluate(f *testing.F) {
	f.Add("chatgpt.com", chatPath, "", "application/json", chatgpt("hello"), 0)
	f.Add("chatgpt.com", chatPath, "q=a%40b.example", "text/csv", customers(3), 10)
	f.Add("copy.startup.example", "/v1/chat/completions", "", "", completion("ana@customers.example"), 0)
	f.Add("gemini.google.com", "/_/BardChatUi/data/StreamGenerate", "", "application/x-www-form-urlencoded", "f.req=%5Bnull%2C%22%5B%5D%22%5D", 5)
	f.Add("", "//..//%00", "&&=", "multipart/form-data; boundary=", "--\r\n", -1)
	s := policy(f, "rules:", "  - {name: mail, match: {traffic: any, data: personal}, action: block}",
		"  - {name: unread, match: {coverage: [truncated, undecodable], bytes: \">=1KiB\"}, action: block}")
	f.Fuzz(func(t *testing.T, host, path, query, media, body string, cut int) {
		r, b := post(host, path, body, func(r *engine.Request) {
			r.Query, r.Header["Content-Type"] = query, []string{media}
		})
		if cut > 0 && cut < len(b.Bytes) {
			b.Bytes, b.Reason = b.Bytes[:cut], "over_limit"
		}
		p := s.Plan(r)
		o := s.Evaluate(p, b)
		if !p.Final && p.Need != rules.Hold && o.Verdict.Stops() {
			t.Errorf("need %v, verdict %+v", p.Need, o.Verdict)
		}
		if p.Final && p.Verdict.Stops() != o.Verdict.Stops() {
			t.Errorf("final %+v became %+v", p.Verdict, o.Verdict)
		}
		if b.Reason != "" && o.Facts.Content.Coverage.State.String() == "complete" {
			t.Errorf("a cut body was read completely: %+v", o.Facts.Content.Coverage)
		}
	})
}

func TestSnapshotsServeManyAtOnce(t *testing.T) {
	one, other := compile(t, engine.Source{}), policy(t, "rules:", "  - {name: none, match: {}, action: allow}")
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for range 20 {
				r, b := post("chatgpt.com", chatPath, chatgpt(customers(9+i%2*2)))
				if _, o := evaluate(one, r, b); o.Facts.Content.People != 9+i%2*2 {
					t.Errorf("%d people, want %d", o.Facts.Content.People, 9+i%2*2)
				}
				if _, o := evaluate(other, r, b); o.Verdict.Action != rules.Allow {
					t.Errorf("verdict %+v", o.Verdict)
				}
			}
		})
	}
	group.Wait()
}

func BenchmarkPlan(b *testing.B) {
	s := compile(b, engine.Source{})
	r, _ := post("chatgpt.com", chatPath, chatgpt("hello"))
	b.ReportAllocs()
	for b.Loop() {
		s.Plan(r)
	}
}

// BenchmarkEvaluate judges a prompt of a few sentences, a prompt with a list,
// and the request of an ordinary web application.
func BenchmarkEvaluate(b *testing.B) {
	for _, c := range []struct{ name, host, path, body string }{
		{"prompt", "chatgpt.com", chatPath, chatgpt(strings.Repeat("What would be a good slogan for a bakery? ", 20))},
		{"list of 250", "chatgpt.com", chatPath, chatgpt(customers(250))},
		{"not AI", "shop.example", "/api/cart", `{"items":[` + strings.Repeat(`{"sku":"A-1","quantity":2},`, 500) + `{}]}`},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := compile(b, engine.Source{})
			r, body := post(c.host, c.path, c.body)
			p := s.Plan(r)
			b.SetBytes(int64(len(c.body)))
			b.ReportAllocs()
			for b.Loop() {
				s.Evaluate(p, body)
			}
		})
	}
}

// BenchmarkDecide is the whole judgement of a prompt, from its head to the verdict.
func BenchmarkDecide(b *testing.B) {
	for _, c := range []struct {
		name, sentence string
		bytes          int
	}{
		{"150 B", "Write three taglines for our spring campaign, playful, no more than six words each. ", 80},
		{"4 KiB", "Write three taglines for our spring campaign, playful, no more than six words each, for people who garden on balconies. ", 4 << 10},
		{"4 KiB of customers", "Anna Schmidt, anna.schmidt@example.org, +49 151 23456789, bought two raised beds and asks for a discount on the third. ", 4 << 10},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := compile(b, engine.Source{})
			r, body := post("api.openai.com", "/v1/chat/completions",
				`{"model":"gpt-5","messages":[{"role":"user","content":"`+strings.Repeat(c.sentence, 50)[:c.bytes]+`"}]}`)
			b.ReportAllocs()
			for b.Loop() {
				s.Evaluate(s.Plan(r), body)
			}
		})
	}
}
