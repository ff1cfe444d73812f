package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"daylight.internal/rules/strictyaml"
)

// writeGitHub writes workflow commands, which GitHub shows at the lines of a pull
// request: ::error file=…,line=…,col=…,endColumn=…,title=…::message. Source:
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
func writeGitHub(w io.Writer, problems strictyaml.Problems) error {
	for _, p := range problems {
		message := p.Message
		if p.Hint != "" {
			message += "\n" + p.Hint
		}
		var place strings.Builder
		fmt.Fprintf(&place, "file=%s", gitHubProperty(filepath.ToSlash(p.File)))
		if p.Line > 0 {
			fmt.Fprintf(&place, ",line=%d,col=%d,endColumn=%d", p.Line, p.Column, p.Column+max(1, p.Length))
		}
		if p.ID != "" {
			fmt.Fprintf(&place, ",title=%s", gitHubProperty(p.ID))
		}
		if _, err := fmt.Fprintf(w, "::%s %s::%s\n", severity(p), place.String(), gitHubData(message)); err != nil {
			return err
		}
	}
	return nil
}

// gitHubData escapes the text of a workflow command: it ends at the end of its line.
func gitHubData(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

// gitHubProperty escapes a value before the text, which colons and commas end.
func gitHubProperty(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(gitHubData(text))
}
