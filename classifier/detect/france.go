package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func france() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "fr_nir", Name: "French social security number (NIR)", Class: personal, Country: "FR", Identity: "fr_nir",
			Source: "France, INSEE, numéro d'inscription au répertoire", Validator: "sex, month, key modulo 97",
			Context: []string{"nir", "numéro de sécurité sociale", "sécurité sociale", "n° de sécu", "n° sécu", "sécu", "insee", "carte vitale", "french social security"},
			Columns: []classifier.Column{column("fr_nir", true, nil, "nir", "numéro de sécurité sociale", "sécurité sociale", "n secu", "num secu", "numéro sécu", "n sécurité sociale", "nss", "insee")},
			Series:  true, Layouts: []string{"?ddddddXdddddddd", "ddddddAdddddddd", "d dd dd dX ddd ddd dd", "d dd dd dX ddd ddd-dd", "ddddddXdddddd dd"},
			Check:      nir,
			Examples:   []string{"nir 295099999900685", "2 95 09 99 999 006 85", "NIR 2950999999006 85"},
			NearMisses: []string{"295099999900685", "nir 295099999900686", "995099999900685", "295199999900685", "29509999990068"},
		},
		{
			ID: "fr_siret", Name: "French establishment number (SIRET)", Class: company, Country: "FR", Use: classifier.Context,
			Source: "France, INSEE, Code de commerce R123-220 to R123-222", Validator: "Luhn over the SIREN and the whole",
			Context:    []string{"siret", "n° siret", "numéro siret", "siren/siret", "établissement", "rcs"},
			Columns:    []classifier.Column{column("fr_siret", false, nil, "siret", "numéro siret", "n siret", "code siret")},
			Layouts:    []string{"dddddddddddddd", "ddd ddd ddd ddddd", "ddddddddd ddddd", "ddd.ddd.ddd.ddddd", "ddd ddd ddd dd ddd", "ddd ddd ddd ddd dd"},
			Check:      siret,
			Examples:   []string{"SIRET 73282932000074", "N° SIRET : 732 829 320 00074", "Siret: 732829320 00074", "SIRET 35600000000048"},
			NearMisses: []string{"73282932000074", "SIRET 73282932000075", "SIRET 7328293200007", "SIRET 732829320000744", "commande 73282932000074"},
		},
		{
			ID: "fr_siren", Name: "French company number (SIREN)", Class: company, Country: "FR", Use: classifier.Context,
			Source: "France, INSEE, Code de commerce R123-220 to R123-222", Validator: "Luhn",
			Context:    []string{"siren", "n° siren", "numéro siren", "rcs", "r.c.s.", "registre du commerce"},
			Columns:    []classifier.Column{column("fr_siren", false, nil, "siren", "numéro siren", "n siren", "code siren")},
			Layouts:    []string{"ddddddddd", "ddd ddd ddd", "ddd.ddd.ddd", "ddd-ddd-ddd"},
			Check:      siren,
			Examples:   []string{"SIREN 552008443", "RCS Paris B 552 008 443", "numéro SIREN : 404 833 048"},
			NearMisses: []string{"552008443", "SIREN 552008444", "SIREN 55200844", "SIREN 5520084433", "sirene 552008443", "SIREN 000000000"},
		},
		{
			ID: "fr_passport", Name: "French passport number", Class: personal, Country: "FR", Identity: "passport", Use: classifier.Context,
			Source: "France, ANTS, format du numéro de passeport; PRADO, FRA-AO", Validator: "two letters between the digits",
			Context: []string{"passeport", "passeport n°", "numéro de passeport", "passport", "passport number", "passport no"},
			Columns: []classifier.Column{column("fr_passport", true, shapeOf(frenchPassport, 9), "passeport", "numéro de passeport", "n passeport", "passport", "passport number", "passport no")},
			Layouts: []string{"ddAAddddd", "dd AA ddddd", "ddAA ddddd"},
			Check:   frenchPassport,
			Examples: []string{
				"passeport 12AB34567", "Passeport n° 08 CD 91234", "French passport number 17ef00321",
			},
			NearMisses: []string{"12AB34567", "passeport 12AB3456", "passeport 12AB345678", "passeport 1AAB34567", "ref 12AB34567", "passeports 12AB34567"},
		},
	}
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
	// Beside the months there are codes for births that papers do not tell, which
	// numbers that are only lent do not have.
	month := number(plain[3:5])
	if month < 1 || month > 12 && (plain[0] > '2' || month < 20 || month > 42 && month < 50) || number(plain[5:7]) == 0 {
		return false
	}
	return 97-checksum.Mod(plain[:13], 97) == number(plain[13:])
}

func siren(b []byte) bool { return checksum.Luhn(b) && !checksum.Uniform(b) }

// siret checks the SIREN and the whole; the branches of La Poste add up to a
// multiple of five.
func siret(b []byte) bool {
	if !siren(b[:9]) {
		return false
	}
	if checksum.Luhn(b) {
		return true
	}
	return string(b[:9]) == "356000000" && checksum.Weighted(b, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)%5 == 0
}

// frenchPassport is the shape: two digits, two letters, five digits.
func frenchPassport(b []byte) bool {
	return checksum.Digits(b[:2]) && letter(b[2]) && letter(b[3]) && checksum.Digits(b[4:9])
}
