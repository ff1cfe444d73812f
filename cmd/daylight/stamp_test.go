package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// folder is a policy on the disk that a test changes.
type folder struct {
	testing.TB
	path string
}

func (f folder) at(name string) string { return filepath.Join(f.path, name) }

func (f folder) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

func (f folder) write(name, text string) {
	f.Helper()
	f.must(os.MkdirAll(filepath.Dir(f.at(name)), 0o700))
	f.must(os.WriteFile(f.at(name), []byte(text), 0o600))
}

// swap makes the link name lead to target as Kubernetes does: a new link, renamed over it.
func (f folder) swap(name, target string) {
	f.Helper()
	f.must(os.Symlink(target, f.at(name+"_tmp")))
	f.must(os.Rename(f.at(name+"_tmp"), f.at(name)))
}

func (f folder) age(name string) {
	f.Helper()
	past := time.Now().Add(-time.Hour).Truncate(time.Second)
	f.must(os.Chtimes(f.at(name), past, past))
}

func TestEveryWayToChangeAPolicyIsSeen(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(folder)
	}{
		{"a file is written", func(f folder) { f.write("a.yaml", "longer") }},
		{"a file is written with as many bytes", func(f folder) { f.write("a.yaml", "b") }},
		{"a file is renamed over it, with the same size and time", func(f folder) {
			f.write("a.new", "b")
			f.age("a.new")
			f.must(os.Rename(f.at("a.new"), f.at("a.yaml")))
		}},
		{"a file appears", func(f folder) { f.write("c.yaml", "c") }},
		{"a file vanishes", func(f folder) { f.must(os.Remove(f.at("a.yaml"))) }},
		{"the last file vanishes", func(f folder) {
			f.must(os.Remove(f.at("a.yaml")))
			f.must(os.Remove(f.at("link.yaml")))
		}},
		{"the folder vanishes", func(f folder) { f.must(os.RemoveAll(f.path)) }},
		{"a link leads elsewhere, to the same size and time", func(f folder) { f.swap("..data", "..two") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := folder{t, t.TempDir()}
			f.write("a.yaml", "a")
			f.write("..one/link.yaml", "1")
			f.write("..two/link.yaml", "2")
			for _, name := range []string{"a.yaml", "..one/link.yaml", "..two/link.yaml"} {
				f.age(name)
			}
			f.swap("..data", "..one")
			f.must(os.Symlink("..data/link.yaml", f.at("link.yaml")))
			before := stampOf([]string{f.path})
			if !before.equal(stampOf([]string{f.path})) {
				t.Fatal("nothing has changed, and it is seen")
			}
			if c.change(f); before.equal(stampOf([]string{f.path})) {
				t.Error("the change is not seen")
			}
		})
	}
}

func TestWhatIsNoPolicyChangesNothing(t *testing.T) {
	f := folder{t, t.TempDir()}
	f.write("a.yaml", "a")
	before := stampOf([]string{f.path})
	f.write(".a.yaml.swp", "x")
	f.write("a.yaml~", "x")
	f.write(".#a.yaml", "x")
	f.write("crm.csv", "x")
	if !before.equal(stampOf([]string{f.path})) {
		t.Error("a file that is not read is taken for a change")
	}
}

func TestFilesAreAtRestWhenTwoLooksSeeTheSame(t *testing.T) {
	f := folder{t, t.TempDir()}
	f.write("a.yaml", "a")
	w, paths := newWatcher(), []string{f.path}
	for i, step := range []struct {
		change func()
		want   bool
	}{
		{func() {}, false}, // the first look compares with nothing
		{func() {}, true},  // what happened before the first look is not lost
		{func() {}, false},
		{func() { f.write("a.yaml", "half of") }, false},
		{func() { f.write("a.yaml", "half of a file") }, false},
		{func() { f.write("b.yaml", "and another") }, false},
		{func() {}, true},
		{func() {}, false},
		{func() { w.again() }, true},
		{func() {}, false},
	} {
		step.change()
		if got := w.rested(paths); got != step.want {
			t.Errorf("look %d: %v, want %v", i+1, got, step.want)
		}
	}
}
