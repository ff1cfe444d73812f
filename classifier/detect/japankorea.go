package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func japanAndKorea() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "jp_my_number", Name: "Japanese individual number (My Number)", Class: personal, Country: "JP", Identity: "jp_my_number", Use: classifier.Context,
			Source: "Japan, Ministry of Internal Affairs and Communications, ordinance 85 of 2014, article 5", Validator: "weighted sum modulo 11",
			Context:    []string{"マイナンバー", "個人番号", "my number", "mynumber", "individual number", "マイナ", "マイナンバーカード"},
			Columns:    []classifier.Column{column("jp_my_number", true, nil, "マイナンバー", "個人番号", "my number")},
			Layouts:    []string{"dddddddddddd", "dddd_dddd_dddd"},
			Check:      myNumber,
			Examples:   []string{"マイナンバー 6214 9832 1890", "個人番号：621498321890", "My Number: 1234-5678-9018"},
			NearMisses: []string{"6214 9832 1890", "621498321890", "マイナンバー 6214 9832 1891", "注文番号 621498321890", "マイナンバー 6214 9832 18901"},
		},
		{
			ID: "jp_corporate_number", Name: "Japanese corporate number", Class: company, Country: "JP", Use: classifier.Form,
			Source: "National Tax Agency of Japan, corporate number (check digit first, modulus 9); T before it for invoice issuers", Validator: "weighted sum modulo 9",
			Context:    []string{"法人番号", "登録番号", "インボイス", "適格請求書", "corporate number", "hojin bango"},
			Columns:    []classifier.Column{column("jp_corporate_number", false, nil, "法人番号", "インボイス登録番号", "corporate number")},
			Layouts:    []string{"Addddddddddddd", "ddddddddddddd", "d-dddd-dddd-dddd"},
			Check:      corporateNumber,
			Examples:   []string{"法人番号 5835678256246", "登録番号：T5835678256246", "T5835678256246", "5-8356-7825-6246"},
			NearMisses: []string{"5835678256246", "法人番号 4835678256246", "T4835678256246", "A5835678256246", "法人番号 58356782562461", "JAN 4901234567894"},
		},
		{
			ID: "kr_rrn", Name: "Korean resident registration number", Class: personal, Country: "KR", Identity: "kr_rrn", Use: classifier.Form,
			Source: "Korea, Enforcement Rule of the Resident Registration Act, article 2 (no check digit since October 2020)", Validator: "birth date, until October 2020 weighted sum modulo 11",
			Context:    []string{"주민등록번호", "주민번호", "주민등록", "외국인등록번호", "생년월일", "resident registration", "rrn", "jumin"},
			Columns:    []classifier.Column{column("kr_rrn", true, nil, "주민등록번호", "주민번호", "외국인등록번호", "rrn", "resident registration number")},
			Layouts:    []string{"dddddd-ddddddd", "ddddddddddddd", "dddddd - ddddddd"},
			Check:      residentNumber,
			Examples:   []string{"880215-1345624", "주민등록번호 880215-1345624", "주민번호: 8802151345624", "주민등록번호 210305-3234567"},
			NearMisses: []string{"880215-1345625", "8802151345624", "881315-1345624", "880215-13456241", "주민등록번호 880215-1345625", "주문번호 8802151345624"},
		},
		{
			ID: "kr_brn", Name: "Korean business registration number", Class: company, Country: "KR", Use: classifier.Context,
			Source: "Korea, National Tax Service, business registration number (weights 1, 3, 7, modulus 10)", Validator: "weighted sum modulo 10, or the usual hyphens",
			Context: []string{"사업자등록번호", "사업자번호", "사업자", "등록번호", "business registration", "business registration number", "brn"},
			Columns: []classifier.Column{column("kr_brn", false, nil, "사업자등록번호", "사업자번호", "business registration number")},
			Layouts: []string{"ddd-dd-ddddd", "dddddddddd"},
			Check:   func(b []byte) bool { return number(b[:3]) > 100 && b[3]+b[4] > 2*'0' }, Confirm: businessRegistration,
			Examples:   []string{"사업자등록번호 116-82-00276", "사업자번호: 1168200276", "Business registration number 220-81-62517", "등록번호 152-70-35454"},
			NearMisses: []string{"116-82-00276", "1168200276", "사업자등록번호 1168200277", "사업자등록번호 116-82-002761", "주문번호 1168200276"},
		},
	}
}

func myNumber(b []byte) bool {
	return checksum.Complement11(checksum.Weighted(b, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) == int(b[11]-'0') && !checksum.Uniform(b)
}

// corporateNumber checks the first digit against the twelve behind it, from the
// right in turn times 1 and 2.
func corporateNumber(b []byte) bool {
	if b[0] == 'T' {
		b = b[1:]
	}
	if len(b) != 13 || !digit(b[0]) {
		return false
	}
	return 9-checksum.Weighted(b[1:], 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1)%9 == int(b[0]-'0') && !checksum.Uniform(b)
}

// residentNumber checks the birth date, with its century from the seventh digit,
// and the last digit, which births since October 2020 lack.
func residentNumber(b []byte) bool {
	year := number(b[:2])
	switch b[6] {
	case '9', '0':
		year += 1800
	case '1', '2', '5', '6':
		year += 1900
	default:
		year += 2000
	}
	month := number(b[2:4])
	if !checksum.Date(year, month, number(b[4:6])) || year > latestBirth {
		return false
	}
	check := (11 - checksum.Weighted(b, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)%11) % 10
	last := int(b[12] - '0')
	if b[6] >= '5' && b[6] <= '8' && (check+2)%10 == last { // foreign residents
		return true
	}
	return check == last || year > 2020 || year == 2020 && month >= 10
}

// latestBirth bounds the years of birth that numbers with a century may tell.
const latestBirth = 2035

// businessRegistration lets a number in the usual hyphens pass without its check
// digit, less surely: the word before it and its form say what it is.
func businessRegistration(c *classifier.Candidate) bool {
	if businessDigit(c.Value) {
		return true
	}
	c.Confidence = 0.7
	return c.End-c.Start > len(c.Value)
}

func businessDigit(b []byte) bool {
	sum := checksum.Weighted(b, 1, 3, 7, 1, 3, 7, 1, 3, 5) + int(b[8]-'0')*5/10
	return (10-sum%10)%10 == int(b[9]-'0')
}
