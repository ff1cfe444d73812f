package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func russia() []classifier.Detector {
	passportWords := foldSetOf("паспорт", "passport", "серия")
	return []classifier.Detector{
		{
			ID: "ru_passport", Name: "Russian internal passport", Class: personal, Country: "RU", Identity: "ru_passport", Use: classifier.Context,
			Source: "Government of the Russian Federation, decree 828 of 1997", Validator: "region, year of printing",
			Context: []string{"паспорт", "паспорта", "паспорте", "паспортные данные", "паспортом", "серия", "серия и номер", "passport"},
			Columns: []classifier.Column{column("ru_passport", true, nil, "паспорт", "серия и номер паспорта", "паспортные данные", "номер паспорта")},
			Layouts: []string{"dd dd dddddd", "dddd dddddd", "dddd-dddddd", "dddddddddd", "dd-dd dddddd", "dddd № dddddd"},
			Check:   ruPassport,
			Confirm: func(c *classifier.Candidate) bool {
				return !argument(c, passportWords)
			},
			Examples: []string{
				"паспорт 45 11 123456", "Паспорт: 4511 123456", "серия и номер 4511123456", "ПАСПОРТ РФ 4511 № 123456",
			},
			NearMisses: []string{"45 11 123456", "4511 123456", "паспорт 45 11 12345", "паспорт 00 00 000000", "заказ 4511123456"},
		},
		{
			ID: "ru_snils", Name: "Russian SNILS", Class: personal, Country: "RU", Identity: "ru_snils", Use: classifier.Form,
			Source: "Pension Fund of the Russian Federation, order 192p of 2006", Validator: "weighted sum modulo 101",
			Context:  []string{"снилс", "snils", "страховое свидетельство", "страховой номер"},
			Columns:  []classifier.Column{column("ru_snils", true, nil, "снилс", "snils")},
			Layouts:  []string{"ddd-ddd-ddd dd", "ddd-ddd-ddd-dd", "ddd ddd ddd dd", "ddddddddddd"},
			Check:    snils,
			Examples: []string{"112-233-445 95", "СНИЛС 11223344595", "112-233-445-95"},
			NearMisses: []string{
				"112-233-445 96", "11223344595", "000-000-000 00", "1112-233-445 95", "тел. 11223344595",
			},
		},
		{
			ID: "ru_inn", Name: "Russian taxpayer number (INN)", Class: personal, Country: "RU", Identity: "ru_inn", Use: classifier.Context,
			Source: "Federal Tax Service of Russia, order ED-7-14/559 of 2023", Validator: "weighted sum modulo 11, of persons two",
			Context:  []string{"инн", "inn", "налогоплательщика"},
			Columns:  []classifier.Column{column("ru_inn", true, nil, "инн", "inn")},
			Layouts:  []string{"dddddddddd", "dddddddddddd"},
			Check:    inn,
			Examples: []string{"ИНН 1234567894", "инн: 123456789047", "INN 123456789047"},
			NearMisses: []string{
				"1234567894", "123456789047", "ИНН 1234567895", "ИНН 123456789048", "длинный номер 1234567894", "ИНН 0000000000",
			},
		},
		{
			ID: "ru_ogrn", Name: "Russian state registration number (OGRN, OGRNIP)", Class: company, Country: "RU", Use: classifier.Context,
			Source: "Russia, Ministry of Finance order 165n of 2017", Validator: "modulo 11, of sole traders modulo 13",
			Context:    []string{"огрн", "огрнип", "ogrn", "ogrnip", "основной государственный регистрационный номер"},
			Columns:    []classifier.Column{column("ru_ogrn", false, nil, "огрн", "огрнип", "ogrn", "ogrnip")},
			Layouts:    []string{"ddddddddddddd", "ddddddddddddddd"},
			Check:      ogrn,
			Examples:   []string{"ОГРН 1027739169457", "ОГРН: 1027700132195", "ОГРНИП 304500116000157"},
			NearMisses: []string{"1027739169457", "ОГРН 1027739169458", "ОГРН 102773916945", "ОГРН 10277391694577", "заказ 1027739169457", "ОГРН 4027739169451"},
		},
		{
			ID: "ru_oms", Name: "Russian health insurance policy (OMS)", Class: personal, Country: "RU", Identity: "ru_oms", Use: classifier.Context,
			Source: "Russia, Ministry of Health order 108n of 2019, rules of mandatory health insurance", Validator: "Luhn",
			Context: []string{"омс", "полис", "полиса", "полис омс", "номер полиса", "енп", "единый номер полиса", "медицинский полис", "страховой полис", "oms policy",
				"oms"},
			Columns:    []classifier.Column{column("ru_oms", true, nil, "омс", "полис омс", "номер полиса", "полис", "енп", "номер полиса омс")},
			Layouts:    []string{"dddddddddddddddd", "dddd dddd dddd dddd"},
			Check:      func(b []byte) bool { return checksum.Luhn(b) && !checksum.Uniform(b) },
			Examples:   []string{"полис ОМС 7748640891000049", "ЕНП: 7748640891000049", "Полис 7748 6408 9100 0049"},
			NearMisses: []string{"7748640891000049", "полис ОМС 7748640891000048", "полис ОМС 774864089100004", "полис ОМС 77486408910000496", "заказ 7748640891000049"},
		},
		{
			ID: "ru_driving_licence", Name: "Russian driving licence", Class: personal, Country: "RU", Identity: "ru_driving_licence", Use: classifier.Context,
			Source: "Russia, Ministry of the Interior order 365 of 2009", Validator: "region and number not 0",
			Context: []string{"водительское удостоверение", "водительского удостоверения", "водительском удостоверении", "водительским удостоверением", "вод. удостоверение", "в/у", "ву", "в.у.", "водительские права", "права",
				"driving licence", "driving license", "driver's license"},
			Columns:    []classifier.Column{column("ru_driving_licence", true, shapeOf(ruLicence, 10), "водительское удостоверение", "номер водительского удостоверения", "ву", "серия и номер ву")},
			Layouts:    []string{"dd dd dddddd", "dddd dddddd", "dddddddddd", "dd AA dddddd", "dddd № dddddd"},
			Check:      ruLicence,
			Examples:   []string{"водительское удостоверение 77 12 345678", "В/У 9912 345678", "вод. удостоверение 9912345678"},
			NearMisses: []string{"77 12 345678", "водительское удостоверение 77 12 34567", "водительское удостоверение 00 12 345678", "заказ 9912345678", "водительское удостоверение 77 12 3456789", "водительское удостоверение 77 12 000000"},
		},
		{
			ID: "ru_bank_account", Name: "Russian bank account number", Class: payment, Country: "RU", Confidence: 0.9,
			Source: "Bank of Russia, regulation 809-P of 2022 (plan of accounts) and instruction 204-I of 2021", Validator: "group of the plan of accounts, currency",
			Context: []string{"р/с", "р/сч", "расчётный счёт", "расчетный счет", "счёт", "счет", "к/с", "корр. счет", "лицевой счёт", "bank account"},
			Columns: []classifier.Column{column("ru_bank_account", false, nil, "расчетный счет", "р с", "номер счета", "лицевой счет", "корр счет")},
			Layouts: []string{"dddddddddddddddddddd", "ddddd ddd d dddd ddddddd", "ddddd.ddd.d.dddd.ddddddd", "dddd dddd dddd dddd dddd", "ddddd ddd d ddddddddddd"},
			Check:   ruAccount,
			Examples: []string{
				"40817810099910004312", "р/с 40702810900000012345", "расчётный счёт 40702 810 9 0000 0012345", "к/с 30101810400000000225",
			},
			NearMisses: []string{"40817811099910004312", "4081781009991000431", "408178100999100043122", "12345678901234567890", "99917810099910004312", "0x40817810099910004312"},
		},
	}
}

// ogrn checks the number of a company, thirteen digits, or of a sole trader, fifteen.
func ogrn(b []byte) bool {
	if len(b) == 13 {
		return (b[0] == '1' || b[0] == '5') && checksum.Mod(b[:12], 11)%10 == last(b)
	}
	return b[0] == '3' && checksum.Mod(b[:14], 13)%10 == last(b)
}

// ruLicence checks that there is a region and a number.
func ruLicence(b []byte) bool {
	return checksum.Digits(b[:2]) && checksum.Digits(b[4:]) && number(b[:2]) > 0 && number(b[4:]) > 100
}

// ruAccount checks the group of the plan of accounts and the code of the currency.
// The key in the ninth place depends on the bank, so it checks nothing here.
func ruAccount(b []byte) bool {
	switch string(b[:3]) {
	case "301", "302", "303", "401", "402", "403", "404", "405", "406", "407", "408", "420", "421", "422", "423", "424", "425", "426", "440", "452", "455", "474":
	default:
		return false
	}
	switch string(b[5:8]) {
	case "810", "643", "840", "978", "156", "826", "756", "392", "398", "933", "944", "051", "860", "417", "949", "784", "356":
		return true
	}
	return false
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
