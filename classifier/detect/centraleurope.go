package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

// centralEurope returns the numbers of Poland, Czechia, Slovakia and Hungary.
func centralEurope() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "pl_pesel", Name: "Polish PESEL", Class: personal, Country: "PL", Identity: "pl_pesel", Use: classifier.Context, Series: true,
			Source: "Poland, Ustawa o ewidencji ludności of 24 September 2010, art. 15", Validator: "birth date, weighted sum modulo 10",
			Context:    []string{"pesel", "nr pesel", "numer pesel", "pesel number"},
			Columns:    []classifier.Column{column("pl_pesel", true, nil, "pesel", "nr pesel", "numer pesel")},
			Layouts:    []string{"ddddddddddd"},
			Check:      pesel,
			Examples:   []string{"PESEL 44051401359", "pesel: 44051401359", "nr PESEL 02241312344", "44051401359\n02241312344\n44051401359"},
			NearMisses: []string{"44051401359", "PESEL 44051401358", "PESEL 4405140135", "PESEL 440514013599", "zamówienie 44051401359", "PESEL 44151401359", "PESEL 00000000000"},
		},
		{
			ID: "pl_nip", Name: "Polish tax number (NIP)", Class: company, Country: "PL", Use: classifier.Context,
			Source: "Poland, Ustawa o zasadach ewidencji i identyfikacji podatników of 13 October 1995", Validator: "weighted sum modulo 11",
			Context:    []string{"nip", "nr nip", "numer nip", "numer identyfikacji podatkowej"},
			Columns:    []classifier.Column{column("pl_nip", false, nil, "nip", "nr nip", "numer nip")},
			Layouts:    []string{"dddddddddd", "ddd-ddd-dd-dd", "ddd-dd-dd-ddd", "ddd ddd dd dd", "ddd dd dd ddd"},
			Check:      nip,
			Examples:   []string{"NIP 8567346215", "NIP: 856-734-62-15", "nip 856-73-46-215"},
			NearMisses: []string{"8567346215", "NIP 8567346216", "NIP 856734621", "NIP 85673462155", "856-734-62-15", "faktura 8567346215", "NIP 0000000000"},
		},
		{
			ID: "pl_regon", Name: "Polish business number (REGON)", Class: company, Country: "PL", Use: classifier.Context,
			Source: "Poland, Główny Urząd Statystyczny, Rozporządzenie of 30 November 2015 on REGON", Validator: "weighted sum modulo 11",
			Context:    []string{"regon", "nr regon", "numer regon"},
			Columns:    []classifier.Column{column("pl_regon", false, nil, "regon", "nr regon", "numer regon")},
			Layouts:    []string{"ddddddddd", "dddddddddddddd", "ddd ddd ddd", "ddd-ddd-ddd"},
			Check:      regon,
			Examples:   []string{"REGON 192598184", "REGON: 12345678512347", "nr REGON 192 598 184"},
			NearMisses: []string{"192598184", "REGON 192598183", "REGON 12345678512348", "REGON 19259818", "REGON 1925981844", "REGON 000000000"},
		},
		{
			ID: "pl_id_card", Name: "Polish identity card number", Class: personal, Country: "PL", Identity: "pl_id_card", Use: classifier.Context,
			Source: "Poland, Ministerstwo Cyfryzacji, dowód osobisty; ICAO Doc 9303-3 for the weights", Validator: "weighted sum modulo 10",
			Context: []string{"dowód osobisty", "dowodu osobistego", "dowodem osobistym", "nr dowodu", "numer dowodu", "seria i numer dowodu", "seria i numer", "dowód", "polish id card",
				"polish identity card"},
			Columns:    []classifier.Column{column("pl_id_card", true, nil, "dowód osobisty", "nr dowodu", "numer dowodu", "nr dowodu osobistego", "seria i numer dowodu", "numer dowodu osobistego")},
			Layouts:    []string{"AAAdddddd", "AAA dddddd"},
			Check:      polishCard,
			Examples:   []string{"dowód osobisty ABS123456", "nr dowodu: ABS 123456", "Seria i numer dowodu abs123456"},
			NearMisses: []string{"ABS123456", "dowód osobisty ABS523456", "dowód osobisty ABS12345", "dowód osobisty ABS1234566", "dowód osobisty AABS123456", "faktura ABS123456"},
		},
		{
			ID: "cz_rodne_cislo", Name: "Czech and Slovak birth number (rodné číslo)", Class: personal, Country: "CZ", Identity: "cz_rodne_cislo", Use: classifier.Form,
			Source: "Czechia, zákon 133/2000 Sb. § 13; Slovakia, zákon 301/1995 Z. z.", Validator: "birth date, of ten digits modulo 11",
			Context: []string{"rodné číslo", "rodného čísla", "rodným číslem", "r. č.", "r.č.", "rč", "rod. č.", "rod. číslo", "czech birth number", "birth number",
				"slovak birth number"},
			Columns: []classifier.Column{column("cz_rodne_cislo", true, nil, "rodné číslo", "rodne cislo", "rč", "rod číslo", "birth number")},
			Layouts: []string{"dddddd/dddd", "dddddddddd", "ddddddddd", "dddddd / dddd", "?dddddd/ddd"},
			Check:   rodneCislo, Confirm: birthNumber,
			Examples: []string{
				"710319/2745", "rodné číslo 7103192745", "RČ: 715319/2740", "r.č. 530312/123", "rodné číslo 530312123",
			},
			NearMisses: []string{"710319/2746", "711319/2745", "7103192745", "530312/123", "710319/27455", "202401/0123", "objednávka 7103192745", "r.č. 590312/123", "faktura č. 710319/2745", "v26.0.1-rc.1 7103192745"},
		},
		{
			ID: "hu_taj", Name: "Hungarian social security number (TAJ)", Class: personal, Country: "HU", Identity: "hu_taj", Use: classifier.Context,
			Source: "Hungary, 1996. évi XX. törvény, annex 3", Validator: "weighted sum modulo 10",
			Context:    []string{"taj", "taj szám", "taj-szám", "tajszám", "taj száma", "társadalombiztosítási azonosító", "társadalombiztosítási azonosító jel", "hungarian social security number"},
			Columns:    []classifier.Column{column("hu_taj", true, nil, "taj", "taj szám", "tajszám", "társadalombiztosítási azonosító jel")},
			Layouts:    []string{"ddddddddd", "ddd ddd ddd", "ddd-ddd-ddd"},
			Check:      taj,
			Examples:   []string{"TAJ 123456788", "TAJ szám: 123 456 788", "TAJ-szám 111-111-110"},
			NearMisses: []string{"123456788", "TAJ 123456789", "TAJ 12345678", "TAJ 1234567888", "taja 123456788", "rendelés 123456788", "TAJ 000000000"},
		},
		{
			ID: "hu_tax_id", Name: "Hungarian tax number of a person (adóazonosító jel)", Class: personal, Country: "HU", Identity: "hu_tax_id", Use: classifier.Context,
			Source: "Hungary, 1996. évi XX. törvény, annex 2", Validator: "birth date in days, weighted sum modulo 11",
			Context:    []string{"adóazonosító", "adóazonosító jel", "adóazonosító jele", "adóazonosító száma", "hungarian tax id", "adójel"},
			Columns:    []classifier.Column{column("hu_tax_id", true, nil, "adóazonosító", "adóazonosító jel", "adóazonosító jele")},
			Layouts:    []string{"dddddddddd", "d ddd ddd ddd", "dddd ddd ddd", "dd dddd dddd"},
			Check:      adoazonosito,
			Examples:   []string{"adóazonosító jel 8422780135", "Adóazonosító: 8422780135", "Adóazonosító jele: 8 422 780 135"},
			NearMisses: []string{"8422780135", "adóazonosító jel 8422780136", "adóazonosító jel 842278013", "adóazonosító jel 84227801355", "rendelés 8422780135", "adóazonosító jel 7422780130"},
		},
	}
}

