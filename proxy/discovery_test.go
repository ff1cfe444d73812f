package proxy

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
)

func TestWhatTheFirstAnswerShowsHoldsTheSecondRequest(t *testing.T) {
	for _, coding := range []string{"", "gzip", "br", "zstd"} {
		for _, http2 := range []bool{false, true} {
			w := startWild(t, unlistedPolicy, modelAnswer)
			c := w.over(http2)
			c.Transport.(*http.Transport).DisableCompression = true
			var header []string
			if coding != "" {
				header = []string{"Accept-Encoding", coding}
			}
			header = append(header, "Content-Type", "application/json")
			first, _ := send(t, c, http.MethodPost, "https://copy.startup.example/v3/go", neutral(personal), header...)
			second, _ := send(t, c, http.MethodPost, "https://copy.startup.example/v3/go", neutral(personal), header...)
			if first.StatusCode != http.StatusOK || second.StatusCode != http.StatusForbidden || w.reached.Load() != 1 {
				t.Errorf("%q: status %d, then %d; %d requests reached the server", coding, first.StatusCode, second.StatusCode, w.reached.Load())
			}
			all := w.end(t)
			checkFound(t, coding, all[0], all[1])
		}
	}
}

// checkFound checks the events of a request that was found by its answer, and of
// the one that was stopped for that.
func checkFound(t *testing.T, name string, first, second audit.Event) {
	t.Helper()
	for _, e := range []audit.Event{first, second} {
		if e.Service.ID != rules.Suspected || e.Service.Status != rules.Unreviewed || !slices.Contains(e.Service.Evidence, "model_frames") || e.Verdict.Rule != "unreviewed" {
			t.Errorf("%q: service %+v, verdict %+v", name, e.Service, e.Verdict)
		}
		if len(e.Findings) != 1 || e.Findings[0].Detector != "email" || e.Coverage.State != classifier.Complete {
			t.Errorf("%q: findings %+v, coverage %+v", name, e.Findings, e.Coverage)
		}
		if e.Shape == nil || e.Shape.Text != "$.b.c" || !slices.Equal(e.Shape.Keys, []string{"$.a number", "$.b object", "$.b.c text"}) || e.Shape.MediaType != "application/json" {
			t.Errorf("%q: shape %+v", name, e.Shape)
		}
	}
	if first.Verdict.Enforced || first.Verdict.MonitoredBy != rules.ByLateness || first.Timing.Mode == audit.ModeHold || !strings.Contains(first.Verdict.Reason, "left already") || !first.Shape.Stream {
		t.Errorf("%q: the first: %+v, %+v", name, first.Verdict, first.Timing)
	}
	if !second.Verdict.Enforced || second.Verdict.MonitoredBy != "" || second.Timing.Mode != audit.ModeHold {
		t.Errorf("%q: the second: %+v, %+v", name, second.Verdict, second.Timing)
	}
}

func TestAnAnswerIsKnownByItsHead(t *testing.T) {
	w := startWild(t, unlistedPolicy, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Openai-Processing-Ms", "120")
		io.WriteString(rw, `{"done":true}`)
	})
	for _, want := range []int{http.StatusOK, http.StatusForbidden} {
		if resp, _ := send(t, w.client(), http.MethodPost, "https://copy.startup.example/v3/go", neutral(personal), "Content-Type", "application/json"); resp.StatusCode != want {
			t.Errorf("status %d, want %d", resp.StatusCode, want)
		}
	}
	if all := w.end(t); !slices.Contains(all[0].Service.Evidence, "answer_header") {
		t.Errorf("%+v", all[0].Service)
	}
}

func TestTheFirstRequestIsHeldWhenItsBeginningShowsAI(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		w := startWild(t, unlistedPolicy, modelAnswer)
		read, write := io.Pipe()
		go func() {
			text := `{"model":"m","messages":[{"role":"user","content":"` + strings.Repeat("Some more text for the model. ", 400) + personal + `"}]}`
			io.WriteString(write, text[:3000])
			io.WriteString(write, text[3000:])
			write.Close()
		}()
		req, _ := http.NewRequest(http.MethodPost, "https://copy.startup.example/v3/go", read)
		req.Header.Set("Content-Type", "application/json")
		resp, err := w.over(http2).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusForbidden || w.reached.Load() != 0 {
			t.Errorf("status %d, %d requests reached the server", resp.StatusCode, w.reached.Load())
		}
		if e := w.end(t)[0]; e.Service.ID != rules.Suspected || e.Timing.Mode != audit.ModeHold || !e.Verdict.Enforced || !slices.Contains(e.Service.Evidence, "chat_body") {
			t.Errorf("service %+v, verdict %+v, timing %+v", e.Service, e.Verdict, e.Timing)
		}
	}
}

