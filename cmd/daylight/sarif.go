package main

import (
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/strictyaml"
)

// The part of SARIF 2.1.0 that is written. Source:
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string    `json:"id"`
		ShortDescription sarifText `json:"shortDescription"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"` // error or warning
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		PhysicalLocation sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndColumn   int `json:"endColumn"`
	}
)

func writeSARIF(w io.Writer, problems strictyaml.Problems) error {
	driver := sarifDriver{Name: "daylight", Version: readBuildInfo().Version, Rules: []sarifRule{}}
	index := map[string]int{}
	for _, k := range policyfile.Kinds() {
		index[k.ID] = len(driver.Rules)
		driver.Rules = append(driver.Rules, sarifRule{k.ID, sarifText{k.Meaning}})
	}
	run := sarifRun{Tool: sarifTool{driver}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	for _, p := range problems {
		id := p.ID
		if _, known := index[id]; !known {
			id = policyfile.OtherFault
		}
		text := p.Message
		if p.Hint != "" {
			text += " (" + p.Hint + ")"
		}
		run.Results = append(run.Results, sarifResult{
			RuleID: id, RuleIndex: index[id], Level: severity(p), Message: sarifText{text},
			Locations: []sarifLocation{{sarifPhysical{sarifArtifact{artifactURI(p.File)}, sarifRegionOf(p)}}},
		})
	}
	return writeJSON(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

// sarifRegionOf is nil for a problem of a file as a whole.
func sarifRegionOf(p strictyaml.Problem) *sarifRegion {
	if p.Line < 1 {
		return nil
	}
	r := &sarifRegion{StartLine: p.Line, StartColumn: max(1, p.Column)}
	r.EndColumn = r.StartColumn + max(1, p.Length)
	return r
}

// artifactURI is a relative reference for a path below the working directory, as
// code scanning wants it, and a file URI for an absolute one (RFC 3986, RFC 8089).
func artifactURI(path string) string {
	path = filepath.ToSlash(path)
	u := url.URL{Path: path}
	if strings.HasPrefix(path, "/") {
		u.Scheme = "file"
	}
	return u.String()
}
