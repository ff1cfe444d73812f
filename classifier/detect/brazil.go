package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func brazil() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "br_cpf", Name: "Brazilian CPF", Class: personal, Country: "BR", Identity: "br_cpf", Use: classifier.Form,
			Source: "Receita Federal do Brasil, Cadastro de Pessoas Físicas", Validator: "two weighted sums modulo 11",
			Context: []string{"cpf", "contribuinte", "cadastro de pessoas físicas"},
			Columns: []classifier.Column{column("br_cpf", true, nil, "cpf")},
			Layouts: []string{"ddd.ddd.ddd-dd", "ddddddddd-dd", "ddddddddddd"},
			Check:   cpf,
			Examples: []string{
				"390.533.447-05", "390533447-05", "CPF 39053344705",
			},
			NearMisses: []string{"390.533.447-06", "39053344705", "111.111.111-11", "order 39053344705", "390.533.447.05"},
		},
		{
			ID: "br_cnpj", Name: "Brazilian company registration (CNPJ)", Class: company, Country: "BR", Use: classifier.Form,
			Source: "Receita Federal do Brasil, Instrução Normativa RFB 2229/2024 (letters since July 2026)", Validator: "two weighted sums modulo 11",
			Context:    []string{"cnpj", "cadastro nacional da pessoa jurídica", "pessoa jurídica", "razão social"},
			Columns:    []classifier.Column{column("br_cnpj", false, nil, "cnpj")},
			Layouts:    []string{"dd.XXX.XXX/XXXX-dd", "dA.XXX.XXX/XXXX-dd", "Ad.XXX.XXX/XXXX-dd", "AA.XXX.XXX/dddd-dd", "dddddddddddddd", "dddddddd/dddd-dd", "?XXXXXXXXXXXXdd"},
			Check:      cnpj,
			Examples:   []string{"11.222.333/0001-81", "CNPJ 11222333000181", "12.ABC.345/01DE-35", "CNPJ: 12ABC34501DE35", "cnpj 12.abc.345/01de-35"},
			NearMisses: []string{"11.222.333/0001-82", "11222333000181", "12ABC34501DE35", "12.ABC.345/01DE-36", "11.222.333/0001-811", "pedido 11222333000181", "00.000.000/0000-00"},
		},
		{
			ID: "br_pis", Name: "Brazilian worker's number (PIS, PASEP, NIS)", Class: personal, Country: "BR", Identity: "br_pis", Use: classifier.Form,
			Source: "Caixa Econômica Federal, layout of the NIS (weights 3, 2, 9 to 2, modulus 11)", Validator: "weighted sum modulo 11",
			Context:    []string{"pis", "pasep", "pis/pasep", "nis", "nit", "carteira de trabalho"},
			Columns:    []classifier.Column{column("br_pis", true, nil, "pis", "pasep", "pis pasep", "nis")},
			Layouts:    []string{"ddd.ddddd.dd-d", "ddddddddddd"},
			Check:      pis,
			Examples:   []string{"120.12345.67-2", "PIS 12012345672", "PIS/PASEP: 120.12345.67-2"},
			NearMisses: []string{"120.12345.67-8", "12012345672", "PIS 12012345678", "120.12345.67-91", "111.11111.11-1", "protocolo 12012345672"},
		},
		{
			ID: "br_cnh", Name: "Brazilian driving licence (CNH)", Class: personal, Country: "BR", Identity: "br_cnh", Use: classifier.Context,
			Source: "Senatran, Registro Nacional de Carteiras de Habilitação (two digits, modulus 11)", Validator: "two weighted sums modulo 11",
			Context:    []string{"cnh", "habilitação", "carteira de motorista", "carteira nacional de habilitação", "carteira de habilitação", "registro cnh"},
			Columns:    []classifier.Column{column("br_cnh", true, nil, "cnh", "habilitação", "número da cnh", "carteira de motorista")},
			Layouts:    []string{"ddddddddddd", "ddddddddd-dd"},
			Check:      cnh,
			Examples:   []string{"CNH 58316794534", "carteira de motorista nº 58316794534", "Habilitação: 583167945-34"},
			NearMisses: []string{"58316794534", "CNH 58316794535", "CNH 583167945341", "CNH 11111111111", "pedido 58316794534"},
		},
		{
			ID: "br_voter_id", Name: "Brazilian voter registration (título de eleitor)", Class: personal, Country: "BR", Identity: "br_voter_id", Use: classifier.Context,
			Source: "Tribunal Superior Eleitoral, resolução 23.659/2021 (state and two digits, modulus 11)", Validator: "state, two weighted sums modulo 11",
			Context:    []string{"título de eleitor", "titulo eleitoral", "título", "eleitor", "inscrição eleitoral", "voter registration"},
			Columns:    []classifier.Column{column("br_voter_id", true, nil, "título de eleitor", "titulo eleitor", "título eleitoral")},
			Layouts:    []string{"dddddddddddd", "dddd_dddd_dddd"},
			Check:      voterID,
			Examples:   []string{"título de eleitor 1066 4444 0302", "Título Eleitoral: 106644440302"},
			NearMisses: []string{"1066 4444 0302", "título de eleitor 1066 4444 0303", "título de eleitor 1066 4444 9902", "título de eleitor 1066 4444 03021", "pedido 106644440302"},
		},
		{
			ID: "br_vehicle_plate", Name: "Brazilian vehicle plate", Class: personal, Country: "BR", Use: classifier.Context, Confidence: 0.8,
			Source: "Contran, resolução 969/2022 (Mercosul plate) and the grey plate before it", Validator: "no number of an order or article",
			Context:    []string{"placa", "placas", "veículo", "carro", "automóvel", "renavam", "emplacamento", "license plate", "mercosul"},
			Columns:    []classifier.Column{column("br_vehicle_plate", true, nil, "placa", "placa do veículo", "placa veículo")},
			Layouts:    []string{"AAAdAdd", "AAA-dddd", "AAAdddd"},
			Confirm:    notOfGoods,
			Examples:   []string{"placa ABC1D23", "veículo de placa KLM-4521", "Placa: BRA2E19"},
			NearMisses: []string{"ABC1D23", "KLM-4521", "placa AB1D234", "placa ABC1D234", "placa-mãe KLM45217"},
		},
	}
}

