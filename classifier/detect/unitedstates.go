package detect

import (
	"bytes"
	"slices"
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func unitedStates() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "us_ssn", Name: "US social security number", Class: personal, Country: "US", Identity: "us_ssn", Use: classifier.Form,
			Source: "US Social Security Administration, number randomization (POMS RM 10201.035)", Validator: "area, group and serial that are issued",
			Context: []string{"ssn", "social security", "social sec", "taxpayer"},
			Columns: []classifier.Column{column("us_ssn", true, nil, "ssn", "social security number", "social security")},
			Layouts: []string{"ddd-dd-dddd", "ddd dd dddd", "ddddddddd"},
			Check:   ssn,
			Examples: []string{
				"536-90-4399", "536 90 4399", "SSN: 536904399", "social security number 536904399", "my SSN is 123-45-6789",
			},
			NearMisses: []string{
				"666-90-4399", "000-12-3456", "912-34-5678", "536-00-4399", "536-90-0000", "078-05-1120", "219-09-9999",
				"536904399", "1536-90-4399", "536-90-43991", "invoice 536904399", "123456789",
			},
		},
		{
			ID: "us_itin", Name: "US individual taxpayer identification number", Class: personal, Country: "US", Identity: "us_itin", Use: classifier.Form,
			Source: "US Internal Revenue Service, publication 1915 and IRM 3.21.263 (ranges of the fourth and fifth digit)", Validator: "leading 9, ranges of the fourth and fifth digit",
			Context:    []string{"itin", "individual taxpayer", "taxpayer id", "tax id", "taxpayer identification", "irs"},
			Columns:    []classifier.Column{column("us_itin", true, nil, "itin", "itin number")},
			Layouts:    []string{"ddd-dd-dddd", "ddd dd dddd", "ddddddddd"},
			Check:      itin,
			Examples:   []string{"912-90-3456", "ITIN: 912903456", "her ITIN is 950 70 1234", "tax id 999-88-1234"},
			NearMisses: []string{"912-93-3456", "812-90-3456", "912903456", "912-90-34567", "A912-90-3456", "ticket 912903456", "912-49-3456", "900-69-0000", "999-99-9999"},
		},
		{
			ID: "us_ein", Name: "US employer identification number", Class: company, Country: "US", Use: classifier.Context,
			Source: "US Internal Revenue Service, how EINs are assigned and valid EIN prefixes", Validator: "prefix that the IRS gives out",
			Context:  []string{"ein", "fein", "employer identification", "employer id", "federal tax id", "federal tax identification", "federal id", "tax id", "tax id number"},
			Columns:  []classifier.Column{column("us_ein", false, nil, "ein", "fein", "employer identification number", "federal tax id")},
			Layouts:  []string{"dd-ddddddd", "ddddddddd"},
			Check:    ein,
			Confirm:  acronym("EIN"),
			Examples: []string{"EIN 91-1144442", "Employer Identification Number: 911144442", "Federal Tax ID 12-3456789", "ein: 91-1144442"},
			NearMisses: []string{
				"91-1144442", "EIN 07-1144442", "EIN 91-11444421", "EIN 891144442", "das ist ein gutes Angebot, Katalog 91-1144442", "order 911144442",
				"being 91-1144442",
			},
		},
		{
			ID: "us_aba_routing", Name: "US bank routing number (ABA)", Class: payment, Country: "US", Use: classifier.Context,
			Source: "American Bankers Association, routing number policy; Federal Reserve prefixes", Validator: "Federal Reserve prefix, weighted sum modulo 10",
			Context:    []string{"routing", "routing number", "aba", "rtn", "routing transit", "fedwire", "ach", "wire transfer"},
			Columns:    []classifier.Column{column("us_aba_routing", false, nil, "routing number", "aba", "aba number", "routing no", "aba routing")},
			Layouts:    []string{"ddddddddd", "dddd-dddd-d"},
			Check:      abaRouting,
			Examples:   []string{"routing number 111000025", "ABA: 021000021", "RTN 0110-0001-5", "ACH routing 322271627"},
			NearMisses: []string{"111000025", "routing number 111000026", "routing 991000020", "routing number 1110000251", "ABA 000000000", "zip 111000025"},
		},
		{
			ID: "us_bank_account", Name: "US bank account number", Class: payment, Country: "US", Use: classifier.Context, Confidence: 0.7,
			Source: "Nacha operating rules, DFI account number (up to 17 characters)", Validator: "no date or time, a word of banking before it",
			Context:  []string{"bank account", "account number", "account no", "acct", "acct no", "checking account", "checking", "savings account", "deposit account"},
			Columns:  []classifier.Column{column("us_bank_account", true, nil, "bank account number", "bank account no", "checking account", "savings account", "bank acct")},
			Layouts:  []string{"dddddddd", "ddddddddd", "dddddddddd", "ddddddddddd", "dddddddddddd", "ddddddddddddd", "dddddddddddddd", "ddddddddddddddd", "dddddddddddddddd", "ddddddddddddddddd"},
			Check:    bankAccount,
			Confirm:  usBankAccount,
			Examples: []string{"bank account 000123456789", "Routing 021000021, account number 4471120098", "checking account no. 70012345", "Chase checking: 900123456781"},
			NearMisses: []string{
				"000123456789", "account number 4471120098", "bank account 1234567", "bank account 000000000", "our bank moved on 20240101", "bank account 1700000000",
				"bank account x4471120098", "bank account opened 1700000000123", "order 4471120098, paid by bank account",
			},
		},
		{
			ID: "us_npi", Name: "US national provider identifier", Class: personal, Country: "US", Identity: "us_npi", Use: classifier.Context,
			Source: "45 CFR 162.406; CMS, NPI check digit (Luhn over 80840 and the number)", Validator: "leading 1 or 2, Luhn over 80840 and the number",
			Context:    []string{"npi", "national provider", "provider id", "provider identifier", "nppes"},
			Columns:    []classifier.Column{column("us_npi", true, nil, "npi", "npi number", "national provider identifier")},
			Layouts:    []string{"dddddddddd"},
			Check:      npi,
			Examples:   []string{"NPI 1234567893", "National Provider Identifier: 1245319599", "NPI# 1003000126"},
			NearMisses: []string{"1234567893", "NPI 1234567894", "NPI 12345678931", "NPI 3234567891", "phone 1234567893"},
		},
		{
			ID: "us_mbi", Name: "US Medicare beneficiary identifier", Class: personal, Country: "US", Identity: "us_mbi", Use: classifier.Form,
			Source: "CMS, Understanding the Medicare Beneficiary Identifier format", Validator: "first digit not 0, none of the letters B, I, L, O, S, Z",
			Context:    []string{"mbi", "medicare", "medicare number", "medicare id", "beneficiary"},
			Columns:    []classifier.Column{column("us_mbi", true, nil, "mbi", "medicare number", "medicare id", "medicare beneficiary identifier")},
			Layouts:    []string{"dAXd-AXd-AAdd", "?dAXdAXdAAdd"},
			Check:      mbi,
			Examples:   []string{"1EG4-TE5-MK73", "Medicare no. 1EG4TE5MK73", "MBI: 9wa4-ck1-hd20"},
			NearMisses: []string{"1SG4-TE5-MK73", "1EG4TE5MK73", "0EG4-TE5-MK73", "1EG4-TE5-MK735", "MBI 1EG4TE5MKA3", "X1EG4-TE5-MK73"},
		},
		{
			ID: "us_dea", Name: "US DEA registration number", Class: personal, Country: "US", Identity: "us_dea", Use: classifier.Context,
			Source: "US Drug Enforcement Administration, Diversion Control Division: registration number and check digit", Validator: "registrant type, weighted sum modulo 10",
			Context:    []string{"dea", "dea number", "dea registration", "prescriber", "controlled substance"},
			Columns:    []classifier.Column{column("us_dea", true, nil, "dea", "dea number", "dea registration")},
			Layouts:    []string{"AXddddddd"},
			Check:      dea,
			Examples:   []string{"DEA AB1234563", "DEA number: F91234563", "prescriber BJ6125341"},
			NearMisses: []string{"AB1234563", "DEA AB1234564", "DEA IB1234563", "DEA AB12345631", "idea AB1234563"},
		},
		{
			ID: "us_passport", Name: "US passport", Class: personal, Country: "US", Identity: "us_passport", Use: classifier.Context, Confidence: 0.8,
			Source: "US Department of State, passport book (nine digits; since 2021 a letter and eight digits)", Validator: "word for a passport in its line, not all digits equal",
			Context:  []string{"passport", "passport no", "passport number", "us passport", "american passport"},
			Columns:  []classifier.Column{column("us_passport", true, nil, "us passport", "us passport number", "american passport")},
			Layouts:  []string{"ddddddddd", "Adddddddd"},
			Check:    func(b []byte) bool { return !checksum.Uniform(b) },
			Confirm:  usPassport,
			Examples: []string{"US passport 488212345", "passport number A03456789 (USA)", "U.S. Passport No: 340020013"},
			NearMisses: []string{
				"488212345", "A03456789", "passport 48821234", "passport 4882123456", "passport 000000000", "passporting 488212345", "passport fee, order 488212345",
			},
		},
	}
}

