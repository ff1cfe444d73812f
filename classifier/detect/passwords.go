package detect

import (
	"bytes"
	"slices"
	"strings"

	"daylight.internal/classifier"
)

// passwordWords name a password; sentences and code go on after them.
var passwordWords = []string{
	"password", "passwd", "passphrase", "passcode", "pwd", "pass:", "pass=", "pw:", "pw=", "pw ", "dbpassword", "userpassword", "adminpassword", "rootpassword",
	"loginpassword", "masterpassword", "newpassword", "mypassword", "dbpass", "sqlpassword", "smtppassword",
	"passwort", "kennwort", "mot de passe", "motdepasse", "contraseña", "contrasena", "clave", "senha", "palavra-passe", "parola", "şifre", "sifre",
	"hasło", "haslo", "wachtwoord", "lösenord", "adgangskode", "heslo", "jelszó", "пароль", "密码", "密碼", "口令", "パスワード", "비밀번호", "암호", "كلمة المرور", "كلمة السر", "पासवर्ड",
}

// secretWords name a secret that no person chose.
var secretWords = []string{
	"secret", "clientsecret", "appsecret", "apisecret", "secretkey",
}

// keyWords name a key of an API.
var keyWords = []string{
	"api_key", "api-key", "apikey", "api key", "access_key", "access-key", "accesskey", "private_key", "privatekey", "encryption_key", "signing_key",
	"auth_key", "authkey", "master_key", "service_key", "subscription_key", "subscription-key", "token", "accesstoken", "authtoken", "apitoken", "refreshtoken", "api密钥", "密钥", "密鑰",
}

var passwordNames, secretNames, keyNames = foldSetOf(passwordWords...), foldSetOf(secretWords...), foldSetOf(keyWords...)

