package corpus

import "strings"

func international() []species {
	return []species{
		{"payment_card", "", "", "card|card number|credit card|Visa|Mastercard", func(w *writer) string { return w.card() }},
		{"iban", "", "", "IBAN|bank account", func(w *writer) string { return w.iban() }},
		{"imei", "", "", "IMEI|IMEI number", func(w *writer) string {
			n := withLuhn(w.one("35", "86", "01") + w.digits(12))
			return "||" + n + "|" + n[:2] + "-" + n[2:8] + "-" + n[8:14] + "-" + n[14:]
		}},
		{"vin", "", "", "VIN|vehicle identification number|chassis number", func(w *writer) string { return "||" + w.vehicleNumber() }},
		{"isin", "", "", "ISIN|ISIN code", func(w *writer) string {
			body := w.one("US", "DE000", "GB00", "FR00", "NL00", "CH00", "JP3", "CA")
			body += string(w.from("0123456789BCDFGHJKLMNPQRSTVWXYZ", 8)) + w.digits(8)
			body = body[:11]
			var digits strings.Builder
			for i := range len(body) {
				digits.WriteString(itoa(valueOf(body[i])))
			}
			return "||" + body + itoa(luhnDigit(digits.String()))
		}},
		{"swift_bic", "", "", "BIC|SWIFT|SWIFT code|BIC/SWIFT", func(w *writer) string {
			bank := w.one("DEUT", "COBA", "BNPA", "CHAS", "CITI", "HSBC", "BARC", "INGB", "UBSW", "NDEA", "SABR", "ICBK", "BOFA", "POFI", "GENO")
			country := w.one("DE", "FR", "GB", "US", "NL", "CH", "SE", "RU", "CN", "SA", "AE", "AT", "ES", "IT")
			return "||" + bank + country + string(w.from("23456789ABCDFGHJKLMNPRSTUVWXYZ", 2)) + w.one("", "XXX", w.digits(3))
		}},
		{"passport_mrz", "", "", "MRZ|machine-readable zone", func(w *writer) string { return w.machineReadable() }},
		{"eu_vat", "", "", "VAT|VAT ID|VAT number|USt-IdNr.|TVA", func(w *writer) string { return w.euVAT() }},
	}
}

// card returns the number of a payment card of a range that is in use.
func (w *writer) card() string {
	var n string
	switch w.IntN(10) {
	case 0, 1, 2:
		n = withLuhn("4" + w.digits(14))
	case 3, 4:
		n = withLuhn("5" + w.one("1", "2", "3", "4", "5") + w.digits(13))
	case 5:
		n = withLuhn(itoa(w.between(2221, 2719)) + w.digits(11))
	case 6:
		n = withLuhn(itoa(w.between(2200, 2204)) + w.digits(11)) // Mir
	case 7:
		n = withLuhn("6222" + w.one("02", "03", "60") + w.digits(9)) // UnionPay
	case 8:
		n = withLuhn(w.one("34", "37") + w.digits(12))
		return n + "|" + grouped(n, " ", 4, 6, 5) + "|" + grouped(n, "-", 4, 6, 5)
	default:
		n = withLuhn(w.one("3530", "3566", "6011", "6445") + w.digits(11)) // JCB, Discover
	}
	if len(n) != 16 {
		return n
	}
	return n + "|" + grouped(n, " ", 4, 4, 4, 4) + "|" + grouped(n, " ", 4, 4, 4, 4) + "|" + grouped(n, "-", 4, 4, 4, 4)
}

// accountShapes are the accounts of countries as the IBAN registry describes them:
// n a digit, a a letter, c either.
const accountShapes = `DE nnnnnnnnnnnnnnnnnn,GB aaaannnnnnnnnnnnnn,FR nnnnnnnnnncccccccccccnn,ES nnnnnnnnnnnnnnnnnnnn,IT annnnnnnnnncccccccccccc,NL aaaannnnnnnnnn,BE nnnnnnnnnnnn,
AT nnnnnnnnnnnnnnnn,CH nnnnncccccccccccc,PL nnnnnnnnnnnnnnnnnnnnnnnn,PT nnnnnnnnnnnnnnnnnnnnn,SE nnnnnnnnnnnnnnnnnnnn,NO nnnnnnnnnnn,DK nnnnnnnnnnnnnn,FI nnnnnnnnnnnnnn,IE aaaannnnnnnnnnnnnn,
CZ nnnnnnnnnnnnnnnnnnnn,HU nnnnnnnnnnnnnnnnnnnnnnnn,RO aaaacccccccccccccccc,GR nnnnnnncccccccccccccccc,TR nnnnnnnnnnnnnnnnnnnnnn,UA nnnnnnccccccccccccccccccc,SA nncccccccccccccccccc,AE nnnnnnnnnnnnnnnnnnn,
EG nnnnnnnnnnnnnnnnnnnnnnnnn,QA aaaaccccccccccccccccccccc,KW aaaacccccccccccccccccccccc,KZ nnnccccccccccccc,IL nnnnnnnnnnnnnnnnnnn,LU nnnccccccccccccc,LT nnnnnnnnnnnnnnnn,BR nnnnnnnnnnnnnnnnnnnnnnnac`

