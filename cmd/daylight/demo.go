package main

import (
	"context"
	"crypto/x509"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"go.uber.org/zap"

	"daylight.internal/proxy"
	"daylight.internal/proxy/audit"
)

//go:embed demo/policy.yaml
var demoPolicy string

func demoCommand() command {
	return command{
		name: "demo", group: "Carry traffic", summary: "see it work on this machine, without network",
		usage: "demo [flags]",
		about: `Starts a real proxy that enforces a small policy, and a stand-in for the AI
services, both on loopback. Sends what a marketing department might send, over
HTTP, WebSocket and gRPC, prints each exchange with its verdict, and ends with
the metrics that changed and one event. Everybody in the customer list is made up.

It fails if any exchange does not end as it should.
`,
		examples: `  daylight demo
  daylight demo --keep          then point curl, a browser or Prometheus at it
`,
		setup: func(fs *flag.FlagSet) action {
			var d demo
			fs.BoolVar(&d.keep, "keep", false, "go on serving after the last exchange, until interrupted")
			fs.StringVar(&d.listen, "listen", "127.0.0.1:0", "`ADDRESS` of the proxy; port 0 picks a free one")
			fs.StringVar(&d.admin, "admin-listen", "127.0.0.1:0", "`ADDRESS` of the admin listener with the metrics")
			return d.run
		},
	}
}

// demo is one call of the command.
type demo struct {
	keep          bool
	listen, admin string

	stage  stage
	server *server
	player player
}

func (d *demo) run(ctx context.Context, env *environment, args []string) (err error) {
	if err := noArguments(args); err != nil {
		return err
	}
	// SIGPIPE too: `daylight demo | head` must not leave the temporary folder behind.
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGPIPE)
	defer stop()
	d.stage = stage{out: env.stdout, ink: inkFor(env.stdout)}
	dir, err := os.MkdirTemp("", "daylight-demo-")
	if err != nil {
		return fmt.Errorf("making a temporary folder: %w", err)
	}
	defer os.RemoveAll(dir)
	end, err := d.start(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	if err := d.show(ctx); err != nil {
		return err
	}
	if d.keep {
		d.invite()
		<-ctx.Done()
	}
	return nil
}

// start begins to serve. The function that it returns ends that.
func (d *demo) start(dir string) (end func() error, err error) {
	standIn, err := startStandIn(dir)
	if err != nil {
		return nil, err
	}
	config, err := d.configuration(dir, standIn)
	if err != nil {
		return nil, errors.Join(err, standIn.Close())
	}
	events := make(eventTap, 1000)
	if d.server, err = newServer(config, zap.NewNop(), events); err != nil {
		return nil, errors.Join(err, standIn.Close())
	}
	served := make(chan error, 1)
	go func() { served <- d.server.serve() }()
	d.server.ready.Store(true)
	roots := x509.NewCertPool()
	roots.AddCert(d.server.authority.Certificate())
	d.player = player{
		proxy: &url.URL{Scheme: "http", Host: d.server.listeners[0].Addr().String()},
		roots: roots, events: events, standIn: standIn,
	}
	return func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		return errors.Join(d.server.shutdown(ctx), <-served, standIn.Close())
	}, nil
}

// configuration is the one a real daylight.yaml would give, with the names of
// the services answered by the stand-in.
func (d *demo) configuration(dir string, standIn *standIn) (*configuration, error) {
	policy := filepath.Join(dir, "policy.yaml")
	if err := os.WriteFile(policy, []byte(demoPolicy), 0o600); err != nil {
		return nil, fmt.Errorf("writing the policy of the demo: %w", err)
	}
	var hosts []string
	for _, s := range scenes() {
		u, err := url.Parse(s.message.url)
		if err != nil {
			return nil, fmt.Errorf("reading a scene: %w", err)
		}
		hosts = append(hosts, u.Hostname())
	}
	return &configuration{
		Listen: []string{d.listen}, AdminListen: d.admin, DataDir: dir, Policy: []string{policy}, Intercept: "all",
		Events: []string{filepath.Join(dir, "events.jsonl")},
		Proxy: proxy.Config{
			Upstream: proxy.Upstream{CAFile: standIn.CAFile, Hosts: standIn.hosts(hosts)},
			Identity: proxy.Identity{UserHeader: userHeader, UserHeaderFrom: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}},
		},
	}, nil
}

// show plays the scenes and prints them, the metrics and one event.
func (d *demo) show(ctx context.Context) error {
	d.stage.heading("Daylight, between a marketing department and its AI tools")
	fmt.Fprintf(d.stage.out, "proxy %s   metrics %s   stand-in for the services %s\n", d.player.proxy, d.metricsURL(), d.player.standIn.Address)
	before, err := scrape(ctx, d.metricsURL())
	if err != nil {
		return err
	}
	var upload *audit.Event
	wrong, list := 0, scenes()
	for i := range list {
		r, err := d.player.play(ctx, &list[i])
		if err != nil {
			return fmt.Errorf("%q: %w", list[i].title, err)
		}
		d.stage.scene(i+1, &list[i], r)
		if len(list[i].differences(r)) > 0 {
			wrong++
		}
		if r.event.Upload != nil {
			upload = &r.event
		}
	}
	after, err := scrape(ctx, d.metricsURL())
	if err != nil {
		return err
	}
	d.stage.heading("What Prometheus sees")
	growth(before, after).write(d.stage.out)
	fmt.Fprintf(d.stage.out, "  %s\n", after.share())
	if upload != nil {
		d.stage.heading("What an auditor sees: the event of the file for ChatGPT, a line of events.jsonl")
		if err := d.stage.event(upload); err != nil {
			return err
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%s did not end as expected", plural(wrong, "exchange"))
	}
	fmt.Fprintf(d.stage.out, "\n%s\n", d.stage.ink.green(fmt.Sprintf("All %d exchanges ended as they should.", len(list))))
	return nil
}

func (d *demo) metricsURL() string {
	return "http://" + d.server.adminListener.Addr().String() + "/metrics"
}

// invite says how to go on by hand.
func (d *demo) invite() {
	d.stage.heading("Still serving; end it with Ctrl-C")
	fmt.Fprintf(d.stage.out, `  curl --proxy %s --cacert %s \
    --json '{"model":"gpt-5","messages":[{"role":"user","content":"hello"}]}' \
    https://api.openai.com/v1/chat/completions
  curl %s
  tail -f %s
`, d.player.proxy, caCertPath(d.server.config), d.metricsURL(), d.server.config.Events[0])
}
