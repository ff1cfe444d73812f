package policyfile

import (
	"reflect"

	"gopkg.in/yaml.v3"

	"daylight.internal/rules/catalog"
	"daylight.internal/rules/strictyaml"
	"daylight.internal/rules/strictyaml/jsonschema"
)

type text = strictyaml.Value[string]

// document is one file as it is written. Names are resolved later, when all
// files have been read.
type document struct {
	Version     strictyaml.Value[int] `yaml:"version" doc:"version of the format: 1" const:"1"`
	Mode        text                  `yaml:"mode" doc:"'monitor': what the rules would block is only recorded" values:"mode" default:"enforce" example:"monitor"`
	OnError     text                  `yaml:"on_error" doc:"for the rules of this file that block and say nothing of it; left out: on_error of the configuration" values:"on_error" example:"allow"`
	Services    section               `yaml:"services" doc:"entries of your own for the catalogue of AI services; one with the id of a built-in service replaces it"`
	Detectors   named[detectorEntry]  `yaml:"detectors" doc:"detectors of your own, by id" values:"name"`
	DataClasses named[classEntry]     `yaml:"data_classes" doc:"data classes of your own, by name; one with the name of a built-in class adds to it" values:"class_name"`
	Groups      named[groupEntry]     `yaml:"groups" doc:"who your people are, by name of the group; a client is in every group that names its network or its user" values:"name"`
	Approvals   []approvalEntry       `yaml:"approvals" doc:"what the company decided about services; without an approval a service is 'unreviewed'"`
	Accounts    []accountEntry        `yaml:"accounts" doc:"the accounts of services that are the company's own"`
	Rules       []ruleEntry           `yaml:"rules" doc:"what must happen: the first rule whose conditions all hold decides, over all files in the order of their names"`
	Tests       []testEntry           `yaml:"tests" doc:"requests and what must become of them"`
}

type detectorEntry struct {
	Faulty    bool
	Class     text  `yaml:"class,required" doc:"the data class that it counts for" values:"class" example:"personal"`
	Country   text  `yaml:"country" doc:"whose number it is" values:"country" example:"DE"`
	Regexp    text  `yaml:"regexp" doc:"an RE2 expression; give it a literal, a digit or a sign to find it by" example:"'LC-\\d{8}'"`
	Words     words `yaml:"words" doc:"a dictionary instead of an expression: whole words, in any case" example:"[Heron, Project Heron]"`
	Columns   words `yaml:"columns" doc:"names of columns and keys under which any value counts" example:"[loyalty_no, member_id]"`
	Context   words `yaml:"context" doc:"words of which one must be near" example:"[loyalty, member]"`
	Validator text  `yaml:"validator" doc:"a check that the value must pass" values:"validator" example:"luhn"`
	AllowSlow bool  `yaml:"allow_slow" doc:"'true': no warning of an expression that is slow to find" default:"false" example:"true"`
}

type classEntry struct {
	Faulty    bool
	Detectors words `yaml:"detectors" doc:"ids of detectors that belong to it" values:"detector" example:"[email, phone]"`
	Words     words `yaml:"words" doc:"a dictionary: whole words, in any case" example:"[Project Heron, Heron launch]"`
	Columns   words `yaml:"columns" doc:"names of columns and keys under which any value counts" example:"[launch_date]"`
}

type groupEntry struct {
	Faulty   bool
	Networks words `yaml:"networks" doc:"prefixes of the addresses of its clients" values:"network" example:"[10.20.0.0/16]"`
	Users    words `yaml:"users" doc:"names of signed-in users, in any case; '*' stands for any text" example:"['*@marketing.corp.example']"`
	Mode     text  `yaml:"mode" doc:"for its clients, instead of the mode of the files: 'enforce' for a pilot group, while all others are monitored" values:"mode" example:"enforce"`
}

type approvalEntry struct {
	At         strictyaml.Position
	Service    text  `yaml:"service,required" doc:"id in the catalogue" values:"service" example:"openai-api"`
	Status     text  `yaml:"status,required" doc:"what was decided" values:"approval_status" example:"sanctioned"`
	Groups     words `yaml:"groups" doc:"for whom; left out: everybody" values:"group" example:"[marketing]"`
	Data       words `yaml:"data" doc:"data classes that it speaks of; left out: any. A request that holds another class is not covered; 'prohibited' covers each request that holds one of them" values:"class" example:"[campaign_performance]"`
	Owner      text  `yaml:"owner" doc:"who answers for it; recorded" example:"mops@corp.example"`
	Assessment text  `yaml:"assessment" doc:"number of the risk assessment; recorded" example:"RA-2026-014"`
	Expires    text  `yaml:"expires" doc:"last day, in UTC, on which it holds; then the service is unreviewed again. 'daylight check' warns 30 days before" values:"date" example:"2035-03-31"`
}

type ruleEntry struct {
	At      strictyaml.Position
	Name    text       `yaml:"name,required" doc:"shown in events and in the answers to programs; unique over all files" example:"customer lists stay home"`
	Match   matchEntry `yaml:"match,required" doc:"conditions, all of which must hold; several values of one condition mean one of them. '{}' matches all AI traffic" example:"{status: [unreviewed, prohibited], data: personal}"`
	Action  text       `yaml:"action,required" doc:"what happens to a request that matches" values:"action" example:"block"`
	Else    text       `yaml:"else" doc:"-"`
	Monitor bool       `yaml:"monitor" doc:"'true': the same as 'mode: monitor'" default:"false" example:"true"`
	Mode    text       `yaml:"mode" doc:"'monitor': only record what would be done" values:"rule_mode" example:"monitor"`
	Enforce text       `yaml:"enforce" doc:"of a rule that blocks: the share of people for whom it does, always the same ones; for the others it only records what would be done" values:"share" default:"100%" example:"10%"`
	OnError text       `yaml:"on_error" doc:"of a rule that blocks: what becomes of a request that it might have stopped, when Daylight fails to judge it; left out: on_error of the file" values:"on_error" example:"block"`
	Message messages   `yaml:"message" doc:"what people read when they are blocked, by language; they see the one that fits their browser, else the English one, else the first by name. Say what to do in a short first sentence: where a WebSocket is closed there is room for 123 bytes" values:"language" example:"{en: Ask marketing operations for the approved tool.}"`
}

