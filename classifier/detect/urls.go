package detect

import (
	"bytes"
	"slices"

	"daylight.internal/classifier"
)

// parameterWords end the names of parameters that carry a secret.
var parameterWords = []string{
	"token=", "accesstoken=", "authtoken=", "sessiontoken=", "sig=", "signature=", "key=", "apikey=", "accesskey=", "secret=", "auth=", "jwt=", "password=", "passwd=", "pwd=",
	"sid=", "sessionid=", "credential=",
}

// webSchemes are those of URLs that may name a user; databaseSchemes those of
// connection strings.
var (
	webSchemes = []string{
		"http://", "https://", "ftp://", "ftps://", "sftp://", "ssh://", "git://", "svn://", "smb://", "ldap://", "ldaps://", "imap://", "imaps://", "smtp://", "smtps://",
		"wss://", "socks5://", "socks5h://", "rtsp://", "nats://", "mqtt://", "mqtts://", "davs://",
	}
	databaseSchemes = []string{
		"postgres://", "postgresql://", "postgresql+", "mysql://", "mysql+", "mariadb://", "mariadb+", "mongodb://", "mongodb+", "redis://", "rediss://", "amqp://", "amqps://",
		"mssql://", "mssql+", "sqlserver://", "oracle://", "oracle+", "cockroachdb://", "clickhouse://", "neo4j://", "neo4j+", "bolt://", "influxdb://", "cassandra://", "snowflake://", "redshift://", "couchdb://",
	}
	pairWords = []string{"password=", "pwd=", "accountkey=", "sharedaccesskey="}
)

var (
	pairNames          = foldSetOf(pairWords...)
	passwordParameters = foldSetOf("password", "passwd", "pwd")
	// pairBytes are those of the value of a pair.
	pairBytes = func() *class {
		c := new(class)
		for b := range c {
			c[b] = b > ' ' && bytes.IndexByte([]byte(";\"'<>`&"), byte(b)) < 0
		}
		return c
	}()
)

// surerThanEmail is the confidence in a password before a host, which together
// look like an e-mail address.
const surerThanEmail = 0.97

