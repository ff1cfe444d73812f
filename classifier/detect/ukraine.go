package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func ukraine() []classifier.Detector {
	return []classifier.Detector{{
		ID: "ua_rnokpp", Name: "Ukrainian taxpayer number (RNOKPP)", Class: personal, Country: "UA", Identity: "ua_rnokpp", Use: classifier.Context,
		Source: "Ukraine, Податковий кодекс, art. 70; Ministry of Finance order 822 of 2017", Validator: "birth date in days, weighted sum modulo 11",
		Context: []string{"рнокпп", "РНОКПП", "іпн", "ІПН", "ідентифікаційний код", "Ідентифікаційний код", "ідентифікаційний номер", "Ідентифікаційний номер", "облікової картки платника", "картки платника податків",
			"платника податків", "код платника", "идентификационный код", "rnokpp", "rnocpp", "ukrainian tax number"},
		Columns:    []classifier.Column{column("ua_rnokpp", true, nil, "рнокпп", "іпн", "ІПН", "ідентифікаційний код", "ідентифікаційний номер", "rnokpp", "ipn")},
		Layouts:    []string{"dddddddddd"},
		Check:      rnokpp,
		Examples:   []string{"РНОКПП 1759013776", "ІПН: 1759013776", "ідентифікаційний код 1759013776", "RNOKPP 1759013718"},
		NearMisses: []string{"1759013776", "РНОКПП 1759013770", "РНОКПП 175901377", "РНОКПП 17590137766", "замовлення 1759013776", "РНОКПП 9959013774"},
	}}
}

// dayOf2040Since1900 is the number of days from the end of 1899 to 2040.
const dayOf2040Since1900 = 51136

// rnokpp checks the birth date, in days since the end of 1899, and the check digit.
func rnokpp(b []byte) bool {
	sum := checksum.Weighted(b, -1, 5, 7, 9, 4, 6, 10, 5, 7) % 11
	if sum < 0 {
		sum += 11
	}
	day := number(b[:5])
	return day > 0 && day < dayOf2040Since1900 && sum%10 == last(b)
}
