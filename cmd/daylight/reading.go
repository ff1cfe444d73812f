package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"time"

	"daylight.internal/rules/policyfile"
)

// reading is the configuration and the text of its policy, as they stood on the
// disk at one moment.
type reading struct {
	config *configuration    // the former one, when err is about the new one
	files  []policyfile.File // nil when err is set
	err    error             // why there is no policy to compile
	still  bool              // nothing moved while it was read
	sums   map[string]sum    // of every file by name
	digest sum               // equal for two readings of the same content
}

type sum = [sha256.Size]byte

// errMoving is the fault of files that somebody writes without a pause.
var errMoving = errors.New("the files change while they are read")

// How often and how soon files are read again that changed meanwhile.
const (
	readingAttempts = 20
	readingPause    = 100 * time.Millisecond
)

// readStill reads until nothing moves while it does. Otherwise one part of a policy
// could be of before a change and another of after it, and both would compile.
func readStill(read func(*configuration) *reading, config *configuration) *reading {
	for attempt := 1; ; attempt++ {
		r := read(config)
		if r.still {
			return r
		}
		if attempt == readingAttempts {
			r.err, r.digest = errMoving, sum{} // another reading of the same is worth a try
			return r
		}
		time.Sleep(readingPause)
	}
}

// readPolicy reads the policy that a configuration names.
func readPolicy(config *configuration) *reading {
	r := &reading{config: config}
	before := stampOf(config.watched())
	for _, path := range config.Policy {
		// A pipe would be waited for, and could be read only once.
		if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
			r.err = fmt.Errorf("reading policy %s: it is neither a file nor a folder", path)
		}
	}
	if r.err == nil {
		r.files, r.err = configuredPolicy(config)
	}
	r.still = before.equal(stampOf(config.watched()))
	r.sumUp()
	return r
}

// readAgain reads the file of a configuration, if it has one, and the policy that
// it names now.
func readAgain(former *configuration) *reading {
	if former.File == "" {
		return readPolicy(former)
	}
	file := []string{former.File}
	before := stampOf(file)
	newer, err := former.flags.load()
	var r *reading
	if err == nil {
		r = readPolicy(former.withReloaded(newer))
	} else {
		r = &reading{config: former, err: err, still: true}
		r.sumUp()
	}
	r.still = r.still && before.equal(stampOf(file))
	return r
}

// watched are the paths whose change may change what decides.
func (c *configuration) watched() []string {
	var paths []string
	if c.File != "" {
		paths = append(paths, c.File)
	}
	return append(paths, c.Policy...)
}

// sumUp tells readings apart by their content; those that failed, by the fault.
func (r *reading) sumUp() {
	r.sums = map[string]sum{}
	all := sha256.New()
	add := func(name string, data []byte) {
		r.sums[name] = sha256.Sum256(data)
		fmt.Fprintf(all, "%q %x\n", name, r.sums[name])
	}
	if r.config.File != "" {
		add(r.config.File, r.config.text)
	}
	for _, f := range r.files {
		add(f.Name, f.Data)
	}
	if r.err != nil {
		fmt.Fprintf(all, "%v", r.err)
		for _, p := range faultsOf(r.err) {
			fmt.Fprintf(all, "\n%v %q", p, p.Source)
		}
	}
	all.Sum(r.digest[:0])
}
