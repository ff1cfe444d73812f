package detect

import (
	"bytes"

	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

var licenceWords = []string{
	"driver license", "drivers license", "driver's license", "driver’s license", "driver licence", "drivers licence", "driver's licence", "driving license",
	"dl", "dl no", "dl number", "dln", "d.l.", "oln", "operator license", "license no", "license number", "licencia de conducir",
}

// usDriving is the driving licence of the United States: each state has its own
// form, many of them nothing but digits, so that context is always needed.
func usDriving() []classifier.Detector {
	why := reasonsOf(licenceWords, []string{"dl"})
	return []classifier.Detector{{
		ID: "us_driving_licence", Name: "US driver's license", Class: personal, Country: "US", Identity: "us_driving_licence", Use: classifier.Context, Confidence: 0.8,
		Source: "AAMVA DL/ID card design standard; number formats published by the states' licensing agencies", Validator: "form of some state, no date or time",
		Context: licenceWords,
		Columns: []classifier.Column{column("us_driving_licence", true, nil, "driver license number", "drivers license number", "driver license no", "dl number", "dln", "driver s license", "driver s license number")},
		Layouts: []string{
			"ddddddd", "dddddddd", "ddddddddd", "dddddddddd", "dddddddddddd", // AK GA ME TX; PA SD VT; AZ CO CT NY TN; IN MT UT; NC NV
			"Addddddd", "Adddddddd", "Addddddddd", "Addddddddddd", "Adddddddddddd", "Addddddddddddd", "Adddddddddddddd", // CA NY; AZ HI MA NE VA; OK MO; IL; FL MD MI MN; WI; NJ
			"AAdddddd", "AAddddddA", "AAAdddddd", "ddAAAddddd", "dddAAdddd", "dddddddA", "Add-dd-dddd", "Kdd-dd-dddd", // OH; ID; ND; NH; IA; VT; KY KS
			"Addd-dddd-dddd", "Addd-ddd-dd-ddd-d", "Addd-dddd-dddd-dd", "A-ddd-ddd-ddd-ddd", "A ddd ddd ddd ddd", "Adddd ddddd ddddd", // IL; FL; WI; MD; MI; NJ
			"ddd ddd ddd", "dd-ddd-dddd", "dddd-ddd-dddd", "dd ddd ddd", // NY; CO; IN; PA
		},
		Check:   usLicence,
		Confirm: func(c *classifier.Candidate) bool { return usDrivingLicence(c, why) },
		Examples: []string{
			"California driver license D1234567", "DL: A123-456-78-901-0 (FL)", "driver's license number 123456789, NY", "Drivers License No. S530-4609-0120",
			"DLN W426545307610 Michigan", "Texas DL 08765432", "driver’s license J525-4209-0465-05",
		},
		NearMisses: []string{
			"D1234567", "driver license D123456", "A123-456-78-901-0", "software license number 123456789", "license number 12345678", "driver license 0000000",
			"DL 20240101", "driver license AD12345678901234", "the DL on order 123456789", "DL 104 642 100 642\nDL 108 642 104 642", "ds.runke(n,234);d.dl=\"wan\",tw.transtax(k,573);var m=1985670", "(merge b441717256 dl/test-must-fail-fixes later to maint)",
		},
	}}
}

func usLicence(b []byte) bool {
	return !checksum.Uniform(b) && !epoch(b) && !(len(b) == 8 && digit(b[0]) && checksum.Date(number(b[:4]), number(b[4:6]), number(b[6:])))
}

// usDrivingLicence asks that the text speak of driving: software and doctors have
// license numbers too.
func usDrivingLicence(c *classifier.Candidate, why *reasons) bool {
	if !acronymCounts(c, "DL") || !why.explain(c) || bytes.IndexByte(c.Text[c.Start:c.End], ' ') >= 0 && !said(c, "driver", "drivers", "driver's", "driver’s", "driving") {
		return false
	}
	if said(c, "license no", "license number") && !said(c, "driver", "drivers", "driver's", "driver’s", "driving", "dl", "dmv", "state") {
		return false
	}
	return notOfGoods(c)
}
