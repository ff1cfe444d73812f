package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"daylight.internal/rules/catalog"
	"daylight.internal/rules/strictyaml"
)

// embeddedCatalog stands for the catalogue that is compiled in.
const embeddedCatalog = "embedded"

// readCatalog reads the files of a catalogue: a file, the *.yaml of a folder or
// of its folder services, or what is embedded.
func readCatalog(path string) ([]catalog.File, error) {
	if path == embeddedCatalog {
		files, problems := catalog.ServiceFiles(catalog.EmbeddedFiles())
		return files, problems.Err()
	}
	if inner := filepath.Join(path, "services"); isFolder(inner) {
		path = inner
	}
	names, err := policyFileNames(path)
	if err != nil {
		return nil, fmt.Errorf("reading catalogue %s: %w", path, fileReason(err))
	}
	var files []catalog.File
	for _, name := range names {
		data, err := readPolicyFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading catalogue %s: %w", name, fileReason(err))
		}
		files = append(files, catalog.File{Name: name, Data: data})
	}
	return files, nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func (c *catalogRun) lint(env *environment, paths []string) error {
	today := time.Now()
	if c.today != "" {
		var err error
		if today, err = time.Parse(time.DateOnly, c.today); err != nil {
			return usagef("--today %s is not a date such as 2026-11-22", c.today)
		}
	}
	if len(paths) == 0 {
		paths = []string{embeddedCatalog}
	}
	var files []catalog.File
	for _, path := range paths {
		read, err := readCatalog(path)
		if err != nil {
			return err
		}
		files = append(files, read...)
	}
	linted, problems := catalog.Lint(files, today)
	if c.format == "json" {
		if err := writeJSON(c.out, problemLines(problems)); err != nil {
			return err
		}
	} else {
		writeProblems(c.out, problems)
	}
	faults := len(problems.Errors())
	fmt.Fprintf(env.stderr, "%s, %s: %s, %s\n", plural(len(files), "file"), plural(len(linted.Services()), "service"),
		plural(faults, "error"), plural(len(problems)-faults, "warning"))
	return c.strictly(problems)
}

// strictly is the end of a command that tells faults.
func (c *catalogRun) strictly(problems strictyaml.Problems) error {
	switch {
	case problems.Err() != nil:
		return errReported
	case len(problems) > 0 && c.strict:
		return errFindings
	default:
		return nil
	}
}
