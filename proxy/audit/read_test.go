package audit_test

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
)

// promptLine is the line of an ordinary prompt, with something replaced.
func promptLine(t testing.TB, oldnew ...string) string {
	t.Helper()
	text, err := json.Marshal(prompt())
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(oldnew...).Replace(string(text))
}

func TestAnEventIsReadAsItWasWritten(t *testing.T) {
	want := prompt()
	var got []audit.Event
	for e, err := range audit.Read(strings.NewReader(promptLine(t) + "\r\n\n" + promptLine(t))) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e)
	}
	if len(got) != 2 || !reflect.DeepEqual(got[1], want) {
		t.Errorf("%d events, the last\n%+v\nwant\n%+v", len(got), got[len(got)-1], want)
	}
}

func TestABadLineIsToldAndReadingGoesOnBehindIt(t *testing.T) {
	const secret = "4539148803436467"
	for name, test := range map[string]struct{ line, want string }{
		"no JSON":               {`{"card": 4539148803436467`, "line 2: the line is no JSON from byte 25 on"},
		"another kind of value": {promptLine(t, `"people":0`, `"people":"`+secret+`"`), "line 2: the value of people is of another kind"},
		"a list":                {`["` + secret + `"]`, "line 2: the line is no event: it has no id, time or kind"},
		"another log":           {`{"level":"info","msg":"` + secret + `"}`, "line 2: the line is no event: it has no id, time or kind"},
		"an unknown kind":       {promptLine(t, `"kind":"exchange"`, `"kind":"`+secret+`"`), "line 2: the line is no event: it has no id, time or kind"},
		"an unknown action":     {promptLine(t, `"action":"log"`, `"action":"`+secret+`"`), "line 2: a value of the line cannot be read, such as a time or an action"},
		"an unknown coverage":   {promptLine(t, `"state":"complete"`, `"state":"`+secret+`"`), "line 2: a value of the line cannot be read, such as a time or an action"},
		"a bad time":            {promptLine(t, `"2026-11-22T`, `"`+secret+`T`), "line 2: a value of the line cannot be read, such as a time or an action"},
		"too long":              {strings.Repeat(secret, audit.MaxLine/len(secret)+1), "line 2: the line is longer than 1048576 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			var events int
			var faults []string
			for _, err := range audit.Read(strings.NewReader(promptLine(t) + "\n" + test.line + "\n" + promptLine(t))) {
				var fault *audit.LineError
				switch {
				case err == nil:
					events++
				case errors.As(err, &fault) && fault.Line == 2:
					faults = append(faults, err.Error())
				default:
					t.Fatal(err)
				}
			}
			if events != 2 || len(faults) != 1 || faults[0] != test.want {
				t.Errorf("%d events, faults %q", events, faults)
			}
		})
	}
}

func TestAReaderThatFailsEndsTheLog(t *testing.T) {
	broken := errors.New("the disk is gone")
	var last error
	n := 0
	for _, err := range audit.Read(io.MultiReader(strings.NewReader(promptLine(t)+"\n"), iotest.ErrReader(broken))) {
		last = err
		n++
	}
	if n != 2 || !errors.Is(last, broken) {
		t.Errorf("%d results, the last %v", n, last)
	}
}

func TestWhatAnEventLacksIsTold(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*audit.Event)
		want   string
	}{
		"nothing":                  {func(*audit.Event) {}, ""},
		"a body that nobody read":  {func(e *audit.Event) { e.Coverage = classifier.Coverage{Reason: "policy"} }, "content"},
		"a body that was too busy": {func(e *audit.Event) { e.Coverage = classifier.Coverage{Reason: "busy"} }, ""},
		"blocked by its head": {func(e *audit.Event) {
			e.Coverage, e.Verdict = classifier.Coverage{Reason: "policy"}, audit.Verdict{Action: rules.Block, Rule: "r", Enforced: true}
		}, "content bytes"},
		"a message of a WebSocket": {func(e *audit.Event) { e.Connection = "id"; e.Destination.Protocol = "websocket" }, "earlier bytes"},
		"the opening of one":       {func(e *audit.Event) { e.Destination.Protocol = "websocket"; e.Coverage.State = classifier.NotInspected }, ""},
		"a stream of messages":     {func(e *audit.Event) { e.Request.MediaType = "application/grpc" }, "message bytes"},
		"a part of a file":         {func(e *audit.Event) { e.Upload = &audit.Upload{} }, "rest"},
		"what turned out to be AI": {func(e *audit.Event) { e.Service.ID = rules.Suspected; e.Timing.Mode = audit.ModeObserve }, "time"},
		"a body that was stopped at its limit": {func(e *audit.Event) {
			e.Coverage, e.Verdict = classifier.Coverage{State: classifier.Truncated, Reason: "over_limit"}, audit.Verdict{Rule: "r", Enforced: true}
		}, "rest"},
		"a body that broke off": {func(e *audit.Event) {
			e.Coverage = classifier.Coverage{State: classifier.Truncated, Reason: "unfinished"}
		}, "bytes"},
		"no address":              {func(e *audit.Event) { e.Client = audit.Client{User: "ana"} }, "address"},
		"a judgement that failed": {func(e *audit.Event) { e.Verdict = audit.Verdict{Action: rules.Block, Enforced: true} }, "verdict"},
	} {
		e := prompt()
		test.change(&e)
		if got := strings.Join(e.Lacks().Words(), " "); got != test.want {
			t.Errorf("%s: lacks %q, want %q", name, got, test.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(promptLine(f) + "\n{}\n"))
	f.Add([]byte("{\"id\":\"x\",\"time\":\"2026-11-22T08:00:00Z\",\"kind\":\"tunnel\",\"coverage\":{\"state\":\"truncated\"}}"))
	f.Add([]byte("\n\r\n[1]\nnull\n\"\xff\""))
	f.Fuzz(func(t *testing.T, log []byte) {
		lines := 0
		for e, err := range audit.Read(strings.NewReader(string(log))) {
			if lines++; err == nil {
				e.Facts()
				e.Lacks().Words()
			}
		}
		if most := strings.Count(string(log), "\n") + 1; lines > most {
			t.Errorf("%d results of %d lines", lines, most)
		}
	})
}
