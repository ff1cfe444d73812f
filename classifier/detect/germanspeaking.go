package detect

import (
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

// germanSpeaking returns the numbers of Germany, Austria and Switzerland.
func germanSpeaking() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "de_steuer_id", Name: "German tax identification number", Class: personal, Country: "DE", Identity: "de_steuer_id", Use: classifier.Context,
			Source: "Germany, Bundeszentralamt für Steuern, § 139b AO", Validator: "one digit repeated, ISO 7064 mod 11,10",
			Context: []string{"steuer-id", "steuerid", "steuer id", "steuer-idnr", "idnr", "steueridentifikationsnummer", "steuerliche identifikationsnummer",
				"identifikationsnummer", "tax id", "steuernummer", "tin"},
			Columns:    []classifier.Column{column("de_steuer_id", true, nil, "steuer id", "steueridentifikationsnummer", "idnr", "steuernummer")},
			Layouts:    []string{"ddddddddddd", "dd ddd ddd ddd"},
			Check:      steuerID,
			Examples:   []string{"Steuer-ID 36574261809", "IdNr. 36 574 261 809", "steuerliche Identifikationsnummer: 36574261809"},
			NearMisses: []string{"36574261809", "Steuer-ID 36574261800", "Steuer-ID 06574261809", "Bestellung 36574261809"},
		},
		{
			ID: "de_personalausweis", Name: "German identity card or passport number", Class: personal, Country: "DE", Identity: "de_personalausweis", Use: classifier.Context,
			Source: "Germany, Personalausweisgesetz § 5, Passgesetz § 4; ICAO Doc 9303-3 for the check digit", Validator: "letters in use, of ten characters the check digit of ICAO 9303",
			Context: []string{"personalausweis", "personalausweisnummer", "ausweisnummer", "ausweis-nr", "ausweisnr", "ausweis", "reisepass", "reisepassnummer", "passnummer", "pass-nr", "seriennummer des ausweises",
				"german id card", "german passport", "identity card number"},
			Columns: []classifier.Column{column("de_personalausweis", true, shapeOf(ausweis, 9, 10), "personalausweis", "personalausweisnummer", "ausweisnummer", "ausweis nr", "reisepass", "reisepassnummer", "passnummer")},
			Anchor:  classifier.AnchorWord, Opening: "AXXXXXXXX", Match: matchAusweis, Check: ausweis,
			Examples: []string{
				"Personalausweis T220001293", "Ausweisnummer: L01X00T471", "Reisepass C01X00T47", "Personalausweisnummer L01X00T47", "Ausweisnummer LDZ8058282",
			},
			NearMisses: []string{"T220001293", "Personalausweis T220001294", "Ausweis T2200012933", "Ausweis AUSWEISEN", "Ausweis A22000129", "Ausweis A220001294", "Ausweis L01X00T4", "Ausweise L01X00T47"},
		},
		{
			ID: "de_rentenversicherung", Name: "German pension insurance number", Class: personal, Country: "DE", Identity: "de_rentenversicherung", Use: classifier.Form,
			Source: "Germany, Versicherungsnummern-, Kontoführungs- und Versicherungsverlaufsverordnung § 2 (SGB VI § 147)", Validator: "area, birth date, sum of cross sums modulo 10",
			Context: []string{"rentenversicherungsnummer", "sozialversicherungsnummer", "sv-nummer", "rv-nummer", "rvnr", "vsnr", "versicherungsnummer", "deutsche rentenversicherung",
				"social security number"},
			Columns:    []classifier.Column{column("de_rentenversicherung", true, shapeOf(pension, 12), "rentenversicherungsnummer", "sozialversicherungsnummer", "sv nummer", "rv nummer", "rvnr", "svnr", "versicherungsnummer")},
			Layouts:    []string{"ddddddddAddd", "dd dddddd A ddd", "dd dddddd A dd d", "dd_dddddd_A_ddd"},
			Check:      pension,
			Examples:   []string{"65170839J003", "Rentenversicherungsnummer: 15 070649 C 103", "SV-Nummer 10010490A443", "65 170839 J 003"},
			NearMisses: []string{"65170839J004", "65171339J003", "6517083 9J003", "65170839J0033", "651708391003", "165170839J003", "00170839J003"},
		},
		{
			ID: "de_krankenversicherung", Name: "German health insurance number", Class: personal, Country: "DE", Identity: "de_krankenversicherung", Use: classifier.Context,
			Source: "Germany, SGB V § 290; GKV-Spitzenverband, Krankenversichertennummer", Validator: "sum of cross sums modulo 10",
			Context: []string{"krankenversichertennummer", "versichertennummer", "versicherten-nr", "versichertennr", "kvnr", "krankenversicherung", "krankenversicherungsnummer", "krankenkasse", "gesundheitskarte", "krankenkassennummer",
				"health insurance number", "health insurance"},
			Columns:    []classifier.Column{column("de_krankenversicherung", true, nil, "krankenversichertennummer", "versichertennummer", "kvnr", "krankenversicherungsnummer", "krankenkassennummer", "health insurance number")},
			Layouts:    []string{"Addddddddd", "A ddddddddd", "A ddd ddd ddd", "Addd ddd ddd"},
			Check:      healthInsured,
			Examples:   []string{"Versichertennummer A123456780", "KVNR: T012345678", "Krankenkasse: AOK, Nr. A 123 456 780"},
			NearMisses: []string{"A123456780", "KVNR A123456781", "KVNR A12345678", "KVNR A1234567800", "KVNR AA123456780", "Artikel A123456780"},
		},
		{
			ID: "at_svnr", Name: "Austrian social insurance number", Class: personal, Country: "AT", Identity: "at_svnr", Use: classifier.Context,
			Source: "Austria, Dachverband der Sozialversicherungsträger, Aufbau der Sozialversicherungsnummer", Validator: "birth date, weighted sum modulo 11",
			Context: []string{"sozialversicherungsnummer", "svnr", "sv-nr", "sv-nummer", "sv nr", "sv nummer", "versicherungsnummer", "vsnr", "e-card", "ecard", "sozialversicherung",
				"austrian social security number"},
			Columns:    []classifier.Column{column("at_svnr", true, shapeOf(svnr, 10), "sozialversicherungsnummer", "svnr", "sv nr", "sv nummer", "versicherungsnummer", "vsnr")},
			Layouts:    []string{"dddddddddd", "dddd_dddddd", "dddd/dddddd", "dddd dd dd dd", "dddd dd.dd.dd"},
			Check:      svnr,
			Examples:   []string{"SVNR 1237 010180", "Sozialversicherungsnummer: 1237010180", "SV-Nr. 1237/010180"},
			NearMisses: []string{"1237010180", "SVNR 1238010180", "SVNR 1237 321380", "SVNR 123701018", "SVNR 12370101800", "Bestellung 1237010180", "SVNR 0237010180"},
		},
		{
			ID: "ch_ahv", Name: "Swiss AHV number", Class: personal, Country: "CH", Identity: "ch_ahv",
			Source: "Switzerland, AHVV art. 133; GS1 General Specifications for the check digit", Validator: "leading 756, check digit of EAN-13",
			Context: []string{"ahv", "ahv-nr", "ahv-nummer", "ahvn13", "avs", "numéro avs", "n° avs", "numero avs", "oasi", "sozialversicherungsnummer", "swiss social security", "versichertennummer"},
			Columns: []classifier.Column{column("ch_ahv", true, nil, "ahv", "ahv nummer", "ahv nr", "avs", "numéro avs", "numero avs", "sozialversicherungsnummer")},
			Series:  true, Layouts: []string{"?ddddddddddddd", "ddd.dddd.dddd.dd", "ddd dddd dddd dd", "ddd-dddd-dddd-dd"},
			Check:    ahv,
			Examples: []string{"AHV 7569217076985", "AHV-Nr. 756.9217.0769.85", "756 9217 0769 85"},
			NearMisses: []string{
				"7569217076985", "AHV 7569217076986", "756.9217.0769.84", "7579217076985", "756921707698", "75692170769855", "756.9217.0769.85.1",
			},
		},
	}
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

