package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// explainedEvent is what the log recorded, beside what the policy says of it now.
type explainedEvent struct {
	ID           string                  `json:"id"`
	Time         time.Time               `json:"time"`
	Kind         string                  `json:"kind"`
	Revision     string                  `json:"revision"`
	SameRevision bool                    `json:"same_revision"` // the policy is the one that judged it
	Verdict      engine.ExplainedVerdict `json:"verdict"`       // that was recorded
	Coverage     classifier.Coverage     `json:"coverage"`
	ShapeChanged bool                    `json:"shape_changed"`
	Mode         string                  `json:"mode"`  // hold, observe or nothing
	Lacks        []string                `json:"lacks"` // what the event does not tell of what was judged
	// Possible are the verdicts that the policy may come to now, when what is not
	// known makes a difference, and Causes says what that is; empty when it is certain.
	Possible []possibleVerdict `json:"possible"`
	Causes   []string          `json:"causes"`

	unread []string // detectors that there were not at the time
}

// possibleVerdict is one of several to which a policy may come.
type possibleVerdict struct {
	Action   string `json:"action"`
	Enforced bool   `json:"enforced"`
	Rule     string `json:"rule"`
	At       string `json:"at,omitempty"`
}

func (x *explainRun) explainEvent(ctx context.Context) error {
	if given := x.client; given != (explainClient{}) {
		return usagef("an event tells who asked, and when: leave --user, --group, --address, --time, --account and --plan out")
	}
	id := strings.ToLower(x.subject.event)
	if len(id) < shortestID || strings.Trim(id, "0123456789abcdef-") != "" {
		return usagef("an event has an id such as 0199c1f2-7a00-7c3e-9d1a-5b6c7d8e9f00; its first %d characters or more will do", shortestID)
	}
	paths := x.subject.events
	if len(paths) == 0 {
		paths = x.settings.Events
	}
	if len(paths) == 0 {
		return usagef("no event file is known: name one with --events, or the configuration with --config")
	}
	event, err := findEvent(ctx, x.env, paths, id)
	if err != nil {
		return err
	}
	return x.print(x.judgeEvent(&event))
}

// judgeEvent explains what the policy makes now of what was recorded.
func (x *explainRun) judgeEvent(event *audit.Event) *explanation {
	s, trace := x.policy.snapshot, new(rules.Trace)
	var then *engine.Snapshot // that judged it, where it is known
	if event.Revision == s.Revision() {
		then = s
	}
	replay := s.Replay(then)
	j := replay.Judge(event.Facts(), event.Lacks())
	verdict := s.Decide(j.Facts, trace)
	v := &event.Verdict
	recorded := &explainedEvent{
		ID: event.ID, Time: event.Time, Kind: event.Kind, Revision: event.Revision, SameRevision: then != nil,
		Verdict:  engine.ExplainedVerdict{Action: v.Action.String(), Rule: v.Rule, At: v.At, Reason: v.Reason, Enforced: v.Enforced, MonitoredBy: v.MonitoredBy},
		Coverage: event.Coverage, ShapeChanged: event.Service.ShapeChanged, Mode: event.Timing.Mode,
		Lacks: nonNil(event.Lacks().Words()), Causes: nonNil(j.Causes), Possible: []possibleVerdict{}, unread: replay.Unread(),
	}
	switch {
	case len(j.Now.Verdicts) == 1:
		verdict = j.Now.Verdicts[0]
	case then != nil && verdict.Action == v.Action && verdict.Rule == v.Rule:
		recorded.Causes = []string{} // this policy said so when it saw all of it
	default:
		for _, p := range j.Now.Verdicts {
			recorded.Possible = append(recorded.Possible, possibleVerdict{p.Action.String(), !p.Monitor, p.Rule, p.At})
		}
	}
	return &explanation{Explanation: s.ExplainFacts(j.Facts, verdict, trace), Event: recorded}
}

func nonNil(words []string) []string { return append([]string{}, words...) }

// shortestID is how much of an id must be given: less would fit by chance.
const shortestID = 4

