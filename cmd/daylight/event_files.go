package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// eventFiles returns event files together with those that were rotated away from
// them, such as events.jsonl.1, events.jsonl-20261122.gz or
// events-2026-11-22.jsonl, the newest first.
func eventFiles(paths []string) ([]string, error) {
	type file struct {
		path     string
		modified time.Time
	}
	var files []file
	var names []string
	for _, path := range paths {
		if path == "-" {
			names = append(names, path) // standard input
			continue
		}
		folder, name := filepath.Split(path)
		entries, err := os.ReadDir(cmp.Or(filepath.Clean(folder), "."))
		if err != nil {
			return nil, fmt.Errorf("reading events %s: %w", path, fileReason(err))
		}
		found := false
		for _, e := range entries {
			if e.Name() != name && !isRotated(name, e.Name()) {
				continue
			}
			sibling := filepath.Join(folder, e.Name())
			info, err := os.Stat(sibling)
			if err != nil || !info.Mode().IsRegular() || slices.ContainsFunc(files, func(f file) bool { return f.path == sibling }) {
				continue
			}
			files, found = append(files, file{sibling, info.ModTime()}), true
		}
		if !found {
			return nil, fmt.Errorf("reading events %s: %w", path, os.ErrNotExist)
		}
	}
	slices.SortStableFunc(files, func(a, b file) int { return b.modified.Compare(a.modified) })
	for _, f := range files {
		names = append(names, f.path)
	}
	return names, nil
}

// isRotated tells whether a file was rotated away from the one of that name.
func isRotated(name, other string) bool {
	other = strings.TrimSuffix(other, ".gz")
	if rest, ok := strings.CutPrefix(other, name); ok {
		return len(rest) > 1 && (rest[0] == '.' || rest[0] == '-') && strings.Trim(rest, ".-_T0123456789") == ""
	}
	extension := filepath.Ext(name)
	rest, ok := strings.CutPrefix(other, strings.TrimSuffix(name, extension))
	date, ok2 := strings.CutSuffix(rest, extension)
	return ok && ok2 && extension != "" && len(date) > 1 && date[0] == '-' && strings.Trim(date, ".-_T0123456789") == ""
}
