package proxy

import (
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/rpc"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// framed is a message in an envelope.
func framed(flags byte, message string) string {
	return string(binary.BigEndian.AppendUint32([]byte{flags}, uint32(len(message)))) + message
}

// openGate returns an exchange whose request is a stream of messages from body.
func openGate(t *testing.T, b *bench, media string, body io.Reader) (*exchange, *http.Request) {
	t.Helper()
	return openGateOf(t, b.judge, media, body)
}

func openGateOf(t *testing.T, j *Judge, media string, body io.Reader) (*exchange, *http.Request) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://chat.example/chat.Chat/Say", struct{ io.Reader }{body})
	r.ContentLength = -1
	r.Header.Set("Content-Type", media)
	x := j.exchange(r, rules.Client{}, nil).(*exchange)
	if resp := x.request(r); resp != nil {
		t.Fatalf("answered %d", resp.StatusCode)
	}
	return x, r
}

// close ends the exchange and returns its event.
func (b *bench) close(t *testing.T, x *exchange) audit.Event {
	t.Helper()
	x.finish(nil)
	b.served <- struct{}{}
	e := b.only(t, 1)[0]
	if used := b.judge.memory.used.Load(); used != 0 {
		t.Errorf("%d bytes of memory were not given back", used)
	}
	return e
}

func gateOf(word string) *policy {
	return &policy{service: "chat", need: rules.Hold, evaluate: blocker(word)}
}

func TestOnlyMessagesPassAsAStreamOfMessages(t *testing.T) {
	message, empty, end := framed(0, "abc"), framed(0, ""), framed(2, "{}")
	for _, c := range []struct {
		name, body string
		goesOn     int // bytes
		whole      bool
	}{
		{"nothing", "", 0, true},
		{"a message", message, 8, true},
		{"an empty message", empty, 5, true},
		{"several, one compressed, and the end", message + empty + framed(1, "{") + end, 26, true},
		{"JSON", `{"messages":[]}`, 0, false},
		{"JSON behind a message", message + `{"messages":[]}`, 8, false},
		{"JSON behind blanks", "\n\n" + `{"messages":[]}`, 0, false},
		{"a table", "name,email\n", 0, false},
		{"a part of a head", message + "\x00\x00", 8, false},
		{"a part of a message", message + framed(0, "abc")[:7], 8, false},
	} {
		for name, reader := range map[string]io.Reader{"at once": strings.NewReader(c.body), "byte by byte": iotest.OneByteReader(strings.NewReader(c.body))} {
			t.Run(c.name+" "+name, func(t *testing.T) {
				b := newBench(t, gateOf("SECRET"), JudgeOptions{}, nil)
				x, r := openGate(t, b, "application/connect+json", reader)
				got, err := io.ReadAll(r.Body)
				if (err == nil) != c.whole || string(got) != c.body[:c.goesOn] {
					t.Errorf("%q went on, %v", got, err)
				}
				e := b.close(t, x)
				if c.whole && (e.Verdict.Action != rules.Log || e.Error != "") || !c.whole && (e.Verdict.Action != rules.Block || !e.Verdict.Enforced || e.Error != "not_grpc") {
					t.Errorf("event %+v", e)
				}
				if a := e.Account(); a.Reason != "" && a.Reason != audit.UnreadUndecodable || c.whole && a.Unread > 0 {
					t.Errorf("account %+v", a)
				}
				if e.Timing.Mode != audit.ModeHold || e.Destination.Host != "chat.example" || c.whole && e.Request.Bytes != int64(len(c.body)) {
					t.Errorf("event %+v", e)
				}
			})
		}
	}
}