func assignments() []classifier.Detector {
	mask := func(string) string { return "***" }
	return []classifier.Detector{
		{
			ID: "password_assignment", Name: "Password or secret in code, configuration or prose", Class: credentials, Confidence: 0.85,
			Source: "CWE-798, hard-coded credentials; CWE-312", Validator: "a figure or sign in it, no word, code or placeholder; secrets look random", Literals: slices.Concat(passwordWords, secretWords), Match: matchPassword, Mask: mask,
			Examples: []string{
				`password = "Tr0ub4dor&3"`, "DB_PASSWORD=hV7!kq2Zp", "password: hunter2", `{"password": "S0mmer-2024!"}`, `\"passwd\":\"x9K!mmQ2\"`, "--password Geheim#77 ",
				"PASSWORD_PROD: 'correct7horse'", "password: Garden.Table.77", "pw = rotSchwarz!Gold3", "<password>Xy77-pq!z</password>", "пароль: Весна2024!", "密码：abc12345", "密码是Qw3rty99，请保存", "كلمة المرور: Nour2024!",
				"Das Passwort lautet Kaffee#42.", "mot de passe : Soleil75!", "la contraseña es Verano2024", "senha: Futebol10", "client_secret = 'a8f5f167f44f4964e6c998de'", "the password is blue42fish", "пароль - qwerty12",
			},
			NearMisses: []string{
				`password = "changeme"`, "password=${DB_PASSWORD}", "password: ********", "password: <password>", "password = getPassword(1)", "password: string", "password = os.environ['PW1']",
				`password: "Enter your password 2 times"`, "password_hash: 5f4dcc3b5aa765d61d8327deb882cf99", "PASSWORD_FILE=/run/secrets/db1", "password must have 8 characters", "the password is required",
				"the secret of the 2nd garden", "password: your_password1", "пароль: минимум 8 символов", "密码：至少8位", `"password": "Kennwort"`, "password = config.db1.password", "password_min_length: 12345678", "if password == 'abc123456' {", "secret: my-secret-name", "PASS: gdb.arch/amd64-byte.exp: at second bp", "pbkdf2(password: Uint8Array, salt: Uint8Array)", "ClientSecretPost = 'ClientSecretPost'", "secret: NonSharedBuffer) => void", "password: {{ vault_password_2 }}",
			},
		},
		{
			ID: "api_key_assignment", Name: "API key or token in code or configuration", Class: credentials, Confidence: 0.8,
			Source: "CWE-798, hard-coded credentials", Validator: "random value of 16 characters or more", Literals: keyWords, Match: matchKeyAssignment, Mask: mask,
			Examples: []string{
				`api_key = "9sK2mQ7xVb4Lp0Zt8RdN"`, "ACCESS_TOKEN=f3b1c9d27e8a4056b7d2e1f0a9c8b7d6", `"auth_token": "Zk8q-Pw2L_x9Vb3Nm7Rt"`, "X-Api-Key: 7f3e9a1c5b2d8f406e1a7c3b", "api密钥: 9sK2mQ7xVb4Lp0Zt8RdN",
			},
			NearMisses: []string{
				`api_key = "YOUR_API_KEY_1234567890"`, "token = next_token_2", "max_tokens: 4096", "api_key: process.env.API_KEY_2", "token_type: bearer", "commit token 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
				"csrf_token=f3b1c9d27e8a4056b7d2e1f0a9c8b7d6", "api_key=xxxxxxxxxxxxxxxxxxxxxxxx", "access_token_hash: f3b1c9d27e8a4056b7d2e1f0a9c8b7d6", "PrivateKey: testEd25519PrivateKey,", "token.ADD: allNumericOrString",
			},
		},
		{
			ID: "aws_secret_key", Name: "AWS secret access key", Class: credentials, Confidence: 0.96,
			Source: "AWS IAM user guide, access keys", Validator: "random value of 40 characters", Literals: []string{"secret_access_key", "secret-access-key", "secretaccesskey", "aws_secret_key", "aws_secret"}, Match: matchAWSSecret, Mask: mask,
			Examples: []string{
				"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY3q8ZkL0mNv", `"SecretAccessKey": "Zk8qPw2Lx9Vb3Nm7Rt+Kd5Hs1Gf4Jc6Ya0Ue/Wi2"`, "AWS_SECRET_KEY=Zk8qPw2Lx9Vb3Nm7RtKd5Hs1Gf4Jc6Ya0UeQWi2b",
			},
			NearMisses: []string{
				"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG", "aws_secret_access_key = ${AWS_SECRET}", "secret_access_key", "aws_secret_access_key=XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
			},
		},
		{
			ID: "http_authorization", Name: "Credentials in an HTTP Authorization header", Class: credentials, Confidence: 0.85,
			Source: "RFC 6750, RFC 7617", Validator: "random token of 20 characters or more, or user and password in base64", Literals: []string{"bearer ", "basic "}, Match: matchAuthorization, Mask: mask,
			Examples:   []string{"Authorization: Bearer Zk8qPw2Lx9Vb3Nm7RtKd5H", "curl -H 'Authorization: Basic YW5hOkdlaGVpbSM0Mg=='", `"authorization": "Bearer f3b1c9d27e8a4056b7d2e1f0a9c8b7d6"`},
			NearMisses: []string{"the bearer of this letter", "Authorization: Bearer YOUR_TOKEN_1234567890ab", "Basic instructions are here", "Authorization: Bearer $TOKEN", "Basic understanding2 of", "bearer token2"},
		},
		{
			ID: "column_secret", Name: "Password or key, under a key of such", Class: credentials, Confidence: 0.85, Source: lexiconSource, Validator: "a figure or sign in it, no placeholder", Mask: mask,
			Columns: []classifier.Column{column("secret", false, memberSecret,
				"password", "passwd", "pwd", "passphrase", "user password", "db password", "database password", "client secret", "secret key", "app secret", "api key", "apikey", "api secret", "access token", "auth token", "refresh token", "secret access key", "account key",
				"密码", "密碼", "口令", "密钥", "пароль", "كلمة المرور", "كلمة السر", "passwort", "kennwort", "mot de passe", "contraseña", "senha", "şifre", "hasło", "wachtwoord", "パスワード", "비밀번호")},
		},
	}
}

// aspects of a password that are none.
var aspects = foldSetOf("hash", "digest", "salt", "file", "path", "policy", "length", "len", "min", "max",
	"field", "label", "hint", "error", "url", "reset", "expir", "strength", "regex", "pattern",
	"type", "name", "count", "attempt", "version", "csrf", "xsrf", "page", "next", "cursor",
	"cancel", "change", "commit", "sha", "checksum", "fingerprint", "public", "arn", "ref")

// assignmentSteps is what it costs to judge a name and what is assigned to it.
const assignmentSteps = 6

// valuePerStep is how many bytes of a value are judged in the time of a step.
const valuePerStep = 12

