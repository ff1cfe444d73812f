package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// fixtureFiles are the files that the tests of a policy name. Other than most, this
// fs.FS takes any path that the system does: a policy may stand anywhere.
type fixtureFiles struct{}

// Open implements fs.FS. It opens regular files only: a pipe would keep it waiting.
func (fixtureFiles) Open(name string) (fs.File, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("it is no regular file")}
	}
	return os.Open(name)
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
