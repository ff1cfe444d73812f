package detect

import (
	"bytes"

	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

// international holds numbers of devices, vehicles, banks and securities.
func international() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "imei", Name: "Mobile equipment identity (IMEI)", Class: personal, Use: classifier.Context,
			Source: "3GPP TS 23.003, annex B (Luhn)", Validator: "Luhn",
			Context:    []string{"imei", "imei no", "imei1", "imei2", "imei 1", "imei 2", "串号", "設備識別碼", "имеи", "رقم الجهاز", "*#06#"},
			Columns:    []classifier.Column{column("imei", false, nil, "imei", "imei1", "imei2", "imei number", "device imei")},
			Layouts:    []string{"ddddddddddddddd", "dd-dddddd-dddddd-d", "dd dddddd dddddd d"},
			Check:      func(b []byte) bool { return checksum.Luhn(b) && !checksum.Uniform(b) },
			Examples:   []string{"IMEI 353209111234563", "IMEI: 35-320911-123456-3", "串号353209111234563", "imei1: 490154203237518"},
			NearMisses: []string{"353209111234563", "IMEI 353209111234564", "IMEI 3532091112345631", "order 353209111234563", "IMEI 000000000000000"},
		},
		{
			ID: "vin", Name: "Vehicle identification number (VIN)", Class: personal, Use: classifier.Context,
			Source: "ISO 3779 and 3780; 49 CFR part 565 (check digit, in North America and China)", Validator: "three letters or more, no I, O or Q, weighted sum modulo 11 for full confidence",
			Context: []string{
				"vin", "vin no", "vin number", "vehicle identification", "chassis", "chassis number", "chassis no", "frame number", "fahrgestellnummer", "fahrzeug-identifizierungsnummer", "fin",
				"numéro de série", "numéro de châssis", "n° de châssis", "número de bastidor", "bastidor", "chassi", "telaio", "numero di telaio", "车架号", "車架號", "车辆识别代号", "車台番号",
				"차대번호", "вин", "вин-код", "номер кузова", "şasi", "رقم الهيكل", "رقم الشاصي", "nr vin", "numer vin", "nadwozia",
			},
			Columns:    []classifier.Column{column("vin", true, nil, "vin", "vin number", "chassis number", "车架号", "车辆识别代号", "fahrgestellnummer", "вин", "رقم الهيكل", "chassi", "bastidor")},
			Layouts:    []string{"XXXXXXXXXXXXXdddd"},
			Check:      vin,
			Confirm:    vinCheck,
			Examples:   []string{"VIN 1M8GDM9AXKP042788", "车架号LSVAM4187C2184841", "Fahrgestellnummer: WVWZZZ1JZ3W386752", "VIN: 1HGCM82633A004352", "вин-код XTA210990Y2766389"},
			NearMisses: []string{"1M8GDM9AXKP042788", "VIN 1M8GDM9AXKP04278", "VIN 1M8GDM9AIKP042788", "VIN 1M8GDM9AXKP0427889", "VIN 11111111111111111", "un vin rouge, bouteille 1M8GDM9AQKP042788"},
		},
		{
			ID: "swift_bic", Name: "Bank identifier code (SWIFT, BIC)", Class: payment, Use: classifier.Context,
			Source: "ISO 9362:2022", Validator: "country, capitals right behind the label",
			Literals: []string{"bic", "swift"}, Match: matchBIC,
			Columns:      []classifier.Column{column("swift_bic", false, bic, "bic", "swift", "swift code", "bic code", "bic swift", "swift bic", "swift代码", "رمز السويفت", "код swift")},
			ColumnValues: true,
			Examples:     []string{"BIC: DEUTDEFF", "SWIFT code HSBCHKHHHKH", "BIC/SWIFT CHASUS33XXX", "Swift-Code: COBADEFFXXX", "(BIC) NEDSZAJJ"},
			NearMisses:   []string{"DEUTDEFF", "BIC: DEUTXXFF", "SWIFT DEUTDEFFXXXX", "BIC DEUTDEF", "Swift is a language", "BIC ballpoint PENSIZES", "SWIFT PAYMENTS", "Taylor Swift CONCERTS"},
		},
		{
			ID: "isin", Name: "Securities identification number (ISIN)", Class: payment, Use: classifier.Context,
			Source: "ISO 6166 (Luhn over letters as two digits)", Validator: "country, Luhn over letters as two digits",
			Context:    []string{"isin", "isin code", "isin no", "wkn", "securities", "security id", "wertpapier", "valeur", "título valor", "证券", "證券", "ценная бумага", "облигация", "акция"},
			Columns:    []classifier.Column{column("isin", false, nil, "isin", "isin code")},
			Layouts:    []string{"AAXXXXXXXXXd"},
			Check:      isin,
			Examples:   []string{"ISIN US0378331005", "ISIN: DE000BAY0017", "isin RU0009029540"},
			NearMisses: []string{"US0378331005", "ISIN US0378331006", "ISIN ZZ0378331005", "ISIN US03783310051", "ISIN US037833100"},
		},
	}
}

