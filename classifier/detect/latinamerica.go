package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

// latinAmerica holds the countries between Mexico and Brazil and south of them.
func latinAmerica() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "ar_cuit", Name: "Argentine tax and labour number (CUIT, CUIL)", Class: personal, Country: "AR", Identity: "ar_cuit", Use: classifier.Form,
			Source: "AFIP, Clave Única de Identificación Tributaria (modulus 11)", Validator: "kind of holder, weighted sum modulo 11",
			Context:    []string{"cuit", "cuil", "clave única", "afip", "c.u.i.t."},
			Columns:    []classifier.Column{column("ar_cuit", true, nil, "cuit", "cuil", "cuit cuil")},
			Layouts:    []string{"dd-dddddddd-d", "dd dddddddd d", "ddddddddddd"},
			Check:      cuit,
			Examples:   []string{"20-05536168-2", "CUIT 20055361682", "CUIL: 27-12345678-0"},
			NearMisses: []string{"20-05536168-3", "20055361682", "CUIT 20055361683", "21-05536168-2", "20-05536168-21", "pedido 20055361682"},
		},
		{
			ID: "ar_dni", Name: "Argentine national identity document (DNI)", Class: personal, Country: "AR", Identity: "ar_dni", Use: classifier.Context, Confidence: 0.8,
			Source: "Registro Nacional de las Personas, ley 17.671", Validator: "first digit not 0, no number of an order or article",
			Context:    []string{"dni", "d.n.i.", "documento nacional de identidad", "documento nacional", "documento de identidad", "documento", "libreta cívica"},
			Columns:    []classifier.Column{column("ar_dni", true, nil, "dni", "nro documento", "documento nacional de identidad")},
			Layouts:    []string{"dd.ddd.ddd", "d.ddd.ddd", "dddddddd", "ddddddd"},
			Check:      func(b []byte) bool { return b[0] != '0' && !checksum.Uniform(b) },
			Confirm:    notOfGoods,
			Examples:   []string{"DNI 28.456.789", "DNI: 28456789", "documento nacional de identidad 5.123.456"},
			NearMisses: []string{"28.456.789", "28456789", "DNI 284.567.891", "DNI 54362315K", "DNI 00.000.000", "expediente 28.456.789", "DNI 28.456.7890", "DNI 28/84137213/32"},
		},
		{
			ID: "cl_rut", Name: "Chilean identity and tax number (RUT, RUN)", Class: personal, Country: "CL", Identity: "cl_rut", Use: classifier.Form,
			Source: "Servicio de Registro Civil e Identificación, Rol Único Nacional (modulus 11)", Validator: "weighted sum modulo 11",
			Context:    []string{"rut", "run", "r.u.t.", "rol único", "cédula de identidad", "cédula"},
			Columns:    []classifier.Column{column("cl_rut", true, nil, "rut", "run", "rut cliente")},
			Layouts:    []string{"dd.ddd.ddd-d", "dd.ddd.ddd-A", "d.ddd.ddd-d", "d.ddd.ddd-A", "ddddddddd", "?dddddddd-X", "?ddddddd-X"},
			Check:      rut,
			Confirm:    acronym("RUN"),
			Examples:   []string{"12.531.909-2", "RUT 12531909-2", "RUT: 7.654.321-6", "rut 6265837-1", "Run: 10.000.013-K"},
			NearMisses: []string{"12.531.909-3", "12531909-2", "RUT 12531909-3", "12.531.909-21", "RUT 1253190-2x", "run 12531909-7", "checks?check_run_id=930572217"},
		},
		{
			ID: "co_nit", Name: "Colombian tax number (NIT)", Class: company, Country: "CO", Use: classifier.Context,
			Source: "DIAN, orden administrativa 4 de 1989 (prime weights, modulus 11)", Validator: "weighted sum modulo 11",
			Context:    []string{"nit", "n.i.t.", "número de identificación tributaria", "rut", "dian"},
			Columns:    []classifier.Column{column("co_nit", false, nil, "nit", "nit empresa")},
			Layouts:    []string{"ddd.ddd.ddd-d", "ddddddddd-d", "dddddddddd", "ddd.ddd.ddd d"},
			Check:      nit,
			Examples:   []string{"NIT 213.123.432-1", "NIT: 2131234321", "nit 860034313-7"},
			NearMisses: []string{"213.123.432-1", "2131234321", "NIT 213.123.432-2", "NIT 21312343210", "unit 2131234321", "pedido 2131234321"},
		},
		{
			ID: "pe_ruc", Name: "Peruvian tax number (RUC)", Class: company, Country: "PE", Use: classifier.Context,
			Source: "SUNAT, Registro Único de Contribuyentes (modulus 11)", Validator: "kind of holder, weighted sum modulo 11",
			Context:    []string{"ruc", "r.u.c.", "registro único de contribuyentes", "sunat"},
			Columns:    []classifier.Column{column("pe_ruc", false, nil, "ruc", "ruc empresa")},
			Layouts:    []string{"ddddddddddd", "dd-dddddddd-d"},
			Check:      ruc,
			Examples:   []string{"RUC 20512333797", "RUC: 20100070970", "R.U.C. N° 20512333797"},
			NearMisses: []string{"20512333797", "RUC 20512333798", "RUC 30512333797", "RUC 205123337971", "truco 20512333797"},
		},
		{
			ID: "uy_ci", Name: "Uruguayan identity card", Class: personal, Country: "UY", Identity: "uy_ci", Use: classifier.Context,
			Source: "Dirección Nacional de Identificación Civil (weights 2, 9, 8, 7, 6, 3, 4, modulus 10)", Validator: "weighted sum modulo 10",
			Context:    []string{"ci", "c.i.", "cédula", "cédula de identidad", "documento de identidad"},
			Columns:    []classifier.Column{column("uy_ci", true, nil, "ci", "cédula", "cédula de identidad")},
			Layouts:    []string{"d.ddd.ddd-d", "ddddddd-d", "dddddddd"},
			Check:      uruguayanCard,
			Confirm:    acronym("CI"),
			Examples:   []string{"CI 1.234.567-2", "cédula de identidad 12345672", "C.I.: 2.345.678-3"},
			NearMisses: []string{"1.234.567-2", "12345672", "CI 1.234.567-3", "CI 1.234.567-21", "ci vediamo domani, al prezzo di oggi: 12345672"},
		},
		{
			ID: "ec_cedula", Name: "Ecuadorian identity card", Class: personal, Country: "EC", Identity: "ec_cedula", Use: classifier.Context,
			Source: "Dirección General de Registro Civil del Ecuador (province, Luhn)", Validator: "province, kind of person, Luhn",
			Context:    []string{"cédula", "cédula de identidad", "cédula de ciudadanía", "cedula", "c.i.", "ci", "número de cédula"},
			Columns:    []classifier.Column{column("ec_cedula", true, nil, "cédula", "cédula de identidad", "número de cédula")},
			Layouts:    []string{"dddddddddd", "ddddddddd-d"},
			Check:      ecuadorianCard,
			Confirm:    acronym("CI"),
			Examples:   []string{"cédula 1714307103", "Cédula de ciudadanía: 171430710-3", "CI 1714616123"},
			NearMisses: []string{"1714307103", "cédula 1714307104", "cédula 2514307105", "cédula 17143071031", "pedido 1714307103"},
		},
		{
			ID: "do_cedula", Name: "Dominican identity card", Class: personal, Country: "DO", Identity: "do_cedula", Use: classifier.Context,
			Source: "Junta Central Electoral, cédula de identidad y electoral (Luhn)", Validator: "Luhn",
			Context:    []string{"cédula", "cedula", "cédula de identidad", "cédula electoral", "identidad y electoral"},
			Columns:    []classifier.Column{column("do_cedula", true, nil, "cédula", "cédula de identidad y electoral")},
			Layouts:    []string{"ddd-ddddddd-d", "ddddddddddd"},
			Check:      func(b []byte) bool { return number(b[:3]) > 0 && checksum.Luhn(b) && !checksum.Uniform(b) },
			Examples:   []string{"cédula 001-1391420-4", "Cédula de identidad: 00113918205", "cedula 22400022111"},
			NearMisses: []string{"001-1391420-4", "00113918205", "cédula 001-1391420-3", "cédula 000-0000000-0", "cédula 001-1391420-31"},
		},
	}
}

