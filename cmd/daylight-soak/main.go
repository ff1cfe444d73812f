// Command daylight-soak runs a real Daylight under mixed traffic, policy reloads and
// faulty servers for a bounded time, and fails when it grows or when an event is
// lost or doubled.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"
)

const usage = `daylight-soak sends mixed traffic through a Daylight of its own, on loopback only, while
its policy is reloaded and servers fail. It prints what the process takes, one line each
ten seconds, and fails when that grows, when a client is answered wrongly, or when an
exchange left no event, or two. What grows is told by the medians of the last third of
the windows and of the middle one: memory by 15 % and 16 MiB (the heap by 8), goroutines
and descriptors by 15 % and 25, the median latency by 40 % and 30 ms. At the end, with
clients and servers gone, goroutines and descriptors must be what they were at first.

  daylight-soak -duration 2m
  daylight-soak -binary ./daylight -keep /tmp/soak

Exit codes: 0 fine, 1 it failed, 2 wrong usage.

`

type options struct {
	duration     time.Duration
	rate         float64 // times the usual traffic
	binary, keep string  // "" for a fresh build, and for a folder that goes away
}

func main() {
	var o options
	flag.DurationVar(&o.duration, "duration", 10*time.Minute, "how long traffic lasts, 30s or more")
	flag.Float64Var(&o.rate, "rate", 1, "times the usual traffic of some 350 exchanges a second")
	flag.StringVar(&o.binary, "binary", "", "the daylight to run; left out: it is built")
	flag.StringVar(&o.keep, "keep", "", "an empty folder for configuration, events and log, which stays; left out: one that stays when the run failed")
	flag.Usage = func() { fmt.Fprint(flag.CommandLine.Output(), usage); flag.PrintDefaults() }
	flag.Parse()
	if flag.NArg() > 0 || o.duration < 30*time.Second || o.rate <= 0 || o.rate > 10 {
		fmt.Fprintln(os.Stderr, "daylight-soak: wants -duration of 30s or more, -rate above 0 and at most 10, and no arguments")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := soak(ctx, os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "daylight-soak:", err)
		os.Exit(1)
	}
}

// soak runs the whole and returns what failed.
func soak(ctx context.Context, out io.Writer, o options) error {
	dir, err := folder(o.keep)
	if err != nil {
		return err
	}
	passed := false
	defer func() {
		if passed && o.keep == "" {
			os.RemoveAll(dir)
		}
	}()
	if o.binary == "" {
		o.binary = filepath.Join(dir, "daylight")
		if text, err := exec.CommandContext(ctx, "go", "build", "-o", o.binary, "daylight.internal/cmd/daylight").CombinedOutput(); err != nil {
			return fmt.Errorf("building daylight: %w\n%s", err, text)
		}
	}
	internet, err := newInternet(dir)
	if err != nil {
		return err
	}
	defer internet.close()
	d, err := startDaylight(dir, o.binary, internet.hosts)
	if err != nil {
		return err
	}
	defer d.kill()
	run := &run{daylight: d, internet: internet, out: out, options: o, ledger: newLedger()}
	if err := run.whole(ctx); err != nil {
		return fmt.Errorf("%w\nconfiguration, events and log are in %s", err, dir)
	}
	passed = true
	return nil
}

// folder returns an empty folder: that one, or a new temporary one for "".
func folder(keep string) (string, error) {
	if keep == "" {
		dir, err := os.MkdirTemp("", "daylight-soak-")
		if err != nil {
			return "", fmt.Errorf("making a folder: %w", err)
		}
		return dir, nil
	}
	if err := os.MkdirAll(keep, 0o700); err != nil {
		return "", fmt.Errorf("making a folder: %w", err)
	}
	if entries, err := os.ReadDir(keep); err != nil || len(entries) > 0 {
		return "", fmt.Errorf("keeping files in %s: it is not an empty folder", keep)
	}
	return filepath.Abs(keep)
}
