package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

// The Nordic numbers share shapes, so one passes for another by chance.
const (
	rareKennitala  = 0.91
	onlyDigitsHETU = 0.8
)

func nordic() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "se_personnummer", Name: "Swedish personal identity number", Class: personal, Country: "SE", Identity: "se_personnummer", Use: classifier.Form,
			Source: "Sweden, Folkbokföringslag (1991:481) § 18; Skatteverket SKV 704", Validator: "birth date, Luhn",
			Context: []string{"personnummer", "personnr", "pers.nr", "pnr", "samordningsnummer", "samordningsnr", "swedish personal number", "personal identity number",
				"personal number"},
			Columns: []classifier.Column{column("se_personnummer", true, nil, "personnummer", "personnr", "person nr", "pnr", "samordningsnummer")},
			Layouts: []string{"dddddd-dddd", "dddddd+dddd", "dddddddd-dddd", "dddddddd+dddd", "dddddddddd", "dddddddddddd"},
			Check:   personnummer, Confirm: noArticle,
			Examples: []string{
				"880320-0016", "personnummer 198803200016", "Personnr: 8803200016", "19880320-0016", "880380-0013",
			},
			NearMisses: []string{"880320-0017", "881320-0010", "8803200016", "198803200016", "880320-00166", "order 8803200016", "1880320-0016", "art.nr 880320-0016"},
		},
		{
			ID: "fi_hetu", Name: "Finnish personal identity code (HETU)", Class: personal, Country: "FI", Identity: "fi_hetu",
			Source: "Finland, Digital and Population Data Services Agency, personal identity code; Decree 690/2022 for the signs", Validator: "birth date, sign of the century, check character modulo 31",
			Columns:    []classifier.Column{column("fi_hetu", true, nil, "hetu", "henkilötunnus", "sosiaaliturvatunnus", "sotu", "personbeteckning")},
			Layouts:    []string{"dddddd-dddX", "dddddd+dddX", "ddddddAdddX"},
			Check:      hetu,
			Confirm:    hetuDigit,
			Examples:   []string{"131052-308T", "Henkilötunnus 131052A308T", "hetu: 131052b308t", "131052+308T"},
			NearMisses: []string{"131052-308U", "310252-308Y", "131052-308", "131052-308TT", "1131052-308T", "131052G308T", "131052-001U"},
		},
		{
			ID: "no_fodselsnummer", Name: "Norwegian birth number", Class: personal, Country: "NO", Identity: "no_fodselsnummer",
			Source: "Norway, Skatteetaten, fødselsnummer and D-nummer; Folkeregisterforskriften § 2-2-3", Validator: "birth date, two weighted sums modulo 11",
			Context: []string{"fødselsnummer", "fødselsnummeret", "fødselsnr", "fodselsnummer", "fnr", "personnummer", "d-nummer", "norwegian national id", "norwegian national identity", "norwegian birth number"},
			Columns: []classifier.Column{column("no_fodselsnummer", true, nil, "fødselsnummer", "fodselsnummer", "fnr", "personnummer", "d nummer", "fødselsnr")},
			Series:  true, Layouts: []string{"?ddddddddddd", "dddddd ddddd", "dddddd-ddddd", "dd dd dd ddddd"},
			Check: fodselsnummer, Confirm: bareDigits,
			Examples:   []string{"fnr 15108695088", "fødselsnummer 151086 95088", "D-nummer 551086 95071", "fnr: 15108695169"},
			NearMisses: []string{"15108695088", "ordre 15108695088", "fnr 15108695077", "15138695088", "1510869508", "151086950888", "00000000000", "151086 95089"},
		},
		{
			ID: "dk_cpr", Name: "Danish CPR number", Class: personal, Country: "DK", Identity: "dk_cpr", Use: classifier.Context,
			Source: "Denmark, CPR-kontoret, Personnummeret i CPR (numbers since 2007 may have no check digit)", Validator: "birth date",
			Context: []string{"cpr", "cpr-nummer", "cpr-nr", "cpr nr", "cpr nummer", "cprnr", "cprnummer", "cpr no", "cpr number", "dansk personnummer", "danish personal number",
				"sygesikring", "sundhedskort"},
			Columns:    []classifier.Column{column("dk_cpr", true, nil, "cpr", "cpr nr", "cpr nummer", "cprnr", "cprnummer", "cpr number")},
			Layouts:    []string{"dddddd-dddd", "dddddddddd", "dddddd dddd"},
			Check:      cpr,
			Examples:   []string{"CPR 211062-1009", "cpr-nr. 2110621009", "CPR-nummer: 010107 4000"},
			NearMisses: []string{"211062-1009", "CPR 511062-1009", "CPR 211362-1009", "CPR 211062-100", "CPR 211062-10099", "CPRX 211062-1009", "ordre 2110621009", "CPR 000000-0000"},
		},
		{
			ID: "is_kennitala", Name: "Icelandic kennitala", Class: personal, Country: "IS", Identity: "is_kennitala", Use: classifier.Form, Confidence: rareKennitala,
			Source: "Iceland, Registers Iceland (Þjóðskrá), kennitala", Validator: "birth date, weighted sum modulo 11",
			Context: []string{"kennitala", "kennitölu", "kennitölur", "kt.", "kt", "icelandic id", "kennitala number"},
			Columns: []classifier.Column{column("is_kennitala", true, nil, "kennitala", "kt")},
			Layouts: []string{"dddddd-dddd", "dddddddddd"},
			Check:   kennitala, Confirm: func(c *classifier.Candidate) bool {
				return noArticle(c) && (!c.NeedsContext || kennitalaSign.explain(c))
			},
			Examples:   []string{"120174-3399", "kennitala 1201743399", "kt. 150385-2029"},
			NearMisses: []string{"120174-3389", "320174-3399", "1201743399", "120174-339", "120174-33999", "pöntun 1201743399", "120174-3397", "x.kt=\"gember\",e.rc=1,case 82477:e-=1201743399"},
		},
	}
}