func (w *writer) iban() string {
	shape := strings.TrimSpace(w.one(strings.Split(accountShapes, ",")...))
	country, shape := shape[:2], shape[3:]
	var account strings.Builder
	for _, c := range shape {
		switch c {
		case 'n':
			account.WriteString(w.digits(1))
		case 'a':
			account.Write(w.from(upperCase, 1))
		default:
			account.WriteString(w.one(w.digits(1), w.digits(1), string(w.from(upperCase, 1))))
		}
	}
	body := account.String()
	n := country + pad(98-remainder(body+country+"00", 97), 2) + body
	var spaced strings.Builder
	for i := range len(n) {
		if i > 0 && i%4 == 0 {
			spaced.WriteByte(' ')
		}
		spaced.WriteByte(n[i])
	}
	return n + "|" + spaced.String() + "|" + spaced.String() + "|" + strings.ReplaceAll(spaced.String(), " ", "-")
}

// vehicleNumber returns a VIN with the check digit of North America (49 CFR 565).
func (w *writer) vehicleNumber() string {
	const alphabet = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
	body := w.one("1HG", "1FT", "WBA", "WDB", "JTD", "KMH", "VF1", "5YJ", "3VW", "2T1") + string(w.from(alphabet, 5)) + "0" + string(w.from("ABCDEFGHJKLMNPRSTVWXY123456789", 1)) + string(w.from("ABCDEFGHJKLMNPRSTUVWXYZ", 1)) + w.digits(6)
	sum := 0
	for i, weight := range []int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2} {
		v := int(body[i] - '0')
		if body[i] >= 'A' {
			v = int("12345678_12345_7_923456789"[body[i]-'A'] - '0')
		}
		sum += v * weight
	}
	return body[:8] + string("0123456789X"[sum%11]) + body[9:]
}

// machineReadable returns the two lines of a passport (ICAO Doc 9303 part 4).
func (w *writer) machineReadable() string {
	fill := func(text string, n int) string { return (text + strings.Repeat("<", n))[:n] }
	country := w.one("UTO", "GBR", "USA", "FRA", "ESP", "RUS", "CHN", "SAU", "POL", "D<<", "ITA", "IND", "BRA")
	first := fill("P<"+country+strings.ToUpper(w.syllables(2, 3))+"<<"+strings.ToUpper(w.syllables(2, 2))+"<"+strings.ToUpper(w.syllables(1, 2)), 44)
	number := string(w.from("ACEGLX0123456789", 1)) + w.digits(8)
	expiry := pad(w.between(26, 35), 2) + pad(w.between(1, 12), 2) + pad(w.between(1, 28), 2)
	date := w.yymmdd()
	optional := fill(w.one("", w.digits(10)), 14)
	a, b, c := number+documentDigit(number), date+documentDigit(date), expiry+documentDigit(expiry)+optional+documentDigit(optional)
	return first + "\n" + a + country + b + w.one("M", "F", "<") + c + documentDigit(a+b+c)
}

// euVAT returns a number by the rules of its country.
func (w *writer) euVAT() string {
	switch w.IntN(7) {
	case 0:
		body := w.digits(8, '0')
		return "||DE" + body + itoa(hybridDigit(body)) + "|DE " + body + itoa(hybridDigit(body))
	case 1:
		siren := withLuhn(w.digits(8, '0'))
		return "||FR" + pad((12+3*remainder(siren, 97))%97, 2) + siren
	case 2:
		return "||IT" + withLuhn(w.digits(7)+pad(w.between(1, 100), 3))
	case 3:
		body := "0" + w.digits(7, '0')
		return "||BE" + body + pad(97-remainder(body, 97), 2)
	case 4:
		body := w.digits(7)
		return "||ATU" + body + itoa((96-digitSums(body, 1, 2, 1, 2, 1, 2, 1))%10)
	case 5:
		body := again(func() string {
			body := w.digits(9, '0')
			check := sumOf(body, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11
			if check == 10 {
				return ""
			}
			return body + itoa(check)
		})
		return "||PL" + body
	default:
		body := w.digits(7, '0')
		return "||DK" + again(func() string {
			for check := range 10 {
				if n := body + itoa(check); sumOf(n, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0 {
					return n
				}
			}
			body = w.digits(7, '0')
			return ""
		})
	}
}
