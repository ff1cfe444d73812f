package detect

import (
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

// britain returns the numbers of the United Kingdom and of Ireland.
func britain() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "gb_nino", Name: "UK national insurance number", Class: personal, Country: "GB", Identity: "gb_nino", Use: classifier.Form,
			Source: "HMRC National Insurance Manual, NIM39110", Validator: "letters of prefix and suffix in use",
			Context:    []string{"nino", "ni", "ni no", "ni number", "national insurance", "insurance number"},
			Columns:    []classifier.Column{column("gb_nino", true, nil, "nino", "ni number", "national insurance", "national insurance number")},
			Layouts:    []string{"?AAddddddA", "AA dd dd dd A", "AA-dd-dd-dd-A", "AA dddddd A"},
			Check:      nino,
			Examples:   []string{"NINO AB123456C", "NI number AB 12 34 56 C.", "national insurance ab123456c", "AB-12-34-56-C"},
			NearMisses: []string{"AB123456C", "GB123456C", "AO123456C", "DA123456C", "AB123456E", "XAB123456C", "AB123456CX", "AB12345C", "pod/wexwous-ca290497a-kfmwz"},
		},
		{
			ID: "gb_nhs", Name: "UK NHS number", Class: personal, Country: "GB", Identity: "gb_nhs", Use: classifier.Context,
			Source: "NHS Data Model and Dictionary, NHS NUMBER", Validator: "weighted sum modulo 11",
			Context:    []string{"nhs", "nhs number", "nhs no", "patient", "patient id"},
			Columns:    []classifier.Column{column("gb_nhs", true, nil, "nhs number", "nhs no", "nhs")},
			Layouts:    []string{"dddddddddd", "ddd_ddd_dddd"},
			Check:      nhs,
			Examples:   []string{"NHS number 943 476 5919", "nhs: 9434765919", "patient 943-476-5919"},
			NearMisses: []string{"9434765919", "NHS 9434765910", "943 476 5919", "NHSX 9434765919", "NHS 0000000000"},
		},
		{
			ID: "gb_utr", Name: "UK unique taxpayer reference", Class: personal, Country: "GB", Identity: "gb_utr", Use: classifier.Context,
			Source: "OECD, tax identification numbers: United Kingdom; HMRC, Unique Taxpayer Reference", Validator: "weighted sum modulo 11",
			Context:    []string{"utr", "utr number", "unique taxpayer reference", "taxpayer reference", "self assessment", "self-assessment", "tax reference"},
			Columns:    []classifier.Column{column("gb_utr", true, nil, "utr", "utr number", "unique taxpayer reference", "taxpayer reference")},
			Layouts:    []string{"dddddddddd", "ddddd ddddd", "ddddddddddA", "ddd ddd dddd"},
			Check:      utr,
			Examples:   []string{"UTR 1955839661", "Unique Taxpayer Reference: 19558 39661", "self assessment ref 1955839661K"},
			NearMisses: []string{"1955839661", "UTR 2955839661", "UTR 19558396611", "UTR 195583966", "order 1955839661", "UTRX 1955839661"},
		},
		{
			ID: "gb_driving_licence", Name: "UK driving licence number", Class: personal, Country: "GB", Identity: "gb_driving_licence", Use: classifier.Form,
			Source: "DVLA, Driver number format; DfT, INS57P", Validator: "surname, birth date and initials in their places",
			Context: []string{"driving licence", "driving license", "driver number", "dvla", "licence number", "driver licence"},
			Columns: []classifier.Column{column("gb_driving_licence", true, shapeOf(ukDriver, 16, 18), "driver number", "driving licence", "driving licence number", "licence number", "driving licence no")},
			Layouts: []string{"XXXXXddddddXXdAA", "XXXXX dddddd XXdAA", "XXXXXddddddXXdAAdd", "XXXXXddddddXXdAA dd", "XXXXX-dddddd-XXdAA"},
			Check:   ukDriver,
			Examples: []string{
				"MORGA657054SM9IJ", "Driving licence: MORGA 657054 SM9IJ", "driver number morga657054sm9ij 35", "FOX99806142A99AB",
			},
			NearMisses: []string{"MORGA677054SM9IJ", "MORGA657354SM9IJ", "M9RGA657054SM9IJ", "XMORGA657054SM9IJ", "MORGA657054SM9I", "MORGA657004SM9IJ", "MORGA6570549S9IJ", "flushed entry 504095 after 4263 rows"},
		},
		{
			ID: "gb_passport", Name: "UK passport number", Class: personal, Country: "GB", Identity: "passport", Use: classifier.Context, Confidence: 0.84,
			Source: "HM Passport Office, Basic passport checks", Validator: "first digit not 0, no plain sequence",
			Context: []string{"uk passport", "british passport", "passport no", "passport number", "passport", "gbr", "hm passport office"},
			Layouts: []string{"ddddddddd", "ddd ddd ddd"},
			Check:   func(b []byte) bool { return b[0] != '0' && !checksum.Uniform(b) && !sequence(b) },
			Examples: []string{
				"UK passport 533401372", "British passport number: 925665416", "Passport no. 925 665 416",
			},
			NearMisses: []string{"533401372", "passport 53340137", "passport 5334013722", "order 533401372", "passports 533401372", "passport 123456789"},
		},
		{
			ID: "gb_bank_account", Name: "UK sort code and bank account number", Class: payment, Country: "GB",
			Source: "Pay.UK, Sort codes and account numbers", Validator: "sort code and account number side by side",
			Context:  []string{"bank details", "account details", "bank account", "account number", "account no", "account", "a/c", "sort code", "sort-code", "sortcode"},
			Layouts:  []string{"?dd-dd-dd dddddddd", "?dd-dd-dd dddd dddd", "?dd-dd-dd / dddddddd", "?dd-dd-dd/dddddddd", "?dd-dd-dd, account number dddddddd", "?dd-dd-dd, account dddddddd", "?dd-dd-dd, a/c dddddddd"},
			Literals: []string{"sort code", "sort-code", "sortcode"},
			Match:    matchSortCode,
			Columns:  []classifier.Column{column("gb_sort_code", false, sortCodeCell, "sort code", "sortcode", "bank sort code")}, ColumnValues: true,
			Examples: []string{
				"Sort code 20-00-00 account number 55779911", "sort code: 200000, a/c 55779911", "Account no. 55779911, sort code 20-00-00.", "Sortcode 20 00 00 / Account 5577 9911",
				"bank details: 20-00-00 55779911", "Our account: 20-00-00 / 55779911", "pay to 20-00-00, account number 55779911",
			},
			NearMisses: []string{
				"sort code 20-00-00", "20-00-00 55779911", "sort code 20-00-0 account 55779911", "sort code 20-00-00 account 557799111", "sort codes differ: 200000 55779911", "sort the code 20-00-00 55779911",
			},
		},
		{
			ID: "ie_pps", Name: "Irish PPS number", Class: personal, Country: "IE", Identity: "ie_pps", Use: classifier.Context,
			Source: "Ireland, Department of Social Protection, PPS number; OECD, tax identification numbers: Ireland", Validator: "check letter modulo 23",
			Context:    []string{"pps", "ppsn", "pps number", "pps no", "personal public service", "uimhir psp", "uimhir phearsanta", "rsi number"},
			Columns:    []classifier.Column{column("ie_pps", true, nil, "pps", "ppsn", "pps number", "pps no", "personal public service number")},
			Layouts:    []string{"dddddddA", "dddddddAA", "ddddddd A", "ddddddd AA", "ddddddd-A", "ddddddd-AA"},
			Check:      pps,
			Examples:   []string{"PPS number 6433435F", "PPSN: 6433435OA", "Uimhir PSP 6433435 F", "ppsn 6433435fw"},
			NearMisses: []string{"6433435F", "PPS 6433435G", "PPS 6433435OB", "PPS 64334351F", "PPSX 6433435F", "stops 6433435F"},
		},
	}
}

