package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"go.uber.org/zap"
)

func runCommand() command {
	return command{
		name: "run", group: "Carry traffic", stays: true, summary: "carry traffic through the proxy",
		usage: "run [flags]",
		about: `Serves as a forward proxy until it is told to end. Without a configuration it
listens on 127.0.0.1:8080, keeps its data in $XDG_STATE_HOME/daylight, and uses
a starter policy in monitor mode: it reports what it would block.

The policy is loaded anew when its files change, and at SIGHUP, which reopens the
event files too; one with faults is refused, and the former one stays.

SIGTERM and SIGINT let the exchanges under way end first; a second one ends at once.
SIGTERM also asks the clients to go, and for half of the --drain time serves those
that send on a connection that they have kept.
`,
		examples: `  daylight run
  daylight run --config /etc/daylight/daylight.yaml
  daylight run --set mode=enforce --set policy=./policy
  daylight run --config /etc/daylight/daylight.yaml --replace
`,
		setup: func(fs *flag.FlagSet) action {
			config := addConfigFlags(fs)
			var log logOptions
			fs.StringVar(&log.level, "log-level", "info", "log `LEVEL`: debug, info, warn or error")
			fs.StringVar(&log.format, "log-format", "console", "log `FORMAT`: console or json")
			profile := fs.String("cpu-profile", "", "write where processor time goes to `FILE`, for go tool pprof")
			drain := fs.Duration("drain", defaultDrain, "`TIME` that exchanges under way get to end")
			replace := fs.Bool("replace", false, "end the Daylight that runs with the same data_dir, as soon as this one serves in its place")
			return func(ctx context.Context, env *environment, args []string) error {
				if err := noArguments(args); err != nil {
					return err
				}
				logger, err := log.newLogger(env.stderr)
				if err != nil {
					return err
				}
				c, err := config.load()
				if err != nil {
					return err
				}
				if *replace && !c.ReusePort {
					return &usageError{message: "--replace needs proxy.reuse_port: true, in the Daylight that runs too"}
				}
				return profiled(*profile, func() error {
					return serve(ctx, env, c, logger, runOptions{log.format == "json", *drain, *replace})
				})
			}
		},
	}
}

// defaultDrain ends before Kubernetes kills, 30 s after its SIGTERM.
const defaultDrain = 25 * time.Second

// runOptions are what the flags of run say, beside the configuration.
type runOptions struct {
	machine bool          // the log is for a program
	drain   time.Duration // at most
	replace bool          // the process that runs
}

// serve wires a server, carries traffic, tells that it is there, and goes on until it
// is told to end.
func serve(ctx context.Context, env *environment, config *configuration, logger *zap.Logger, o runOptions) error {
	signals := make(chan os.Signal, 2) // from now on a signal does not end the process
	signal.Notify(signals, syscall.SIGHUP, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	s, err := newServer(config, logger)
	if err != nil {
		return err
	}
	select {
	case received := <-signals:
		if received != syscall.SIGHUP { // what it read is new
			s.release()
			return nil
		}
	default:
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	replaced := make(chan struct{})
	s.replaced = sync.OnceFunc(func() { close(replaced) })
	served := make(chan error, 1)
	go func() { served <- s.serve() }()
	s.takeOver(o.replace)
	s.ready.Store(true) // not before: whoever starts the next process must find this one
	s.tellStart(env, o.machine)
	limits := config.Proxy.Limits.WithDefaults()
	collectFrom(ctx, limits.MemoryBytes/4)
	go keepMemory(ctx, limits.MemoryBytes, func() { s.metrics.LimitHit("memory_bytes") })
	return s.serveUntilToldToEnd(ctx, signals, replaced, served, o.drain)
}

// tellStart tells people, programs and the service manager that this process serves.
func (s *server) tellStart(env *environment, machine bool) {
	if machine {
		s.logStart()
	} else {
		s.greet(env)
	}
	s.policy = nil // it would be kept in memory after a reload
	if err := notifySystemd("READY=1"); err != nil {
		s.logger.Warn("the start is not told", zap.Error(err))
	}
}

// serveUntilToldToEnd obeys signals, and drains at the end.
func (s *server) serveUntilToldToEnd(ctx context.Context, signals <-chan os.Signal, replaced <-chan struct{}, served <-chan error, drain time.Duration) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reloads := make(chan struct{}, 1)
	go s.keepReloading(ctx, reloads)
	expiry := time.NewTicker(5 * time.Minute)
	defer expiry.Stop()
	for {
		select {
		case err := <-served:
			return err // a listener has failed
		case <-expiry.C:
			s.snapshots.Refresh()
			s.warnOfCA(time.Now())
		case <-ctx.Done():
			return s.drain(false, drain, signals, served)
		case <-replaced:
			return s.drain(true, drain, signals, served)
		case received := <-signals:
			if received != syscall.SIGHUP {
				return s.drain(received == syscall.SIGTERM, drain, signals, served)
			}
			select {
			case reloads <- struct{}{}:
			default: // one waits already, and will read what is there then
			}
		}
	}
}

// drain ends what is under way within the longest time. A patient one asks the clients
// to go first, and for half of the time serves those that do not know it yet.
func (s *server) drain(patient bool, longest time.Duration, signals <-chan os.Signal, served <-chan error) error {
	s.logger.Info("ending; exchanges under way may finish", zap.Duration("at_most", longest))
	if err := notifySystemd("STOPPING=1"); err != nil {
		s.logger.Warn("the end is not told", zap.Error(err))
	}
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	go s.heedWhileDraining(ctx, cancel, signals)
	if patient {
		s.sayGoodbye(ctx, longest/2)
	}
	err := s.shutdown(ctx)
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		s.logger.Warn("exchanges were cut off")
		return nil
	}
	return errors.Join(err, <-served)
}

