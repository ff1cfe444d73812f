package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"daylight.internal/rules/ruletest"
)

// print tells what failed, and sums up.
func (f *testFlags) print(w io.Writer, origin string, r *ruletest.Report) {
	ink := inkFor(w)
	for i := range r.Results {
		result := &r.Results[i]
		if result.Passed() {
			if f.verbose {
				fmt.Fprintf(w, "%s    %s  %s\n", ink.green("ok"), result.Name, ink.dim(shortTime(result.Elapsed)))
			}
			continue
		}
		fmt.Fprintf(w, "%s  %s  %s\n", ink.red("FAIL"), ink.bold(result.Name), ink.dim(result.At.String()))
		for _, line := range result.Lines() {
			fmt.Fprintf(w, "      %s\n", printable(line))
		}
		fmt.Fprintln(w)
	}
	if f.coverage {
		printCoverage(w, ink, r)
	}
	all, failed := len(r.Results), r.Failed()
	switch {
	case failed > 0:
		fmt.Fprintf(w, "%s  %s: %d of %s failed in %s\n", ink.red("FAIL"), origin, failed, plural(all, "test"), shortTime(r.Elapsed))
	default:
		fmt.Fprintf(w, "%s    %s: %s in %s\n", ink.green("ok"), origin, plural(all, "test"), shortTime(r.Elapsed))
	}
	if f.belowFloor(r) {
		fmt.Fprintf(w, "%s  %s\n", ink.red("FAIL"), f.floorLine(r))
	}
}

func (f *testFlags) floorLine(r *ruletest.Report) string {
	return fmt.Sprintf("the tests decide %s of the rules, less than %g%%", percentOf(r), f.floor)
}

// printCoverage lists the files with their rules, and those that no test decides.
func printCoverage(w io.Writer, ink ink, r *ruletest.Report) {
	type count struct{ decided, all int }
	files, counts := []string{}, map[string]*count{}
	for _, rule := range r.Rules {
		file := ruleFile(rule.At)
		c := counts[file]
		if c == nil {
			c = new(count)
			counts[file], files = c, append(files, file)
		}
		c.all++
		if rule.Decided > 0 {
			c.decided++
		}
	}
	for _, file := range files {
		fmt.Fprintf(w, "%s: %d of %s decide in a test\n", file, counts[file].decided, plural(counts[file].all, "rule"))
		for _, rule := range r.Rules {
			if rule.Decided > 0 || ruleFile(rule.At) != file {
				continue
			}
			why := "tried, but never matched"
			if !rule.Reached {
				why = "never reached: a rule before it always matched"
			}
			fmt.Fprintf(w, "      %s: %q %s\n", rule.At, rule.Name, ink.yellow(why))
		}
	}
	fmt.Fprintf(w, "coverage: %s of %s\n", percentOf(r), plural(len(r.Rules), "rule"))
}

// percentOf never rounds up to all.
func percentOf(r *ruletest.Report) string {
	return fmt.Sprintf("%g%%", math.Floor(r.Coverage()*10)/10)
}

// ruleFile is the file of a place file:line:col.
func ruleFile(at string) string {
	for range 2 {
		if i := strings.LastIndexByte(at, ':'); i > 0 {
			at = at[:i]
		}
	}
	return at
}

// shortTime writes a duration to three digits.
func shortTime(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < time.Second:
		return fmt.Sprintf("%.3g ms", float64(d.Microseconds())/1000)
	default:
		return fmt.Sprintf("%.3g s", d.Seconds())
	}
}
