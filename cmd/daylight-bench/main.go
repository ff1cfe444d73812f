// Command daylight-bench measures Daylight beside its yardsticks in the same run: a bare
// goproxy integration without inspection, and squid with ssl-bump where it is
// installed. Each figure is the median of interleaved rounds, and the ratio is
// what counts. Every process is separate,
// so that the CPU and memory of a proxy are its own.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	role := flag.String("role", "", "internal: server, bare or crowd")
	dir := flag.String("dir", "", "internal: the folder that the processes share")
	proxy := flag.String("proxy", "", "internal: where the crowd goes")
	data := flag.String("data", "", "internal: the folder of the data of that proxy")
	rounds := flag.Int("rounds", 15, "interleaved rounds of each measurement")
	exchanges := flag.Int("exchanges", 2048, "exchanges of one round")
	only := flag.String("only", "", "some measurements: scan, hostile, decide, page, observed, held, connection, idle, crowd, upload, stream, message, memory")
	profile := flag.String("profile", "", "a folder for CPU profiles, one of each proxy that is started (not of squid)")
	against := flag.String("against", "", "another daylight binary, measured in the same rounds as before")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	switch *role {
	case "server":
		err = serve(*dir)
	case "bare":
		err = bare(*dir, *profile)
	case "crowd":
		err = crowdOut(ctx, *dir, *proxy, *data)
	default:
		err = bench(ctx, options{rounds: *rounds, exchanges: *exchanges, only: *only, profile: *profile, against: *against})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "daylight-bench:", err)
		os.Exit(1)
	}
}

type options struct {
	rounds, exchanges int
	only, profile     string
	against           string
}

// bench builds Daylight, starts the server and prints every table.
func bench(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "daylight-bench-")
	if err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	build := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(dir, "daylight"), "daylight.internal/cmd/daylight")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building daylight: %w\n%s", err, out)
	}
	server, err := startSelf(ctx, dir, "server")
	if err != nil {
		return err
	}
	defer server.stop()
	w := world{dir: dir, server: server.address, profile: o.profile, against: o.against, results: results{}}
	if w.serverRoots, err = readRoots(filepath.Join(dir, "server-ca.pem")); err != nil {
		return err
	}
	fmt.Printf("daylight, a bare goproxy integration and squid on one machine, %d interleaved rounds, medians\n", o.rounds)
	if w.squidPath, _, err = findSquid(); err != nil {
		fmt.Printf("squid: %v\n", err)
	}
	for _, m := range []struct {
		name string
		run  func(context.Context, options) error
	}{
		{"scan", w.scanning}, {"hostile", w.hostileList}, {"decide", w.decide},
		{"page", w.exchanges(plainHost, "page", "a page (nothing to read)")},
		{"observed", w.exchanges(observedHost, "observed", "a prompt, observed")},
		{"held", w.exchanges(heldHost, "held", "a prompt, held")},
		{"connection", w.connections}, {"idle", w.idle}, {"crowd", w.crowded},
		{"upload", w.uploads}, {"stream", w.streams}, {"message", w.messages}, {"memory", w.peaks},
	} {
		if o.only != "" && !slices.Contains(strings.Split(o.only, ","), m.name) {
			continue
		}
		start := time.Now()
		if err := m.run(ctx, o); err != nil {
			return fmt.Errorf("measuring %s: %w", m.name, err)
		}
		fmt.Printf("(%s)\n", time.Since(start).Round(time.Second))
	}
	w.results.printBars()
	return nil
}
