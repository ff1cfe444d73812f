package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"daylight.internal/rules/policyfile"
)

// mount is a policy as Kubernetes mounts a ConfigMap: its files are links through
// the link ..data, which each new version swaps to a folder of its own.
type mount struct {
	folder
	version int
}

func newMount(t *testing.T, files map[string]string) *mount {
	m := &mount{folder: folder{t, t.TempDir()}}
	m.put(files)
	for name := range files {
		m.must(os.Symlink(filepath.Join("..data", name), m.at(name)))
	}
	return m
}

// put makes the next version. That of the files tells nothing: size and time may be equal.
func (m *mount) put(files map[string]string) {
	m.version++
	dir := fmt.Sprintf("..version-%d", m.version)
	for name, text := range files {
		m.write(filepath.Join(dir, name), text)
		m.age(filepath.Join(dir, name))
	}
	m.swap("..data", dir)
}

func versionFiles(version int) map[string]string {
	files := map[string]string{}
	for i := range 8 {
		files[fmt.Sprintf("%d.yaml", i)] = fmt.Sprintf("version %06d", version)
	}
	return files
}

func TestNoPolicyIsReadHalfBeforeAndHalfAfterAChange(t *testing.T) {
	m := newMount(t, versionFiles(0))
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 200 {
			m.put(versionFiles(i + 1))
		}
	}()
	config := &configuration{Policy: []string{m.path}}
	for last := false; !last; {
		select {
		case <-done:
			last = true
		default:
		}
		r := readPolicy(config)
		if r.still && r.err == nil && !oneVersion(t, r.files) {
			t.Error("a mixture of two versions is taken for a policy")
		}
		if last && !r.still {
			t.Error("files at rest are not read")
		}
	}
}

func oneVersion(t *testing.T, files []policyfile.File) bool {
	t.Helper()
	if len(files) != 8 {
		t.Fatalf("%d files", len(files))
	}
	for _, f := range files {
		if string(f.Data) != string(files[0].Data) {
			return false
		}
	}
	return true
}

func TestFilesThatNeverRestAreRefusedNotGuessed(t *testing.T) {
	config := &configuration{}
	began, attempts := time.Now(), 0
	r := readStill(func(c *configuration) *reading {
		attempts++
		return &reading{config: c}
	}, config)
	if !errors.Is(r.err, errMoving) || attempts != readingAttempts || time.Since(began) < readingPause {
		t.Errorf("after %d attempts: %v", attempts, r.err)
	}
}

func TestReadingsAreToldApartByTheirContent(t *testing.T) {
	f := folder{t, t.TempDir()}
	f.write("p/a.yaml", "a")
	f.write("daylight.yaml", "policy: p\n")
	flags := &configFlags{file: f.at("daylight.yaml")}
	config, err := flags.load()
	f.must(err)
	first := readAgain(config)
	f.must(first.err)
	for _, c := range []struct {
		name   string
		change func()
		same   bool
		err    string
	}{
		{"nothing", func() {}, true, ""},
		{"the same text again", func() { f.write("p/a.yaml", "a") }, true, ""},
		{"what is no policy", func() { f.write("p/list.csv", "x") }, true, ""},
		{"another file of no text", func() { f.write("p/b.yaml", "") }, false, ""},
		{"the configuration", func() { f.write("daylight.yaml", "policy: p\nmode: monitor\n") }, false, ""},
		{"a fault of the configuration", func() { f.write("daylight.yaml", "polic: p\n") }, false, "the configuration has 1 error"},
		{"a folder that is not there", func() { f.write("daylight.yaml", "policy: q\n") }, false, "no such file or directory"},
	} {
		c.change()
		r := readAgain(config)
		if got := r.digest == first.digest; got != c.same || !r.still {
			t.Errorf("%s: same content: %v (at rest: %v)", c.name, got, r.still)
		}
		if c.err == "" && r.err != nil || c.err != "" && (r.err == nil || !strings.Contains(r.err.Error(), c.err)) {
			t.Errorf("%s: %v, want %q", c.name, r.err, c.err)
		}
	}
	if r := readAgain(config); len(r.config.Policy) != 1 || !strings.HasSuffix(r.config.Policy[0], "q") {
		t.Errorf("a configuration whose policy is missing is not watched for it: %q", r.config.watched())
	}
}
