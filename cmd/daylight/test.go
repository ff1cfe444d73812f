package main

import (
	"context"
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"daylight.internal/rules/ruletest"
)

// testFlags are the flags of `daylight test`.
type testFlags struct {
	config   *configFlags
	run      *regexp.Regexp
	format   string
	verbose  bool
	coverage bool
	floor    float64 // percent; below 0: none
}

func testCommand() command {
	return command{
		name: "test", group: "Policy", summary: "run the tests of a policy",
		usage: "test [flags] [PATH...]",
		about: `Runs the tests that stand in policy files and in files called *_test.yaml: each is
a request, and what must become of it. The verdicts are those of the proxy. Of a
folder every *.yaml is read; beside a file NAME.yaml that is given, its
NAME_test.yaml, and the other way round. Without a path it takes the policy that
the configuration names.

Exit code 0 says that every test passed, 1 that one failed, that the policy has
errors, or that the tests decide fewer of its rules than --coverage-floor.
`,
		examples: `  daylight test policy/
  daylight test --run 'customer lists' --verbose policy/
  daylight test --coverage-floor 80% --format junit policy/ > report.xml
`,
		setup: func(fs *flag.FlagSet) action {
			f := testFlags{config: addConfigFlags(fs), floor: -1}
			fs.Func("run", "run only tests whose name matches `REGEXP`; a case is called test/case", f.setRun)
			fs.StringVar(&f.format, "format", "text", "output `FORMAT`: text, json or junit")
			fs.BoolVar(&f.verbose, "verbose", false, "list every test")
			fs.BoolVar(&f.verbose, "v", false, "the same")
			fs.BoolVar(&f.coverage, "coverage", false, "tell which rules no test decides")
			fs.Func("coverage-floor", "fail when the tests decide less than `PERCENT` of the rules, such as 80%", f.setFloor)
			return func(_ context.Context, env *environment, args []string) error { return f.test(env, args) }
		},
	}
}

func (f *testFlags) setRun(text string) (err error) {
	f.run, err = regexp.Compile(text)
	return err
}

func (f *testFlags) setFloor(text string) error {
	n, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil || !(n >= 0 && n <= 100) {
		return fmt.Errorf("write it as 80%%")
	}
	f.floor, f.coverage = n, true
	return nil
}

func (f *testFlags) test(env *environment, args []string) error {
	if !slices.Contains([]string{"text", "json", "junit"}, f.format) {
		return unknownFormat(f.format, "text", "json", "junit")
	}
	config, err := f.config.load()
	if err != nil {
		return err
	}
	if len(args) > 0 {
		config.usePolicy(withSiblings(args))
	}
	now := time.Now()
	policy, err := loadPolicy(config, now)
	if err != nil {
		return err
	}
	tests := policy.snapshot.Tests()
	if len(tests) == 0 {
		return fmt.Errorf("%s has no tests\nwrite them under `tests:` in a policy file, or in a file called *_test.yaml beside it", policy.describe())
	}
	report := ruletest.Run(policy.snapshot, tests, fixturesOf(config.Policy, "."), ruletest.Options{Run: f.run, Now: now, InspectBytes: config.Proxy.Limits.InspectBytes})
	if len(report.Results) == 0 {
		return fmt.Errorf("no test of %s matches --run %s\n`daylight test --verbose` lists their names", policy.describe(), f.run)
	}
	if err := f.write(env, policy.describe(), report, now); err != nil {
		return err
	}
	if report.Failed() > 0 || f.belowFloor(report) {
		return errReported
	}
	return nil
}

func (f *testFlags) belowFloor(r *ruletest.Report) bool { return r.Coverage() < f.floor }

func (f *testFlags) write(env *environment, origin string, r *ruletest.Report, now time.Time) error {
	switch f.format {
	case "json":
		return r.WriteJSON(env.stdout, f.coverage)
	case "junit":
		if f.belowFloor(r) {
			fmt.Fprintln(env.stderr, f.floorLine(r))
		}
		return r.WriteJUnit(env.stdout, now)
	}
	f.print(env.stdout, origin, r)
	return nil
}
