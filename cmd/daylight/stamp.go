package main

import (
	"io/fs"
	"os"
	"slices"
)

// stamp is what the file system tells of files without opening them: enough to
// see that they were written, replaced, or reached through another symbolic link.
// It needs no help of the system, and so sees network file systems too.
type stamp []fileStamp

type fileStamp struct {
	name string
	info fs.FileInfo // of what links lead to; nil when there is none
	err  string      // why
}

// stampOf looks at files, and at the policy files of folders.
func stampOf(paths []string) stamp {
	var all stamp
	for _, path := range paths {
		names, err := policyFileNames(path)
		if err != nil {
			all = append(all, fileStamp{name: path, err: err.Error()})
		}
		for _, name := range names {
			s := fileStamp{name: name}
			if s.info, err = os.Stat(name); err != nil {
				s.info, s.err = nil, err.Error()
			}
			all = append(all, s)
		}
	}
	return all
}

func (s stamp) equal(other stamp) bool { return slices.EqualFunc(s, other, fileStamp.equal) }

func (s fileStamp) equal(other fileStamp) bool {
	if s.name != other.name || s.err != other.err || (s.info == nil) != (other.info == nil) {
		return false
	}
	return s.info == nil || s.info.Size() == other.info.Size() && s.info.ModTime().Equal(other.info.ModTime()) && os.SameFile(s.info, other.info)
}

// watcher tells when files have changed and are at rest again: who writes several
// files, or one in several steps, is not read in between.
type watcher struct {
	last  stamp
	moved bool // since rested was told last
}

// newWatcher returns a watcher for which the files have moved already: what
// happened between their reading and the first look is not lost.
func newWatcher() *watcher { return &watcher{moved: true} }

// rested takes a look at the files. It tells that they have changed since it last
// did, and not since the look before.
func (w *watcher) rested(paths []string) bool {
	now := stampOf(paths)
	still := w.last != nil && w.last.equal(now)
	w.last = now
	if !still {
		w.moved = true
		return false
	}
	rested := w.moved
	w.moved = false
	return rested
}

// again makes the next look at resting files tell once more.
func (w *watcher) again() { w.moved = true }
