package detect

import (
	"slices"
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func paymentCards() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "payment_card", Name: "Payment card number", Class: payment,
			Source: "ISO/IEC 7812-1 (Luhn); issuer ranges as published by the card schemes", Validator: "Luhn, issuer ranges and lengths",
			Layouts: []string{
				"?dddddddddddd", "?ddddddddddddd", "dddddddddddddd", "ddddddddddddddd", "dddddddddddddddd",
				"ddddddddddddddddd", "dddddddddddddddddd", "ddddddddddddddddddd",
				"dddd_dddd_dddd_dddd", "dddd_dddddd_ddddd", "dddd_dddddd_dddd", "dddd_dddd_dddd_dddd_ddd", "dddddd_ddddddddddddd",
			},
			Check: card, Context: cardWords, Confirm: writtenAsCard,
			Columns: []classifier.Column{column("payment_card", true, nil, "card number", "credit card", "cc number", "pan",
				"卡号", "银行卡号", "信用卡号", "номер карты", "رقم البطاقة", "kartennummer", "numéro de carte", "número de tarjeta", "numero carta")},
			Examples: []string{
				"4532015112830366", "pay with 4532 0151 1283 0366 today", "5555-5555-5555-4444", "378282246310005",
				"3782 822463 10005", "6222021000112233449", "2200 0000 0000 0004", "卡号4532015112830366。", "４５３２０１５１１２８３０３６６",
				"٤٥٣٢٠١٥١١٢٨٣٠٣٦٦", "6011000990139424", "3530111333300000", "4111 1111 1111 1111", "4242424242424242", "30569309025904", "2223003122003222", "card:4532015112830366",
			},
			NearMisses: []string{
				"4532015112830367", // check digit
				"4601234567890", "1700000000000",
				"9532015112830366",                         // no issuer
				"550e8400-e29b-41d4-a716-4532015112830366", // inside of a UUID
				"a4532015112830366", "45320151128303661", "0.4532015112830366", "4111.1111.1111.1111",
				"4111 1111-1111 1111", "0000000000000000", "20240101123456", "le=\"1.231\"} 467034 1757614517950", "le=\"6.460\"} 625882 1773972635699", "\"span_id\":\"6267603301603953\"",
				"676204500364", "hb-subset-fuzzer-5390364397928448", "testcase-detail/5499162606043136", "5360 5394 5428 5462 5496 5531 5565", "52BB 5352 5354 5353 5351 5366",
			},
		},
		{
			ID: "iban", Name: "International bank account number", Class: payment,
			Source: "ISO 13616-1; lengths of the SWIFT IBAN registry", Validator: "ISO 7064 mod 97-10, length and alphabet by country",
			Anchor: classifier.AnchorWord, Opening: "AAdd", Match: matchIBAN, Check: iban, Confirm: ibanCountry,
			Columns: []classifier.Column{column("iban", true, nil, "iban", "bank account", "счет", "رقم الآيبان", "آيبان")},
			Examples: []string{
				"SA0380000000608010167519", "DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819", "Konto: de89370400440532013000.",
				"FR14 2004 1010 0505 0001 3M02 606", "AE070331234567890123456", "DE89-3704-0044-0532-0130-00",
				"DE89 3704 0044 0532 0130 00 2024",
			},
			NearMisses: []string{
				"SA0480000000608010167519", "DE89 3704 0044 0532 0130 01", "DE8937040044053201300", "ZZ89370400440532013000",
				"XDE89370400440532013000",
			},
		},
	}
}

// cardRange is a span of leading digits that an issuer holds, with the lengths
// of its numbers.
type cardRange struct {
	digits, from, to int
	lengths          uint32 // bit n: n digits
}

func lengths(list ...int) (bits uint32) {
	for _, n := range list {
		bits |= 1 << n
	}
	return bits
}

