package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// compare runs work on each contender in turn, rounds times, and returns the
// median CPU seconds and wall seconds of each.
func compare(contenders []contender, rounds int, work func(contender) error) (cpu, wall []float64, err error) {
	cpus, walls := make([][]float64, len(contenders)), make([][]float64, len(contenders))
	for round := range rounds + 1 { // the first is a warm-up
		for i, c := range contenders {
			before, start := c.cpu(), time.Now()
			if err := work(c); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", c.name, err)
			}
			if round > 0 {
				walls[i] = append(walls[i], time.Since(start).Seconds())
				time.Sleep(50 * time.Millisecond) // what it does afterwards is its cost too
				cpus[i] = append(cpus[i], (c.cpu() - before).Seconds())
			}
		}
	}
	for i := range contenders {
		cpu, wall = append(cpu, median(cpus[i])), append(wall, median(walls[i]))
	}
	return cpu, wall, nil
}

func median[T float64 | time.Duration](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

func (w world) exchanges(ctx context.Context, o options) error {
	contenders, stop, err := w.start(ctx)
	if err != nil {
		return err
	}
	defer stop()
	t := w.table("CPU of one small exchange on kept-alive intercepted connections, µs (exchanges a second)", contenders)
	n := float64(o.exchanges)
	for _, host := range []struct{ name, metric, description string }{
		{plainHost, "page", "a page (nothing to read)"}, {observedHost, "observed", "a prompt, observed"}, {heldHost, "held", "a prompt, held"}} {
		cpu, wall, err := compare(contenders, o.rounds, func(c contender) error { return c.keepAlive(ctx, host.name, o.exchanges) })
		if err != nil {
			return err
		}
		t.row("exchange "+host.metric, host.description, scale(cpu, 1e6/n), "%6.1f", rates(wall, n))
	}
	return nil
}

func (w world) connections(ctx context.Context, o options) error {
	contenders, stop, err := w.start(ctx)
	if err != nil {
		return err
	}
	defer stop()
	t := w.table("CPU of one new intercepted connection with one exchange, µs (connections a second)", contenders)
	n := o.exchanges / 10
	cpu, wall, err := compare(contenders, o.rounds, func(c contender) error { return c.reconnect(ctx, plainHost, n) })
	if err != nil {
		return err
	}
	t.row("connection", "TCP, CONNECT, TLS, GET", scale(cpu, 1e6/float64(n)), "%6.0f", rates(wall, float64(n)))
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
		cpu, wall, err := compare(contenders, o.rounds, func(c contender) error { return c.upload(host.name, size) })
		if err != nil {
			return err
		}
		speeds := make([]float64, len(wall))
		for i := range wall {
			speeds[i] = size / wall[i] / 1e6
		}
		t.row("upload "+host.metric, host.metric, speeds, "%6.0f", scale(cpu, float64(1<<30)/size), "%4.1f")
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
		for range o.rounds {
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
				took, err := c.echoes(host.name, o.exchanges/10)
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

func scale(values []float64, by float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v * by
	}
	return out
}

func rates(seconds []float64, n float64) []float64 {
	out := make([]float64, len(seconds))
	for i, s := range seconds {
		out[i] = n / s
	}
	return out
}
