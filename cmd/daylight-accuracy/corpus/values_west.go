package corpus

import "strings"

func britishIsles() []species {
	return []species{
		{"gb_nino", "GB", "", "National Insurance number|NI number|NINO", func(w *writer) string {
			prefix := again(func() string {
				p := string(w.from("ABCEGHJKLMNOPRSTWXYZ", 1)) + string(w.from("ABCEGHJKLMNPRSTWXYZ", 1))
				if strings.Contains(" BG GB NK KN TN NT ZZ ", " "+p+" ") {
					return ""
				}
				return p
			})
			n := prefix + w.digits(6) + string(w.from("ABCD", 1))
			return grouped(n, " ", 2, 2, 2, 2, 1) + "||" + n
		}},
		{"gb_nhs", "GB", "", "NHS number|NHS no.|NHS", func(w *writer) string {
			n := again(func() string {
				body := w.one("4", "6", "7") + w.digits(8)
				check := 11 - sumOf(body, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11
				if check == 10 {
					return ""
				}
				return body + itoa(check%11)
			})
			return "||" + grouped(n, " ", 3, 3, 4) + "|" + n
		}},
		{"gb_utr", "GB", "", "UTR|Unique Taxpayer Reference|UTR number", func(w *writer) string {
			body := w.digits(9)
			n := string("21987654321"[sumOf(body, 6, 7, 8, 9, 10, 5, 4, 3, 2)%11]) + body
			return "||" + n + "|" + n[:5] + " " + n[5:]
		}},
		{"gb_driving_licence", "GB", "", "driving licence|driver number|driving licence no.", func(w *writer) string {
			y, m, d := w.birth()
			if w.chance(2) {
				m += 50
			}
			name := (strings.ToUpper(w.one("Morgan", "Smith", "Jones", "Taylor", "Shaw", "Fox", "Patel", "Evans", "Wright")) + "99999")[:5]
			n := name + itoa(y/10%10) + pad(m, 2) + pad(d, 2) + itoa(y%10) + string(w.from(upperCase, 1)) + w.one("9", string(w.from(upperCase, 1))) + w.one("9", "8", "7") + string(w.from("ABCDEFGHJKLMNPRSTUVWXYZ", 2))
			return "||" + n + "|" + n[:5] + " " + n[5:11] + " " + n[11:]
		}},
		{"gb_passport", "GB", "", "UK passport|British passport number|passport no.|passport number", func(w *writer) string { return "||" + w.digits(9, '0') }},
		{"gb_vehicle_plate", "GB", "", "registration|number plate|vehicle registration|car reg", func(w *writer) string {
			area := string(w.from("ABCDEFGHKLMNOPRSVWY", 1)) + string(w.from("ABCDEFGHKLMNOPRSTUVWXY", 1))
			year := w.one("07", "12", "15", "18", "19", "21", "22", "23", "24", "57", "62", "65", "66", "68", "70", "71", "72", "73")
			n := area + year + string(w.from("ABCDEFGHJKLMNOPRSTUVWXYZ", 3))
			return "||" + n[:4] + " " + n[4:] + "|" + n
		}},
		{"gb_bank_account", "GB", "", "sort code and account number|bank details|sort code", func(w *writer) string {
			sort := grouped(w.one("20", "30", "40", "60", "09", "11", "77", "01", "04")+w.digits(4), "-", 2, 2, 2)
			account := w.digits(8, '0')
			return "||" + sort + " " + account + "|" + sort + ", account number " + account + "|" + sort + " / " + account
		}},
		{"ie_pps", "IE", "", "PPS number|PPSN|PPS no.", func(w *writer) string {
			body := w.digits(7)
			sum := sumOf(body, 8, 7, 6, 5, 4, 3, 2)
			second := w.one("", "", "A", "B", "W", "H")
			if second != "" && second != "W" {
				sum += 9 * (int(second[0]-'A') + 1)
			}
			return "||" + body + string("WABCDEFGHIJKLMNOPQRSTUV"[sum%23]) + second
		}},
	}
}

func france() []species {
	return []species{
		{"fr_nir", "FR", "numéro de sécurité sociale|NIR|n° sécu|n° de sécurité sociale", "French social security number", func(w *writer) string {
			y, m, _ := w.birth()
			department := w.between(1, 95)
			for department == 20 || department == 96 {
				department = w.between(1, 95)
			}
			body := w.one("1", "2") + pad(y%100, 2) + pad(m, 2) + pad(department, 2) + pad(w.between(1, 909), 3) + pad(w.between(1, 999), 3)
			key := pad(97-remainder(body, 97), 2)
			if w.chance(40) { // Corsica
				corsica, stand := w.one("2A", "2B"), "19"
				if corsica == "2B" {
					stand = "18"
				}
				key = pad(97-remainder(body[:5]+stand+body[7:], 97), 2)
				body = body[:5] + corsica + body[7:]
			}
			n := body + key
			return grouped(n, " ", 1, 2, 2, 2, 3, 3, 2) + "|" + body + " " + key + "||" + n
		}},
		{"fr_siren", "FR", "SIREN|numéro SIREN|n° SIREN", "French company number (SIREN)", func(w *writer) string {
			n := withLuhn(w.digits(8, '0'))
			return "||" + grouped(n, " ", 3, 3, 3) + "|" + n
		}},
		{"fr_siret", "FR", "SIRET|numéro SIRET|n° SIRET", "SIRET number", func(w *writer) string {
			n := withLuhn(withLuhn(w.digits(8, '0')) + pad(w.between(1, 90), 4))
			return "||" + grouped(n, " ", 3, 3, 3, 5) + "|" + n
		}},
		{"fr_vehicle_plate", "FR", "immatriculation|plaque d'immatriculation|véhicule immatriculé", "French registration|number plate", func(w *writer) string {
			const letters = "ABCDEFGHJKLMNPQRTVWXYZ"
			n := string(w.from(letters, 2)) + "-" + pad(w.between(1, 999), 3) + "-" + string(w.from(letters, 2))
			return "||" + n + "|" + strings.ReplaceAll(n, "-", " ")
		}},
		{"fr_passport", "FR", "passeport|numéro de passeport|passeport n°", "French passport", func(w *writer) string {
			return "||" + w.digits(2) + string(w.from(upperCase, 2)) + w.digits(5)
		}},
	}
}

func germanSpeaking() []species {
	return []species{
		{"de_steuer_id", "DE", "Steuer-ID|Steueridentifikationsnummer|Steuer-Identifikationsnummer|IdNr.", "German tax ID|tax ID", func(w *writer) string {
			n := w.germanTaxNumber()
			return "||" + grouped(n, " ", 2, 3, 3, 3) + "|" + n
		}},
		{"de_personalausweis", "DE", "Personalausweis|Personalausweisnummer|Ausweisnummer|Ausweis-Nr.", "German ID card", func(w *writer) string {
			n := string(w.from("LMNPRTVWXYZ", 1)) + string(w.from("0123456789CFGHJKLMNPRTVWXYZ", 8))
			return "||" + n + documentDigit(n) + "|" + n
		}},
		{"de_rentenversicherung", "DE", "Rentenversicherungsnummer|Sozialversicherungsnummer|SV-Nummer|RV-Nummer", "German pension insurance number", func(w *writer) string {
			letter := string(w.from(upperCase, 1))
			body := w.one("12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "23", "24", "25", "26", "28", "29", "65") + w.ddmmyy()
			serial := w.digits(2)
			digits := body + pad(int(letter[0]-'A')+1, 2) + serial
			n := body + letter + serial + itoa(digitSums(digits, 2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)%10)
			return "||" + n + "|" + grouped(n, " ", 2, 6, 1, 3)
		}},
		{"de_krankenversicherung", "DE", "Krankenversichertennummer|KVNR|Versichertennummer", "German health insurance number", func(w *writer) string {
			letter := string(w.from(upperCase, 1))
			body := w.digits(8)
			return "||" + letter + body + itoa(digitSums(pad(int(letter[0]-'A')+1, 2)+body, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2)%10)
		}},
		{"de_vehicle_plate", "DE", "Kennzeichen|Kfz-Kennzeichen|amtliches Kennzeichen", "German number plate|German licence plate", func(w *writer) string {
			town := w.one("B", "M", "HH", "K", "F", "S", "D", "DO", "L", "DD", "HB", "N", "FR", "KA", "MS", "BN", "GÖ", "TÜ", "WI", "MZ")
			letters := string(w.from("ABCDEFGHJKLMNPRSTUVWXYZ", w.between(1, 2)))
			number := w.digits(w.between(2, 4), '0')
			return "||" + town + "-" + letters + " " + number + "|" + town + " " + letters + " " + number + "|" + town + "-" + letters + "-" + number
		}},
		{"at_svnr", "AT", "Sozialversicherungsnummer|SVNR|SV-Nummer|SV-Nr.", "Austrian social security number", func(w *writer) string {
			n := again(func() string {
				serial, date := w.digits(3, '0'), w.ddmmyy()
				check := sumOf(serial+date, 3, 7, 9, 5, 8, 4, 2, 1, 6) % 11
				if check == 10 {
					return ""
				}
				return serial + itoa(check) + date
			})
			return "||" + n[:4] + " " + n[4:] + "|" + n
		}},
		{"ch_ahv", "CH", "AHV-Nummer|AHV-Nr.|AHV|Sozialversicherungsnummer", "Swiss AHV number|AVS number", func(w *writer) string {
			n := w.ean("756")
			return grouped(n, ".", 3, 4, 4, 2) + "||" + n
		}},
	}
}

// germanTaxNumber returns eleven digits: of the first ten exactly one stands twice
// or three times, not three times in a row; the last is the check digit.
func (w *writer) germanTaxNumber() string {
	return again(func() string {
		body := w.digits(10, '0')
		var counts [10]int
		for i := range len(body) {
			counts[body[i]-'0']++
		}
		repeated := 0
		for digit, n := range counts {
			if n > 3 || n == 3 && strings.Contains(body, strings.Repeat(itoa(digit), 3)) {
				return ""
			}
			if n > 1 {
				repeated++
			}
		}
		if repeated != 1 {
			return ""
		}
		return body + itoa(hybridDigit(body))
	})
}

const spanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE"

func iberia() []species {
	return []species{
		{"es_dni", "ES", "DNI|NIF|documento nacional de identidad", "Spanish DNI|DNI number", func(w *writer) string {
			n := w.digits(8)
			letter := string(spanishLetters[remainder(n, 23)])
			return n + letter + "|" + n + "-" + letter + "||" + grouped(n, ".", 2, 3, 3) + "-" + letter
		}},
		{"es_nie", "ES", "NIE|número de extranjero", "Spanish NIE|NIE number", func(w *writer) string {
			first, n := w.IntN(3), w.digits(7)
			whole := string("XYZ"[first]) + n
			letter := string(spanishLetters[remainder(itoa(first)+n, 23)])
			return whole + letter + "|" + whole[:1] + "-" + n + "-" + letter
		}},
		{"es_cif", "ES", "CIF|NIF de la empresa|C.I.F.", "Spanish company tax number (CIF)", func(w *writer) string {
			kind, n := string(w.from("ABCDEFGHJNPQRSUVW", 1)), w.digits(7)
			check := (10 - digitSums(n, 2, 1, 2, 1, 2, 1, 2)%10) % 10
			last := itoa(check)
			if strings.Contains("NPQRSW", kind) {
				last = string("JABCDEFGHI"[check])
			}
			return "||" + kind + n + last + "|" + kind + "-" + n + last
		}},
		{"es_social_security", "ES", "número de la Seguridad Social|NSS|n.º de afiliación|número de afiliación", "Spanish social security number", func(w *writer) string {
			province, n := pad(w.between(1, 52), 2), w.digits(8, '0')
			check := pad(remainder(province+n, 97), 2)
			return "||" + province + "/" + n + "/" + check + "|" + province + " " + n + " " + check + "|" + province + n + check
		}},
		{"pt_nif", "PT", "NIF|contribuinte|número de contribuinte", "Portuguese tax number (NIF)", func(w *writer) string {
			body := w.one("1", "2", "3", "5") + w.digits(7)
			check := 11 - sumOf(body, 9, 8, 7, 6, 5, 4, 3, 2)%11
			if check > 9 {
				check = 0
			}
			n := body + itoa(check)
			return "||" + n + "|" + grouped(n, " ", 3, 3, 3)
		}},
		{"pt_citizen_card", "PT", "Cartão de Cidadão|CC n.º|número do cartão de cidadão", "Portuguese citizen card", func(w *writer) string {
			id := w.digits(8, '0')
			check := 11 - sumOf(id, 9, 8, 7, 6, 5, 4, 3, 2)%11
			if check > 9 {
				check = 0
			}
			body := id + itoa(check) + string(w.from("VWXYZ", 1)) + string(w.from(upperCase, 1))
			sum := 0
			for i := range len(body) {
				v := valueOf(body[len(body)-1-i])
				if i%2 == 0 {
					if v *= 2; v > 9 {
						v -= 9
					}
				}
				sum += v
			}
			n := body + itoa((10-sum%10)%10)
			return "||" + n[:8] + " " + n[8:9] + " " + n[9:] + "|" + n
		}},
	}
}