// assignedAt reads the assignment to the name that holds the word at the anchor.
func assignedAt(c *classifier.Candidate, words *foldSet) (assignment, bool) {
	text := c.Text
	n := words.at(text, c.At)
	if n == 0 {
		return assignment{}, false
	}
	end := c.At + n
	if b := text[end-1]; b == ':' || b == '=' || b == ' ' {
		end--
	}
	if next := at(text, end); letter(next) && letter(text[end-1]) && (next >= 'a' || text[end-1] < 'a') {
		return assignment{}, false // a longer word, such as "tokenizer"
	}
	end = nameEnd(text, end)
	if after := at(text, end); after >= 0xC3 && after < 0xE3 && text[end-1] >= 0x80 {
		return assignment{}, false // a longer word, such as «паролями»
	}
	a, ok := assigned(text, c.At, end)
	if !ok {
		return a, false
	}
	c.Steps += assignmentSteps + (a.to-a.from)/valuePerStep
	start := nameStart(text, c.At)
	return a, !aspects.in(text[start:c.At]) && !aspects.in(text[min(end, c.At+n):end])
}

func matchPassword(c *classifier.Candidate) bool {
	if b := at(c.Text, nameStart(c.Text, c.At)-1); b == '?' || b == '&' || b == ';' || b == '#' {
		return false // of a URL or a connection string
	}
	a, ok := assignedAt(c, passwordNames)
	chosen := ok
	if !ok {
		if a, ok = assignedAt(c, secretNames); !ok {
			return false
		}
	}
	value := c.Text[a.from:a.to]
	if name := c.Text[c.At:min(len(c.Text), c.At+5)]; string(name) == "PASS:" && !a.quoted {
		return false // the verdict of a test
	}
	if typeName(c.Text, a) || bytes.Equal(value, c.Text[nameStart(c.Text, c.At):nameEnd(c.Text, c.At)]) || words(value) {
		return false
	}
	if chosen && !password(value, a.quoted, a.prose) || !chosen && (len(value) < 12 || !random(value) || !a.quoted && codeLike(value)) {
		return false
	}
	return take(c, a.from, a.to)
}

// take makes text[from:to] the value of the candidate.
func take(c *classifier.Candidate, from, to int) bool {
	c.Start, c.End = from, to
	c.Value = append(c.Value, c.Text[from:to]...)
	return true
}

// The lengths of passwords that people choose.
const (
	shortestPassword = 6
	longestPassword  = 128
)

// password tells a password from code, words and placeholders: it has a figure or
// a sign. In prose it has letters too.
func password(b []byte, quoted, prose bool) bool {
	if len(b) < shortestPassword || len(b) > longestPassword {
		return false
	}
	var kinds [passwordKinds]int
	for _, c := range b {
		kinds[passwordKindOf[c]]++
	}
	letters, others := kinds[letterOfPassword], kinds[signOfPassword]+kinds[pointOfPassword]+kinds[otherOfPassword]
	switch {
	case kinds[blankOfPassword] > 0, kinds[figureOfPassword]+kinds[signOfPassword] == 0, letters == 0 && (prose || others > 0):
		return false
	case variable(b), textureOf(b).different < 4:
		return false
	case !quoted && (codeLike(b) || kinds[signOfPassword]+kinds[otherOfPassword] == 0 && dotted(b)):
		return false
	}
	return !emailLike(b) && !placeholder(b)
}

// The kinds of bytes in a password: points also stand in the names of code.
const (
	letterOfPassword = iota
	figureOfPassword
	signOfPassword
	pointOfPassword
	otherOfPassword
	blankOfPassword
	passwordKinds
)

var passwordKindOf = func() (kinds [256]uint8) {
	for b := range kinds {
		switch c := byte(b); {
		case letter(c) || c >= 0x80:
			kinds[b] = letterOfPassword
		case digit(c):
			kinds[b] = figureOfPassword
		case strings.IndexByte("!@#$%^&*+=?~", c) >= 0:
			kinds[b] = signOfPassword
		case c == '.' || c == '_':
			kinds[b] = pointOfPassword
		case c == ' ':
			kinds[b] = blankOfPassword
		default:
			kinds[b] = otherOfPassword
		}
	}
	return kinds
}()

// dotted tells whether b is a path of names, as code has them.
func dotted(b []byte) bool {
	last := bytes.LastIndexByte(b, '.')
	return last > 0 && letter(b[0]) && letter(at(b, last+1))
}

// codeLike tells whether the word of code calls, indexes or compares.
func codeLike(b []byte) bool {
	return bytes.ContainsAny(b, "([{") || bytes.Contains(b, []byte("->")) || bytes.Contains(b, []byte("::")) || bytes.Contains(b, []byte("=="))
}

