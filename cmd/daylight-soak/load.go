package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// load are the clients of a run.
type load struct {
	*clients
	ledger   *ledger
	activity *activity
	rate     float64

	working sync.WaitGroup
	mu      sync.Mutex
	faults  []error
	done    map[string]int // visits by kind
	small   []float64      // ms that small exchanges took since they were last asked for
}

// kind is one way of using the proxy. A visit is what one client does from its
// connecting to its leaving, with a wait between its steps.
type kind struct {
	name    string
	workers int
	rate    float64 // steps of one worker a second
	visit   func(ctx context.Context, wait func() bool) error
}

// start sets all workers to work until the context ends; they finish what they are at.
func (l *load) start(ctx context.Context) {
	for _, k := range l.kinds() {
		for range k.workers {
			l.working.Go(func() { l.work(ctx, k) })
		}
	}
}

func (l *load) work(ctx context.Context, k kind) {
	wait := func() bool { return pause(ctx, 1/(k.rate*l.rate)) }
	for wait() {
		l.activity.note(k.name)
		err := k.visit(context.WithoutCancel(ctx), wait)
		l.activity.note(k.name)
		l.mu.Lock()
		l.done[k.name]++
		if err != nil {
			l.faults = append(l.faults, fmt.Errorf("%s: %w", k.name, err))
		}
		l.mu.Unlock()
	}
}

// pause waits for half to one and a half times the seconds, and tells whether to go on.
func pause(ctx context.Context, seconds float64) bool {
	timer := time.NewTimer(time.Duration(seconds * (0.5 + rand.Float64()) * float64(time.Second)))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// took notes how long a small exchange was under way.
func (l *load) took(since time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.small = append(l.small, float64(time.Since(since).Microseconds())/1000)
}

// latencies returns those since the last call.
func (l *load) latencies() []float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.small
	l.small = nil
	return out
}

// failed returns what clients were answered wrongly: the first few, and how many more.
func (l *load) failed() []error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return some(l.faults)
}

// visits returns how many visits of each kind there were; a kind without one is a fault.
func (l *load) visits() (map[string]int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range l.kinds() {
		if l.done[k.name] == 0 {
			return l.done, fmt.Errorf("no client of the kind %q came to an end", k.name)
		}
	}
	return l.done, nil
}

// names returns those of all kinds.
func (l *load) names() (names []string) {
	for _, k := range l.kinds() {
		names = append(names, k.name)
	}
	return names
}

// because returns an error in those words, with its cause where there is one.
func because(cause error, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	if cause != nil {
		err = fmt.Errorf("%w: %w", err, cause)
	}
	return err
}
