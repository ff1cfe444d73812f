// Command daylight-soak runs a real Daylight under mixed traffic, policy reloads and
// faulty servers for a bounded time, and fails when it grows or when an event is
// lost or doubled.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

const usage = `daylight-soak sends mixed traffic through a Daylight of its own, on loopback only, while
its policy is reloaded and servers fail. It prints what the process takes, one line each
ten seconds (five in a run of two minutes), and fails when that grows, when a client is
answered wrongly, or when an exchange left no event, or two. The first third of the run
is the warm-up. Behind it a trend is growth when it is certain (test of Mann and Kendall,
three standard deviations) and its rise (slope of Theil and Sen) is more than, of the
median, 10 % and 16 MiB of resident memory, 10 % and 5 MiB of the heap, 10 % and 10
goroutines or descriptors, 40 % and 30 ms of the median latency. At the end, with clients
and servers gone, goroutines and descriptors must be what they were at first. In a run of
two minutes or more each kind of client, fault and reload must be there in each third.

The last line on standard output says whether it passed. What it left stays in its folder
when it judged that something is wrong; interrupted, or with Daylight dead, nothing stays.

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
	flag.StringVar(&o.keep, "keep", "", "an empty folder for configuration, events and log, which stays; left out: a temporary one")
	flag.Usage = func() { fmt.Fprint(flag.CommandLine.Output(), usage); flag.PrintDefaults() }
	flag.Parse()
	if flag.NArg() > 0 || o.duration < 30*time.Second || o.rate <= 0 || o.rate > 10 {
		fmt.Fprintln(os.Stderr, "daylight-soak: wants -duration of 30s or more, -rate above 0 and at most 10, and no arguments")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := soak(ctx, os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "daylight-soak:", err)
		fmt.Println("soak FAILED")
		os.Exit(1)
	}
}

// soak runs the whole and returns what failed.
func soak(ctx context.Context, out io.Writer, o options) error {
	dir, err := folder(o.keep)
	if err != nil {
		return err
	}
	stays := o.keep != ""
	defer func() {
		if !stays {
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
	run := &run{daylight: d, internet: internet, out: out, options: o, ledger: newLedger(), activity: newActivity()}
	err = run.whole(ctx)
	if cut := (*cutShort)(nil); err != nil && !errors.As(err, &cut) {
		stays = true
		return fmt.Errorf("%w\nconfiguration, events and log are in %s", err, dir)
	}
	if err == nil {
		fmt.Fprintf(out, "soak passed: %v, %d exchanges with one event each, nothing grew\n", o.duration, run.ledger.count())
	}
	return err
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
