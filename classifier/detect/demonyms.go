package detect

import (
	"slices"
	"strings"

	"daylight.internal/classifier"
)

// inEnglish joins lists of detectors and adds to their context what people call
// their values who write English: "Turkish national ID", "Taiwanese business number".
func inEnglish(lists ...[]classifier.Detector) []classifier.Detector {
	all := slices.Concat(lists...)
	kinds := englishNames()
	demonyms := demonyms()
	for i := range all {
		d := &all[i]
		d.Context = slices.Clip(d.Context)
		if len(d.Context) == 0 && len(d.Layouts) > 0 {
			d.Context = columnNames(d.Columns)
		}
		for _, kind := range kinds {
			if !slices.Contains(kind.detectors, d.ID) {
				continue
			}
			for _, demonym := range demonyms[d.Country] {
				for _, noun := range kind.nouns {
					d.Context = append(d.Context, demonym+" "+noun)
				}
			}
		}
	}
	return all
}

// columnNames returns the names of columns that have one meaning.
func columnNames(columns []classifier.Column) (names []string) {
	for _, c := range columns {
		for _, name := range c.Names {
			if name[0] != '?' {
				names = append(names, name)
			}
		}
	}
	return names
}

// englishName is what values are called behind the name of their country.
type englishName struct{ nouns, detectors []string }

// englishNames are the nouns by kind of number. What may follow them ("number",
// "no.", "card", "code") is left out: a phrase counts wherever it begins a longer one.
func englishNames() []englishName {
	return []englishName{
		{listed("id, national id, national identity, national identification, national number, national insurance, identity, identification, citizen, resident, residence, civil id, personal number, personal code, personal id, personal identity, personal identification, birth number, population registration"),
			strings.Fields(`ae_emirates_id ar_dni be_national_number bd_nid bg_egn bh_cpr br_cpf cl_rut cn_resident_id cz_rodne_cislo de_personalausweis dk_cpr do_cedula ec_cedula ee_personal_code
				eg_national_id es_dni es_nie fi_hetu fr_nir hk_id hr_oib id_nik il_id in_aadhaar ir_national_id is_kennitala it_codice_fiscale jp_my_number kr_rrn kw_civil_id kz_iin lk_nic lt_personal_code lu_matricule
				lv_personal_code ma_cin mx_curp my_nric ng_nin nl_bsn no_fodselsnummer pk_cnic pl_pesel pl_id_card pt_citizen_card qa_qid ro_cnp sa_national_id sa_iqama se_personnummer sg_nric si_emso th_pin tr_tckn tw_id
				uy_ci uz_pinfl vn_cccd za_id`)},
		{listed("tax, taxpayer, fiscal, vat"), strings.Fields(`ar_cuit au_tfn br_cpf br_cnpj cl_rut co_nit de_steuer_id es_cif es_dni gb_utr gr_afm hr_oib hu_tax_id id_npwp il_id in_pan in_gstin it_codice_fiscale it_partita_iva ke_kra_pin
			mx_rfc nz_ird pe_ruc ph_tin pl_nip pt_nif ru_inn ua_rnokpp us_itin us_ein cn_uscc kz_iin`)},
		{listed("social security, social insurance, health insurance, health card, insurance number, pension"), strings.Fields(`at_svnr au_medicare br_pis ca_sin ca_health_card ch_ahv de_krankenversicherung de_rentenversicherung
			es_social_security fr_nir gb_nino gr_amka hu_taj ie_pps ru_snils ru_oms us_ssn us_mbi`)},
		{listed("passport"), strings.Fields("cn_passport fr_passport gb_passport in_passport ru_passport us_passport")},
		{listed("driving, driver's, driver, drivers"), strings.Fields("br_cnh gb_driving_licence ru_driving_licence us_driving_licence")},
		{listed("licence plate, license plate, number plate, plate, registration, vehicle registration, car registration"),
			strings.Fields("br_vehicle_plate cn_vehicle_plate de_vehicle_plate fr_vehicle_plate gb_vehicle_plate in_vehicle_plate it_vehicle_plate nl_vehicle_plate ru_vehicle_plate")},
		{listed("voter, elector, electoral"), strings.Fields("br_voter_id in_voter_id")},
		{listed("business, company, corporate, company registration, establishment"), strings.Fields(`au_abn au_acn br_cnpj cn_uscc co_nit es_cif fr_siren fr_siret in_gstin it_partita_iva jp_corporate_number kr_brn kz_bin pe_ruc pl_nip pl_regon
			ru_ogrn tw_ubn us_ein`)},
		{listed("bank account, account"), strings.Fields("au_bank_account gb_bank_account in_bank_account kr_bank_account mx_clabe ng_bank_account nz_bank_account ru_bank_account us_bank_account")},
	}
}

