// Command daylight is a forward proxy that brings shadow AI into daylight: it
// finds uploads of customer data to AI tools and allows, logs or blocks them as
// a YAML policy says.
//
// The command is thin: it reads flags and files, wires the packages together
// and prints. Data goes to standard output, talk to standard error.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"daylight.internal/rules/strictyaml"
)

// The exit codes, which scripts rely on.
const (
	exitFine     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitFindings = 3 // scan found something, or check --strict has warnings
)

func main() {
	// net/http tells there what a server sent when nobody asked it, word for word.
	log.SetOutput(io.Discard)
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program but for the process around it. It returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	env := &environment{stdin: stdin, stdout: stdout, stderr: stderr}
	return env.report(dispatch(ctx, env, args))
}

func dispatch(ctx context.Context, env *environment, args []string) error {
	if len(args) == 0 {
		return &usageError{message: "say what to do", help: overview()}
	}
	name := args[0]
	switch name {
	case "-h", "-help", "--help":
		_, err := io.WriteString(env.stdout, overview())
		return err
	case "help":
		return help(ctx, env, args[1:])
	case "-version", "--version":
		name = "version"
	}
	c, err := lookUp(name)
	if err != nil {
		return err
	}
	return c.execute(ctx, env, args[1:])
}

func help(ctx context.Context, env *environment, args []string) error {
	if len(args) == 0 {
		_, err := io.WriteString(env.stdout, overview())
		return err
	}
	c, err := lookUp(args[0])
	if err != nil {
		return err
	}
	return c.execute(ctx, env, []string{"--help"})
}

func lookUp(name string) (command, error) {
	var names []string
	for _, c := range commands() {
		if c.name == name {
			return c, nil
		}
		names = append(names, c.name)
	}
	if strings.HasPrefix(name, "-") {
		return command{}, usagef("flag %s stands before the command; write `daylight COMMAND %s`", name, name)
	}
	return command{}, unknown("command", name, names, "`daylight --help` lists the commands")
}

// commands are listed in the order of the overview.
func commands() []command {
	return []command{
		runCommand(),
		demoCommand(),
		checkCommand(),
		testCommand(),
		explainCommand(),
		replayCommand(),
		diffCommand(),
		schemaCommand(),
		catalogCommand(),
		scanCommand(),
		caCommand(),
		healthCommand(),
		versionCommand(),
	}
}

func overview() string {
	var b strings.Builder
	b.WriteString(`Daylight is a forward proxy that brings shadow AI into daylight. It recognises
traffic to AI services, finds customer data in what is being sent, and allows,
logs or blocks it as a YAML policy says.

Usage: daylight COMMAND [flags] [arguments]
`)
	group := ""
	for _, c := range commands() {
		if c.group != group {
			group = c.group
			b.WriteString("\n" + group + "\n")
		}
		fmt.Fprintf(&b, "  %-13s %s\n", c.name, c.summary)
	}
	b.WriteString(`
Start here:
  daylight demo                 see it work on this machine, without network
  daylight run                  carry traffic; reports what it would block
  daylight COMMAND --help       everything about one command

Exit codes: 0 fine, 1 it failed, 2 wrong usage, 3 findings (scan, check --strict)
`)
	return b.String()
}

// unknown reports a word that is not on a list and guesses what was meant.
func unknown(kind, word string, candidates []string, otherwise string) error {
	hint := strictyaml.DidYouMean(word, candidates)
	if hint == "" {
		hint = otherwise
	}
	return &usageError{message: fmt.Sprintf("unknown %s %q", kind, word), help: hint + "\n"}
}

// usageError is a command line that cannot be understood.
type usageError struct {
	message string
	help    string // printed below the message
}

func (e *usageError) Error() string { return e.message }

func usagef(format string, args ...any) error {
	return &usageError{message: fmt.Sprintf(format, args...)}
}

// invalidError is a file, or several, with faults of their author.
type invalidError struct {
	what     string // such as "the policy"
	problems strictyaml.Problems
}

func (e *invalidError) Error() string {
	return fmt.Sprintf("%s has %s", e.what, plural(len(e.problems.Errors()), "error"))
}

// errReported ends a command that failed and has said everything about it.
var errReported = errors.New("failed")

// errFindings ends a command that did its work and has something to show for it.
var errFindings = errors.New("findings")

// report prints the end of a command and returns its exit code: one line first, then detail.
func (env *environment) report(err error) int {
	var usage *usageError
	var invalid *invalidError
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return exitFine
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errReported):
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintf(env.stderr, "daylight: %v\n%s", err, usage.help)
		return exitUsage
	case errors.As(err, &invalid):
		fmt.Fprintf(env.stderr, "daylight: %v\n\n", err)
		writeProblems(env.stderr, invalid.problems)
		return exitFailed
	default:
		fmt.Fprintf(env.stderr, "daylight: %v\n", err)
		return exitFailed
	}
}
