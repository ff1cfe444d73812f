package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"daylight.internal/proxy"
	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/ca"
	"daylight.internal/proxy/identity"
	"daylight.internal/proxy/metrics"
)

// server is a Daylight that is wired and has its ports. serve makes it work.
type server struct {
	config    *configuration
	logger    *zap.Logger
	authority *ca.Authority
	newCA     bool // it was made just now
	metrics   *metrics.Metrics
	policy    *loadedPolicy // the one of the start
	snapshots *proxy.Snapshots
	events    []*audit.File
	judge     *proxy.Judge
	proxy     *proxy.Proxy
	admin     *http.Server

	listeners     []net.Listener
	adminListener net.Listener
	serving       atomic.Bool
}

// newServer opens everything that can fail: a server that was made will serve.
func newServer(config *configuration, logger *zap.Logger, sinks ...audit.Sink) (*server, error) {
	s := &server{config: config, logger: logger}
	for _, step := range []func() error{
		s.openData, s.openPolicy,
		func() error { return s.openEvents(sinks) },
		s.openListeners, s.openProxy,
	} {
		if err := step(); err != nil {
			s.release()
			return nil, err
		}
	}
	return s, nil
}

func (s *server) openData() (err error) {
	if err := os.MkdirAll(s.config.DataDir, 0o700); err != nil {
		return fmt.Errorf("making the data directory: %w", err)
	}
	if s.config.Scanner.Key, err = fingerprintKey(s.config.DataDir); err != nil {
		return err
	}
	s.authority, s.newCA, err = openCA(s.config)
	return err
}

func (s *server) openPolicy() error {
	build := readBuildInfo()
	s.metrics = metrics.New(metrics.Build{Version: build.Version, Revision: build.Commit})
	s.snapshots = proxy.NewSnapshots(s.compile, s.metrics)
	return s.snapshots.Load()
}

// compile reads the policy anew; a reload calls it.
func (s *server) compile() (proxy.Snapshot, error) {
	policy, problems, err := compilePolicy(s.config, time.Now())
	if err != nil {
		return nil, err
	}
	for _, p := range problems {
		tell := s.logger.Error
		if p.Warning {
			tell = s.logger.Warn
		}
		tell(p.Message, zap.String("at", p.Position.String()), zap.String("hint", p.Hint))
	}
	if problems.Err() != nil {
		return nil, &invalidError{what: "the policy", problems: problems}
	}
	if s.policy == nil {
		s.policy = policy
	}
	return policyView{policy.snapshot}, nil
}

func (s *server) openEvents(sinks []audit.Sink) error {
	for _, path := range s.config.Events {
		f, err := audit.OpenFile(path, audit.FileOptions{Dropped: s.metrics.EventDropped("file")})
		if err != nil {
			return err
		}
		s.events = append(s.events, f)
		sinks = append(sinks, f)
	}
	s.judge = proxy.NewJudge(proxy.JudgeOptions{
		Limits: s.config.Proxy.Limits, OnErrorAllow: s.config.Proxy.OnErrorAllow,
		Snapshots: s.snapshots, Events: audit.Multi(sinks...), Metrics: s.metrics,
	})
	return nil
}

func (s *server) openListeners() (err error) {
	if s.adminListener, err = net.Listen("tcp", s.config.AdminListen); err != nil {
		return fmt.Errorf("opening the admin listener: %w", err)
	}
	if a, ok := s.adminListener.Addr().(*net.TCPAddr); ok && !a.IP.IsLoopback() {
		s.logger.Warn("the admin listener can be reached from other machines, and it has no password", zap.Stringer("address", a))
	}
	for _, address := range s.config.Listen {
		l, err := net.Listen("tcp", address)
		if err != nil {
			return fmt.Errorf("opening the proxy listener: %w", err)
		}
		s.listeners = append(s.listeners, l)
	}
	return nil
}

func (s *server) openProxy() (err error) {
	config := s.config.Proxy
	if a, ok := s.adminListener.Addr().(*net.TCPAddr); ok {
		config.Upstream.Forbid = append(config.Upstream.Forbid, a.AddrPort())
	}
	identifier, err := identity.New(identity.Options{
		Users: config.Identity.Users, UserHeader: config.Identity.UserHeader, UserHeaderFrom: config.Identity.UserHeaderFrom,
	})
	if err != nil {
		return err
	}
	own := proxy.OwnOptions{
		Snapshots: s.snapshots, Metrics: s.metrics, Reload: s.reload, Certificate: s.authority.PEM,
		ProxyAddress: s.listeners[0].Addr().String(), Ready: s.serving.Load,
	}
	s.admin = &http.Server{Handler: proxy.NewAdmin(own), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, ErrorLog: discardLog()}
	s.proxy, err = proxy.New(config, proxy.Dependencies{
		Inspector: s.judge, Authority: s.authority, Counters: s.metrics,
		Identify: proxy.NewIdentify(identifier, s.metrics), Pages: proxy.NewOwnPages(own),
	})
	return err
}

// serve carries traffic until shutdown.
func (s *server) serve() error {
	s.serving.Store(true)
	defer s.serving.Store(false)
	ended := make(chan error, 2)
	go func() { ended <- s.proxy.Serve(context.Background(), s.listeners...) }()
	go func() {
		err := s.admin.Serve(s.adminListener)
		if errors.Is(err, http.ErrServerClosed) {
			err = nil
		}
		ended <- err
	}()
	return errors.Join(<-ended, <-ended)
}

// reload swaps the policy, goes on with new event files, and logs how it went. A
// policy that does not compile changes nothing.
func (s *server) reload() error {
	err := s.snapshots.Load()
	var invalid *invalidError
	if errors.As(err, &invalid) { // whoever pressed the button sees every fault
		for _, p := range invalid.problems.Errors() {
			err = fmt.Errorf("%w\n%w", err, p)
		}
	}
	for _, f := range s.events {
		err = errors.Join(err, f.Reopen())
	}
	if err != nil {
		s.logger.Error("reload failed; a policy with errors changes nothing", zap.Error(err))
		return err
	}
	s.logger.Info("reloaded", zap.String("revision", s.snapshots.Current().Revision()))
	return nil
}

// shutdown ends what is under way, then tells its events, or gives up when ctx ends.
func (s *server) shutdown(ctx context.Context) error {
	s.serving.Store(false) // a load balancer sends nobody any more
	err := s.proxy.Shutdown(ctx)
	err = errors.Join(err, s.judge.Close(ctx))
	for _, f := range s.events {
		err = errors.Join(err, f.Close())
	}
	return errors.Join(err, s.admin.Shutdown(ctx)) // last: it is scraped to the end
}

// release closes what was opened, when the rest could not be.
func (s *server) release() {
	for _, f := range s.events {
		_ = f.Close()
	}
	for _, l := range append(s.listeners, s.adminListener) {
		if l != nil {
			_ = l.Close()
		}
	}
}