func urls() []classifier.Detector {
	mask := func(string) string { return "***" }
	return []classifier.Detector{
		{
			ID: "url_token", Name: "Secret in the query or fragment of a URL", Class: credentials, Confidence: 0.85,
			Source: "CWE-598, sensitive query strings; RFC 6750 section 2.3; AWS Signature Version 4, Azure SAS", Validator: "random value of 16 characters or more, or a password", Literals: parameterWords, Match: matchURLToken, Mask: mask,
			Examples: []string{
				"https://example.com/cb#access_token=f3b1c9d27e8a4056b7d2e1f0&state=1", "https://b.s3.example.com/k?X-Amz-Date=20240101T000000Z&X-Amz-Signature=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
				"/files/7?token=Zk8qPw2Lx9Vb3Nm7Rt", "https://x.blob.core.example.net/c?sv=2022-11-02&sig=Zk8qPw2Lx9Vb3Nm7RtKd5Hs1Gf4Jc6Ya0Ue%2BWi2%3D", "https://example.com/?api_key=7f3e9a1c5b2d8f406e1a7c3b&amp;q=1",
				"https://example.com/reset?user=7&amp;reset_token=5b2d8f40-6e1a-4c3b-9f3e-7a1c5b2d8f40",
			},
			NearMisses: []string{
				"https://example.com/?token=YOUR_TOKEN", "https://example.com/?next_page_token=f3b1c9d27e8a4056b7d2e1f0", "https://example.com/?key=winter-sale-2024", "https://example.com/?sid=12345678901234567890",
				"?csrf_token=f3b1c9d27e8a4056b7d2e1f0", "https://example.com/?token=", "https://example.com/?utm_source=newsletter&v=f3b1c9d27e8a4056b7d2e1f0", "https://example.com/?cache_key=f3b1c9d27e8a4056b7d2e1f0",
			},
		},
		{
			ID: "basic_auth_url", Name: "User and password in a URL", Class: credentials, Confidence: surerThanEmail,
			Source: "RFC 3986 section 3.2.1", Validator: "a password, or a random token of 20 characters or more", Literals: webSchemes, Match: matchUserinfo, Mask: mask,
			Examples: []string{
				"https://ana:S3cr3t-pw@intranet.example.com/x", "ftp://deploy:k9%23Lm2Qx@ftp.example.org", "git clone https://ci:9f3e7a1c5b2d8f40@git.example.com/a.git", "sftp://u:p4ssw0rd!@203.0.113.9:22", "https://Zk8qPw2Lx9Vb3Nm7RtKd@git.example.com/a.git",
			},
			NearMisses: []string{
				"https://user:password@example.com", "https://example.com:8443/a@b", "https://example.com/@ana/post:1@x", "https://<user>:<pass>@example.com", "https://${USER1}:${PASS1}@example.com",
				"ssh://git@example.com/a.git", "https://medium.example/@john99", "http://user:xxxx@host1",
			},
		},
		{
			ID: "connection_string", Name: "Connection string with a password or key", Class: credentials, Confidence: surerThanEmail,
			Source: "PostgreSQL, MySQL, MongoDB, Redis and AMQP URI formats; ADO.NET and Azure Storage connection strings", Validator: "a password beside its server, or a random key of 40 characters or more", Literals: slices.Concat(databaseSchemes, pairWords), Match: matchConnection, Mask: mask,
			Examples: []string{
				"postgres://app:hV7!kq2Zp@db.example.com:5432/crm", "mysql://app:Весна2031x@db.example.com/crm", "mongodb+srv://root:Zk8qPw2L@c0.example.mongodb.net/test", "redis://:9f3e7a1c5b2d8f40@cache:6379/0", "postgresql+psycopg2://svc:x9Km.mQ2@10.0.0.5/db", "amqp://mq:Kaffee42@mq.example.com/%2f", "amqp://mq:TqzLgXvQyAw@mq.example.com",
				"Server=db1;Database=crm;User Id=sa;Password=Kaffee#42;", "Server=tcp:db1.example.net,1433;Uid=app;Pwd=x9K!mmQ2;Encrypt=yes;",
				"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=Zk8qPw2Lx9Vb3Nm7RtKd5Hs1Gf4Jc6Ya0UeWi2oTb9Rz7Xv4Qm1Lk8Jh5Gf2Ds3Ap6Oi0Uy+Te/Wq9Nc8Bx7Vz==;EndpointSuffix=core.example.net",
				"Endpoint=sb://acme.servicebus.example.net/;SharedAccessKeyName=Root;SharedAccessKey=Zk8qPw2Lx9Vb3Nm7RtKd5Hs1Gf4Jc6Ya0UeWi2oTb9R=", "jdbc:postgresql://db/crm?user=app&password=hV7kq2Zp",
			},
			NearMisses: []string{
				"postgres://user:password@localhost:5432/db", "postgres://postgres:postgres@localhost/db", "redis://cache:6379/0", "mysql://app@db/crm", "Server=db1;Database=crm;Integrated Security=true;",
				"Server=db1;Password=${DB_PASSWORD};", "Server=db1;User Id=sa;Password=*****;", "mongodb://<user>:<password>@host1/db", "AccountKey=abc;",
			},
		},
	}
}

// parameter names whose word says too little, or another thing.
var harmlessParameters = foldSetOf("page", "next", "csrf", "xsrf", "cancel", "cache", "continu", "sync", "sort", "public", "site", "cursor", "max")

const (
	shortestToken      = 16
	shortestPlainToken = 24 // of "key" and "sid", which may be anything's
)

