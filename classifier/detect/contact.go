package detect

import (
	"bytes"
	"net/netip"
	"slices"

	"daylight.internal/classifier"
)

func contact() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "email", Name: "E-mail address", Class: personal, Identity: "email",
			Source: "RFC 5322 addr-spec, as mail systems accept it (RFC 5321 lengths)", Validator: "domain of at most 253 characters, last label of letters and no file ending",
			Anchor: classifier.AnchorAt, Match: matchEmail, Mask: classifier.MaskEmail,
			Columns: []classifier.Column{column("email", true, hasAt, "email", "e-mail", "mail", "email address", "e-mail address",
				"邮箱", "电子邮箱", "電子郵件", "邮件", "почта", "эл. почта", "электронная почта", "емейл", "البريد الإلكتروني", "البريد", "إيميل", "correo", "courriel", "mailadresse", "e-posta", "ईमेल")},
			Examples: []string{
				"ana@example.com", "Ana <ana.lopez+crm@mail.example.co.uk>,", "邮箱zhang.wei@example.cn。", "a_b@x-y.example.org.",
				"mailto:o'neil@example.ie", "почта:ivan@example.ru;", "ANA@EXAMPLE.COM", "ana＠example.com",
			},
			NearMisses: []string{
				"logo@2x.png", "@media", "a@b", "ana@example", "git@github.com:org/repo.git", "ana@.example.com", "ana.@example.com..",
				"@scope/package@1.2.3", "user@localhost", "pip install x@1.0.0", "foo@bar..com",
			},
		},
		phone(),
		{
			ID: "ip_address", Name: "IP address", Class: personal, Use: classifier.Alone, Confidence: 0.7,
			Source: "RFC 791, RFC 1918, RFC 4291; personal data by CJEU C-582/14", Validator: "octets to 255, no special address, private ones near a word for a visitor",
			Anchor: classifier.AnchorQuad, Match: matchIPv4, Confirm: confirmIPv4,
			Columns:  []classifier.Column{column("ip_address", false, nil, "ip", "ip address", "client ip", "remote addr", "ip地址", "ip адрес", "عنوان ip")},
			Examples: []string{"203.0.113.9", "client 198.51.100.23:443 connected", "[192.0.2.146]", "the user logged in from 192.168.1.20"},
			NearMisses: []string{
				"256.1.1.1", "1.2.3", "version 1.2.3.4", "1.2.3.4.5", "v10.15.7.1", "127.0.0.1", "0.0.0.0", "255.255.255.0", "§ 1.2.3.4",
				"Chrome/120.0.6099.109", "\"Go-http-client/2.0\"\n10.81.31.171 - -", "GET /user/7 HTTP/2.0\", upstream: \"http://10.178.134.165:1120", "peers: [10.0.12.7, 192.168.1.20]",
			},
		},
		{
			ID: "ipv6_address", Name: "IPv6 address", Class: personal, Confidence: 0.7,
			Source: "RFC 4291, RFC 5952", Validator: "global unicast of 2000::/3",
			Anchor: classifier.AnchorColon, Match: matchIPv6,
			Examples:   []string{"2001:db8::8a2e:370:7334", "from 2001:db8:85a3:0:0:8a2e:370:7334.", "[2001:db8::1]:443"},
			NearMisses: []string{"12:30:45", "std::vector", "::1", "a::b", "aa:bb:cc:dd:ee:ff", "fe80::1", "10:20::30", "::"},
		},
	}
}

func hasAt(b []byte) bool { return bytes.IndexByte(b, '@') > 0 }

// mailboxBytes are those of a mailbox without quotes, less those that end the scheme
// or query before an address.
var mailboxBytes = classOf(".!#$%'*+^_`{}~-")

const (
	longestMailbox = 64
	longestDomain  = 253
)

// matchEmail walks back over the mailbox and forward over the domain.
func matchEmail(c *classifier.Candidate) bool {
	text := c.Text
	start := mailbox(text, c.At)
	if start == c.At || text[c.At-1] == '.' {
		return false
	}
	end := domain(text, c.At+1)
	if end < 0 || string(text[start:c.At]) == "git" {
		return false
	}
	c.Start, c.End = start, end
	c.Value = appendLower(c.Value, text[start:end])
	return true
}

// mailbox returns where the mailbox before the at sign at i begins; i when there
// is none.
func mailbox(text []byte, i int) int {
	start := i
	for limit := max(0, i-longestMailbox); start > limit && mailboxBytes[text[start-1]]; {
		start--
	}
	for start < i && !word(text[start]) && text[start] != '_' && text[start] != '+' {
		start++ // quotes, brackets of Markdown and the like before the address
	}
	return start
}

// The bytes of domain names.
const (
	noDomain = iota
	inLabel
	labelPoint
	labelHyphen
)

var domainBytes = func() (t [256]uint8) {
	for b := range t {
		if word(byte(b)) {
			t[b] = inLabel
		}
	}
	t['.'], t['-'] = labelPoint, labelHyphen
	return t
}()

