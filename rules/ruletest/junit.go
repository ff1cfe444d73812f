package ruletest

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// The elements of a JUnit report, as Jenkins, GitLab and GitHub's actions read them.
// Source: https://github.com/testmoapp/junitxml
type (
	junitSuites struct {
		XMLName  xml.Name `xml:"testsuites"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Time     string   `xml:"time,attr"`
		Suites   []*junitSuite
	}
	junitSuite struct {
		XMLName   xml.Name `xml:"testsuite"`
		Name      string   `xml:"name,attr"`
		Tests     int      `xml:"tests,attr"`
		Failures  int      `xml:"failures,attr"`
		Errors    int      `xml:"errors,attr"`
		Time      string   `xml:"time,attr"`
		Timestamp string   `xml:"timestamp,attr"`
		Cases     []junitCase
		elapsed   time.Duration
	}
	junitCase struct {
		XMLName   xml.Name     `xml:"testcase"`
		Name      string       `xml:"name,attr"`
		Classname string       `xml:"classname,attr"`
		File      string       `xml:"file,attr"`
		Line      int          `xml:"line,attr"`
		Time      string       `xml:"time,attr"`
		Failure   *junitDetail `xml:"failure"`
		Error     *junitDetail `xml:"error"`
	}
	junitDetail struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// WriteJUnit writes the report as JUnit XML, a suite for each file of tests. at is
// the time of the run.
func (r *Report) WriteJUnit(w io.Writer, at time.Time) error {
	all := junitSuites{Name: "daylight test", Time: seconds(r.Elapsed)}
	suites := map[string]*junitSuite{}
	for i := range r.Results {
		result := &r.Results[i]
		file := result.At.File
		s := suites[file]
		if s == nil {
			s = &junitSuite{Name: file, Timestamp: at.UTC().Format("2006-01-02T15:04:05")}
			suites[file], all.Suites = s, append(all.Suites, s)
		}
		c := result.junit()
		s.Cases = append(s.Cases, c)
		s.Tests, all.Tests = s.Tests+1, all.Tests+1
		if c.Failure != nil {
			s.Failures, all.Failures = s.Failures+1, all.Failures+1
		}
		if c.Error != nil {
			s.Errors, all.Errors = s.Errors+1, all.Errors+1
		}
		s.elapsed += result.Elapsed
		s.Time = seconds(s.elapsed)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (r *Result) junit() junitCase {
	c := junitCase{
		Name: r.Name, Classname: strings.TrimSuffix(strings.TrimSuffix(r.At.File, ".yaml"), ".yml"),
		File: r.At.File, Line: r.At.Line, Time: seconds(r.Elapsed),
	}
	lines := strings.Join(r.Lines(), "\n")
	switch {
	case r.Problem != nil:
		c.Error = &junitDetail{Message: r.Problem.Message, Type: "error", Text: lines}
	case len(r.Differences) > 0:
		c.Failure = &junitDetail{Message: r.Differences[0].String(), Type: "difference", Text: lines}
	}
	return c
}

// String is one line without its place.
func (d *Difference) String() string { return d.Key + ": want " + d.Want + ", got " + d.Got }

// Lines tell why a test failed, each with its place in front; nil when it passed.
func (r *Result) Lines() []string {
	var lines []string
	if p := r.Problem; p != nil {
		lines = append(lines, p.Position.String()+": "+p.Message)
		if p.Hint != "" {
			lines = append(lines, p.Hint)
		}
	}
	for i := range r.Differences {
		lines = append(lines, r.Differences[i].At.String()+": "+r.Differences[i].String())
	}
	if len(lines) > 0 && r.Exchange != "" {
		lines = append(lines, "judged: "+r.Exchange)
	}
	return append(lines, r.Why...)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.6f", d.Seconds()) }
