package corpus

import "strings"

func middleEast() []species {
	return []species{
		{"sa_national_id", "SA", "رقم الهوية|رقم الهوية الوطنية|الهوية الوطنية|السجل المدني", "Saudi national ID|Saudi ID", func(w *writer) string { return "||" + w.arabicForms(withLuhn("1"+w.digits(8))) }},
		{"sa_iqama", "SA", "رقم الإقامة|الإقامة|إقامة رقم", "Iqama|Iqama number", func(w *writer) string { return "||" + w.arabicForms(withLuhn("2"+w.digits(8))) }},
		{"ae_emirates_id", "AE", "الهوية الإماراتية|رقم الهوية الإماراتية|بطاقة الهوية", "Emirates ID", func(w *writer) string {
			y, _, _ := w.birth()
			n := withLuhn("784" + itoa(y) + w.digits(7))
			return w.arabicForms(grouped(n, "-", 3, 4, 7, 1)) + "|" + n
		}},
		{"eg_national_id", "EG", "الرقم القومي|رقم البطاقة القومية|الرقم القومى", "Egyptian national ID", func(w *writer) string {
			y, m, d := w.birth()
			century := "2"
			if y >= 2000 {
				century = "3"
			}
			body := century + pad(y%100, 2) + pad(m, 2) + pad(d, 2) + w.one("01", "02", "12", "13", "14", "15", "21", "24", "27", "88") + w.digits(4)
			n := body + itoa((11-sumOf(body, 2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11)%10)
			return w.arabicForms(n)
		}},
		{"kw_civil_id", "KW", "الرقم المدني|البطاقة المدنية", "Kuwaiti civil ID|Civil ID", func(w *writer) string {
			return "||" + again(func() string {
				y, m, d := w.birth()
				century := "2"
				if y >= 2000 {
					century = "3"
				}
				body := century + pad(y%100, 2) + pad(m, 2) + pad(d, 2) + pad(w.between(1, 2000), 4)
				check := 11 - sumOf(body, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)%11
				if check > 9 {
					return ""
				}
				return w.arabicForms(body + itoa(check))
			})
		}},
		{"qa_qid", "QA", "الرقم الشخصي|البطاقة القطرية", "Qatar ID|QID", func(w *writer) string {
			y, _, _ := w.birth()
			century := "2"
			if y >= 2000 {
				century = "3"
			}
			return "||" + century + pad(y%100, 2) + w.one("634", "356", "586", "050", "818", "608", "682") + w.digits(5)
		}},
		{"bh_cpr", "BH", "الرقم الشخصي|الرقم السكاني", "Bahraini CPR|CPR number|CPR", func(w *writer) string {
			y, m, _ := w.birth()
			return "||" + pad(y%100, 2) + pad(m, 2) + w.digits(5)
		}},
		{"ir_national_id", "IR", "کد ملی|شماره ملی|کدملی", "Iranian national code|Iranian national ID", func(w *writer) string {
			body := w.digits(9)
			check := sumOf(body, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11
			if check >= 2 {
				check = 11 - check
			}
			n := body + itoa(check)
			return "||" + n + "|" + n[:3] + "-" + n[3:9] + "-" + n[9:]
		}},
		{"il_id", "IL", "תעודת זהות|ת.ז.|מספר זהות", "Israeli ID|Teudat Zehut", func(w *writer) string { return "||" + withLuhn(w.digits(8)) }},
	}
}

// arabicForms adds the number in Arabic-Indic digits.
func (w *writer) arabicForms(number string) string {
	return number + "|" + number + "|" + withDigits(number, '٠')
}

// withDigits writes digits in the script whose zero is given.
func withDigits(text string, zero rune) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return zero + r - '0'
		}
		return r
	}, text)
}

