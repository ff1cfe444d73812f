package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func centralAsia() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "kz_iin", Name: "Kazakh individual identification number (IIN)", Class: personal, Country: "KZ", Identity: "kz_iin", Use: classifier.Context,
			Source: "Government of Kazakhstan, decree 565 of 2003 and order 406 of 2007 (birth date, two rows of weights, modulus 11)", Validator: "birth date, weighted sum modulo 11",
			Context:    []string{"иин", "жсн", "iin", "индивидуальный идентификационный номер", "жеке сәйкестендіру нөмірі"},
			Columns:    []classifier.Column{column("kz_iin", true, nil, "иин", "жсн", "iin")},
			Layouts:    []string{"dddddddddddd", "dddddd dddddd"},
			Check:      kazakhIIN,
			Examples:   []string{"ИИН 850201350481", "ЖСН: 791028302728", "IIN 061211600012", "иин 850201 350481"},
			NearMisses: []string{"850201350481", "ИИН 850201350482", "ИИН 851301350481", "ИИН 850201950481", "ИИН 8502013504811", "заказ 850201350481", "ИИНов 850201350481"},
		},
		{
			ID: "kz_bin", Name: "Kazakh business identification number (BIN)", Class: company, Country: "KZ", Use: classifier.Context,
			Source: "Government of Kazakhstan, decree 565 of 2003 (year and month of registration, kind, modulus 11)", Validator: "month of registration, kind of company, weighted sum modulo 11",
			Context:    []string{"бин", "бсн", "бизнес-идентификационный номер", "bin"},
			Columns:    []classifier.Column{column("kz_bin", false, nil, "бин", "бсн", "bin")},
			Layouts:    []string{"dddddddddddd"},
			Check:      kazakhBIN,
			Confirm:    acronym("BIN"),
			Examples:   []string{"БИН 940140000385", "БСН: 940140000385", "BIN 940140000385"},
			NearMisses: []string{"940140000385", "БИН 940140000386", "БИН 941340000385", "БИН 9401400003851", "кабинет 940140000385", "kept in the recycle bin until further notice 940140000385"},
		},
		{
			ID: "uz_pinfl", Name: "Uzbek personal number (PINFL, JSHSHIR)", Class: personal, Country: "UZ", Identity: "uz_pinfl", Use: classifier.Form,
			Source: "Cabinet of Ministers of Uzbekistan, personal identification number of an individual (birth date, weights 7, 3, 1)", Validator: "birth date, weighted sum modulo 10",
			Context:    []string{"пинфл", "pinfl", "jshshir", "жшшир", "жшшр", "шахсий рақам", "shaxsiy raqam", "персональный идентификационный номер"},
			Columns:    []classifier.Column{column("uz_pinfl", true, nil, "пинфл", "pinfl", "jshshir", "жшшир")},
			Layouts:    []string{"dddddddddddddd"},
			Check:      pinfl,
			Examples:   []string{"ПИНФЛ 30101851234563", "JSHSHIR: 41505991234568", "ЖШШИР 30101851234563"},
			NearMisses: []string{"30101851234563", "ПИНФЛ 30101851234564", "ПИНФЛ 73101851234563", "ПИНФЛ 33201851234563", "ПИНФЛ 301018512345631", "заказ 30101851234563"},
		},
	}
}

// kazakhCheck checks the last digit: where the first row of weights leaves ten,
// the second decides; ten again is never given out.
func kazakhCheck(b []byte) bool {
	check := checksum.Weighted(b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) % 11
	if check == 10 {
		check = checksum.Weighted(b, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2) % 11
	}
	return check == int(b[11]-'0')
}

// kazakhIIN checks the birth date in the century that the seventh digit tells.
func kazakhIIN(b []byte) bool {
	if b[6] < '1' || b[6] > '6' {
		return false
	}
	year := 1800 + 100*(int(b[6]-'1')/2) + number(b[:2])
	return checksum.Date(year, number(b[2:4]), number(b[4:6])) && kazakhCheck(b)
}

// kazakhBIN checks the month of registration and the kind of company.
func kazakhBIN(b []byte) bool {
	month := number(b[2:4])
	return month >= 1 && month <= 12 && b[4] >= '4' && b[4] <= '6' && b[5] <= '4' && kazakhCheck(b)
}

// pinfl checks the birth date, day first, in the century that the first digit
// tells, and the last digit.
func pinfl(b []byte) bool {
	if b[0] < '1' || b[0] > '6' {
		return false
	}
	year := 1800 + 100*(int(b[0]-'1')/2) + number(b[5:7])
	return checksum.Date(year, number(b[3:5]), number(b[1:3])) &&
		checksum.Weighted(b, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7)%10 == int(b[13]-'0')
}
