package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// daylight is the process that is watched.
type daylight struct {
	dir, proxy, admin string // folder; host:port of both listeners
	command           *exec.Cmd
	ended             chan error
	client            *http.Client
}

// startDaylight writes a configuration into dir and runs the binary until it is ready.
func startDaylight(dir, binary string, hosts map[string]string) (*daylight, error) {
	d := &daylight{dir: dir, ended: make(chan error, 1), client: &http.Client{Timeout: patience}}
	var err error
	if d.proxy, err = freeAddress(); err != nil {
		return nil, err
	}
	if d.admin, err = freeAddress(); err != nil {
		return nil, err
	}
	if err := d.write("policy.yaml", policies.blocking); err != nil {
		return nil, err
	}
	if err := d.write("daylight.yaml", configuration(d.proxy, d.admin, hosts)); err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, fmt.Errorf("making the log: %w", err)
	}
	defer log.Close() // the child has it
	d.command = exec.Command(binary, "run", "--config", filepath.Join(dir, "daylight.yaml"), "--log-format", "json")
	d.command.Stdout, d.command.Stderr = log, log
	if err := d.command.Start(); err != nil {
		return nil, fmt.Errorf("starting daylight: %w", err)
	}
	go func() { d.ended <- d.command.Wait() }()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if response, err := d.client.Get("http://" + d.admin + "/readyz"); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return d, nil
			}
		}
	}
	d.kill()
	return nil, errors.Join(errors.New("daylight does not become ready"), d.lastWords())
}

// write puts a file of that name in place at once.
func (d *daylight) write(name, text string) error {
	file := filepath.Join(d.dir, name)
	if err := os.WriteFile(file+".new", []byte(text), 0o600); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if err := os.Rename(file+".new", file); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

// stop asks the process to drain, and tells whether it ended well and never panicked.
func (d *daylight) stop() error {
	if err := d.command.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("ending daylight: %w", err)
	}
	select {
	case err := <-d.ended:
		d.ended <- err
		if err != nil {
			return errors.Join(fmt.Errorf("daylight ended badly: %w", err), d.lastWords())
		}
		return d.panicked()
	case <-time.After(patience):
		return errors.New("daylight does not end after SIGTERM")
	}
}

func (d *daylight) kill() {
	_ = d.command.Process.Kill()
	select {
	case err := <-d.ended:
		d.ended <- err
	case <-time.After(patience):
	}
}

// lastWords returns what the log says of its end as an error: from a crash on, or its last lines.
func (d *daylight) lastWords() error {
	text, err := os.ReadFile(filepath.Join(d.dir, "log"))
	if err != nil {
		return fmt.Errorf("reading the log: %w", err)
	}
	for _, crash := range []string{"\npanic: ", "\nfatal error: ", "\nWARNING: DATA RACE"} {
		if at := bytes.Index(text, []byte(crash)); at >= 0 {
			text = text[at+1:]
			return fmt.Errorf("its log, from its crash on:\n%s", text[:min(len(text), 4000)])
		}
	}
	return fmt.Errorf("the end of its log:\n%s", text[max(0, len(text)-2000):])
}

// triggers counts in the log what made Daylight take a policy over.
func (d *daylight) triggers() (map[string]int, error) {
	text, err := os.ReadFile(filepath.Join(d.dir, "log"))
	if err != nil {
		return nil, fmt.Errorf("reading the log: %w", err)
	}
	counts := map[string]int{}
	for line := range bytes.Lines(text) {
		var entry struct{ Msg, Trigger string }
		if json.Unmarshal(line, &entry) == nil && entry.Msg == "reloaded" {
			counts[entry.Trigger]++
		}
	}
	return counts, nil
}

// panicked returns an error with the lines of the log that tell of panics, which
// cost an exchange each, and are faults of ours.
func (d *daylight) panicked() error {
	text, err := os.ReadFile(filepath.Join(d.dir, "log"))
	if err != nil {
		return fmt.Errorf("reading the log: %w", err)
	}
	var lines []error
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, "panic") {
			lines = append(lines, fmt.Errorf("the log tells of a panic: %.500s", line))
		}
	}
	return errors.Join(some(lines)...)
}

// metrics returns the value of each series by its name with labels.
func (d *daylight) metrics() (map[string]float64, error) {
	response, err := d.client.Get("http://" + d.admin + "/metrics")
	if err != nil {
		return nil, fmt.Errorf("asking for metrics: %w", err)
	}
	defer response.Body.Close()
	out := map[string]float64{}
	lines := bufio.NewScanner(io.LimitReader(response.Body, 16<<20))
	for lines.Scan() {
		line := lines.Text()
		at := strings.LastIndexByte(line, ' ')
		if strings.HasPrefix(line, "#") || at < 0 {
			continue
		}
		if number, err := strconv.ParseFloat(line[at+1:], 64); err == nil {
			out[line[:at]] = number
		}
	}
	if response.StatusCode != http.StatusOK || lines.Err() != nil {
		return nil, because(lines.Err(), "asking for metrics: status %d", response.StatusCode)
	}
	return out, nil
}

// freeAddress returns a loopback address on which nobody listens. Linux gives ports
// from 32768 on to connections: below it nobody takes the port meanwhile.
func freeAddress() (string, error) {
	for range 100 {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(10000)))
		if err == nil {
			return listener.Addr().String(), listener.Close()
		}
	}
	return "", errors.New("no port is free")
}

// hasName tells whether a series is of one of the metrics.
func hasName(series string, names ...string) bool {
	name, _, _ := strings.Cut(series, "{")
	return slices.Contains(names, name)
}
