package main

import (
	"fmt"
	"io"
	"strings"

	"daylight.internal/rules/catalog"
)

func (c *catalogRun) diff(args []string) error {
	if len(args) != 2 {
		return usagef("name two catalogues: `daylight catalog diff OLD NEW`, folders, files or the word embedded")
	}
	var sides [2]*catalog.Catalog
	for i, path := range args {
		files, err := readCatalog(path)
		if err != nil {
			return err
		}
		read, problems := catalog.LoadFiles(files)
		if problems.Err() != nil {
			return &invalidError{what: "catalogue " + path, problems: problems.Errors()}
		}
		sides[i] = read
	}
	d := catalog.Compare(sides[0], sides[1])
	if c.format == "json" {
		return writeJSON(c.out, d)
	}
	return writeDiff(c.out, &d, sides[0], sides[1])
}

// writeDiff says in words what differs.
func writeDiff(w io.Writer, d *catalog.Diff, old, new *catalog.Catalog) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s added, %d removed, %d changed\n", plural(len(d.Added), "service"), len(d.Removed), len(d.Changed))
	for _, side := range []struct {
		word    string
		ids     []string
		catalog *catalog.Catalog
	}{{"added", d.Added, new}, {"removed", d.Removed, old}} {
		for _, id := range side.ids {
			s, _ := side.catalog.Service(id)
			fmt.Fprintf(&b, "\n%s is %s: %s, %s, by %s (%s)", id, side.word, s.Name, s.Category, dash(s.Vendor), dash(s.Country))
		}
	}
	if len(d.Added)+len(d.Removed) > 0 {
		b.WriteByte('\n')
	}
	for i := range d.Changed {
		writeServiceDiff(&b, &d.Changed[i])
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeServiceDiff(b *strings.Builder, d *catalog.ServiceDiff) {
	fmt.Fprintf(b, "\n%s has changed\n", d.Service)
	each := func(words string, values []string) {
		for _, v := range values {
			fmt.Fprintf(b, "  %s %s\n", words, v)
		}
	}
	each("gains the host", d.HostsGained)
	each("loses the host", d.HostsLost)
	each("gains", d.OperationsGained)
	each("loses", d.OperationsLost)
	for _, o := range d.OperationsChanged {
		fmt.Fprintf(b, "  reads otherwise: %s\n", o.Operation)
		each("  text also at", o.TextGained)
		each("  no longer at", o.TextLost)
		if o.Pieces != "" {
			fmt.Fprintf(b, "    pieces: %s\n", o.Pieces)
		}
	}
	for _, f := range d.Risk {
		fmt.Fprintf(b, "  risk: %s is %s, was %s\n", f.Field, orUnknown(f.New), orUnknown(f.Old))
	}
	for _, f := range d.Fields {
		fmt.Fprintf(b, "  %s is %s, was %s\n", f.Field, orUnknown(f.New), orUnknown(f.Old))
	}
}

func orUnknown(value string) string {
	if value == "" {
		return "unknown"
	}
	return value
}
