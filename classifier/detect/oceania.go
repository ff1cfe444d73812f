package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func oceania() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "au_tfn", Name: "Australian tax file number", Class: personal, Country: "AU", Identity: "au_tfn", Use: classifier.Context,
			Source: "Australian Taxation Office, tax file number (weights 1, 4, 3, 7, 5, 8, 6, 9, 10, modulus 11)", Validator: "weighted sum modulo 11",
			Context:    []string{"tfn", "tax file number", "tax file no", "tax file"},
			Columns:    []classifier.Column{column("au_tfn", true, nil, "tfn", "tax file number")},
			Layouts:    []string{"ddd_ddd_ddd", "ddddddddd", "dd ddd ddd", "dddddddd"},
			Check:      tfn,
			Examples:   []string{"TFN 123 456 782", "Tax File Number: 123456782", "tfn 865 414 088"},
			NearMisses: []string{"123 456 782", "123456782", "TFN 123 456 783", "TFN 123 456 7821", "order 123456782", "TFN 000 000 000"},
		},
		{
			ID: "au_medicare", Name: "Australian Medicare card", Class: personal, Country: "AU", Identity: "au_medicare", Use: classifier.Context,
			Source: "Services Australia, Medicare card number (weights 1, 3, 7, 9, modulus 10; issue number; reference)", Validator: "first digit from 2 to 6, weighted sum modulo 10, issue number",
			Context:    []string{"medicare", "medicare card", "medicare no", "medicare number", "irn"},
			Columns:    []classifier.Column{column("au_medicare", true, nil, "medicare", "medicare number", "medicare no", "medicare card")},
			Layouts:    []string{"dddd ddddd d", "dddddddddd", "dddd ddddd d d", "ddddddddddd", "dddd-ddddd-d", "dddd ddddd d/d", "dddd ddddd d-d"},
			Check:      medicare,
			Examples:   []string{"Medicare 2428 47786 1", "Medicare card: 2428477861", "medicare no 2428 77813 2/1"},
			NearMisses: []string{"2428 47786 1", "2428477861", "Medicare 2428 47787 1", "Medicare 7428 47786 1", "Medicare 2428 47786 11", "order 2428477861"},
		},
		{
			ID: "au_abn", Name: "Australian business number", Class: company, Country: "AU", Use: classifier.Context,
			Source: "Australian Business Register, format of the ABN (modulus 89)", Validator: "weighted sum modulo 89",
			Context:    []string{"abn", "a.b.n.", "australian business number"},
			Columns:    []classifier.Column{column("au_abn", false, nil, "abn", "australian business number")},
			Layouts:    []string{"dd ddd ddd ddd", "ddddddddddd", "dd-ddd-ddd-ddd"},
			Check:      abn,
			Examples:   []string{"ABN 51 824 753 556", "ABN: 83914571673", "Australian Business Number 51824753556"},
			NearMisses: []string{"51 824 753 556", "51824753556", "ABN 51 824 753 557", "ABN 518247535561", "order 51824753556"},
		},
		{
			ID: "au_acn", Name: "Australian company number", Class: company, Country: "AU", Use: classifier.Context,
			Source: "Australian Securities and Investments Commission, company number (weights 8 to 1, modulus 10)", Validator: "weighted sum modulo 10",
			Context: []string{"acn", "a.c.n.", "australian company number", "arbn"},
			Columns: []classifier.Column{column("au_acn", false, nil, "acn", "australian company number")},
			Layouts: []string{"ddd ddd ddd", "ddddddddd"},
			Check: func(b []byte) bool {
				return (10-checksum.Weighted(b, 8, 7, 6, 5, 4, 3, 2, 1)%10)%10 == int(b[8]-'0') && !checksum.Uniform(b)
			},
			Examples:   []string{"ACN 004 085 616", "ACN: 010499966", "A.C.N. 000 000 019"},
			NearMisses: []string{"004 085 616", "004085616", "ACN 004 085 617", "ACN 004 085 6161", "vacn 004085616"},
		},
		{
			ID: "nz_ird", Name: "New Zealand tax number (IRD)", Class: personal, Country: "NZ", Identity: "nz_ird", Use: classifier.Context,
			Source: "Inland Revenue of New Zealand, IRD number format and validation (two rows of weights, modulus 11)", Validator: "range in use, weighted sum modulo 11",
			Context:    []string{"ird", "ird no", "ird number", "inland revenue", "gst no", "gst number"},
			Columns:    []classifier.Column{column("nz_ird", true, nil, "ird", "ird number", "ird no")},
			Layouts:    []string{"dd-ddd-ddd", "ddd-ddd-ddd", "ddddddddd", "dddddddd", "ddd ddd ddd", "dd ddd ddd"},
			Check:      ird,
			Examples:   []string{"IRD 49-091-850", "IRD number: 136410132", "ird 49 098 576"},
			NearMisses: []string{"49-091-850", "49091850", "IRD 49-091-851", "IRD 09-091-850", "IRD 49-091-8501", "third 49091850"},
		},
		{
			ID: "nz_nhi", Name: "New Zealand national health index number", Class: personal, Country: "NZ", Identity: "nz_nhi", Use: classifier.Context,
			Source: "Health New Zealand, HISO 10046:2023 consumer health identity standard (modulus 11, since 2022 modulus 23)", Validator: "weighted sum modulo 11, of new numbers modulo 23",
			Context:    []string{"nhi", "nhi no", "nhi number", "national health index"},
			Columns:    []classifier.Column{column("nz_nhi", true, nil, "nhi", "nhi number", "nhi no")},
			Layouts:    []string{"AAAdddd", "AAAddAA"},
			Check:      nhi,
			Examples:   []string{"NHI ZAC5361", "NHI number: WLD9413", "nhi zbn77vl", "NHI ZSC21TN"},
			NearMisses: []string{"ZAC5361", "NHI ZAC5362", "NHI ZBN77VM", "NHI ZZZ0044", "NHI ZAC53611", "NHI IAC5361"},
		},
	}
}

