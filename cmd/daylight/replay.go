package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/replay"
)

// replayOptions are what the command line of replay says.
type replayOptions struct {
	policy, old  string
	against      []string
	since, until moment
	format       string
	limit        int
	failOn       string
	user, group  string
}

func replayCommand() command {
	return command{
		name: "replay", group: "Policy", summary: "tell what a changed policy would do to recorded traffic",
		usage: "replay [flags] --policy PATH --against FILE [FILE...]",
		about: `Judges by a policy what is on record: events of Daylight (one JSON object a line,
also compressed with gzip), "-" for standard input, and HAR files of browsers. Tells
what would change, newly blocked first: by rule, service and group, how many
exchanges and people, with examples.

An event holds no content. What cannot be known from it is counted apart, with
the reason; what both policies decide alike whatever it holds is unchanged. Against
what a decision is compared is what was recorded, or with --old what that policy
says today. Name the policy of the time: without it nobody knows which of the
detectors, services and accounts of the new one were there.
`,
		examples: `  daylight replay --policy new/ --against events.jsonl --since 7d
  daylight replay --policy new/ --old policy/ --against events.jsonl.gz --fail-on newly-blocked
  daylight replay --policy new/ --against session.har --group marketing
  zcat events-*.gz | daylight replay --policy new/ --against - --format markdown
`,
		setup: func(fs *flag.FlagSet) action {
			config := addConfigFlags(fs)
			o := addReplayFlags(fs)
			return func(ctx context.Context, env *environment, args []string) error {
				o.against = append(o.against, args...)
				return runReplay(ctx, env, config, o)
			}
		},
	}
}

func addReplayFlags(fs *flag.FlagSet) *replayOptions {
	o := new(replayOptions)
	now := time.Now()
	fs.StringVar(&o.policy, "policy", "", "the new policy, a file or folder at `PATH`; without it the\nconfigured one")
	fs.StringVar(&o.old, "old", "", "compare with the policy at `PATH` instead of what was recorded")
	fs.Func("against", "events or recordings in `FILE`, or -; may be repeated", func(s string) error {
		o.against = append(o.against, s)
		return nil
	})
	fs.Func("since", "only exchanges since `TIME`: 7d, 12h, 2026-11-01 or a time of RFC 3339", func(s string) (err error) {
		o.since, err = parseMoment(s, now, false)
		return err
	})
	fs.Func("until", "only exchanges until `TIME`; a date stands for its end", func(s string) (err error) {
		o.until, err = parseMoment(s, now, true)
		return err
	})
	fs.StringVar(&o.format, "format", "text", "output `FORMAT`: text, json, or markdown for a pull request")
	fs.IntVar(&o.limit, "limit", 5, "`NUMBER` of examples for each kind of change")
	fs.StringVar(&o.failOn, "fail-on", "none", "exit with 3 on newly-blocked, any or none `CHANGE`")
	fs.StringVar(&o.user, "user", "", "the `NAME` of the user who made the recordings; events name theirs")
	fs.StringVar(&o.group, "group", "", "or a member of the group `NAME`")
	return o
}

// check finds what cannot be meant.
func (o *replayOptions) check() error {
	switch {
	case !slices.Contains([]string{"text", "json", "markdown"}, o.format):
		return unknownFormat(o.format, "text", "json", "markdown")
	case !slices.Contains([]string{"none", "newly-blocked", "any"}, o.failOn):
		return unknown("change", o.failOn, []string{"none", "newly-blocked", "any"}, "write newly-blocked, any or none")
	case o.limit < 0 || o.limit > 1000:
		return usagef("--limit is a number from 0 to 1000")
	case len(o.against) == 0:
		return usagef("name the events to replay: `daylight replay --policy new/ --against events.jsonl`")
	case !o.since.at.IsZero() && !o.until.at.IsZero() && !o.since.at.Before(o.until.at):
		return usagef("--since %s is not before --until %s", o.since.text, o.until.text)
	case o.user != "" && o.group != "":
		return usagef("give --user or --group, not both")
	}
	stdin := 0
	for _, name := range o.against {
		if name == "-" {
			stdin++
		}
	}
	if stdin > 1 {
		return usagef("standard input can be read once")
	}
	return nil
}

// moment is a time on the command line; the zero value is none.
type moment struct {
	at   time.Time
	text string
}

