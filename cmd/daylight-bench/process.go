package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a child that is measured from outside.
type process struct {
	cmd     *exec.Cmd
	address string // host:port where it listens
	cleanup func() // after its end; may be nil
}

// startSelf runs this binary in another role; the child prints its address.
func startSelf(ctx context.Context, dir, role string, more ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this binary: %w", err)
	}
	return start(exec.CommandContext(ctx, self, append([]string{"-role", role, "-dir", dir}, more...)...))
}

// start runs a command and waits for the line "listening host:port" on its output.
func start(cmd *exec.Cmd) (*process, error) {
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", cmd.Path, err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", cmd.Path, err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening ")
	if err != nil || !ok {
		_ = cmd.Process.Kill()
		return nil, fmt.Errorf("starting %s: it printed %q: %v", cmd.Path, line, err)
	}
	return &process{cmd: cmd, address: address}, nil
}

func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	done := make(chan struct{})
	go func() { _ = p.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		_ = p.cmd.Process.Kill()
		<-done
	}
	if p.cleanup != nil {
		p.cleanup()
	}
}

// cpu returns the time that the threads of the process and of its children have
// run. Linux counts it in nanoseconds for each thread, in hundredths of a second
// for the process.
func (p *process) cpu() time.Duration {
	total := threadTime(p.cmd.Process.Pid)
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", p.cmd.Process.Pid))
	for _, child := range strings.Fields(string(children)) {
		pid, _ := strconv.Atoi(child)
		total += threadTime(pid)
	}
	return total
}

func threadTime(pid int) (total time.Duration) {
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	for _, file := range files {
		data, _ := os.ReadFile(file)
		running, _, _ := bytes.Cut(data, []byte(" "))
		ns, _ := strconv.ParseInt(string(running), 10, 64)
		total += time.Duration(ns)
	}
	return total
}

// memory returns a field of /proc/PID/status, such as VmHWM or VmRSS, in MiB.
func (p *process) memory(field string) float64 {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib / 1024
		}
	}
	return 0
}

func readRoots(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading roots: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("reading roots: %s holds no certificate", file)
	}
	return pool, nil
}
