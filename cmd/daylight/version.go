package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
)

func versionCommand() command {
	return command{
		name: "version", group: "Upkeep", summary: "print the version and how it was built",
		usage: "version [--format text|json]",
		about: "Prints the version, the commit it was built from and the Go release.\n",
		setup: func(fs *flag.FlagSet) action {
			format := fs.String("format", "text", "output `FORMAT`: text or json")
			return func(_ context.Context, env *environment, args []string) error {
				if err := noArguments(args); err != nil {
					return err
				}
				return printVersion(env, *format)
			}
		},
	}
}

// buildInfo is what the linker recorded.
type buildInfo struct {
	Version  string `json:"version"` // "devel" when it was not built from a tagged module
	Commit   string `json:"commit,omitempty"`
	Date     string `json:"date,omitempty"` // of the commit
	Modified bool   `json:"modified"`       // the working tree differed from the commit
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func readBuildInfo() buildInfo {
	b := buildInfo{Version: "devel", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Date = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

func printVersion(env *environment, format string) error {
	b := readBuildInfo()
	switch format {
	case "json":
		return json.NewEncoder(env.stdout).Encode(b)
	case "text":
		commit := b.Commit
		if commit == "" {
			commit = "unknown commit"
		}
		if b.Modified {
			commit += " (modified)"
		}
		_, err := fmt.Fprintf(env.stdout, "daylight %s\n%s\n%s %s\n", b.Version, commit, b.Go, b.Platform)
		return err
	default:
		return unknownFormat(format, "text", "json")
	}
}

func unknownFormat(format string, known ...string) error {
	return unknown("format", format, known, "write "+joinWords(known))
}
