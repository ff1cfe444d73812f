package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func canada() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "ca_sin", Name: "Canadian social insurance number", Class: personal, Country: "CA", Identity: "ca_sin", Use: classifier.Context,
			Source: "Employment and Social Development Canada, Social Insurance Number code of practice (Luhn)", Validator: "first digit not 0 or 8, Luhn",
			Context:    []string{"sin", "sin number", "social insurance", "social insurance number", "nas", "numéro d'assurance sociale", "assurance sociale", "n.a.s."},
			Columns:    []classifier.Column{column("ca_sin", true, nil, "sin", "sin number", "social insurance number", "nas", "numéro d assurance sociale")},
			Layouts:    []string{"ddd_ddd_ddd", "ddddddddd"},
			Check:      func(b []byte) bool { return b[0] != '0' && b[0] != '8' && checksum.Luhn(b) && !checksum.Uniform(b) },
			Confirm:    acronym("SIN"),
			Examples:   []string{"SIN 123 456 782", "Social Insurance Number: 123456782", "NAS : 130-692-544", "sin: 130 692 544"},
			NearMisses: []string{"123 456 782", "123456782", "SIN 123 456 783", "SIN 046 454 286", "SIN 123 456 7820", "sin embargo, el pedido llega el lunes: 123 456 782", "sincere 123456782"},
		},
		{
			ID: "ca_health_card", Name: "Canadian health card (Ontario, Quebec, British Columbia)", Class: personal, Country: "CA", Identity: "ca_health_card", Use: classifier.Context,
			Source: "Ontario Ministry of Health (Luhn and version code); RAMQ (birth date); British Columbia PHN (modulus 11)", Validator: "Luhn (Ontario), birth date (Quebec), weighted sum modulo 11 (British Columbia)",
			Context: []string{
				"health card", "health number", "ohip", "hc", "ramq", "phn", "personal health number", "health insurance number", "msp", "carte d'assurance maladie", "assurance maladie",
				"carte santé", "carte soleil", "nam", "numéro d'assurance maladie",
			},
			Columns: []classifier.Column{column("ca_health_card", true, nil, "ohip", "ohip number", "health card number", "ramq", "phn", "personal health number", "health card", "numéro d assurance maladie")},
			Layouts: []string{
				"dddddddddd", "dddd_ddd_ddd", "ddddddddddAA", "dddd_ddd_ddd_AA", "dddd ddd ddd-AA", "AAAAdddddddd", "AAAA_dddd_dddd", "AAAA dddddddd",
			},
			Check: healthCard,
			Examples: []string{
				"OHIP 9876-543-217", "health card 1234 567 897 AB", "RAMQ TREM 8451 1212", "PHN 9123 456 125", "numéro d'assurance maladie : TREM84511212",
			},
			NearMisses: []string{
				"9876-543-217", "TREM84511212", "OHIP 9876-543-216", "RAMQ TREM 8433 1212", "health card 1234 567 8970 AB", "RAMQ TREM 8471 1212", "wealth card 1234 567 897",
			},
		},
	}
}

// healthCard tells the provinces' numbers apart by their letters.
func healthCard(b []byte) bool {
	if letter(b[0]) { // Quebec: women add 50 to the month
		month := number(b[6:8])
		if month > 50 {
			month -= 50
		}
		year, day := number(b[4:6]), number(b[8:10])
		return checksum.Date(1900+year, month, day) || checksum.Date(2000+year, month, day)
	}
	if checksum.Uniform(b[:10]) {
		return false
	}
	return checksum.Luhn(b[:10]) || len(b) == 10 && columbia(b)
}

// columbia checks a personal health number of British Columbia.
func columbia(b []byte) bool {
	return b[0] == '9' && 11-checksum.Weighted(b[1:], 2, 4, 8, 5, 10, 9, 7, 3)%11 == int(b[9]-'0')
}
