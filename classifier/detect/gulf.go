package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func gulf() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "sa_national_id", Name: "Saudi national identity number", Class: personal, Country: "SA", Identity: "sa_national_id", Use: classifier.Context,
			Source: "Saudi Ministry of Interior (Absher); Luhn as implemented by public validators", Validator: "leading 1, Luhn",
			Context:    []string{"national id", "saudi id", "الهوية", "هوية", "رقم الهوية", "الهوية الوطنية", "السجل المدني", "بطاقة الأحوال"},
			Columns:    []classifier.Column{column("sa_national_id", true, nil, "رقم الهوية", "الهوية الوطنية", "الهوية", "saudi id", "national id", "السجل المدني")},
			Layouts:    []string{"dddddddddd"},
			Check:      func(b []byte) bool { return b[0] == '1' && checksum.Luhn(b) },
			Examples:   []string{"رقم الهوية 1054356785", "رقم الهوية: ١٠٥٤٣٥٦٧٨٥", "Saudi ID 1054356785"},
			NearMisses: []string{"1054356785", "رقم الهوية 1054356786", "رقم الطلب 1054356785", "at 1700000006 the national team"},
		},
		{
			ID: "sa_iqama", Name: "Saudi residence permit number (Iqama)", Class: personal, Country: "SA", Identity: "sa_national_id", Use: classifier.Context,
			Source: "Saudi Ministry of Interior (Absher); Luhn as implemented by public validators", Validator: "leading 2, Luhn",
			Context:    []string{"iqama", "residence permit", "resident id", "الإقامة", "إقامة", "رقم الإقامة", "هوية مقيم", "مقيم"},
			Columns:    []classifier.Column{column("sa_iqama", true, nil, "رقم الإقامة", "الإقامة", "iqama", "iqama number", "residence permit", "هوية مقيم")},
			Layouts:    []string{"dddddddddd"},
			Check:      func(b []byte) bool { return b[0] == '2' && checksum.Luhn(b) },
			Examples:   []string{"Iqama 2054356783", "رقم الإقامة ٢٠٥٤٣٥٦٧٨٣"},
			NearMisses: []string{"2054356783", "Iqama 2054356785", "Iqama 1054356785"},
		},
		{
			ID: "ae_emirates_id", Name: "Emirates ID", Class: personal, Country: "AE", Identity: "ae_emirates_id",
			Source: "UAE Federal Authority for Identity and Citizenship; ISO 3166-1 numeric 784", Validator: "leading 784, year of birth, Luhn",
			Columns:    []classifier.Column{column("ae_emirates_id", true, nil, "emirates id", "eid", "الهوية الإماراتية", "رقم الهوية الإماراتية")},
			Layouts:    []string{"ddd_dddd_ddddddd_d", "ddddddddddddddd"},
			Check:      emiratesID,
			Examples:   []string{"784-1984-1234567-4", "784198412345674", "784 1984 1234567 4", "٧٨٤-١٩٨٤-١٢٣٤٥٦٧-٤"},
			NearMisses: []string{"784-1984-1234567-5", "785-1984-1234567-4", "784-1784-1234567-4", "7841984123456745"},
		},
		{
			ID: "kw_civil_id", Name: "Kuwaiti civil identity number", Class: personal, Country: "KW", Identity: "kw_civil_id", Use: classifier.Form,
			Source: "Public Authority for Civil Information of Kuwait (century, birth date, modulus 11)", Validator: "birth date, weighted sum modulo 11",
			Context:    []string{"civil id", "kuwait id", "الرقم المدني", "البطاقة المدنية", "رقم مدني"},
			Columns:    []classifier.Column{column("kw_civil_id", true, nil, "civil id", "civil id number", "الرقم المدني", "البطاقة المدنية")},
			Layouts:    []string{"dddddddddddd", "d dddddd ddddd"},
			Check:      civilID,
			Examples:   []string{"الرقم المدني 284101200121", "Civil ID: 284101200121", "الرقم المدني ٢٨٤١٠١٢٠٠١٢١"},
			NearMisses: []string{"284101200121", "Civil ID 284101200122", "Civil ID 484101200121", "Civil ID 284131200121", "Civil ID 2841012001211", "رقم الطلب 284101200121"},
		},
		{
			ID: "qa_qid", Name: "Qatari identity number (QID)", Class: personal, Country: "QA", Identity: "qa_qid", Use: classifier.Context,
			Source: "Ministry of Interior of Qatar: century, year of birth, ISO 3166-1 numeric nationality, serial number", Validator: "year of birth, range of nationalities",
			Context:    []string{"qid", "qatar id", "qatari id", "qatar identity", "الرقم الشخصي", "البطاقة الشخصية", "بطاقة قطر", "البطاقة القطرية", "رقم البطاقة القطرية", "الهوية القطرية"},
			Columns:    []classifier.Column{column("qa_qid", true, nil, "qid", "qatar id", "الرقم الشخصي")},
			Layouts:    []string{"ddddddddddd"},
			Check:      qatariID,
			Examples:   []string{"QID 28535612345", "Qatar ID: 30163401234", "الرقم الشخصي ٢٨٥٣٥٦١٢٣٤٥"},
			NearMisses: []string{"28535612345", "QID 48535612345", "QID 28500112345", "QID 285356123451", "QID 34563401234", "رقم الطلب 28535612345"},
		},
		{
			ID: "bh_cpr", Name: "Bahraini personal number (CPR)", Class: personal, Country: "BH", Identity: "bh_cpr", Use: classifier.Context, Confidence: 0.8,
			Source: "Information and eGovernment Authority of Bahrain: year and month of birth, serial number; the check digit is not public", Validator: "month of birth",
			Context: []string{"cpr", "cpr no", "cpr number", "bahrain id", "bahraini id", "الرقم الشخصي", "الرقم السكاني", "بطاقة الهوية البحرينية"},
			Columns: []classifier.Column{column("bh_cpr", true, nil, "cpr", "cpr no", "cpr number", "الرقم السكاني")},
			Layouts: []string{"ddddddddd", "dddddd-ddd"},
			Check: func(b []byte) bool {
				month := number(b[2:4])
				return month >= 1 && month <= 12 && !checksum.Uniform(b[4:])
			},
			Confirm:    notOfGoods,
			Examples:   []string{"CPR 850412349", "Bahrain ID: 010934567", "الرقم الشخصي ٨٥٠٤١٢٣٤٩"},
			NearMisses: []string{"850412349", "CPR 851312349", "CPR 8504123491", "CPR training, order 850412349", "CPR 850000000"},
		},
	}
}

func emiratesID(b []byte) bool {
	year := number(b[3:7])
	return number(b[:3]) == 784 && year >= 1900 && year <= 2060 && checksum.Luhn(b)
}

// civilID checks century, birth date and the last digit. Minutes of recent years
// have this form too, which is why a bare number needs context.
func civilID(b []byte) bool {
	if b[0] != '2' && b[0] != '3' || !checksum.Date(1700+100*int(b[0]-'0')+number(b[1:3]), number(b[3:5]), number(b[5:7])) {
		return false
	}
	return 11-checksum.Weighted(b, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)%11 == int(b[11]-'0')
}

// qatariID checks that the year is past and that the nationality may be one.
func qatariID(b []byte) bool {
	country := number(b[3:6])
	return (b[0] == '2' || b[0] == '3' && number(b[1:3]) <= latestBirth-2000) && country >= 4 && country <= 894
}