var cardRanges = []cardRange{
	{1, 4, 4, lengths(16, 19)},                               // Visa
	{2, 51, 55, lengths(16)},                                 // Mastercard
	{4, 2221, 2720, lengths(16)},                             // Mastercard
	{2, 34, 34, lengths(15)},                                 // American Express
	{2, 37, 37, lengths(15)},                                 // American Express
	{4, 2200, 2204, lengths(16, 17, 18, 19)},                 // Mir
	{2, 62, 62, lengths(16, 17, 18, 19)},                     // UnionPay
	{4, 3528, 3589, lengths(16, 17, 18, 19)},                 // JCB
	{4, 6011, 6011, lengths(16, 17, 18, 19)},                 // Discover
	{3, 644, 649, lengths(16, 17, 18, 19)},                   // Discover
	{2, 65, 65, lengths(16, 17, 18, 19)},                     // Discover, RuPay, Elo
	{3, 300, 305, lengths(14, 16, 17, 18, 19)},               // Diners Club
	{4, 3095, 3095, lengths(14, 16, 17, 18, 19)},             // Diners Club
	{2, 36, 36, lengths(14, 16, 17, 18, 19)},                 // Diners Club
	{2, 38, 39, lengths(14, 16, 17, 18, 19)},                 // Diners Club
	{4, 5018, 5018, lengths(12, 13, 14, 15, 16, 17, 18, 19)}, // Maestro
	{4, 5020, 5020, lengths(12, 13, 14, 15, 16, 17, 18, 19)}, // Maestro
	{4, 5038, 5038, lengths(12, 13, 14, 15, 16, 17, 18, 19)}, // Maestro
	{4, 6304, 6304, lengths(12, 13, 14, 15, 16, 17, 18, 19)}, // Maestro
	{4, 6759, 6763, lengths(12, 13, 14, 15, 16, 17, 18, 19)}, // Maestro
	{4, 9792, 9792, lengths(16)},                             // Troy
	{3, 608, 608, lengths(16)},                               // RuPay
	{2, 81, 82, lengths(16)},                                 // RuPay
	{6, 606282, 606282, lengths(16)},                         // Hipercard
	{6, 588845, 588850, lengths(16)},                         // mada
}

// card tells whether the digits are a card number: a range and a length of an
// issuer, and the check digit. The numbers of sandboxes pass: nobody can tell
// them from others, and they are what people try a filter with.
func card(value []byte) bool {
	return len(value) >= 12 && issued(value) && checksum.Luhn(value)
}

func issued(value []byte) bool {
	for _, r := range cardRanges {
		if n := number(value[:r.digits]); n >= r.from && n <= r.to && r.lengths&(1<<len(value)) != 0 {
			return true
		}
	}
	return false
}

// ibanLengths are the lengths of the SWIFT IBAN registry, by country.
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29, "BY": 28,
	"CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
	"FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
	"IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20,
	"LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18,
	"NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31,
	"SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29,
	"VA": 22, "VG": 24, "XK": 20, "YE": 30,
}

// sixAndThirteen refuses a gap after six of nineteen digits on all cards but those of
// UnionPay, and on those where a time in milliseconds follows: a figure and a time
// look like that.
func sixAndThirteen(c *classifier.Candidate) bool {
	return len(c.Value) != 19 || digit(c.Text[c.Start+6]) || c.Value[0] == '6' && c.Value[1] == '2' && !epoch(c.Value[6:])
}

// matchIBAN reads as many letters and digits as the country's accounts have,
// with single blanks or hyphens after every fourth.
func matchIBAN(c *classifier.Candidate) bool {
	text, i := c.Text, c.At
	if i+4 > len(text) || !letter(text[i]) || !letter(text[i+1]) || !digit(text[i+2]) || !digit(text[i+3]) {
		return false
	}
	country := [2]byte{upper(text[i]), upper(text[i+1])}
	length := ibanLengths[string(country[:])]
	if length == 0 {
		return false
	}
	n := 0
	separator, gaps := byte(0), 0
	for ; n < length && i < len(text); i++ {
		b := text[i]
		if letter(b) || digit(b) {
			c.Value = append(c.Value, upper(b))
			n++
			continue
		}
		if b != ' ' && b != '-' || n%4 != 0 || separator != 0 && b != separator || text[i-1] == b {
			return false
		}
		separator = b
		gaps++
	}
	if separator == '-' && gaps < (length-1)/4 {
		return false // hyphens part all groups, or those of a UUID
	}
	c.End = i
	return n == length && (i == len(text) || !letter(text[i]) && !digit(text[i])) &&
		!(strings.Contains(numericAccounts, string(country[:])) && slices.ContainsFunc(c.Value[4:], letter))
}

// numericAccounts are the countries whose account numbers have no letters (SWIFT IBAN
// Registry). Without it one in a hundred UUIDs with a "be67" or "de12" in it would pass.
const numericAccounts = "AE AT BA BE CR CZ DE DK EE EG ES FI HR HU IL IS LT ME MR NO PL PT RS SE SI SK TL TN XK"

func ibanCountry(c *classifier.Candidate) bool {
	c.Country = string(c.Value[:2])
	return true
}

func iban(value []byte) bool {
	var rotated [40]byte
	n := copy(rotated[:], value[4:])
	n += copy(rotated[n:], value[:4])
	return checksum.Mod97(rotated[:n])
}