// findEvent looks for the event whose id begins so, the newest files first. A whole
// id is looked for until it is found; a part of one in all files, for it must be the only one.
func findEvent(ctx context.Context, env *environment, paths []string, id string) (audit.Event, error) {
	files, err := eventFiles(paths)
	if err != nil {
		return audit.Event{}, err
	}
	search := eventSearch{env: env, id: id, found: map[string]audit.Event{}}
	for _, path := range files {
		if err := search.file(ctx, path); err != nil {
			return audit.Event{}, err
		}
		if len(id) == wholeID && len(search.found) > 0 {
			break
		}
	}
	ids := sortedKeys(search.found)
	switch len(ids) {
	case 1:
		return search.found[ids[0]], nil
	case 0:
		return audit.Event{}, search.nothing(files)
	}
	return audit.Event{}, &usageError{
		message: fmt.Sprintf("%d events or more begin with %s", len(ids), id),
		help:    "give more of the id:\n  " + strings.Join(ids, "\n  ") + "\n",
	}
}

const (
	wholeID    = 36
	mostEvents = 8 // that are told apart
)

// eventSearch looks for an id in logs.
type eventSearch struct {
	env    *environment
	id     string
	found  map[string]audit.Event
	events int
	faults int // lines that hold no event
}

func (s *eventSearch) file(ctx context.Context, path string) error {
	in, err := openReplay(s.env, path)
	if err != nil {
		return fmt.Errorf("reading events %s: %w", path, fileReason(err))
	}
	defer in.Close()
	for event, err := range audit.Read(in) {
		var line *audit.LineError
		switch {
		case errors.As(err, &line):
			s.faults++
			continue
		case err != nil:
			return fmt.Errorf("reading events %s: %w", path, fileReason(err))
		case ctx.Err() != nil:
			return ctx.Err()
		}
		s.events++
		if strings.HasPrefix(event.ID, s.id) && len(s.found) < mostEvents {
			s.found[event.ID] = event
		}
	}
	return nil
}

// nothing says that no event was found, and where it was looked for.
func (s *eventSearch) nothing(files []string) error {
	text := fmt.Sprintf("no event begins with %s among %s of %s", s.id, plural(s.events, "event"), strings.Join(files[:min(len(files), 3)], ", "))
	if len(files) > 3 {
		text += fmt.Sprintf(" and %s more", plural(len(files)-3, "file"))
	}
	if s.faults > 0 {
		text += fmt.Sprintf("; %s no event", holds(s.faults))
	}
	return errors.New(text)
}

func holds(lines int) string {
	if lines == 1 {
		return "1 line holds"
	}
	return fmt.Sprintf("%d lines hold", lines)
}

// event tells what was recorded, and whether the policy says the same now.
func (p *explainPrinter) event() {
	e := p.e.Event
	if e == nil {
		return
	}
	p.line("event", "%s, %s", e.ID, e.Time.UTC().Format(time.RFC3339))
	p.line("", "body %s, %s%s", readingWord(e.Mode), strings.ReplaceAll(e.Coverage.State.String(), "_", " "), prefixed(": ", e.Coverage.Reason))
	if e.ShapeChanged {
		p.line("", "nothing was where the catalogue knows the text: all of it was taken for text")
	}
	p.line("verdict", "%s", wrap(e.Verdict.Action+": "+e.Verdict.Reason, lineWidth, "  "))
	if e.SameRevision {
		p.line("", "by this policy, revision %s", e.Revision)
	} else {
		p.line("", "by another policy, revision %s", e.Revision)
		p.line("", "what this one, %s, says of the same facts follows", p.e.Revision)
	}
	p.line("unknown", "what the body held: events have no content, and nothing can be looked for anew")
	for _, word := range e.Lacks {
		p.line("", "%s", causeText(word, e.unread))
	}
}

func readingWord(mode string) string {
	switch mode {
	case audit.ModeHold:
		return "held until it was read"
	case audit.ModeObserve:
		return "read from a copy"
	}
	return "not read"
}

// possible lists what the policy may come to when that is not certain.
func (p *explainPrinter) possible() {
	e := p.e.Event
	if e == nil || len(e.Possible) == 0 {
		return
	}
	p.line("", "not certain: it may be any of these")
	for _, v := range e.Possible {
		by := ", no rule matches"
		if v.Rule != "" {
			by = fmt.Sprintf(" by %q, %s", v.Rule, v.At)
		}
		p.line("", "  %s%s", actionWord(v.Action, v.Enforced), by)
	}
	for _, cause := range e.Causes {
		p.line("", "%s", causeText(cause, e.unread))
	}
}
