package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

// bankAccounts are account numbers of countries without IBAN.
func bankAccounts() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "au_bank_account", Name: "Australian bank account (BSB and number)", Class: payment, Country: "AU", Use: classifier.Context,
			Source: "Australian Payments Network, BSB numbers in Australia", Validator: "bank not 00, the word BSB before it",
			Context:    []string{"bsb", "bsb no", "bsb number", "acct", "account", "account no", "account number", "a/c"},
			Columns:    []classifier.Column{column("au_bank_account", false, nil, "bsb", "bsb number", "bsb and account")},
			Layouts:    []string{"ddd-ddd dddddd", "ddd-ddd ddddddd", "ddd-ddd dddddddd", "ddd-ddd ddddddddd", "ddd-ddd acct dddddddd", "ddd-ddd acct dddd dddd", "ddd-ddd acc dddddddd", "ddd-ddd"},
			Check:      func(b []byte) bool { return number(b[:2]) > 0 && !checksum.Uniform(b[:6]) },
			Confirm:    afterBSB,
			Examples:   []string{"BSB 062-000 acct 1049 8837", "BSB: 732-001 12345678", "bsb 083-170"},
			NearMisses: []string{"062-000", "062-000 10498837", "BSB 062-0001", "BSB 000-000", "account 062-000"},
		},
		{
			ID: "nz_bank_account", Name: "New Zealand bank account", Class: payment, Country: "NZ", Use: classifier.Form,
			Source: "Payments NZ, bank branch register: bank, branch, account, suffix", Validator: "bank in use, branch and account not 0",
			Context:    []string{"bank", "bank account", "account", "account no", "acc", "a/c"},
			Columns:    []classifier.Column{column("nz_bank_account", true, nil, "bank account", "account number")},
			Layouts:    []string{"dd-dddd-ddddddd-dd", "dd-dddd-ddddddd-ddd", "dd dddd ddddddd dd", "dd dddd ddddddd ddd"},
			Check:      newZealandAccount,
			Examples:   []string{"Bank 01-0902-0068389-00", "12-3141-0320604-050", "06 0501 0120004 00"},
			NearMisses: []string{"99-0902-0068389-00", "01-0902-006838-00", "01-0902-0068389-0000", "01-0000-0068389-00", "01-0902-0000000-00"},
		},
		{
			ID: "ng_bank_account", Name: "Nigerian bank account (NUBAN)", Class: payment, Country: "NG", Use: classifier.Context, Confidence: 0.8,
			Source: "Central Bank of Nigeria, Nigeria Uniform Bank Account Number scheme: ten digits, whose check needs the bank", Validator: "no time, no number of an order or article",
			Context:    []string{"nuban", "gtbank", "zenith bank", "access bank", "uba", "first bank", "naira account"},
			Columns:    []classifier.Column{column("ng_bank_account", true, nil, "nuban", "nuban number")},
			Layouts:    []string{"dddddddddd"},
			Check:      func(b []byte) bool { return !checksum.Uniform(b) && !epoch(b) },
			Confirm:    notOfGoods,
			Examples:   []string{"NUBAN 2047719380", "GTBank 0123456789", "First Bank: 3012345678"},
			NearMisses: []string{"2047719380", "NUBAN 204771938", "NUBAN 20477193801", "NUBAN 1700000000", "urban 2047719380"},
		},
		{
			ID: "in_bank_account", Name: "Indian bank account", Class: payment, Country: "IN", Use: classifier.Context, Confidence: 0.75,
			Source: "Reserve Bank of India, NEFT procedural guidelines: account numbers of 9 to 18 digits beside an IFSC", Validator: "no time, no number of an order or article",
			Context:    []string{"ifsc", "neft", "rtgs", "खाता", "खाता संख्या", "खाता नंबर", "a/c no", "a/c number", "savings a/c"},
			Columns:    []classifier.Column{column("in_bank_account", true, nil, "खाता संख्या", "खाता नंबर", "a c no")},
			Layouts:    []string{"ddddddddddd", "dddddddddddd", "ddddddddddddd", "dddddddddddddd", "ddddddddddddddd", "dddddddddddddddd"},
			Check:      func(b []byte) bool { return !checksum.Uniform(b) && !epoch(b) },
			Confirm:    notOfGoods,
			Examples:   []string{"खाता 50100417700912, IFSC HDFC0005849", "A/c no. 31234567890 IFSC SBIN0001234", "NEFT to 123456789012"},
			NearMisses: []string{"50100417700912", "खाता 5010041770", "खाता 1700000000123", "order 50100417700912 by NEFT", "खाता 00000000000"},
		},
		{
			ID: "kr_bank_account", Name: "Korean bank account", Class: payment, Country: "KR", Use: classifier.Context, Confidence: 0.8,
			Source: "Korea Financial Telecommunications and Clearings Institute, account number systems of the banks", Validator: "not all digits equal",
			Context:    []string{"은행", "계좌", "계좌번호", "입금", "예금주", "송금", "국민은행", "신한은행", "우리은행", "하나은행", "기업은행", "농협", "카카오뱅크", "토스뱅크", "새마을금고", "환불계좌"},
			Columns:    []classifier.Column{column("kr_bank_account", true, nil, "계좌번호", "계좌", "환불계좌")},
			Layouts:    []string{"ddd-ddd-dddddd", "dddddd-dd-dddddd", "ddd-dd-dddddd", "dddd-ddd-dddddd", "ddd-dddddd-ddddd", "dddd-dd-ddddddd", "ddd-dddd-dddd-dd", "ddd-dddddd-dd-ddd", "ddd-dddddd-dddd", "dddd-dddd-ddddd"},
			Check:      func(b []byte) bool { return !checksum.Uniform(b) },
			Examples:   []string{"계좌번호 110-123-456789", "국민은행 123456-01-123456", "입금 계좌 3333-01-1234567"},
			NearMisses: []string{"110-123-456789", "계좌번호 110-123-45678", "계좌번호 110-123-4567890", "주문번호 110-123-456789", "계좌번호 000-000-000000"},
		},
	}
}

// afterBSB asks for the abbreviation before the number, where "account" alone says
// little.
func afterBSB(c *classifier.Candidate) bool { return said(c, "bsb") }

// newZealandAccount checks that bank, branch and account are in use.
func newZealandAccount(b []byte) bool {
	switch bank := number(b[:2]); {
	case bank >= 1 && bank <= 6, bank >= 8 && bank <= 16, bank == 18, bank >= 20 && bank <= 31, bank == 33, bank == 35, bank == 38, bank == 88:
		return number(b[2:6]) > 0 && number(b[6:13]) > 0
	}
	return false
}