// demonyms are the adjectives of countries, and their names where people use them so.
func demonyms() map[string][]string {
	return map[string][]string{
		"AE": {"emirati", "uae", "emirates"}, "AR": {"argentine", "argentinian", "argentina"}, "AT": {"austrian", "austria"}, "AU": {"australian", "australia"},
		"BD": {"bangladeshi", "bangladesh"}, "BE": {"belgian", "belgium"}, "BG": {"bulgarian", "bulgaria"}, "BH": {"bahraini", "bahrain"}, "BR": {"brazilian", "brazil"},
		"CA": {"canadian", "canada"}, "CH": {"swiss", "switzerland"}, "CL": {"chilean", "chile"}, "CN": {"chinese", "china", "prc"}, "CO": {"colombian", "colombia"}, "CZ": {"czech", "slovak", "slovakian"},
		"DE": {"german", "germany"}, "DK": {"danish", "denmark"}, "DO": {"dominican"}, "EC": {"ecuadorian", "ecuadorean", "ecuador"}, "EE": {"estonian", "estonia"}, "EG": {"egyptian", "egypt"}, "ES": {"spanish", "spain"},
		"FI": {"finnish", "finland"}, "FR": {"french", "france"}, "GB": {"uk", "british"}, "GR": {"greek", "greece"}, "HK": {"hong kong"}, "HR": {"croatian", "croatia"}, "HU": {"hungarian", "hungary"},
		"ID": {"indonesian", "indonesia"}, "IE": {"irish", "ireland"}, "IL": {"israeli", "israel"}, "IN": {"indian", "india"}, "IR": {"iranian", "iran"}, "IS": {"icelandic", "iceland"}, "IT": {"italian", "italy"},
		"JP": {"japanese", "japan"}, "KE": {"kenyan", "kenya"}, "KR": {"korean", "south korean", "korea"}, "KW": {"kuwaiti", "kuwait"}, "KZ": {"kazakh", "kazakhstani", "kazakhstan"}, "LK": {"sri lankan", "sri lanka"},
		"LT": {"lithuanian", "lithuania"}, "LU": {"luxembourg", "luxembourgish"}, "LV": {"latvian", "latvia"}, "MA": {"moroccan", "morocco"}, "MX": {"mexican", "mexico"}, "MY": {"malaysian", "malaysia"},
		"NG": {"nigerian", "nigeria"}, "NL": {"dutch", "netherlands"}, "NO": {"norwegian", "norway"}, "NZ": {"new zealand", "nz"}, "PE": {"peruvian", "peru"}, "PH": {"philippine", "filipino", "philippines"},
		"PK": {"pakistani", "pakistan"}, "PL": {"polish", "poland"}, "PT": {"portuguese", "portugal"}, "QA": {"qatari", "qatar"}, "RO": {"romanian", "romania"}, "RU": {"russian", "russia"}, "SA": {"saudi"},
		"SE": {"swedish", "sweden"}, "SG": {"singaporean", "singapore"}, "SI": {"slovenian", "slovene", "serbian", "slovenia"}, "TH": {"thai", "thailand"}, "TR": {"turkish", "türkiye", "turkey"},
		"TW": {"taiwanese", "taiwan"}, "UA": {"ukrainian", "ukraine"}, "US": {"us", "american"}, "UY": {"uruguayan", "uruguay"}, "UZ": {"uzbek", "uzbekistan"}, "VN": {"vietnamese", "vietnam"}, "ZA": {"south african", "south africa"},
	}
}
