package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/strictyaml"
)

func catalogCommand() command {
	return command{
		name: "catalog", group: "Policy", summary: "list, look up and check the AI services that Daylight knows",
		usage: "catalog list|show ID|match --url URL|bypass|suggest|stats|diff OLD NEW|lint [PATH...] [flags]",
		about: `Looks into the catalogue: the AI services that are compiled in, and those that
the configured policy adds. The status is what the policy says for everybody
and for content without findings; approvals for groups or data may differ.

  list           every service, one a line
  show ID        one service with its hosts, operations and where the text sits
  match          the service and operation that a request or a WebSocket
                 belongs to, why, and where its text sits; exit code 1 when it
                 belongs to no service
  bypass         the hosts to which TLS is left closed, and why: the built-in list,
                 tls.bypass, and what the Daylight that runs with the same
                 configuration has learned from clients that reject its
                 certificate; with those that it does not leave closed
  suggest        entries for the AI services of no list that events tell of, those
                 of most users first, to be reviewed and pasted into a policy;
                 they hold names and places, never a value
  stats          how many services there are, and how much is known of them
  diff OLD NEW   what differs between two catalogues: folders, files, or the
                 word embedded for the one that is compiled in
  lint PATH...   every fault of the files of a catalogue, or of the one that is
                 compiled in: those that a policy may not have either, and what
                 makes a list of AI services wrong, such as old entries, examples
                 that match something else, and hosts that are mostly not AI.
                 Exit code 1 says that there are errors, 3 (with --strict) that
                 there are warnings
`,
		examples: `  daylight catalog list --category chat --country CN
  daylight catalog show openai-api
  daylight catalog match --url https://chatgpt.com/backend-api/f/conversation --method POST
  daylight catalog match --url wss://api.openai.com/v1/realtime
  daylight catalog bypass --source learned
  daylight catalog list --status unreviewed --format json
  daylight catalog suggest --events events.jsonl --min-users 3
  daylight catalog diff embedded rules/catalog
  daylight catalog lint --strict rules/catalog
`,
		setup: func(fs *flag.FlagSet) action {
			c := catalogRun{config: addConfigFlags(fs)}
			fs.StringVar(&c.format, "format", "text", "output `FORMAT`: text or json; suggest has yaml for text")
			c.filter.flags(fs)
			fs.StringVar(&c.url, "url", "", "the `URL` of the request to match; wss:// is a WebSocket,\nwhich https:// without a method may be too")
			fs.StringVar(&c.method, "method", "", "the `METHOD` of the request to match (default: any)")
			fs.StringVar(&c.source, "source", "", "show only the bypasses of a `SOURCE`: built-in, configuration\nor learned; the last fails when no Daylight runs")
			fs.StringVar(&c.events, "events", "", "the `FILE` of events that suggest reads; - is the standard input\n(default: those of the configuration)")
			fs.IntVar(&c.minUsers, "min-users", 1, "suggest what at least `N` users have used")
			fs.BoolVar(&c.strict, "strict", false, "warnings of lint make the exit code 3")
			fs.StringVar(&c.today, "today", "", "the `DATE` up to which lint counts the age of entries,\nsuch as 2026-11-22 (default: today)")
			return c.run
		},
	}
}

// catalogRun is one call of the command.
type catalogRun struct {
	config                     *configFlags
	filter                     serviceFilter
	format, url, method, today string
	strict                     bool
	events, source             string
	minUsers                   int
	policy                     *loadedPolicy
	out                        io.Writer
}

// catalogEntry is a service as it is printed in JSON.
type catalogEntry struct {
	Service   string       `json:"service"` // the id
	Name      string       `json:"name"`
	Vendor    string       `json:"vendor"`
	Category  string       `json:"category"`
	Country   string       `json:"country"`
	Status    rules.Status `json:"status"`
	Operation string       `json:"operation,omitempty"` // of a match
}

func (c *catalogRun) run(ctx context.Context, env *environment, args []string) error {
	verb, args, err := subcommand("catalog", args, []string{"list", "show", "match", "bypass", "suggest", "stats", "diff", "lint"})
	if err != nil {
		return err
	}
	if c.format == "yaml" && verb == "suggest" {
		c.format = "text"
	}
	if c.format != "text" && c.format != "json" {
		return unknownFormat(c.format, "text", "json")
	}
	c.out = env.stdout
	switch verb { // these look at files alone
	case "diff":
		return c.diff(args)
	case "lint":
		return c.lint(env, args)
	}
	config, err := c.config.load()
	if err != nil {
		return err
	}
	if c.policy, err = loadPolicy(config, time.Now()); err != nil {
		return err
	}
	switch verb {
	case "list":
		return cmp.Or(noArguments(args), c.list())
	case "match":
		return cmp.Or(noArguments(args), c.match())
	case "suggest":
		return cmp.Or(noArguments(args), c.suggest(env, config.Events, c.today))
	case "bypass":
		if err := noArguments(args); err != nil {
			return err
		}
		return c.bypass(ctx, env, config)
	case "stats":
		return cmp.Or(noArguments(args), c.stats())
	default:
		if len(args) != 1 {
			return usagef("name one service: `daylight catalog show ID`")
		}
		return c.show(args[0])
	}
}

func (c *catalogRun) entry(s *catalog.Service) catalogEntry {
	return catalogEntry{
		Service: s.ID, Name: s.Name, Vendor: s.Vendor, Category: s.Category, Country: s.Country, Status: c.policy.status(s),
	}
}

func (c *catalogRun) show(id string) error {
	s, ok := c.policy.snapshot.Catalog().Service(id)
	if !ok {
		return fmt.Errorf("there is no service %q%s", id, withHint(strictyaml.DidYouMean(id, c.policy.snapshot.Catalog().IDs())))
	}
	detail := describeService(s, c.entry(s))
	if c.format == "json" {
		return writeJSON(c.out, detail)
	}
	return detail.write(c.out)
}

func withHint(hint string) string {
	if hint == "" {
		return ""
	}
	return ": " + hint
}

// dash stands for a value that is not known.
func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
