package detect

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// checkOf returns the check of a built-in detector.
func checkOf(t *testing.T, id string) func([]byte) bool {
	t.Helper()
	if id == "kr_brn" { // whose check digit its Confirm looks at
		return businessDigit
	}
	for _, d := range All() {
		if d.ID == id {
			return d.Check
		}
	}
	t.Fatalf("there is no detector %s", id)
	return nil
}

// The numbers are specimens of authorities and examples of the documentation of
// other validators; the invalid ones are told as such there too.
func TestChecksAgreeWithPublishedNumbers(t *testing.T) {
	for _, tt := range []struct{ id, valid, invalid string }{
		{"us_aba_routing", "111000025 021000021 322271627 026009593", "112000025 021000022"},
		{"us_npi", "1234567893 1245319599", "1234567890 1245319590"},
		{"us_itin", "912903456 950701234", "912933456 812903456"},
		{"us_dea", "F91234563 BJ6125341", "F91234562 BJ6125342"},
		{"ca_sin", "123456782 130692544", "999999999 123456783 046454286"},
		{"mx_curp", "BOXW310820HNERXN09 HEGG560427MVZRRL04", "BOXW310820HNERXN08 BOXW310820XNERXN09"},
		{"mx_rfc", "GODE561231GR8 MAB9307148T4", "GODE561231GR9 MAB9307148T3"},
		{"mx_clabe", "032180000118359719 002010077777777771", "032180000118359718"},
		{"br_cnpj", "11222333000181 12ABC34501DE35 16727230000197", "16727230000198 12ABC34501DE34"},
		{"br_cnh", "58316794534", "58316794543"},
		{"ar_cuit", "20055361682 20267565393", "20267565392 20267565394"},
		{"cl_rut", "125319092 76086428-5", "125319093"},
		{"co_nit", "2131234321", "2131234325"},
		{"pe_ruc", "20512333797 20100070970", "20512333798"},
		{"ec_cedula", "1714307103 1714616123", "1714307104 2614307103"},
		{"do_cedula", "00113918205 22400022111", "00113918204 0011391820A"},
		{"cn_uscc", "91110000600037341L", "A1110000600037341L 91110000600037342L"},
		{"tw_id", "A123456789 F131104093 AD30196818", "A123456788 A323456789"},
		{"tw_ubn", "00501503 04595257 22099131", "00501502"},
		{"hk_id", "A1234563 AB9876543 C1234569 G123456A", "A1234564 AB9876545"},
		{"jp_corporate_number", "5835678256246", "2835678256246"},
		{"kr_rrn", "9710139019902 8802151345624", "9710139019903 8813151345624"},
		{"kr_brn", "1168200276 2208162517", "1168200277"},
		{"sg_nric", "S1234567D S0000001I G1234567X M1234567K", "S1234567E G1234567Y M1234567L"},
		{"my_nric", "770305021234", "771305021234 770305171234"},
		{"th_pin", "3100100000014", "3100100000015 0100100000014"},
		{"in_gstin", "27AAPFU0939F1ZV 29AAGCB7383J1Z4", "27AAPFU0939F1ZO 99AAPFU0939F1ZV"},
		{"in_voter_id", "WKH1186253", "WKH1186263"},
		{"kz_iin", "850201350481 791028302728 061211600012", "850201350482 791028302720"},
		{"uz_pinfl", "30101851234563", "30101851234564"},
		{"sa_national_id", "1000000008 1054356785", "1000000000"},
		{"ae_emirates_id", "784198412345674", "784198412345675"},
		{"kw_civil_id", "284101200121", "284101200120 284131200121"},
		{"ir_national_id", "0499370899 0790419904 0084575948", "0499370898 1111111111"},
		{"il_id", "039337423 123456782", "039337424 000000000"},
		{"za_id", "7503305044089 8001015009087", "7503305044080 9125568"},
		{"au_tfn", "123456782 876543210 865414088", "123456789"},
		{"au_abn", "83914571673 51824753556", "99999999999 51824753557"},
		{"au_acn", "004085616 010499966", "999999999"},
		{"au_medicare", "2428477861", "7428477861 2428477871"},
		{"nz_ird", "49091850 35901981 49098576 136410132", "49091851 136410133 9125568"},
		{"nz_nhi", "ZAC5361 WLD9413 ZSC21TN ZBN77VL", "ZZZ0044 ZZZ00AA ZAC5362 DAB8233"},
		{"imei", "353209111234563 490154203237518", "353209111234564"},
		{"isin", "US0378331005 DE000BAY0017 AU0000XVGZA3", "US0378331003 ZZ0378331005"},
	} {
		check := checkOf(t, tt.id)
		for _, n := range strings.Fields(tt.valid) {
			if !check([]byte(strings.ReplaceAll(n, "-", ""))) {
				t.Errorf("%s: %s is refused", tt.id, n)
			}
		}
		for _, n := range strings.Fields(tt.invalid) {
			if len(n) >= 8 && check([]byte(n)) {
				t.Errorf("%s: %s passes", tt.id, n)
			}
		}
	}
}