// The characters of German document numbers: no vowels, and no letters that read
// like others.
const ausweisLetters = "CFGHJKLMNPRTVWXYZ"

// matchAusweis takes a token of nine characters, or ten with the check digit.
func matchAusweis(c *classifier.Candidate) bool {
	text := c.Text
	if !letter(text[c.At]) {
		return false
	}
	c.End = c.At
	for c.End < len(text) && word(text[c.End]) && len(c.Value) < 11 {
		c.Value = append(c.Value, upper(text[c.End]))
		c.End++
	}
	n := len(c.Value)
	c.NeedsContext = true
	return n >= 9 && n <= 10 && !(at(text, c.End) == '-' && word(at(text, c.End+1)))
}

// ausweis checks a document number, of which one character at least is a digit: the
// check digit where the tenth gives it, else the letters.
func ausweis(b []byte) bool {
	digits, known := 0, strings.IndexByte(ausweisLetters, b[0]) >= 0
	for _, c := range b[1:9] {
		if digit(c) {
			digits++
		} else if strings.IndexByte(ausweisLetters, c) < 0 {
			known = false
		}
	}
	if len(b) == 10 {
		return known && checksum.ICAO9303(b[:9]) == int(b[9])-'0' || digits >= 3 && checksum.ICAO9303(b[:9]) == int(b[9])-'0'
	}
	return digits >= 1 && known
}

