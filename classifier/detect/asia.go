package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func asia() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "cn_resident_id", Name: "Chinese resident identity number", Class: personal, Country: "CN", Identity: "cn_resident_id",
			Source:  "GB 11643-1999; region codes of GB/T 2260",
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
			Source:  "MIIT numbering plan of telecommunication networks (2017)",
			Context: []string{"手机", "手機", "手机号", "电话", "電話", "联系方式", "联系电话", "微信", "致电", "回电", "来电", "拨打", "mobile", "phone", "tel", "cell", "whatsapp", "wechat"},
			Layouts: []string{"ddddddddddd", "ddd_dddd_dddd", "86ddddddddddd", "86_ddddddddddd", "86_ddd_dddd_dddd"},
			Check:   chineseMobile, Confirm: withCountryCode, Series: true,
			Columns:    phoneColumns(),
			Examples:   []string{"13812345678\n13987654321\n15012349876\n", "王小明 13812345678、李娜 13987654321、张伟 15012349876", "138-1234-5678", "手机13812345678", "联系电话：138 1234 5678", "phone 13812345678", "致电 8613812345678", "请回电 １３８１２３４５６７８"},
			NearMisses: []string{"13812345678", "13812345678\n13987654321\n12012349876", "订单号 13812345678，订单号 13912345678，订单号 15012345678", "手机12012345678", "手机另告，订单 13812345678", "订单号 13812345678", "138 1234-5678", "1381234567"},
		},
		{
			ID: "in_aadhaar", Name: "Indian Aadhaar number", Class: personal, Country: "IN", Identity: "in_aadhaar", Use: classifier.Context,
			Source:     "Unique Identification Authority of India, Verhoeff check digit",
			Context:    []string{"aadhaar", "aadhar", "adhaar", "uidai", "uid", "आधार"},
			Columns:    []classifier.Column{column("in_aadhaar", true, nil, "aadhaar", "aadhar", "aadhaar number", "aadhaar no", "uidai")},
			Layouts:    []string{"dddddddddddd", "dddd_dddd_dddd"},
			Check:      aadhaar,
			Examples:   []string{"Aadhaar 2341 2341 2346", "aadhar no. 234123412346", "UIDAI: 2341-2341-2346", "Aadhaar 5555 2341 2341 2346"},
			NearMisses: []string{"2341 2341 2346", "234123412346", "Aadhaar 2341 2341 2347", "Aadhaar 1341 2341 2346"},
		},
		{
			ID: "in_pan", Name: "Indian permanent account number", Class: personal, Country: "IN", Identity: "in_pan", Use: classifier.Form,
			Source:     "Income Tax Department of India, PAN structure",
			Columns:    []classifier.Column{column("in_pan", true, nil, "pan number", "pan no", "pan card")},
			Layouts:    []string{"AAAAAddddA"},
			Check:      pan,
			Examples:   []string{"ACUPA7085R", "PAN: acupa7085r"},
			NearMisses: []string{"ACUXA7085R", "ACUPA0000R", "ACUPA7085", "ACUPA7085RX"},
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

func aadhaar(b []byte) bool {
	if b[0] < '2' || !checksum.Verhoeff(b) {
		return false
	}
	for i := range len(b) / 2 {
		if b[i] != b[len(b)-1-i] {
			return true
		}
	}
	return false // no palindromes are issued
}

// pan checks the letter of the holder's kind; the last letter's rule is not public.
func pan(b []byte) bool {
	switch b[3] {
	case 'A', 'B', 'C', 'F', 'G', 'H', 'J', 'K', 'L', 'P', 'T':
		return number(b[5:9]) > 0
	}
	return false
}
