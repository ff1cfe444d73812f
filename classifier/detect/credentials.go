package detect

import (
	"bytes"
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
			Source:   "Google Cloud IAM documentation, service account keys",
			Literals: []string{"service_account"}, Match: matchServiceAccount, Mask: classifier.MaskKey("service_account "),
			Examples:   []string{`{"type": "service_account", "project_id": "p", "private_key_id": "` + sample40 + `"}`},
			NearMisses: []string{`"type": "service_account"`, "a service_account is not a private_key_id"},
		},
		{
			ID: "private_key", Name: "Private key in PEM", Class: credentials,
			Source:   "RFC 7468",
			Literals: []string{"-----BEGIN"}, Match: matchPrivateKey, Mask: classifier.MaskKey("-----BEGIN "),
			Examples: []string{
				"-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA0Z3VS5JJcds3xfn", "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEF",
				"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5v",
			},
			NearMisses: []string{"-----BEGIN CERTIFICATE-----\nMIIEowIBAAKCAQEA0Z3VS5JJcds3xfn", "-----BEGIN PUBLIC KEY-----\nMIIEow", "look for -----BEGIN PRIVATE KEY----- lines"},
		},
		{
			ID: "jwt", Name: "JSON Web Token", Class: credentials, Source: "RFC 7519",
			Literals: []string{"eyJ"}, Match: matchJWT, Mask: classifier.MaskKey("eyJ"),
			Examples: []string{
				"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
				"Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U;",
			},
			NearMisses: []string{"eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJIUzI1NiJ9.short.x", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0"},
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

// matchPrivateKey reads the opening line and asks for key material after it.
func matchPrivateKey(c *classifier.Candidate) bool {
	text := c.Text
	line := text[c.At:min(len(text), c.At+64)]
	label := []byte("PRIVATE KEY-----")
	i := bytes.Index(line, label)
	if i < 0 || bytes.IndexByte(line[:i], '\n') >= 0 {
		return false
	}
	from := c.At + i + len(label)
	for from < len(text) && (text[from] == '\r' || text[from] == '\n' || text[from] == '\\' || text[from] == ' ') {
		if text[from] == '\\' {
			from++ // a line end as JSON and shell scripts write it
		}
		from++
	}
	if from > len(text) {
		return false
	}
	c.End = base64Bytes.run(text, from, 80)
	c.Value = append(c.Value, text[from:c.End]...)
	return c.End-from >= 16
}

// The bounds of the parts of a token.
const (
	longestHeader = 512
	longestClaims = 8192
)

// matchJWT reads three base64url parts, the second of which is an object too.
func matchJWT(c *classifier.Candidate) bool {
	text := c.Text
	if !bytes.HasPrefix(text[c.At:], []byte("eyJ")) || keyBytes[at(text, c.At-1)] {
		return false
	}
	header := keyBytes.run(text, c.At, longestHeader)
	if at(text, header) != '.' || !bytes.HasPrefix(text[header+1:], []byte("eyJ")) {
		return false
	}
	claims := keyBytes.run(text, header+1, longestClaims)
	if at(text, claims) != '.' {
		return false
	}
	c.End = keyBytes.run(text, claims+1, longestHeader*2)
	c.Value = append(c.Value, text[c.At:min(c.End, c.At+1024)]...)
	return c.End-claims > 20
}
