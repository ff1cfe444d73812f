package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

// southAsia holds the neighbours of India.
func southAsia() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "pk_cnic", Name: "Pakistani identity card (CNIC)", Class: personal, Country: "PK", Identity: "pk_cnic", Use: classifier.Form,
			Source: "National Database and Registration Authority of Pakistan: province, family, sex", Validator: "province, last digit not 0",
			Context: []string{"cnic", "nicop", "nadra", "cnic no", "شناختی کارڈ", "قومی شناختی کارڈ"},
			Columns: []classifier.Column{column("pk_cnic", true, nil, "cnic", "cnic no", "cnic number", "شناختی کارڈ نمبر")},
			Layouts: []string{"ddddd-ddddddd-d", "ddddddddddddd"},
			Check: func(b []byte) bool {
				return b[0] >= '1' && b[0] <= '7' && b[12] != '0' && !checksum.Uniform(b)
			},
			Examples:   []string{"34201-0891231-8", "CNIC 3420108912318", "شناختی کارڈ نمبر 42201-1234567-3"},
			NearMisses: []string{"3420108912318", "84201-0891231-8", "34201-0891231-0", "34201-0891231-88", "order 3420108912318", "created 1700000000123"},
		},
		{
			ID: "lk_nic", Name: "Sri Lankan national identity card", Class: personal, Country: "LK", Identity: "lk_nic", Use: classifier.Context,
			Source: "Department for Registration of Persons of Sri Lanka: year and day of birth (women add 500), serial number", Validator: "day of the year of birth, in twelve digits the year too",
			Context:    []string{"nic", "nic no", "nic number", "national identity card", "හැඳුනුම්පත", "ජාතික හැඳුනුම්පත", "அடையாள அட்டை"},
			Columns:    []classifier.Column{column("lk_nic", true, nil, "nic", "nic no", "nic number")},
			Layouts:    []string{"dddddddddA", "dddddddddddd"},
			Check:      sriLankanCard,
			Examples:   []string{"NIC 853400937V", "National Identity Card: 198534000937", "NIC no. 926801234x"},
			NearMisses: []string{"853400937V", "198534000937", "NIC 853400937A", "NIC 853970937V", "NIC 8534009371V", "NIC 188534000937", "scenic 853400937V"},
		},
		{
			ID: "bd_nid", Name: "Bangladeshi national identity number", Class: personal, Country: "BD", Identity: "bd_nid", Use: classifier.Context, Confidence: 0.8,
			Source: "Bangladesh Election Commission, NID wing: smart card 10 digits, older 13, or 17 with the year of birth", Validator: "no time, in seventeen digits the year of birth",
			Context:    []string{"nid", "nid no", "nid number", "smart nid", "voter id", "জাতীয় পরিচয়পত্র", "জাতীয় পরিচয়পত্র", "এনআইডি", "পরিচয়পত্র"},
			Columns:    []classifier.Column{column("bd_nid", true, nil, "nid", "nid no", "nid number", "জাতীয় পরিচয়পত্র", "এনআইডি নম্বর")},
			Layouts:    []string{"dddddddddd", "ddddddddddddd", "ddddddddddddddddd", "ddd ddd dddd"},
			Check:      bangladeshiNID,
			Confirm:    notOfGoods,
			Examples:   []string{"NID 5554123456", "জাতীয় পরিচয়পত্র নম্বর 19852694812345678", "NID no: 2694812345678", "এনআইডি 555 412 3456"},
			NearMisses: []string{"5554123456", "NID 555412345", "NID 18052694812345678", "NID 1700000000", "NID 1700000000123", "order 5554123456", "nidus 5554123456"},
		},
	}
}

// sriLankanCard checks the year and the day of it.
func sriLankanCard(b []byte) bool {
	day := 0
	if len(b) == 12 {
		if year := number(b[:4]); year < 1900 || year > 2035 {
			return false
		}
		day = number(b[4:7])
	} else {
		if b[9] != 'V' && b[9] != 'X' {
			return false
		}
		day = number(b[2:5])
	}
	if day > 500 {
		day -= 500
	}
	return day >= 1 && day <= 366
}

// bangladeshiNID checks what structure there is: the year of birth, and that the
// number is no time.
func bangladeshiNID(b []byte) bool {
	if len(b) == 17 {
		year := number(b[:4])
		return year >= 1900 && year <= 2035
	}
	return !checksum.Uniform(b) && !epoch(b) && b[0] != '0'
}
