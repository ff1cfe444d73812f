package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"daylight.internal/classifier/detect"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/compare"
	"daylight.internal/rules/policyfile"
)

func diffCommand() command {
	return command{
		name: "diff", group: "Policy", summary: "say in words what differs between two policies",
		usage: "diff [flags] OLD NEW",
		about: `Compares two policies, files or folders, and says what differs in what they do:
rules, groups, approvals, accounts, data classes, detectors and services, with the
places on both sides, and whether it makes the policy stricter or looser where
that is certain. How files are laid out, named and commented makes no difference.
`,
		examples: `  daylight diff policy/ new/
  git worktree add ../base main && daylight diff ../base/policy policy --format markdown
  daylight diff --exit-code old.yaml new.yaml
`,
		setup: func(fs *flag.FlagSet) action {
			format := fs.String("format", "text", "output `FORMAT`: text, json, or markdown for a pull request")
			exitCode := fs.Bool("exit-code", false, "exit with 3 when there is a difference")
			return func(_ context.Context, env *environment, args []string) error {
				if !slices.Contains([]string{"text", "json", "markdown"}, *format) {
					return unknownFormat(*format, "text", "json", "markdown")
				}
				if len(args) != 2 {
					return usagef("name two policies: `daylight diff OLD NEW`, files or folders")
				}
				return runDiff(env, args[0], args[1], *format, *exitCode)
			}
		},
	}
}

func runDiff(env *environment, oldPath, newPath, format string, exitCode bool) error {
	embedded, err := catalog.Embedded()
	if err != nil {
		return err
	}
	old, err := readSide(embedded, oldPath, "the old policy")
	if err != nil {
		return err
	}
	new, err := readSide(embedded, newPath, "the new policy")
	if err != nil {
		return err
	}
	d := newPolicyDiff(oldPath, newPath, compare.Policies(old, new))
	switch format {
	case "json":
		err = writeJSON(env.stdout, d)
	case "markdown":
		err = d.writeMarkdown(env.stdout)
	default:
		err = d.writeText(env.stdout)
	}
	if err != nil {
		return fmt.Errorf("writing the difference: %w", err)
	}
	if exitCode && len(d.Changes) > 0 {
		return errFindings
	}
	return nil
}

// readSide reads one of two policies, without compiling what a proxy needs.
func readSide(embedded *catalog.Catalog, path, side string) (*policyfile.Source, error) {
	files, err := readPolicyFiles([]string{path})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", side, err)
	}
	source, problems := policyfile.Load(files, policyfile.Known{Now: time.Now(), Catalog: embedded, Detectors: detect.All()})
	if problems.Err() != nil {
		return nil, &invalidError{what: side, problems: problems.Errors()}
	}
	return source, nil
}

// policyDiff is the answer of diff. Its JSON is documented in docs/policy.md.
type policyDiff struct {
	Old      string           `json:"old"`
	New      string           `json:"new"`
	Stricter int              `json:"stricter"`
	Looser   int              `json:"looser"`
	Changes  []compare.Change `json:"changes"`
}

func newPolicyDiff(oldPath, newPath string, changes []compare.Change) *policyDiff {
	d := &policyDiff{Old: oldPath, New: newPath, Changes: changes}
	for _, c := range changes {
		switch c.Effect {
		case compare.Stricter:
			d.Stricter++
		case compare.Looser:
			d.Looser++
		}
	}
	return d
}

// headline counts the changes.
func (d *policyDiff) headline() string {
	if len(d.Changes) == 0 {
		return d.Old + " and " + d.New + " do the same"
	}
	text := d.Old + " -> " + d.New + ": " + plural(len(d.Changes), "change")
	if d.Stricter > 0 {
		text += fmt.Sprintf(", %d stricter", d.Stricter)
	}
	if d.Looser > 0 {
		text += fmt.Sprintf(", %d looser", d.Looser)
	}
	return text
}

func (d *policyDiff) writeText(w io.Writer) error {
	i := inkFor(w)
	var b strings.Builder
	b.WriteString(d.headline() + "\n")
	section := ""
	for k := range d.Changes {
		c := &d.Changes[k]
		if c.Section != section {
			section = c.Section
			b.WriteString("\n" + i.bold(section) + "\n")
		}
		sign := map[compare.Kind]string{compare.Added: i.green("+"), compare.Removed: i.red("-"), compare.Changed: i.yellow("~")}[c.Kind]
		fmt.Fprintf(&b, "  %s %s%s%s\n", sign, changeName(c), places(c), effectText(c.Effect))
		for _, detail := range c.Details {
			text := hanging(detail.Text)
			if c.Kind == compare.Changed && detail.Effect != c.Effect {
				text += effectText(detail.Effect)
			}
			b.WriteString("      " + text + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// hanging keeps a text of several lines together.
func hanging(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = printable(lines[i])
	}
	return strings.Join(lines, "\n        ")
}

// changeName is the part of the policy; names of rules are sentences.
func changeName(c *compare.Change) string {
	if c.Section == compare.RuleSection {
		return strconv.Quote(c.Name)
	}
	return printable(c.Name)
}

// places says where it stands on both sides.
func places(c *compare.Change) string {
	switch {
	case c.OldAt == "" && c.NewAt == "":
		return ""
	case c.OldAt == "" || c.NewAt == "":
		return " (" + c.OldAt + c.NewAt + ")"
	default:
		return " (" + c.OldAt + " -> " + c.NewAt + ")"
	}
}

func effectText(e compare.Effect) string {
	if e == compare.Stricter || e == compare.Looser {
		return ": " + string(e)
	}
	return ""
}

// markdownChanges bounds the table of a comment on a pull request.
const markdownChanges = 100

func (d *policyDiff) writeMarkdown(w io.Writer) error {
	var b strings.Builder
	b.WriteString("### What the policy does otherwise\n\n" + markdownText(d.headline()) + ".\n")
	if len(d.Changes) > 0 {
		b.WriteString("\n| | what | change | effect | where |\n|---|---|---|---|---|\n")
	}
	shown := d.Changes[:min(len(d.Changes), markdownChanges)]
	for i := range shown {
		c := &shown[i]
		var details []string
		for _, detail := range c.Details {
			details = append(details, markdownText(detail.Text))
		}
		effect := ""
		if text := effectText(c.Effect); text != "" {
			effect = "**" + text[2:] + "**"
		}
		fmt.Fprintf(&b, "| %s | %s | %s: %s | %s | %s |\n", markdownText(c.Section), markdownText(changeName(c)), c.Kind,
			strings.Join(details, "<br>"), effect, markdownText(strings.Trim(places(c), " ()")))
	}
	if more := len(d.Changes) - len(shown); more > 0 {
		fmt.Fprintf(&b, "\nand %d more\n", more)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
