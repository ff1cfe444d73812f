package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// world is what all measurements share.
type world struct {
	dir, server string
	serverRoots *x509.CertPool
}

const policy = `version: 1
approvals:
  - {service: openai-api, status: tolerated, owner: bench@corp.example, assessment: RA-1}
rules:
  - name: hold-openai
    match: {service: [openai-api], data: {class: personal, people: ">=10"}}
    action: block
`

// contender is a running proxy and the client that goes through it.
type contender struct {
	*process
	client
	name string
}

// bareProxy starts the yardstick.
func (w world) bareProxy(ctx context.Context) (contender, error) {
	if err := os.WriteFile(filepath.Join(w.dir, "server-address"), []byte(w.server), 0o600); err != nil {
		return contender{}, fmt.Errorf("writing the server's address: %w", err)
	}
	p, err := startSelf(ctx, w.dir, "bare")
	if err != nil {
		return contender{}, err
	}
	roots, err := readRoots(filepath.Join(w.dir, "bare-ca.pem"))
	return contender{p, client{p.address, roots}, "bare"}, err
}

// daylight starts the real binary with events, metrics and a policy.
func (w world) daylight(ctx context.Context) (contender, error) {
	data, err := os.MkdirTemp(w.dir, "data-")
	if err != nil {
		return contender{}, fmt.Errorf("making a folder: %w", err)
	}
	if err := os.WriteFile(filepath.Join(w.dir, "policy.yaml"), []byte(policy), 0o600); err != nil {
		return contender{}, fmt.Errorf("writing the policy: %w", err)
	}
	address, err := freeAddress()
	if err != nil {
		return contender{}, err
	}
	admin, err := freeAddress()
	if err != nil {
		return contender{}, err
	}
	config := fmt.Sprintf("proxy: {listen: [%q]}\nadmin: {listen: %q}\ndata_dir: %s\npolicy: [policy.yaml]\nmode: enforce\n"+
		"events: [{type: file, path: %s}]\nupstream:\n  ca_file: server-ca.pem\n  hosts: {%q: %q, %q: %q, %q: %q}\n",
		address, admin, data, filepath.Join(data, "events.jsonl"),
		plainHost+":443", w.server, observedHost+":443", w.server, heldHost+":443", w.server)
	file := filepath.Join(w.dir, "daylight.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		return contender{}, fmt.Errorf("writing the configuration: %w", err)
	}
	cmd := exec.CommandContext(ctx, filepath.Join(w.dir, "daylight"), "run", "--config", file)
	log, err := os.Create(filepath.Join(data, "log"))
	if err != nil {
		return contender{}, fmt.Errorf("making a log: %w", err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return contender{}, fmt.Errorf("starting daylight: %w", err)
	}
	p := &process{cmd: cmd, address: address}
	if err := waitReady(ctx, admin); err != nil {
		text, _ := os.ReadFile(log.Name())
		p.stop()
		return contender{}, fmt.Errorf("%w; its log:\n%s", err, text)
	}
	roots, err := readRoots(filepath.Join(data, "ca.pem"))
	return contender{p, client{p.address, roots}, "daylight"}, err
}

// both starts the two contenders.
func (w world) both(ctx context.Context) ([]contender, func(), error) {
	yardstick, err := w.bareProxy(ctx)
	if err != nil {
		return nil, nil, err
	}
	d, err := w.daylight(ctx)
	if err != nil {
		yardstick.stop()
		return nil, nil, err
	}
	return []contender{yardstick, d}, func() { yardstick.stop(); d.stop() }, nil
}

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
	contenders, stop, err := w.both(ctx)
	if err != nil {
		return err
	}
	defer stop()
	fmt.Printf("\nCPU of one small exchange on kept-alive intercepted connections, µs (exchanges a second)\n")
	for _, host := range []struct{ name, description string }{
		{plainHost, "a page (nothing to read)"}, {observedHost, "a prompt, observed"}, {heldHost, "a prompt, held"}} {
		cpu, wall, err := compare(contenders, o.rounds, func(c contender) error { return c.keepAlive(ctx, host.name, o.exchanges) })
		if err != nil {
			return err
		}
		n := float64(o.exchanges)
		fmt.Printf("  %-26s bare %6.1f (%6.0f/s)   daylight %6.1f (%6.0f/s)   ratio %.2f\n",
			host.description, cpu[0]/n*1e6, n/wall[0], cpu[1]/n*1e6, n/wall[1], cpu[1]/cpu[0])
	}
	return nil
}

