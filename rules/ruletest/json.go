package ruletest

import (
	"encoding/json"
	"fmt"
	"io"

	"daylight.internal/rules/strictyaml"
)

// placeJSON is where something stands.
type placeJSON struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

func placeOf(p strictyaml.Position) placeJSON { return placeJSON{p.File, p.Line, p.Column} }

type reportJSON struct {
	Passed   int           `json:"passed"`
	Failed   int           `json:"failed"`
	Seconds  float64       `json:"seconds"`
	Tests    []resultJSON  `json:"tests"`
	Coverage *coverageJSON `json:"coverage,omitempty"`
}

type resultJSON struct {
	Name string `json:"name"`
	placeJSON
	Outcome     string           `json:"outcome"` // pass, fail, or error when it could not be run
	Seconds     float64          `json:"seconds"`
	Exchange    string           `json:"exchange,omitempty"`
	Problem     *problemJSON     `json:"problem,omitempty"`
	Differences []differenceJSON `json:"differences,omitempty"`
	Why         []string         `json:"why,omitempty"`
	Verdict     *verdictJSON     `json:"verdict,omitempty"`
}

type problemJSON struct {
	placeJSON
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

type differenceJSON struct {
	placeJSON
	Key  string `json:"key"`
	Want string `json:"want"`
	Got  string `json:"got"`
}

type verdictJSON struct {
	Action      string `json:"action"`
	Enforced    bool   `json:"enforced"`
	MonitoredBy string `json:"monitored_by,omitempty"`
	OnErrorBy   string `json:"on_error_by,omitempty"`
	Rule        string `json:"rule"`
	At          string `json:"at"`
	Status      string `json:"status"`
	Reason      string `json:"reason"`
}

type coverageJSON struct {
	Percent float64    `json:"percent"`
	Rules   []ruleJSON `json:"rules"`
}

type ruleJSON struct {
	Name    string `json:"name"`
	At      string `json:"at"`
	Decided int    `json:"decided"` // tests
	Reached bool   `json:"reached"`
}

// WriteJSON writes the report as one JSON document.
func (r *Report) WriteJSON(w io.Writer, withCoverage bool) error {
	failed := r.Failed()
	out := reportJSON{Passed: len(r.Results) - failed, Failed: failed, Seconds: r.Elapsed.Seconds(), Tests: []resultJSON{}}
	for i := range r.Results {
		out.Tests = append(out.Tests, r.Results[i].json())
	}
	if withCoverage {
		out.Coverage = &coverageJSON{Percent: r.Coverage(), Rules: []ruleJSON{}}
		for _, rule := range r.Rules {
			out.Coverage.Rules = append(out.Coverage.Rules, ruleJSON(rule))
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(out); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

func (r *Result) json() resultJSON {
	out := resultJSON{Name: r.Name, placeJSON: placeOf(r.At), Outcome: "pass", Seconds: r.Elapsed.Seconds(), Exchange: r.Exchange, Why: r.Why}
	if p := r.Problem; p != nil {
		out.Outcome, out.Problem = "error", &problemJSON{placeOf(p.Position), p.Message, p.Hint}
		return out
	}
	v := &r.Verdict
	out.Verdict = &verdictJSON{v.Action.String(), !v.Monitor, v.MonitoredBy, v.OnErrorBy, v.Rule, v.At, string(v.Status), v.Reason}
	for _, d := range r.Differences {
		out.Outcome = "fail"
		out.Differences = append(out.Differences, differenceJSON{placeOf(d.At), d.Key, d.Want, d.Got})
	}
	return out
}
