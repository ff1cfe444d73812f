package policyfile

import (
	"maps"
	"reflect"
	"slices"

	"daylight.internal/classifier"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/strictyaml/jsonschema"
)

// JSONSchema describes policy files. The names that the files of a policy
// declare are offered beside the built-in ones; names that nobody knows are not
// refused, for another file may declare them.
func JSONSchema(files []File, known Known) *jsonschema.Schema {
	source, _ := Load(files, known) // what can be read of a policy that is being written
	s := jsonschema.Of(reflect.TypeFor[document](), "A policy of Daylight", vocabulary(source, known))
	s.Required = []string{"version"}
	return s
}

// vocabulary are the values that the keys of a policy may have.
func vocabulary(source *Source, known Known) jsonschema.Vocabulary {
	v := closedWords()
	maps.Copy(v, catalog.Vocabulary())
	maps.Copy(v, forms())
	maps.Copy(v, openWords(source, known))
	return v
}

// closedWords are those of which a policy cannot have others.
func closedWords() jsonschema.Vocabulary {
	return jsonschema.Vocabulary{
		"mode":      {Name: "mode", Words: []string{"monitor", "enforce"}, Meanings: []string{"what would be blocked is only recorded", "what is blocked is stopped"}},
		"on_error":  {Name: "on_error", Words: []string{"block", "allow"}, Meanings: []string{"it is refused", "it goes through, and the event says so"}},
		"rule_mode": {Name: "mode", Words: []string{"monitor"}},
		"action": {Name: "action", Words: []string{"block", "log", "allow"}, Meanings: []string{
			"stop it before its first byte leaves, and tell the person why", "let it through and record what it holds", "let it through, not even read unless a rule above has to",
		}},
		"status":          {Name: "status", Words: statuses, Meanings: statusMeanings()},
		"approval_status": {Name: "status", Words: statuses[:3], Meanings: statusMeanings()[:3]},
		"traffic":         {Name: "traffic", Words: []string{"ai", "other", "any"}, Meanings: []string{"to AI services, known and unknown", "to all other sites", "both"}},
		"account": {Name: "kind of account", Words: rules.AccountKinds(), Meanings: []string{
			"with a tenant that the policy names under accounts", "signed in, and with another tenant or none", "by nobody", "by a program with a key", "nothing tells",
		}},
		"account_kind": {Name: "kind of account", Words: rules.AccountKinds()[:2]},
		"coverage": {Name: "coverage", Words: coverages(), Meanings: []string{
			"all of the body was read", "only the beginning was read", "its format cannot be read", "it was not read at all",
		}},
		"validator":      {Name: "check", Words: classifier.Validators()},
		"status_or_none": {Name: "status", Words: append(slices.Clone(statuses), ""), Meanings: append(statusMeanings(), "what is not AI has none")},
		"refusal":        {Name: "answer", Words: rules.Refusals()},
	}
}

func statusMeanings() []string {
	return []string{"approved", "known and accepted for now", "not to be used", "nobody decided about it: shadow AI"}
}

// forms are those of texts that are written in a certain way.
func forms() jsonschema.Vocabulary {
	const compared = `^ *(>=|>|<=|<|=) *[0-9]+`
	return jsonschema.Vocabulary{
		"name":    {Name: "name", Pattern: `^[a-z0-9][a-z0-9_.-]{0,79}$`, Hint: "use lower-case letters, digits, _, - and ."},
		"network": {Name: "network", Pattern: `^[0-9a-fA-F:.]+/[0-9]{1,3}$`, Hint: "write it as 10.20.0.0/16 or 2001:db8::/32"},
		"host":    {Name: "host", Pattern: `^[^/ ]+$`, Hint: "write a name such as chat.example.com or *.example.com"},
		"count":   {Name: "comparison", Pattern: compared + ` *$`, Hint: `write it as ">=10"; there are >=, >, <=, < and =`},
		"amount":  {Name: "number or comparison", Pattern: `^ *(>=|>|<=|<|=)? *[0-9]+ *$`, Hint: `write 3, or ">=3" in quotes`},
		"percent": {Name: "comparison in percent", Pattern: compared + `%? *$`, Hint: `write it as ">=80%"`},
		"bytes":   {Name: "comparison of a size", Pattern: compared + ` *(KiB|MiB|GiB|TiB|kB|KB|MB|GB|TB|B)? *$`, Hint: `write it as ">=1MiB"`},
		"share":   {Name: "percentage", Pattern: `^(100(\.00?)?|[0-9]{1,2}(\.[0-9]{1,2})?)%$`, Hint: "write it as 10% or 0.5%"},
		"url":     {Name: "URL", Pattern: `^(https?|wss?)://.`, Hint: "write it as https://chatgpt.com/backend-api/conversation"},
		"address": {Name: "address", Pattern: `^[0-9a-fA-F:.]+$`, Hint: "write it as 10.20.0.7"},
		"time":    {Name: "time", Pattern: `^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2}))?$`, Hint: "write it as 2027-03-31T12:00:00Z or 2027-03-31"},
		"language": {
			Name: "language", Words: []string{"en", "zh", "ru", "ar", "de", "fr", "es", "pt", "it", "ja", "ko"}, Open: true,
			Pattern: `^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$`, Hint: "use a language tag such as en, zh, ru or ar",
		},
		"method": {Name: "method", Words: []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}, Open: true, Pattern: `^[A-Za-z]+$`, Hint: "write a method of HTTP, such as POST"},
	}
}

// openWords are those of the catalogue, of the detectors and of the policy itself.
func openWords(source *Source, known Known) jsonschema.Vocabulary {
	open := func(name string, words []string) jsonschema.Values {
		return jsonschema.Values{Name: name, Words: words, Open: true}
	}
	var detectors, groups, ruleNames []string
	for _, d := range known.Detectors {
		detectors = append(detectors, d.ID)
	}
	for _, p := range source.Patterns {
		detectors = append(detectors, p.ID)
	}
	for _, g := range source.Policy.Groups {
		groups = append(groups, g.Name)
	}
	for _, r := range source.Policy.Rules {
		ruleNames = append(ruleNames, r.Name)
	}
	slices.Sort(detectors)
	named := forms()["name"]
	named.Name, named.Words, named.Open = "name of a class", slices.Sorted(maps.Keys(source.Classes)), true
	v := jsonschema.Vocabulary{
		"class_name": named,
		"class":      open("data class", slices.Sorted(maps.Keys(source.Classes))), "detector": open("id of a detector", detectors),
		"group": open("group", groups), "rule": open("name of a rule", ruleNames),
		"service": open("id of a service", nil), "service_or_suspected": open("id of a service", nil), "vendor": open("vendor", nil),
	}
	if c := source.Catalog; c != nil {
		categories, vendors := categoriesAndVendors(c)
		v["service"], v["service_or_suspected"] = open("id of a service", c.IDs()), open("id of a service", append([]string{rules.Suspected}, c.IDs()...))
		v["category"], v["vendor"] = open("category", categories), open("vendor", vendors)
	}
	return v
}
