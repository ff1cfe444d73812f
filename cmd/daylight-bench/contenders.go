package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// world is what all measurements share.
type world struct {
	dir, server string
	serverRoots *x509.CertPool
	squidPath   string // "" when squid is not installed
	against     string // another daylight binary; "" for none
	profile     string // folder for profiles; "" for none
	results     results
}

// The names of the contenders, in the order of the columns.
const (
	nameBare     = "bare"
	nameSquid    = "squid"
	nameBefore   = "before"
	nameDaylight = "daylight"
)

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
	name  string
	admin string // host:port of Daylight's admin listener
	data  string // the folder of its data
}

// starters returns what starts each contender, Daylight last.
func (w world) starters() []func(context.Context) (contender, error) {
	out := []func(context.Context) (contender, error){w.bareProxy}
	if w.squidPath != "" {
		out = append(out, w.squid)
	}
	if w.against != "" {
		out = append(out, func(ctx context.Context) (contender, error) { return w.daylightOf(ctx, w.against, nameBefore) })
	}
	return append(out, w.daylight)
}

// start starts every contender.
func (w world) start(ctx context.Context) (contenders []contender, stop func(), err error) {
	stop = func() {
		for _, c := range contenders {
			c.stop()
		}
	}
	for _, begin := range w.starters() {
		c, err := begin(ctx)
		if err != nil {
			stop()
			return nil, nil, err
		}
		contenders = append(contenders, c)
	}
	return contenders, stop, nil
}

// bareProxy starts the yardstick.
func (w world) bareProxy(ctx context.Context) (contender, error) {
	if err := os.WriteFile(filepath.Join(w.dir, "server-address"), []byte(w.server), 0o600); err != nil {
		return contender{}, fmt.Errorf("writing the server's address: %w", err)
	}
	profile, err := w.newProfile(nameBare)
	if err != nil {
		return contender{}, err
	}
	p, err := startSelf(ctx, w.dir, "bare", "-profile", profile)
	if err != nil {
		return contender{}, err
	}
	roots, err := readRoots(filepath.Join(w.dir, "bare-ca.pem"))
	return contender{process: p, client: client{proxy: p.address, roots: roots, port: "443"}, name: nameBare}, err
}

// daylight starts the real binary.
func (w world) daylight(ctx context.Context) (contender, error) {
	return w.daylightOf(ctx, filepath.Join(w.dir, "daylight"), nameDaylight)
}

// daylightOf starts a binary of Daylight with events, metrics and a policy.
func (w world) daylightOf(ctx context.Context, binary, name string) (contender, error) {
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
		"tls: {bypass: [%q]}\nevents: [{type: file, path: %s}]\nupstream:\n  ca_file: server-ca.pem\n  hosts:\n",
		address, admin, data, closedHost, filepath.Join(data, "events.jsonl"))
	for _, host := range []string{plainHost, observedHost, heldHost, closedHost} {
		config += fmt.Sprintf("    %q: %q\n", host+":443", w.server)
	}
	file := filepath.Join(w.dir, name+".yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		return contender{}, fmt.Errorf("writing the configuration: %w", err)
	}
	profile, err := w.newProfile(name)
	if err != nil {
		return contender{}, err
	}
	args := []string{"run", "--config", file}
	if profile != "" {
		args = append(args, "--cpu-profile", profile)
	}
	p, err := runDaylight(exec.CommandContext(ctx, binary, args...), data, address, admin)
	if err != nil {
		return contender{}, err
	}
	roots, err := readRoots(filepath.Join(data, "ca.pem"))
	return contender{process: p, client: client{proxy: p.address, roots: roots, port: "443"}, name: name, admin: admin, data: data}, err
}

func runDaylight(cmd *exec.Cmd, data, address, admin string) (*process, error) {
	log, err := os.Create(filepath.Join(data, "log"))
	if err != nil {
		return nil, fmt.Errorf("making a log: %w", err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting daylight: %w", err)
	}
	p := &process{cmd: cmd, address: address}
	if err := waitReady(admin); err != nil {
		text, _ := os.ReadFile(log.Name())
		p.stop()
		return nil, fmt.Errorf("%w; its log:\n%s", err, text)
	}
	return p, nil
}

// newProfile returns a new file for a profile of a contender; "" when none is wanted.
func (w world) newProfile(contender string) (string, error) {
	if w.profile == "" {
		return "", nil
	}
	file, err := os.CreateTemp(w.profile, contender+"-*.pprof")
	if err != nil {
		return "", fmt.Errorf("making a file for a profile: %w", err)
	}
	return file.Name(), file.Close()
}
