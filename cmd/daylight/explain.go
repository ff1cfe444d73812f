package main

import (
	"context"
	"flag"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

func explainCommand() command {
	return command{
		name: "explain", group: "Policy", summary: "say why a request is blocked or goes through",
		usage: "explain [flags] URL [-]",
		about: `Judges one request exactly as the proxy does, and says why: who asks, which
service it is and by what it is known, what had to be read and what was found
where, the status and the approval that set it, every rule that was tried with
the reason why it did or did not match, and what would change the verdict.

The request is a URL with a body, an entry of a HAR file that a browser saved, a
raw HTTP request, a transcript of a WebSocket, or an event of the log, by its id
or the beginning of it. An event holds no content: what it recorded is judged
anew by the policy as it is now, and what cannot be known is said.

Values that were found are masked; queries, headers and bodies are not printed.
`,
		examples: `  daylight explain --user ana@marketing.corp.example --data @crm.csv https://chatgpt.com/backend-api/f/conversation
  daylight explain --group marketing -H 'Content-Type: application/json' https://api.openai.com/v1/chat/completions - < prompt.json
  daylight explain --har session.har            lists its entries
  daylight explain --har session.har --entry 3 --user ana@marketing.corp.example
  daylight explain --event 0199c1f2-7a00 --format json
`,
		setup: func(fs *flag.FlagSet) action {
			x := explainRun{config: addConfigFlags(fs)}
			x.addFlags(fs)
			return x.run
		},
	}
}

// explainRun is one call of the command.
type explainRun struct {
	config   *configFlags
	policies []string
	format   string
	all      bool
	subject  explainSubject
	client   explainClient

	env      *environment
	settings *configuration
	policy   *loadedPolicy
}

// explainSubject says which request is meant.
type explainSubject struct {
	method, data                        string
	headers                             []string
	har, http, transcript, event, match string // paths, an id, a part of a URL
	entry                               int
	events                              []string
}

// explainClient says who asks, and when.
type explainClient struct {
	user, group, address, time, account, plan string
}

func (x *explainRun) addFlags(fs *flag.FlagSet) {
	s, c := &x.subject, &x.client
	list := func(into *[]string) func(string) error {
		return func(v string) error { *into = append(*into, v); return nil }
	}
	fs.Func("policy", "judge by the policy at `PATH`, a file or a folder; may be repeated", list(&x.policies))
	fs.StringVar(&x.format, "format", "text", "output `FORMAT`: text or json")
	fs.BoolVar(&x.all, "all", false, "show every rule with all of its conditions")
	fs.StringVar(&c.user, "user", "", "who is signed in, by `NAME`")
	fs.StringVar(&c.group, "group", "", "someone of the `GROUP` of the policy")
	fs.StringVar(&c.address, "address", "", "`IP` address of the client")
	fs.StringVar(&c.time, "time", "", "`TIME` of the request as 2027-03-31T12:00:00Z; now without it")
	fs.StringVar(&c.account, "account", "", "the `KIND` of account of the service: corporate, private, anonymous,\napi_key or unknown; else what the request tells")
	fs.StringVar(&c.plan, "plan", "", "the vendor's `PLAN` of the account, such as free")
	fs.StringVar(&s.method, "method", "", "`METHOD` of the request; POST when there is a body, else GET")
	fs.StringVar(&s.method, "X", "", "the same as --method `METHOD`")
	fs.Func("header", "a field of the head as `'NAME: VALUE'`; may be repeated", list(&s.headers))
	fs.Func("H", "the same as --header `'NAME: VALUE'`", list(&s.headers))
	fs.StringVar(&s.data, "data", "", "the body: `TEXT`, or @FILE for a file, or @- for standard input")
	fs.StringVar(&s.data, "d", "", "the same as --data `TEXT`")
	fs.StringVar(&s.har, "har", "", "explain a request of a HAR `FILE`")
	fs.IntVar(&s.entry, "entry", 0, "its `NUMBER` in the HAR file, from 1")
	fs.StringVar(&s.match, "url", "", "the entry of the HAR file whose URL has `TEXT` in it, the query apart")
	fs.StringVar(&s.http, "http", "", "explain a raw HTTP request in a `FILE`")
	fs.StringVar(&s.transcript, "transcript", "", "explain a transcript of a WebSocket in a `FILE`")
	fs.StringVar(&s.event, "event", "", "explain the event with this `ID`, or the only one that begins so")
	fs.Func("events", "look for it in this `FILE`; may be repeated; else in those of the configuration", list(&s.events))
}

func (x *explainRun) run(ctx context.Context, env *environment, args []string) (err error) {
	x.env = env
	if x.format != "text" && x.format != "json" {
		return unknownFormat(x.format, "text", "json")
	}
	if err := x.subject.check(args); err != nil {
		return err
	}
	if x.settings, err = x.config.load(); err != nil {
		return err
	}
	if len(x.policies) > 0 {
		x.settings.usePolicy(x.policies)
	}
	if x.policy, err = loadPolicy(x.settings, time.Now()); err != nil {
		return err
	}
	if x.subject.event != "" {
		return x.explainEvent(ctx)
	}
	exchanges, err := x.exchanges(args)
	if err != nil {
		return err
	}
	for i := range exchanges {
		if err := x.client.apply(&exchanges[i].Request, x.policy.snapshot); err != nil {
			return err
		}
	}
	if len(exchanges) == 1 {
		return x.explain(&exchanges[0])
	}
	return x.list(exchanges)
}

// check refuses flags that do not go together.
func (s *explainSubject) check(args []string) error {
	var sources []string
	for _, source := range []struct {
		flag string
		on   bool
	}{{"a URL", len(args) > 0}, {"--har", s.har != ""}, {"--http", s.http != ""}, {"--transcript", s.transcript != ""}, {"--event", s.event != ""}} {
		if source.on {
			sources = append(sources, source.flag)
		}
	}
	switch {
	case len(sources) == 0:
		return usagef("say what to explain: a URL, --har, --http, --transcript or --event")
	case len(sources) > 1:
		return usagef("explain one thing at a time: %s", strings.Join(sources, " and "))
	case s.har == "" && (s.entry != 0 || s.match != ""):
		return usagef("--entry and --url choose from a file: name it with --har")
	case s.entry != 0 && s.match != "":
		return usagef("choose the entry by --entry or by --url")
	case s.entry < 0:
		return usagef("the entries of a HAR file are numbered from 1")
	case s.event == "" && len(s.events) > 0:
		return usagef("--events says where to look for an event: name it with --event ID")
	case len(args) == 0 && (s.method != "" || s.data != "" || len(s.headers) > 0):
		return usagef("--method, --header and --data make up a request to a URL; %s has its own", sources[0])
	case len(args) == 2 && args[1] == "-" && s.data != "":
		return usagef("the body is given twice: by --data and by -")
	case len(args) > 2 || len(args) == 2 && args[1] != "-":
		return usagef("unexpected argument behind the URL; a body is given by --data or by -")
	}
	return nil
}

// apply puts who asks, and when, into a request.
func (c *explainClient) apply(r *engine.Request, s *engine.Snapshot) error {
	if c.group != "" {
		member, ok := s.Member(c.group)
		if !ok {
			return unknown("group", c.group, s.Groups(), groupsHint(s.Groups()))
		}
		r.Client = member
	}
	if c.user != "" {
		r.Client.User = c.user
	}
	if c.address != "" {
		address, err := netip.ParseAddr(c.address)
		if err != nil {
			return usagef("--address %q is not an address; write it as 10.20.0.7", c.address)
		}
		r.Client.Address = address
	}
	r.Time = time.Now()
	if c.time != "" {
		t, err := time.Parse(time.RFC3339, c.time)
		if err != nil {
			return usagef("--time %q is not a time; write it as 2027-03-31T12:00:00Z", c.time)
		}
		r.Time = t
	}
	if c.account != "" || c.plan != "" {
		kinds := rules.AccountKinds()
		if c.account != "" && !slices.Contains(kinds, c.account) {
			return unknown("account", c.account, kinds, "use one of "+joinWords(kinds))
		}
		r.Account = &rules.Account{Kind: rules.AccountKind(c.account), Plan: c.plan}
		if c.account == "" {
			r.Account.Kind = rules.UnknownAccount
		}
	}
	return nil
}

func groupsHint(groups []string) string {
	if len(groups) == 0 {
		return "the policy has no groups"
	}
	return fmt.Sprintf("the policy has %s", strings.Join(groups, ", "))
}
