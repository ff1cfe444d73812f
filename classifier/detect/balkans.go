package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

// balkans returns the numbers of South-Eastern Europe and Türkiye.
func balkans() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "ro_cnp", Name: "Romanian personal number (CNP)", Class: personal, Country: "RO", Identity: "ro_cnp", Use: classifier.Context, Series: true,
			Source: "Romania, Ordonanța de urgență 97/2005; Hotărârea 1375/2006", Validator: "birth date, weighted sum modulo 11",
			Context:    []string{"cnp", "c.n.p.", "cod numeric personal", "codul numeric personal", "romanian personal number"},
			Columns:    []classifier.Column{column("ro_cnp", true, nil, "cnp", "cod numeric personal", "codul numeric personal")},
			Layouts:    []string{"ddddddddddddd", "d dddddd dddddd", "d dd dd dd dd ddd d", "d dddddd dd ddd d"},
			Check:      cnp,
			Examples:   []string{"CNP 1630615123457", "cod numeric personal: 1630615123457", "C.N.P. 1 630615 123457", "1630615123457\n1630615123457\n1630615123457"},
			NearMisses: []string{"1630615123457", "CNP 1630615123458", "CNP 1631315123457", "CNP 163061512345", "CNP 16306151234577", "comanda 1630615123457", "1709900000000"},
		},
		{
			ID: "bg_egn", Name: "Bulgarian personal number (EGN)", Class: personal, Country: "BG", Identity: "bg_egn", Use: classifier.Context,
			Source: "Bulgaria, Закон за гражданската регистрация, art. 11; ГРАО", Validator: "birth date, weighted sum modulo 11",
			Context:    []string{"егн", "е.г.н.", "единен граждански номер", "egn", "bulgarian personal number"},
			Columns:    []classifier.Column{column("bg_egn", true, nil, "егн", "egn", "единен граждански номер")},
			Layouts:    []string{"dddddddddd", "dddddd dddd"},
			Check:      egn,
			Examples:   []string{"ЕГН 8001011405", "ЕГН: 8032056031", "EGN 800101 1405"},
			NearMisses: []string{"8001011405", "ЕГН 8001011406", "ЕГН 8013011405", "ЕГН 800101140", "ЕГН 80010114053", "поръчка 8001011405"},
		},
		{
			ID: "hr_oib", Name: "Croatian personal number (OIB)", Class: personal, Country: "HR", Identity: "hr_oib", Use: classifier.Context,
			Source: "Croatia, Zakon o osobnom identifikacijskom broju; ISO/IEC 7064 mod 11,10", Validator: "ISO 7064 mod 11,10",
			Context:    []string{"oib", "o.i.b.", "osobni identifikacijski broj", "osobnog identifikacijskog broja", "croatian personal number"},
			Columns:    []classifier.Column{column("hr_oib", true, nil, "oib", "osobni identifikacijski broj")},
			Layouts:    []string{"ddddddddddd"},
			Check:      func(b []byte) bool { return checksum.Mod11_10(b) && !checksum.Uniform(b) },
			Examples:   []string{"OIB 33392005961", "oib: 33392005961", "osobni identifikacijski broj 33392005961"},
			NearMisses: []string{"33392005961", "OIB 33392005962", "OIB 3339200596", "OIB 333920059611", "narudžba 33392005961", "OIBX 33392005961"},
		},
		{
			ID: "si_emso", Name: "Slovenian EMŠO, and JMBG of the neighbours", Class: personal, Country: "SI", Identity: "si_emso", Use: classifier.Context, Series: true,
			Source: "Slovenia, Zakon o centralnem registru prebivalstva; Yugoslavia, Zakon o uvođenju JMBG of 1976", Validator: "birth date, weighted sum modulo 11",
			Context: []string{"emšo", "emso", "jmbg", "jmb", "matični broj", "jedinstveni matični broj", "enotna matična številka", "јмбг", "матични број", "јединствени матични број", "ембг", "матичен број",
				"embg"},
			Columns: []classifier.Column{column("si_emso", true, nil, "emšo", "emso", "jmbg", "jmb", "matični broj", "јмбг", "матични број", "ембг", "embg", "матичен број")},
			Layouts: []string{"ddddddddddddd", "ddddddd dddddd", "ddddddd dd dddd", "dd dd ddd dd ddd d"},
			Check:   emso, Confirm: emsoCountry,
			Examples:   []string{"EMŠO 0101006500006", "JMBG: 0101006500006", "ЈМБГ 0101006500006", "EMŠO: 0101006 500006"},
			NearMisses: []string{"0101006500006", "EMŠO 0101006500007", "EMŠO 0113006500006", "EMŠO 010100650000", "EMŠO 01010065000066", "naročilo 0101006500006"},
		},
		{
			ID: "gr_afm", Name: "Greek tax number (AFM)", Class: personal, Country: "GR", Identity: "gr_afm", Use: classifier.Context,
			Source: "Greece, ΑΑΔΕ, Αριθμός Φορολογικού Μητρώου; OECD, tax identification numbers: Greece", Validator: "weighted sum modulo 11",
			Context:    []string{"αφμ", "ΑΦΜ", "α.φ.μ.", "Α.Φ.Μ.", "αριθμός φορολογικού μητρώου", "Αριθμός Φορολογικού Μητρώου", "afm", "a.f.m.", "greek tax number"},
			Columns:    []classifier.Column{column("gr_afm", true, nil, "αφμ", "ΑΦΜ", "afm", "αριθμός φορολογικού μητρώου")},
			Layouts:    []string{"ddddddddd", "ddd ddd ddd"},
			Check:      afm,
			Examples:   []string{"ΑΦΜ 094259216", "Α.Φ.Μ.: 094259216", "AFM 123456783", "αφμ 094 259 216"},
			NearMisses: []string{"094259216", "ΑΦΜ 094259217", "ΑΦΜ 09425921", "ΑΦΜ 0942592166", "παραγγελία 094259216", "ΑΦΜ 000000000"},
		},
		{
			ID: "gr_amka", Name: "Greek social security number (AMKA)", Class: personal, Country: "GR", Identity: "gr_amka", Use: classifier.Context,
			Source: "Greece, ΗΔΙΚΑ, ΑΜΚΑ (law 3655/2008, art. 153)", Validator: "birth date, Luhn",
			Context:    []string{"αμκα", "ΑΜΚΑ", "α.μ.κ.α.", "Α.Μ.Κ.Α.", "amka", "αριθμός μητρώου κοινωνικής ασφάλισης", "Αριθμός Μητρώου Κοινωνικής Ασφάλισης", "greek social security number"},
			Columns:    []classifier.Column{column("gr_amka", true, nil, "αμκα", "ΑΜΚΑ", "amka")},
			Layouts:    []string{"ddddddddddd", "dddddd ddddd", "dddddd-ddddd"},
			Check:      amka,
			Examples:   []string{"ΑΜΚΑ 01013099997", "AMKA: 01013099997", "Α.Μ.Κ.Α. 010130 99997"},
			NearMisses: []string{"01013099997", "ΑΜΚΑ 01013099999", "ΑΜΚΑ 01133099995", "ΑΜΚΑ 0101309999", "ΑΜΚΑ 010130999977", "παραγγελία 01013099997"},
		},
		{
			ID: "tr_tckn", Name: "Turkish identity number", Class: personal, Country: "TR", Identity: "tr_tckn", Use: classifier.Context,
			Source: "Türkiye, Nüfus Hizmetleri Kanunu 5490, art. 46; NVİ", Validator: "two sums modulo 10",
			Context: []string{"tckn", "tc kimlik", "t.c. kimlik", "tc kimlik no", "t.c. kimlik no", "t.c. kimlik numarası", "tc kimlik numarası", "kimlik no", "kimlik numarası", "tc no", "t.c. no", "tc", "t.c.",
				"vatandaşlık numarası", "turkish id", "turkish identity number"},
			Columns:    []classifier.Column{column("tr_tckn", true, nil, "tckn", "tc kimlik", "tc kimlik no", "tc kimlik numarası", "kimlik no", "tc no", "t c kimlik no")},
			Layouts:    []string{"ddddddddddd", "ddd ddd ddd dd", "ddd ddd dd ddd"},
			Check:      tckn,
			Examples:   []string{"T.C. Kimlik No: 12345678950", "TCKN 17291716060", "TC kimlik numarası 172 917 160 60"},
			NearMisses: []string{"12345678950", "TCKN 12345678951", "TCKN 17291716050", "TCKN 1729171606", "TCKN 172917160600", "sipariş 12345678950", "TCKN 07291716092"},
		},
	}
}

