//go:build !linux

package takeover

import (
	"context"
	"errors"
	"net"
)

// Listen opens a TCP listener.
func Listen(ctx context.Context, address string, reusePort bool) (*Listener, error) {
	if reusePort {
		return nil, errors.New("sharing a port among processes works on Linux only: remove proxy.reuse_port")
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return NewListener(l.(*net.TCPListener)), nil
}

func ignoreNew(*net.TCPListener) {}
func heedNew(*net.TCPListener)   {}

// Host hands the listeners of this process to the next one.
type Host struct{}

// Offer works on Linux only.
func Offer(string, map[string]*Listener, Next) (*Host, error) { return &Host{}, nil }

// Close offers no more.
func (*Host) Close() (shared bool) { return false }

// Predecessor is the process that serves when this one begins.
type Predecessor struct{}

// Ask finds nobody.
func Ask(string) (*Predecessor, error) { return nil, nil }

// Take returns nil.
func (*Predecessor) Take(string) *Listener { return nil }

// Serving tells nobody.
func (*Predecessor) Serving(bool) error { return nil }

func (*Predecessor) shares() bool { return false }

// Close does nothing.
func (*Predecessor) Close() {}
