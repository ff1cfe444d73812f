package detect

import (
	"bytes"
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func europe() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "gb_nino", Name: "UK national insurance number", Class: personal, Country: "GB", Identity: "gb_nino", Use: classifier.Form,
			Source:     "HMRC National Insurance Manual, NIM39110",
			Columns:    []classifier.Column{column("gb_nino", true, nil, "nino", "ni number", "national insurance", "national insurance number")},
			Layouts:    []string{"AAddddddA", "AA dd dd dd A", "AA-dd-dd-dd-A", "AA dddddd A"},
			Check:      nino,
			Examples:   []string{"AB123456C", "NI number AB 12 34 56 C.", "ab123456c", "AB-12-34-56-C"},
			NearMisses: []string{"GB123456C", "AO123456C", "DA123456C", "AB123456E", "XAB123456C", "AB123456CX", "AB12345C"},
		},
		{
			ID: "gb_nhs", Name: "UK NHS number", Class: personal, Country: "GB", Identity: "gb_nhs", Use: classifier.Context,
			Source:     "NHS Data Model and Dictionary, NHS NUMBER",
			Context:    []string{"nhs", "nhs number", "nhs no", "patient", "patient id"},
			Columns:    []classifier.Column{column("gb_nhs", true, nil, "nhs number", "nhs no", "nhs")},
			Layouts:    []string{"dddddddddd", "ddd_ddd_dddd"},
			Check:      nhs,
			Examples:   []string{"NHS number 943 476 5919", "nhs: 9434765919", "patient 943-476-5919"},
			NearMisses: []string{"9434765919", "NHS 9434765910", "943 476 5919", "NHSX 9434765919", "NHS 0000000000"},
		},
		{
			ID: "es_dni", Name: "Spanish DNI", Class: personal, Country: "ES", Identity: "es_dni", Use: classifier.Form,
			Source:     "Spain, Real Decreto 1553/2005; control letter table of the Ministry of the Interior",
			Columns:    []classifier.Column{column("es_dni", true, nil, "dni", "nif", "documento nacional de identidad")},
			Layouts:    []string{"ddddddddA", "dddddddd_A", "dd.ddd.dddA", "dd.ddd.ddd-A"},
			Check:      dni,
			Examples:   []string{"54362315K", "DNI 54362315-K", "54.362.315-k"},
			NearMisses: []string{"54362315E", "54362315", "154362315K", "54362315KA", "00000000T"},
		},
		{
			ID: "es_nie", Name: "Spanish NIE", Class: personal, Country: "ES", Identity: "es_dni",
			Source:     "Spain, Real Decreto 557/2011; control letter table of the Ministry of the Interior",
			Columns:    []classifier.Column{column("es_nie", true, nil, "nie")},
			Layouts:    []string{"AdddddddA", "A-ddddddd-A", "A-dddddddA"},
			Check:      nie,
			Examples:   []string{"X2482300W", "NIE X-2482300-W"},
			NearMisses: []string{"X2482300A", "W2482300W", "X248230W", "XX2482300W"},
		},
		{
			ID: "it_codice_fiscale", Name: "Italian codice fiscale", Class: personal, Country: "IT", Identity: "it_codice_fiscale",
			Source:     "Italy, Decreto del Ministero delle Finanze 23 December 1976",
			Columns:    []classifier.Column{column("it_codice_fiscale", true, nil, "codice fiscale", "cod fiscale", "cf")},
			Anchor:     classifier.AnchorWord,
			Opening:    "AAAAAA",
			Match:      matchCodiceFiscale,
			Check:      codiceFiscale,
			Examples:   []string{"RCCMNL83S18D969H", "C.F. rccmnl83s18d969h", "CF RCCMNL83S18D96VW"},
			NearMisses: []string{"RCCMNL83S18D969I", "RCCMNL83S18D969", "RCCMNL83S18D969HX", "RC1MNL83S18D969H"},
		},
		{
			ID: "de_steuer_id", Name: "German tax identification number", Class: personal, Country: "DE", Identity: "de_steuer_id", Use: classifier.Context,
			Source: "Germany, Bundeszentralamt für Steuern, § 139b AO",
			Context: []string{"steuer-id", "steuerid", "steuer id", "steuer-idnr", "idnr", "steueridentifikationsnummer", "steuerliche identifikationsnummer",
				"identifikationsnummer", "tax id", "steuernummer", "tin"},
			Columns:    []classifier.Column{column("de_steuer_id", true, nil, "steuer id", "steueridentifikationsnummer", "idnr", "steuernummer")},
			Layouts:    []string{"ddddddddddd", "dd ddd ddd ddd"},
			Check:      steuerID,
			Examples:   []string{"Steuer-ID 36574261809", "IdNr. 36 574 261 809", "steuerliche Identifikationsnummer: 36574261809"},
			NearMisses: []string{"36574261809", "Steuer-ID 36574261800", "Steuer-ID 06574261809", "Bestellung 36574261809"},
		},
		{
			ID: "fr_nir", Name: "French social security number (NIR)", Class: personal, Country: "FR", Identity: "fr_nir",
			Source:     "France, INSEE, numéro d'inscription au répertoire",
			Columns:    []classifier.Column{column("fr_nir", true, nil, "nir", "numéro de sécurité sociale", "sécurité sociale", "insee")},
			Layouts:    []string{"ddddddXdddddddd", "d dd dd dX ddd ddd dd", "d dd dd dX ddd ddd-dd", "ddddddXdddddd dd"},
			Check:      nir,
			Examples:   []string{"295099999900685", "2 95 09 99 999 006 85", "NIR 2950999999006 85"},
			NearMisses: []string{"295099999900686", "995099999900685", "295199999900685", "29509999990068"},
		},
	}
}

