// Package calibration plays the exchanges of testdata/discovery to discovery and
// counts what they are taken for. What varies in them comes from a seed: equal
// files give equal numbers.
package calibration

import (
	"errors"
	"fmt"
	"io/fs"

	"daylight.internal/rules/strictyaml"
)

// The kinds of shapes; each has a file of its own.
const (
	API      = "api"      // of a model API
	Web      = "web"      // of a web app, an extension or a tool
	Ordinary = "ordinary" // of anything else
)

// Shape is the form of one to three exchanges.
type Shape struct {
	Kind string
	Name string `yaml:"name,required"`
	// Services are those whose exchanges have the shape; none for ordinary ones.
	Services  []string   `yaml:"services"`
	Host      string     `yaml:"host"` // "" for one that is made up
	Path      string     `yaml:"path"`
	Method    string     `yaml:"method"` // "" for POST
	Exchanges []template `yaml:"exchanges,required"`
}

// template is one exchange, in texts with values such as ${text} in them.
type template struct {
	Headers     map[string]string `yaml:"headers"`
	Media       string            `yaml:"media"`
	Body        string            `yaml:"body"`
	Envelope    bool              `yaml:"envelope"` // of Connect
	Form        map[string]string `yaml:"form"`
	Parts       map[string]string `yaml:"parts"` // a value that begins with @ is a file
	Answer      string            `yaml:"answer"`
	AnswerMedia string            `yaml:"answer_media"`
	Stream      *streamTemplate   `yaml:"stream"`
	Socket      *socketTemplate   `yaml:"socket"`
}

type streamTemplate struct {
	Media    string   `yaml:"media"`
	Envelope bool     `yaml:"envelope"`
	Grow     bool     `yaml:"grow"`
	First    []string `yaml:"first"`
	Event    string   `yaml:"event,required"`
	Last     []string `yaml:"last"`
	Gap      []int    `yaml:"gap"` // ms from and to; none for those of a model
}

type socketTemplate struct {
	Client string   `yaml:"client,required"`
	Event  string   `yaml:"event,required"`
	Last   []string `yaml:"last"`
	Gap    []int    `yaml:"gap"`
	Talk   bool     `yaml:"talk"` // the client goes on talking
	Push   bool     `yaml:"push"` // the server talks before it is asked
}

// Load reads the shapes of a folder: api.yaml, web.yaml and ordinary.yaml.
func Load(folder fs.FS) ([]*Shape, error) {
	var shapes []*Shape
	for _, kind := range []string{API, Web, Ordinary} {
		name := kind + ".yaml"
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, fmt.Errorf("read shapes: %w", err)
		}
		n, decoder := strictyaml.Parse(name, data)
		if n == nil {
			return nil, errors.Join(errors.New(name+" holds no shapes"), decoder.Problems.Err())
		}
		var list []*Shape
		decoder.Decode(n, &list)
		if err := decoder.Problems.Err(); err != nil {
			return nil, fmt.Errorf("read shapes: %w", err)
		}
		for _, s := range list {
			s.Kind = kind
			if len(s.Exchanges) == 0 || len(s.Exchanges) > 3 || (kind == Ordinary) != (len(s.Services) == 0) {
				return nil, fmt.Errorf("%s: %q needs one to three exchanges, and services unless it is ordinary", name, s.Name)
			}
			shapes = append(shapes, s)
		}
	}
	return shapes, nil
}
