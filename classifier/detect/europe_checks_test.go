package detect_test

import (
	"math/rand/v2"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/classifier/detect"
)

// europeanChecks says how a number is built, and how much its check promises.
var europeanChecks = []struct {
	id, shape string  // d a digit, A a letter, X either, anything else itself
	percent   float64 // of random strings of the shape that pass; 0: hardly any
	catches   bool    // every single wrong digit of a check without a date
}{
	{"gb_utr", "dddddddddd", 9.9, false},
	{"gb_nhs", "dddddddddd", 9.2, true},
	{"gb_nino", "AAddddddA", 8.4, false},
	{"ie_pps", "dddddddA", 3.8, true},
	{"fr_nir", "ddddddddddddddd", 0.21, true},
	{"fr_siret", "dddddddddddddd", 1.0, true},
	{"fr_siren", "ddddddddd", 10, true},
	{"it_codice_fiscale", "AAAAAAddAddAdddA", 1.1, false},
	{"it_partita_iva", "ddddddddddd", 1.05, true},
	{"de_steuer_id", "ddddddddddd", 0.35, false},
	{"de_rentenversicherung", "ddddddddAddd", 0.6, true},
	{"de_krankenversicherung", "Addddddddd", 10, true},
	{"at_svnr", "dddddddddd", 0.36, true},
	{"ch_ahv", "ddddddddddddd", 0.01, true},
	{"es_dni", "ddddddddA", 3.9, true},
	{"es_nie", "AdddddddA", 0.45, true},
	{"es_cif", "AdddddddX", 2.7, false},
	{"es_social_security", "dddddddddddd", 0.54, false},
	{"pt_nif", "ddddddddd", 8.2, false},
	{"pt_citizen_card", "dddddddddAAd", 10, true},
	{"nl_bsn", "ddddddddd", 9.1, true},
	{"be_national_number", "ddddddddddd", 0.18, false},
	{"lu_matricule", "19ddddddddddd", 0.037, false},
	{"se_personnummer", "dddddddddd", 0.62, true},
	{"fi_hetu", "ddddddAdddX", 0.034, false},
	{"no_fodselsnummer", "ddddddddddd", 0.09, true},
	{"is_kennitala", "dddddddddd", 0.07, false},
	{"lt_personal_code", "ddddddddddd", 0.13, false},
	{"ee_personal_code", "ddddddddddd", 0.13, false},
	{"lv_personal_code", "ddddddddddd", 8.1, false}, // a code without a date has no check, and needs context
	{"pl_pesel", "ddddddddddd", 0.65, true},
	{"pl_nip", "dddddddddd", 9.1, true},
	{"pl_regon", "ddddddddd", 9.9, false},
	{"pl_id_card", "AAAdddddd", 10, true},
	{"cz_rodne_cislo", "dddddddddd", 0.98, false},
	{"hu_taj", "ddddddddd", 10, true},
	{"hu_tax_id", "8ddddddddd", 5.7, true},
	{"ro_cnp", "ddddddddddddd", 0.29, false},
	{"bg_egn", "dddddddddd", 0.7, false},
	{"hr_oib", "ddddddddddd", 10, true},
	{"si_emso", "ddddddddddddd", 0.06, false},
	{"gr_afm", "ddddddddd", 10, false},
	{"gr_amka", "ddddddddddd", 0.37, true},
	{"tr_tckn", "ddddddddddd", 0.9, true},
	{"ua_rnokpp", "dddddddddd", 5.1, false},
	{"ru_inn", "dddddddddddd", 1.0, false},
	{"ru_snils", "ddddddddddd", 1.0, false},
	{"ru_ogrn", "ddddddddddddd", 2.0, false},
	{"ru_oms", "dddddddddddddddd", 10, true},
	{"ru_bank_account", "dddddddddddddddddddd", 0.03, false},
}

// fill makes a random string of the shape.
func fill(random *rand.Rand, shape string, value []byte) []byte {
	value = value[:0]
	for i := range len(shape) {
		c := shape[i]
		n := 0
		switch c {
		case 'd':
			n = random.IntN(10)
		case 'A':
			n = 10 + random.IntN(26)
		case 'X':
			n = random.IntN(36)
		default:
			value = append(value, c)
			continue
		}
		value = append(value, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[n])
	}
	return value
}

func detector(t testing.TB, id string) classifier.Detector {
	t.Helper()
	for _, d := range detect.All() {
		if d.ID == id {
			return d
		}
	}
	t.Fatalf("there is no detector %q", id)
	return classifier.Detector{}
}

func TestChecksLetFewRandomNumbersPass(t *testing.T) {
	const tries = 200_000
	random := rand.New(rand.NewPCG(1, 2))
	for _, c := range europeanChecks {
		check := detector(t, c.id).Check
		passed, value := 0, make([]byte, 0, 32)
		for range tries {
			value = fill(random, c.shape, value)
			if check(value) {
				passed++
			}
		}
		percent := float64(passed) * 100 / tries
		if percent > c.percent*1.25+0.02 || percent < c.percent*0.75-0.02 {
			t.Errorf("%s: %.3f %% of random numbers pass, expected about %.2f %%", c.id, percent, c.percent)
		}
	}
}

func TestChecksCatchAWrongDigit(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, c := range europeanChecks {
		if !c.catches {
			continue
		}
		check, value := detector(t, c.id).Check, make([]byte, 0, 32)
		for found, tries := 0, 0; found < 50 && tries < 3_000_000; tries++ {
			if value = fill(random, c.shape, value); !check(value) {
				continue
			}
			found++
			whole := string(value)
			for i := range value {
				for d := byte('0'); d <= '9' && whole[i] >= '0' && whole[i] <= '9'; d++ {
					if value[i] = d; d != whole[i] && check(value) {
						t.Errorf("%s: %s passes, and %s too", c.id, whole, value)
					}
				}
				value[i] = whole[i]
			}
		}
	}
}