func ssn(b []byte) bool {
	area, group, serial := number(b[:3]), number(b[3:5]), number(b[5:])
	switch {
	case area == 0 || area == 666 || area >= 900 || group == 0 || serial == 0:
		return false
	}
	switch string(b) { // printed in advertisements, so withdrawn
	case "078051120", "219099999":
		return false
	}
	return !checksum.Uniform(b)
}

func itin(b []byte) bool {
	group := number(b[3:5])
	return b[0] == '9' && !checksum.Uniform(b) && (group >= 50 && group <= 65 || group >= 70 && group <= 88 || group >= 90 && group <= 99 && group != 93)
}

func ein(b []byte) bool {
	switch number(b[:2]) { // prefixes that no campus of the IRS gives out
	case 0, 7, 8, 9, 17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89, 96, 97:
		return false
	}
	return !checksum.Uniform(b[2:])
}

// abaRouting checks the Federal Reserve district and the check digit.
func abaRouting(b []byte) bool {
	district := number(b[:2])
	if district > 12 && district < 21 || district > 32 && district < 61 || district > 72 && district != 80 || checksum.Uniform(b) {
		return false
	}
	return checksum.Weighted(b, 3, 7, 1, 3, 7, 1, 3, 7, 1)%10 == 0
}

// bankAccount refuses what reads as a date or as a time.
func bankAccount(b []byte) bool {
	return !checksum.Uniform(b) && !(len(b) == 8 && checksum.Date(number(b[:4]), number(b[4:6]), number(b[6:]))) && !epoch(b)
}

