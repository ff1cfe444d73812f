package corpus

import "strings"

func northAmerica() []species {
	return []species{
		{"us_ssn", "US", "", "SSN|Social Security number|Social Security no.", func(w *writer) string {
			area := w.between(1, 899)
			for area == 666 {
				area = w.between(1, 899)
			}
			n := pad(area, 3) + pad(w.between(1, 99), 2) + pad(w.between(1, 9999), 4)
			return grouped(n, "-", 3, 2, 4) + "||" + n + "|" + grouped(n, " ", 3, 2, 4)
		}},
		{"us_itin", "US", "", "ITIN|Individual Taxpayer Identification Number", func(w *writer) string {
			group := w.between(70, 88)
			if w.chance(3) {
				group = w.between(50, 65)
			}
			n := "9" + w.digits(2) + pad(group, 2) + w.digits(4)
			return grouped(n, "-", 3, 2, 4) + "||" + n
		}},
		{"us_ein", "US", "", "EIN|Employer Identification Number|FEIN|federal tax ID", func(w *writer) string {
			return "||" + w.one("12", "20", "26", "27", "33", "36", "41", "45", "46", "52", "58", "61", "74", "81", "82", "84", "85", "87", "91", "94", "95") + "-" + w.digits(7)
		}},
		{"us_aba_routing", "US", "", "routing number|ABA routing number|ABA|RTN", func(w *writer) string {
			body := pad(w.between(1, 12), 2) + w.digits(6)
			return "||" + body + itoa((10-sumOf(body, 3, 7, 1, 3, 7, 1, 3, 7)%10)%10)
		}},
		{"us_bank_account", "US", "", "account number|bank account number|checking account", func(w *writer) string { return "||" + w.digits(w.between(9, 12), '0') }},
		{"us_npi", "US", "", "NPI|National Provider Identifier|NPI number", func(w *writer) string {
			body := w.one("1", "2") + w.digits(8)
			return "||" + body + itoa(luhnDigit("80840"+body))
		}},
		{"us_mbi", "US", "", "MBI|Medicare number|Medicare Beneficiary Identifier", func(w *writer) string {
			const letters, both = "ACDEFGHJKMNPQRTUVWXY", "0123456789ACDEFGHJKMNPQRTUVWXY"
			n := string(w.from("123456789", 1)) + string(w.from(letters, 1)) + string(w.from(both, 1)) + w.digits(1) + string(w.from(letters, 1)) + string(w.from(both, 1)) + w.digits(1) + string(w.from(letters, 2)) + w.digits(2)
			return grouped(n, "-", 4, 3, 4) + "||" + n
		}},
		{"us_dea", "US", "", "DEA number|DEA no.|DEA registration", func(w *writer) string {
			body := w.digits(6)
			check := (sumOf(body, 1, 0, 1, 0, 1, 0) + 2*sumOf(body, 0, 1, 0, 1, 0, 1)) % 10
			return "||" + w.one("A", "B", "F", "M") + string(w.from(upperCase, 1)) + body + itoa(check)
		}},
		{"us_passport", "US", "", "passport number|US passport|passport no.", func(w *writer) string {
			return "||" + w.one(w.digits(9, '0'), string(w.from("ACX", 1))+w.digits(8))
		}},
		{"us_driving_licence", "US", "", "driver's license|driver license number|DL number|driver's license number", func(w *writer) string {
			return "||" + w.one(string(w.from(upperCase, 1))+w.digits(7), string(w.from(upperCase, 1))+grouped(w.digits(12), "-", 3, 2, 3, 4)[1:], w.digits(8, '0'), string(w.from(upperCase, 1))+w.digits(12))
		}},
		{"ca_sin", "CA", "", "SIN|Social Insurance Number|Canadian SIN", func(w *writer) string {
			n := withLuhn(w.digits(8, '0', '8', '9'))
			return "||" + grouped(n, " ", 3, 3, 3) + "|" + grouped(n, "-", 3, 3, 3) + "|" + n
		}},
		{"ca_health_card", "CA", "", "health card|OHIP number|Ontario health card|health card number", func(w *writer) string {
			n := withLuhn(w.digits(9, '0'))
			version := string(w.from("ABCDEFGHJKLMNPQRSTUVWXYZ", 2))
			return "||" + grouped(n, "-", 4, 3, 3) + "-" + version + "|" + grouped(n, " ", 4, 3, 3) + " " + version + "|" + n
		}},
		{"mx_curp", "MX", "CURP|clave CURP", "Mexican CURP|CURP", func(w *writer) string {
			y, m, d := w.birth()
			century := w.digits(1)
			if y >= 2000 {
				century = string(w.from("ABCDEFGH", 1))
			}
			body := string(w.from("BCDFGLMPRSTV", 1)) + string(w.from("AEIOU", 1)) + string(w.from("BCDFGLMPRSTV", 2)) + pad(y%100, 2) + pad(m, 2) + pad(d, 2) + w.one("H", "M") +
				w.one("DF", "JC", "NL", "MC", "PL", "GT", "VZ", "BC", "CH", "OC", "SL", "SP", "YN", "NE") + string(w.from("BCDFGLMNPRST", 3)) + century
			sum := 0
			for i := range len(body) {
				v := valueOf(body[i])
				if body[i] > 'N' {
					v++ // Ñ stands between N and O
				}
				sum += v * (18 - i)
			}
			return body + itoa((10-sum%10)%10)
		}},
		{"mx_rfc", "MX", "RFC|R.F.C.", "Mexican tax ID (RFC)|RFC", func(w *writer) string { return "||" + w.mexicanTaxpayer() }},
		{"mx_clabe", "MX", "CLABE|CLABE interbancaria|cuenta CLABE", "CLABE account", func(w *writer) string {
			body := w.one("002", "012", "014", "021", "036", "044", "058", "072", "127", "646") + w.one("180", "320", "580", "680", "010") + w.digits(11)
			sum := 0
			for i := range len(body) {
				sum += int(body[i]-'0') * []int{3, 7, 1}[i%3] % 10
			}
			return "||" + body + itoa((10-sum%10)%10)
		}},
	}
}