func nino(b []byte) bool {
	if strings.IndexByte("DFIQUV", b[0]) >= 0 || strings.IndexByte("DFIOQUV", b[1]) >= 0 || b[8] > 'D' {
		return false
	}
	switch string(b[:2]) {
	case "BG", "GB", "NK", "KN", "TN", "NT", "ZZ":
		return false
	}
	return true
}

func nhs(b []byte) bool {
	check := 11 - checksum.Weighted(b, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11
	return check%11 == int(b[9]-'0') && check != 10 && !checksum.Uniform(b)
}

const dniLetters = "TRWAGMYFPDXBNJZSQVHLCKE"

func dni(b []byte) bool {
	return b[8] == dniLetters[number(b[:8])%23] && !checksum.Uniform(b[:8])
}

func nie(b []byte) bool {
	if b[0] < 'X' || b[0] > 'Z' {
		return false
	}
	return b[8] == dniLetters[(int(b[0]-'X')*10000000+number(b[1:8]))%23]
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
	if b[15] != byte('A'+sum%26) || bytes.IndexByte([]byte("ABCDEHLMPRST"), b[8]) < 0 || !letter(b[11]) {
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
	day := number(plain[2:4])
	return day >= 1 && day <= 31 || day >= 41 && day <= 71
}

// steuerID checks that one digit among the first ten repeats, and no other, and
// ISO/IEC 7064 mod 11,10.
func steuerID(b []byte) bool {
	var times [10]int
	for _, c := range b[:10] {
		times[c-'0']++
	}
	repeated := 0
	for _, n := range times {
		if n > 3 {
			return false
		}
		if n > 1 {
			repeated++
		}
	}
	return b[0] != '0' && repeated == 1 && checksum.Mod11_10(b)
}

// nir checks sex, month and the key; Corsica writes 2A and 2B.
func nir(b []byte) bool {
	var plain [15]byte
	copy(plain[:], b)
	switch b[6] {
	case 'A':
		plain[5], plain[6] = '1', '9'
	case 'B':
		plain[5], plain[6] = '1', '8'
	}
	if !checksum.Digits(plain[:]) || plain[0] < '1' || plain[0] > '4' && plain[0] != '7' && plain[0] != '8' {
		return false
	}
	month := number(plain[3:5])
	if month < 1 || month > 12 && month < 20 || month > 42 && month < 50 {
		return false
	}
	return 97-checksum.Mod(plain[:13], 97) == number(plain[13:])
}