// variable tells whether the value stands for another, as ${NAME} and $NAME do,
// or is a path or a URL.
func variable(b []byte) bool {
	switch b[0] {
	case '<', '{', '[', '(', '/', '*', '.':
		return true
	case '$', '%', '#', '!', '&', '@':
		rest := bytes.Trim(b[1:], "{}()%$#@")
		return len(rest) == 0 || b[1] == '{' || b[1] == '(' || nameBytes.run(rest, 0, len(rest)) == len(rest) && letter(rest[0])
	}
	return bytes.Contains(b, []byte("://")) || bytes.HasPrefix(b, []byte("arn:")) || bytes.HasPrefix(b, []byte("ENC[")) || bytes.HasPrefix(b, []byte("vault:"))
}

// emailLike tells whether the value is an e-mail address.
func emailLike(b []byte) bool {
	i := bytes.IndexByte(b, '@')
	return i > 0 && bytes.IndexByte(b[i:], '.') > 1 && nameBytes.run(b, i+1, len(b)) == len(b) && letter(b[len(b)-1])
}

func matchKeyAssignment(c *classifier.Candidate) bool {
	a, ok := assignedAt(c, keyNames)
	if !ok || a.prose || at(c.Text, nameStart(c.Text, c.At)-1) == '?' {
		return false
	}
	value := c.Text[a.from:a.to]
	if !a.quoted && identifierOfCode(value) || len(value) < 16 || variable(value) || !a.quoted && codeLike(value) || !random(value) {
		return false
	}
	return take(c, a.from, a.to)
}

func matchAWSSecret(c *classifier.Candidate) bool {
	a, ok := assigned(c.Text, c.At, nameEnd(c.Text, c.At))
	value := c.Text[a.from:a.to]
	if !ok || len(value) != 40 || base64Bytes.run(value, 0, 40) != 40 || !random(value) {
		return false
	}
	return take(c, a.from, a.to)
}

// matchAuthorization reads a bearer token, or a user and password in base64.
func matchAuthorization(c *classifier.Candidate) bool {
	from := c.At + bytes.IndexByte(c.Text[c.At:], ' ') + 1
	end := jwtBytes.run(c.Text, from, longestAssigned)
	value := c.Text[from:end]
	if len("bearer ") == from-c.At {
		return len(value) >= 20 && random(value) && take(c, from, end)
	}
	var decoded [longestAssigned]byte
	if len(value) < 8 || len(value)%4 != 0 || len(value) >= longestAssigned {
		return false
	}
	n, err := standardBase64.Decode(decoded[:], value)
	if err != nil || bytes.IndexByte(decoded[:n], ':') < 1 {
		return false
	}
	for _, b := range decoded[:n] {
		if b < ' ' {
			return false
		}
	}
	return take(c, from, end)
}

// memberSecret is the shape of a secret in a column, or under a key.
func memberSecret(b []byte) bool {
	return password(b, true, false) && !bytes.HasPrefix(b, []byte("$2"))
}

// words tells whether the value is made of words in CamelCase and nothing else, as
// the names of types and constants are: NonSharedBuffer.
func words(b []byte) bool {
	run, count := 0, 0
	for i, c := range b {
		switch {
		case c >= 'A' && c <= 'Z':
			if run < 3 && i > 0 {
				return false
			}
			run, count = 1, count+1
		case c >= 'a' && c <= 'z':
			run++
		default:
			return false
		}
	}
	return run >= 3 && count >= 2
}

// typeName tells whether a parameter of code is declared, and not a value given:
// Uint8Array before a comma or bracket.
func typeName(text []byte, a assignment) bool {
	value := text[a.from:a.to]
	if a.quoted || a.prose || value[0] < 'A' || value[0] > 'Z' || nameBytes.run(value, 0, len(value)) != len(value) {
		return false
	}
	next := at(text, a.to)
	return (next == ',' || next == ')' || next == ';') && words(bytes.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, value))
}

// identifierOfCode tells whether the value is the name of a variable: words of
// three letters and more in camelCase, with few figures.
func identifierOfCode(b []byte) bool {
	letters, figures, humps := 0, 0, 1
	for i, c := range b {
		switch {
		case digit(c):
			figures++
		case !letter(c):
			return false
		case c <= 'Z' && i > 0 && (b[i-1] >= 'a' || digit(b[i-1])):
			humps++
			letters++
		default:
			letters++
		}
	}
	return letters >= 3*humps && 2*figures <= letters && letter(b[0])
}