// matchURLToken reads a parameter of a query or a fragment.
func matchURLToken(c *classifier.Candidate) bool {
	text := c.Text
	start := nameStart(text, c.At)
	switch at(text, start-1) {
	case '?', '&', '#':
	case ';':
		if !bytes.HasSuffix(text[:start], []byte("&amp;")) {
			return false
		}
	default:
		return false
	}
	c.Steps += assignmentSteps
	from := c.At + bytes.IndexByte(text[c.At:], '=') + 1
	name := text[start : from-1]
	if harmlessParameters.in(name) {
		return false
	}
	end := urlBytes.run(text, from, longestKey)
	for end > from && text[end-1] == '.' {
		end--
	}
	value := text[from:end]
	c.Steps += len(value) / valuePerStep
	switch {
	case bytes.EqualFold(name, []byte("key")) || bytes.EqualFold(name, []byte("sid")):
		if len(value) < shortestPlainToken {
			return false
		}
	case name[len(name)-1]|0x20 == 'd' && passwordParameters.at(text, c.At) > 0:
		return password(value, true, false) && !connects(text, start) && take(c, from, end)
	}
	return len(value) >= shortestToken && !hasJWT(value) && random(value) && take(c, from, end)
}

var urlBytes = classOf("_-.~%+/=")

// hasJWT tells whether the value is a token that its own detector finds.
func hasJWT(b []byte) bool { return bytes.HasPrefix(b, []byte("eyJ")) }

// connects tells whether a database URL goes on at i.
func connects(text []byte, i int) bool {
	return bytes.Contains(text[max(0, i-longestAssigned):i], []byte("jdbc:"))
}

// The bounds of the parts of a URL before its host.
const (
	longestUser = 64
	longestPart = 128
)

var (
	userBytes     = classOf("_-.~%+!*")
	userinfoBytes = func() *class {
		c := classOf("_-.~%+!*$&'()=,;^|?#{}")
		for b := 0x80; b < len(c); b++ {
			c[b] = true
		}
		return c
	}()
)

// matchUserinfo reads scheme://user:password@host, and scheme://token@host.
func matchUserinfo(c *classifier.Candidate) bool {
	from, end, ok := userinfo(c.Text, c.At)
	return ok && take(c, from, end)
}

// userinfo returns where the password of the URL at i stands.
func userinfo(text []byte, i int) (from, end int, ok bool) {
	scheme := bytes.Index(text[i:min(len(text), i+40)], []byte("://"))
	if scheme < 0 {
		return 0, 0, false
	}
	start := i + scheme + 3
	user := userBytes.run(text, start, longestUser)
	switch at(text, user) {
	case '@':
		return start, user, user-start >= 20 && random(text[start:user]) && word(at(text, user+1))
	case ':':
	default:
		return 0, 0, false
	}
	from = user + 1
	end = userinfoBytes.run(text, from, longestPart)
	if at(text, end) != '@' || !word(at(text, end+1)) && at(text, end+1) != '[' {
		return 0, 0, false
	}
	value := text[from:end]
	if len(value) == 0 || bytes.EqualFold(value, text[start:user]) || variable(value) {
		return 0, 0, false
	}
	return from, end, password(value, true, false) || random(value)
}

// matchConnection reads the URL of a database, or a list of name=value pairs that
// names a server.
func matchConnection(c *classifier.Candidate) bool {
	text := c.Text
	n := pairNames.at(text, c.At)
	if n == 0 {
		from, end, ok := userinfo(text, c.At)
		return ok && take(c, from, end)
	}
	c.Steps += assignmentSteps
	from := c.At + n
	end := pairBytes.run(text, from, longestAssigned)
	value := text[from:end]
	c.Steps += len(value) / valuePerStep
	switch lower(text[c.At]) {
	case 'a', 's': // keys of Azure
		return len(value) >= 40 && random(value) && take(c, from, end)
	}
	return password(value, true, false) && namesServer(text, c.At) && take(c, from, end)
}

// serverNames are the names of the pair that holds the server.
var serverNames = foldSetOf("server=", "data source=", "host=", "dsn=", "jdbc:", "addr=")

// namesServer tells whether one of the pairs before i names a server.
func namesServer(text []byte, i int) bool {
	window := text[max(0, i-longestAssigned):i]
	if line := bytes.LastIndexByte(window, '\n'); line >= 0 {
		window = window[line:]
	}
	return serverNames.in(window)
}
