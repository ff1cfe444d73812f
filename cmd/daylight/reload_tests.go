package main

import (
	"fmt"
	"runtime"
	"strings"

	"daylight.internal/rules/ruletest"
	"daylight.internal/rules/strictyaml"
)

// failedTestsError tells that a policy does not do what its own tests say.
type failedTestsError struct {
	failed, all int
	faults      strictyaml.Problems // one for each test
}

func (e *failedTestsError) Error() string {
	return fmt.Sprintf("%d of %s of the policy failed", e.failed, plural(e.all, "test"))
}

// testPolicy runs the tests of a policy. It leaves half of the processors to the
// traffic.
func testPolicy(policy *loadedPolicy, config *configuration) error {
	report := ruletest.Run(policy.snapshot, policy.snapshot.Tests(), fixturesOf(config.Policy), ruletest.Options{
		Now: policy.now, InspectBytes: config.Proxy.Limits.InspectBytes, Workers: max(1, runtime.GOMAXPROCS(0)/2),
	})
	if report.Failed() == 0 {
		return nil
	}
	e := &failedTestsError{failed: report.Failed(), all: len(report.Results)}
	for i := range report.Results {
		if result := &report.Results[i]; !result.Passed() {
			e.faults = append(e.faults, strictyaml.Problem{
				Position: result.At, Length: 1, Message: fmt.Sprintf("test %q failed", result.Name), Hint: why(result),
			})
		}
	}
	return e
}

// why says in one line what came out otherwise.
func why(r *ruletest.Result) string {
	if r.Problem != nil {
		return r.Problem.Message
	}
	var differences []string
	for i := range r.Differences {
		differences = append(differences, r.Differences[i].String())
	}
	return strings.Join(differences, "; ")
}