// cnp checks sex and century, date and check digit.
func cnp(b []byte) bool {
	if b[0] == '0' {
		return false
	}
	year := pair(b, 1)
	var date bool
	switch b[0] {
	case '1', '2':
		date = checksum.Date(1900+year, pair(b, 3), pair(b, 5))
	case '3', '4':
		date = checksum.Date(1800+year, pair(b, 3), pair(b, 5))
	case '5', '6':
		date = checksum.Date(2000+year, pair(b, 3), pair(b, 5))
	default: // residents and foreigners
		date = shortDate(year, pair(b, 3), pair(b, 5))
	}
	check := checksum.Weighted(b, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11
	if check == 10 {
		check = 1
	}
	return date && check == last(b)
}

// egn checks date, with the century in the month, and check digit.
func egn(b []byte) bool {
	year, month := 1900+pair(b, 0), pair(b, 2)
	switch {
	case month > 40:
		year, month = year+100, month-40
	case month > 20:
		year, month = year-100, month-20
	}
	return checksum.Date(year, month, pair(b, 4)) && checksum.Weighted(b, 2, 4, 8, 5, 10, 9, 7, 3, 6)%11%10 == last(b)
}

// emso checks the date, whose year has three digits, and the check digit.
func emso(b []byte) bool {
	year := number(b[4:7])
	if year < 100 {
		year += 1000
	}
	if !checksum.Date(1000+year, pair(b, 2), pair(b, 0)) {
		return false
	}
	check := 11 - checksum.Weighted(b, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11
	if check > 9 {
		check = 0
	}
	return check == last(b)
}

// emsoCountry reads the country from the region of registration.
func emsoCountry(c *classifier.Candidate) bool {
	if len(c.Value) == 13 {
		c.Country = [...]string{"", "BA", "ME", "HR", "MK", "SI", "SI", "RS", "RS", "XK"}[c.Value[7]-'0']
	}
	return true
}

func afm(b []byte) bool {
	return checksum.Weighted(b, 256, 128, 64, 32, 16, 8, 4, 2)%11%10 == last(b) && !checksum.Uniform(b)
}

func amka(b []byte) bool {
	return shortDate(pair(b, 4), pair(b, 2), pair(b, 0)) && checksum.Luhn(b)
}

// tckn checks both check digits.
func tckn(b []byte) bool {
	if b[0] == '0' {
		return false
	}
	odd := checksum.Weighted(b, 1, 0, 1, 0, 1, 0, 1, 0, 1)
	even := checksum.Weighted(b, 0, 1, 0, 1, 0, 1, 0, 1)
	tenth := (odd*7 - even) % 10
	if tenth < 0 {
		tenth += 10
	}
	return tenth == int(b[9]-'0') && (odd+even+tenth)%10 == int(b[10]-'0')
}
