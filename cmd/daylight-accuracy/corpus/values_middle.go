package corpus

import "strings"

func italyAndBenelux() []species {
	return []species{
		{"it_codice_fiscale", "IT", "codice fiscale|C.F.|cod. fiscale", "Italian tax code (codice fiscale)", func(w *writer) string { return w.codiceFiscale() }},
		{"it_partita_iva", "IT", "Partita IVA|P.IVA|P. IVA", "Italian VAT number", func(w *writer) string {
			return "||" + withLuhn(w.digits(7)+pad(w.between(1, 100), 3))
		}},
		{"it_vehicle_plate", "IT", "targa|targata|targa n.", "Italian number plate", func(w *writer) string {
			const letters = "ABCDEFGHJKLMNPRSTVWXYZ"
			n := string(w.from(letters, 2)) + w.digits(3) + string(w.from(letters, 2))
			return "||" + n + "|" + grouped(n, " ", 2, 3, 2)
		}},
		{"nl_bsn", "NL", "BSN|burgerservicenummer|sofinummer", "Dutch citizen service number (BSN)", func(w *writer) string {
			n := again(func() string {
				body := w.digits(8, '0')
				check := sumOf(body, 9, 8, 7, 6, 5, 4, 3, 2) % 11
				if check == 10 {
					return ""
				}
				return body + itoa(check)
			})
			return "||" + n + "|" + grouped(n, " ", 4, 2, 3) + "|" + grouped(n, ".", 4, 2, 3)
		}},
		{"be_national_number", "BE", "rijksregisternummer|numéro national|n° national|numéro de registre national", "Belgian national number", func(w *writer) string {
			y, m, d := w.birth()
			body := pad(y%100, 2) + pad(m, 2) + pad(d, 2) + pad(w.between(1, 997), 3)
			whole := body
			if y >= 2000 {
				whole = "2" + body
			}
			n := body + pad(97-remainder(whole, 97), 2)
			return n[:2] + "." + n[2:4] + "." + n[4:6] + "-" + n[6:9] + "." + n[9:] + "||" + n
		}},
		{"lu_matricule", "LU", "matricule|numéro de matricule|numéro d'identification national", "Luxembourg national identification number", func(w *writer) string {
			y, m, d := w.birth()
			body := itoa(y) + pad(m, 2) + pad(d, 2) + w.digits(3)
			n := body + itoa(luhnDigit(body)) + itoa(verhoeffDigit(body))
			return "||" + n + "|" + n[:8] + " " + n[8:]
		}},
	}
}

// codiceFiscale returns a code by the decree of 23 December 1976: consonants of
// the names, date, town and a check letter.
func (w *writer) codiceFiscale() string {
	y, m, d := w.birth()
	if w.chance(2) {
		d += 40
	}
	const consonants = "BCDFGLMNPRSTVZ"
	body := string(w.from(consonants, 6)) + pad(y%100, 2) + string("ABCDEHLMPRST"[m-1]) + pad(d, 2) + string(w.from("ABCDEFGHIL", 1)) + pad(w.between(1, 950), 3)
	odd := map[byte]int{}
	for i, v := range []int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21} {
		odd[byte('0'+i)] = v
	}
	for i, v := range []int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23} {
		odd[byte('A'+i)] = v
	}
	sum := 0
	for i := range len(body) {
		switch c := body[i]; {
		case i%2 == 0:
			sum += odd[c]
		case c >= 'A':
			sum += int(c - 'A')
		default:
			sum += int(c - '0')
		}
	}
	n := body + string(upperCase[sum%26])
	return n + "|" + n + "|" + strings.ToLower(n) + "||" + grouped(n, " ", 3, 3, 5, 5)
}