// randomOf fills in the pattern: # is a digit, @ a capital letter.
func randomOf(r *rand.Rand, pattern string) []byte {
	b := []byte(pattern)
	for i, p := range b {
		switch p {
		case '#':
			b[i] = byte('0' + r.IntN(10))
		case '@':
			b[i] = byte('A' + r.IntN(26))
		}
	}
	return b
}

// A check lets pass what its rule says of random numbers of its form, and, where
// it promises so, no number in which one digit has changed. Percent that slip
// through otherwise: of the errors in one digit.
func TestChecksPassFewNumbersAndCatchChanges(t *testing.T) {
	for _, tt := range []struct {
		id, pattern   string
		percent, slip float64
	}{
		{"us_itin", "#########", 4.4, 100},
		{"us_ein", "#########", 83, 100},
		{"us_aba_routing", "#########", 3.8, 0},
		{"us_npi", "##########", 2, 0},
		{"us_mbi", "#@1#@1#@@##", 31.5, 100},
		{"us_dea", "A@#######", 10, 5.5},
		{"ca_sin", "#########", 8, 0},
		{"mx_curp", "BOXW######HNERXN0#", 0.38, 5.5},
		{"mx_rfc", "GODE######GR#", 0.33, 12},
		{"mx_clabe", "032###############", 10, 0},
		{"br_cpf", "###########", 1, 0.5},
		{"br_cnpj", "##############", 1, 0.5},
		{"br_pis", "###########", 10, 3},
		{"br_cnh", "###########", 1, 0.5},
		{"br_voter_id", "############", 0.28, 2},
		{"ar_cuit", "20#########", 10, 3},
		{"cl_rut", "#########", 8.2, 0},
		{"co_nit", "##########", 10, 3},
		{"pe_ruc", "20#########", 10, 3},
		{"uy_ci", "########", 10, 11},
		{"ec_cedula", "##########", 1.75, 0},
		{"do_cedula", "###########", 10, 0},
		{"cn_uscc", "91110000#########@", 2.6, 0},
		{"tw_ubn", "########", 22, 23},
		{"tw_id", "@#########", 4, 9.5},
		{"hk_id", "@#######", 9.1, 0},
		{"jp_my_number", "############", 10, 3},
		{"jp_corporate_number", "#############", 10, 11},
		{"kr_rrn", "880215#######", 9, 12},
		{"kr_brn", "##########", 10, 12},
		{"sg_nric", "S#######@", 3.85, 0},
		{"th_pin", "#############", 7.9, 10},
		{"id_npwp", "###############", 10, 101},
		{"in_aadhaar", "############", 8, 0},
		{"in_gstin", "27AAPFU####F1Z@", 2.8, 0},
		{"in_voter_id", "ABC#######", 10, 0},
		{"kw_civil_id", "2###########", 0.3, 0.5},
		{"ir_national_id", "##########", 9.1, 3},
		{"il_id", "#########", 10, 0},
		{"kz_iin", "############", 0.12, 9.5},
		{"uz_pinfl", "##############", 0.12, 0.5},
		{"sa_national_id", "##########", 1, 0},
		{"ae_emirates_id", "784198########" + "#", 10, 0},
		{"za_id", "#############", 0.11, 0.1},
		{"au_tfn", "#########", 9.1, 0},
		{"au_medicare", "##########", 4.5, 12},
		{"au_abn", "###########", 1.01, 0},
		{"au_acn", "#########", 10, 21},
		{"nz_ird", "#########", 1.72, 2},
		{"nz_nhi", "@@@####", 7.1, 3},
		{"imei", "###############", 10, 0},
		{"isin", "US##########", 10, 0},
	} {
		t.Run(tt.id, func(t *testing.T) {
			check, r := checkOf(t, tt.id), rand.New(rand.NewPCG(1, uint64(len(tt.pattern))))
			const samples = 200_000
			passed, changes, slipped := 0, 0, 0
			for range samples {
				b := randomOf(r, tt.pattern)
				if !check(b) {
					continue
				}
				if passed++; changes > 20_000 {
					continue
				}
				for i, p := range []byte(tt.pattern) {
					if p != '#' {
						continue
					}
					was := b[i]
					b[i] = '0' + (was-'0'+byte(1+r.IntN(9)))%10
					if changes++; check(b) {
						slipped++
					}
					b[i] = was
				}
			}
			percent := 100 * float64(passed) / samples
			if deviation := 4*math.Sqrt(tt.percent*100/samples) + tt.percent/10; math.Abs(percent-tt.percent) > deviation {
				t.Errorf("%.3f %% of random numbers pass, not %.2f %%", percent, tt.percent)
			}
			if slip := 100 * float64(slipped) / float64(max(1, changes)); slip > tt.slip {
				t.Errorf("%.2f %% of changes in one digit slip through, more than %.1f %%", slip, tt.slip)
			}
		})
	}
}