// vin refuses the letters I, O and Q and what is no mixture.
func vin(b []byte) bool {
	letters := 0
	for _, c := range b {
		switch {
		case c == 'I' || c == 'O' || c == 'Q':
			return false
		case letter(c):
			letters++
		}
	}
	return letters >= 3 && b[0] != '0'
}

// vinValues are the digits that the letters A to Z count for.
const vinValues = "12345678012345070923456789"

// vinCheck lowers the confidence where the ninth character is no check digit:
// European makers need not have one.
func vinCheck(c *classifier.Candidate) bool {
	sum := 0
	for i, b := range c.Value {
		v := int(b - '0')
		if letter(b) {
			v = int(vinValues[b-'A'] - '0')
		}
		sum += v * vinWeights[i]
	}
	if check := sum % 11; c.Value[8] != "0123456789X"[check] {
		c.Confidence = 0.75
	}
	return acronymCounts(c, "VIN")
}

var vinWeights = [17]int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2}

// bicDistance is how far behind its label a code may begin.
const bicDistance = 24

// matchBIC reads the code behind the words BIC and SWIFT, in capitals, with other
// words such as "code" between.
func matchBIC(c *classifier.Candidate) bool {
	text, i := c.Text, c.At
	limit := min(len(text), i+bicDistance)
	for i < limit {
		if !word(text[i]) {
			if text[i] == '\n' || text[i] == ',' || text[i] == ';' || text[i] == '.' && at(text, i+1) == ' ' {
				return false
			}
			i++
			continue
		}
		end := i
		for end < len(text) && end-i < 16 && word(text[end]) {
			end++
		}
		switch lowerWord := string(bytes.ToLower(text[i:end])); lowerWord {
		case "bic", "swift", "code", "no", "nr", "number", "is", "adresse", "address", "bank", "código", "codice", "swiftcode":
			i = end
			continue
		}
		if i > c.At && bic(text[i:end]) && string(bytes.ToUpper(text[i:end])) == string(text[i:end]) {
			c.Start, c.End = i, end
			c.Value = append(c.Value, text[i:end]...)
			c.NeedsContext = false // the label is the anchor
			return true
		}
		return false
	}
	return false
}

// bic is the form of the code: bank, country, place, and for a branch three more.
func bic(b []byte) bool {
	if len(b) != 8 && len(b) != 11 {
		return false
	}
	for i, c := range b {
		if i < 6 && !letter(c) || !word(c) {
			return false
		}
	}
	return ibanLengths[string([]byte{upper(b[4]), upper(b[5])})] > 0 || isCountry(upper(b[4]), upper(b[5]))
}

// moreCountries have banks or securities but no IBAN.
const moreCountries = "USCNHKJPKRTWSGMYTHIDPHVNINLKBDNPAUNZCAMXARCLCOPEUYECBOPYVECUPAHNJMTTBSBBBMKYZANGKEGHTZUGMAMZZMZWCICMSNETKZUZKGTJTMAMGEIRMMKHLAMOBNPGFJXSEU"

func isCountry(a, b byte) bool {
	for i := 0; i < len(moreCountries); i += 2 {
		if moreCountries[i] == a && moreCountries[i+1] == b {
			return true
		}
	}
	return false
}

func isin(b []byte) bool {
	return (ibanLengths[string(b[:2])] > 0 || isCountry(b[0], b[1])) && checksum.LuhnExpanded(b)
}
