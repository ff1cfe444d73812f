package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"go.uber.org/zap"

	"daylight.internal/proxy/takeover"
)

// openListeners opens the ports, or goes on with those of the process that serves.
func (s *server) openListeners() (err error) {
	if s.config.ReusePort {
		if s.predecessor, err = takeover.Ask(s.config.DataDir); err != nil {
			s.logger.Warn("the listeners of the running process are not taken over, the port is shared", zap.Error(err))
		}
	}
	if s.adminListener, err = s.listen("admin", s.config.AdminListen); err != nil {
		return err
	}
	if a, ok := s.adminListener.Addr().(*net.TCPAddr); ok && !a.IP.IsLoopback() {
		s.logger.Warn("the admin listener can be reached from other machines, and it has no password", zap.Stringer("address", a))
	}
	for _, address := range s.config.Listen {
		l, err := s.listen("proxy", address)
		if err != nil {
			return err
		}
		s.listeners = append(s.listeners, l)
	}
	return nil
}

// listen opens a port for a role, "admin" or "proxy".
func (s *server) listen(role, address string) (*takeover.Listener, error) {
	if l := s.predecessor.Take(role + " " + address); l != nil {
		return l, nil
	}
	l, err := takeover.Listen(context.Background(), address, s.config.ReusePort)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("opening the %s listener: %w\n%s", role, err, whoseAddress(role, address, s.config.ReusePort))
	}
	if err != nil {
		return nil, fmt.Errorf("opening the %s listener: %w", role, err)
	}
	return l, nil
}

// whoseAddress says what to do about an address that is in use.
func whoseAddress(role, address string, reusePort bool) string {
	ours := isDaylight(role, address)
	switch {
	case ours && !reusePort:
		return "a Daylight serves there: end it first, or start both with proxy.reuse_port to upgrade without a gap"
	case ours:
		return "a Daylight serves there that was started without proxy.reuse_port, or by another user: end it first"
	default:
		return fmt.Sprintf("another program has it: `ss -ltnp` names it; end it, or set %s.listen to another address", role)
	}
}

// isDaylight tells whether what answers at an address is one of us.
func isDaylight(role, address string) bool {
	page := map[string]string{"admin": "/readyz", "proxy": "/proxy.pac"}[role]
	client := http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get("http://" + dialable(address) + page)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	begin, _ := io.ReadAll(io.LimitReader(resp.Body, 64))
	return role == "proxy" && resp.Header.Get("Content-Type") == "application/x-ns-proxy-autoconfig" ||
		role == "admin" && bytes.HasPrefix(begin, []byte("ready, policy "))
}

// takeOver tells the process that served so far that this one serves, which leaves the
// admin listener to it, and offers the listeners to the next one. With replace the
// former process ends.
func (s *server) takeOver(replace bool) {
	if s.predecessor != nil {
		if err := s.predecessor.Serving(replace); err != nil {
			s.logger.Warn("the running process does not know of this one", zap.Error(err))
		}
	} else if replace {
		s.logger.Warn("there is no process to replace", zap.String("data_dir", s.config.DataDir))
	}
	if !s.config.ReusePort {
		return
	}
	listeners := map[string]*takeover.Listener{"admin " + s.config.AdminListen: s.adminListener}
	for i, address := range s.config.Listen {
		listeners["proxy "+address] = s.listeners[i]
	}
	var err error
	s.host, err = takeover.Offer(s.config.DataDir, listeners, takeover.Next{Serving: s.succeed, Gone: s.goOnAlone})
	if err != nil {
		s.logger.Warn("the next process cannot take the listeners over", zap.Error(err))
	}
}

// succeed leaves the admin listener to the process that serves now too.
func (s *server) succeed(replace bool) {
	s.leaveAdmin()
	s.logger.Info("another process serves too, and has the admin listener", zap.Bool("replaces_this_one", replace))
	if replace {
		s.replaced()
	}
}

// leaveAdmin leaves the admin listener to another process, until it is resumed.
func (s *server) leaveAdmin() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	s.adminListener.Pause(ctx)
	s.admin.SetKeepAlivesEnabled(false)
}

// goOnAlone takes the admin listener back when the process that came ends first.
func (s *server) goOnAlone() {
	if s.leaving.Load() {
		return
	}
	s.logger.Warn("the other process ends or has ended, this one serves on alone")
	s.admin.SetKeepAlivesEnabled(true)
	s.adminListener.Resume()
}

// leaveListeners accepts nobody new. Clients that were connecting are served. When the
// former process serves on, it has the admin listener from now on, and can be followed.
func (s *server) leaveListeners(ctx context.Context) {
	s.leaving.Store(true)
	shared := s.host != nil && s.host.Close()
	var left sync.WaitGroup
	for _, l := range s.listeners {
		left.Go(func() { l.Leave(ctx, shared) })
	}
	left.Wait()
	if s.adminListener.IsShared() {
		s.leaveAdmin()
	}
	s.predecessor.Close()
}
