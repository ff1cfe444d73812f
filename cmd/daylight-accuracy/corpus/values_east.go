package corpus

func balkansAndBaltics() []species {
	return []species{
		{"gr_afm", "GR", "ΑΦΜ|Α.Φ.Μ.", "Greek tax number (AFM)|AFM", func(w *writer) string {
			body := w.digits(8)
			return "||" + body + itoa(sumOf(body, 256, 128, 64, 32, 16, 8, 4, 2)%11%10)
		}},
		{"gr_amka", "GR", "ΑΜΚΑ|Α.Μ.Κ.Α.", "Greek social security number (AMKA)|AMKA", func(w *writer) string { return "||" + withLuhn(w.ddmmyy()+w.digits(4)) }},
		{"bg_egn", "BG", "ЕГН|единен граждански номер", "Bulgarian personal number (EGN)|EGN", func(w *writer) string {
			y, m, d := w.birth()
			if y >= 2000 {
				m += 40
			}
			body := pad(y%100, 2) + pad(m, 2) + pad(d, 2) + w.digits(3)
			return "||" + body + itoa(sumOf(body, 2, 4, 8, 5, 10, 9, 7, 3, 6)%11%10)
		}},
		{"hr_oib", "HR", "OIB|osobni identifikacijski broj", "Croatian personal number (OIB)|OIB", func(w *writer) string {
			body := w.digits(10)
			return "||" + body + itoa(hybridDigit(body))
		}},
		{"si_emso", "SI", "EMŠO|JMBG", "Slovenian personal number (EMŠO)|JMBG", func(w *writer) string {
			return "||" + again(func() string {
				y, m, d := w.birth()
				body := pad(d, 2) + pad(m, 2) + pad(y%1000, 3) + "50" + w.digits(3)
				check := (11 - sumOf(body, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11) % 11
				if check == 10 {
					return ""
				}
				return body + itoa(check)
			})
		}},
		{"lt_personal_code", "LT", "asmens kodas", "Lithuanian personal code", func(w *writer) string { return "||" + w.balticCode() }},
		{"ee_personal_code", "EE", "isikukood", "Estonian personal code", func(w *writer) string { return "||" + w.balticCode() }},
		{"lv_personal_code", "LV", "personas kods", "Latvian personal code", func(w *writer) string {
			n := again(func() string {
				y, m, d := w.birth()
				century := "1"
				if y >= 2000 {
					century = "2"
				}
				body := pad(d, 2) + pad(m, 2) + pad(y%100, 2) + century + w.digits(3)
				check := (1101 - sumOf(body, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)) % 11
				if check == 10 {
					return ""
				}
				return body + itoa(check)
			})
			return "||" + n[:6] + "-" + n[6:]
		}},
	}
}

// balticCode returns a code of Estonia and Lithuania, which share their rule.
func (w *writer) balticCode() string {
	y, m, d := w.birth()
	sex := w.between(3, 4)
	if y >= 2000 {
		sex += 2
	}
	body := itoa(sex) + pad(y%100, 2) + pad(m, 2) + pad(d, 2) + w.digits(3)
	check := sumOf(body, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1) % 11
	if check == 10 {
		check = sumOf(body, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3) % 11 % 10
	}
	return body + itoa(check)
}

func easternEurope() []species {
	return []species{
		{"ru_inn", "RU", "ИНН", "INN|Russian taxpayer number (INN)", func(w *writer) string {
			if w.chance(2) {
				body := pad(w.between(1, 92), 2) + w.digits(7, '0')
				return "||" + body + itoa(sumOf(body, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10)
			}
			body := pad(w.between(1, 92), 2) + w.digits(8, '0')
			body += itoa(sumOf(body, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10)
			return "||" + body + itoa(sumOf(body, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10)
		}},
		{"ru_snils", "RU", "СНИЛС|страховой номер", "SNILS", func(w *writer) string {
			body := w.digits(9, '0')
			check := sumOf(body, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 101 % 100
			n := body + pad(check, 2)
			return grouped(body, "-", 3, 3, 3) + " " + n[9:] + "||" + n
		}},
		{"ru_passport", "RU", "паспорт|паспорт РФ|серия и номер паспорта|паспорт серия", "Russian passport", func(w *writer) string {
			region, year, number := pad(w.between(1, 92), 2), w.one("98", "99", pad(w.between(0, 25), 2)), w.digits(6, '0')
			return "||" + region + year + " " + number + "|" + region + " " + year + " " + number + "|" + region + year + " № " + number + "|" + region + year + number
		}},
		{"ru_ogrn", "RU", "ОГРН|ОГРНИП", "OGRN", func(w *writer) string {
			if w.chance(3) {
				body := "3" + pad(w.between(2, 25), 2) + pad(w.between(1, 92), 2) + w.digits(9)
				return "||" + body + itoa(remainder(body, 13)%10)
			}
			body := w.one("1", "5") + pad(w.between(2, 25), 2) + pad(w.between(1, 92), 2) + w.digits(7)
			return "||" + body + itoa(remainder(body, 11)%10)
		}},
		{"ru_oms", "RU", "полис ОМС|номер полиса ОМС|ОМС", "OMS policy", func(w *writer) string {
			n := withLuhn(w.digits(15, '0', '3', '4', '5'))
			return "||" + n + "|" + grouped(n, " ", 4, 4, 4, 4)
		}},
		{"ru_driving_licence", "RU", "водительское удостоверение|ВУ №|права", "Russian driving licence", func(w *writer) string {
			region, series, number := pad(w.between(1, 92), 2), w.digits(2), w.digits(6, '0')
			return "||" + region + " " + series + " " + number + "|" + region + series + " " + number + "|" + region + series + number
		}},
		{"ru_vehicle_plate", "RU", "госномер|гос. номер|номер машины|автомобиль", "Russian number plate", func(w *writer) string {
			letter := func() string {
				return w.one("А", "В", "Е", "К", "М", "Н", "О", "Р", "С", "Т", "У", "Х")
			}
			region := w.one("77", "78", "99", "177", "199", "777", "50", "150", "16", "116", "23", "123", "47", "98", "66", "96")
			a, n, b := letter(), pad(w.between(1, 999), 3), letter()+letter()
			return "||" + a + n + b + region + "|" + a + n + b + " " + region + "|" + a + " " + n + " " + b + " " + region
		}},
		{"ru_bank_account", "RU", "р/с|расчётный счёт|номер счёта|счёт получателя", "Russian bank account", func(w *writer) string {
			bank := w.digits(3)
			body := w.one("40817", "40702", "40802", "42301") + "810"
			tail := w.digits(11)
			weights := []int{7, 1, 3}
			sum := 0
			for i, c := range bank + body + "0" + tail {
				sum += int(c-'0') * weights[i%3] % 10
			}
			check := sum * 3 % 10
			return "||" + body + itoa(check) + tail + " БИК 044525" + bank + "|" + body + itoa(check) + tail + ", БИК 044525" + bank
		}},
		{"ua_rnokpp", "UA", "РНОКПП|ІПН|ідентифікаційний код", "Ukrainian tax number (RNOKPP)", func(w *writer) string {
			body := pad(w.between(15000, 39000), 5) + w.digits(4)
			sum := sumOf(body, -1, 5, 7, 9, 4, 6, 10, 5, 7)
			return "||" + body + itoa((sum%11+11)%11%10)
		}},
		{"kz_iin", "KZ", "ИИН|ЖСН", "Kazakh IIN", func(w *writer) string {
			return "||" + again(func() string {
				y, m, d := w.birth()
				century := w.one("3", "4")
				if y >= 2000 {
					century = w.one("5", "6")
				}
				body := pad(y%100, 2) + pad(m, 2) + pad(d, 2) + century + w.digits(4)
				check := sumOf(body, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) % 11
				if check == 10 {
					check = sumOf(body, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2) % 11
				}
				if check == 10 {
					return ""
				}
				return body + itoa(check)
			})
		}},
		{"uz_pinfl", "UZ", "ПИНФЛ|JSHSHIR", "Uzbek PINFL", func(w *writer) string {
			y, m, d := w.birth()
			first := w.between(3, 4)
			if y >= 2000 {
				first += 2
			}
			body := itoa(first) + pad(d, 2) + pad(m, 2) + pad(y%100, 2) + w.digits(3) + w.digits(3)
			return "||" + body + itoa(sumOf(body, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7)%10)
		}},
		{"tr_tckn", "TR", "T.C. kimlik no|TCKN|TC kimlik numarası|T.C. Kimlik No", "Turkish ID number|Turkish national ID", func(w *writer) string {
			body := w.digits(9, '0')
			odd, even := sumOf(body, 1, 0, 1, 0, 1, 0, 1, 0, 1), sumOf(body, 0, 1, 0, 1, 0, 1, 0, 1)
			body += itoa(((7*odd-even)%10 + 10) % 10)
			return "||" + body + itoa(sumOf(body, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)%10)
		}},
	}
}
