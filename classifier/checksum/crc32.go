package checksum

import "hash/crc32"

// CRC32Base62 checks tokens that end in six characters of base 62 (digits,
// capitals, small letters) which spell the CRC-32 (IEEE) of what stands before
// them, as those of GitHub and npm do. Source: github.blog, "Behind GitHub's new
// authentication token formats" (2021).
func CRC32Base62(b []byte) bool {
	const width = 6
	if len(b) <= width {
		return false
	}
	body, check := b[:len(b)-width], b[len(b)-width:]
	n := uint64(0)
	for _, c := range check {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'A' && c <= 'Z':
			c -= 'A' - 10
		case c >= 'a' && c <= 'z':
			c -= 'a' - 36
		default:
			return false
		}
		n = n*62 + uint64(c)
	}
	return n == uint64(crc32.ChecksumIEEE(body))
}