type matchEntry struct {
	Traffic   text        `yaml:"traffic" doc:"which traffic the rule speaks of" values:"traffic" default:"ai" example:"other"`
	Groups    words       `yaml:"groups" doc:"the client is in one of these groups" values:"group" example:"[marketing]"`
	Users     words       `yaml:"users" doc:"the client signed in with such a name; '*' stands for any text" example:"['*@agency.example']"`
	Service   words       `yaml:"service" doc:"id in the catalogue; 'suspected' is AI that no list knows" values:"service_or_suspected" example:"[chatgpt, claude]"`
	Services  words       `yaml:"services" doc:"the same as 'service'" values:"service_or_suspected" example:"[chatgpt]"`
	Category  words       `yaml:"category" doc:"kind of service, as the catalogue says" values:"category" example:"[chat, writing]"`
	Vendor    words       `yaml:"vendor" doc:"vendor of the service, as the catalogue says, in any case" values:"vendor" example:"[OpenAI]"`
	Country   words       `yaml:"country" doc:"home of the vendor, as the catalogue says" values:"country" example:"[CN]"`
	Status    words       `yaml:"status" doc:"what the company decided about the service, for this client and this content" values:"status" example:"[unreviewed, prohibited]"`
	Account   words       `yaml:"account" doc:"whose account of the service is used" values:"account" example:"[private, anonymous]"`
	Plan      words       `yaml:"plan" doc:"the vendor's plan, where the host or the account tells it" values:"plan" example:"[free, personal]"`
	Operation words       `yaml:"operation" doc:"what the request does" values:"operation" example:"[prompt, upload]"`
	Method    words       `yaml:"method" doc:"method of the request, in any case" values:"method" example:"POST"`
	Host      words       `yaml:"host" doc:"host of the request: exact, or '*.example.com' for its subdomains" values:"host" example:"[www.dropbox.com, '*.dropbox.com']"`
	Coverage  words       `yaml:"coverage" doc:"how much of the body could be read" values:"coverage" example:"[truncated, undecodable]"`
	Bytes     text        `yaml:"bytes" doc:"size of the body" values:"bytes" example:"'>=1MiB'"`
	Data      dataEntries `yaml:"data" doc:"what was found in the body: a data class, a mapping, or a list of these, all of which must hold" values:"class" example:"{class: personal, people: '>=10'}"`
}

// dataEntries is one condition on content or a list of them, all of which must hold.
type dataEntries []dataEntry

type dataEntry struct {
	At         strictyaml.Position
	Faulty     bool
	Class      text `yaml:"class" doc:"a data class, built-in or your own" values:"class" example:"personal"`
	Detector   text `yaml:"detector" doc:"one detector, built-in or your own" values:"detector" example:"email"`
	Count      text `yaml:"count" doc:"values found; without a comparison one is enough" values:"count" example:"'>=3'"`
	People     text `yaml:"people" doc:"distinct individuals that the body names" values:"count" example:"'>=10'"`
	Confidence text `yaml:"confidence" doc:"of the best finding, in percent" values:"percent" example:"'>=80%'"`
}

// JSONSchema implements jsonschema.Described.
func (*dataEntries) JSONSchema(c jsonschema.Context) *jsonschema.Schema {
	return jsonschema.AnyOf(c.Of(reflect.TypeFor[dataEntry]()), c.Of(reflect.TypeFor[[]dataEntry]()))
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

// JSONSchema implements jsonschema.Described.
func (*dataEntry) JSONSchema(c jsonschema.Context) *jsonschema.Schema {
	return jsonschema.AnyOf(c.For("class").Text(), c.Of(reflect.TypeFor[plainData]()))
}

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

// JSONSchema implements jsonschema.Described.
func (*section) JSONSchema(c jsonschema.Context) *jsonschema.Schema { return catalog.JSONSchema(c) }

// DecodeYAML implements strictyaml.Decodable.
func (s *section) DecodeYAML(_ *strictyaml.Decoder, n *yaml.Node) { s.node = n }

// named is a mapping of names that the author chose, in the order of the file.
type named[T any] []entry[T]

type entry[T any] struct {
	Name text
	V    T
}

// JSONSchema implements jsonschema.Described.
func (*named[T]) JSONSchema(c jsonschema.Context) *jsonschema.Schema {
	return c.Mapping(reflect.TypeFor[T]())
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

// JSONSchema implements jsonschema.Described.
func (*messages) JSONSchema(c jsonschema.Context) *jsonschema.Schema {
	return c.Mapping(reflect.TypeFor[text]())
}

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

// JSONSchema implements jsonschema.Described.
func (*words) JSONSchema(c jsonschema.Context) *jsonschema.Schema { return c.TextOrList(1) }

// DecodeYAML implements strictyaml.Decodable.
func (w *words) DecodeYAML(d *strictyaml.Decoder, n *yaml.Node) {
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		d.Errorf(n, "leave the key out", "the list is empty").ID = "empty-value"
		return
	}
	d.Decode(n, (*strictyaml.Strings)(w))
}
