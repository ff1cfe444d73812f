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
	"daylight.internal/proxy/takeover"
)

// server is a Daylight that is wired and has its ports. serve makes it work.
type server struct {
	config    *configuration
	logger    *zap.Logger
	authority *ca.Authority
	newCA     bool      // it was made just now
	caWarned  time.Time // of its end, last
	metrics   *metrics.Metrics
	policy    *loadedPolicy // the one of the start, until that was told
	reloader  *reloader
	snapshots *proxy.Snapshots
	events    []*audit.File
	judge     *proxy.Judge
	proxy     *proxy.Proxy
	admin     *http.Server

	listeners     []*takeover.Listener
	adminListener *takeover.Listener
	ready         atomic.Bool // others may rely on it

	predecessor *takeover.Predecessor // nil: none
	host        *takeover.Host        // nil: nobody can take over
	leaving     atomic.Bool           // the listeners are left
	replaced    context.CancelFunc    // ends this process when the next one asks for it
}

// newServer opens everything that can fail: a server that was made will serve.
func newServer(config *configuration, logger *zap.Logger, sinks ...audit.Sink) (*server, error) {
	s := &server{config: config, logger: logger}
	for _, step := range []func() error{
		s.openData, s.openPolicy, s.showCAExpiry,
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

func (s *server) openPolicy() (err error) {
	build := readBuildInfo()
	s.metrics = metrics.New(metrics.Build{Version: build.Version, Revision: build.Commit})
	if s.reloader, s.policy, err = newReloader(s.config, s.logger, s.metrics); err != nil {
		return err
	}
	s.snapshots = s.reloader.snapshots
	return nil
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
		Limits:      s.config.Proxy.Limits,
		LearnBypass: s.config.Proxy.LearnBypass,
		Snapshots:   s.snapshots, Events: audit.Multi(sinks...), Metrics: s.metrics,
	})
	s.metrics.GaugeFunc("learned_bypasses", "Hosts, by client network, that are left closed because clients reject our certificate.",
		func() float64 { return float64(s.judge.LearnedBypasses()) })
	return nil
}

func (s *server) openProxy() (err error) {
	config := s.config.Proxy
	if a, ok := s.adminListener.Addr().(*net.TCPAddr); ok {
		config.Upstream.Forbid = append(config.Upstream.Forbid, a.AddrPort())
	}
	config.Limits = s.fitLimits(config.Limits)
	identifier, err := identity.New(identity.Options{
		Users: config.Identity.Users, UserHeader: config.Identity.UserHeader, UserHeaderFrom: config.Identity.UserHeaderFrom,
	})
	if err != nil {
		return err
	}
	own := proxy.OwnOptions{
		Snapshots: s.snapshots, Metrics: s.metrics, Reload: s.reloadByPage, Certificate: s.authority.PEM,
		ProxyAddress: s.listeners[0].Addr().String(), Ready: s.ready.Load,
		Bypasses: s.judge.Bypasses, AdminAddress: s.config.AdminListen,
	}
	s.admin = &http.Server{Handler: proxy.NewAdmin(own), ErrorLog: discardLog(),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 20 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10}
	s.proxy, err = proxy.New(config, proxy.Dependencies{
		Inspector: s.judge, Authority: s.authority, Counters: s.metrics,
		Identify: proxy.NewIdentify(identifier, s.metrics), Pages: proxy.NewOwnPages(own),
		WarnOfClient: s.warnOfClient,
	})
	return err
}

// fitLimits lowers the number of connections to what the system has descriptors for.
func (s *server) fitLimits(limits proxy.Limits) proxy.Limits {
	limits = limits.WithDefaults()
	files, known := proxy.OpenFiles()
	if !known {
		return limits
	}
	fitting, lowered := proxy.FitDescriptors(limits, files)
	if lowered {
		s.logger.Warn("the system allows too few open files for all connections", zap.Uint64("open_files", files),
			zap.Int("connections", fitting.Connections), zap.Int("configured", limits.Connections),
			zap.Int("connection_queue", fitting.ConnectionQueue), zap.Int("client_connections", fitting.ClientConnections))
	}
	return fitting
}

// serve carries traffic until shutdown.
func (s *server) serve() error {
	defer s.ready.Store(false)
	ended := make(chan error, 2)
	listeners := make([]net.Listener, len(s.listeners))
	for i, l := range s.listeners {
		listeners[i] = l
	}
	go func() { ended <- s.proxy.Serve(context.Background(), listeners...) }()
	go func() {
		err := proxy.ServeAdmin(s.admin, s.adminListener, s.metrics)
		if errors.Is(err, http.ErrServerClosed) {
			err = nil
		}
		ended <- err
	}()
	return errors.Join(<-ended, <-ended)
}

// reload takes a changed policy over, or says what is wrong with it, and goes on
// with new event files in either case. It returns the revision that decides then.
func (s *server) reload(trigger metrics.Trigger) (revision string, err error) {
	revision, err = s.reloader.reload(trigger)
	return revision, errors.Join(err, s.reopenEvents())
}

func (s *server) reopenEvents() (err error) {
	for _, f := range s.events {
		if e := f.Reopen(); e != nil {
			s.logger.Error("the event file is not reopened", zap.Error(e))
			err = errors.Join(err, e)
		}
	}
	return err
}

func (s *server) reloadByPage() (revision string, err error) { return s.reload(metrics.ByPage) }

// keepReloading reloads when asks tells, and when files change, until ctx ends. It
// has a goroutine of its own: a policy on a disk that does not answer must not keep
// the process from ending.
func (s *server) keepReloading(ctx context.Context, asks <-chan struct{}) {
	look := time.NewTimer(s.reloader.interval())
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-asks:
			s.guarded(func() { _, _ = s.reload(metrics.BySignal) }) // it has logged
		case <-look.C:
			s.guarded(s.reloader.look)
			look.Reset(s.reloader.interval())
		}
	}
}

// guarded keeps a fault of ours in a reload from the process.
func (s *server) guarded(reload func()) {
	defer func() {
		if recover() != nil { // its text may quote the policy
			s.logger.Error("reloading failed; the former policy stays")
		}
	}()
	reload()
}

// sayGoodbye asks the clients to go, and serves those that are still there for a time.
func (s *server) sayGoodbye(ctx context.Context, longest time.Duration) {
	s.ready.Store(false) // a load balancer sends nobody any more
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	s.leaveListeners(ctx)
	s.proxy.Drain(ctx)
}

// shutdown ends what is under way, then tells its events, or gives up when ctx ends.
func (s *server) shutdown(ctx context.Context) error {
	s.ready.Store(false)
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
	for _, l := range s.listeners {
		_ = l.Close()
	}
	if s.adminListener != nil {
		_ = s.adminListener.Close()
	}
	s.predecessor.Close()
}
