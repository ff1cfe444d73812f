package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"daylight.internal/rules/strictyaml"
)

func checkCommand() command {
	return command{
		name: "check", group: "Policy", summary: "find every fault of a policy",
		usage: "check [flags] [PATH...]",
		about: `Reads policy files, and folders of them, exactly as the proxy does, and reports
every fault at once: file, line and column, the line itself and what to do. When
there is no fault, it warns of what cannot be meant, such as rules that never decide.
Without a path it checks the configuration and the policy that it names.

The formats for programs are json, one document; jsonl, one line a fault; sarif
(2.1.0) for code scanning; and github, which marks the lines of a pull request.

Exit code 0 says that the policy works, 1 that it has errors, 3 (with --strict)
that it has warnings.
`,
		examples: `  daylight check policy/
  daylight check --config /etc/daylight/daylight.yaml --strict
  daylight check --format jsonl policy/ | jq -r .message
  daylight check --format sarif policy/ > daylight.sarif
`,
		setup: func(fs *flag.FlagSet) action {
			config := addConfigFlags(fs)
			format := fs.String("format", "text", "output `FORMAT`: text, json, jsonl, sarif or github")
			strict := fs.Bool("strict", false, "warnings make the exit code 3")
			return func(_ context.Context, env *environment, args []string) error {
				if names := problemFormats(); !slices.Contains(names, *format) {
					return unknownFormat(*format, names...)
				}
				c, err := config.load()
				if err != nil {
					return err
				}
				if len(args) > 0 {
					c.Policy = args
				}
				c.Policy = belowWorkingDirectory(c.Policy)
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
	if err := writeProblemsAs(env.stdout, format, policy, problems); err != nil {
		return fmt.Errorf("writing the faults: %w", err)
	}
	errors, warnings := countProblems(problems)
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

func countProblems(problems strictyaml.Problems) (errors, warnings int) {
	errors = len(problems.Errors())
	return errors, len(problems) - errors
}

// belowWorkingDirectory makes absolute paths relative where they lead into the
// working directory: that is how editors and code scanning name files.
func belowWorkingDirectory(paths []string) []string {
	dir, err := os.Getwd()
	if err != nil {
		return paths
	}
	out := slices.Clone(paths)
	for i, path := range paths {
		if relative, err := filepath.Rel(dir, path); err == nil && filepath.IsAbs(path) && filepath.IsLocal(relative) {
			out[i] = relative
		}
	}
	return out
}