func TestAMessageThatIsStoppedNeverGoesOnAndNoneAfterIt(t *testing.T) {
	for _, body := range []string{framed(0, "a SECRET"), framed(0, "one") + framed(0, "a SECRET") + framed(0, "three")} {
		b := newBench(t, gateOf("SECRET"), JudgeOptions{}, nil)
		x, r := openGate(t, b, "application/grpc", strings.NewReader(body))
		before := strings.Index(body, framed(0, "a SECRET"))
		got, err := io.ReadAll(r.Body)
		if string(got) != body[:before] || err == nil {
			t.Errorf("%q went on, %v", got, err)
		}
		if n, again := r.Body.Read(make([]byte, 10)); n != 0 || again != err {
			t.Errorf("then %d bytes, %v", n, again)
		}
		resp := x.response(r, nil, err)
		if resp.StatusCode != http.StatusOK || resp.Header.Get("Grpc-Status") != "7" || !strings.HasPrefix(resp.Header.Get("Grpc-Message"), "Please use the approved tool. ") {
			t.Errorf("status %d, %v", resp.StatusCode, resp.Header)
		}
		resp.Body.Close()
		e := b.close(t, x)
		if e.Verdict.Rule != "lists-stay-home" || !e.Verdict.Enforced || e.People != 3 || e.Error != "" || e.Response.Status != 200 ||
			e.Request.Bytes != int64(before+len(framed(0, "a SECRET"))) {
			t.Errorf("event %+v", e)
		}
	}
}

func TestTheEventAddsTheMessagesUp(t *testing.T) {
	p := gateOf("")
	p.evaluate = func(b engine.Body) engine.Outcome {
		o := blocker("5:")(b)
		switch string(b.Bytes[rpc.HeadSize:]) {
		case "coached":
			o.Verdict = rules.Verdict{Action: rules.Coach, Rule: "coach"}
		case "unread":
			o.Facts.Content.Coverage.State, o.Facts.Content.Coverage.Reason = 1, "binary"
		case "people again":
			o.Added = &rules.Content{People: 1}
			o.Facts.Content.People = 4
		}
		if b.Window == nil {
			t.Error("a message was judged without what went before")
		}
		return o
	}
	b := newBench(t, p, JudgeOptions{}, nil)
	x, r := openGate(t, b, "application/grpc+proto", strings.NewReader(framed(0, "one")+framed(0, "coached")+framed(0, "people again")+framed(0, "unread")+framed(0, "two")))
	if _, err := io.ReadAll(r.Body); err != nil {
		t.Fatal(err)
	}
	e := b.close(t, x)
	if e.Verdict.Rule != "coach" || e.People != 1 || e.Coverage.Reason != "binary" || e.Coverage.State != 1 || e.Request.Bytes != 25+3+7+12+6+3 {
		t.Errorf("event %+v", e)
	}
}

func TestAMessageBeyondTheLimitIsJudgedByItsBeginningAndGoesOn(t *testing.T) {
	p := gateOf("SECRET")
	var reasons []string
	judge := p.evaluate
	p.evaluate = func(b engine.Body) engine.Outcome { reasons = append(reasons, b.Reason); return judge(b) }
	long := framed(0, strings.Repeat("long ", 20000))
	b := newBench(t, p, JudgeOptions{Limits: Limits{HoldMemoryBytes: 8 << 10, HoldBytes: 40 << 10, InspectBytes: 30 << 10}}, nil)
	body := framed(0, "small") + long + framed(0, strings.Repeat("spilt ", 2000)) + framed(0, "small")
	x, r := openGate(t, b, "application/grpc", iotest.HalfReader(strings.NewReader(body)))
	got, err := io.ReadAll(iotest.HalfReader(r.Body))
	if err != nil || string(got) != body {
		t.Errorf("%d of %d bytes went on, %v", len(got), len(body), err)
	}
	if strings.Join(reasons, ",") != ",over_limit,," {
		t.Errorf("judged for %q", reasons)
	}
	e := b.close(t, x)
	if e.Coverage.Reason != "over_limit" || e.Request.Bytes != int64(len(body)) || !strings.Contains(scrapeText(t, b.metrics), `daylight_limit_hits_total{limit="inspect_bytes"} 1`) {
		t.Errorf("event %+v", e)
	}
}