// epoch tells whether the digits read as the seconds or milliseconds of a recent time.
func epoch(b []byte) bool {
	return (len(b) == 10 || len(b) == 13) && b[0] == '1' && b[1] >= '4' && b[1] <= '9'
}

// bankCodeReach is how far before a number the name of a code may begin.
const bankCodeReach = 12

// usBankAccount asks for a word of banking: customers have account numbers too.
func usBankAccount(c *classifier.Candidate) bool {
	if label := bytes.ToUpper(bytes.TrimRight(c.Text[max(0, c.Start-bankCodeReach):c.Start], " :№")); bytes.HasSuffix(label, []byte("БИК")) || bytes.HasSuffix(label, []byte("BIK")) {
		return false // the code of a bank in Russia
	}
	return said(c, "bank", "banking", "routing", "aba", "ach", "wire", "checking", "savings", "deposit", "fargo", "chase", "citibank") && notOfGoods(c)
}

// npi checks the prefix 80840 along with the number: its share of the sum is 24.
func npi(b []byte) bool {
	if b[0] != '1' && b[0] != '2' {
		return false
	}
	sum := 24
	for i, c := range b {
		d := int(c - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// mbi checks that no letter is one of those that read as digits.
func mbi(b []byte) bool {
	for _, c := range b {
		switch c {
		case 'S', 'L', 'O', 'I', 'B', 'Z':
			return false
		}
	}
	return b[0] != '0'
}

// dea checks the kind of registrant and the last digit. Its second character is
// the initial of a name, or 9.
func dea(b []byte) bool {
	switch b[0] {
	case 'I', 'N', 'O', 'Q', 'V', 'W', 'Y', 'Z':
		return false
	}
	if digit(b[1]) && b[1] != '9' {
		return false
	}
	return checksum.Weighted(b[2:], 1, 2, 1, 2, 1, 2)%10 == int(b[8]-'0')
}

// usPassport is surer where the text speaks of the United States.
func usPassport(c *classifier.Candidate) bool {
	if said(c, "us", "u.s.", "usa", "american", "united states") {
		c.Confidence = 0.88
	}
	return passportLabel("us ", "usa ", "american ")(c)
}

// passportLabel returns a Confirm that asks for the word in the line of the number.
// In a table the column counts, whose numbers may be of any country unless the
// country stands in its name.
func passportLabel(countries ...string) func(c *classifier.Candidate) bool {
	return func(c *classifier.Candidate) bool {
		c.Steps += saidSteps
		line := c.Text[max(0, c.Start-acronymBefore):c.Start]
		line = bytes.ToLower(line[bytes.LastIndexByte(line, '\n')+1:])
		if name := strings.ToLower(strings.ReplaceAll(c.Name(), "_", " ")); slices.ContainsFunc(countries, func(country string) bool { return strings.Contains(name, country) }) {
			line = []byte(name)
		}
		for _, word := range []string{"passport", "护照", "護照", "पासपोर्ट", "pasaporte"} {
			if bytes.Contains(line, []byte(word)) {
				return notOfGoods(c)
			}
		}
		return false
	}
}
