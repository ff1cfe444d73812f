package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func benelux() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "nl_bsn", Name: "Dutch citizen service number (BSN)", Class: personal, Country: "NL", Identity: "nl_bsn", Use: classifier.Context,
			Source: "Netherlands, Logisch Ontwerp BSN, elfproef", Validator: "weighted sum modulo 11",
			Context: []string{"bsn", "bsn-nummer", "bsn nummer", "burgerservicenummer", "burger service nummer", "sofinummer", "sofi-nummer", "sofi nummer", "citizen service number",
				"dutch social security number"},
			Columns:    []classifier.Column{column("nl_bsn", true, nil, "bsn", "bsn nummer", "burgerservicenummer", "sofinummer", "citizen service number")},
			Layouts:    []string{"ddddddddd", "dddd.dd.ddd", "ddd ddd ddd", "ddd.ddd.ddd", "dddd dd ddd"},
			Check:      bsn,
			Examples:   []string{"BSN 111222333", "burgerservicenummer: 1112.22.333", "Sofinummer 111 222 333"},
			NearMisses: []string{"111222333", "BSN 111222334", "BSN 11122233", "BSN 1112223334", "bestelling 111222333", "BSN 000000000"},
		},
		{
			ID: "be_national_number", Name: "Belgian national number", Class: personal, Country: "BE", Identity: "be_national_number",
			Source: "Belgium, Royal Decree of 3 April 1984; bis numbers: Royal Decree of 8 February 1991", Validator: "birth date, key modulo 97",
			Context: []string{"rijksregisternummer", "rijksregister", "insz", "niss", "numéro national", "registre national", "numéro de registre national", "nationaal nummer", "bisnummer",
				"national number", "n° national", "rijksregisternr", "rrn", "belgian national", "nrn", "nationalregisternummer"},
			Columns: []classifier.Column{column("be_national_number", true, nil, "rijksregisternummer", "rijksregister nr", "insz", "niss", "numéro national", "numéro de registre national", "registre national", "national register number")},
			Series:  true, Layouts: []string{"?ddddddddddd", "dd.dd.dd-ddd.dd", "dd.dd.dd-ddd-dd", "dd.dd.dd ddd.dd", "dd.dd.dd ddd dd", "dd.dd.dd-ddddd", "dddddd-ddd-dd", "dddddd-ddd.dd", "dddddd ddd dd", "dd dd dd ddd dd"},
			Check: belgianNumber, Confirm: bareDigits,
			Examples: []string{
				"NISS 85073003328", "85.07.30-033.28", "Rijksregisternummer 85 07 30 033 28", "NISS: 17073003384", "850730-033-28",
			},
			NearMisses: []string{"85073003328", "bestelling 85073003328", "85.13.30-033.28", "8507300332", "850730033281", "85.07.30-033.29", "00000000097", "85.07.30.033.28.1"},
		},
		{
			ID: "lu_matricule", Name: "Luxembourg matricule", Class: personal, Country: "LU", Identity: "lu_matricule", Use: classifier.Context,
			Source: "Luxembourg, law of 19 June 2013 on the identification of natural persons; OECD, tax identification numbers: Luxembourg", Validator: "birth date, Luhn, Verhoeff",
			Context:    []string{"matricule", "numéro de matricule", "matricule nationale", "n° matricule", "matrikelnummer", "matrikel", "identification nationale", "ccss", "luxembourg national id", "sozialversicherungsnummer"},
			Columns:    []classifier.Column{column("lu_matricule", true, nil, "matricule", "numéro matricule", "matricule nationale", "matricule national", "numéro d'identification nationale")},
			Layouts:    []string{"ddddddddddddd", "dddd dd dd ddd dd", "dddddddd ddddd", "dddddddd ddd dd", "dddddddd-ddddd"},
			Check:      matricule,
			Examples:   []string{"matricule 1893120105732", "N° matricule : 1893 12 01 057 32", "Matrikelnummer 18931201 05732"},
			NearMisses: []string{"1893120105732", "matricule 1893120105733", "matricule 1893120105742", "matricule 1893130105732", "matricule 189312010573", "commande 1893120105732"},
		},
	}
}

// bsn checks the eleven test.
func bsn(b []byte) bool {
	return (checksum.Weighted(b, 9, 8, 7, 6, 5, 4, 3, 2)-last(b))%11 == 0 && !checksum.Uniform(b)
}

// belgianNumber checks date and key; since 2000 a 2 goes before the number for
// the key. Bis numbers add 20 or 40 to the month, and may not know the date.
func belgianNumber(b []byte) bool {
	year, month, day := pair(b, 0), pair(b, 2)%20, pair(b, 4)
	if pair(b, 2) >= 53 || number(b[6:9]) == 0 || number(b[6:9]) == 999 {
		return false
	}
	n := number(b[:9])
	key := pair(b, 9)
	old, young := key == 97-n%97, key == 97-(n+2000000000)%97
	if month == 0 || day == 0 {
		return (old || young) && pair(b, 2) > 0 && day <= 31 && month <= 12
	}
	return old && checksum.Date(1900+year, month, day) || young && checksum.Date(2000+year, month, day)
}

// matricule checks the date, Luhn over the first twelve digits and Verhoeff over
// the first eleven with the last.
func matricule(b []byte) bool {
	if !checksum.Date(number(b[:4]), pair(b, 4), pair(b, 6)) || !checksum.Luhn(b[:12]) {
		return false
	}
	var second [12]byte
	copy(second[:], b[:11])
	second[11] = b[12]
	return checksum.Verhoeff(second[:])
}