// parseMoment reads a time. One that goes back from now may be in days or weeks.
func parseMoment(s string, now time.Time, end bool) (moment, error) {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		if end {
			day = day.AddDate(0, 0, 1)
		}
		return moment{day, s}, nil
	}
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return moment{at, s}, nil
	}
	for unit, days := range map[string]int{"d": 1, "w": 7} {
		if number, ok := strings.CutSuffix(s, unit); ok {
			if n, err := strconv.Atoi(number); err == nil && n >= 0 && n < 40_000 {
				return moment{now.AddDate(0, 0, -n*days), s}, nil
			}
		}
	}
	if back, err := time.ParseDuration(s); err == nil && back >= 0 {
		return moment{now.Add(-back), s}, nil
	}
	return moment{}, fmt.Errorf("write it as 7d, 12h, 2026-11-01 or 2026-11-01T08:00:00Z")
}

// includes tells whether an exchange of that time is asked for.
func (o *replayOptions) includes(t time.Time) bool {
	return (o.since.at.IsZero() || !t.Before(o.since.at)) && (o.until.at.IsZero() || t.Before(o.until.at))
}

// replayRun is one run of the command.
type replayRun struct {
	*replayOptions
	env     *environment
	now     time.Time
	policy  *loadedPolicy
	before  *loadedPolicy // nil without --old
	engine  *engine.Replay
	same    *engine.Replay // for events of the new policy itself
	client  rules.Client   // of recordings
	inspect int64          // bytes that are read of a body
	tally   *replay.Tally

	judged    []judgedRecording // without --old there is nothing to compare them with
	faults    int               // lines that hold no event
	outOfTime int               // exchanges that were not asked for
}

func runReplay(ctx context.Context, env *environment, flags *configFlags, o *replayOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	if o.policy != "" { // as if the configuration named it: what somebody wrote means what it says
		flags.sets = append(flags.sets, "policy=policy.yaml")
	}
	config, err := flags.load()
	if err != nil {
		return err
	}
	r := &replayRun{replayOptions: o, env: env, now: time.Now(), tally: replay.New(o.limit)}
	if err := r.load(config); err != nil {
		return err
	}
	for _, name := range o.against {
		if err := r.read(ctx, name); err != nil {
			return err
		}
	}
	report := r.report()
	if err := r.check(&report); err != nil {
		return err
	}
	if err := report.write(r); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	if o.fails(&report.Report) {
		return errFindings
	}
	return nil
}

// load compiles the policies and finds out who made the recordings.
func (r *replayRun) load(config *configuration) (err error) {
	if r.replayOptions.policy != "" {
		config.usePolicy([]string{r.replayOptions.policy})
	}
	if r.policy, err = loadSide(config, r.now, "the new policy"); err != nil {
		return err
	}
	var then *engine.Snapshot
	if r.old != "" {
		config.usePolicy([]string{r.old})
		if r.before, err = loadSide(config, r.now, "the old policy"); err != nil {
			return err
		}
		then = r.before.snapshot
	}
	r.engine, r.same = r.policy.snapshot.Replay(then), r.policy.snapshot.Replay(r.policy.snapshot)
	r.inspect = config.Proxy.Limits.WithDefaults().InspectBytes
	r.client.User = r.user
	if r.group != "" {
		member, ok := r.policy.snapshot.Member(r.group)
		if !ok {
			return unknown("group", r.group, r.policy.snapshot.Groups(), "the new policy has no group of that name")
		}
		r.client = member
	}
	return nil
}

// loadSide is loadPolicy for one of two policies.
func loadSide(config *configuration, now time.Time, side string) (*loadedPolicy, error) {
	policy, problems, err := compilePolicy(config, now)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", side, err)
	}
	if problems.Err() != nil {
		return nil, &invalidError{what: side, problems: problems.Errors()}
	}
	return policy, nil
}

// check refuses a report about nothing.
func (r *replayRun) check(report *replayReport) error {
	events := report.Exchanges + r.outOfTime
	switch {
	case events+len(r.judged) == 0 && r.faults > 0:
		return fmt.Errorf("none of %s holds an event", plural(r.faults, "line"))
	case events+len(r.judged) == 0:
		return fmt.Errorf("%s: there is no exchange in it", strings.Join(r.against, ", "))
	case report.Exchanges+len(r.judged) == 0:
		fmt.Fprintf(r.env.stderr, "no exchange of that time: %s outside of it\n", plural(r.outOfTime, "exchange"))
	}
	return nil
}

// fails tells whether the report is what --fail-on looks for. What is unknown is
// no change that is known.
func (o *replayOptions) fails(report *replay.Report) bool {
	switch o.failOn {
	case "newly-blocked":
		return report.Count(replay.NewlyBlocked) > 0
	case "any":
		return report.Exchanges-report.Unchanged-report.Count(replay.Unknown) > 0
	default:
		return false
	}
}