func TestAStreamThatPanicsIsStopped(t *testing.T) {
	p := gateOf("SECRET")
	p.onErrorAllow = true
	b := newBench(t, p, JudgeOptions{}, nil)
	x, r := openGate(t, b, "application/grpc", io.MultiReader(strings.NewReader(framed(0, "one")+framed(0, "two")[:6]), brokenReader{}))
	if got, err := io.ReadAll(r.Body); string(got) != framed(0, "one") || err == nil {
		t.Errorf("%q went on, %v", got, err)
	}
	if resp := x.response(r, nil, errors.New("reset")); resp.Header.Get("Grpc-Status") != "13" {
		t.Errorf("answer %v", resp.Header)
	}
	if e := b.close(t, x); e.Error != "panic" || e.Verdict.Action != rules.Block || !e.Verdict.Enforced {
		t.Errorf("event %+v", e)
	}
}

func TestAJudgementThatFailsCostsWhatThePolicySays(t *testing.T) {
	for _, allow := range []bool{false, true} {
		p := gateOf("")
		p.evaluate = func(b engine.Body) engine.Outcome {
			if strings.Contains(string(b.Bytes), "two") {
				panic("the secret")
			}
			return blocker("SECRET")(b)
		}
		p.onErrorAllow = allow
		b := newBench(t, p, JudgeOptions{}, nil)
		x, r := openGate(t, b, "application/grpc", strings.NewReader(framed(0, "one")+framed(0, "two")+framed(0, "three")))
		got, err := io.ReadAll(r.Body)
		if (err == nil) != allow || strings.Contains(string(got), "two") != allow {
			t.Errorf("allowed %v: %q went on, %v", allow, got, err)
		}
		if e := b.close(t, x); e.Error != "panic" || e.Coverage.Reason != "failed" || e.Verdict.Enforced == allow && e.Verdict.Action == rules.Block || e.Destination.Host != "chat.example" {
			t.Errorf("allowed %v: event %+v", allow, e)
		}
	}
}

func TestALongStreamIsObservedUntilTheCopyIsFull(t *testing.T) {
	judged := make(chan int, 1)
	p := &policy{service: "chat", need: rules.Observe, evaluate: func(b engine.Body) engine.Outcome {
		judged <- len(b.Bytes)
		return blocker("SECRET")(b)
	}}
	b := newBench(t, p, JudgeOptions{Limits: Limits{InspectBytes: 8 << 10}}, nil)
	in, out := io.Pipe()
	x, r := openGate(t, b, "application/grpc", in)
	message := framed(0, strings.Repeat("x", 4<<10))
	go func() {
		for range 3 {
			out.Write([]byte(message))
		}
	}()
	if _, err := io.ReadFull(r.Body, make([]byte, 3*len(message))); err != nil {
		t.Fatal(err)
	}
	if n := <-judged; n != 8<<10 { // although the stream goes on
		t.Errorf("judged by %d bytes", n)
	}
	out.Close()
	io.Copy(io.Discard, r.Body)
	if e := b.close(t, x); e.Coverage.Reason != "over_limit" || e.Request.Bytes != int64(3*len(message)) || e.Timing.Mode != audit.ModeObserve {
		t.Errorf("event %+v", e)
	}
}

