package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func americas() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "us_ssn", Name: "US social security number", Class: personal, Country: "US", Identity: "us_ssn", Use: classifier.Form,
			Source:  "US Social Security Administration, number randomization (POMS RM 10201.035)",
			Context: []string{"ssn", "social security", "social sec", "taxpayer"},
			Columns: []classifier.Column{column("us_ssn", true, nil, "ssn", "social security number", "social security")},
			Layouts: []string{"ddd-dd-dddd", "ddd dd dddd", "ddddddddd"},
			Check:   ssn,
			Examples: []string{
				"536-90-4399", "536 90 4399", "SSN: 536904399", "social security number 536904399", "my SSN is 123-45-6789",
			},
			NearMisses: []string{
				"666-90-4399", "000-12-3456", "912-34-5678", "536-00-4399", "536-90-0000", "078-05-1120", "219-09-9999",
				"536904399", "1536-90-4399", "536-90-43991", "invoice 536904399", "123456789",
			},
		},
		{
			ID: "br_cpf", Name: "Brazilian CPF", Class: personal, Country: "BR", Identity: "br_cpf", Use: classifier.Form,
			Source:  "Receita Federal do Brasil, Cadastro de Pessoas Físicas",
			Context: []string{"cpf", "contribuinte", "cadastro de pessoas físicas"},
			Columns: []classifier.Column{column("br_cpf", true, nil, "cpf")},
			Layouts: []string{"ddd.ddd.ddd-dd", "ddddddddd-dd", "ddddddddddd"},
			Check:   cpf,
			Examples: []string{
				"390.533.447-05", "390533447-05", "CPF 39053344705",
			},
			NearMisses: []string{"390.533.447-06", "39053344705", "111.111.111-11", "order 39053344705", "390.533.447.05"},
		},
	}
}

func ssn(b []byte) bool {
	area, group, serial := number(b[:3]), number(b[3:5]), number(b[5:])
	switch {
	case area == 0 || area == 666 || area >= 900 || group == 0 || serial == 0:
		return false
	}
	switch string(b) { // printed in advertisements, so withdrawn
	case "078051120", "219099999":
		return false
	}
	return !checksum.Uniform(b)
}

func cpf(b []byte) bool {
	first := checksum.Weighted(b, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10
	second := checksum.Weighted(b, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10
	return int(b[9]-'0') == first && int(b[10]-'0') == second && !checksum.Uniform(b)
}
