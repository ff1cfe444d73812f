package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"time"
)

// run is one soak.
type run struct {
	options
	daylight *daylight
	internet *internet
	ledger   *ledger
	activity *activity
	out      io.Writer
}

// cutShort tells that a run came to no judgement.
type cutShort struct{ why error }

func (c *cutShort) Error() string { return c.why.Error() }
func (c *cutShort) Unwrap() error { return c.why }

// whole runs the load and joins everything that is wrong.
func (r *run) whole(ctx context.Context) error {
	clients, err := newClients(r.daylight)
	if err != nil {
		return err
	}
	before, err := r.daylight.lowest(time.Second, nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(r.out, "soaking for %v; %s\n%s\n", r.duration, r.daylight.dir, header)
	l := &load{clients: clients, ledger: r.ledger, activity: r.activity, rate: r.rate, done: map[string]int{}}
	changing := &reloads{daylight: r.daylight, activity: r.activity}
	loading, stop := context.WithTimeout(ctx, r.duration)
	defer stop()
	reloaded := make(chan error, 1)
	l.start(loading)
	go func() { reloaded <- changing.keep(loading) }()
	samples, err := r.watch(loading, l)
	stop()
	l.working.Wait()
	faults := append([]error{err, <-reloaded, growth(samples)}, l.failed()...)
	if err := r.wasCutShort(ctx, errors.Join(faults...) != nil); err != nil {
		return err
	}
	r.internet.close()
	faults = append(faults, r.rest(before), r.dropped(), r.daylight.stop(), r.wasBusy(l))
	faults = append(faults, r.reconcile(changing, l))
	return errors.Join(faults...)
}

// wasCutShort returns an error when somebody interrupts the run, or Daylight has ended
// under it. It is waited for when something is wrong: clients see its end first.
func (r *run) wasCutShort(ctx context.Context, wrong bool) error {
	if ctx.Err() != nil {
		return &cutShort{errors.New("interrupted")}
	}
	wait := time.Duration(0)
	if wrong {
		wait = 3 * time.Second
	}
	select {
	case err := <-r.daylight.ended:
		r.daylight.ended <- err
		return &cutShort{errors.Join(because(err, "daylight has died in the middle of the run"), r.daylight.lastWords())}
	case <-time.After(wait):
		return nil
	}
}

// longEnough is how long a run must last so that all is done in each third of it.
const longEnough = 2 * time.Minute

// wasBusy tells what was not done to Daylight throughout the run.
func (r *run) wasBusy(l *load) error {
	if r.duration < longEnough {
		return nil
	}
	triggers, err := r.daylight.triggers()
	for _, trigger := range []string{"file", "page", "signal"} {
		if err == nil && triggers[trigger] == 0 {
			err = errors.Join(err, fmt.Errorf("no policy was taken over by this: %s", trigger))
		}
	}
	return errors.Join(err, r.activity.throughout(append(l.names(), policyTaken, policyRefused, policyChanged, eventsMoved)...))
}

const header = "    time  resident     heap  goroutines  descriptors   exchanges      p50      p99"

// watch prints a line for each window until the context ends, and returns the samples.
func (r *run) watch(ctx context.Context, l *load) ([]sample, error) {
	var samples []sample
	start, sent := time.Now(), 0
	for window := window(r.duration); ctx.Err() == nil; {
		s, err := r.daylight.lowest(window, ctx.Done())
		if err != nil {
			return samples, err
		}
		if ctx.Err() != nil && len(samples) > 0 { // a window that was cut short
			break
		}
		took, now := l.latencies(), r.ledger.count()
		s.p50, s.p99, s.exchanges = quantile(took, 0.5), quantile(took, 0.99), now-sent
		sent = now
		samples = append(samples, s)
		r.activity.endWindow()
		fmt.Fprintf(r.out, "%8s %5.0f MiB %4.1f MiB %11.0f %12.0f %11d %5.1f ms %5.1f ms\n", time.Since(start).Round(time.Second),
			s.resident, s.heap, s.goroutines, s.descriptors, s.exchanges, s.p50, s.p99)
	}
	return samples, nil
}

// lowest asks for metrics until the window ends, or done is closed, and returns
// the lowest of each.
func (d *daylight) lowest(window time.Duration, done <-chan struct{}) (sample, error) {
	s := sample{resident: math.Inf(1), heap: math.Inf(1), goroutines: math.Inf(1), descriptors: math.Inf(1)}
	end := time.NewTimer(window)
	defer end.Stop()
	for {
		m, err := d.metrics()
		if err != nil {
			return s, err
		}
		s.resident = min(s.resident, m["process_resident_memory_bytes"]/(1<<20))
		s.heap = min(s.heap, m["go_memstats_heap_alloc_bytes"]/(1<<20))
		s.goroutines = min(s.goroutines, m["go_goroutines"])
		s.descriptors = min(s.descriptors, m["process_open_fds"])
		select {
		case <-end.C:
			return s, nil
		case <-done:
			return s, nil
		case <-time.After(500 * time.Millisecond):
		}
	}
}

// rest waits until the process without clients and servers is as it was.
func (r *run) rest(before sample) error {
	for deadline := time.Now().Add(patience); ; {
		after, err := r.daylight.lowest(time.Second, nil)
		if err != nil {
			return err
		}
		if err = rested(before, after); err == nil || time.Now().After(deadline) {
			fmt.Fprintf(r.out, "at rest: %.0f goroutines (%.0f before the load), %.0f descriptors (%.0f)\n",
				after.goroutines, before.goroutines, after.descriptors, before.descriptors)
			return err
		}
	}
}

// dropped asks Daylight itself for events that it lost.
func (r *run) dropped() error {
	m, err := r.daylight.metrics()
	if err != nil {
		return err
	}
	for name, value := range m {
		if value > 0 && hasName(name, "daylight_events_dropped_total", "daylight_evaluation_failures_total") {
			err = errors.Join(err, fmt.Errorf("%s is %v", name, value))
		}
	}
	return err
}

// reconcile holds the events against what was sent, and prints the summary.
func (r *run) reconcile(changing *reloads, l *load) error {
	events, err := changing.events()
	if err != nil {
		return err
	}
	defer events.Close()
	total, err := r.ledger.reconcile(events)
	visits, missing := l.visits()
	fmt.Fprintf(r.out, "%d exchanges, %d events in %d files, %d policies taken, %d refused; clients:\n",
		r.ledger.count(), total, changing.rotation+1, changing.taken, changing.refused)
	for _, name := range slices.Sorted(maps.Keys(visits)) {
		fmt.Fprintf(r.out, "  %-26s %d\n", name, visits[name])
	}
	return errors.Join(err, missing)
}