// heedWhileDraining reopens the event files at SIGHUP, for they are still written, and
// gives up at any other signal.
func (s *server) heedWhileDraining(ctx context.Context, giveUp func(), signals <-chan os.Signal) {
	for {
		select {
		case received := <-signals:
			if received != syscall.SIGHUP {
				giveUp()
				return
			}
			s.guarded(func() { _ = s.reopenEvents() }) // it has logged
		case <-ctx.Done():
			return
		}
	}
}

// greet tells a person what they need to begin.
func (s *server) greet(env *environment) {
	i := inkFor(env.stderr)
	var b strings.Builder
	line := func(label, text string) { fmt.Fprintf(&b, "  %s %s\n", i.dim(fmt.Sprintf("%-10s", label)), text) }
	proxy := dialable(s.listeners[0].Addr().String())
	fmt.Fprintf(&b, "%s\n", i.bold("Daylight "+readBuildInfo().Version+" is serving."))
	for _, l := range s.listeners {
		line("proxy", "http://"+l.Addr().String())
	}
	line("admin", "http://"+s.adminListener.Addr().String()+"   /metrics /healthz /readyz /proxy.pac /ca.pem")
	line("mode", s.mode())
	line("policy", s.policy.describe()+", revision "+s.policy.snapshot.Revision())
	line("knows", plural(len(s.policy.snapshot.Services()), "AI service"))
	for _, path := range s.config.Events {
		line("events", path)
	}
	cert := caCertPath(s.config)
	if s.newCA {
		line("CA", cert+i.yellow("   (new: clients must trust it)"))
	} else {
		line("CA", cert)
	}
	fmt.Fprintf(&b, `
Try it:    curl --proxy http://%s --cacert %s https://chatgpt.com/
Trust it:  import the CA into the browser, or on Debian
           sudo cp %s /usr/local/share/ca-certificates/daylight.crt && sudo update-ca-certificates
`, proxy, cert, cert)
	fmt.Fprint(env.stderr, b.String())
}

// mode says what happens to what the policy blocks.
func (s *server) mode() string {
	if s.policy.snapshot.Monitor() {
		return "monitor: it reports what it would block (--set mode=enforce blocks)"
	}
	return "enforce: what the policy blocks does not go out"
}

// logStart is greet for a program.
func (s *server) logStart() {
	var proxies []string
	for _, l := range s.listeners {
		proxies = append(proxies, l.Addr().String())
	}
	s.logger.Info("serving", zap.Strings("proxy", proxies), zap.String("admin", s.adminListener.Addr().String()),
		zap.Bool("monitor", s.policy.snapshot.Monitor()), zap.String("policy", s.policy.describe()),
		zap.String("revision", s.policy.snapshot.Revision()), zap.String("ca_cert", caCertPath(s.config)), zap.Bool("ca_is_new", s.newCA))
}
