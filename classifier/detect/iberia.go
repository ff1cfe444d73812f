package detect

import (
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

// iberia returns the numbers of Spain and Portugal.
func iberia() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "es_dni", Name: "Spanish DNI", Class: personal, Country: "ES", Identity: "es_dni", Use: classifier.Form,
			Source: "Spain, Real Decreto 1553/2005; control letter table of the Ministry of the Interior", Validator: "check letter modulo 23",
			Columns: []classifier.Column{column("es_dni", true, nil, "dni", "nif", "documento nacional de identidad")},
			Layouts: []string{"ddddddddA", "dddddddd_A", "dd.ddd.dddA", "dd.ddd.ddd-A"},
			Check:   dni, Confirm: noIdentifier,
			Examples:   []string{"54362315K", "DNI 54362315-K", "DNI 54.362.315-k"},
			NearMisses: []string{"54362315E", "54362315", "154362315K", "54362315KA", "00000000T", "le=\"1.870\"} 15136115e+06", "pod/ruflux-69729778b-jshwl"},
		},
		{
			ID: "es_nie", Name: "Spanish NIE", Class: personal, Country: "ES", Identity: "es_dni", Use: classifier.Form,
			Source: "Spain, Real Decreto 557/2011; control letter table of the Ministry of the Interior", Validator: "leading X, Y or Z, check letter modulo 23",
			Columns:    []classifier.Column{column("es_nie", true, nil, "nie")},
			Layouts:    []string{"AdddddddA", "A-ddddddd-A", "A-dddddddA"},
			Check:      nie,
			Examples:   []string{"X2482300W", "NIE X-2482300-W"},
			NearMisses: []string{"X2482300A", "W2482300W", "X248230W", "XX2482300W"},
		},
		{
			ID: "es_cif", Name: "Spanish tax number of a legal person (NIF, CIF)", Class: company, Country: "ES", Use: classifier.Context,
			Source: "Spain, Orden EHA/451/2008", Validator: "kind of entity, control digit or letter modulo 10",
			Context:    []string{"cif", "c.i.f.", "nif", "n.i.f.", "identificación fiscal", "código de identificación fiscal", "razón social"},
			Columns:    []classifier.Column{column("es_cif", false, shapeOf(cif, 9), "cif", "nif", "código de identificación fiscal", "nif empresa", "cif empresa")},
			Layouts:    []string{"AdddddddX", "A-dddddddX", "A-ddddddd-X", "Addddddd-X", "A dddddddX", "A-dd.ddd.ddX", "A-dd.ddd.ddd"},
			Check:      cif,
			Examples:   []string{"CIF J99216582", "NIF: B-58378431", "C.I.F. B64717838", "CIF P1234567D"},
			NearMisses: []string{"J99216582", "CIF J99216583", "CIF J9921658", "CIF J992165822", "CIF I99216582", "ref. J99216582", "CIF A1234567D"},
		},
		{
			ID: "es_social_security", Name: "Spanish social security number (NUSS)", Class: personal, Country: "ES", Identity: "es_social_security", Use: classifier.Form,
			Source: "Spain, Tesorería General de la Seguridad Social, número de afiliación", Validator: "province, key modulo 97",
			Context: []string{"seguridad social", "número de la seguridad social", "número de afiliación", "nº afiliación", "afiliación", "nuss", "nass", "naf", "nº ss", "social security",
				"seguretat social"},
			Columns: []classifier.Column{column("es_social_security", true, nil, "número de seguridad social", "seguridad social", "nuss", "nass", "naf", "número de afiliación", "nº afiliación")},
			Layouts: []string{"dddddddddddd", "dd/dddddddd/dd", "dd_dddddddd_dd", "dd/dddddddd-dd", "dd.dddddddd.dd", "dd ddddddd ddd"},
			Check:   nuss,
			Examples: []string{
				"28/12345678/40", "Seguridad Social 281234567840", "NUSS: 08 01234567 74", "NAF 28-12345678-40",
			},
			NearMisses: []string{"281234567840", "28/12345678/41", "99/12345678/11", "28/1234567/40", "pedido 281234567840", "NUSS 281234567841", "NUSS 2812345678400"},
		},
		{
			ID: "pt_nif", Name: "Portuguese tax number (NIF)", Class: personal, Country: "PT", Identity: "pt_nif", Use: classifier.Context,
			Source: "Portugal, Decreto-Lei 14/2013; Autoridade Tributária", Validator: "kind of holder, weighted sum modulo 11",
			Context: []string{"nif", "n.i.f.", "nipc", "contribuinte", "nº contribuinte", "número de contribuinte", "identificação fiscal", "número fiscal", "nº fiscal",
				"portuguese tax number"},
			Columns:    []classifier.Column{column("pt_nif", true, shapeOf(nif, 9), "nif", "nipc", "contribuinte", "número de contribuinte", "nº contribuinte", "número de identificação fiscal")},
			Layouts:    []string{"ddddddddd", "ddd ddd ddd", "ddd.ddd.ddd"},
			Check:      nif,
			Examples:   []string{"NIF 501964843", "contribuinte n.º 501 964 843", "NIPC: 501.964.843"},
			NearMisses: []string{"501964843", "NIF 501964844", "NIF 50196484", "NIF 5019648433", "NIF 401964844", "encomenda 501964843", "NIF 000000000"},
		},
		{
			ID: "pt_citizen_card", Name: "Portuguese citizen card number", Class: personal, Country: "PT", Identity: "pt_citizen_card", Use: classifier.Context,
			Source: "Portugal, Agência para a Modernização Administrativa, Validação de Número de Documento do Cartão de Cidadão", Validator: "Luhn over digits and letters",
			Context: []string{"cartão de cidadão", "cartão do cidadão", "cartao de cidadao", "nº cc", "cc", "número de documento", "documento de identificação", "bilhete de identidade", "citizen card",
				"portuguese id"},
			Columns:    []classifier.Column{column("pt_citizen_card", true, shapeOf(citizenCard, 12), "cartão de cidadão", "cartão cidadão", "número cc", "cc", "citizen card", "citizen card number")},
			Layouts:    []string{"dddddddddXXd", "dddddddd d XXd", "dddddddd dXXd", "ddddddddd XXd", "dddddddd-d-XXd", "dddddddd-d XXd", "dddddddd d XX d"},
			Check:      citizenCard,
			Examples:   []string{"Cartão de Cidadão 00000000 0 ZZ4", "cartão de cidadão nº 000000000ZZ4", "citizen card 12345678 9 ZX5"},
			NearMisses: []string{"00000000 0 ZZ4", "cartão de cidadão 00000000 0 ZZ3", "cartão de cidadão 0000000 0 ZZ4", "cartão de cidadão 00000000 0 ZZ44", "artigo 000000000ZZ4"},
		},
	}
}

