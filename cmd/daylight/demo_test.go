package main

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
)

func TestASceneThatEndsOtherwiseIsReported(t *testing.T) {
	s := scene{message: message{body: []byte("12345")}, expect: ending{service: "chatgpt", status: rules.Tolerated, action: rules.Log, people: 3, streams: true}}
	good := func() *result {
		return &result{
			status: http.StatusOK, arrived: 5, chunks: []chunk{{after: 0}, {after: time.Second}},
			event: audit.Event{
				People: 3, Service: audit.Service{ID: "chatgpt", Status: rules.Tolerated},
				Verdict: audit.Verdict{Action: rules.Log, Enforced: true},
			},
		}
	}
	if d := s.differences(good()); len(d) > 0 {
		t.Fatalf("the expected ending differs: %v", d)
	}
	for what, change := range map[string]func(*result){
		"status code":    func(r *result) { r.status = http.StatusBadGateway },
		"bytes":          func(r *result) { r.arrived = 4 },
		"service":        func(r *result) { r.event.Service.ID = "claude" },
		"its status":     func(r *result) { r.event.Service.Status = rules.Prohibited },
		"action":         func(r *result) { r.event.Verdict.Action = rules.Allow },
		"enforced":       func(r *result) { r.event.Verdict.Enforced = false },
		"rule":           func(r *result) { r.event.Verdict.Rule = "x" },
		"people":         func(r *result) { r.event.People = 2 },
		"bit by bit":     func(r *result) { r.chunks[1].after = time.Millisecond },
		"not read":       func(r *result) { r.event.Coverage.Reason = "image" },
		"file":           func(r *result) { r.event.Upload = &audit.Upload{Filename: "x.csv"} },
		"without answer": func(r *result) { r.chunks = nil },
	} {
		r := good()
		change(r)
		if d := s.differences(r); len(d) != 1 {
			t.Errorf("%s: %v", what, d)
		}
	}
}

func TestABlockedSceneMustNotReachTheService(t *testing.T) {
	s := scene{message: message{body: []byte("12345")}, expect: ending{action: rules.Block}}
	r := &result{status: http.StatusForbidden, told: "no", arrived: 1, event: audit.Event{Verdict: audit.Verdict{Action: rules.Block, Enforced: true}}}
	if d := s.differences(r); len(d) != 1 || !strings.Contains(d[0], "bytes that reached the service") {
		t.Errorf("got %v", d)
	}
	r.arrived, r.told = 0, ""
	if d := s.differences(r); len(d) != 1 || !strings.Contains(d[0], "told why") {
		t.Errorf("got %v", d)
	}
}

func TestCustomerListIsTheSameEachTime(t *testing.T) {
	list := customerList()
	if list != customerList() {
		t.Error("two lists differ")
	}
	mails := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(list), "\n")[1:] {
		mails[strings.Split(line, ",")[3]] = true
	}
	if len(mails) != customers {
		t.Errorf("%d distinct people, want %d", len(mails), customers)
	}
}

func TestGrowthOfMetrics(t *testing.T) {
	const text = "# HELP x y\n# TYPE x counter\ndaylight_exchanges_total{l=\"a b\"} %s\ndaylight_b 2\ndaylight_d %s\ndaylight_c_bucket{le=\"1\"} %s\ngo_goroutines %s\n"
	read := func(value string) series {
		s, err := parseMetrics(strings.NewReader(strings.ReplaceAll(text, "%s", value)))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	var out bytes.Buffer
	growth(read("1"), read("3")).write(&out)
	if want := "          +2  daylight_exchanges_total{l=\"a b\"}\n  and 1 more series, see --keep\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
	if _, err := parseMetrics(strings.NewReader("daylight_exchanges_total x\n")); err == nil {
		t.Error("a value that is no number is accepted")
	}
}
