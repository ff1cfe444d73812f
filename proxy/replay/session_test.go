// Package replay sends what clients of AI services and of everything else send
// through a real proxy, to a stand-in that has all their names.
package replay_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// testdata is where the sessions are; testdata/services/README.md describes the format.
const testdata = "../../testdata"

// session is what one client does, in this order.
type session struct {
	Service   string // "" when it is no AI
	Name      string
	Exchanges []exchange

	file string
}

// exchange is a request and its answer.
type exchange struct {
	URL       string
	As        string // the shape in testdata/services/shapes that has what is left out here
	Method    string // default: POST with a body, else GET
	Headers   map[string]string
	Type      string // of the body; default: JSON
	Body      string
	Form      map[string]string
	Parts     []part
	Base64    string // a body that is not text
	Envelope  bool   // the body and the events are messages of Connect
	Say       []message
	Operation string // default: prompt
	At        places // where people's text is
	All       bool   // all of the body is people's text, or nothing is known of it: no other field may hold an identifier
	Coverage  string // default: complete
	Answer    answer
}

// part is one of a multipart body.
type part struct{ Name, Filename, Type, Body string }

// message is one that the client of a WebSocket sends.
type message struct {
	Text   string
	Base64 string // of a binary message
	At     places
}

// answer is what the server says.
type answer struct {
	Status  int // default: 200
	Headers map[string]string
	Type    string   // default: JSON, or an event stream
	Body    string   // all at once
	Stream  []string // piece by piece, each when the one before has arrived
	Hear    []string // the messages of a WebSocket, after all of the client's
}

// places are texts by their location. In YAML a location, a list of them, or a map
// with what stands there when it is more than ${text}.
type places map[string]string

// UnmarshalYAML implements yaml.Unmarshaler.
func (p *places) UnmarshalYAML(node *yaml.Node) error {
	*p = places{}
	switch node.Kind {
	case yaml.ScalarNode:
		(*p)[node.Value] = "${text}"
		return nil
	case yaml.SequenceNode:
		for _, n := range node.Content {
			(*p)[n.Value] = "${text}"
		}
		return nil
	default:
		return node.Decode((*map[string]string)(p))
	}
}

// readSessions reads all sessions of a folder.
func readSessions(t *testing.T, folder string) (all []session) {
	t.Helper()
	folder = filepath.Join(testdata, folder)
	shapes := map[string]exchange{}
	walk(t, folder, func(path string) {
		if name, ok := shapeName(path); ok {
			var shape exchange
			decode(t, path, &shape)
			shapes[name] = shape
		}
	})
	walk(t, folder, func(path string) {
		if _, ok := shapeName(path); ok {
			return
		}
		var some []session
		decode(t, path, &some)
		for _, s := range some {
			s.file = filepath.Base(path)
			s.takeShapes(t, shapes)
			all = append(all, s)
		}
	})
	return all
}

// shapeName returns the name of the shape that a file holds.
func shapeName(path string) (name string, ok bool) {
	folder, file := filepath.Split(path)
	return strings.TrimSuffix(file, ".yaml"), filepath.Base(folder) == "shapes"
}

func (s *session) takeShapes(t *testing.T, shapes map[string]exchange) {
	t.Helper()
	for i := range s.Exchanges {
		x := &s.Exchanges[i]
		if x.As == "" {
			continue
		}
		shape, ok := shapes[x.As]
		if !ok {
			t.Fatalf("%s: no shape %q", s.file, x.As)
		}
		*x = x.over(shape)
	}
}

func walk(t *testing.T, folder string, visit func(path string)) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".yaml" {
			visit(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func decode(t *testing.T, path string, to any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(to); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// over returns the shape with what the exchange says itself.
func (x exchange) over(shape exchange) exchange {
	shape.URL, shape.As = x.URL, x.As
	if x.Headers != nil {
		shape.Headers = maps.Clone(shape.Headers)
		if shape.Headers == nil {
			shape.Headers = map[string]string{}
		}
		maps.Copy(shape.Headers, x.Headers)
	}
	if x.Operation != "" {
		shape.Operation = x.Operation
	}
	return shape
}

func (x *exchange) operation() string {
	if x.Operation == "" {
		return "prompt"
	}
	return x.Operation
}

// isShared tells whether all exchanges have a shape that others have, too.
func (s *session) isShared() bool {
	return !slices.ContainsFunc(s.Exchanges, func(x exchange) bool { return x.As == "" })
}

func (x *exchange) isSocket() bool { return strings.HasPrefix(x.URL, "ws") }

// what a person writes, with an e-mail address at its beginning and a card at its
// end, and without; of one length, for protocol buffers tell it in front.
const (
	planted = "ana.torres@kunden.example asked why we charged 4539 1488 0343 6467"
	clean   = "Write three playful taglines for the spring campaign of balconies."
)

// filled puts a person's text into what a file says.
func filled(template, text string) string {
	return strings.NewReplacer("${text}", text, "${base64}", base64.StdEncoding.EncodeToString([]byte(text)),
		"${long64}", base64.StdEncoding.EncodeToString([]byte(strings.Repeat(text+"\n", 3))),
		"${long}", strings.Repeat(text+"\n", 3)).Replace(template)
}

func enveloped(text string) string {
	n := len(text)
	return string([]byte{0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) + text
}

// field is one of a body.
type field struct{ name, value string }

// unknownFields are put into every body: nobody listed them, and what they hold is
// nothing that a person wrote.
func unknownFields() []field {
	return []field{{"replay_reference", "4539148803436467"}, {"replay_device_owner", "j.doe@kunden.example"}}
}

func withUnknownMembers(body string) string {
	rest, ok := strings.CutPrefix(body, "{")
	if !ok {
		return body
	}
	var b strings.Builder
	b.WriteByte('{')
	for i, f := range unknownFields() {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%q", f.name, f.value)
	}
	if strings.TrimSpace(rest) != "}" {
		b.WriteByte(',')
	}
	return b.String() + rest
}
