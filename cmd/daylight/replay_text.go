package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"daylight.internal/rules/replay"
)

// replayReport is the whole answer of replay. Its JSON is documented in docs/policy.md.
type replayReport struct {
	Policy  string `json:"policy"`
	Against string `json:"against"` // the old policy, or "recorded"
	replay.Report
	OutOfTime  int               `json:"out_of_time"` // exchanges that --since and --until leave out
	BadLines   int               `json:"bad_lines"`
	Unread     []string          `json:"detectors_not_on_record"` // of the new policy: what they would have found
	Recordings []judgedRecording `json:"recordings,omitempty"`
}

func (p *replayReport) write(r *replayRun) error {
	switch r.format {
	case "json":
		if p.Unread == nil {
			p.Unread = []string{}
		}
		return writeJSON(r.env.stdout, p)
	case "markdown":
		return p.writeMarkdown(r.env.stdout)
	default:
		return p.writeText(r.env.stdout)
	}
}

// kindTitles are what people read.
func kindTitle(k replay.Kind) string {
	return map[replay.Kind]string{
		replay.NewlyBlocked: "Newly blocked", replay.NewlyAllowed: "No longer blocked", replay.WouldBe: "Would be blocked, or no longer would",
		replay.OtherAction: "Logged or allowed otherwise", replay.OtherRule: "Decided by another rule", replay.Unknown: "Cannot be known from the record",
	}[k]
}

func (p *replayReport) causeText(cause string) string { return causeText(cause, p.Unread) }

// causeText says what it means that something is not on record. unread are the
// detectors that there were not at the time.
func causeText(cause string, unread []string) string {
	switch cause {
	case "content":
		return "nobody read the body: nothing asked for it"
	case "rest":
		return "more than this body was judged: parts of a file, or what came behind"
	case "earlier":
		return "earlier messages counted as well"
	case "message":
		return "a stream of messages that were judged one by one"
	case "bytes":
		return "the size that was judged is not on record"
	case "address":
		return "the address of the client is not on record"
	case "time":
		return "whether it was recognised before the body had left"
	case "verdict":
		return "judging failed at the time"
	case "before":
		return "nor what the old policy would have decided"
	case "service":
		return "the catalogue has the service otherwise now"
	case "account":
		return "the policy names accounts of the service otherwise"
	default:
		return "not looked for at the time: " + strings.Join(unread, ", ")
	}
}

const (
	tableRows      = 10  // of each table, for people
	textRecordings = 200 // that nothing is compared with
)

