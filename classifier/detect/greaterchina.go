package detect

import (
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func mainlandChina() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "cn_resident_id", Name: "Chinese resident identity number", Class: personal, Country: "CN", Identity: "cn_resident_id",
			Source: "GB 11643-1999; region codes of GB/T 2260", Validator: "province, birth date, ISO 7064 mod 11-2",
			Columns: []classifier.Column{column("cn_resident_id", true, nil, "身份证", "身份证号", "身份证号码", "身分證", "身分證字號", "证件号码", "证件号", "公民身份号码", "id card")},
			Layouts: []string{"dddddddddddddddddX", "dddddd dddddddd dddX", "dddddd-dddddddd-dddX"},
			Check:   residentID,
			Examples: []string{
				"11010519491231002X", "身份证号11010519491231002x。", "id 110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ",
			},
			NearMisses: []string{
				"110105194912310020", "99010519491231002X", "11010519491331002X", "A11010519491231002X", "11010519491231002XY",
				"110105194912310021", "1101051949123100212",
			},
		},
		{
			ID: "cn_mobile", Name: "Chinese mobile number", Class: personal, Country: "CN", Identity: "phone", Use: classifier.Form,
			Source: "MIIT numbering plan of telecommunication networks (2017)", Validator: "prefix of a mobile network",
			Context: append(phoneWords(), "手机号", "微信", "回电", "来电", "拨打", "wechat"),
			Layouts: []string{"ddddddddddd", "ddd_dddd_dddd", "86ddddddddddd", "86_ddddddddddd", "86_ddd_dddd_dddd"},
			Check:   chineseMobile, Confirm: withCountryCode, Series: true,
			Columns:    phoneColumns(),
			Examples:   []string{"13812345678\n13987654321\n15012349876\n", "王小明 13812345678、李娜 13987654321、张伟 15012349876", "138-1234-5678", "手机13812345678", "联系电话：138 1234 5678", "phone 13812345678", "致电 8613812345678", "请回电 １３８１２３４５６７８"},
			NearMisses: []string{"13812345678", "13812345678\n13987654321\n12012349876", "订单号 13812345678，订单号 13912345678，订单号 15012345678", "手机12012345678", "手机另告，订单 13812345678", "订单号 13812345678", "138 1234-5678", "1381234567"},
		},
		{
			ID: "cn_uscc", Name: "Chinese unified social credit code", Class: company, Country: "CN", Use: classifier.Form,
			Source: "GB 32100-2015 (modulus 31 over 31 characters)", Validator: "department, province, weighted sum modulo 31",
			Context: []string{"统一社会信用代码", "社会信用代码", "信用代码", "税号", "纳税人识别号", "統一社會信用代碼", "uscc", "social credit code", "credit code", "taxpayer id"},
			Columns: []classifier.Column{column("cn_uscc", false, nil, "统一社会信用代码", "社会信用代码", "税号", "纳税人识别号", "unified social credit code", "uscc")},
			Layouts: []string{"XXddddddXXXXXXXXXX", "?dddddddddddddddddd"},
			Check:   uscc, Confirm: lettersOrContext,
			Examples:   []string{"91110000600037341L", "统一社会信用代码：91330106673959654P", "税号 911100001000001743", "uscc 91110000600037341l"},
			NearMisses: []string{"91110000600037341M", "911100001000001743", "91110000600037341LX", "98110000600037341L", "91990000600037341L", "订单号 911100001000001743"},
		},
		{
			ID: "cn_passport", Name: "Chinese passport", Class: personal, Country: "CN", Identity: "cn_passport", Use: classifier.Context,
			Source: "National Immigration Administration of China: ordinary passport E or E and a letter, formerly G; D, S and P for official ones", Validator: "letters of the series, word for a passport in its line",
			Context:    []string{"护照", "护照号", "护照号码", "護照", "護照號碼", "passport", "passport no", "passport number", "chinese passport"},
			Columns:    []classifier.Column{column("cn_passport", true, nil, "中国护照")},
			Layouts:    []string{"Adddddddd", "AAddddddd"},
			Check:      chinesePassport,
			Confirm:    passportLabel("chinese ", "china ", "中国"),
			Examples:   []string{"护照号 E12345678", "护照：EJ1234567", "Chinese passport G23456789", "護照號碼 E98765432"},
			NearMisses: []string{"E12345678", "护照号 E1234567", "护照号 E123456789", "护照号 EI1234567", "护照号 X12345678", "订单号 E12345678，护照另寄"},
		},
		{
			ID: "cn_vehicle_plate", Name: "Chinese vehicle plate", Class: personal, Country: "CN", Confidence: 0.88,
			Source: "GA 36-2018, number plates of motor vehicles", Validator: "province, at most two letters, no I or O",
			Columns: []classifier.Column{column("cn_vehicle_plate", true, hasDigits, "车牌", "车牌号", "车牌号码", "號牌", "license plate")},
			Layouts: []string{"A·ddddd", "A ddddd", "A-ddddd", "A·dddddd"},
			Anchor:  classifier.AnchorWord, Opening: "XXXXX", Match: matchChinesePlate,
			Check: chinesePlate, Confirm: withProvince,
			Examples:   []string{"京A12345", "车牌粤B·D1234", "沪A·12345", "新能源 粤BD12345 已到", "苏E 05EV8", "车牌号：浙A12D34"},
			NearMisses: []string{"A12345", "京A1234", "京A1234567", "中A12345", "京AI2345", "川ABCDE1", "京A-123456"},
		},
	}
}

