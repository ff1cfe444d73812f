package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func middleEast() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "sa_national_id", Name: "Saudi national identity number", Class: personal, Country: "SA", Identity: "sa_national_id", Use: classifier.Context,
			Source:     "Saudi Ministry of Interior (Absher); Luhn as implemented by public validators",
			Context:    []string{"national id", "saudi id", "الهوية", "هوية", "رقم الهوية", "الهوية الوطنية", "السجل المدني", "بطاقة الأحوال"},
			Columns:    []classifier.Column{column("sa_national_id", true, nil, "رقم الهوية", "الهوية الوطنية", "الهوية", "saudi id", "national id", "السجل المدني")},
			Layouts:    []string{"dddddddddd"},
			Check:      func(b []byte) bool { return b[0] == '1' && checksum.Luhn(b) },
			Examples:   []string{"رقم الهوية 1054356785", "رقم الهوية: ١٠٥٤٣٥٦٧٨٥", "Saudi ID 1054356785"},
			NearMisses: []string{"1054356785", "رقم الهوية 1054356786", "رقم الطلب 1054356785", "at 1700000006 the national team"},
		},
		{
			ID: "sa_iqama", Name: "Saudi residence permit number (Iqama)", Class: personal, Country: "SA", Identity: "sa_national_id", Use: classifier.Context,
			Source:     "Saudi Ministry of Interior (Absher); Luhn as implemented by public validators",
			Context:    []string{"iqama", "residence permit", "resident id", "الإقامة", "إقامة", "رقم الإقامة", "هوية مقيم", "مقيم"},
			Columns:    []classifier.Column{column("sa_iqama", true, nil, "رقم الإقامة", "الإقامة", "iqama", "iqama number", "residence permit", "هوية مقيم")},
			Layouts:    []string{"dddddddddd"},
			Check:      func(b []byte) bool { return b[0] == '2' && checksum.Luhn(b) },
			Examples:   []string{"Iqama 2054356783", "رقم الإقامة ٢٠٥٤٣٥٦٧٨٣"},
			NearMisses: []string{"2054356783", "Iqama 2054356785", "Iqama 1054356785"},
		},
		{
			ID: "ae_emirates_id", Name: "Emirates ID", Class: personal, Country: "AE", Identity: "ae_emirates_id",
			Source:     "UAE Federal Authority for Identity and Citizenship; ISO 3166-1 numeric 784",
			Columns:    []classifier.Column{column("ae_emirates_id", true, nil, "emirates id", "eid", "الهوية الإماراتية", "رقم الهوية الإماراتية")},
			Layouts:    []string{"ddd_dddd_ddddddd_d", "ddddddddddddddd"},
			Check:      emiratesID,
			Examples:   []string{"784-1984-1234567-4", "784198412345674", "784 1984 1234567 4", "٧٨٤-١٩٨٤-١٢٣٤٥٦٧-٤"},
			NearMisses: []string{"784-1984-1234567-5", "785-1984-1234567-4", "784-1784-1234567-4", "7841984123456745"},
		},
		{
			ID: "eg_national_id", Name: "Egyptian national identity number", Class: personal, Country: "EG", Identity: "eg_national_id",
			Source:     "Egyptian Civil Status Organization; structure as documented by public validators",
			Columns:    []classifier.Column{column("eg_national_id", true, nil, "الرقم القومي", "egyptian id", "national number")},
			Layouts:    []string{"dddddddddddddd"},
			Check:      egyptianID,
			Examples:   []string{"29001011234564", "الرقم القومي ٢٩٠٠١٠١١٢٣٤٥٦٤"},
			NearMisses: []string{"29001011234565", "19001011234564", "29013011234564", "29001019934564"},
		},
	}
}

func emiratesID(b []byte) bool {
	year := number(b[3:7])
	return number(b[:3]) == 784 && year >= 1900 && year <= 2060 && checksum.Luhn(b)
}

// egyptianID checks century, birth date, governorate and the check digit.
func egyptianID(b []byte) bool {
	if b[0] != '2' && b[0] != '3' {
		return false
	}
	year := 1700 + 100*int(b[0]-'0') + number(b[1:3])
	if !checksum.Date(year, number(b[3:5]), number(b[5:7])) || !governorate(number(b[7:9])) {
		return false
	}
	sum := checksum.Weighted(b, 2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
	return (11-sum%11)%10 == int(b[13]-'0')
}

func governorate(code int) bool {
	return code >= 1 && code <= 4 || code >= 11 && code <= 19 || code >= 21 && code <= 29 || code >= 31 && code <= 35 || code == 88
}
