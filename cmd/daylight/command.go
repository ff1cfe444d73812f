package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"
)

// environment is what a command may touch of the process around it.
type environment struct {
	stdin          io.Reader
	stdout, stderr io.Writer
}

// action is a command whose flags are parsed. args are the other arguments.
type action func(ctx context.Context, env *environment, args []string) error

// command is one subcommand. The help is written by hand but for the list of
// flags, which comes from the flags themselves and so cannot be out of date.
type command struct {
	name, group, summary string
	usage                string // such as "scan [flags] [PATH...|-]"
	about                string // a few paragraphs
	examples             string // lines, indented by two blanks
	stays                bool   // it runs for long, and sees to its memory itself
	setup                func(fs *flag.FlagSet) action
}

func (c command) execute(ctx context.Context, env *environment, args []string) error {
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard) // the messages are ours
	act := c.setup(fs)
	positional, err := parseFlags(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		_, err = io.WriteString(env.stdout, c.help(fs))
		return err
	}
	if err != nil {
		return c.explain(fs, err)
	}
	if !c.stays {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		defer cancel()
		collectFrom(ctx, freeGarbage)
	}
	err = act(ctx, env, positional)
	var usage *usageError
	if errors.As(err, &usage) && usage.help == "" {
		usage.help = c.pointer()
	}
	return err
}

// parseFlags lets flags stand before, between and behind the arguments; what
// follows "--" is never a flag.
func parseFlags(fs *flag.FlagSet, args []string) (positional []string, err error) {
	for {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		rest := fs.Args()
		if n := len(args) - len(rest); len(rest) == 0 || n > 0 && args[n-1] == "--" {
			return append(positional, rest...), nil
		}
		positional = append(positional, rest[0])
		args = rest[1:]
	}
}

// explain puts an error of package flag into our words.
func (c command) explain(fs *flag.FlagSet, err error) error {
	const undefined = "flag provided but not defined: -"
	if name, ok := strings.CutPrefix(err.Error(), undefined); ok {
		name = strings.TrimLeft(name, "-")
		var names []string
		fs.VisitAll(func(f *flag.Flag) { names = append(names, "--"+f.Name) })
		return unknown("flag", "--"+name, names, strings.TrimSuffix(c.pointer(), "\n"))
	}
	message := strings.NewReplacer("flag -", "flag --", "argument: -", "argument: --").Replace(err.Error())
	if durationFlag(fs, message) {
		message = strings.Replace(message, "parse error", "write it as 500ms, 10s or 2m", 1)
	}
	return &usageError{message: message, help: c.pointer()}
}

// durationFlag tells whether an error of package flag is about a duration, of
// which the package says nothing but "parse error".
func durationFlag(fs *flag.FlagSet, message string) bool {
	found := false
	fs.VisitAll(func(f *flag.Flag) {
		if getter, ok := f.Value.(flag.Getter); ok {
			_, duration := getter.Get().(time.Duration)
			found = found || duration && strings.Contains(message, "flag --"+f.Name+":")
		}
	})
	return found
}

func (c command) pointer() string {
	return fmt.Sprintf("`daylight %s --help` explains the command\n", c.name)
}

func (c command) help(fs *flag.FlagSet) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Usage: daylight %s\n\n%s", c.usage, c.about)
	var flags strings.Builder
	fs.VisitAll(func(f *flag.Flag) {
		value, text := flag.UnquoteUsage(f)
		dashes := "--"
		if len(f.Name) == 1 {
			dashes = "-"
		}
		name := strings.TrimRight(dashes+f.Name+" "+value, " ")
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" {
			text += fmt.Sprintf(" (default %s)", f.DefValue)
		}
		fmt.Fprintf(&flags, "  %-23s %s\n", name, strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", 26)))
	})
	if flags.Len() > 0 {
		b.WriteString("\nFlags:\n" + flags.String())
	}
	if c.examples != "" {
		b.WriteString("\nExamples:\n" + c.examples)
	}
	return b.String()
}

// subcommand returns the first argument when it is one of the verbs.
func subcommand(command string, args, verbs []string) (verb string, rest []string, err error) {
	if len(args) == 0 {
		return "", nil, usagef("say what to do: %s", "`daylight "+command+" "+strings.Join(verbs, "|")+"`")
	}
	for _, v := range verbs {
		if args[0] == v {
			return v, args[1:], nil
		}
	}
	return "", nil, unknown(command+" command", args[0], verbs, "write "+joinWords(verbs))
}

// noArguments refuses arguments that would be ignored.
func noArguments(args []string) error {
	if len(args) > 0 {
		return usagef("unexpected argument %q", args[0])
	}
	return nil
}