const dniLetters = "TRWAGMYFPDXBNJZSQVHLCKE"

func dni(b []byte) bool {
	return b[8] == dniLetters[number(b[:8])%23] && !checksum.Uniform(b[:8])
}

func nie(b []byte) bool {
	if b[0] < 'X' || b[0] > 'Z' {
		return false
	}
	return b[8] == dniLetters[(int(b[0]-'X')*10000000+number(b[1:8]))%23]
}

// cif checks the control character of a legal person: a letter for public bodies,
// foreign and other entities, a digit for companies, either for the rest.
func cif(b []byte) bool {
	if strings.IndexByte("ABCDEFGHJNPQRSUVW", b[0]) < 0 || !checksum.Digits(b[1:8]) {
		return false
	}
	check := cifControl(b)
	letter := b[8] == "JABCDEFGHI"[check]
	number := b[8] == byte('0'+check)
	switch {
	case strings.IndexByte("PQS", b[0]) >= 0 || string(b[1:3]) == "00":
		return letter
	case strings.IndexByte("ABEH", b[0]) >= 0:
		return number
	}
	return letter || number
}

// cifControl is the check digit of the seven digits behind the first character.
func cifControl(b []byte) int {
	sum := 0
	for i, c := range b[1:8] {
		n := int(c - '0')
		if i%2 == 0 {
			n = checksum.CrossSum(n * 2)
		}
		sum += n
	}
	return (10 - sum%10) % 10
}

// nuss checks province and key. Numbers below ten million are written without
// their leading zero for the key.
func nuss(b []byte) bool {
	province, serial := pair(b, 0), number(b[2:10])
	if province < 1 || province > 53 && province != 66 {
		return false
	}
	if serial < 10000000 {
		return (province*10000000+serial)%97 == pair(b, 10) && serial > 0
	}
	return (province*100000000+serial)%97 == pair(b, 10)
}

// nif checks who it is for, by the first digits, and the check digit.
func nif(b []byte) bool {
	switch b[0] {
	case '0':
		return false
	case '4':
		if b[1] != '5' {
			return false
		}
	}
	check := 11 - checksum.Weighted(b, 9, 8, 7, 6, 5, 4, 3, 2)%11
	if check > 9 {
		check = 0
	}
	return check == last(b) && !checksum.Uniform(b)
}

// citizenCard checks Luhn over digits and letters. The version has a letter.
func citizenCard(b []byte) bool {
	return checksum.Digits(b[:9]) && (letter(b[9]) || letter(b[10])) && digit(b[11]) && checksum.LuhnAlphanumeric(b)
}
