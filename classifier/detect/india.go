package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func india() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "in_aadhaar", Name: "Indian Aadhaar number", Class: personal, Country: "IN", Identity: "in_aadhaar", Use: classifier.Context,
			Source: "Unique Identification Authority of India, Verhoeff check digit", Validator: "first digit from 2 on, Verhoeff, no palindrome",
			Context: []string{"aadhaar", "aadhar", "adhaar", "uidai", "uid", "आधार"},
			Columns: []classifier.Column{column("in_aadhaar", true, nil, "aadhaar", "aadhar", "aadhaar number", "aadhaar no", "uidai")},
			Layouts: []string{"dddddddddddd", "dddd_dddd_dddd"},
			Check:   aadhaar,
			Confirm: func(c *classifier.Candidate) bool {
				return at(c.Text, c.Start-1) != '-' || !word(at(c.Text, c.Start-2))
			},
			Examples:   []string{"Aadhaar 2341 2341 2346", "aadhar no. 234123412346", "UIDAI: 2341-2341-2346", "Aadhaar 5555 2341 2341 2346"},
			NearMisses: []string{"2341 2341 2346", "234123412346", "Aadhaar 2341 2341 2347", "Aadhaar 1341 2341 2346", "uid=\"e7e5001d-d590-49eb-bceb-234123412346\""},
		},
		{
			ID: "in_pan", Name: "Indian permanent account number", Class: personal, Country: "IN", Identity: "in_pan", Use: classifier.Form,
			Source: "Income Tax Department of India, PAN structure", Validator: "letter of the kind of holder",
			Context:    []string{"pan", "pan number", "pan no", "pan card", "permanent account number"},
			Columns:    []classifier.Column{column("in_pan", true, nil, "pan number", "pan no", "pan card")},
			Layouts:    []string{"AAAAAddddA"},
			Check:      pan,
			Examples:   []string{"ACUPA7085R", "PAN: acupa7085r"},
			NearMisses: []string{"ACUXA7085R", "ACUPA0000R", "ACUPA7085", "ACUPA7085RX"},
		},
		{
			ID: "in_gstin", Name: "Indian goods and services tax number (GSTIN)", Class: company, Country: "IN",
			Source: "Goods and Services Tax Network, GSTIN structure (state, PAN, Luhn modulus 36)", Validator: "state, PAN within, Luhn modulo 36",
			Context:    []string{"gstin", "gst", "gst number", "gst no"},
			Columns:    []classifier.Column{column("in_gstin", false, nil, "gstin", "gst number", "gst no")},
			Layouts:    []string{"ddAAAAAddddAXAX"},
			Check:      gstin,
			Examples:   []string{"27AAPFU0939F1ZV", "GSTIN: 29aagcb7383j1z4", "GST No 27AAPFU0939F1ZV"},
			NearMisses: []string{"27AAPFU0939F1ZW", "27AAPFU0939F1AV", "57AAPFU0939F1ZV", "27AAPFU0939F1ZVX", "X27AAPFU0939F1ZV"},
		},
		{
			ID: "in_voter_id", Name: "Indian voter identity card (EPIC)", Class: personal, Country: "IN", Identity: "in_voter_id", Use: classifier.Context,
			Source: "Election Commission of India, electors photo identity card number (Luhn over the seven digits)", Validator: "Luhn over seven digits",
			Context:    []string{"voter id", "voter card", "voter", "epic", "epic no", "election card", "elector", "मतदाता", "मतदाता पहचान पत्र", "वोटर आईडी"},
			Columns:    []classifier.Column{column("in_voter_id", true, nil, "voter id", "voter id number", "epic", "epic no", "मतदाता पहचान पत्र")},
			Layouts:    []string{"AAAddddddd"},
			Check:      func(b []byte) bool { return checksum.Luhn(b[3:]) && !checksum.Uniform(b[3:]) },
			Examples:   []string{"Voter ID WKH1186253", "EPIC no. WKH1186253", "मतदाता पहचान पत्र WKH1186253"},
			NearMisses: []string{"WKH1186253", "Voter ID WKH1186254", "voter ID WKH11862531", "Voter ID WKH0000000", "epicentre WKH1186253"},
		},
		{
			ID: "in_passport", Name: "Indian passport", Class: personal, Country: "IN", Identity: "in_passport", Use: classifier.Context,
			Source: "Ministry of External Affairs of India, Passport Seva: a letter and seven digits", Validator: "letters of the series, word for a passport in its line",
			Context:    []string{"passport", "passport no", "passport number", "indian passport", "पासपोर्ट"},
			Columns:    []classifier.Column{column("in_passport", true, nil, "indian passport", "पासपोर्ट", "पासपोर्ट नंबर")},
			Layouts:    []string{"Addddddd", "Add ddddd"},
			Check:      indianPassport,
			Confirm:    passportLabel("indian ", "india "),
			Examples:   []string{"Passport No. J8369854", "Indian passport: K9876543", "पासपोर्ट नंबर M1234567"},
			NearMisses: []string{"J8369854", "passport J836985", "passport J83698541", "passport Q8369854", "passport J0369854", "passport holder, order J8369854"},
		},
		{
			ID: "in_vehicle_plate", Name: "Indian vehicle registration", Class: personal, Country: "IN", Use: classifier.Form, Confidence: 0.88,
			Source: "Central Motor Vehicles Rules 1989, rule 50; state codes of the Ministry of Road Transport", Validator: "state, or year of the Bharat series",
			Context:    []string{"vehicle", "registration no", "registration number", "number plate", "license plate", "car", "bike", "scooter", "rc", "challan", "गाड़ी", "वाहन"},
			Columns:    []classifier.Column{column("in_vehicle_plate", true, nil, "vehicle number", "vehicle no", "vehicle registration", "registration number", "number plate", "वाहन संख्या")},
			Layouts:    []string{"AA dd AA dddd", "AA-dd-AA-dddd", "AA dd A dddd", "AA-dd-A-dddd", "AA dd AAA dddd", "AA d A dddd", "?AAddAAdddd", "?AAddAdddd", "?ddAAddddAA", "?ddAAddddA", "?AAdAAAdddd"},
			Check:      indianPlate,
			Examples:   []string{"MH 12 AB 1234", "vehicle no. KA01MJ2022", "car DL-3-C-1234 or DL 3 C 1234", "bike 22BH6517A"},
			NearMisses: []string{"KA01MJ2022", "XX 12 AB 1234", "MH 12 AB 12345", "vehicle KA01MJ20221", "22BH6517A", "MH 00 AB 1234", "vehicle KA01MJ0000"},
		},
		{
			ID: "in_ifsc", Name: "Indian bank branch code (IFSC)", Class: payment, Country: "IN", Use: classifier.Context,
			Source:     "Reserve Bank of India, Indian Financial System Code: four letters, nought, six characters",
			Context:    []string{"ifsc", "ifsc code", "ifs code", "rtgs", "neft", "imps", "bank branch", "account number", "a/c no", "आईएफएससी"},
			Columns:    []classifier.Column{column("in_ifsc", false, nil, "ifsc", "ifsc code", "आईएफएससी कोड")},
			Layouts:    []string{"AAAA0XXXXXX"},
			Examples:   []string{"IFSC SBIN0001234", "NEFT to HDFC0000060", "IFSC Code: KKBK0HDRCC0"},
			NearMisses: []string{"SBIN0001234", "IFSC SBIN1001234", "IFSC SBIN00012345", "IFSC 1BIN0001234"},
		},
	}
}

