package detect

import (
	"bytes"

	"daylight.internal/classifier"
)

var (
	keyBytes    = classOf("-_")
	base64Bytes = classOf("+/=")
)

// key describes the secrets of one vendor: a public prefix and a run of bytes.
type key struct {
	id, name, prefix string
	not              []string // longer prefixes that belong to another
	bytes            *class
	least, most      int // length of what follows the prefix
	source           string
	examples         []string
	nearMisses       []string
}

func (k key) detector() classifier.Detector {
	return classifier.Detector{
		ID: k.id, Name: k.name, Class: credentials, Source: k.source,
		Literals: []string{k.prefix}, Match: k.match, Mask: classifier.MaskKey(k.prefix),
		Examples: k.examples, NearMisses: k.nearMisses,
	}
}

// match reads the key at the anchor. Vendors' prefixes are written in one case,
// and a key mixes letters with digits.
func (k key) match(c *classifier.Candidate) bool {
	text, start := c.Text, c.At
	if !bytes.HasPrefix(text[start:], []byte(k.prefix)) || keyBytes[at(text, start-1)] {
		return false
	}
	for _, other := range k.not {
		if bytes.HasPrefix(text[start:], []byte(other)) {
			return false
		}
	}
	from := start + len(k.prefix)
	end := k.bytes.run(text, from, k.most+1)
	for end > from && !word(text[end-1]) {
		end--
	}
	if n := end - from; n < k.least || n > k.most || !mixed(text[from:end]) {
		return false
	}
	c.End = end
	c.Value = append(c.Value, text[start:end]...)
	return true
}

// mixed tells a random string from words, a placeholder or a number: it has
// letters, and digits or, without hyphens, letters of both cases, and enough
// different ones.
func mixed(b []byte) bool {
	var seen [128]bool
	small, capital, digits, parted, different := false, false, false, false, 0
	for _, c := range b {
		small, capital = small || c >= 'a' && c <= 'z', capital || c >= 'A' && c <= 'Z'
		digits, parted = digits || digit(c), parted || !word(c)
		if !seen[c&0x7F] {
			seen[c&0x7F] = true
			different++
		}
	}
	random := digits && (small || capital) || small && capital && !parted
	return random && different >= min(10, len(b)/2)
}

const (
	sample20 = "a1B2c3D4e5F6g7H8i9J0"
	sample32 = sample20 + "k1L2m3N4o5P6"
	sample40 = sample20 + "k1L2m3N4o5P6q7R8s9T0"
	sample48 = sample40 + "u1V2w3X4"
)

