package accuracy

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"daylight.internal/rules/strictyaml"
)

// Count is how much of a detector or a class a page holds: a number, ">=" and a
// number, or "any" for what is not judged.
type Count struct {
	N              int
	AtLeast, Maybe bool
}

// DecodeYAML implements strictyaml.Decodable.
func (c *Count) DecodeYAML(d *strictyaml.Decoder, n *yaml.Node) {
	digits, atLeast := strings.CutPrefix(n.Value, ">=")
	count, err := strconv.Atoi(digits)
	*c = Count{N: count, AtLeast: atLeast, Maybe: n.Value == "any"}
	if err != nil && !c.Maybe {
		d.Errorf(n, "", "expected 3, \">=3\" or any, found %q", n.Value)
	}
}

// Page is a text as people paste it, and what is in it.
type Page struct {
	Name string // its path without the suffix; the first folder is its language
	Text []byte

	Title    string           `yaml:"title,required"`
	File     string           `yaml:"file"`     // the name of the file, when it is an upload
	Coverage string           `yaml:"coverage"` // when not complete
	People   int              `yaml:"people,required"`
	Find     map[string]Count `yaml:"find"` // by detector or by class; what is not named must not be found
}

// ReadPages reads every page of a folder: a head in YAML, a line "---", the text.
func ReadPages(root fs.FS) (pages []Page, err error) {
	err = fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".txt" {
			return err
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		head, text, found := bytes.Cut(data, []byte("---\n"))
		page := Page{Name: strings.TrimSuffix(name, ".txt"), Text: bytes.TrimSuffix(text, []byte("\n"))}
		node, decoder := strictyaml.Parse(name, head)
		if node != nil {
			decoder.Decode(node, &page)
		}
		if err := decoder.Problems.Err(); err != nil || !found {
			return fmt.Errorf("read the head of %s: %w", name, err)
		}
		pages = append(pages, page)
		return nil
	})
	return pages, err
}
