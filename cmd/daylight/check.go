package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"time"

	"daylight.internal/rules/strictyaml"
)

func checkCommand() command {
	return command{
		name: "check", group: "Policy", summary: "find every fault of a policy",
		usage: "check [flags] [PATH...]",
		about: `Reads policy files, and folders of them, exactly as the proxy does, and reports
every fault at once: file, line and column, the line itself and what to do.
Without a path it checks the configuration and the policy that it names.

Exit code 0 says that the policy works, 1 that it has errors, 3 (with --strict)
that it has warnings.
`,
		examples: `  daylight check policy/
  daylight check --config /etc/daylight/daylight.yaml --strict
  daylight check --format jsonl policy/ | jq -r .message
`,
		setup: func(fs *flag.FlagSet) action {
			config := addConfigFlags(fs)
			format := fs.String("format", "text", "output `FORMAT`: text, or jsonl with one line per fault")
			strict := fs.Bool("strict", false, "warnings make the exit code 3")
			return func(_ context.Context, env *environment, args []string) error {
				if *format != "text" && *format != "jsonl" {
					return unknownFormat(*format, "text", "jsonl")
				}
				c, err := config.load()
				if err != nil {
					return err
				}
				if len(args) > 0 {
					c.Policy = args
				}
				return check(env, c, *format, *strict)
			}
		},
	}
}

func check(env *environment, config *configuration, format string, strict bool) error {
	policy, problems, err := compilePolicy(config, time.Now())
	if err != nil {
		return err
	}
	if format == "jsonl" {
		err = writeProblemLines(env.stdout, problems)
	} else {
		writeProblems(env.stdout, problems)
	}
	if err != nil {
		return err
	}
	errors := len(problems.Errors())
	warnings := len(problems) - errors
	fmt.Fprintf(env.stderr, "%s: %s, %s\n", policy.describe(), plural(errors, "error"), plural(warnings, "warning"))
	switch {
	case errors > 0:
		return errReported
	case warnings > 0 && strict:
		return errFindings
	default:
		return nil
	}
}

// problemLine is one fault as it is printed in JSON.
type problemLine struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Severity string `json:"severity"` // error or warning
	Message  string `json:"message"`
	Hint     string `json:"hint,omitempty"`
}

func writeProblemLines(w io.Writer, problems strictyaml.Problems) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, line := range problemLines(problems) {
		if err := e.Encode(line); err != nil {
			return fmt.Errorf("writing the faults: %w", err)
		}
	}
	return nil
}

func problemLines(problems strictyaml.Problems) []problemLine {
	lines := []problemLine{}
	for _, p := range problems {
		severity := "error"
		if p.Warning {
			severity = "warning"
		}
		lines = append(lines, problemLine{p.File, p.Line, p.Column, severity, p.Message, p.Hint})
	}
	return lines
}
