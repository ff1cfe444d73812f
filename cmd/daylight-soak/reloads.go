package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
)

// reloads changes the policy all the time, and rotates the events.
type reloads struct {
	daylight                 *daylight
	activity                 *activity
	taken, refused, rotation int
}

// What reloads do.
const (
	policyTaken   = "a policy that is taken"
	policyRefused = "a policy that is refused"
	policyChanged = "a policy that changes on disk"
	eventsMoved   = "a rotation of the events"
)

// keep works until the context ends, or something is wrong.
func (r *reloads) keep(ctx context.Context) error {
	for n := 0; pause(ctx, 1); n++ {
		var err error
		switch n % 5 {
		case 0:
			err = r.reload(policies.logging, http.StatusOK)
		case 1:
			err = r.reload(policies.broken, http.StatusInternalServerError)
		case 2:
			err = r.reload(policies.blocking, http.StatusOK)
		case 3:
			err = r.change(ctx)
		case 4:
			err = r.rotate()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// reload puts a policy in place and asks for it to be taken.
func (r *reloads) reload(policy string, want int) error {
	if err := r.daylight.write("policy.yaml", policy); err != nil {
		return err
	}
	response, err := r.daylight.client.Post("http://"+r.daylight.admin+"/-/reload", "", nil)
	if err != nil {
		return fmt.Errorf("reloading: %w", err)
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(response.Body, 1000))
	if response.StatusCode != want {
		return fmt.Errorf("reloading: status %d, want %d: %s", response.StatusCode, want, text)
	}
	if want == http.StatusOK {
		r.taken++
		r.activity.note(policyTaken)
	} else {
		r.refused++
		r.activity.note(policyRefused)
	}
	return nil
}

// change leaves a policy to the watch, which looks twice before it takes it.
func (r *reloads) change(ctx context.Context) error {
	if err := r.daylight.write("policy.yaml", policies.logging); err != nil {
		return err
	}
	r.activity.note(policyChanged)
	for range 5 {
		pause(ctx, 1)
	}
	return nil
}

// rotate moves the events away, as logrotate does, and signals.
func (r *reloads) rotate() error {
	file := filepath.Join(r.daylight.dir, "events.jsonl")
	r.rotation++
	if err := os.Rename(file, fmt.Sprintf("%s.%06d", file, r.rotation)); err != nil {
		return fmt.Errorf("rotating: %w", err)
	}
	if err := r.daylight.command.Process.Signal(syscall.SIGHUP); err != nil {
		return fmt.Errorf("rotating: %w", err)
	}
	r.activity.note(eventsMoved)
	return nil
}

// events opens the record, all of its files one after the other.
func (r *reloads) events() (io.ReadCloser, error) {
	files, err := filepath.Glob(filepath.Join(r.daylight.dir, "events.jsonl*"))
	if err != nil {
		return nil, fmt.Errorf("finding events: %w", err)
	}
	var readers []io.Reader
	var all joined
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			_ = all.Close()
			return nil, fmt.Errorf("opening events: %w", err)
		}
		readers, all.files = append(readers, f), append(all.files, f)
	}
	all.Reader = io.MultiReader(readers...)
	return &all, nil
}

// joined is some files that are read as one.
type joined struct {
	io.Reader
	files []*os.File
}

func (j *joined) Close() error {
	for _, f := range j.files {
		_ = f.Close()
	}
	return nil
}
