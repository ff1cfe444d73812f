package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func mexico() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "mx_curp", Name: "Mexican population registry code (CURP)", Class: personal, Country: "MX", Identity: "mx_curp",
			Source: "Registro Nacional de Población, instructivo normativo para la asignación de la CURP", Validator: "birth date, sex, state, weighted sum modulo 10",
			Context:    []string{"curp", "clave única de registro"},
			Columns:    []classifier.Column{column("mx_curp", true, nil, "curp", "clave única de registro de población")},
			Layouts:    []string{"AAAAddddddAAAAAAXd"},
			Check:      curp,
			Examples:   []string{"BOXW310820HNERXN09", "CURP: HEGG560427MVZRRL04", "curp boxw310820hnerxn09"},
			NearMisses: []string{"BOXW310820HNERXN00", "BOXW311320HNERXN09", "BOXW310820ANERXN09", "BOXW310820HNERXN091", "XBOXW310820HNERXN09"},
		},
		{
			ID: "mx_rfc", Name: "Mexican taxpayer registry (RFC)", Class: personal, Country: "MX", Identity: "mx_rfc", Use: classifier.Form,
			Source: "Servicio de Administración Tributaria, anexo 1-A: clave del RFC, dígito verificador", Validator: "date of birth or foundation, weighted sum modulo 11",
			Context:    []string{"rfc", "registro federal de contribuyentes", "r.f.c.", "contribuyente"},
			Columns:    []classifier.Column{column("mx_rfc", true, nil, "rfc", "registro federal de contribuyentes")},
			Layouts:    []string{"AAAAddddddXXX", "AAAddddddXXX", "AAAA_dddddd_XXX", "AAA_dddddd_XXX"},
			Check:      rfc,
			Examples:   []string{"GODE561231GR8", "RFC: MAB9307148T4", "RFC GODE-561231-GR8", "R.F.C. gode561231gr8"},
			NearMisses: []string{"GODE561231GR9", "GODE561331GR8", "MAB9307148T5", "GODE561231GR80", "XGODE561231GR8"},
		},
		{
			ID: "mx_clabe", Name: "Mexican bank account (CLABE)", Class: payment, Country: "MX", Use: classifier.Context,
			Source: "Banco de México, Clave Bancaria Estandarizada (weights 3, 7, 1)", Validator: "bank number, weighted sum modulo 10",
			Context:    []string{"clabe", "clabe interbancaria", "interbancaria", "cuenta clabe", "spei"},
			Columns:    []classifier.Column{column("mx_clabe", false, nil, "clabe", "clabe interbancaria", "cuenta clabe")},
			Layouts:    []string{"dddddddddddddddddd", "ddd ddd ddddddddddd d", "ddd-ddd-ddddddddddd-d", "ddd_ddd_dddd_dddd_dddd"},
			Check:      clabe,
			Examples:   []string{"CLABE 032180000118359719", "cuenta CLABE: 002010077777777771", "SPEI 032 180 00011835971 9"},
			NearMisses: []string{"032180000118359719", "CLABE 032180000118359718", "CLABE 0321800001183597190", "CLABE 000180000118359710", "pedido 032180000118359719"},
		},
	}
}

// curpStates are the letters of the 32 states and of births abroad.
const curpStates = "ASBCBSCCCLCMCSCHDFDGGTGRHGJCMCMNMSNTNLOCPLQTQRSPSLSRTCTSTLVZYNZSNE"

// curp checks date, sex, state and the check digit over the alphabet with Ñ.
func curp(b []byte) bool {
	if b[10] != 'H' && b[10] != 'M' && b[10] != 'X' || !curpState(b[11], b[12]) || !birthday(b[4:10]) {
		return false
	}
	sum := 0
	for i, c := range b[:17] {
		sum += (18 - i) * mexicanValue(c)
	}
	return (10-sum%10)%10 == int(b[17]-'0')
}

func curpState(a, b byte) bool {
	for i := 0; i < len(curpStates); i += 2 {
		if curpStates[i] == a && curpStates[i+1] == b {
			return true
		}
	}
	return false
}

// mexicanValue is the place of c among the digits and the 27 letters of Spanish;
// tax numbers have "&" in the place of Ñ.
func mexicanValue(c byte) int {
	switch {
	case digit(c):
		return int(c - '0')
	case c > 'N':
		return int(c-'A') + 11
	}
	return int(c-'A') + 10
}

// rfc checks the date and the last character; a company has three letters, which
// a blank completes.
func rfc(b []byte) bool {
	last := len(b) - 1
	if b[last] > 'A' || !birthday(b[last-8:]) || b[last-2] == '0' || b[last-2] > 'V' || b[last-1] == '0' {
		return false
	}
	sum := 0
	if len(b) == 12 {
		sum = 13 * 37
	}
	for i, c := range b[:last] {
		sum += (len(b) - i) * mexicanValue(c)
	}
	switch check := (11 - sum%11) % 11; check {
	case 10:
		return b[last] == 'A'
	default:
		return int(b[last]-'0') == check
	}
}

// clabe checks the bank's number and the check digit; each product counts with
// its last digit alone, which modulus 10 makes no difference to.
func clabe(b []byte) bool {
	bank := number(b[:3])
	if bank < 2 || bank > 185 && (bank < 600 || bank > 760) && bank < 901 && bank != 999 {
		return false
	}
	return checksum.Weighted(b, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1)%10 == 0
}
