package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// fixtureFiles are the files that the tests of a policy may name: those in its
// folders and, where somebody runs them by hand, in the working directory. What tests
// find in a file they can tell, so nothing else is opened for who may write a policy
// and not read this machine; a symbolic link does not lead out either.
type fixtureFiles struct{ folders []string }

// fixturesOf are the folders of policy files and folders, and further ones.
func fixturesOf(policy []string, further ...string) fixtureFiles {
	for _, path := range policy {
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			path = filepath.Dir(path)
		}
		further = append(further, path)
	}
	return fixtureFiles{further}
}

var (
	errOutside   = errors.New("it lies outside of the folder of the policy and of the working directory")
	errIrregular = errors.New("it is no regular file")
)

// Open implements fs.FS, for any path that the system takes. It opens regular files
// only: a pipe would keep it waiting.
func (f fixtureFiles) Open(name string) (fs.File, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	for _, folder := range f.folders {
		folder, err := filepath.Abs(folder)
		if err != nil {
			return nil, err
		}
		if inside, err := filepath.Rel(folder, path); err == nil && filepath.IsLocal(inside) {
			return openInside(folder, inside)
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: errOutside}
}

func openInside(folder, name string) (fs.File, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errIrregular}
	}
	return root.Open(name)
}

// withSiblings adds the tests that stand beside a policy file, and the policy file
// beside its tests.
func withSiblings(paths []string) []string {
	out := slices.Clone(paths)
	for _, path := range paths {
		ext := filepath.Ext(path)
		if ext != ".yaml" && ext != ".yml" {
			continue
		}
		base := strings.TrimSuffix(path, ext)
		sibling := base + "_test" + ext
		if policy, ok := strings.CutSuffix(base, "_test"); ok {
			sibling = policy + ext
		}
		info, err := os.Stat(sibling)
		if err == nil && info.Mode().IsRegular() && !slices.Contains(out, sibling) {
			out = append(out, sibling)
		}
	}
	return out
}
