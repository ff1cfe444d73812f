package detect

import (
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func hongKongAndTaiwan() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "hk_id", Name: "Hong Kong identity card", Class: personal, Country: "HK", Identity: "hk_id", Use: classifier.Form,
			Source: "Immigration Department of Hong Kong, Registration of Persons (modulus 11)", Validator: "weighted sum modulo 11",
			Context:    []string{"身份證", "身份证", "香港身份證", "香港身份证", "身份證號碼", "hkid", "hkid no", "hong kong identity card", "hong kong id", "identity card"},
			Columns:    []classifier.Column{column("hk_id", true, nil, "hkid", "hkid no", "hkid number", "香港身份證", "香港身份证", "身份證號碼")},
			Layouts:    []string{"Adddddd(d)", "Adddddd(A)", "AAdddddd(d)", "AAdddddd(A)", "?Addddddd", "?AddddddA", "?AAddddddd", "?AAddddddA"},
			Check:      hongKongID,
			Examples:   []string{"A123456(3)", "香港身份證號碼：Z683365(A)", "HKID C1234569", "身份證 Ｇ123456（Ａ）", "WX123456(9)"},
			NearMisses: []string{"A123456(4)", "A1234563", "A123456(33)", "XA123456(3)", "HKID C1234568", "f(A123456)(3)"},
		},
		{
			ID: "tw_id", Name: "Taiwanese national identity or resident number", Class: personal, Country: "TW", Identity: "tw_id", Use: classifier.Context,
			Source: "Department of Household Registration of Taiwan; National Immigration Agency (resident certificate)", Validator: "sex or status, weighted sum modulo 10",
			Context:    []string{"身分證", "身份證", "身分證字號", "身份證字號", "國民身分證", "居留證", "統一證號", "身分证", "taiwan id", "taiwanese id", "arc number", "id no", "national id"},
			Columns:    []classifier.Column{column("tw_id", true, nil, "身分證字號", "身份證字號", "國民身分證統一編號", "居留證號碼", "統一證號", "taiwan id")},
			Layouts:    []string{"AXdddddddd"},
			Check:      taiwaneseID,
			Examples:   []string{"身分證字號 A123456789", "身份證字號：F131104093", "居留證號 A800000014", "統一證號 AD12345671"},
			NearMisses: []string{"A123456789", "身分證字號 A123456780", "身分證字號 A323456789", "身分證字號 A1234567890", "訂單 A123456789"},
		},
		{
			ID: "tw_ubn", Name: "Taiwanese unified business number", Class: company, Country: "TW", Use: classifier.Context,
			Source: "Fiscal Information Agency of Taiwan, check of the unified business number (modulus 5 since April 2023)", Validator: "sum of cross sums modulo 5",
			Context:    []string{"統一編號", "統編", "公司統編", "统一编号", "买方统编", "買方統編", "ubn", "gui number", "unified business"},
			Columns:    []classifier.Column{column("tw_ubn", false, nil, "統一編號", "統編", "公司統編", "ubn")},
			Layouts:    []string{"dddddddd"},
			Check:      businessNumber,
			Examples:   []string{"統一編號 00501503", "統編：04595257", "買方統編 22099131"},
			NearMisses: []string{"00501503", "統一編號 00501504", "統一編號 005015031", "訂單編號 00501503", "統一編號 00000000"},
		},
	}
}

// hongKongID checks the digit in brackets: letters count 10 to 35, a missing
// first letter 36, ten is A.
func hongKongID(b []byte) bool {
	sum, weight := 0, len(b)
	if len(b) == 8 {
		sum = 36 * 9
	}
	for i, c := range b {
		if i == len(b)-1 {
			if c > 'A' {
				return false
			}
			weight = 1
		}
		sum += checksum.Value(c) * weight
		weight--
	}
	return sum%11 == 0
}

// taiwaneseLetters stand for the numbers from 10 on.
const taiwaneseLetters = "ABCDEFGHJKLMNPQRSTUVXYWZIO"

// taiwaneseID checks sex or status and the last digit. On older resident
// certificates a letter from A to D says the sex; its last digit counts.
func taiwaneseID(b []byte) bool {
	first := strings.IndexByte(taiwaneseLetters, b[0])
	second := int(b[1] - '0')
	switch b[1] {
	case '1', '2', '8', '9':
	case 'A', 'B', 'C', 'D':
		second = int(b[1] - 'A')
	default:
		return false
	}
	if first < 0 {
		return false
	}
	sum := first/10 + 1 + first%10*9 + second*8 + checksum.Weighted(b[2:], 7, 6, 5, 4, 3, 2, 1, 1)
	return sum%10 == 0
}

// businessNumber adds up the digits of the products; a seven in the seventh place
// makes ten, which counts as one or nought.
func businessNumber(b []byte) bool {
	weights := [...]int{1, 2, 1, 2, 1, 2, 4, 1}
	sum := 0
	for i, w := range weights {
		product := int(b[i]-'0') * w
		sum += product/10 + product%10
	}
	return (sum%5 == 0 || b[6] == '7' && (sum+1)%5 == 0) && !checksum.Uniform(b)
}