func aadhaar(b []byte) bool {
	if b[0] < '2' || !checksum.Verhoeff(b) {
		return false
	}
	for i := range len(b) / 2 {
		if b[i] != b[len(b)-1-i] {
			return true
		}
	}
	return false // no palindromes are issued
}

// pan checks the letter of the holder's kind; the last letter's rule is not public.
func pan(b []byte) bool {
	switch b[3] {
	case 'A', 'B', 'C', 'F', 'G', 'H', 'J', 'K', 'L', 'P', 'T':
		return number(b[5:9]) > 0
	}
	return false
}

// gstin checks the state, the PAN within, the Z and the check character.
func gstin(b []byte) bool {
	state := number(b[:2])
	return state >= 1 && (state <= 38 || state == 97 || state == 99) && b[13] == 'Z' && b[12] != '0' && pan(b[2:12]) && checksum.Luhn36(b)
}

func indianPassport(b []byte) bool {
	return b[0] != 'Q' && b[0] != 'X' && b[0] != 'Z' && b[1] != '0' && b[7] != '0'
}

// indianStates are the codes on plates, those of former names included.
const indianStates = "ANAPARASBHBRCGCHDDDLDNGAGJHPHRJHJKKAKLLALDMHMLMNMPMZNLODORPBPYRJSKTNTRTSUAUKUPWB"

// indianPlate checks the state and that district and number are not nought. The
// Bharat series begins with its year.
func indianPlate(b []byte) bool {
	if digit(b[0]) {
		return b[2] == 'B' && b[3] == 'H' && number(b[:2]) >= 21 && number(b[4:8]) > 0
	}
	state := false
	for i := 0; i < len(indianStates); i += 2 {
		state = state || indianStates[i] == b[0] && indianStates[i+1] == b[1]
	}
	return state && number(b[len(b)-4:]) > 0 && !(b[2] == '0' && b[3] == '0')
}