// pesel checks date, with the century in the month, and check digit.
func pesel(b []byte) bool {
	month := pair(b, 2)
	century := [...]int{1900, 2000, 2100, 2200, 1800}[month/20]
	if !checksum.Date(century+pair(b, 0), month%20, pair(b, 4)) {
		return false
	}
	return checksum.Weighted(b, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)%10 == 0
}

func nip(b []byte) bool {
	return checksum.Weighted(b, 6, 5, 7, 2, 3, 4, 5, 6, 7)%11 == last(b) && !checksum.Uniform(b)
}

// regon checks the nine digits of a business and, of its units, all fourteen.
func regon(b []byte) bool {
	if checksum.Weighted(b, 8, 9, 2, 3, 4, 5, 6, 7)%11%10 != int(b[8]-'0') || checksum.Uniform(b) {
		return false
	}
	return len(b) == 9 || checksum.Weighted(b, 2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)%11%10 == last(b)
}

// polishCard checks the digit behind the letters, which counts with weight nine.
func polishCard(b []byte) bool {
	letters := 7*checksum.Value(b[0]) + 3*checksum.Value(b[1]) + checksum.Value(b[2])
	return (letters+checksum.Weighted(b[3:], 9, 7, 3, 1, 7, 3))%10 == 0
}

// rodneCislo checks date and, of ten digits, divisibility by eleven; until 1985
// a remainder of ten was written as 0. Women add 50 to the month, and 20 more
// counts since 2004. Numbers of nine digits were issued until 1953.
func rodneCislo(b []byte) bool {
	year, month, day := pair(b, 0), pair(b, 2)%50, pair(b, 4)
	if len(b) == 9 {
		return year <= 53 && checksum.Date(1900+year, month, day) && number(b[6:]) > 0
	}
	if year >= 54 {
		year += 1900
	} else {
		year += 2000
	}
	if month > 20 && year >= 2004 && b[0] != '2' { // else 2024 with a month begins like the number of an invoice
		month -= 20
	}
	if !checksum.Date(year, month, day) {
		return false
	}
	rest := checksum.Mod(b[:9], 11)
	return rest == last(b) || rest == 10 && last(b) == 0 && year <= 1985
}

// birthNumber refuses numbers of articles, and nine digits with a slash amid others.
func birthNumber(c *classifier.Candidate) bool {
	if c.End-c.Start == len("530312/123") && (at(c.Text, c.End) == '/' || at(c.Text, c.Start-1) == '/') {
		return false
	}
	return noArticle(c) && !(c.NeedsContext && said(c, "rc")) // without its accents, any two letters of code
}

func taj(b []byte) bool {
	return checksum.Weighted(b, 3, 7, 3, 7, 3, 7, 3, 7)%10 == last(b) && number(b) > 0
}

// dayOf2040 is the number of days from 1867 to 2040.
const dayOf2040 = 63186

// adoazonosito checks the birth date, in days since 1867, and the check digit.
func adoazonosito(b []byte) bool {
	return b[0] == '8' && number(b[1:6]) < dayOf2040 && checksum.Weighted(b, 1, 2, 3, 4, 5, 6, 7, 8, 9)%11 == last(b)
}
