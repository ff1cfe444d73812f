package corpus

import (
	"crypto/sha256"
	"math/big"
	"slices"
)

// bitcoinAddress returns an address that pays to a public key's hash: version 0
// and 20 bytes with four bytes of a double SHA-256, in base 58.
func (w *writer) bitcoinAddress() string {
	const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	payload := make([]byte, 21, 25)
	for i := 1; i < len(payload); i++ {
		payload[i] = byte(w.IntN(256))
	}
	payload[1] |= 1 // so that one zero byte leads, not two
	once := sha256.Sum256(payload)
	twice := sha256.Sum256(once[:])
	number := new(big.Int).SetBytes(append(payload, twice[:4]...))
	var address []byte
	for digit, base := new(big.Int), big.NewInt(58); number.Sign() > 0; {
		number.DivMod(number, base, digit)
		address = append(address, alphabet[digit.Int64()])
	}
	slices.Reverse(address)
	return "1" + string(address)
}