func cpf(b []byte) bool {
	first := checksum.Weighted(b, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10
	second := checksum.Weighted(b, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10
	return int(b[9]-'0') == first && int(b[10]-'0') == second && !checksum.Uniform(b)
}

// cnpj checks both digits; a letter counts as its character code less 48.
func cnpj(b []byte) bool {
	first := checksum.Complement11(checksum.Weighted(b, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2))
	second := checksum.Complement11(checksum.Weighted(b, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2))
	return int(b[12]-'0') == first && int(b[13]-'0') == second && !checksum.Uniform(b[:12])
}

func pis(b []byte) bool {
	return !checksum.Uniform(b) && checksum.Complement11(checksum.Weighted(b, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == int(b[10]-'0')
}

// cnh checks both digits; when the first would be ten it is nought, and the
// second is two less.
func cnh(b []byte) bool {
	first, less := checksum.Weighted(b, 9, 8, 7, 6, 5, 4, 3, 2, 1)%11, 0
	if first == 10 {
		first, less = 0, 2
	}
	second := checksum.Weighted(b, 1, 2, 3, 4, 5, 6, 7, 8, 9) % 11
	if second == 10 {
		second = 0
	} else if second -= less; second < 0 {
		return false // sources differ on this one in 60: none is certain
	}
	return int(b[9]-'0') == first && int(b[10]-'0') == second && !checksum.Uniform(b)
}

// voterID checks the state and both digits. In São Paulo and Minas Gerais, states
// 1 and 2, the remainder 0 gives the digit 1.
func voterID(b []byte) bool {
	state := number(b[8:10])
	if state < 1 || state > 28 {
		return false
	}
	digitOf := func(sum int) int {
		d := sum % 11
		if d == 0 && state <= 2 {
			return 1
		}
		return d % 10
	}
	first := digitOf(checksum.Weighted(b, 2, 3, 4, 5, 6, 7, 8, 9))
	second := digitOf(checksum.Weighted(b[8:], 7, 8) + 9*first)
	return int(b[10]-'0') == first && int(b[11]-'0') == second
}
