package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// sample is what each contender took in each round, in seconds.
type sample struct{ cpu, wall [][]float64 }

// compare runs work on each contender in turn, rounds times after a warm-up.
func compare(contenders []contender, rounds int, work func(int, contender) error) (sample, error) {
	s := sample{make([][]float64, len(contenders)), make([][]float64, len(contenders))}
	for round := range rounds + 1 {
		for i, c := range contenders {
			before, start := c.cpu(), time.Now()
			if err := work(i, c); err != nil {
				return s, fmt.Errorf("%s: %w", c.name, err)
			}
			took := time.Since(start).Seconds()
			time.Sleep(50 * time.Millisecond) // what it does afterwards is its cost too
			if round > 0 {
				s.wall[i] = append(s.wall[i], took)
				s.cpu[i] = append(s.cpu[i], (c.cpu() - before).Seconds())
			}
		}
	}
	return s, nil
}

// each maps all values.
func each(values [][]float64, change func(float64) float64) [][]float64 {
	out := make([][]float64, len(values))
	for i := range values {
		for _, v := range values[i] {
			out[i] = append(out[i], change(v))
		}
	}
	return out
}

func times(factor float64) func(float64) float64 {
	return func(v float64) float64 { return v * factor }
}
func per(n float64) func(float64) float64 { return func(v float64) float64 { return n / v } }

func median[T float64 | time.Duration](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// exchanges returns the measurement of small exchanges with one host.
func (w world) exchanges(host, metric, description string) func(context.Context, options) error {
	return func(ctx context.Context, o options) error {
		contenders, stop, err := w.start(ctx)
		if err != nil {
			return err
		}
		defer stop()
		fleets := make([]fleet, len(contenders))
		for i, c := range contenders {
			if fleets[i], err = c.openFleet(ctx, host); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			defer fleets[i].close()
		}
		s, err := compare(contenders, o.rounds, func(i int, c contender) error { return fleets[i].exchange(ctx, c.small(host), o.exchanges) })
		if err != nil {
			return err
		}
		n := float64(o.exchanges)
		t := w.table(fmt.Sprintf("CPU (user and system, of the proxy and its children) of one small exchange, µs (exchanges a second):\n"+
			"%d kept-alive intercepted HTTP/1.1 connections in a closed loop", fleetSize), contenders)
		t.row("exchange "+metric, description, each(s.cpu, times(1e6/n)), "%6.1f", each(s.wall, per(n)), "%6.0f")
		return nil
	}
}

func (w world) connections(ctx context.Context, o options) error {
	contenders, stop, err := w.start(ctx)
	if err != nil {
		return err
	}
	defer stop()
	t := w.table("CPU of one new intercepted connection with one exchange, µs (connections a second)", contenders)
	n := float64(o.exchanges / 10)
	s, err := compare(contenders, o.rounds, func(_ int, c contender) error { return c.reconnect(ctx, plainHost, o.exchanges/10) })
	if err != nil {
		return err
	}
	t.row("connection", "TCP, CONNECT, TLS, GET", each(s.cpu, times(1e6/n)), "%6.0f", each(s.wall, per(n)), "%6.0f")
	return nil
}

func (w world) uploads(ctx context.Context, o options) error {
	contenders, stop, err := w.start(ctx)
	if err != nil {
		return err
	}
	defer stop()
	const size = 256 << 20
	t := w.table("Upload of one body of 256 MiB, MB/s (CPU seconds a GiB)", contenders)
	for _, host := range []struct{ name, metric string }{{plainHost, "streamed"}, {observedHost, "observed"}, {heldHost, "held"}} {
		s, err := compare(contenders, min(o.rounds, 5), func(_ int, c contender) error { return c.upload(host.name, size) })
		if err != nil {
			return err
		}
		t.row("upload "+host.metric, host.metric, each(s.wall, per(size/1e6)), "%6.0f", each(s.cpu, times(float64(1<<30)/size)), "%4.1f")
	}
	return nil
}

func (w world) streams(ctx context.Context, o options) error {
	contenders, stop, err := w.start(ctx)
	if err != nil {
		return err
	}
	defer stop()
	t := w.table("Delay of a server-sent event, from the server's write to the client's read, p50 ms (p99 ms)", contenders)
	for _, host := range []struct{ name, metric, description string }{
		{observedHost, "observed", "observed request"}, {heldHost, "held", "held request"}} {
		all := make([][]time.Duration, len(contenders))
		for range min(o.rounds, 5) {
			for i, c := range contenders {
				results := make([][]time.Duration, 10)
				if err := parallel(ctx, len(results), func(n int) (err error) {
					results[n], err = c.lags(host.name, 50)
					return err
				}); err != nil {
					return fmt.Errorf("%s: %w", c.name, err)
				}
				all[i] = append(all[i], slices.Concat(results...)...)
			}
		}
		t.quantiles("stream "+host.metric, host.description, all)
	}
	return nil
}

func (w world) messages(ctx context.Context, o options) error {
	w.squidPath = "" // it carries WebSockets only where it is told to
	contenders, stop, err := w.start(ctx)
	if err != nil {
		return err
	}
	defer stop()
	t := w.table("There and back of a small WebSocket message through an echo server, p50 ms (p99 ms)", contenders)
	for _, host := range []struct{ name, metric, description string }{{plainHost, "plain", "not AI"}, {heldHost, "held", "held"}} {
		all := make([][]time.Duration, len(contenders))
		for range o.rounds {
			for i, c := range contenders {
				took, err := c.echoes(host.name, o.exchanges/4)
				if err != nil {
					return fmt.Errorf("%s: %w", c.name, err)
				}
				all[i] = append(all[i], took...)
			}
		}
		t.quantiles("message "+host.metric, host.description, all)
	}
	return nil
}

func (w world) peaks(ctx context.Context, _ options) error {
	fmt.Printf("\nHighest resident memory of a fresh process through one upload of 256 MiB, MiB\n")
	for _, host := range []struct{ name, metric string }{{observedHost, "observed"}, {heldHost, "held"}} {
		d, err := w.daylight(ctx)
		if err != nil {
			return err
		}
		err = d.upload(host.name, 256<<20)
		time.Sleep(time.Second)
		peak := d.memory("VmHWM")
		d.stop()
		if err != nil {
			return err
		}
		w.results.note("peak "+host.metric, nameDaylight, peak)
		fmt.Printf("  %-26s daylight %.0f\n", host.metric, peak)
	}
	return nil
}