// The server has the first byte before the client sends the second: nothing waits
// for more than what has come.
func TestOrdinaryTrafficIsNeitherHeldNorCopied(t *testing.T) {
	for _, media := range []string{"application/json", "text/plain", "", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "image/png"} {
		for _, http2 := range []bool{false, true} {
			began := make(chan struct{})
			w := startWild(t, unlistedPolicy, func(rw http.ResponseWriter, r *http.Request) {
				var first [1]byte
				io.ReadFull(r.Body, first[:])
				close(began)
				rest, _ := io.ReadAll(r.Body)
				rw.Write(append(first[:], rest...))
			})
			body := `{"email":"ana.kovac@customer.example","items":[{"sku":"A-1","quantity":2}]}`
			read, write := io.Pipe()
			go func() {
				io.WriteString(write, body[:1])
				<-began
				io.WriteString(write, body[1:])
				write.Close()
			}()
			req, _ := http.NewRequest(http.MethodPost, "https://shop.startup.example/api/cart", read)
			if media != "" {
				req.Header.Set("Content-Type", media)
			}
			resp, err := w.over(http2).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := io.ReadAll(resp.Body); string(got) != body {
				t.Errorf("%q: the server got %q", media, got)
			}
			resp.Body.Close()
			e := w.end(t)[0]
			if e.Service.ID != "" || e.Timing.Mode != audit.ModeNothing || e.Verdict.Action != rules.Allow || e.Shape != nil || e.Request.Bytes != int64(len(body)) {
				t.Errorf("%q: %+v", media, e)
			}
			if w.judge.discovered.any.Load() {
				t.Errorf("%q: the host is remembered", media)
			}
		}
	}
}

func TestAGatewayThatThePolicyNamesIsNoDiscovery(t *testing.T) {
	w := startWild(t, unlistedPolicy+`services:
  - {id: our-gateway, name: Our gateway, vendor: Corp, country: DE, category: llm_api, hosts: [copy.startup.example]}
approvals:
  - {service: our-gateway, status: sanctioned, owner: it@corp.example, assessment: RA-1}
`, modelAnswer)
	for range 3 {
		if resp, _ := send(t, w.client(), http.MethodPost, "https://copy.startup.example/v1/chat/completions", prompt(personal), "Content-Type", "application/json"); resp.StatusCode != http.StatusOK {
			t.Errorf("status %d", resp.StatusCode)
		}
	}
	for _, e := range w.end(t) {
		if e.Service.ID != "our-gateway" || len(e.Service.Evidence) > 0 || e.Shape != nil || e.Timing.Mode == audit.ModeHold {
			t.Errorf("service %+v, timing %+v", e.Service, e.Timing)
		}
	}
	if w.judge.discovered.any.Load() {
		t.Error("the host is remembered")
	}
}

// A path that carries everything of an application is not AI for ever.
func TestAPathIsForgottenWhenItIsOrdinaryAgain(t *testing.T) {
	w := startWild(t, unlistedPolicy, func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Model") != "" {
			modelAnswer(rw, r)
			return
		}
		rw.Header().Set("Content-Type", "application/json")
		io.WriteString(rw, `{"saved":true}`)
	})
	c := w.client()
	post := func(text string, header ...string) int {
		resp, _ := send(t, c, http.MethodPost, "https://shop.startup.example/graphql", neutral(text), append(header, "Content-Type", "application/json")...)
		return resp.StatusCode
	}
	if first, second := post(personal, "X-Model", "1"), post(personal); first != http.StatusOK || second != http.StatusForbidden {
		t.Errorf("status %d, then %d", first, second)
	}
	for range ordinaryInARow {
		if status := post("the parcel may stay at the door of the neighbours"); status != http.StatusOK {
			t.Errorf("status %d", status)
		}
	}
	eventually(t, func() bool { return !w.judge.discovered.any.Load() }) // an exchange ends behind its answer
	if status := post(personal); status != http.StatusOK {
		t.Errorf("it is still remembered: status %d", status)
	}
	all := w.end(t)
	if last := all[len(all)-1]; last.Service.ID != "" {
		t.Errorf("%+v", last.Service)
	}
}

// What is proved of one path says nothing of the others of its host.
func TestTheRestOfTheHostStaysOrdinary(t *testing.T) {
	w := startWild(t, unlistedPolicy, modelAnswer)
	send(t, w.client(), http.MethodPost, "https://copy.startup.example/assist", neutral(personal), "Content-Type", "application/json")
	w.judge.discovered.mu.Lock()
	hosts := w.judge.discovered.hosts.Len()
	w.judge.discovered.mu.Unlock()
	resp, _ := send(t, w.client(), http.MethodPost, "https://copy.startup.example/contacts", `{"email":"ana.kovac@customer.example"}`, "Content-Type", "application/json")
	if resp.StatusCode != http.StatusOK || hosts != 1 {
		t.Errorf("status %d, %d hosts", resp.StatusCode, hosts)
	}
	w.end(t)
}
