package checksum

import (
	"encoding/hex"
	"testing"
)

// Specimens from the standards themselves, and well-known addresses.
func TestAddressChecks(t *testing.T) {
	base58Check := func(a *Base58) func([]byte) bool {
		return func(b []byte) bool {
			var out [longestBase58]byte
			_, ok := a.Check(b, &out)
			return ok
		}
	}
	checks := map[string]struct {
		check  func([]byte) bool
		values []string
	}{
		"base58check": {base58Check(BitcoinBase58), []string{
			"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "1111111111111111111114oLvT2",
			"5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L",
			"xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi",
		}},
		"base58check of XRP": {base58Check(RippleBase58), []string{"rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh"}},
		"segwit": {SegWit, []string{
			"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
		}},
		"eip55":  {EIP55, []string{"5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "fB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", "dbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB"}},
		"monero": {Monero, []string{"44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"}},
		"strkey": {StrKey, []string{"GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7"}},
	}
	for name, tt := range checks {
		for _, value := range tt.values {
			if !tt.check([]byte(value)) {
				t.Errorf("%s: %s is refused", name, value)
			}
			for i := range value {
				b := []byte(value)
				if b[i] == '2' || b[i] == 'q' {
					b[i] = '3'
				} else if b[i] = '2'; name == "eip55" && value[i] >= 'a' {
					b[i] = value[i] - 0x20
				}
				if tt.check(b) {
					t.Errorf("%s: %s passes", name, b)
				}
			}
			if tt.check([]byte(value[:len(value)-1])) || tt.check(nil) {
				t.Errorf("%s: a part of %s passes", name, value)
			}
		}
	}
}

// BIP 350 prints texts that are wrong in their checksum, case or length.
func TestBech32RefusesWhatTheStandardRefuses(t *testing.T) {
	for _, value := range []string{
		"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", "bc1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut", "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL",
		"bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4", "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R", "bc1pw5dgrnzv", "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P", "bc1gmk9yu",
	} {
		if SegWit([]byte(value)) {
			t.Errorf("%s passes", value)
		}
	}
}

// Vectors of the Internet draft on base 58.
func TestBase58Decode(t *testing.T) {
	for text, want := range map[string]string{"2NEpo7TZRRrLZSi2U": "48656c6c6f20576f726c6421", "11233QC4": "0000287fb4cd", "": ""} {
		var out [longestBase58]byte
		got, ok := BitcoinBase58.Decode([]byte(text), &out)
		if !ok || hex.EncodeToString(got) != want {
			t.Errorf("%s is %x, not %s", text, got, want)
		}
	}
}

func FuzzAddressChecks(f *testing.F) {
	f.Add([]byte("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"))
	f.Add([]byte("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"))
	f.Add([]byte("44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var out [longestBase58]byte
		BitcoinBase58.Check(b, &out)
		RippleBase58.Check(b, &out)
		SegWit(b)
		Monero(b)
		EIP55(b)
		StrKey(b)
		CRC32Base62(b)
	})
}
