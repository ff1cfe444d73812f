package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func russia() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "ru_passport", Name: "Russian internal passport", Class: personal, Country: "RU", Identity: "ru_passport", Use: classifier.Context,
			Source:  "Government of the Russian Federation, decree 828 of 1997",
			Context: []string{"паспорт", "паспорта", "паспорте", "паспортные данные", "паспортом", "серия", "серия и номер", "passport"},
			Columns: []classifier.Column{column("ru_passport", true, nil, "паспорт", "серия и номер паспорта", "паспортные данные", "номер паспорта")},
			Layouts: []string{"dd dd dddddd", "dddd dddddd", "dddd-dddddd", "dddddddddd", "dd-dd dddddd", "dddd № dddddd"},
			Check:   ruPassport,
			Examples: []string{
				"паспорт 45 11 123456", "Паспорт: 4511 123456", "серия и номер 4511123456", "ПАСПОРТ РФ 4511 № 123456",
			},
			NearMisses: []string{"45 11 123456", "4511 123456", "паспорт 45 11 12345", "паспорт 00 00 000000", "заказ 4511123456"},
		},
		{
			ID: "ru_snils", Name: "Russian SNILS", Class: personal, Country: "RU", Identity: "ru_snils", Use: classifier.Form,
			Source:   "Pension Fund of the Russian Federation, order 192p of 2006",
			Context:  []string{"снилс", "snils", "страховое свидетельство", "страховой номер"},
			Columns:  []classifier.Column{column("ru_snils", true, nil, "снилс", "snils")},
			Layouts:  []string{"ddd-ddd-ddd dd", "ddd-ddd-ddd-dd", "ddddddddddd"},
			Check:    snils,
			Examples: []string{"112-233-445 95", "СНИЛС 11223344595", "112-233-445-95"},
			NearMisses: []string{
				"112-233-445 96", "11223344595", "000-000-000 00", "1112-233-445 95", "тел. 11223344595",
			},
		},
		{
			ID: "ru_inn", Name: "Russian taxpayer number (INN)", Class: personal, Country: "RU", Identity: "ru_inn", Use: classifier.Context,
			Source:   "Federal Tax Service of Russia, order ED-7-14/559 of 2023",
			Context:  []string{"инн", "inn", "налогоплательщика"},
			Columns:  []classifier.Column{column("ru_inn", true, nil, "инн", "inn")},
			Layouts:  []string{"dddddddddd", "dddddddddddd"},
			Check:    inn,
			Examples: []string{"ИНН 1234567894", "инн: 123456789047", "INN 123456789047"},
			NearMisses: []string{
				"1234567894", "123456789047", "ИНН 1234567895", "ИНН 123456789048", "длинный номер 1234567894", "ИНН 0000000000",
			},
		},
	}
}

// ruPassport checks what little structure there is: a region and a year of
// printing.
func ruPassport(b []byte) bool {
	year := number(b[2:4])
	return number(b[:2]) > 0 && (year <= 40 || year >= 97) && number(b[4:]) > 100
}

func snils(b []byte) bool {
	if number(b[:9]) <= 1001998 {
		return false // issued without check digits, and too close to made-up numbers
	}
	return checksum.Weighted(b, 9, 8, 7, 6, 5, 4, 3, 2, 1)%101%100 == number(b[9:])
}

func inn(b []byte) bool {
	if checksum.Uniform(b) {
		return false
	}
	if len(b) == 10 {
		return checksum.Weighted(b, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 == int(b[9]-'0')
	}
	return checksum.Weighted(b, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 == int(b[10]-'0') &&
		checksum.Weighted(b, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 == int(b[11]-'0')
}
