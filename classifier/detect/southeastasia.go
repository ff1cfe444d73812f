package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func southeastAsia() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "sg_nric", Name: "Singaporean NRIC or FIN", Class: personal, Country: "SG", Identity: "sg_nric", Use: classifier.Form,
			Source: "Immigration and Checkpoints Authority of Singapore; M series of 2022 (modulus 11)", Validator: "check letter modulo 11",
			Context:    []string{"nric", "fin", "nric no", "nric/fin", "identity card no", "身份证", "singapore id"},
			Columns:    []classifier.Column{column("sg_nric", true, nil, "nric", "nric no", "fin", "nric fin", "fin no")},
			Layouts:    []string{"AdddddddA"},
			Check:      singaporeanID,
			Examples:   []string{"S1234567D", "NRIC: S0000001I", "FIN G1234567X", "NRIC t0123456g", "M1234567K"},
			NearMisses: []string{"S1234567E", "S12345678D", "A1234567D", "XS1234567D", "S1234567D5"},
		},
		{
			ID: "my_nric", Name: "Malaysian identity card (MyKad)", Class: personal, Country: "MY", Identity: "my_nric", Use: classifier.Context,
			Source: "Jabatan Pendaftaran Negara Malaysia: birth date, place of birth, serial number", Validator: "birth date, place of birth",
			Context:    []string{"nric", "mykad", "my kad", "kad pengenalan", "no kp", "no. kp", "no. k/p", "ic", "ic no", "ic number", "no ic", "no. ic", "identity card", "身份证"},
			Columns:    []classifier.Column{column("my_nric", true, nil, "mykad", "no kp", "ic no", "ic number", "no ic", "kad pengenalan", "nric")},
			Layouts:    []string{"dddddd-dd-dddd", "dddddddddddd", "dddddd dd dddd"},
			Check:      malaysianCard,
			Confirm:    acronym("IC"),
			Examples:   []string{"MyKad 770305-02-1234", "No. KP: 770305021234", "IC no. 900101-14-5678"},
			NearMisses: []string{"770305-02-1234", "MyKad 771305-02-1234", "MyKad 770305-70-1234", "MyKad 770305-02-12345", "pesanan 770305021234"},
		},
		{
			ID: "th_pin", Name: "Thai national identity number", Class: personal, Country: "TH", Identity: "th_pin", Use: classifier.Form,
			Source: "Department of Provincial Administration of Thailand (weights 13 to 2, modulus 11)", Validator: "kind of person, weighted sum modulo 11",
			Context:    []string{"บัตรประชาชน", "เลขบัตรประชาชน", "เลขประจำตัวประชาชน", "เลขที่บัตร", "เลขบัตร", "thai id", "thai national id", "citizen id", "national id", "id card no"},
			Columns:    []classifier.Column{column("th_pin", true, nil, "เลขบัตรประชาชน", "เลขประจำตัวประชาชน", "บัตรประชาชน", "citizen id", "thai id")},
			Layouts:    []string{"d-dddd-ddddd-dd-d", "d dddd ddddd dd d", "ddddddddddddd"},
			Check:      thaiPIN,
			Examples:   []string{"3-1001-00000-01-4", "เลขประจำตัวประชาชน 3100100000014", "เลขบัตรประชาชน 3 1001 00000 01 4", "Thai ID 3100100000014"},
			NearMisses: []string{"3-1001-00000-01-5", "3100100000014", "Thai ID 3100100000015", "9-1001-00000-01-4", "3-1001-00000-01-41", "คำสั่งซื้อ 3100100000014"},
		},
		{
			ID: "id_nik", Name: "Indonesian population number (NIK)", Class: personal, Country: "ID", Identity: "id_nik", Use: classifier.Context,
			Source: "Indonesia, Permendagri 72/2022: region, birth date (women add 40 to the day), serial number", Validator: "province, birth date",
			Context:    []string{"nik", "ktp", "no ktp", "no. ktp", "nomor induk kependudukan", "e-ktp", "kartu tanda penduduk"},
			Columns:    []classifier.Column{column("id_nik", true, nil, "nik", "ktp", "no ktp", "nomor ktp", "nomor induk kependudukan")},
			Layouts:    []string{"dddddddddddddddd", "dddd_dddd_dddd_dddd", "dd.dddd.dddddd.dddd"},
			Check:      nik,
			Examples:   []string{"NIK 3171234506890123", "No. KTP: 3273014508900002", "NIK: 32.7301.450890.0002"},
			NearMisses: []string{"3171234506890123", "NIK 3171237206890123", "NIK 0171234506890123", "NIK 31712345068901231", "NIK 3171234513890123", "pesanan 3273014508900002"},
		},
		{
			ID: "id_npwp", Name: "Indonesian tax number (NPWP)", Class: personal, Country: "ID", Identity: "id_npwp", Use: classifier.Form,
			Source: "Direktorat Jenderal Pajak, nomor pokok wajib pajak (Luhn over the first nine digits)", Validator: "Luhn over nine digits",
			Context:    []string{"npwp", "nomor pokok wajib pajak", "wajib pajak", "pajak"},
			Columns:    []classifier.Column{column("id_npwp", true, nil, "npwp", "no npwp")},
			Layouts:    []string{"dd.ddd.ddd.d-ddd.ddd", "ddddddddddddddd"},
			Check:      func(b []byte) bool { return checksum.Luhn(b[:9]) && !checksum.Uniform(b[:9]) },
			Examples:   []string{"01.312.166.0-091.000", "NPWP 013121660091000", "NPWP: 01.300.066.6-091.000"},
			NearMisses: []string{"01.312.166.1-091.000", "013121660091000", "NPWP 013121661091000", "01.312.166.0-091.0001", "00.000.000.0-000.000"},
		},
		{
			ID: "ph_tin", Name: "Philippine taxpayer identification number", Class: personal, Country: "PH", Identity: "ph_tin", Use: classifier.Context, Confidence: 0.8,
			Source: "Bureau of Internal Revenue of the Philippines: nine digits and a branch code of three or five", Validator: "first three digits from 100 on",
			Context:    []string{"tin", "tin no", "tin number", "bir", "taxpayer identification", "tax identification number"},
			Columns:    []classifier.Column{column("ph_tin", true, nil, "tin", "tin no", "tin number")},
			Layouts:    []string{"ddd-ddd-ddd", "ddd-ddd-ddd-ddd", "ddd-ddd-ddd-ddddd", "ddd ddd ddd ddd", "dddddddddddd", "ddddddddd"},
			Check:      philippineTIN,
			Confirm:    func(c *classifier.Candidate) bool { return acronymCounts(c, "TIN") && acronymCounts(c, "BIR") },
			Examples:   []string{"TIN 123-456-789-000", "TIN: 234-567-890", "BIR taxpayer identification number 123456789000", "tin no. 412-345-678-00000"},
			NearMisses: []string{"123-456-789-000", "123456789000", "TIN 123-456-78", "TIN 000-456-789-000", "a tin of paint for the hall costs less than that, article 234-567-890", "TIN 123-456-789-0000"},
		},
		{
			ID: "vn_cccd", Name: "Vietnamese citizen identity number (CCCD)", Class: personal, Country: "VN", Identity: "vn_cccd", Use: classifier.Context,
			Source: "Vietnam, Decree 137/2015/ND-CP: province, century and sex, year of birth, six digits", Validator: "province, digit of century and sex",
			Context: []string{
				"cccd", "số cccd", "căn cước", "căn cước công dân", "CĂN CƯỚC CÔNG DÂN", "CĂN CƯỚC", "định danh", "số định danh", "cmnd", "chứng minh nhân dân", "citizen id", "citizen identity", "vietnamese id",
			},
			Columns:    []classifier.Column{column("vn_cccd", true, nil, "cccd", "số cccd", "căn cước công dân", "cccd/cmnd", "số định danh")},
			Layouts:    []string{"dddddddddddd", "ddd ddd ddd ddd"},
			Check:      vietnameseID,
			Confirm:    notOfGoods,
			Examples:   []string{"CCCD 001099012345", "Số CCCD: 079203004567", "căn cước công dân số 036185000123", "số căn cước 001 099 012 345"},
			NearMisses: []string{"001099012345", "CCCD 097099012345", "CCCD 001999012345", "CCCD 0010990123451", "mã đơn 001099012345", "CCCD 003099012345"},
		},
	}
}

