package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func africa() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "eg_national_id", Name: "Egyptian national identity number", Class: personal, Country: "EG", Identity: "eg_national_id",
			Source: "Egyptian Civil Status Organization; structure as documented by public validators, which differ about the check digit", Validator: "birth date, governorate, without context weighted sum modulo 11",
			Context: []string{"الرقم القومي", "رقم قومي", "بطاقة الرقم القومي", "egyptian id", "national id", "national number", "egypt id"},
			Columns: []classifier.Column{column("eg_national_id", true, nil, "الرقم القومي", "egyptian id", "national number")},
			Layouts: []string{"dddddddddddddd", "?dddddddddddddd"},
			Check:   egyptianID, Confirm: egyptianCheck,
			Examples:   []string{"29001011234564", "الرقم القومي ٢٩٠٠١٠١١٢٣٤٥٦٤", "الرقم القومي 29001011234561"},
			NearMisses: []string{"29001011234565", "19001011234564", "29013011234564", "29001019934564", "رقم الطلب 29001011234561", "الرقم القومي 290010112345641"},
		},
		{
			ID: "za_id", Name: "South African identity number", Class: personal, Country: "ZA", Identity: "za_id", Use: classifier.Form,
			Source: "Department of Home Affairs of South Africa, identity number (birth date, citizenship, Luhn)", Validator: "birth date, citizenship, Luhn",
			Context:    []string{"id number", "id no", "sa id", "south african id", "rsa id", "identity number", "identiteitsnommer", "id nommer", "id-nommer"},
			Columns:    []classifier.Column{column("za_id", true, nil, "sa id", "sa id number", "rsa id", "id nommer", "south african id")},
			Layouts:    []string{"ddddddddddddd", "dddddd dddd ddd", "dddddd dddd d d d"},
			Check:      southAfricanID,
			Examples:   []string{"ID number 7503305044089", "SA ID: 8001015009087", "identiteitsnommer 750330 5044 089", "Lessee, ID 870413 1555 087"},
			NearMisses: []string{"7503305044089", "ID number 7503305044080", "ID number 7513305044089", "ID number 75033050440891", "order 7503305044089", "870413 1555 088"},
		},
		{
			ID: "ng_nin", Name: "Nigerian national identification number", Class: personal, Country: "NG", Identity: "ng_nin", Use: classifier.Context, Confidence: 0.8,
			Source: "National Identity Management Commission of Nigeria: eleven digits without a published check", Validator: "first digit not 0, no number of an order or article",
			Context:    []string{"nin", "nin no", "nin number", "nimc", "national identification number"},
			Columns:    []classifier.Column{column("ng_nin", true, nil, "nin", "nin no", "nin number")},
			Layouts:    []string{"ddddddddddd", "dddd_ddd_dddd"},
			Check:      func(b []byte) bool { return b[0] != '0' && !checksum.Uniform(b) },
			Confirm:    notOfGoods,
			Examples:   []string{"NIN 70123456789", "NIN: 5012 345 6789", "National Identification Number 34567812345"},
			NearMisses: []string{"70123456789", "NIN 7012345678", "NIN 701234567891", "NIN 00000000000", "order 70123456789", "nine 70123456789"},
		},
		{
			ID: "ng_bvn", Name: "Nigerian bank verification number", Class: personal, Country: "NG", Identity: "ng_bvn", Use: classifier.Context,
			Source: "Central Bank of Nigeria, regulatory framework for BVN operations: eleven digits that begin with 22", Validator: "leading 22",
			Context:    []string{"bvn", "bvn no", "bvn number", "bank verification number"},
			Columns:    []classifier.Column{column("ng_bvn", true, nil, "bvn", "bvn number", "bank verification number")},
			Layouts:    []string{"ddddddddddd"},
			Check:      func(b []byte) bool { return b[0] == '2' && b[1] == '2' && !checksum.Uniform(b) },
			Examples:   []string{"BVN 22123456789", "Bank Verification Number: 22345678901", "bvn 22198765432"},
			NearMisses: []string{"22123456789", "BVN 32123456789", "BVN 2212345678", "BVN 221234567891", "order 22123456789"},
		},
		{
			ID: "ke_kra_pin", Name: "Kenyan tax number (KRA PIN)", Class: personal, Country: "KE", Identity: "ke_kra_pin", Use: classifier.Context,
			Source: "Kenya Revenue Authority, personal identification number: A or P, nine digits, a letter", Validator: "leading A or P",
			Context:    []string{"kra", "kra pin", "pin", "pin no", "pin number", "pin certificate", "itax"},
			Columns:    []classifier.Column{column("ke_kra_pin", true, nil, "kra pin", "kra", "kra pin number")},
			Layouts:    []string{"AdddddddddA"},
			Check:      func(b []byte) bool { return (b[0] == 'A' || b[0] == 'P') && !checksum.Uniform(b[1:10]) },
			Examples:   []string{"KRA PIN A004416331M", "PIN: P051365947M", "iTax a012345678z"},
			NearMisses: []string{"A004416331M", "KRA PIN B004416331M", "KRA PIN A00441633M", "KRA PIN A004416331MM", "KRA PIN A000000000M"},
		},
		{
			ID: "ma_cin", Name: "Moroccan national identity card (CNIE)", Class: personal, Country: "MA", Identity: "ma_cin", Use: classifier.Context, Confidence: 0.8,
			Source: "Direction Générale de la Sûreté Nationale of Morocco, loi 04-20: one or two letters and five to seven digits", Validator: "not all digits equal, no number of an order or article",
			Context: []string{
				"cin", "cnie", "c.i.n.", "n° cin", "carte nationale", "carte d'identité nationale", "carte nationale d'identité", "البطاقة الوطنية", "بطاقة التعريف الوطنية", "رقم البطاقة الوطنية", "ب.ت.و",
			},
			Columns:    []classifier.Column{column("ma_cin", true, nil, "cin", "cnie", "n cin", "رقم البطاقة الوطنية", "البطاقة الوطنية")},
			Layouts:    []string{"AAddddd", "AAdddddd", "Adddddd", "Addddd"},
			Check:      moroccanCard,
			Confirm:    notOfGoods,
			Examples:   []string{"CIN BK123456", "CIN: AB12345", "البطاقة الوطنية رقم J456789", "carte nationale d'identité BE834512"},
			NearMisses: []string{"BK123456", "CIN BK1234567", "CIN BK1234", "CIN BK000000", "medicin BK123456", "commande BK123456"},
		},
	}
}

