package detect

import (
	"bytes"
	"encoding/base64"
	"slices"

	"daylight.internal/classifier"
)

var (
	keyBytes    = classOf("-_")
	base64Bytes = classOf("+/=")
)

const (
	sample20 = "a1B2c3D4e5F6g7H8i9J0"
	sample32 = sample20 + "k1L2m3N4o5P6"
	sample40 = sample20 + "k1L2m3N4o5P6q7R8s9T0"
	sample48 = sample40 + "u1V2w3X4"
)

// vendorKeys are the secrets that vendors issue.
func vendorKeys() []classifier.Detector {
	return slices.Concat(keys(aiKeys()), keys(platformKeys()), keys(cloudKeys()), keys(businessKeys()), contextKeys())
}

// standardKeys are the secrets whose form a standard, or a program, sets.
func standardKeys() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "gcp_service_account", Name: "Google Cloud service account key file", Class: credentials,
			Source: "Google Cloud IAM documentation, service account keys", Validator: "private_key_id close behind",
			Literals: []string{"service_account"}, Match: matchServiceAccount, Mask: classifier.MaskKey("service_account "),
			Examples:   []string{`{"type": "service_account", "project_id": "p", "private_key_id": "` + sample40 + `"}`},
			NearMisses: []string{`"type": "service_account"`, "a service_account is not a private_key_id"},
		},
		{
			ID: "private_key", Name: "Private key (PEM, OpenSSH, PGP, SSH2, PuTTY)", Class: credentials,
			Source: "RFC 7468, RFC 1421, RFC 9580, RFC 4716; PuTTY's key file format", Validator: "key material behind the opening line",
			Literals: []string{"-----BEGIN", "---- BEGIN", "PuTTY-User-Key-File-"}, Match: matchPrivateKey, Mask: classifier.MaskKey("-----BEGIN "),
			Examples: []string{
				"-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA0Z3VS5JJcds3xfn", "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEF",
				"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5v",
				"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A1B\n\nMIIEowIBAAKCAQEA0Z3VS5JJcds3xfn", "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 2\n\nlQOYBGVtZXN0AQgAx0Z3VS5JJcds",
				"-----BEGIN EC PRIVATE KEY-----\r\nMHcCAQEEIBkg1m0Zk8qPw2Lx", "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: a",
			},
			NearMisses: []string{"-----BEGIN CERTIFICATE-----\nMIIEowIBAAKCAQEA0Z3VS5JJcds3xfn", "-----BEGIN PUBLIC KEY-----\nMIIEow", "look for -----BEGIN PRIVATE KEY----- lines", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nlQOYBGVtZXN0AQgAx0Z3VS5JJcds", "PuTTY-User-Key-File-3 is a format"},
		},
		{
			ID: "jwt", Name: "JSON Web Token", Class: credentials, Source: "RFC 7519", Validator: "header in base64 that names an algorithm",
			Literals: []string{"eyJ"}, Match: matchJWT, Mask: classifier.MaskKey("eyJ"),
			Examples: []string{
				"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
				"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..5eym8TW_c8SuK0lt.dozjgNryP4J3jVmNHl0w5N.XFBoMYUZodetZdvTiFvSkQ",
				"Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U;",
			},
			NearMisses: []string{"eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJIUzI1NiJ9.short.x", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0",
				"eyJ0eXAiOiJKV1QiLCJraWQiOiIxIn0.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"}, // no algorithm
		},
	}
}

// matchServiceAccount asks for a private key id close to the type.
func matchServiceAccount(c *classifier.Candidate) bool {
	name := "service_account"
	c.End = c.At + len(name)
	if at(c.Text, c.At-1) != '"' && at(c.Text, c.At-1) != '\'' {
		return false
	}
	return bytes.Contains(c.Text[c.End:min(len(c.Text), c.End+400)], []byte(`"private_key_id"`))
}

// privateLabels end the opening line of a private key.
var privateLabels = [][]byte{[]byte("PRIVATE KEY-----"), []byte("PRIVATE KEY BLOCK-----"), []byte("PRIVATE KEY ----")}

