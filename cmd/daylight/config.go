package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"daylight.internal/classifier"
	"daylight.internal/proxy"
	"daylight.internal/rules/strictyaml"
)

// configuration is daylight.yaml after it was read: defaults filled in, paths
// made relative to the working directory, every value checked.
type configuration struct {
	File        string // "" for the built-in defaults
	Listen      []string
	ReusePort   bool // the ports, with a process that comes next
	AdminListen string
	DataDir     string
	Policy      []string // files and folders; empty: the starter policy
	CACert      string   // "" for the one in DataDir
	CAKey       string
	Intercept   string // all, catalogued or none
	Bypass      []string
	Proxy       proxy.Config
	Events      []string // paths of JSON-lines files
	Monitor     bool
	// OnErrorAllow lets through what could not be judged where the policy does not say.
	OnErrorAllow bool
	Reload       reloading
	modeGiven    bool               // Monitor was written, not taken from the defaults
	Scanner      classifier.Options // set by commands, not by the file

	// How it was read; nil when a program made it.
	flags   *configFlags
	text    []byte      // of File
	written *configFile // with what --set changed
}

// reloading says how a changed policy is taken over.
type reloading struct {
	Watch    bool          // when files change, not only when it is asked for
	Interval time.Duration // between two looks at the files
	Tests    bool          // only when its own tests pass
}

// usePolicy takes other files and folders than the configured ones. That the
// starter policy only watches has no meaning for them.
func (c *configuration) usePolicy(paths []string) {
	c.Policy = paths
	c.Monitor = c.Monitor && c.modeGiven
}

// knownUsers are all who can sign in, nil when a header may name others or none
// are configured.
func (c *configuration) knownUsers() []string {
	if c.Proxy.Identity.UserHeader != "" || len(c.Proxy.Identity.Users) == 0 {
		return nil
	}
	return sortedKeys(c.Proxy.Identity.Users)
}

// configFlags are the flags by which every command finds its configuration.
type configFlags struct {
	file string
	sets []string
}

func addConfigFlags(fs *flag.FlagSet) *configFlags {
	c := new(configFlags)
	fs.StringVar(&c.file, "config", "", "configuration `FILE`; without it the built-in defaults serve")
	fs.Func("set", "`KEY=VALUE` changes one key of the configuration, such as\nproxy.listen=127.0.0.1:3128; may be repeated", func(s string) error {
		c.sets = append(c.sets, s)
		return nil
	})
	return c
}

// load reads the configuration and reports all of its faults at once.
func (c *configFlags) load() (*configuration, error) {
	var file configFile
	var data []byte
	dec := new(strictyaml.Decoder)
	if c.file != "" {
		var err error
		if data, err = readConfig(c.file); err != nil {
			return nil, err
		}
		var root *yaml.Node
		if root, dec = strictyaml.Parse(c.file, data); root != nil {
			dec.Decode(root, &file)
		}
	}
	for _, s := range c.sets {
		if err := set(&file, s, dec); err != nil {
			return nil, err
		}
	}
	b := configBuilder{dec: dec, dir: filepath.Dir(c.file)}
	config := b.build(&file)
	config.File, config.flags, config.text, config.written = c.file, c, data, &file
	if err := dec.Problems.Err(); err != nil {
		dec.Problems.Sort()
		return nil, &invalidError{what: "the configuration", problems: dec.Problems}
	}
	return config, nil
}

func readConfig(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading configuration %s: %w", name, fileReason(err))
	}
	defer f.Close()
	data, err := readAtMost(f, strictyaml.MaxFileBytes+1)
	if err != nil {
		return nil, fmt.Errorf("reading configuration %s: %w", name, fileReason(err))
	}
	return data, nil
}

// set applies one --set. Its value is YAML, decoded exactly as in the file; a
// list replaces the list of the file.
func set(file *configFile, assignment string, dec *strictyaml.Decoder) error {
	name, value, ok := strings.Cut(assignment, "=")
	path, err := splitKey(name)
	if !ok || err != nil {
		return usagef("--set %q is not KEY=VALUE, such as mode=enforce", assignment)
	}
	// The value stays out of the position: it may be a password.
	place := "--set " + name
	node, d := strictyaml.Parse(place, []byte(value))
	if node == nil && len(d.Problems) == 0 {
		node = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str"}
	}
	if node != nil {
		clearList(reflect.ValueOf(file).Elem(), path)
		d.Decode(nest(path, node), file)
	}
	for _, p := range d.Problems {
		p.Position = strictyaml.Position{File: place}
		p.Source = ""
		dec.Problems = append(dec.Problems, p)
	}
	return nil
}

// splitKey splits a dotted key; quotes protect dots, as in
// upstream.hosts."api.openai.com:443".
func splitKey(name string) ([]string, error) {
	var path []string
	for {
		var key string
		if quoted, ok := strings.CutPrefix(name, `"`); ok {
			var closed bool
			if key, name, closed = strings.Cut(quoted, `"`); !closed || name != "" && name[0] != '.' {
				return nil, errors.New("unbalanced quotes")
			}
			name = strings.TrimPrefix(name, ".")
		} else {
			key, name, _ = strings.Cut(name, ".")
		}
		if key == "" {
			return nil, errors.New("empty key")
		}
		path = append(path, key)
		if name == "" {
			return path, nil
		}
	}
}

// nest wraps a value into the mappings of its path. Its nodes have no line: the
// text stands on no file.
func nest(path []string, value *yaml.Node) *yaml.Node {
	clearLines(value)
	for i := len(path) - 1; i >= 0; i-- {
		key := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: path[i]}
		value = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{key, value}}
	}
	return value
}

func clearLines(n *yaml.Node) {
	n.Line, n.Column = 0, 0
	for _, c := range n.Content {
		clearLines(c)
	}
}

// clearList empties the list that path leads to, if it leads to one.
func clearList(v reflect.Value, path []string) {
	for _, key := range path {
		if v = fieldByKey(v, key); !v.IsValid() {
			return
		}
	}
	if v.Kind() == reflect.Struct { // a value with its place
		if list := v.FieldByName("V"); list.IsValid() {
			v = list
		}
	}
	if v.Kind() == reflect.Slice {
		v.SetZero()
	}
}

func fieldByKey(v reflect.Value, key string) reflect.Value {
	if v.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if name == key {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}