// pension checks area, birth date and check digit of an insurance number; the
// letter counts as its place in the alphabet, in two digits.
func pension(b []byte) bool {
	if len(b) != 12 || !letter(b[8]) || !checksum.Digits(b[:8]) || !checksum.Digits(b[9:]) {
		return false
	}
	day := pair(b, 2)
	if day > 50 {
		day -= 50 // when the serials of a day are used up
	}
	if area := pair(b, 0); area < 2 || area > 89 || !shortDate(pair(b, 6), pair(b, 4), day) {
		return false
	}
	place := int(b[8]-'A') + 1
	sum := 0
	for i, w := range [...]int{2, 1, 2, 5, 7, 1, 2, 1} {
		sum += checksum.CrossSum(int(b[i]-'0') * w)
	}
	sum += checksum.CrossSum(place/10*2) + place%10 + checksum.CrossSum(int(b[9]-'0')*2) + int(b[10]-'0')
	return sum%10 == last(b)
}

// healthInsured checks modulo 10 with weights 1 and 2 from the left; the letter
// counts as its place in the alphabet, in two digits.
func healthInsured(b []byte) bool {
	place := int(b[0]-'A') + 1
	sum := place/10 + checksum.CrossSum(place%10*2)
	for i, c := range b[1:9] {
		sum += checksum.CrossSum(int(c-'0') * (1 + i%2))
	}
	return sum%10 == last(b) && !checksum.Uniform(b[1:])
}

// svnr checks the fourth digit and the birth date; months 13 to 15 help out when
// the serials of a day are used up.
func svnr(b []byte) bool {
	if b[0] == '0' || checksum.Weighted(b, 3, 7, 9, 0, 5, 8, 4, 2, 1, 6)%11 != int(b[3]-'0') {
		return false
	}
	return shortDate(pair(b, 8), min(pair(b, 6), 12), pair(b, 4)) && pair(b, 6) <= 15
}

// ahv checks the prefix of Switzerland and the check digit of an EAN-13.
func ahv(b []byte) bool {
	return string(b[:3]) == "756" && checksum.Weighted(b, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1)%10 == 0
}