func nino(b []byte) bool {
	if strings.IndexByte("DFIQUV", b[0]) >= 0 || strings.IndexByte("DFIOQUV", b[1]) >= 0 || b[8] > 'D' {
		return false
	}
	switch string(b[:2]) {
	case "BG", "GB", "NK", "KN", "TN", "NT", "ZZ":
		return false
	}
	return true
}

func nhs(b []byte) bool {
	check := 11 - checksum.Weighted(b, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11
	return check%11 == int(b[9]-'0') && check != 10 && !checksum.Uniform(b)
}

// utr checks the digit that stands first; a K may follow.
func utr(b []byte) bool {
	if len(b) == 11 && b[10] != 'K' {
		return false
	}
	return "21987654321"[checksum.Weighted(b[1:10], 6, 7, 8, 9, 10, 5, 4, 3, 2)%11] == b[0] && !checksum.Uniform(b[:10])
}

// noIdentifier refuses small letters that hyphens join to a name, and exponents:
// "floxnot-ca425085d-jnqxb", "15136115e+06".
func noIdentifier(c *classifier.Candidate) bool {
	last := c.Text[c.End-1]
	if last < 'a' {
		return true
	}
	before, after := at(c.Text, c.Start-1), at(c.Text, c.End)
	return after != '+' && !(before == '-' && word(at(c.Text, c.Start-2))) && !(after == '-' && word(at(c.Text, c.End+1)))
}

// ukDriver checks the driver number: five letters of the surname, filled up with
// nines, the birth date with the month between the digits of the year, and two
// initials. The last characters are no public check digits.
func ukDriver(b []byte) bool {
	filled := false
	for i, c := range b[:5] {
		if filled && c != '9' || i == 0 && !letter(c) || !letter(c) && c != '9' {
			return false
		}
		filled = c == '9'
	}
	year, month, day := int(b[5]-'0')*10+int(b[10]-'0'), pair(b, 6), pair(b, 8)
	if month > 50 {
		month -= 50 // women
	}
	initials := letter(b[11]) && (letter(b[12]) || b[12] == '9') || b[11] == '9' && b[12] == '9'
	return initials && shortDate(year, month, day)
}

// sequence tells whether each digit follows upon the one before, as in numbers
// that people make up.
func sequence(b []byte) bool {
	for i := 1; i < len(b); i++ {
		if b[i] != b[i-1]+1 {
			return false
		}
	}
	return true
}

// pps checks modulo 23. Of the letters that may follow the check letter, W, T and
// X, of old numbers, do not count.
func pps(b []byte) bool {
	sum := checksum.Weighted(b, 8, 7, 6, 5, 4, 3, 2)
	if len(b) == 9 {
		switch c := b[8]; {
		case c >= 'A' && c <= 'I':
			sum += 9 * int(c-'A'+1)
		case c != 'W' && c != 'T' && c != 'X':
			return false
		}
	}
	return "WABCDEFGHIJKLMNOPQRSTUV"[sum%23] == b[7]
}

// sortCode is the shape of a sort code.
func sortCode(b []byte) bool {
	end := sortCodeAt(b, 0)
	return end > 0 && end == len(b)
}

// sortCodeAt returns the end of the sort code at i, of six digits in one run or
// in pairs, 0 when none stands there.
func sortCodeAt(text []byte, i int) int {
	digits := 0
	for ; digits < 6; i++ {
		switch c := at(text, i); {
		case digit(c):
			digits++
		case (c != '-' && c != ' ') || digits == 0 || digits%2 != 0 || !digit(at(text, i-1)):
			return 0
		}
	}
	if word(at(text, i)) {
		return 0
	}
	return i
}

// How far an account number may stand from its sort code.
const accountReach = 40

// matchSortCode reads the sort code after its name, and the account number that
// follows it or precedes the name.
func matchSortCode(c *classifier.Candidate) bool {
	text := c.Text
	i := c.At + len("sortcode")
	if !letter(text[c.At+len("sort")]) {
		i++
	}
	if word(at(text, i)) {
		return false
	}
	for end := min(len(text), i+24); i < end && !digit(text[i]); i++ {
	}
	code := sortCodeAt(text, i)
	if code == 0 || word(at(text, i-1)) {
		return false
	}
	from, to := nextAccount(text, code, min(len(text), code+accountReach))
	if from == to {
		from, to = nextAccount(text, max(0, c.At-accountReach), c.At)
	}
	if from == to {
		return false
	}
	c.Value = appendDigits(appendDigits(c.Value, text[i:code]), text[from:to])
	c.Start, c.End = min(i, from), max(code, to)
	return true
}

// sortCodeCell tells whether a cell holds a sort code, with or without an account.
func sortCodeCell(b []byte) bool {
	if sortCode(b) {
		return true
	}
	end := sortCodeAt(b, 0)
	if end == 0 {
		return false
	}
	from, to := nextAccount(b, end, len(b))
	return from < to && to == len(b)
}

// nextAccount returns the first account number, eight digits in one run or two,
// in text[from:to], an empty range if there is none.
func nextAccount(text []byte, from, to int) (start, end int) {
	for i := from; i < to; i++ {
		if !digit(text[i]) {
			continue
		}
		if i > 0 && word(text[i-1]) {
			continue
		}
		end := digitsEnd(text, i)
		if end-i == 4 && at(text, end) == ' ' && digitsEnd(text, end+1) == end+5 {
			end += 5
		}
		if n := end - i; (n == 8 || n == 9 && text[i+4] == ' ') && end <= len(text) && !word(at(text, end)) {
			return i, end
		}
		if end-i > 2 {
			return i, i // some other number
		}
		i = end
	}
	return to, to
}

// digitsEnd returns the end of the run of digits at i.
func digitsEnd(text []byte, i int) int {
	for i < len(text) && digit(text[i]) {
		i++
	}
	return i
}