func nordic() []species {
	return []species{
		{"se_personnummer", "SE", "personnummer|personnr", "Swedish personal number|personnummer", func(w *writer) string {
			y, m, d := w.birth()
			body := pad(y%100, 2) + pad(m, 2) + pad(d, 2) + w.digits(3)
			n := withLuhn(body)
			return n[:6] + "-" + n[6:] + "|" + itoa(y/100) + n[:6] + "-" + n[6:] + "||" + n + "|" + itoa(y/100) + n
		}},
		{"fi_hetu", "FI", "henkilötunnus|hetu", "Finnish personal identity code", func(w *writer) string {
			y, m, d := w.birth()
			sign := "-"
			if y >= 2000 {
				sign = "A"
			}
			date, serial := pad(d, 2)+pad(m, 2)+pad(y%100, 2), pad(w.between(2, 899), 3)
			return date + sign + serial + string("0123456789ABCDEFHJKLMNPRSTUVWXY"[remainder(date+serial, 31)])
		}},
		{"no_fodselsnummer", "NO", "fødselsnummer|fnr|personnummer", "Norwegian national identity number", func(w *writer) string {
			n := again(func() string {
				y, m, d := w.birth()
				serial := w.between(0, 499)
				if y >= 2000 {
					serial = w.between(500, 999)
				}
				body := pad(d, 2) + pad(m, 2) + pad(y%100, 2) + pad(serial, 3)
				first := (11 - sumOf(body, 3, 7, 6, 1, 8, 9, 4, 5, 2)%11) % 11
				if first == 10 {
					return ""
				}
				body += itoa(first)
				second := (11 - sumOf(body, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11) % 11
				if second == 10 {
					return ""
				}
				return body + itoa(second)
			})
			return n[:6] + " " + n[6:] + "||" + n
		}},
		{"dk_cpr", "DK", "CPR-nummer|CPR|CPR-nr.", "Danish CPR number|CPR number", func(w *writer) string {
			y, m, d := w.birth()
			seventh := w.one("0", "1", "2", "3")
			if y >= 2000 {
				seventh = w.one("4", "5", "6", "7")
			}
			n := pad(d, 2) + pad(m, 2) + pad(y%100, 2) + seventh + w.digits(3)
			return "||" + n[:6] + "-" + n[6:] + "|" + n
		}},
		{"is_kennitala", "IS", "kennitala|kt.", "Icelandic ID number (kennitala)", func(w *writer) string {
			n := again(func() string {
				y, m, d := w.birth()
				body := pad(d, 2) + pad(m, 2) + pad(y%100, 2) + pad(w.between(20, 99), 2)
				check := (11 - sumOf(body, 3, 2, 7, 6, 5, 4, 3, 2)%11) % 11
				if check == 10 {
					return ""
				}
				century := "9"
				if y >= 2000 {
					century = "0"
				}
				return body + itoa(check) + century
			})
			return "||" + n[:6] + "-" + n[6:] + "|" + n
		}},
	}
}

func centralEurope() []species {
	return []species{
		{"pl_pesel", "PL", "PESEL|numer PESEL|nr PESEL", "PESEL number", func(w *writer) string {
			y, m, d := w.birth()
			if y >= 2000 {
				m += 20
			}
			body := pad(y%100, 2) + pad(m, 2) + pad(d, 2) + w.digits(4)
			return "||" + body + itoa((10-sumOf(body, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3)%10)%10)
		}},
		{"pl_nip", "PL", "NIP|numer NIP|NIP firmy", "Polish tax number (NIP)", func(w *writer) string {
			n := again(func() string {
				body := w.digits(9, '0')
				check := sumOf(body, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11
				if check == 10 {
					return ""
				}
				return body + itoa(check)
			})
			return "||" + grouped(n, "-", 3, 3, 2, 2) + "|" + n + "|" + grouped(n, "-", 3, 2, 2, 3)
		}},
		{"pl_regon", "PL", "REGON|numer REGON", "REGON number", func(w *writer) string {
			body := w.digits(8)
			return "||" + body + itoa(sumOf(body, 8, 9, 2, 3, 4, 5, 6, 7)%11%10)
		}},
		{"pl_id_card", "PL", "dowód osobisty|nr dowodu|numer dowodu osobistego|seria i numer dowodu", "Polish ID card", func(w *writer) string {
			series, number := "A"+string(w.from("ABCDEFGHIJKLMNPRSTUVWXYZ", 2)), w.digits(5)
			n := series + itoa(valueSum(series+number, 7, 3, 1, 7, 3, 1, 7, 3)%10) + number
			return "||" + n + "|" + series + " " + n[3:]
		}},
		{"cz_rodne_cislo", "CZ", "rodné číslo|r.č.|RČ", "Czech birth number", func(w *writer) string {
			n := again(func() string {
				y, m, d := w.birth()
				if y < 1954 {
					return ""
				}
				if w.chance(2) {
					m += 50
				}
				body := pad(y%100, 2) + pad(m, 2) + pad(d, 2) + w.digits(3)
				check := remainder(body, 11)
				if check == 10 {
					return ""
				}
				return body + itoa(check)
			})
			return "||" + n[:6] + "/" + n[6:] + "|" + n
		}},
		{"hu_taj", "HU", "TAJ szám|TAJ-szám|TAJ", "Hungarian social security number (TAJ)", func(w *writer) string {
			body := w.digits(8)
			n := body + itoa(sumOf(body, 3, 7, 3, 7, 3, 7, 3, 7)%10)
			return "||" + grouped(n, " ", 3, 3, 3) + "|" + n + "|" + grouped(n, "-", 3, 3, 3)
		}},
		{"hu_tax_id", "HU", "adóazonosító jel|adóazonosító", "Hungarian tax identification number", func(w *writer) string {
			return "||" + again(func() string {
				body := "8" + pad(w.between(26700, 51400), 5) + w.digits(3) // days since 1867: 1940 to 2007
				check := sumOf(body, 1, 2, 3, 4, 5, 6, 7, 8, 9) % 11
				if check == 10 {
					return ""
				}
				return body + itoa(check)
			})
		}},
		{"ro_cnp", "RO", "CNP|cod numeric personal", "Romanian personal number (CNP)", func(w *writer) string {
			y, m, d := w.birth()
			sex := w.between(1, 2)
			if y >= 2000 {
				sex += 4
			}
			body := itoa(sex) + pad(y%100, 2) + pad(m, 2) + pad(d, 2) + pad(w.between(1, 46), 2) + pad(w.between(1, 999), 3)
			check := sumOf(body, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11
			if check == 10 {
				check = 1
			}
			if sex == 1 && y >= 1960 && y < 2000 {
				return "||" + body + itoa(check) // reads as a time in milliseconds
			}
			return body + itoa(check)
		}},
	}
}