// cuit checks the kind of holder and the last digit; numbers that would need a
// ten get another prefix.
func cuit(b []byte) bool {
	switch number(b[:2]) {
	case 20, 23, 24, 25, 26, 27, 30, 33, 34, 50, 51, 55:
	default:
		return false
	}
	check := 11 - checksum.Weighted(b, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11
	if check == 11 {
		check = 0
	} else if check == 10 {
		check = 9
	}
	return check == int(b[10]-'0')
}

// rut checks the last character: the weights 2 to 7 go round from the right, and
// ten is K.
func rut(b []byte) bool {
	last := len(b) - 1
	if !checksum.Digits(b[:last]) || b[0] == '0' || checksum.Uniform(b) {
		return false
	}
	sum := 0
	for i := range last {
		sum += int(b[last-1-i]-'0') * (2 + i%6)
	}
	check := (11 - sum%11) % 11
	if check == 10 {
		return b[last] == 'K'
	}
	return int(b[last]-'0') == check
}

// nit checks the last digit with the DIAN's weights, from the right.
func nit(b []byte) bool {
	weights := [...]int{3, 7, 13, 17, 19, 23, 29, 37, 41}
	sum := 0
	for i, w := range weights {
		sum += int(b[8-i]-'0') * w
	}
	check := sum % 11
	if check > 1 {
		check = 11 - check
	}
	return check == int(b[9]-'0') && !checksum.Uniform(b)
}

func ruc(b []byte) bool {
	switch number(b[:2]) { // persons, and companies
	case 10, 15, 16, 17, 20:
		return (11-checksum.Weighted(b, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11)%10 == int(b[10]-'0')
	}
	return false
}

func uruguayanCard(b []byte) bool {
	return (10-checksum.Weighted(b, 2, 9, 8, 7, 6, 3, 4)%10)%10 == int(b[7]-'0') && !checksum.Uniform(b)
}

// ecuadorianCard checks the province (30 is abroad) and the third digit, which
// tells persons from companies.
func ecuadorianCard(b []byte) bool {
	province := number(b[:2])
	return (province >= 1 && province <= 24 || province == 30) && b[2] <= '6' && checksum.Luhn(b)
}
