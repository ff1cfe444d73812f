package main

import (
	"maps"

	"daylight.internal/rules/strictyaml"
	"daylight.internal/rules/strictyaml/jsonschema"
)

// configVocabulary are the values that the keys of the configuration may have,
// for editors.
func configVocabulary() jsonschema.Vocabulary {
	v := jsonschema.Vocabulary{
		"mode": {Name: "mode", Words: []string{"enforce", "monitor"}, Meanings: []string{"what is blocked is stopped", "what would be blocked is only recorded"}},
		"intercept": {Name: "choice", Words: []string{"all", "catalogued", "none"}, Meanings: []string{
			"all but those of the bypass list", "only those to hosts of the catalogue", "none: what is sent is not read",
		}},
		"on_error":           {Name: "choice", Words: []string{"block", "allow"}},
		"event_type":         {Name: "kind of store", Words: []string{"file"}},
		"listen":             {Name: "address and port", Pattern: `^[^ ]*:[0-9]{1,5}$`, Hint: `write it as "127.0.0.1:8080", or ":8080" for every interface`},
		"network_or_address": {Name: "network", Pattern: `^[0-9a-fA-F:.]+(/[0-9]{1,3})?$`, Hint: "write it as 10.0.0.0/8 or 2001:db8::/32"},
		"host":               {Name: "host", Pattern: `^[^/: ]+$`, Hint: `write bank.example, or "*.bank.example" for its subdomains`},
		"proxy_url":          {Name: "URL", Pattern: `^https?://.`, Hint: "write it as http://parent.example:3128"},
	}
	maps.Copy(v, strictyaml.Vocabulary())
	return v
}