func vendorKeys() []classifier.Detector {
	docs := "key format in the vendor's API documentation"
	alnum := classOf("")
	keys := []key{
		{id: "openai_key", name: "OpenAI API key", prefix: "sk-", not: []string{"sk-ant-", "sk-or-"}, bytes: keyBytes,
			least: 32, most: 220, source: docs, examples: []string{"sk-" + sample48, "sk-proj-" + sample40 + "_" + sample40, "OPENAI_API_KEY=sk-" + sample48},
			nearMisses: []string{"sk-learn", "sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "task-" + sample48, "sk-a-button-that-is-very-long-and-has-no-figures"}},
		{id: "anthropic_key", name: "Anthropic API key", prefix: "sk-ant-", bytes: keyBytes, least: 32, most: 220, source: docs,
			examples: []string{"sk-ant-api03-" + sample48 + "-" + sample20 + "AA"}, nearMisses: []string{"sk-ant-", "sk-ant-api03-short1"}},
		{id: "openrouter_key", name: "OpenRouter API key", prefix: "sk-or-", bytes: keyBytes, least: 32, most: 120, source: docs,
			examples: []string{"sk-or-v1-" + sample48}, nearMisses: []string{"sk-or-v1-abc1"}},
		{id: "google_api_key", name: "Google API key", prefix: "AIza", bytes: keyBytes, least: 35, most: 35, source: docs,
			examples: []string{"AIza" + sample32 + "-x9", "key=AIzaSy" + sample32 + "q"}, nearMisses: []string{"AIza" + sample20, "aiza" + sample32 + "abc"}},
		{id: "huggingface_token", name: "Hugging Face token", prefix: "hf_", bytes: alnum, least: 30, most: 60, source: docs,
			examples: []string{"hf_" + sample32 + "Qq", "hf_aBcDeFgHiJkLmNoPqRsTuVwXyZabCdEfGh"}, nearMisses: []string{"hf_model_name", "hf_hub_download"}},
		{id: "perplexity_key", name: "Perplexity API key", prefix: "pplx-", bytes: alnum, least: 40, most: 64, source: docs,
			examples: []string{"pplx-" + sample48}, nearMisses: []string{"pplx-70b-online"}},
		{id: "groq_key", name: "Groq API key", prefix: "gsk_", bytes: alnum, least: 48, most: 60, source: docs,
			examples: []string{"gsk_" + sample48 + "y5Z6"}, nearMisses: []string{"gsk_" + sample20}},
		{id: "xai_key", name: "xAI API key", prefix: "xai-", bytes: alnum, least: 60, most: 100, source: docs,
			examples: []string{"xai-" + sample40 + sample40}, nearMisses: []string{"xai-org"}},
		{id: "replicate_token", name: "Replicate API token", prefix: "r8_", bytes: alnum, least: 37, most: 40, source: docs,
			examples: []string{"r8_" + sample32 + "Qq1Zz"}, nearMisses: []string{"r8_" + sample20}},
		{id: "github_token", name: "GitHub token", prefix: "ghp_", bytes: alnum, least: 36, most: 60, source: docs,
			examples: []string{"ghp_" + sample32 + "Qq1Z"}, nearMisses: []string{"ghp_" + sample20}},
		{id: "slack_token", name: "Slack token", prefix: "xoxb-", bytes: keyBytes, least: 20, most: 100, source: docs,
			examples: []string{"xoxb-1234567890-" + sample20}, nearMisses: []string{"xoxb-token"}},
		{id: "stripe_key", name: "Stripe secret key", prefix: "sk_live_", bytes: alnum, least: 20, most: 120, source: docs,
			examples: []string{"sk_live_" + sample32}, nearMisses: []string{"sk_live_", "sk_test_key"}},
	}
	list := make([]classifier.Detector, len(keys))
	for i, k := range keys {
		list[i] = k.detector()
	}
	return list
}

func cloudKeys() []classifier.Detector {
	aws := key{id: "aws_access_key", name: "AWS access key id", prefix: "AKIA", bytes: classOf(""), least: 16, most: 16,
		source:     "AWS IAM user guide, unique identifiers",
		examples:   []string{"AKIAIOSFODNN7EXAMPLE", "aws_access_key_id = AKIAZ2J4NPQX7WERTY5U"},
		nearMisses: []string{"AKIAIOSFODNN7EXAMPL", "AKIAIOSFODNN7EXAMPLES", "akiaiosfodnn7example"}}
	temporary := aws
	temporary.id, temporary.name, temporary.prefix = "aws_session_key", "AWS temporary access key id", "ASIA"
	temporary.examples, temporary.nearMisses = []string{"ASIAIOSFODNN7EXAMPLE"}, []string{"ASIAPACIFIC", "asiaiosfodnn7example"}
	oauth := key{id: "gcp_oauth_token", name: "Google OAuth access token", prefix: "ya29.", bytes: keyBytes, least: 30, most: 300,
		source: "Google identity documentation", examples: []string{"ya29." + sample40 + "-_" + sample20}, nearMisses: []string{"ya29.com"}}
	return []classifier.Detector{
		onlyCapitals(aws.detector()), onlyCapitals(temporary.detector()), oauth.detector(),
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

// onlyCapitals refuses keys with small letters, which these vendors never issue.
func onlyCapitals(d classifier.Detector) classifier.Detector {
	match := d.Match
	d.Match = func(c *classifier.Candidate) bool {
		return match(c) && bytes.IndexFunc(c.Value, func(r rune) bool { return r >= 'a' && r <= 'z' }) < 0
	}
	return d
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