const (
	singaporeanST = "JZIHGFEDCBA"
	singaporeanFG = "XWUTRQPNMLK"
	singaporeanM  = "KLJNPQRTUWX"
)

// singaporeanID checks the last letter; those who came later start from another sum.
func singaporeanID(b []byte) bool {
	sum := checksum.Weighted(b[1:], 2, 7, 6, 5, 4, 3, 2)
	switch b[0] {
	case 'S':
		return singaporeanST[sum%11] == b[8]
	case 'T':
		return singaporeanST[(sum+4)%11] == b[8]
	case 'F':
		return singaporeanFG[sum%11] == b[8]
	case 'G':
		return singaporeanFG[(sum+4)%11] == b[8]
	case 'M':
		return singaporeanM[10-(sum+3)%11] == b[8]
	}
	return false
}

// malaysianCard checks the birth date and the code of the place: states, and the
// regions of the world from 60 on.
func malaysianCard(b []byte) bool {
	place := number(b[6:8])
	switch {
	case place == 0, place >= 17 && place <= 20, place == 69, place == 70, place == 73, place == 80, place == 81, place >= 94 && place <= 97:
		return false
	}
	return birthday(b)
}

// thaiPIN checks the kind of person and the last digit.
func thaiPIN(b []byte) bool {
	if b[0] == '0' || b[0] == '9' || checksum.Uniform(b) {
		return false
	}
	return (11-checksum.Weighted(b, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11)%10 == int(b[12]-'0')
}

// nik checks province and birth date, which come day first.
func nik(b []byte) bool {
	switch province := number(b[:2]); {
	case province < 11, province == 20, province >= 22 && province <= 30, province >= 37 && province <= 50, province >= 54 && province <= 60,
		province >= 66 && province <= 70, province >= 77 && province <= 80, province >= 83 && province <= 90, province > 97:
		return false
	}
	day, month, year := number(b[6:8]), number(b[8:10]), number(b[10:12])
	if day > 40 {
		day -= 40
	}
	return number(b[12:]) > 0 && number(b[2:4]) > 0 && (checksum.Date(1900+year, month, day) || checksum.Date(2000+year, month, day))
}

func philippineTIN(b []byte) bool {
	return number(b[:3]) >= 100 && !checksum.Uniform(b[:9])
}

// vietnameseID checks that the province has a code and that the century is this
// or the last.
func vietnameseID(b []byte) bool {
	province := number(b[:3])
	switch province { // gaps that GSO left between the codes
	case 3, 5, 7, 9, 13, 16, 18, 21, 23, 28, 29, 32, 39, 41, 43, 47, 50, 53, 55, 57, 59, 61, 63, 65, 69, 71, 73, 76, 78, 81, 85, 88, 90:
		return false
	}
	return province >= 1 && province <= 96 && b[3] <= '3'
}