// tfn checks a number of nine digits, or of eight with their own weights.
func tfn(b []byte) bool {
	if checksum.Uniform(b) {
		return false
	}
	if len(b) == 8 {
		return checksum.Weighted(b, 10, 7, 8, 4, 6, 3, 5, 1)%11 == 0
	}
	return checksum.Weighted(b, 1, 4, 3, 7, 5, 8, 6, 9, 10)%11 == 0
}

func medicare(b []byte) bool {
	return b[0] >= '2' && b[0] <= '6' && checksum.Weighted(b, 1, 3, 7, 9, 1, 3, 7, 9)%10 == int(b[8]-'0') && b[9] != '0'
}

// abn takes one from the first digit before it weighs them.
func abn(b []byte) bool {
	return b[0] != '0' && (checksum.Weighted(b, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)-10)%89 == 0
}

// ird checks the range in use and the last digit; where the first row of weights
// leaves ten, the second decides.
func ird(b []byte) bool {
	if n := number(b); n < 10_000_000 || n > 200_000_000 {
		return false
	}
	var padded [9]byte
	padded[0] = '0'
	copy(padded[9-len(b):], b)
	check := (11 - checksum.Weighted(padded[:], 3, 2, 7, 6, 5, 4, 3, 2)%11) % 11
	if check == 10 {
		check = (11 - checksum.Weighted(padded[:], 7, 4, 3, 2, 5, 2, 7, 6)%11) % 11
	}
	return check == int(padded[8]-'0')
}

// nhi checks the last character: letters without I and O count 1 to 24.
func nhi(b []byte) bool {
	sum := 0
	for i, c := range b[:6] {
		v := nhiValue(c)
		if v < 0 {
			return false
		}
		sum += v * (7 - i)
	}
	if digit(b[6]) {
		check := 11 - sum%11
		return check != 11 && check%10 == int(b[6]-'0')
	}
	return 23-sum%23 == nhiValue(b[6])
}

func nhiValue(c byte) int {
	switch {
	case digit(c):
		return int(c - '0')
	case c == 'I' || c == 'O':
		return -1
	case c > 'O':
		return int(c-'A') - 1
	case c > 'I':
		return int(c - 'A')
	}
	return int(c-'A') + 1
}
