package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

// baltic returns the numbers of Estonia, Latvia and Lithuania. Those of Estonia
// and Lithuania look alike: only their names tell them apart.
func baltic() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "lt_personal_code", Name: "Lithuanian personal code", Class: personal, Country: "LT", Identity: "lt_personal_code", Use: classifier.Context,
			Source: "Lithuania, Law on the Population Register, art. 8; OECD, tax identification numbers: Lithuania", Validator: "birth date, weighted sum modulo 11",
			Context:    []string{"asmens kodas", "asmens kodą", "asmens kodo", "asmens k.", "a.k.", "lithuanian personal code", "lithuanian id"},
			Columns:    []classifier.Column{column("lt_personal_code", true, nil, "asmens kodas", "asmens kodo", "ak")},
			Layouts:    []string{"ddddddddddd"},
			Check:      balticCode,
			Examples:   []string{"asmens kodas 33309240064", "Asmens kodas: 33309240064", "a.k. 33309240064"},
			NearMisses: []string{"33309240064", "asmens kodas 33309240164", "asmens kodas 33313240061", "asmens kodas 3330924006", "asmens kodas 333092400644", "užsakymas 33309240064"},
		},
		{
			ID: "ee_personal_code", Name: "Estonian personal code (isikukood)", Class: personal, Country: "EE", Identity: "ee_personal_code", Use: classifier.Context,
			Source: "Estonia, EVS 585:2007; Population Register Act § 39", Validator: "birth date, weighted sum modulo 11",
			Context:    []string{"isikukood", "isikukoodi", "isikukoodiga", "ik", "estonian personal code", "estonian id code", "estonian id", "personal identification code"},
			Columns:    []classifier.Column{column("ee_personal_code", true, nil, "isikukood", "isiku kood", "ik")},
			Layouts:    []string{"ddddddddddd"},
			Check:      balticCode,
			Examples:   []string{"isikukood 36805280109", "Isikukood: 36805280109", "Estonian ID code 36805280109"},
			NearMisses: []string{"36805280109", "isikukood 36805280108", "isikukood 36813280103", "isikukood 3680528010", "isikukood 368052801099", "tellimus 36805280109", "isikukood 96805280109"},
		},
		{
			ID: "lv_personal_code", Name: "Latvian personal code", Class: personal, Country: "LV", Identity: "lv_personal_code", Use: classifier.Form,
			Source: "Latvia, Fizisko personu reģistra likums; Ministru kabineta noteikumi", Validator: "birth date, weighted sum modulo 11; none since 2017",
			Context: []string{"personas kods", "personas kodu", "personas koda", "p.k.", "pers. kods", "latvian personal code", "personal code", "latvian id"},
			Columns: []classifier.Column{column("lv_personal_code", true, nil, "personas kods", "pers kods", "pk")},
			Layouts: []string{"dddddd-ddddd", "ddddddddddd", "?dddddd-ddddd"}, // the last one of 2017 and later
			Check:   latvianCode, Confirm: latvianForm,
			Examples: []string{
				"161175-19997", "personas kods 16117519997", "Personas kods: 161175-19997", "personas kods 321234-12345",
			},
			NearMisses: []string{"161175-19996", "161375-19997", "16117519997", "161175-1999", "161175-199977", "1161175-19997", "321234-12345", "pasūtījums 16117519997"},
		},
	}
}

// balticCode checks century, date and check digit.
func balticCode(b []byte) bool {
	if b[0] < '1' || b[0] > '8' {
		return false
	}
	century := 1800 + int(b[0]-'1')/2*100
	if !checksum.Date(century+pair(b, 1), pair(b, 3), pair(b, 5)) {
		return false
	}
	return twoRounds(checksum.Weighted(b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1), checksum.Weighted(b, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) == last(b)
}

// latvianForm wants context for a code of 2017 and later: it opens with 32 to 39,
// tells no date, and no check digit is published for it.
func latvianForm(c *classifier.Candidate) bool { return !dateless(c.Value) || c.NeedsContext }

// dateless tells whether a code is one of 2017 and later.
func dateless(b []byte) bool { return b[0] == '3' && b[1] >= '2' }

// latvianCode checks date, century and check digit of the codes that have them.
func latvianCode(b []byte) bool {
	if dateless(b) {
		return !checksum.Uniform(b[2:])
	}
	if b[6] > '2' || !checksum.Date(1800+int(b[6]-'0')*100+pair(b, 4), pair(b, 2), pair(b, 0)) {
		return false
	}
	return (1+checksum.Weighted(b, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9))%11%10 == last(b)
}