func (w world) connections(ctx context.Context, o options) error {
	contenders, stop, err := w.both(ctx)
	if err != nil {
		return err
	}
	defer stop()
	n := o.exchanges / 10
	cpu, wall, err := compare(contenders, o.rounds, func(c contender) error { return c.reconnect(ctx, plainHost, n) })
	if err != nil {
		return err
	}
	fmt.Printf("\nCPU of one new intercepted connection with one exchange, µs (connections a second)\n")
	fmt.Printf("  %-26s bare %6.0f (%6.0f/s)   daylight %6.0f (%6.0f/s)   ratio %.2f\n", "TCP, CONNECT, TLS, GET",
		cpu[0]/float64(n)*1e6, float64(n)/wall[0], cpu[1]/float64(n)*1e6, float64(n)/wall[1], cpu[1]/cpu[0])
	return nil
}

func (w world) idle(ctx context.Context, _ options) error {
	fmt.Printf("\nMemory with idle intercepted connections, MiB resident (KiB each)\n")
	for _, n := range []int{1000, 5000} {
		var resident, each []float64
		for _, start := range []func(context.Context) (contender, error){w.bareProxy, w.daylight} {
			c, err := start(ctx)
			if err != nil {
				return err
			}
			empty := c.memory("VmRSS")
			full, err := holdIdle(ctx, c, n)
			c.stop()
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			resident, each = append(resident, full), append(each, (full-empty)*1024/float64(n))
		}
		fmt.Printf("  %5d %-20s bare %6.0f (%3.0f)   daylight %6.0f (%3.0f)   ratio %.2f\n", n, "connections", resident[0], each[0], resident[1], each[1], each[1]/each[0])
	}
	return nil
}

// holdIdle opens n connections with one exchange each, waits, proves that all
// still live and returns the resident memory.
func holdIdle(ctx context.Context, c contender, n int) (float64, error) {
	connections := make([]*connection, n)
	defer func() {
		for _, conn := range connections {
			if conn != nil {
				conn.Close()
			}
		}
	}()
	use := func(worker int) error {
		for i := worker; i < n; i += 32 {
			if connections[i] == nil {
				conn, err := c.open(plainHost)
				if err != nil {
					return err
				}
				connections[i] = conn
			}
			if err := connections[i].exchange(small(plainHost)); err != nil {
				return err
			}
		}
		return nil
	}
	if err := parallel(ctx, 32, use); err != nil {
		return 0, err
	}
	time.Sleep(4 * time.Second)
	resident := c.memory("VmRSS")
	return resident, parallel(ctx, 32, use)
}

func (w world) uploads(ctx context.Context, o options) error {
	contenders, stop, err := w.both(ctx)
	if err != nil {
		return err
	}
	defer stop()
	const size = 200 << 20
	fmt.Printf("\nUpload of one body of 200 MiB, MB/s (CPU seconds a GiB)\n")
	for _, host := range []struct{ name, description string }{{plainHost, "streamed"}, {observedHost, "observed"}, {heldHost, "held"}} {
		cpu, wall, err := compare(contenders, o.rounds, func(c contender) error { return c.upload(host.name, size) })
		if err != nil {
			return err
		}
		gib := float64(size) / (1 << 30)
		fmt.Printf("  %-26s bare %6.0f (%4.1f)   daylight %6.0f (%4.1f)   ratio of speed %.2f\n",
			host.description, size/wall[0]/1e6, cpu[0]/gib, size/wall[1]/1e6, cpu[1]/gib, wall[0]/wall[1])
	}
	return nil
}

func (w world) streams(ctx context.Context, o options) error {
	contenders, stop, err := w.both(ctx)
	if err != nil {
		return err
	}
	defer stop()
	fmt.Printf("\nDelay of a server-sent event, from the server's write to the client's read, ms\n")
	for _, host := range []struct{ name, description string }{{observedHost, "observed request"}, {heldHost, "held request"}} {
		p50, p99 := make([]time.Duration, 2), make([]time.Duration, 2)
		for i, c := range contenders {
			var all []time.Duration
			for range o.rounds {
				results := make([][]time.Duration, 10)
				if err := parallel(ctx, len(results), func(n int) (err error) {
					results[n], err = c.lags(host.name, 50)
					return err
				}); err != nil {
					return err
				}
				all = append(all, slices.Concat(results...)...)
			}
			slices.Sort(all)
			p50[i], p99[i] = all[len(all)/2], all[len(all)*99/100]
		}
		ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
		fmt.Printf("  %-26s bare p50 %.2f p99 %.2f   daylight p50 %.2f p99 %.2f   added p50 %+.2f p99 %+.2f\n", host.description,
			ms(p50[0]), ms(p99[0]), ms(p50[1]), ms(p99[1]), ms(p50[1]-p50[0]), ms(p99[1]-p99[0]))
	}
	return nil
}

func (w world) observedMemory(ctx context.Context, _ options) error {
	fmt.Printf("\nHighest resident memory of a fresh process through one upload of 256 MiB, MiB\n")
	for _, host := range []struct{ name, description string }{{observedHost, "observed"}, {heldHost, "held"}} {
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
		fmt.Printf("  %-26s daylight %.0f\n", host.description, peak)
	}
	return nil
}