// mexicanTaxpayer returns the RFC of a person: name, date, homoclave and check
// digit (Anexo 1 of the rules of the SAT).
func (w *writer) mexicanTaxpayer() string {
	y, m, d := w.birth()
	body := string(w.from("BCDFGLMPRSTV", 1)) + string(w.from("AEIOU", 1)) + string(w.from("BCDFGLMPRSTV", 2)) + pad(y%100, 2) + pad(m, 2) + pad(d, 2) + string(w.from("123456789ABCDEFGHIJKLMNPQRSTUVWXYZ", 2))
	const order = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ "
	sum := 0
	for i := range len(body) {
		sum += strings.IndexByte(order, body[i]) * (13 - i)
	}
	switch check := 11 - sum%11; check {
	case 11:
		return body + "0"
	case 10:
		return body + "A"
	default:
		return body + itoa(check)
	}
}

func latinAmerica() []species {
	return []species{
		{"ar_cuit", "AR", "CUIT|CUIL|CUIT/CUIL", "Argentine tax number (CUIT)|CUIT", func(w *writer) string {
			body := w.one("20", "23", "24", "27", "30", "33") + w.digits(8)
			check := (11 - sumOf(body, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11) % 11
			if check == 10 {
				check = 9
			}
			n := body + itoa(check)
			return "||" + n[:2] + "-" + n[2:10] + "-" + n[10:] + "|" + n
		}},
		{"ar_dni", "AR", "DNI|D.N.I.|documento", "Argentine DNI", func(w *writer) string {
			n := itoa(w.between(5000000, 49999999))
			return "||" + n[:len(n)-6] + "." + n[len(n)-6:len(n)-3] + "." + n[len(n)-3:] + "|" + n
		}},
		{"cl_rut", "CL", "RUT|R.U.T.|RUN", "Chilean RUT|RUT", func(w *writer) string {
			body := itoa(w.between(5000000, 25999999))
			sum := 0
			for i := range len(body) {
				sum += int(body[len(body)-1-i]-'0') * (2 + i%6)
			}
			check := string("0123456789K0"[11-sum%11])
			return "||" + body + "-" + check + "|" + body[:len(body)-6] + "." + body[len(body)-6:len(body)-3] + "." + body[len(body)-3:] + "-" + check
		}},
		{"co_nit", "CO", "NIT|N.I.T.", "Colombian tax number (NIT)|NIT", func(w *writer) string {
			body := w.one("8", "9") + w.digits(8)
			check := sumOf(body, 41, 37, 29, 23, 19, 17, 13, 7, 3) % 11
			if check > 1 {
				check = 11 - check
			}
			return "||" + body + "-" + itoa(check) + "|" + grouped(body, ".", 3, 3, 3) + "-" + itoa(check)
		}},
		{"pe_ruc", "PE", "RUC|R.U.C.|número de RUC", "Peruvian tax number (RUC)|RUC", func(w *writer) string {
			body := w.one("10", "20", "15", "17") + w.digits(8)
			check := 11 - sumOf(body, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11
			return "||" + body + itoa(check%10)
		}},
		{"uy_ci", "UY", "cédula|C.I.|cédula de identidad", "Uruguayan identity card", func(w *writer) string {
			body := w.digits(7, '0')
			check := (10 - sumOf(body, 2, 9, 8, 7, 6, 3, 4)%10) % 10
			return "||" + body[:1] + "." + body[1:4] + "." + body[4:] + "-" + itoa(check) + "|" + body + "-" + itoa(check) + "|" + body + itoa(check)
		}},
		{"ec_cedula", "EC", "cédula|cédula de identidad|cédula de ciudadanía", "Ecuadorian identity card", func(w *writer) string {
			return "||" + withLuhn(pad(w.between(1, 24), 2)+w.one("0", "1", "2", "3", "4", "5")+w.digits(6))
		}},
		{"do_cedula", "DO", "cédula|cédula de identidad y electoral", "Dominican identity card", func(w *writer) string {
			n := withLuhn(w.one("001", "002", "031", "054", "402", "223") + w.digits(7))
			return "||" + n[:3] + "-" + n[3:10] + "-" + n[10:] + "|" + n
		}},
	}
}

func brazil() []species {
	return []species{
		{"br_cpf", "BR", "CPF|nº do CPF", "Brazilian CPF|CPF", func(w *writer) string {
			body := w.digits(9)
			body += itoa(sumOf(body, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10)
			n := body + itoa(sumOf(body, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)*10%11%10)
			return grouped(n[:9], ".", 3, 3, 3) + "-" + n[9:] + "||" + n
		}},
		{"br_cnpj", "BR", "CNPJ|nº do CNPJ", "Brazilian CNPJ|CNPJ", func(w *writer) string {
			digit := func(sum int) string {
				if sum %= 11; sum > 1 {
					return itoa(11 - sum)
				}
				return "0"
			}
			body := w.digits(8) + "000" + w.digits(1, '0')
			body += digit(sumOf(body, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2))
			n := body + digit(sumOf(body, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2))
			return n[:2] + "." + n[2:5] + "." + n[5:8] + "/" + n[8:12] + "-" + n[12:] + "||" + n
		}},
		{"br_pis", "BR", "PIS|PIS/PASEP|NIS", "Brazilian PIS", func(w *writer) string {
			body := w.one("1", "2") + w.digits(9)
			check := 11 - sumOf(body, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)%11
			if check > 9 {
				check = 0
			}
			n := body + itoa(check)
			return "||" + n[:3] + "." + n[3:8] + "." + n[8:10] + "-" + n[10:] + "|" + n
		}},
		{"br_cnh", "BR", "CNH|carteira de habilitação|nº da CNH", "Brazilian driving licence (CNH)", func(w *writer) string {
			body := w.digits(9)
			first, less := sumOf(body, 9, 8, 7, 6, 5, 4, 3, 2, 1)%11, 0
			if first >= 10 {
				first, less = 0, 2
			}
			second := sumOf(body, 1, 2, 3, 4, 5, 6, 7, 8, 9) % 11
			if second -= less; second < 0 {
				second += 11
			}
			if second >= 10 {
				second = 0
			}
			return "||" + body + itoa(first) + itoa(second)
		}},
		{"br_voter_id", "BR", "título de eleitor|título eleitoral", "Brazilian voter ID", func(w *writer) string {
			serial, state := w.digits(8), w.between(3, 27) // São Paulo and Minas Gerais, 01 and 02, have an exception
			first := sumOf(serial, 2, 3, 4, 5, 6, 7, 8, 9) % 11 % 10
			second := sumOf(pad(state, 2)+itoa(first), 7, 8, 9) % 11 % 10
			n := serial + pad(state, 2) + itoa(first) + itoa(second)
			return "||" + n + "|" + grouped(n, " ", 4, 4, 4)
		}},
		{"br_vehicle_plate", "BR", "placa|placa do veículo", "Brazilian licence plate", func(w *writer) string {
			letters := string(w.from(upperCase, 3))
			return "||" + w.one(letters+"-"+w.digits(4), letters+w.digits(1)+string(w.from("ABCDEFGHIJ", 1))+w.digits(2))
		}},
	}
}