// egyptianID checks century, birth date and governorate.
func egyptianID(b []byte) bool {
	if b[0] != '2' && b[0] != '3' {
		return false
	}
	year := 1700 + 100*int(b[0]-'0') + number(b[1:3])
	return checksum.Date(year, number(b[3:5]), number(b[5:7])) && governorate(number(b[7:9]))
}

// egyptianCheck accepts a number whose last digit fits. No authority has published
// the rule, so with context another digit only makes the finding less sure. What
// begins like a year of this century is a time, or somebody over a hundred.
func egyptianCheck(c *classifier.Candidate) bool {
	if !c.NeedsContext && c.Value[0] == '2' && c.Value[1] == '0' {
		return false
	}
	sum := checksum.Weighted(c.Value, 2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
	if (11-sum%11)%10 == int(c.Value[13]-'0') {
		return true
	}
	c.Confidence = 0.75
	return c.NeedsContext
}

func governorate(code int) bool {
	return code >= 1 && code <= 4 || code >= 11 && code <= 19 || code >= 21 && code <= 29 || code >= 31 && code <= 35 || code == 88
}

// southAfricanID checks birth date, citizenship (2 is a refugee) and the Luhn digit.
func southAfricanID(b []byte) bool {
	return b[10] <= '2' && birthday(b) && checksum.Luhn(b)
}

// moroccanCard checks that the number is one, and its first letters a bureau.
func moroccanCard(b []byte) bool {
	i := 1
	if letter(b[1]) {
		i++
	}
	return number(b[i:]) > 0 && !checksum.Uniform(b[i:])
}
