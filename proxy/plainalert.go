package proxy

// lastRecord keeps the last bytes that were read, as many as a TLS alert in the clear has.
type lastRecord [7]byte

func (l *lastRecord) add(b []byte) {
	if len(b) >= len(l) {
		copy(l[:], b[len(b)-len(l):])
		return
	}
	copy(l[:], l[len(b):])
	copy(l[len(l)-len(b):], b)
}

// rejectsCertificate tells whether the bytes are an alert about a certificate (RFC 8446
// 6.2). OpenSSL, and so curl, sends it in the clear where TLS 1.3 wants it encrypted,
// and crypto/tls does not look into it.
func (l *lastRecord) rejectsCertificate() bool {
	if l[0] != 21 || l[1] != 3 || l[3] != 0 || l[4] != 2 { // alert, any version, of two bytes
		return false
	}
	switch l[6] {
	case 42, 43, 44, 45, 46, 48: // bad, unsupported, revoked, expired, unknown, unknown CA
		return true
	}
	return false
}
