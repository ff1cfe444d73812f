package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func iranAndIsrael() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "ir_national_id", Name: "Iranian national number", Class: personal, Country: "IR", Identity: "ir_national_id", Use: classifier.Context,
			Source: "National Organization for Civil Registration of Iran (weights 10 to 2, modulus 11)", Validator: "weighted sum modulo 11",
			Context:    []string{"کد ملی", "كد ملي", "کدملی", "شماره ملی", "شماره ملي", "کارت ملی", "code melli", "melli code", "kode melli", "national code"},
			Columns:    []classifier.Column{column("ir_national_id", true, nil, "کد ملی", "كد ملي", "کدملی", "شماره ملی", "melli code", "national code")},
			Layouts:    []string{"dddddddddd", "ddd-dddddd-d"},
			Check:      iranianID,
			Examples:   []string{"کد ملی 0499370899", "کد ملی: ۰۴۹۹۳۷۰۸۹۹", "code melli 0790419904", "شماره ملی 049-937089-9"},
			NearMisses: []string{"0499370899", "کد ملی 0499370898", "کد ملی 1111111111", "کد ملی 04993708991", "شماره سفارش 0499370899"},
		},
		{
			ID: "il_id", Name: "Israeli identity number", Class: personal, Country: "IL", Identity: "il_id", Use: classifier.Context,
			Source: "Population and Immigration Authority of Israel (Luhn over nine digits)", Validator: "Luhn",
			Context:    []string{"תעודת זהות", "ת.ז.", "ת.ז", "ת\"ז", "ת״ז", "מספר זהות", "מס' זהות", "הת.ז", "תז", "teudat zehut", "israeli id", "israel id"},
			Columns:    []classifier.Column{column("il_id", true, nil, "תעודת זהות", "מספר זהות", "ת ז", "teudat zehut", "israeli id")},
			Layouts:    []string{"ddddddddd", "dddddddd-d", "d-ddddddd-d"},
			Check:      func(b []byte) bool { return checksum.Luhn(b) && !checksum.Uniform(b) },
			Examples:   []string{"תעודת זהות 123456782", "ת.ז. 039337423", "Teudat Zehut: 123456782", "ת״ז 12345678-2"},
			NearMisses: []string{"123456782", "תעודת זהות 123456783", "תעודת זהות 1234567821", "הזמנה 123456782", "תעודת זהות 000000000"},
		},
	}
}

func iranianID(b []byte) bool {
	check := checksum.Weighted(b, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11
	if check >= 2 {
		check = 11 - check
	}
	return check == int(b[9]-'0') && !checksum.Uniform(b) && number(b[3:9]) > 0
}
