package detect

import (
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func italy() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "it_codice_fiscale", Name: "Italian codice fiscale", Class: personal, Country: "IT", Identity: "it_codice_fiscale",
			Source: "Italy, Decreto del Ministero delle Finanze 23 December 1976", Validator: "birth date, check letter modulo 26",
			Columns: []classifier.Column{column("it_codice_fiscale", true, nil, "codice fiscale", "cod fiscale", "cf")},
			Layouts: []string{"AAA AAA ddAdd AdddA"},
			Anchor:  classifier.AnchorWord, Opening: "AAAAAA",
			Match:      matchCodiceFiscale,
			Check:      codiceFiscale,
			Examples:   []string{"RCCMNL83S18D969H", "C.F. rccmnl83s18d969h", "CF RCCMNL83S18D96VW", "RCC MNL 83S18 D969H"},
			NearMisses: []string{"RCCMNL83S18D969I", "RCCMNL83S18D969", "RCCMNL83S18D969HX", "RC1MNL83S18D969H"},
		},
		{
			ID: "it_partita_iva", Name: "Italian VAT number (partita IVA)", Class: company, Country: "IT", Use: classifier.Context,
			Source: "Italy, Decreto del Presidente della Repubblica 633/1972, art. 35; Agenzia delle Entrate", Validator: "issuing office, Luhn",
			Context:    []string{"partita iva", "p. iva", "p.iva", "p iva", "piva", "p.i.", "part. iva", "iva", "idfiscaleiva", "vat number"},
			Columns:    []classifier.Column{column("it_partita_iva", false, nil, "partita iva", "p iva", "piva", "numero partita iva")},
			Layouts:    []string{"ddddddddddd", "ddddd dddddd", "ddd dddd dddd"},
			Check:      partitaIVA,
			Examples:   []string{"P. IVA 00743110157", "Partita IVA: 00743110157", "p.iva 00743110157"},
			NearMisses: []string{"00743110157", "P.IVA 00743110158", "P.IVA 0074311015", "P.IVA 007431101570", "ordine 00743110157", "P.IVA 00000000000"},
		},
	}
}

// Letters that stand for digits when two people would share a code, and the
// values of the characters in odd places.
const omocodia = "LMNPQRSTUV"

var oddValues = [36]int{
	1, 0, 5, 7, 9, 13, 15, 17, 19, 21, // 0-9
	1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23, // A-Z
}

// matchCodiceFiscale takes a token of sixteen that begins with six letters.
func matchCodiceFiscale(c *classifier.Candidate) bool {
	c.End = c.At + 16
	if c.End > len(c.Text) || word(at(c.Text, c.End)) {
		return false
	}
	for _, b := range c.Text[c.At:c.End] {
		if !word(b) || len(c.Value) < 6 && !letter(b) {
			return false
		}
		c.Value = append(c.Value, upper(b))
	}
	return true
}

func codiceFiscale(b []byte) bool {
	sum := 0
	for i, c := range b[:15] {
		n := int(c - '0')
		if letter(c) {
			n = int(c-'A') + 10
		}
		switch {
		case i%2 == 0:
			sum += oddValues[n]
		case n >= 10:
			sum += n - 10
		default:
			sum += n
		}
	}
	if b[15] != byte('A'+sum%26) || !letter(b[11]) {
		return false
	}
	var plain [7]byte
	for i, place := range []int{6, 7, 9, 10, 12, 13, 14} {
		plain[i] = b[place]
		if letter(plain[i]) {
			n := strings.IndexByte(omocodia, plain[i])
			if n < 0 {
				return false
			}
			plain[i] = byte('0' + n)
		}
	}
	day := pair(plain[:], 2)
	if day > 40 {
		day -= 40 // women
	}
	return shortDate(pair(plain[:], 0), strings.IndexByte("ABCDEHLMPRST", b[8])+1, day)
}

// partitaIVA checks the number of the office that issued it, and the check digit.
func partitaIVA(b []byte) bool {
	office := number(b[7:10])
	known := office >= 1 && office <= 100 || office == 120 || office == 121 || office == 888 || office == 999
	return known && number(b[:7]) > 0 && checksum.Luhn(b)
}
