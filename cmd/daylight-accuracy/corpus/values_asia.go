package corpus

func eastAsia() []species {
	return []species{
		{"cn_resident_id", "CN", "身份证|身份证号|身份证号码|证件号", "Chinese ID card|resident ID", func(w *writer) string {
			y, m, d := w.birth()
			region := w.one("110105", "310104", "440106", "440305", "510104", "330106", "420106", "320102", "370202", "610113", "120101", "500103", "350203", "210202", "430102")
			body := region + itoa(y) + pad(m, 2) + pad(d, 2) + pad(w.between(1, 999), 3)
			n := body + string("10X98765432"[sumOf(body, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)%11])
			return n + "|" + n + "|" + grouped(n, " ", 6, 8, 4)
		}},
		{"cn_uscc", "CN", "统一社会信用代码|信用代码|税号", "unified social credit code|USCC", func(w *writer) string {
			const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
			body := "91" + w.one("110105", "310115", "440300", "330106", "510107", "320594") + string(w.from(alphabet, 2)) + "MA" + string(w.from(alphabet, 5))
			sum, weight := 0, 1
			for i := range len(body) {
				sum += indexIn(alphabet, body[i]) * weight
				weight = weight * 3 % 31
			}
			return body + string(alphabet[(31-sum%31)%31])
		}},
		{"cn_passport", "CN", "护照|护照号|护照号码", "Chinese passport", func(w *writer) string {
			return "||" + w.one("E"+w.digits(8), "G"+w.digits(8), "E"+string(w.from("ABCDEFGH", 1))+w.digits(7))
		}},
		{"cn_vehicle_plate", "CN", "车牌|车牌号|车牌号码", "Chinese licence plate", func(w *writer) string {
			place := w.one("京", "沪", "粤", "浙", "苏", "川", "鄂", "鲁", "津", "渝", "闽", "陕", "湘", "皖") + string(w.from("ABCDEFGH", 1))
			rest := string(w.from("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", 1)) + w.digits(4)
			if w.chance(4) {
				rest = w.one("D", "F") + w.digits(5) // electric
			}
			return "||" + place + rest + "|" + place + "·" + rest + "|" + place + " " + rest
		}},
		{"hk_id", "HK", "香港身份證|身份證號碼|HKID", "HKID|Hong Kong identity card", func(w *writer) string {
			letters := string(w.from(upperCase, 1))
			body := w.digits(6)
			sum := 36*9 + valueOf(letters[0])*8 + sumOf(body, 7, 6, 5, 4, 3, 2)
			check := string("0A987654321"[sum%11])
			return letters + body + "(" + check + ")" + "||" + letters + body + check
		}},
		{"tw_id", "TW", "身分證字號|身分證|國民身分證", "Taiwan ID|Taiwanese national ID", func(w *writer) string {
			letter := string(w.from(upperCase, 1))
			order := indexIn("ABCDEFGHJKLMNPQRSTUVXYWZIO", letter[0]) + 10
			body := w.one("1", "2") + w.digits(7)
			sum := order/10 + order%10*9 + sumOf(body, 8, 7, 6, 5, 4, 3, 2, 1)
			return "||" + letter + body + itoa((10-sum%10)%10)
		}},
		{"tw_ubn", "TW", "統一編號|統編", "Taiwanese business number|unified business number", func(w *writer) string {
			return "||" + again(func() string {
				n := w.digits(8)
				if digitSums(n, 1, 2, 1, 2, 1, 2, 4, 1)%5 != 0 {
					return ""
				}
				return n
			})
		}},
		{"jp_my_number", "JP", "マイナンバー|個人番号", "My Number|Japanese individual number", func(w *writer) string {
			body := w.digits(11)
			check := sumOf(body, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11
			if check <= 1 {
				check = 0
			} else {
				check = 11 - check
			}
			n := body + itoa(check)
			return "||" + n + "|" + grouped(n, " ", 4, 4, 4) + "|" + grouped(n, "-", 4, 4, 4)
		}},
		{"jp_corporate_number", "JP", "法人番号", "Japanese corporate number", func(w *writer) string {
			body := w.digits(12)
			return "||" + itoa(9-sumOf(body, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1)%9) + body
		}},
		{"kr_rrn", "KR", "주민등록번호|주민번호", "Korean resident number|RRN", func(w *writer) string {
			y, m, d := w.birth()
			sex := w.between(1, 2)
			if y >= 2000 {
				sex += 2
			}
			body := pad(y%100, 2) + pad(m, 2) + pad(d, 2) + itoa(sex) + w.digits(5)
			n := body + itoa((11-sumOf(body, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)%11)%10)
			return n[:6] + "-" + n[6:] + "||" + n
		}},
		{"kr_brn", "KR", "사업자등록번호|사업자번호", "Korean business registration number", func(w *writer) string {
			body := w.digits(9, '0')
			sum := sumOf(body, 1, 3, 7, 1, 3, 7, 1, 3, 5) + int(body[8]-'0')*5/10
			n := body + itoa((10-sum%10)%10)
			return "||" + n[:3] + "-" + n[3:5] + "-" + n[5:]
		}},
	}
}

// indexIn returns where the byte stands in the alphabet.
func indexIn(alphabet string, c byte) int {
	for i := range len(alphabet) {
		if alphabet[i] == c {
			return i
		}
	}
	return -1
}

func southeastAsia() []species {
	return []species{
		{"sg_nric", "SG", "", "NRIC|FIN|NRIC no.", func(w *writer) string {
			kind, body := w.one("S", "T", "F", "G", "M"), w.digits(7)
			sum := sumOf(body, 2, 7, 6, 5, 4, 3, 2)
			switch kind {
			case "S":
				return kind + body + string("JZIHGFEDCBA"[sum%11])
			case "T":
				return kind + body + string("JZIHGFEDCBA"[(sum+4)%11])
			case "F":
				return kind + body + string("XWUTRQPNMLK"[sum%11])
			case "G":
				return kind + body + string("XWUTRQPNMLK"[(sum+4)%11])
			default:
				return kind + body + string("KLJNPQRTUWX"[10-(sum+3)%11]) // read from the other end
			}
		}},
		{"my_nric", "MY", "MyKad|no. kad pengenalan|IC", "MyKad number|Malaysian IC|NRIC", func(w *writer) string {
			n := w.yymmdd() + pad(w.between(1, 16), 2) + w.digits(4)
			return "||" + n[:6] + "-" + n[6:8] + "-" + n[8:] + "|" + n
		}},
		{"th_pin", "TH", "เลขประจำตัวประชาชน|บัตรประชาชน", "Thai ID number|Thai national ID", func(w *writer) string {
			body := w.digits(12, '0', '9')
			n := body + itoa((11-sumOf(body, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11)%10)
			return "||" + n + "|" + grouped(n, "-", 1, 4, 5, 2, 1) + "|" + grouped(n, " ", 1, 4, 5, 2, 1)
		}},
		{"id_nik", "ID", "NIK|nomor KTP|no. KTP", "Indonesian NIK|KTP number", func(w *writer) string {
			y, m, d := w.birth()
			if w.chance(2) {
				d += 40
			}
			return "||" + w.one("3171", "3273", "3374", "3578", "1271", "5171", "7371", "3201") + pad(w.between(1, 20), 2) + pad(d, 2) + pad(m, 2) + pad(y%100, 2) + pad(w.between(1, 40), 4)
		}},
		{"ph_tin", "PH", "TIN|TIN no.", "Philippine TIN", func(w *writer) string {
			n := w.one("1", "2", "3", "4", "9") + w.digits(8)
			return "||" + grouped(n, "-", 3, 3, 3) + "|" + grouped(n+"000", "-", 3, 3, 3, 3)
		}},
		{"vn_cccd", "VN", "CCCD|căn cước công dân|số CCCD", "Vietnamese citizen ID (CCCD)", func(w *writer) string {
			y, _, _ := w.birth()
			sex := w.between(0, 1)
			if y >= 2000 {
				sex += 2
			}
			return "||" + w.one("001", "079", "048", "031", "092", "036", "038", "040") + itoa(sex) + pad(y%100, 2) + w.digits(6)
		}},
	}
}

func southAsia() []species {
	return []species{
		{"in_aadhaar", "IN", "आधार|आधार नंबर", "Aadhaar|Aadhaar number|Aadhaar no.", func(w *writer) string {
			body := w.digits(11, '0', '1')
			n := body + itoa(verhoeffDigit(body))
			return "||" + grouped(n, " ", 4, 4, 4) + "|" + n + "|" + grouped(n, "-", 4, 4, 4)
		}},
		{"in_pan", "IN", "पैन", "PAN|PAN card|PAN number", func(w *writer) string {
			return w.indianTaxpayer()
		}},
		{"in_gstin", "IN", "", "GSTIN|GST number|GST no.", func(w *writer) string {
			const alphabet = decimal + upperCase
			body := pad(w.between(1, 37), 2) + w.indianTaxpayer() + string(w.from("123", 1)) + "Z"
			sum := 0
			for i := range len(body) {
				product := indexIn(alphabet, body[i]) * (1 + i%2)
				sum += product/36 + product%36
			}
			return body + string(alphabet[(36-sum%36)%36])
		}},
		{"in_voter_id", "IN", "", "voter ID|EPIC number|EPIC no.", func(w *writer) string { return "||" + string(w.from(upperCase, 3)) + withLuhn(w.digits(6)) }},
		{"in_passport", "IN", "", "Indian passport|passport no.|passport number", func(w *writer) string {
			return "||" + string(w.from("JKLMNPRSTUVWZ", 1)) + w.digits(1, '0') + w.digits(5) + w.digits(1, '0')
		}},
		{"in_vehicle_plate", "IN", "", "vehicle number|registration number|vehicle registration", func(w *writer) string {
			state, district, series, n := w.one("MH", "DL", "KA", "TN", "UP", "GJ", "RJ", "WB", "HR", "TS"), pad(w.between(1, 50), 2), string(w.from("ABCDEFGHJKLMNPQRSTUVWXYZ", 2)), pad(w.between(1, 9999), 4)
			return "||" + state + " " + district + " " + series + " " + n + "|" + state + district + series + n + "|" + state + "-" + district + "-" + series + "-" + n
		}},
		{"in_ifsc", "IN", "", "IFSC|IFSC code", func(w *writer) string {
			return "||" + w.one("SBIN", "HDFC", "ICIC", "UTIB", "PUNB", "KKBK", "BARB", "CNRB", "YESB") + "0" + w.digits(6)
		}},
		{"pk_cnic", "PK", "", "CNIC|CNIC number|NADRA CNIC", func(w *writer) string {
			n := w.one("1", "2", "3", "4", "5", "6", "7") + w.digits(11) + w.digits(1, '0') // the last tells the sex
			return "||" + n[:5] + "-" + n[5:12] + "-" + n[12:] + "|" + n
		}},
		{"lk_nic", "LK", "", "NIC number|Sri Lankan NIC|national identity card", func(w *writer) string {
			y, _, _ := w.birth()
			day := pad(w.between(1, 365)+500*w.IntN(2), 3)
			return "||" + w.one(pad(y%100, 2)+day+w.digits(4)+"V", itoa(y)+day+w.digits(5))
		}},
		{"bd_nid", "BD", "জাতীয় পরিচয়পত্র|এনআইডি", "Bangladesh NID|NID number|NID", func(w *writer) string {
			y, _, _ := w.birth()
			return "||" + w.one(w.digits(10, '0'), w.digits(13, '0'), itoa(y)+w.digits(13))
		}},
	}
}

// indianTaxpayer returns a PAN: the fourth letter tells the kind of holder. Its
// check letter's rule is not public.
func (w *writer) indianTaxpayer() string {
	return string(w.from(upperCase, 3)) + w.one("P", "P", "P", "C", "H", "F", "T") + string(w.from(upperCase, 1)) + pad(w.between(1, 9999), 4) + string(w.from(upperCase, 1))
}
