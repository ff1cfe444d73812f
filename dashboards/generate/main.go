// Command generate writes the Grafana dashboards of this repository as classic
// JSON, the format that every Grafana since 10 imports. Run it after a change:
//
//	go generate ./dashboards/...
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

//go:generate go run . ../grafana

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: generate FOLDER")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// write puts every dashboard into folder.
func write(folder string) error {
	for name, board := range dashboards() {
		text, err := render(board)
		if err != nil {
			return fmt.Errorf("rendering %s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return nil
}

// dashboards lists the dashboards by file name.
func dashboards() map[string]dashboard {
	return map[string]dashboard{"overview.json": overview()}
}

// render returns the JSON of a dashboard as it is committed.
func render(board dashboard) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // expressions are full of < and >
	encoder.SetIndent("", "  ")
	err := encoder.Encode(board)
	return text.Bytes(), err
}
