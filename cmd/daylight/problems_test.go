package main

import (
	"bytes"
	"encoding/json"
	"net/url"
	"path"
	"strings"
	"testing"

	"daylight.internal/rules/strictyaml"
)

func fault(file, message, hint string) strictyaml.Problem {
	return strictyaml.Problem{
		Position: strictyaml.Position{File: file, Line: 3, Column: 5}, ID: "unknown-service", Length: 4,
		Message: message, Hint: hint, Source: "  - service: x",
	}
}

func TestWorkflowCommandsAreEscaped(t *testing.T) {
	for _, c := range []struct {
		problem strictyaml.Problem
		want    string
	}{
		{fault("p.yaml", `unknown service "x"`, ""), `::error file=p.yaml,line=3,col=5,endColumn=9,title=unknown-service::unknown service "x"`},
		{fault("p.yaml", "a 100% fault, in: two\nlines\r", "do, this: 5%"), `::error file=p.yaml,line=3,col=5,endColumn=9,title=unknown-service::a 100%25 fault, in: two%0Alines%0D%0Ado, this: 5%25`},
		{fault("a,b:c%.yaml", "m", ""), `::error file=a%2Cb%3Ac%25.yaml,line=3,col=5,endColumn=9,title=unknown-service::m`},
		{strictyaml.Problem{Position: strictyaml.Position{File: "tls.bypass"}, Message: "m", Warning: true}, `::warning file=tls.bypass::m`},
	} {
		var b bytes.Buffer
		if err := writeGitHub(&b, strictyaml.Problems{c.problem}); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSuffix(b.String(), "\n"); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// checkSARIF holds a document against what SARIF 2.1.0 asks of the parts that are
// used: section 3 of the standard, and its schema.
func checkSARIF(t *testing.T, data []byte, problems strictyaml.Problems) {
	t.Helper()
	var log sarifLog
	if err := json.Unmarshal(data, &log); err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 || log.Runs[0].Tool.Driver.Name == "" || len(log.Runs[0].Results) != len(problems) {
		t.Fatalf("version %q, %d runs", log.Version, len(log.Runs))
	}
	run := log.Runs[0]
	for i, r := range run.Results {
		p := problems[i]
		if r.RuleIndex < 0 || r.RuleIndex >= len(run.Tool.Driver.Rules) || run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("rule %q is not number %d", r.RuleID, r.RuleIndex)
		}
		if r.Message.Text == "" || r.Level != severity(p) || len(r.Locations) != 1 {
			t.Errorf("result %+v", r)
		}
		at := r.Locations[0].PhysicalLocation
		if u, err := url.Parse(at.ArtifactLocation.URI); err != nil || path.Clean("/"+u.Path) != path.Clean("/"+p.File) {
			t.Errorf("%q does not lead to %q: %v", at.ArtifactLocation.URI, p.File, err)
		}
		if g := at.Region; p.Line > 0 && (g == nil || g.StartLine != p.Line || g.StartColumn < 1 || g.EndColumn <= g.StartColumn) {
			t.Errorf("region %+v", g)
		}
	}
}

func TestSARIF(t *testing.T) {
	problems := strictyaml.Problems{
		fault("policy/a b.yaml", "m", "h"), fault("/etc/daylight/ä.yaml", "m", ""), fault("c:d#e?f.yaml", "<&>", ""),
		{Position: strictyaml.Position{File: "tls.bypass"}, Message: "of no line", Warning: true},
	}
	problems[1].ID = "of no kind"
	var b bytes.Buffer
	if err := writeSARIF(&b, problems); err != nil {
		t.Fatal(err)
	}
	checkSARIF(t, b.Bytes(), problems)
	for _, want := range []string{`"policy/a%20b.yaml"`, `"file:///etc/daylight/%C3%A4.yaml"`, `"m (h)"`, `"ruleId": "fault"`, `"<&>"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s is missing in\n%s", want, b.String())
		}
	}
}

func FuzzProblemFormats(f *testing.F) {
	f.Add("p.yaml", "a fault", "do this", 3, 5, 2)
	f.Add("a,b:c%.yaml", "100%\r\n::error::x", "\x00\xff", 0, 0, -1)
	f.Add("../x y/ä#?.yaml", "\u2028", "", -1, 1<<31, 1<<30)
	f.Fuzz(func(t *testing.T, file, message, hint string, line, column, length int) {
		if message == "" || strings.ContainsRune(file, 0) || file != strings.ToValidUTF8(file, "") || column > 1<<31 || length > 1<<31 {
			t.Skip()
		}
		problems := strictyaml.Problems{{Position: strictyaml.Position{File: file, Line: line, Column: column}, Message: message, Hint: hint, Length: length}}
		var b bytes.Buffer
		if err := writeGitHub(&b, problems); err != nil {
			t.Fatal(err)
		}
		got := b.String()
		if strings.Count(got, "\n") != 1 || !strings.HasSuffix(got, "\n") || strings.Contains(got, "\r") {
			t.Fatalf("more than one line: %q", got)
		}
		head, text, ok := strings.Cut(strings.TrimPrefix(got, "::"), "::")
		back := strings.NewReplacer("%0A", "\n", "%0D", "\r", "%25", "%")
		want := message
		if hint != "" {
			want += "\n" + hint
		}
		if !ok || back.Replace(strings.TrimSuffix(text, "\n")) != want || strings.Count(head, ",") != strings.Count(head, "=")-1 && !strings.Contains(file, "=") {
			t.Fatalf("%q says %q", got, text)
		}
		b.Reset()
		if err := writeSARIF(&b, problems); err != nil {
			t.Fatal(err)
		}
		checkSARIF(t, b.Bytes(), problems)
	})
}
