package engine_test

import (
	"strconv"
	"strings"
	"testing"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

// failClosed protects customer lists on their way to prohibited services, and lets
// everything else through when Daylight fails.
const failClosed = `version: 1
on_error: allow
approvals: [{service: openai-api, status: prohibited}]
rules:
  - {name: keys, match: {data: credentials}, action: block}
  - {name: lists, match: {status: prohibited, data: {class: personal, people: ">=10"}}, action: block, on_error: block}
  - {name: new sites, match: {service: suspected, data: credentials}, action: block, on_error: block}
`

func failing(t *testing.T, source engine.Source) *engine.Snapshot {
	t.Helper()
	source.Policy = []policyfile.File{{Name: "p.yaml", Data: []byte(failClosed)}}
	return compile(t, source)
}

func TestWhatCouldNotBeJudgedGoesByTheRulesThatItMightHaveMet(t *testing.T) {
	for _, c := range []struct {
		name, host, path string
		media            string
		monitor          bool
		action           rules.Action
		rule, by         string
	}{
		{"a prohibited service", "api.openai.com", "/v1/chat/completions", "application/json", false, rules.Block, "lists", rules.ByRule},
		{"any other service", "chatgpt.com", chatPath, "application/json", false, rules.Log, "keys", rules.ByPolicy},
		{"a host on no list, whose body might have shown AI", "new.example", "/v1/chat", "application/json", false, rules.Block, "new sites", rules.ByRule},
		{"a host on no list, whose body cannot", "new.example", "/v1/chat", "image/png", false, rules.Allow, "", rules.ByCertainty},
		{"a prohibited service while the configuration monitors", "api.openai.com", "/v1/chat/completions", "application/json", true, rules.Log, "", rules.ByCertainty},
	} {
		s := failing(t, engine.Source{Monitor: c.monitor})
		r, _ := post(c.host, c.path, `{}`, func(r *engine.Request) { r.Header["Content-Type"] = []string{c.media} })
		v := s.Failed(s.Plan(r), 2, false)
		if v.Action != c.action || v.Rule != c.rule || v.OnErrorBy != c.by {
			t.Errorf("%s: %+v", c.name, v)
		}
		if v := s.Failed(s.Plan(r), 2, true); v.Stops() || c.action == rules.Block && v.OnErrorBy != rules.ByLateness {
			t.Errorf("%s, which has left: %+v", c.name, v)
		}
	}
}

// Where not even the service is known, any rule for AI may have been meant.
func TestARequestWithoutAPlanMayGoToAnyService(t *testing.T) {
	r, _ := post("shop.example", "/", `{}`)
	if v := failing(t, engine.Source{}).Failed(engine.Unplanned(r), 2, false); v.Action != rules.Block || v.Rule != "lists" || v.Status != rules.NoStatus {
		t.Errorf("%+v", v)
	}
	if v := failing(t, engine.Source{Monitor: true}).Failed(engine.Unplanned(r), 2, false); v.Stops() {
		t.Errorf("monitored: %+v", v)
	}
}

func TestABodyForWhichThereIsNoRoomGoesByWhatWasReadUnlessARuleObjects(t *testing.T) {
	s := failing(t, engine.Source{})
	for _, c := range []struct {
		name, host, reason, text string
		rule, by                 string
		stops                    bool
	}{
		{"a full disk before a prohibited service", "api.openai.com", "disk", "hello", "lists", rules.ByRule, true},
		{"no memory", "api.openai.com", "busy", "hello", "lists", rules.ByRule, true},
		{"a limit that was set", "api.openai.com", "over_limit", "hello", "", "", false},
		{"a full disk before any other", "chatgpt.com", "disk", "hello", "", "", false},
		{"what was read is enough", "api.openai.com", "disk", customers(12), "lists", "", true},
	} {
		path := chatPath
		if c.host != "chatgpt.com" {
			path = "/v1/chat/completions"
		}
		r, b := post(c.host, path, chatgpt(c.text))
		if c.host != "chatgpt.com" {
			r, b = post(c.host, path, `{"messages":[{"role":"user","content":`+strconv.Quote(c.text)+`}]}`)
		}
		b.Total, b.Reason = b.Total+1000, c.reason
		_, o := evaluate(s, r, b)
		if v := o.Verdict; v.Stops() != c.stops || v.Rule != c.rule || v.OnErrorBy != c.by {
			t.Errorf("%s: %+v", c.name, v)
		}
		if c.by != "" && !strings.HasPrefix(o.Verdict.Reason, "the body could not be read to its end; ") {
			t.Errorf("%s: reason %q", c.name, o.Verdict.Reason)
		}
	}
}

func TestTheRevisionTellsOfOnError(t *testing.T) {
	if a, b := failing(t, engine.Source{}), failing(t, engine.Source{OnErrorAllow: true}); a.Revision() == b.Revision() {
		t.Error("two configurations have one revision")
	}
}
