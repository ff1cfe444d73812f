package policyfile

import (
	"gopkg.in/yaml.v3"

	"daylight.internal/rules/strictyaml"
)

type text = strictyaml.Value[string]

// document is one file as it is written. Names are resolved later, when all
// files have been read.
type document struct {
	Version     strictyaml.Value[int] `yaml:"version"`
	Mode        text                  `yaml:"mode"`
	Services    section               `yaml:"services"`
	Detectors   named[detectorEntry]  `yaml:"detectors"`
	DataClasses named[classEntry]     `yaml:"data_classes"`
	Groups      named[groupEntry]     `yaml:"groups"`
	Approvals   []approvalEntry       `yaml:"approvals"`
	Accounts    []accountEntry        `yaml:"accounts"`
	Rules       []ruleEntry           `yaml:"rules"`
	Tests       []testEntry           `yaml:"tests"`
}

type detectorEntry struct {
	Class     text  `yaml:"class,required"`
	Country   text  `yaml:"country"`
	Regexp    text  `yaml:"regexp"`
	Words     words `yaml:"words"`
	Columns   words `yaml:"columns"`
	Context   words `yaml:"context"`
	Validator text  `yaml:"validator"`
	AllowSlow bool  `yaml:"allow_slow"`
}

type classEntry struct {
	Detectors words `yaml:"detectors"`
	Words     words `yaml:"words"`
	Columns   words `yaml:"columns"`
}

type groupEntry struct {
	Networks words `yaml:"networks"`
	Users    words `yaml:"users"`
	Mode     text  `yaml:"mode"`
}

type approvalEntry struct {
	At         strictyaml.Position
	Service    text  `yaml:"service,required"`
	Status     text  `yaml:"status,required"`
	Groups     words `yaml:"groups"`
	Data       words `yaml:"data"`
	Owner      text  `yaml:"owner"`
	Assessment text  `yaml:"assessment"`
	Expires    text  `yaml:"expires"`
}

type ruleEntry struct {
	At      strictyaml.Position
	Name    text       `yaml:"name,required"`
	Match   matchEntry `yaml:"match,required"`
	Action  text       `yaml:"action,required"`
	Else    text       `yaml:"else"`
	Monitor bool       `yaml:"monitor"` // the same as mode: monitor
	Mode    text       `yaml:"mode"`
	Enforce text       `yaml:"enforce"`
	Message messages   `yaml:"message"`
}

type matchEntry struct {
	Traffic   text        `yaml:"traffic"`
	Groups    words       `yaml:"groups"`
	Users     words       `yaml:"users"`
	Service   words       `yaml:"service"`
	Services  words       `yaml:"services"` // the same as service
	Category  words       `yaml:"category"`
	Vendor    words       `yaml:"vendor"`
	Country   words       `yaml:"country"`
	Status    words       `yaml:"status"`
	Account   words       `yaml:"account"`
	Plan      words       `yaml:"plan"`
	Operation words       `yaml:"operation"`
	Method    words       `yaml:"method"`
	Host      words       `yaml:"host"`
	Coverage  words       `yaml:"coverage"`
	Bytes     text        `yaml:"bytes"`
	Data      dataEntries `yaml:"data"`
}

// dataEntries is one condition on content or a list of them, all of which must hold.
type dataEntries []dataEntry

type dataEntry struct {
	At         strictyaml.Position
	Class      text `yaml:"class"`
	Detector   text `yaml:"detector"`
	Count      text `yaml:"count"`
	People     text `yaml:"people"`
	Confidence text `yaml:"confidence"`
}

// DecodeYAML implements strictyaml.Decodable.
func (l *dataEntries) DecodeYAML(d *strictyaml.Decoder, n *yaml.Node) {
	if n.Kind == yaml.SequenceNode {
		var list []dataEntry
		d.Decode(n, &list)
		*l = append(*l, list...)
		return
	}
	var e dataEntry
	d.Decode(n, &e)
	*l = append(*l, e)
}

// plainData is a dataEntry without its own way of decoding.
type plainData dataEntry

// DecodeYAML implements strictyaml.Decodable: a class name alone stands for {class: name}.
func (e *dataEntry) DecodeYAML(d *strictyaml.Decoder, n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		e.At = d.Position(n)
		d.Decode(n, &e.Class)
		return
	}
	d.Decode(n, (*plainData)(e))
}

// section keeps a part of a file that another package decodes.
type section struct{ node *yaml.Node }

// DecodeYAML implements strictyaml.Decodable.
func (s *section) DecodeYAML(_ *strictyaml.Decoder, n *yaml.Node) { s.node = n }

// named is a mapping of names that the author chose, in the order of the file.
type named[T any] []entry[T]

type entry[T any] struct {
	Name text
	V    T
}

// DecodeYAML implements strictyaml.Decodable.
func (l *named[T]) DecodeYAML(d *strictyaml.Decoder, n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		d.Errorf(n, "write `name: …` lines here", "expected a mapping of names").ID = "wrong-type"
		return
	}
	for key, value := range d.Pairs(n) {
		var e entry[T]
		d.Decode(key, &e.Name)
		d.Decode(value, &e.V)
		*l = append(*l, e)
	}
}

// messages are texts by language.
type messages named[text]

// DecodeYAML implements strictyaml.Decodable.
func (m *messages) DecodeYAML(d *strictyaml.Decoder, n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		d.Errorf(n, "write it as {en: …, zh: …}", "a message is given by language").ID = "wrong-type"
		return
	}
	d.Decode(n, (*named[text])(m))
}

// words is a list of texts, or a single one. An empty list is a fault: whether
// it means everything or nothing, somebody would be surprised.
type words []text

// DecodeYAML implements strictyaml.Decodable.
func (w *words) DecodeYAML(d *strictyaml.Decoder, n *yaml.Node) {
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		d.Errorf(n, "leave the key out", "the list is empty").ID = "empty-value"
		return
	}
	d.Decode(n, (*strictyaml.Strings)(w))
}
