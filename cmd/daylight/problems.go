package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"daylight.internal/rules/strictyaml"
)

// problemFormats are the formats in which problems can be written.
func problemFormats() []string { return []string{"text", "json", "jsonl", "sarif", "github"} }

// writeProblemsAs writes the problems of a policy in one of the formats.
func writeProblemsAs(w io.Writer, format string, policy *loadedPolicy, problems strictyaml.Problems) error {
	buffered := bufio.NewWriter(w)
	var err error
	switch format {
	case "json":
		err = writeProblemReport(buffered, policy, problems)
	case "jsonl":
		err = writeProblemLines(buffered, problems)
	case "sarif":
		err = writeSARIF(buffered, problems)
	case "github":
		err = writeGitHub(buffered, problems)
	default:
		writeProblemTexts(buffered, inkFor(w), problems)
	}
	if err != nil {
		return err
	}
	return buffered.Flush()
}

// writeProblems prints problems with their lines and carets, a blank line between them.
func writeProblems(w io.Writer, problems strictyaml.Problems) {
	buffered := bufio.NewWriter(w)
	writeProblemTexts(buffered, inkFor(w), problems)
	_ = buffered.Flush() // nothing can be told when standard error is gone
}

func writeProblemTexts(w *bufio.Writer, ink ink, problems strictyaml.Problems) {
	paint := func(part strictyaml.Part, text string) string {
		switch part {
		case strictyaml.PlacePart:
			return ink.bold(text)
		case strictyaml.ErrorPart:
			return ink.red(text)
		case strictyaml.WarningPart:
			return ink.yellow(text)
		case strictyaml.GutterPart:
			return ink.dim(text)
		default:
			return text
		}
	}
	for i, p := range problems {
		if i > 0 {
			_ = w.WriteByte('\n')
		}
		_, _ = w.WriteString(p.Text(paint)) // Flush tells what went wrong
	}
}

// problemLine is one fault as it is printed in JSON.
type problemLine struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Severity string `json:"severity"` // error or warning
	ID       string `json:"id,omitempty"`
	Message  string `json:"message"`
	Hint     string `json:"hint,omitempty"`
}

// problemReport is all that was found, as one document.
type problemReport struct {
	Policy   string        `json:"policy"` // what was checked, for people
	Files    int           `json:"files"`
	Errors   int           `json:"errors"`
	Warnings int           `json:"warnings"`
	Problems []problemLine `json:"problems"`
}

func writeProblemReport(w io.Writer, policy *loadedPolicy, problems strictyaml.Problems) error {
	report := problemReport{Policy: policy.origin, Files: policy.files, Problems: problemLines(problems)}
	report.Errors, report.Warnings = countProblems(problems)
	return writeJSON(w, report)
}

func writeProblemLines(w io.Writer, problems strictyaml.Problems) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, line := range problemLines(problems) {
		if err := e.Encode(line); err != nil {
			return fmt.Errorf("fault at %s:%d: %w", line.File, line.Line, err)
		}
	}
	return nil
}

func problemLines(problems strictyaml.Problems) []problemLine {
	lines := []problemLine{}
	for _, p := range problems {
		lines = append(lines, problemLine{p.File, p.Line, p.Column, severity(p), p.ID, p.Message, p.Hint})
	}
	return lines
}

func severity(p strictyaml.Problem) string {
	if p.Warning {
		return "warning"
	}
	return "error"
}
