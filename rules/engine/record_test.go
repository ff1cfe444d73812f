package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"daylight.internal/rules/engine"
)

// A server of SignalR reads a record to its separator, in however many messages
// it comes.
func TestARecordInSeveralMessagesIsOneRecord(t *testing.T) {
	s := policy(t, "rules:", "  - {name: lists, match: {data: {class: personal, people: '>=10'}}, action: block}")
	whole := `{"type":6}` + "\x1e" + chathub(customers(12))
	for _, size := range []int{1, 7, 60, 200} {
		t.Run(fmt.Sprintf("in pieces of %d bytes", size), func(t *testing.T) {
			p, w := s.Plan(socket(m365, hub)), &engine.Window{}
			last, people := engine.Outcome{}, 0
			for rest := whole; rest != ""; rest = rest[min(size, len(rest)):] {
				b := textMessage(rest[:min(size, len(rest))])
				b.Window = w
				last = s.Evaluate(p, b)
				if last.Added != nil {
					people += last.Added.People
				} else {
					people += last.Facts.Content.People
				}
				if c := last.Facts.Content.Coverage; c.BytesRead > b.Total {
					t.Errorf("coverage %+v of %d bytes", c, b.Total)
				}
				clear(b.Bytes) // the next message may come in the same bytes
				if last.Verdict.Stops() {
					break
				}
			}
			if !last.Verdict.Stops() || last.Facts.Content.People < 10 || people < 10 || people > 14 {
				t.Errorf("%+v, %d people told", last, people)
			}
		})
	}
}

func TestARecordThatWasStoppedIsNotContinued(t *testing.T) {
	s := policy(t, "rules:", "  - {name: mail, match: {data: {class: personal, people: '>=2'}}, action: block}")
	p, w := s.Plan(socket(m365, hub)), &engine.Window{}
	say := func(text string) engine.Outcome {
		b := textMessage(text)
		b.Window = w
		return s.Evaluate(p, b)
	}
	before, after, _ := strings.Cut(chathub("Please write to ana@customers.example. And so on, HERE, and then goodbye"), "HERE")
	for i, c := range []struct {
		text   string
		stops  bool
		people int
	}{
		{before, false, 1},
		{"to bo@customers.example", true, 2},
		{after, false, 1},                            // what was stopped never came to the server
		{chathub("cai@customers.example"), false, 1}, // the record before has ended
	} {
		if o := say(c.text); o.Verdict.Stops() != c.stops || o.Facts.Content.People != c.people {
			t.Errorf("message %d: %+v, %d people", i, o.Verdict, o.Facts.Content.People)
		}
	}
	long := strings.Repeat("a long record that never ends ", 10_000)
	if o := say(long); o.Facts.Content.Coverage.BytesRead != int64(len(long)) {
		t.Errorf("coverage %+v", o.Facts.Content.Coverage)
	}
	if o := say("ana@customers.example, bo@customers.example"); !o.Verdict.Stops() {
		t.Errorf("behind a long beginning: %+v", o.Verdict)
	}
}