func africa() []species {
	return []species{
		{"za_id", "ZA", "", "South African ID|SA ID number|RSA ID", func(w *writer) string {
			n := withLuhn(w.yymmdd() + w.digits(4) + w.one("0", "0", "1") + w.one("8", "9"))
			return "||" + n + "|" + grouped(n, " ", 6, 4, 3)
		}},
		{"ng_nin", "NG", "", "NIN|Nigerian NIN|National Identification Number", func(w *writer) string { return "||" + w.digits(11, '0') }},
		{"ng_bvn", "NG", "", "BVN|Bank Verification Number", func(w *writer) string { return "||" + "22" + w.digits(9) }},
		{"ke_kra_pin", "KE", "", "KRA PIN|KRA PIN number", func(w *writer) string {
			return "||" + w.one("A", "A", "P") + "0" + w.digits(8) + string(w.from(upperCase, 1))
		}},
		{"ma_cin", "MA", "رقم البطاقة الوطنية|البطاقة الوطنية|CIN|CNIE", "Moroccan CIN|Moroccan national ID card", func(w *writer) string {
			return "||" + w.one("A", "AB", "BE", "BK", "D", "EE", "G", "J", "K", "BH") + w.digits(w.between(5, 6), '0')
		}},
	}
}

func oceania() []species {
	return []species{
		{"au_tfn", "AU", "", "TFN|tax file number", func(w *writer) string {
			n := again(func() string {
				n := w.digits(9, '0')
				if sumOf(n, 1, 4, 3, 7, 5, 8, 6, 9, 10)%11 != 0 {
					return ""
				}
				return n
			})
			return "||" + grouped(n, " ", 3, 3, 3) + "|" + n
		}},
		{"au_medicare", "AU", "", "Medicare card|Medicare number|Medicare no.", func(w *writer) string {
			body := w.one("2", "3", "4", "5", "6") + w.digits(7)
			n := body + itoa(sumOf(body, 1, 3, 7, 9, 1, 3, 7, 9)%10) + w.digits(1, '0')
			return "||" + grouped(n, " ", 4, 5, 1) + "|" + n
		}},
		{"au_abn", "AU", "", "ABN|Australian Business Number", func(w *writer) string {
			n := again(func() string {
				n := w.digits(11, '0')
				if (sumOf(n, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)-10)%89 != 0 {
					return ""
				}
				return n
			})
			return "||" + grouped(n, " ", 2, 3, 3, 3) + "|" + n
		}},
		{"au_acn", "AU", "", "ACN|Australian Company Number", func(w *writer) string {
			body := w.one("0", "1", "6") + w.digits(7)
			n := body + itoa((10-sumOf(body, 8, 7, 6, 5, 4, 3, 2, 1)%10)%10)
			return "||" + grouped(n, " ", 3, 3, 3) + "|" + n
		}},
		{"nz_ird", "NZ", "", "IRD number|IRD no.|IRD", func(w *writer) string {
			n := again(func() string {
				body := pad(w.between(10000000, 14999999), 8)
				check := (11 - sumOf(body, 3, 2, 7, 6, 5, 4, 3, 2)%11) % 11
				if check == 10 {
					if check = (11 - sumOf(body, 7, 4, 3, 2, 5, 2, 7, 6)%11) % 11; check == 10 {
						return ""
					}
				}
				return body + itoa(check)
			})
			return "||" + grouped(n, "-", 3, 3, 3) + "|" + n
		}},
		{"nz_nhi", "NZ", "", "NHI number|NHI no.|NHI", func(w *writer) string {
			const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ" // without I and O; A counts 1
			return "||" + again(func() string {
				body := string(w.from(letters, 3)) + w.digits(3)
				sum := 0
				for i := range 6 {
					v := int(body[i] - '0')
					if i < 3 {
						v = indexIn(letters, body[i]) + 1
					}
					sum += v * (7 - i)
				}
				check := 11 - sum%11
				if check == 11 {
					return ""
				}
				return body + itoa(check%10)
			})
		}},
	}
}
