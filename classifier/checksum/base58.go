package checksum

import (
	"crypto/sha256"
	"encoding/binary"

	"golang.org/x/crypto/sha3"
)

// Base58 is an alphabet of 58 letters and digits: the value of each byte, or 255.
type Base58 [256]byte

// The alphabets of Bitcoin and those that followed it, and of XRP Ledger.
var (
	BitcoinBase58 = base58("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")
	RippleBase58  = base58("rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz")
)

func base58(alphabet string) *Base58 {
	a := new(Base58)
	for i := range a {
		a[i] = 255
	}
	for i := range len(alphabet) {
		a[alphabet[i]] = byte(i)
	}
	return a
}

// longestBase58 bounds the bytes that a value stands for.
const longestBase58 = 96

// Decode returns what b stands for, in out, leading zeros included; false for
// other bytes than those of the alphabet and for too long a value.
func (a *Base58) Decode(b []byte, out *[longestBase58]byte) ([]byte, bool) {
	zeros, size := 0, 0
	for zeros < len(b) && a[b[zeros]] == 0 {
		zeros++
	}
	for _, c := range b[zeros:] {
		carry := int(a[c])
		if carry == 255 {
			return nil, false
		}
		for i := len(out) - 1; i >= len(out)-size || carry > 0; i-- {
			if i < 0 {
				return nil, false
			}
			if len(out)-i > size {
				out[i], size = 0, len(out)-i
			}
			carry += 58 * int(out[i])
			out[i] = byte(carry)
			carry >>= 8
		}
	}
	if zeros+size > len(out) {
		return nil, false
	}
	clear(out[len(out)-size-zeros : len(out)-size])
	return out[len(out)-size-zeros:], true
}

// Check decodes b, whose last four bytes are the start of the double SHA-256 of
// those before, and returns the payload: a version and a hash. Source: Bitcoin
// wiki, Base58Check encoding; XRP Ledger documentation, base58 encodings.
func (a *Base58) Check(b []byte, out *[longestBase58]byte) ([]byte, bool) {
	raw, ok := a.Decode(b, out)
	if !ok || len(raw) < 5 {
		return nil, false
	}
	payload, check := raw[:len(raw)-4], raw[len(raw)-4:]
	once := sha256.Sum256(payload)
	twice := sha256.Sum256(once[:])
	return payload, string(check) == string(twice[:4])
}

// Monero checks an address of Monero: blocks of eleven characters for eight
// bytes each, and the start of the Keccak-256 of all before at the end. Source:
// Monero documentation, standard address; CryptoNote standard 007.
func Monero(b []byte) bool {
	const block, size = 11, 8
	var raw [longestBase58]byte
	n := 0
	for len(b) > 0 {
		part := b[:min(block, len(b))]
		width, ok := moneroWidths[len(part)]
		value := uint64(0)
		for _, c := range part {
			digit := uint64(BitcoinBase58[c])
			if digit == 255 || value > (1<<64-1-digit)/58 {
				return false
			}
			value = value*58 + digit
		}
		if !ok || n+size > len(raw) || width < size && value>>(8*width) != 0 {
			return false
		}
		var bytes [size]byte
		binary.BigEndian.PutUint64(bytes[:], value)
		n += copy(raw[n:], bytes[size-width:])
		b = b[len(part):]
	}
	if n < 5 {
		return false
	}
	sum := Keccak256(raw[:n-4])
	return string(sum[:4]) == string(raw[n-4:n])
}

// moneroWidths are the bytes that a block of so many characters stands for.
var moneroWidths = map[int]int{2: 1, 3: 2, 5: 3, 6: 4, 7: 5, 9: 6, 10: 7, 11: 8}

// Keccak256 is the hash of Ethereum and Monero, which is older than SHA-3.
func Keccak256(b []byte) (sum [32]byte) {
	h := sha3.NewLegacyKeccak256()
	h.Write(b)
	h.Sum(sum[:0])
	return sum
}

// EIP55 checks the capitals of 40 hexadecimal digits: a letter is one where the
// Keccak-256 of the digits in small letters has a half-byte of eight or more.
// Source: Ethereum improvement proposal 55.
func EIP55(b []byte) bool {
	var small [40]byte
	if len(b) != len(small) {
		return false
	}
	for i, c := range b {
		if small[i] = c; c >= 'A' && c <= 'F' {
			small[i] += 0x20
		} else if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
			return false
		}
	}
	sum := Keccak256(small[:])
	for i, c := range small {
		if half := sum[i/2] >> (4 * (1 - i%2)) & 15; c >= 'a' && (half >= 8) != (b[i] < 'a') {
			return false
		}
	}
	return true
}
