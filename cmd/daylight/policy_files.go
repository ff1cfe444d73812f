package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/strictyaml"
)

// readPolicyFiles reads files and, of folders, every *.yaml and *.yml by name.
func readPolicyFiles(paths []string) ([]policyfile.File, error) {
	var files []policyfile.File
	for _, path := range paths {
		names, err := policyFileNames(path)
		if err != nil {
			return nil, fmt.Errorf("reading policy %s: %w", path, fileReason(err))
		}
		for _, name := range names {
			data, err := readPolicyFile(name)
			if err != nil {
				return nil, fmt.Errorf("reading policy %s: %w", name, fileReason(err))
			}
			files = append(files, policyfile.File{Name: name, Data: data})
		}
	}
	return files, nil
}

func policyFileNames(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); ext != ".yaml" && ext != ".yml" || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		// It is shown with every fault, to terminals and to the CI.
		if !utf8.ValidString(e.Name()) || strings.ContainsFunc(e.Name(), func(c rune) bool { return !unicode.IsPrint(c) }) {
			return nil, fmt.Errorf("the folder holds a file called %q; a name is printable text", e.Name())
		}
		name := filepath.Join(path, e.Name())
		// Mounted configuration is full of symbolic links: ask for what they lead to.
		if info, err := os.Stat(name); err != nil {
			return nil, err
		} else if info.Mode().IsRegular() {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, errors.New("the folder holds no *.yaml file")
	}
	slices.Sort(names)
	return names, nil
}

func readPolicyFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAtMost(f, strictyaml.MaxFileBytes+1) // one more, so that a longer file is refused
}