func TestAListThatClaimsToBeAStreamIsStopped(t *testing.T) {
	w := startWhole(t)
	for _, c := range []struct{ path, media, want string }{
		{"/backend-api/f/conversation", "application/grpc", "3"}, // where the catalogue knows JSON
		{"/unknown", "application/grpc", "3"},
		{"/unknown", "application/connect+json", `"code":"invalid_argument"`},
		{"/unknown", "application/grpc-web+proto", "grpc-status: 3\r\n"},
	} {
		t.Run(c.media+c.path, func(t *testing.T) {
			req, err := http.NewRequest(http.MethodPost, "https://chatgpt.com"+c.path, io.MultiReader(strings.NewReader(prompt(customers))))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", c.media)
			resp, err := w.client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if told := resp.Header.Get("Grpc-Status") + string(body); err != nil || !strings.Contains(told, c.want) || resp.StatusCode != http.StatusOK {
				t.Errorf("status %d: %q, %v", resp.StatusCode, told, err)
			}
		})
	}
	for _, e := range w.end(t) {
		if e.Error != "not_grpc" || e.Verdict.Action != rules.Block || !e.Verdict.Enforced || e.Response.Status != http.StatusOK {
			t.Errorf("event %+v", e)
		}
	}
	if strings.Contains(w.reached.String(), "customer") {
		t.Errorf("the server got %q", w.reached)
	}
}

func TestAListInAStreamOfJSONIsStopped(t *testing.T) {
	w := startWhole(t)
	question := framed(0, prompt("What is a good headline?"))
	req, err := http.NewRequest(http.MethodPost, "https://chatgpt.com/unknown", io.MultiReader(strings.NewReader(question), strings.NewReader(framed(0, prompt(customers)))))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/connect+json")
	resp, err := w.client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil || !strings.HasPrefix(string(body), "\x02") || !strings.Contains(string(body), `"code":"permission_denied","message":"Customer lists stay with us. `) {
		t.Errorf("got %q, %v", body, err)
	}
	if e := w.end(t)[0]; e.Verdict.Rule != "lists stay home" || !e.Verdict.Enforced || e.People < 4 || e.Service.ID != "chatgpt" || strings.Contains(w.reached.String(), "customer") {
		t.Errorf("the server got %q, event %+v", w.reached, e)
	}
}

func TestAClientThatLeavesInAMessageIsAccountedFor(t *testing.T) {
	for _, before := range []string{"", framed(0, "one")} {
		b := newBench(t, gateOf("SECRET"), JudgeOptions{}, nil)
		gone := &carryError{status: 499, reason: "client_gone"}
		x, r := openGate(t, b, "application/grpc", io.MultiReader(strings.NewReader(before+framed(0, "two")[:7]), iotest.ErrReader(gone)))
		if got, err := io.ReadAll(r.Body); string(got) != before || !errors.Is(err, gone) {
			t.Errorf("%q went on, %v", got, err)
		}
		e := b.close(t, x)
		want := audit.Account{Inspected: int64(len(before)), Unread: 7, Reason: audit.UnreadClientGone}
		if e.Verdict.Action != rules.Log || e.Account() != want {
			t.Errorf("event %+v, account %+v", e, e.Account())
		}
	}
}

// The messages are judged one by one, and people are added up over all of them.
func TestPeopleWhoAreSentOneByOneAreAddedUp(t *testing.T) {
	for name, write := range map[string]func(string) string{
		"application/connect+json": prompt,
		"application/grpc+proto": func(text string) string {
			b, err := proto.Marshal(wrapperspb.String(text))
			if err != nil {
				t.Fatal(err)
			}
			return string(b)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := startWhole(t)
			var messages []io.Reader
			for _, who := range []string{"ana.kovac", "ben.ode", "cai.wu", "dana.roe"} {
				messages = append(messages, strings.NewReader(framed(0, write("Please write to "+who+"@customer.example and tell of the sale."))))
			}
			req, err := http.NewRequest(http.MethodPost, "https://chatgpt.com/unknown", io.MultiReader(messages...))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", name)
			resp, err := w.client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if told := resp.Header.Get("Grpc-Message") + string(body); err != nil || !strings.Contains(told, "Customer lists stay with us.") {
				t.Errorf("told %q, %v", told, err)
			}
			e := w.end(t)[0]
			if reached := w.reached.String(); strings.Contains(reached, "cai.wu") || e.People != 3 || e.Verdict.Rule != "lists stay home" || !e.Verdict.Enforced || e.Account().Unread != 0 {
				t.Errorf("the server got %q, event %+v", reached, e)
			}
		})
	}
}