// matchPrivateKey reads the opening line and asks for key material after it.
func matchPrivateKey(c *classifier.Candidate) bool {
	text := c.Text
	if bytes.HasPrefix(text[c.At:], []byte("PuTTY")) {
		return matchPuTTY(c)
	}
	line := text[c.At:min(len(text), c.At+64)]
	from := -1
	for _, label := range privateLabels {
		if i := bytes.Index(line, label); i >= 0 && bytes.IndexByte(line[:i], '\n') < 0 {
			from = c.At + i + len(label)
		}
	}
	if from < 0 {
		return false
	}
	from = skipHeaders(text, skipLineEnds(text, from))
	c.End = base64Bytes.run(text, from, 80)
	c.Value = append(c.Value, text[from:c.End]...)
	return c.End-from >= 16
}

// skipLineEnds goes over line ends, also as JSON and shell scripts write them.
func skipLineEnds(text []byte, i int) int {
	for from := i; i < len(text) && i-from < 16; i++ {
		switch text[i] {
		case '\\':
			i++
		case '\r', '\n', ' ':
		default:
			return i
		}
	}
	return min(i, len(text))
}

// skipHeaders goes over lines such as "Proc-Type: 4,ENCRYPTED".
func skipHeaders(text []byte, i int) int {
	for range 6 {
		end := i
		for end < len(text) && end-i < 100 && text[end] != '\n' && text[end] != '\\' {
			end++
		}
		if bytes.IndexByte(text[i:end], ':') < 0 {
			return i
		}
		i = skipLineEnds(text, end)
	}
	return i
}

// matchPuTTY reads the first line of a key file of PuTTY.
func matchPuTTY(c *classifier.Candidate) bool {
	end := c.At + len("PuTTY-User-Key-File-2: ")
	if end > len(c.Text) || !digit(c.Text[end-3]) || c.Text[end-2] != ':' {
		return false
	}
	algorithm := keyBytes.run(c.Text, end, 40)
	if algorithm == end || !bytes.Contains(c.Text[end:min(len(c.Text), end+400)], []byte("Encryption:")) {
		return false
	}
	return take(c, c.At, algorithm)
}

// The bounds of the parts of a token.
const (
	longestHeader = 512
	longestClaims = 8192
)

// jwtSteps is what it costs to decode a header, runPerStep how many bytes of a part
// are walked over in the time of a step.
const jwtSteps, runPerStep = 16, 24

// matchJWT reads the header and two more base64url parts: of a signed token the
// claims, which are an object too, and the signature; of an encrypted one the
// second is the key, which may be empty.
func matchJWT(c *classifier.Candidate) bool {
	text := c.Text
	if !bytes.HasPrefix(text[c.At:], []byte("eyJ")) || keyBytes[at(text, c.At-1)] {
		return false
	}
	header := keyBytes.run(text, c.At, longestHeader)
	c.Steps += (header - c.At) / runPerStep
	if at(text, header) != '.' {
		return false
	}
	claims := keyBytes.run(text, header+1, longestClaims)
	c.Steps += jwtSteps + (claims-header)/runPerStep
	if at(text, claims) != '.' {
		return false
	}
	c.End = keyBytes.run(text, claims+1, longestHeader*2)
	if signed := bytes.HasPrefix(text[header+1:], []byte("eyJ")); c.End-claims <= 20 && (signed || at(text, c.End) != '.') || !joseHeader(text[c.At:header], signed) {
		return false
	}
	c.Value = append(c.Value, text[c.At:min(c.End, c.At+1024)]...)
	return true
}

var (
	jwtBytes       = classOf("_-.~+/=")
	standardBase64 = base64.StdEncoding
)

// joseHeader tells whether the part is an object that names an algorithm, and one
// for the content when the token is encrypted (RFC 7515 and RFC 7516).
func joseHeader(part []byte, signed bool) bool {
	var header [longestHeader]byte
	n, err := base64.RawURLEncoding.Decode(header[:], part)
	if err != nil || n < 2 || header[0] != '{' || !bytes.HasSuffix(bytes.TrimRight(header[:n], " \r\n"), []byte("}")) {
		return false
	}
	return bytes.Contains(header[:n], []byte(`"alg"`)) && (signed || bytes.Contains(header[:n], []byte(`"enc"`)))
}
