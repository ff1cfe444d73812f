package engine

import (
	"slices"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/rules"
)

// Explanation says why an exchange was judged as it was. It holds no value of the
// exchange that is not masked, no query and no field of a head.
type Explanation struct {
	Revision string             `json:"revision"` // of the snapshot
	Request  ExplainedRequest   `json:"request"`
	Client   ExplainedClient    `json:"client"`
	Service  ExplainedService   `json:"service"`
	Tunnel   *ExplainedTunnel   `json:"tunnel,omitempty"`  // nil without TLS, and when it is not known
	Reading  *ExplainedReading  `json:"reading,omitempty"` // nil when it is not known
	Findings []ExplainedFinding `json:"findings"`
	People   int                `json:"people"`
	Account  *ExplainedAccount  `json:"account,omitempty"` // nil when not AI
	Status   *ExplainedStatus   `json:"status,omitempty"`  // nil when not AI
	// Rules are those that were tried, in order; the last one decided when it
	// matched. NotTried counts the ones behind it.
	Rules    []ExplainedRule  `json:"rules"`
	NotTried int              `json:"rules_not_tried"`
	Verdict  ExplainedVerdict `json:"verdict"`
	// Otherwise is the verdict if the rule that decided were not there; nil when none did.
	Otherwise *ExplainedVerdict `json:"otherwise,omitempty"`
	// OnError is the verdict if Daylight failed to judge it; nil when nothing can stop it then.
	OnError *ExplainedVerdict `json:"on_error,omitempty"`
	Answer  *ExplainedAnswer  `json:"answer,omitempty"` // nil when the service answers whatever happens
	Hints   []string          `json:"hints"`            // what would change the verdict
}

// ExplainedRequest is the head of the request.
type ExplainedRequest struct {
	Time         time.Time `json:"time"`
	Method       string    `json:"method"`
	Host         string    `json:"host"`
	Port         uint16    `json:"port"`
	ConnectHost  string    `json:"connect_host,omitempty"`
	SNI          string    `json:"sni,omitempty"`
	PathTemplate string    `json:"path_template"`
	MediaType    string    `json:"media_type,omitempty"`
	Bytes        int64     `json:"bytes"`
	Message      int       `json:"message,omitempty"` // of a WebSocket, from 1
}

// ExplainedFinding is what one detector found.
type ExplainedFinding struct {
	classifier.Summary
	Classes []string `json:"classes"` // of the policy to which the detector belongs
}

// ExplainedRule is a rule that was tried.
type ExplainedRule struct {
	Name       string               `json:"name"`
	At         string               `json:"at"`
	Action     string               `json:"action"`
	Matched    bool                 `json:"matched"`
	Conditions []ExplainedCondition `json:"conditions"`
}

// ExplainedCondition is one condition of a rule that was looked at; those behind
// one that does not hold are not.
type ExplainedCondition struct {
	Condition string `json:"condition"`
	Wanted    string `json:"wanted"`
	Saw       string `json:"saw"`
	Outcome   string `json:"outcome"` // yes, no, or unknown for what is not on record
}

// ExplainedVerdict is a verdict.
type ExplainedVerdict struct {
	Action      string `json:"action"`
	Rule        string `json:"rule"` // "" for the implicit last rule
	At          string `json:"at,omitempty"`
	Reason      string `json:"reason,omitempty"`
	Enforced    bool   `json:"enforced"`
	MonitoredBy string `json:"monitored_by,omitempty"`
	OnErrorBy   string `json:"on_error_by,omitempty"` // of a verdict on what could not be judged; see rules.Verdict
}

// ExplainedAnswer is what the client is told in place of the service's answer.
type ExplainedAnswer struct {
	Shape   string            `json:"shape"`             // a word of rules.Refusal
	Message map[string]string `json:"message,omitempty"` // of the rule, by language
	Given   bool              `json:"given"`             // false: only if the verdict were enforced
}

// Explanation explains the outcome of an exchange. b is the body that was
// evaluated, trace holds the steps of the decision.
func (s *Snapshot) Explanation(p *Plan, b Body, o *Outcome, trace *rules.Trace) Explanation {
	x := s.ExplainFacts(o.Facts, o.Verdict, trace)
	x.Request.PathTemplate = o.PathTemplate
	x.Service = s.explainService(p, o)
	x.Reading = s.explainReading(p, b, o)
	if r := &p.Request; r.Destination.ConnectHost != "" {
		x.Tunnel = s.explainTunnel(r.Destination)
	}
	x.Answer = explainAnswer(p, b, o.Verdict)
	if p.Need == rules.Hold && !p.Final && p.Request.Method != "CONNECT" {
		failed := explainVerdict(s.Failed(*p, o.Facts.Bytes, false))
		x.OnError = &failed
	}
	return x
}