// domain returns the end of the domain name at i, or -1.
func domain(text []byte, i int) int {
	if !word(at(text, i)) {
		return -1
	}
	end, last := i, i      // of the name, and the point before its last label
	point, two := i, false // the latest point, and whether two followed one another
	for k, limit := i, min(len(text), i+longestDomain+1); k < limit && domainBytes[text[k]] != noDomain; k++ {
		switch domainBytes[text[k]] {
		case inLabel:
			if two {
				return -1
			}
			end, last = k+1, point
		case labelPoint:
			two = two || text[k-1] == '.'
			point = k
		}
	}
	if last == i || end-i > longestDomain || !topLevel(text[last+1:end]) {
		return -1
	}
	return end
}

// longestFile is the length of the longest ending of file names below.
const longestFile = 4

// topLevel tells whether a label may be the last of a domain name: letters that
// are no ending of a file name, as in "logo@2x.png", or xn-- and more.
func topLevel(label []byte) bool {
	var small [longestFile]byte
	for i := range min(len(label), longestFile) {
		small[i] = lower(label[i])
	}
	if string(small[:]) == "xn--" {
		return true
	}
	for _, b := range label {
		if !letter(b) {
			return false
		}
	}
	switch {
	case len(label) < 2:
		return false
	case len(label) > longestFile:
		return true
	}
	switch string(small[:len(label)]) {
	case "png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "ts", "json", "html", "php", "md", "txt":
		return false
	}
	return true
}

// matchIPv4 reads four numbers parted by points.
func matchIPv4(c *classifier.Candidate) bool {
	i, groups := c.At, 0
	for ; groups < 4; groups++ {
		from := i
		for i < len(c.Text) && i-from < 4 && digit(c.Text[i]) {
			i++
		}
		if i == from || i-from > 3 || groups < 3 && at(c.Text, i) != '.' {
			return false
		}
		i++
	}
	c.End = i - 1
	before := at(c.Text, c.At-1)
	return !word(at(c.Text, c.End)) && before != '.' && before != '-' && !(at(c.Text, c.End) == '.' && digit(at(c.Text, c.End+1)))
}

// visitors are words before the address of somebody.
var visitors = []string{"client", "visitor", "user", "customer", "logged in", "login", "ip address", "ip:", "ip ", "ip地址", "登录", "вход", "عنوان"}

// confirmIPv4 refuses addresses that name no one, and versions. An address of a
// private network is a person's only where the text says so.
func confirmIPv4(c *classifier.Candidate) bool {
	address, err := netip.ParseAddr(string(c.Text[c.Start:c.End]))
	if err != nil || address.IsLoopback() || address.IsUnspecified() || address.IsMulticast() || address.As4()[0] == 0 || address.As4()[0] == 255 {
		return false
	}
	switch before := lower(at(c.Text, c.Start-1)); {
	case before == '/' && at(c.Text, c.Start-2) != '/', before == '^', before == '~':
		return false // Chrome/120.0.6099.109
	}
	if c.End-c.Start == len("1.2.3.4") {
		return false // a version or a section
	}
	if address.IsPrivate() && !speaksOfVisitor(c.Text[max(0, c.Start-48):c.Start]) {
		return false
	}
	near := bytes.ToLower(c.Text[max(0, c.Start-12):c.Start])
	return !bytes.Contains(near, []byte("version")) && !bytes.Contains(near, []byte("§")) && !bytes.HasSuffix(near, []byte(" v ")) &&
		!bytes.Contains(near, []byte("release"))
}

// speaksOfVisitor tells whether a word for a visitor stands in the line, not as a
// part of a path or of the name of a program: "/user/7", "Go-http-client/2.0".
func speaksOfVisitor(before []byte) bool {
	before = bytes.ToLower(before[bytes.LastIndexByte(before, '\n')+1:])
	return slices.ContainsFunc(visitors, func(name string) bool {
		i := bytes.Index(before, []byte(name))
		if i < 0 {
			return false
		}
		previous, next := at(before, i-1), at(before, i+len(name))
		return previous != '/' && previous != '-' && !word(previous) && next != '/'
	})
}

var ipv6Bytes = classOf(":")

// matchIPv6 takes the run of hexadecimal digits and colons around its first colon.
func matchIPv6(c *classifier.Candidate) bool {
	text, start := c.Text, c.At
	for start > 0 && c.At-start < 5 && word(text[start-1]) {
		start--
	}
	if at(text, start-1) == ':' || word(at(text, start-1)) || start == c.At {
		return false // not the first colon, or none before which a group stands
	}
	end := ipv6Bytes.run(text, c.At, 40)
	for end > c.At && text[end-1] == ':' {
		end--
	}
	if bytes.Count(text[start:end], []byte(":")) < 3 {
		return false
	}
	address, err := netip.ParseAddr(string(text[start:end]))
	if err != nil || !address.Is6() || !address.IsGlobalUnicast() || address.IsPrivate() || !global(address) {
		return false
	}
	c.Start, c.End = start, end
	c.Value = append(c.Value, address.String()...)
	return true
}

// global tells whether the address is of 2000::/3, the part that is given out.
func global(address netip.Addr) bool { return address.As16()[0]>>5 == 1 }
