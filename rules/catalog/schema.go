package catalog

import (
	"maps"
	"reflect"
	"slices"

	"daylight.internal/rules/strictyaml"
	"daylight.internal/rules/strictyaml/jsonschema"
)

// JSONSchema describes the services section of a policy file.
func JSONSchema(c jsonschema.Context) *jsonschema.Schema {
	return c.Of(reflect.TypeFor[[]serviceNode]())
}

// FileSchema describes a file of the embedded catalogue, in which more is needed.
func FileSchema() *jsonschema.Schema {
	s := jsonschema.Of(reflect.TypeFor[struct {
		Services []serviceNode `yaml:"services,required" doc:"AI services, one entry each"`
	}](), "AI services of the catalogue of Daylight", Vocabulary())
	service := s.Lookup("services").Items
	for _, p := range service.Properties {
		if !slices.Contains(service.Required, p.Name) && slices.Contains(needed(), p.Name) {
			service.Required = append(service.Required, p.Name)
		}
	}
	return s
}

// needed are the keys that an entry of the embedded catalogue has beside those
// that every entry has.
func needed() []string {
	return []string{"name", "vendor", "country", "category", "verified_on", "confidence"}
}

// JSONSchema implements jsonschema.Described.
func (*serviceList) JSONSchema(c jsonschema.Context) *jsonschema.Schema { return JSONSchema(c) }

// JSONSchema implements jsonschema.Described.
func (*hostNode) JSONSchema(c jsonschema.Context) *jsonschema.Schema {
	type plain hostNode
	return jsonschema.AnyOf(c.For("host_pattern").Text(), c.Of(reflect.TypeFor[plain]()))
}

// JSONSchema implements jsonschema.Described.
func (*hostPatterns) JSONSchema(c jsonschema.Context) *jsonschema.Schema { return c.TextOrList(0) }

// JSONSchema implements jsonschema.Described.
func (*accountNode) JSONSchema(c jsonschema.Context) *jsonschema.Schema {
	type plain accountNode
	return jsonschema.AnyOf(c.For("").TextOrList(0), c.Of(reflect.TypeFor[plain]()))
}

// Vocabulary are the values that the keys of a service may have.
func Vocabulary() jsonschema.Vocabulary {
	v := jsonschema.Vocabulary{
		"service_id":   {Name: "id", Pattern: serviceID.String(), Hint: "use lower-case letters, digits and hyphens"},
		"category":     {Name: "category", Words: Categories(), Open: true},
		"country":      {Name: "country code of ISO 3166-1", Pattern: countryCode.String(), Hint: "write two capital letters, such as US, CN or DE"},
		"host_pattern": {Name: "host"},
		"plan":         {Name: "plan", Words: Plans()},
		"operation": {Name: "kind of request", Words: []string{Prompt, Upload, Other}, Meanings: []string{
			"carries what a person or a program asks", "carries a file or a part of one", "anything else on a host of the service",
		}},
		"error_shape": {Name: "form of an error", Words: errorShapes()},
		"confidence": {Name: "foundation", Words: Confidences(), Meanings: []string{
			"the vendor documents it", "two or more independent programs agree", "one careful program does it", "one source", "only the hosts are known", "the author of a policy wrote it",
		}},
		"role":      {Name: "role", Words: []string{FilesRole, DraftsRole}},
		"pieces":    {Name: "way to put pieces together", Words: []string{string(Append), string(Edits)}},
		"training":  {Name: "answer", Words: TrainingAnswers(), Meanings: []string{"", "only for who agrees", "unless one objects", ""}},
		"https_url": {Name: "URL", Pattern: `^https://.`, Hint: "write the URL of a page, with https://"},
	}
	maps.Copy(v, strictyaml.Vocabulary())
	return v
}
