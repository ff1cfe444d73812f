// Package ruletest runs the tests of a policy through the engine that the proxy
// asks: there is no second verdict. It is pure; files come from an fs.FS.
package ruletest

import (
	"cmp"
	"fmt"
	"io/fs"
	"regexp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/strictyaml"
)

// Options of a run. The zero value runs every test, at the time of the run.
type Options struct {
	// Run picks the tests whose name it matches, `test/case` for a case; nil: all.
	Run *regexp.Regexp
	// Now is the time of requests that have none; zero: the time of the run.
	Now time.Time
	// InspectBytes of a body are read, as the configuration says; 0: the proxy's default.
	InspectBytes int64
	// Workers run tests side by side; 0: as many as there are processors.
	Workers int
}

// defaultInspectBytes is what the proxy reads of a body unless it is told otherwise.
const defaultInspectBytes = 16 << 20

// Report is what became of a run.
type Report struct {
	Results []Result // in the order of the tests, cases in theirs
	Rules   []RuleCoverage
	Elapsed time.Duration
}

// Failed returns how many tests failed, or could not be run.
func (r *Report) Failed() int {
	n := 0
	for i := range r.Results {
		if !r.Results[i].Passed() {
			n++
		}
	}
	return n
}

// Result is what became of one test or case.
type Result struct {
	Name string
	At   strictyaml.Position
	// Exchange names what was judged when the test does not, such as an entry of a
	// HAR file; "" otherwise.
	Exchange string
	// Problem is why the test could not be run; nil when it could.
	Problem *strictyaml.Problem
	// Differences are what came out otherwise; none when the test passed.
	Differences []Difference
	// Why explains the differences: how the verdict came about, one line each.
	Why     []string
	Verdict rules.Verdict // of the decisive message of a WebSocket
	Elapsed time.Duration

	decided []decision // of every message
}

// Passed tells whether all came out as expected.
func (r *Result) Passed() bool { return r.Problem == nil && len(r.Differences) == 0 }

// Difference is one key of an expectation that was not met. It holds no matched value.
type Difference struct {
	Key       string // such as "action", or "message 2 action"
	Want, Got string
	At        strictyaml.Position // where the expectation stands
}

// Run runs the tests that were written for the policy of a snapshot, as if the
// configuration monitored nothing. files holds their fixtures, under the path of the
// file of the test joined with the name.
func Run(s *engine.Snapshot, tests []policyfile.Test, files fs.FS, o Options) *Report {
	started := time.Now()
	if o.Now.IsZero() {
		o.Now = started
	}
	r := &runner{
		snapshot: s.AsWritten(), now: o.Now, fixtures: newFixtures(files, cmp.Or(o.InspectBytes, defaultInspectBytes)),
		picks: func(name string) bool { return o.Run == nil || o.Run.MatchString(name) },
	}
	results := make([][]Result, len(tests))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(len(tests), cmp.Or(o.Workers, runtime.GOMAXPROCS(0))) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(tests); i = int(next.Add(1)) - 1 {
				results[i] = r.test(&tests[i])
			}
		})
	}
	workers.Wait()
	report := &Report{Results: slices.Concat(results...)}
	report.Rules = coverage(s.Rules(), report.Results)
	report.Elapsed = time.Since(started)
	return report
}

// runner is what the tests of one run share.
type runner struct {
	snapshot *engine.Snapshot
	fixtures *fixtures
	now      time.Time
	picks    func(name string) bool
}

// test runs one test; of a HAR file there may be a result for each entry.
func (r *runner) test(t *policyfile.Test) (results []Result) {
	defer func() {
		if recover() != nil { // it runs in a proxy too, which a test must not end
			results = []Result{{Name: t.Name, At: t.At, Problem: &strictyaml.Problem{Position: t.At, Length: 1, Message: "building the request failed: this is a fault of the program"}}}
		}
	}()
	perEntry := t.Request.HAR.Set && t.Request.Entry == 0
	if !perEntry && !r.picks(t.Name) {
		return nil
	}
	began := time.Now()
	exchanges, problem := r.build(t)
	if problem != nil {
		if !r.picks(t.Name) {
			return nil
		}
		return []Result{{Name: t.Name, At: t.At, Problem: problem, Elapsed: time.Since(began)}}
	}
	for i := range exchanges {
		x := &exchanges[i]
		name := t.Name
		if perEntry {
			name = fmt.Sprintf("%s/entry %d", t.Name, x.Entry)
		}
		if !r.picks(name) {
			continue
		}
		result := r.judge(t, x)
		result.Name, result.At, result.Exchange = name, t.At, x.Name
		result.Elapsed = time.Since(began)
		began = time.Now()
		results = append(results, result)
	}
	return results
}
