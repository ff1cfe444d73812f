package checksum

import "bytes"

// bech32Alphabet is that of the data part.
const bech32Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// The remainders that the checksums of BIP 173 and BIP 350 leave.
const (
	bech32  = 1
	bech32m = 0x2bc830a3
)

// Bech32 checks a text of a prefix, a "1" and a data part whose last six
// characters are a checksum, in small letters or in capitals. It returns the
// first value of the data, which of an address is the version, and whether the
// checksum is that of Bech32m. Source: BIP 173, BIP 350.
func Bech32(b []byte) (version byte, modified, ok bool) {
	split := bytes.LastIndexByte(b, '1')
	if split < 1 || len(b)-split < 8 {
		return 0, false, false
	}
	sum, small, capital := uint32(1), false, false
	for _, c := range b {
		small, capital = small || c >= 'a' && c <= 'z', capital || c >= 'A' && c <= 'Z'
	}
	if small && capital {
		return 0, false, false
	}
	for _, c := range b[:split] {
		sum = polymod(sum, lowered(c)>>5)
	}
	sum = polymod(sum, 0)
	for _, c := range b[:split] {
		sum = polymod(sum, lowered(c)&31)
	}
	for i, c := range b[split+1:] {
		value := bytes.IndexByte([]byte(bech32Alphabet), lowered(c))
		if value < 0 {
			return 0, false, false
		}
		if i == 0 {
			version = byte(value)
		}
		sum = polymod(sum, byte(value))
	}
	return version, sum == bech32m, sum == bech32 || sum == bech32m
}

func lowered(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 0x20
	}
	return c
}

// polymod takes one more value of five bits into the checksum.
func polymod(sum uint32, value byte) uint32 {
	top := sum >> 25
	sum = sum&0x1ffffff<<5 ^ uint32(value)
	for i, generator := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
		if top>>i&1 == 1 {
			sum ^= generator
		}
	}
	return sum
}

// SegWit checks an address of a witness program: version 0 takes Bech32 and 20 or
// 32 bytes, the others Bech32m. Source: BIP 350.
func SegWit(b []byte) bool {
	version, modified, ok := Bech32(b)
	if !ok || modified != (version > 0) || version > 16 {
		return false
	}
	program := (len(b) - bytes.LastIndexByte(b, '1') - 8) * 5 / 8
	return version > 0 && program >= 2 && program <= 40 || program == 20 || program == 32
}

// StrKey checks 56 characters of base 32 of Stellar: a version byte, 32 bytes and
// the CRC-16 (XModem) of both, least significant byte first. Source: Stellar
// ecosystem proposal 23.
func StrKey(b []byte) bool {
	if len(b) != 56 {
		return false
	}
	var raw [35]byte
	bits, held, n := uint32(0), 0, 0
	for _, c := range b {
		switch {
		case c >= 'A' && c <= 'Z':
			c -= 'A'
		case c >= '2' && c <= '7':
			c -= '2' - 26
		default:
			return false
		}
		bits, held = bits<<5|uint32(c), held+5
		if held >= 8 {
			held -= 8
			raw[n] = byte(bits >> held)
			n++
		}
	}
	crc := uint16(0)
	for _, c := range raw[:33] {
		crc ^= uint16(c) << 8
		for range 8 {
			if crc&0x8000 != 0 {
				crc = crc<<1 ^ 0x1021
			} else {
				crc <<= 1
			}
		}
	}
	return raw[33] == byte(crc) && raw[34] == byte(crc>>8)
}
