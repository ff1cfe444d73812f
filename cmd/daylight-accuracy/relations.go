package main

import (
	"slices"
	"strings"

	"daylight.internal/rules/engine/accuracy"
)

// related says when the finding of one detector is right for a planted value of
// another. docs/accuracy.md lists the rules in words; relationRules holds them.
func related(found, expected string) accuracy.Relation {
	for _, rule := range relationRules() {
		if rule.found(found) && rule.expected(expected) {
			return rule.relation
		}
	}
	return accuracy.Unrelated
}

type relationRule struct {
	text            string
	found, expected func(id string) bool
	relation        accuracy.Relation
}

func relationRules() []relationRule {
	one := func(ids ...string) func(string) bool { return func(id string) bool { return slices.Contains(ids, id) } }
	ending := func(suffixes ...string) func(string) bool {
		return func(id string) bool {
			return slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(id, suffix) })
		}
	}
	credential := ending("_key", "_token", "_secret", "jwt", "connection_string", "basic_auth_url")
	return []relationRule{
		{"a Chinese mobile number that is found as a phone number", one("phone"), one("cn_mobile"), accuracy.Same},
		{"a passport number of one country that is found as one of another, when the text says only “passport”", ending("_passport"), ending("_passport"), accuracy.Same},
		{"a number plate of one country that is found as one of another, when the text says only “number plate”", ending("_vehicle_plate"), ending("_vehicle_plate"), accuracy.Same},
		{"a bank code in a column that says so, found as `column_swift_bic`", one("column_swift_bic"), one("swift_bic"), accuracy.Same},
		{"a number of a person in a column that says so, found as `column_national_id`", one("column_national_id"), personal, accuracy.Same},
		{"a VAT number that is found as the company's national number in it", one("fr_siren", "it_partita_iva", "pl_nip", "es_cif"), one("eu_vat"), accuracy.Same},
		{"a temporary access key of AWS that is found as such", one("aws_session_key"), one("aws_access_key"), accuracy.Same},
		{"a credential that is found by its place and not by its vendor", one("password_assignment", "api_key_assignment", "column_secret", "connection_string", "basic_auth_url", "url_token", "http_authorization"), credential, accuracy.Same},
		{"a postcode or a street in an address: right, but the address is not found by it", one("postcode", "column_postcode", "column_address"), one("postal_address"), accuracy.Part},
	}
}

// personal tells the numbers of persons by their detectors.
func personal(id string) bool {
	country, rest, found := strings.Cut(id, "_")
	return found && len(country) == 2 && !slices.Contains([]string{"plate", "account"}, rest[strings.LastIndexByte(rest, '_')+1:])
}
