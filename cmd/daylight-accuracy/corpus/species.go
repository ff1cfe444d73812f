package corpus

import (
	"slices"
	"sync"
)

// species is one kind of value that is planted.
type species struct {
	detector string // id of the detector that is to find it
	country  string // ISO 3166-1 alpha-2, "" when the value belongs to none
	local    string // what it is called where it is given out, ways parted by "|"
	english  string // in English; "": the local words
	// make returns the ways of writing one value, parted by "|". What stands
	// behind "||" is written only with a word before it, or in a column or under a
	// key that says what it is.
	make func(w *writer) string
}

var everything = sync.OnceValue(func() []species {
	return slices.Concat(britishIsles(), france(), germanSpeaking(), iberia(), italyAndBenelux(), nordic(), centralEurope(), balkansAndBaltics(), easternEurope(),
		northAmerica(), latinAmerica(), brazil(), eastAsia(), southeastAsia(), southAsia(), middleEast(), africa(), oceania(), international())
})

// PlantedDetectors returns the ids of the detectors of which values are planted.
func PlantedDetectors() (ids []string) {
	for _, s := range everything() {
		ids = append(ids, s.detector)
	}
	for _, s := range slices.Concat(secrets(), contacts()) {
		ids = append(ids, s.detector)
	}
	ids = append(ids, "column_person_name", "column_address", "column_postcode", "column_customer_id")
	slices.Sort(ids)
	return slices.Compact(ids)
}

// HasCheckDigit tells whether the values that are planted for the detector carry
// a check digit that their issuer defines.
func HasCheckDigit(detector string) bool {
	if slices.ContainsFunc(contacts(), func(s species) bool { return s.detector == detector }) || detector == "payment_card" || detector == "iban" {
		return detector == "payment_card" || detector == "iban"
	}
	return !slices.Contains(unchecked(), detector) && slices.ContainsFunc(everything(), func(s species) bool { return s.detector == detector })
}

// unchecked are numbers without a check digit, or whose rule is not public.
func unchecked() []string {
	return []string{
		"gb_nino", "gb_driving_licence", "gb_passport", "gb_vehicle_plate", "gb_bank_account", "fr_vehicle_plate", "fr_passport", "de_vehicle_plate", "it_vehicle_plate", "dk_cpr",
		"ru_passport", "ru_driving_licence", "ru_vehicle_plate", "us_ssn", "us_itin", "us_ein", "us_bank_account", "us_mbi", "us_passport", "us_driving_licence", "ar_dni", "br_vehicle_plate",
		"cn_passport", "cn_vehicle_plate", "my_nric", "id_nik", "ph_tin", "vn_cccd", "in_pan", "in_passport", "in_vehicle_plate", "in_ifsc", "pk_cnic", "lk_nic", "bd_nid",
		"qa_qid", "bh_cpr", "ng_nin", "ng_bvn", "ke_kra_pin", "ma_cin", "swift_bic",
	}
}