// ExplainFacts explains a verdict on facts alone, such as those of an event.
func (s *Snapshot) ExplainFacts(f rules.Facts, v rules.Verdict, trace *rules.Trace) Explanation {
	f = s.known(f)
	d := &f.Destination
	x := Explanation{
		Revision: s.revision,
		Request: ExplainedRequest{
			Time: f.Time, Method: f.Method, Host: d.Host, Port: d.Port, ConnectHost: d.ConnectHost, SNI: d.SNI,
			PathTemplate: f.Path, MediaType: f.MediaType, Bytes: f.Bytes,
		},
		Client:   s.explainClient(f.Client),
		Service:  s.explainListed(f.Service),
		Findings: []ExplainedFinding{},
		Verdict:  explainVerdict(v),
	}
	if f.Content != nil {
		x.Findings, x.People = s.explainFindings(f.Content), f.Content.People
	}
	if f.Service.IsAI() {
		x.Account, x.Status = s.explainAccount(&f), s.explainStatus(&f, v)
	}
	x.Rules, x.NotTried = s.explainRules(v, trace)
	if f.Content == nil {
		forgetContent(x.Rules)
	}
	x.Otherwise = s.otherwise(f, v)
	x.Hints = s.hints(&f, v, &x)
	return x
}

func (s *Snapshot) explainFindings(c *rules.Content) []ExplainedFinding {
	out := make([]ExplainedFinding, len(c.Findings))
	for i, f := range c.Findings {
		out[i] = ExplainedFinding{Summary: f, Classes: s.classesOf(f.Detector)}
	}
	return out
}

// classesOf returns the data classes to which a detector belongs, sorted.
func (s *Snapshot) classesOf(detector string) []string {
	classes := []string{}
	for class, detectors := range s.classes {
		if slices.Contains(detectors, detector) {
			classes = append(classes, class)
		}
	}
	slices.Sort(classes)
	return classes
}

func explainVerdict(v rules.Verdict) ExplainedVerdict {
	return ExplainedVerdict{
		Action: v.Action.String(), Rule: v.Rule, At: v.At, Reason: v.Reason, Enforced: !v.Monitor, MonitoredBy: v.MonitoredBy,
		OnErrorBy: v.OnErrorBy,
	}
}

// explainAnswer tells what the client is told when the exchange is stopped.
func explainAnswer(p *Plan, b Body, v rules.Verdict) *ExplainedAnswer {
	if v.Action != rules.Block {
		return nil
	}
	r := &p.Request
	shape := RefusalOf(r.Method, r.Query, r.Header, p.Service)
	if b.Frame != NoFrame {
		shape = p.MessageRefusal()
	}
	return &ExplainedAnswer{Shape: string(shape), Message: v.Message, Given: v.Stops()}
}

// explainRules groups the steps of the decision by rule.
func (s *Snapshot) explainRules(v rules.Verdict, trace *rules.Trace) (tried []ExplainedRule, notTried int) {
	tried = []ExplainedRule{}
	if trace == nil {
		return tried, len(s.policy.Rules)
	}
	for i, step := range trace.Steps {
		if i == 0 || trace.Steps[i-1].Rule != step.Rule || trace.Steps[i-1].At != step.At {
			tried = append(tried, ExplainedRule{Name: step.Rule, At: step.At, Matched: step.Rule == v.Rule && step.At == v.At, Conditions: []ExplainedCondition{}})
		}
		rule := &tried[len(tried)-1]
		if step.Condition != "" {
			rule.Conditions = append(rule.Conditions, ExplainedCondition{step.Condition, step.Wanted, step.Saw, step.Outcome})
		}
	}
	actions := make(map[string]rules.Action, len(s.policy.Rules))
	for i := range s.policy.Rules {
		actions[s.policy.Rules[i].At] = s.policy.Rules[i].Action
	}
	for i := range tried {
		tried[i].Action = actions[tried[i].At].String()
	}
	return tried, len(s.policy.Rules) - len(tried)
}

// forgetContent marks the conditions on content that is not on record.
func forgetContent(tried []ExplainedRule) {
	for i := range tried {
		for k := range tried[i].Conditions {
			if c := &tried[i].Conditions[k]; c.Condition == "data" || c.Condition == "coverage" {
				c.Saw, c.Outcome = "", "unknown"
			}
		}
	}
}

// otherwise is the verdict without the rule that decided.
func (s *Snapshot) otherwise(f rules.Facts, v rules.Verdict) *ExplainedVerdict {
	if v.Rule == "" {
		return nil
	}
	policy := *s.policy.Policy // a copy: the snapshot stays as it is
	policy.Rules = slices.DeleteFunc(slices.Clone(policy.Rules), func(r rules.Rule) bool { return r.Name == v.Rule && r.At == v.At })
	x := explainVerdict(policy.Decide(f, nil))
	return &x
}