func (p *replayReport) writeText(w io.Writer) error {
	var b strings.Builder
	i := inkFor(w)
	b.WriteString(p.headline() + "\n")
	for _, c := range p.Changes {
		paint := i.bold
		switch c.Kind {
		case replay.NewlyBlocked:
			paint = i.red
		case replay.NewlyAllowed:
			paint = i.yellow
		}
		fmt.Fprintf(&b, "\n%s: %s\n", paint(kindTitle(c.Kind)), p.amount(&c))
		p.textTable(&b, "by rule", c.ByRule, ruleText)
		p.textTable(&b, "by service", c.ByService, nameText)
		p.textTable(&b, "by group", c.ByGroup, nameText)
		p.textTable(&b, "because", c.ByCause, func(r *replay.Row) string { return p.causeText(r.Name) })
		for e := range slices.Values(c.Examples) {
			b.WriteString(exampleText(i, &e))
		}
	}
	p.textRecordings(&b)
	if note := p.note(); note != "" {
		b.WriteString("\n" + note + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// headline says what was looked at and how much of it stays.
func (p *replayReport) headline() string {
	if p.Exchanges == 0 {
		return fmt.Sprintf("%s: no exchange to compare", p.Policy)
	}
	against := "what was recorded"
	if p.Against != "recorded" {
		against = p.Against
	}
	span := ""
	if p.From != nil {
		span = ", " + p.From.UTC().Format(time.DateOnly)
		if to := p.To.UTC().Format(time.DateOnly); to != span[2:] {
			span += " to " + to
		}
	}
	changed := p.Exchanges - p.Unchanged - p.Count(replay.Unknown)
	return fmt.Sprintf("%s against %s: %s of %s%s\n%s unchanged, %s changed, %s unknown", p.Policy, against,
		exchanges(p.Exchanges), p.persons(p.Users), span, grouped(p.Unchanged), grouped(changed), grouped(p.Count(replay.Unknown)))
}

// amount says how many exchanges and people a change is about.
func (p *replayReport) amount(c *replay.Change) string {
	return fmt.Sprintf("%s (%s) of %s", exchanges(c.Exchanges), percent(c.Share), p.persons(c.Users))
}

func (p *replayReport) persons(n int) string {
	least := ""
	if p.UsersAtLeast {
		least = "at least "
	}
	if n == 1 {
		return least + "1 person"
	}
	return least + grouped(n) + " people"
}

func exchanges(n int) string {
	if n == 1 {
		return "1 exchange"
	}
	return grouped(n) + " exchanges"
}

// percent writes a share; what is more than nothing is never "0%".
func percent(share float64) string {
	switch {
	case share > 0 && share < 0.001:
		return "under 0.1%"
	case share > 0.999 && share < 1:
		return "over 99.9%"
	}
	return strconv.FormatFloat(float64(int(share*1000+0.5))/10, 'f', -1, 64) + "%"
}

// grouped writes a number with commas.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func ruleText(r *replay.Row) string {
	switch {
	case r.Name == "" || r.Name == replay.Rest:
		return ruleName(r.Name)
	case r.At == "":
		return r.Name
	default:
		return r.Name + " (" + r.At + ")"
	}
}

func nameText(r *replay.Row) string {
	if r.Name == replay.Rest {
		return "others"
	}
	return r.Name
}

// ruleName is a rule for people.
func ruleName(name string) string {
	switch name {
	case "":
		return "no rule"
	case replay.Rest:
		return "others"
	default:
		return name
	}
}

func (p *replayReport) textTable(b *strings.Builder, title string, rows []replay.Row, name func(*replay.Row) string) {
	shown := rows[:min(len(rows), tableRows)]
	width := 0
	for i := range shown {
		width = max(width, utf8.RuneCountInString(name(&shown[i])))
	}
	for i := range shown {
		if i > 0 {
			title = ""
		}
		text := name(&shown[i])
		fmt.Fprintf(b, "  %-10s  %s%s  %s of %s\n", title, text, strings.Repeat(" ", width-utf8.RuneCountInString(text)), grouped(shown[i].Exchanges), p.persons(shown[i].Users))
	}
	if more := len(rows) - len(shown); more > 0 {
		fmt.Fprintf(b, "  %-10s  and %d more\n", "", more)
	}
}

func exampleText(i ink, e *replay.Example) string {
	head := []string{}
	if e.Time != nil {
		head = append(head, e.Time.UTC().Format("2006-01-02 15:04"))
	}
	head = append(head, who(e), strings.TrimSpace(e.Service+" "+e.Operation))
	text := fmt.Sprintf("  - %s: %s\n    %s\n", strings.Join(head, ", "), turn(e), i.dim(e.ID))
	if e.New.Reason != "" && len(e.Causes) == 0 {
		text += "    " + i.dim(e.New.Reason) + "\n"
	}
	return text
}

func who(e *replay.Example) string {
	user := e.User
	if user == "" {
		user = "somebody"
	}
	if e.Group == "none" {
		return user
	}
	return user + " (" + e.Group + ")"
}

// turn says what becomes of what.
func turn(e *replay.Example) string {
	before, now := e.Old.Effect()+by(&e.Old), e.New.Effect()+by(&e.New)
	if len(e.Causes) > 0 {
		return before + " -> perhaps " + now
	}
	return before + " -> " + now
}

func by(d *replay.Decision) string {
	switch {
	case d.Rule == "":
		return ""
	case d.At == "":
		return " by " + strconv.Quote(d.Rule)
	default:
		return " by " + strconv.Quote(d.Rule) + " (" + d.At + ")"
	}
}

func (p *replayReport) textRecordings(b *strings.Builder) {
	if len(p.Recordings) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s, judged by %s; name --old to compare\n", plural(len(p.Recordings), "recorded exchange"), p.Policy)
	for i := range p.Recordings[:min(len(p.Recordings), textRecordings)] {
		r := &p.Recordings[i]
		fmt.Fprintf(b, "  %s: %s%s\n", r.Name, r.Decision.Effect(), by(&r.Decision))
	}
	if more := len(p.Recordings) - textRecordings; more > 0 {
		fmt.Fprintf(b, "  and %d more, which --format json lists\n", more)
	}
}

// note tells what would make more known, and what was left out.
func (p *replayReport) note() string {
	var notes []string
	if p.Against == "recorded" && p.Count(replay.Unknown) > 0 {
		notes = append(notes, "Name the policy of that time with --old: what both decide alike is known.")
	}
	if p.BadLines > 0 {
		notes = append(notes, plural(p.BadLines, "line")+" without an event left out.")
	}
	return strings.Join(notes, "\n")
}