// personnummer checks date and Luhn; coordination numbers add 60 to the day.
func personnummer(b []byte) bool {
	ten := b[len(b)-10:]
	day := pair(ten, 4)
	if day > 60 {
		day -= 60
	}
	if len(b) == 12 {
		if !checksum.Date(number(b[:4]), pair(b, 4), day) {
			return false
		}
	} else if !shortDate(pair(ten, 0), pair(ten, 2), day) {
		return false
	}
	return checksum.Luhn(ten) && number(ten[6:]) > 0
}

const hetuLetters = "0123456789ABCDEFHJKLMNPRSTUVWXY"

// hetu checks date, the sign of the century, which a hyphen or plus leaves out of
// the value, the serial and the check character.
func hetu(b []byte) bool {
	n, century := len(b), 1900
	if n == 11 {
		switch {
		case b[6] >= 'A' && b[6] <= 'F':
			century = 2000
		case b[6] < 'U' || b[6] > 'Y':
			return false
		}
	}
	serial := number(b[n-4 : n-1])
	if serial < 2 || serial > 899 || !checksum.Date(century+pair(b, 4), pair(b, 2), pair(b, 0)) {
		return false
	}
	return hetuLetters[(number(b[:6])*1000+serial)%31] == b[n-1]
}

// hetuDigit trusts a code of digits and a hyphen less: other countries write theirs so.
func hetuDigit(c *classifier.Candidate) bool {
	if len(c.Value) == 10 && digit(c.Value[9]) {
		c.Confidence = onlyDigitsHETU
	}
	return true
}

// fodselsnummer checks date, century and both check digits; D-numbers add 40 to
// the day, H-numbers to the month.
func fodselsnummer(b []byte) bool {
	if checksum.Weighted(b, 3, 7, 6, 1, 8, 9, 4, 5, 2, 1)%11 != 0 || checksum.Weighted(b, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)%11 != 0 {
		return false
	}
	day, month := pair(b, 0), pair(b, 2)
	if day > 40 {
		day -= 40
	}
	if month > 40 {
		month -= 40
	}
	year, individual := pair(b, 4), number(b[6:9])
	switch {
	case individual < 500, year >= 40 && individual >= 900:
		year += 1900
	case year < 40:
		year += 2000
	default:
		return false // the nineteenth century
	}
	return checksum.Date(year, month, day)
}

// cpr checks the date alone: numbers without a check digit are issued since 2007.
func cpr(b []byte) bool { return shortDate(pair(b, 4), pair(b, 2), pair(b, 0)) }

// kennitala checks date, century and check digit; legal persons, with 40 added to
// the day, are none.
func kennitala(b []byte) bool {
	if b[9] != '9' && b[9] != '0' {
		return false
	}
	century := 1900
	if b[9] == '0' {
		century = 2000
	}
	return checksum.Weighted(b, 3, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0 && checksum.Date(century+pair(b, 4), pair(b, 2), pair(b, 0))
}

// kennitalaSign also is a name of code.
var kennitalaSign = reasonsOf(nil, []string{"kt"})