// residentID checks province, birth date and ISO/IEC 7064 mod 11-2.
func residentID(b []byte) bool {
	if !checksum.Digits(b[:17]) {
		return false
	}
	province := number(b[:2])
	if province < 11 || province > 91 || province%10 > 7 || province%10 == 0 && province != 50 {
		return false
	}
	return checksum.Date(number(b[6:10]), number(b[10:12]), number(b[12:14])) && checksum.Mod11_2(b)
}

func chineseMobile(b []byte) bool {
	if len(b) == 13 {
		b = b[2:]
	}
	return b[0] == '1' && b[1] >= '3' && !checksum.Uniform(b[2:]) &&
		!(b[1] == '4' && (b[2] == '2' || b[2] == '3')) && !(b[1] == '5' && b[2] == '4')
}

// withCountryCode makes the value the one that the phone detector gives the number.
func withCountryCode(c *classifier.Candidate) bool {
	if c.NeedsContext && ofGoods(c.Text, c.Start) {
		return false
	}
	if len(c.Value) == 11 {
		c.Value = append(c.Value, 0, 0)
		copy(c.Value[2:], c.Value)
		copy(c.Value, "86")
	}
	c.Confidence = 0.92 // more telling than a phone number of anywhere
	return true
}

const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// uscc checks the registering department, the province (10 is the state) and the
// last character.
func uscc(b []byte) bool {
	if department := b[0]; department == '0' || department > '9' && department != 'A' && department != 'N' && department != 'Y' || b[1] < '1' || b[1] > '9' || b[1] > '5' && b[1] < '9' {
		return false
	}
	if !checksum.Digits(b[2:8]) {
		return false
	}
	if province := number(b[2:4]); province < 10 || province > 82 || province%10 > 7 || province > 10 && province%10 == 0 && province != 50 {
		return false
	}
	sum, weight := 0, 1
	for _, c := range b[:17] {
		v := strings.IndexByte(usccAlphabet, c)
		if v < 0 {
			return false
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return usccAlphabet[(31-sum%31)%31] == b[17]
}

// lettersOrContext refuses a number without letters that nothing explains: it may
// be the number of an order.
func lettersOrContext(c *classifier.Candidate) bool {
	return c.NeedsContext || !checksum.Digits(c.Value)
}

func chinesePassport(b []byte) bool {
	if letter(b[1]) { // a second letter came when the numbers with E ran out
		return b[0] == 'E' && b[1] != 'I' && b[1] != 'O'
	}
	return (b[0] == 'E' || b[0] == 'G' || b[0] == 'D' || b[0] == 'S' || b[0] == 'P') && !checksum.Uniform(b[1:])
}

const plateProvinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

// matchChinesePlate reads the letter of the authority and five or six characters,
// with or without a point between.
func matchChinesePlate(c *classifier.Candidate) bool {
	start := c.At
	if before := at(c.Text, start-1); before < 0x80 && before != ' ' && before != '-' {
		return false
	}
	end := start
	for end < len(c.Text) && end-start < 8 && word(c.Text[end]) {
		end++
	}
	switch {
	case (end-start == 6 || end-start == 7) && province(c.Text, start):
		c.Value = append(c.Value, upper(c.Text[start]))
		start++
	case end-start != 5 && end-start != 6:
		return false
	default:
		dot := start - 1
		if c.Text[dot] == 0xB7 { // the second byte of a middle dot
			dot--
		}
		if dot < 1 || !letter(c.Text[dot-1]) || !province(c.Text, dot-1) {
			return false
		}
		c.Value = append(c.Value, upper(c.Text[dot-1]))
	}
	for _, b := range c.Text[start:end] {
		c.Value = append(c.Value, upper(b))
	}
	c.Start, c.End = start, end
	for !province(c.Text, c.Start) {
		c.Start--
	}
	return tokenEnds(c.Text, end)
}

// province tells whether the name of a province ends at i.
func province(text []byte, i int) bool {
	return i >= 3 && text[i-3] >= 0xE4 && text[i-3] <= 0xE9 && strings.Contains(plateProvinces, string(text[i-3:i]))
}

// chinesePlate checks the letters: at most two, never I or O; a plate for new
// energy has six characters, of which the first or the last is a letter.
func chinesePlate(b []byte) bool {
	letters := 0
	for _, c := range b[1:] {
		if c == 'I' || c == 'O' {
			return false
		}
		if letter(c) {
			letters++
		}
	}
	if len(b) == 7 && !letter(b[1]) && !letter(b[6]) {
		return false
	}
	return b[0] != 'I' && letters <= 2
}

// withProvince takes the name of the province into the finding.
func withProvince(c *classifier.Candidate) bool {
	if !province(c.Text, c.Start) {
		return false
	}
	c.Start -= len("京")
	return true
}
