package detect

import (
	"bytes"
	"slices"

	"daylight.internal/classifier"
)

func phone() classifier.Detector {
	book := newPhoneBook()
	d := classifier.Detector{
		ID: "phone", Name: "Phone number", Class: personal, Identity: "phone",
		Source: "ITU-T E.164; national numbering plans of libphonenumber", Validator: "numbering plan of libphonenumber, behind a plus sign its lengths",
		Context: phoneWords(),
		Columns: phoneColumns(),
		Anchor:  classifier.AnchorNumber, Match: book.match, BareNeedsContext: true,
		Examples: []string{
			"+1 415 555 2671", "+14155552671", "+49 (0)151 12345678", "+44 20 7946 0958", "+86 138 1234 5678", "+7 (916) 123-45-67",
			"+966 50 123 4567", "+971501234567", "+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧", "(415) 555-2671", "415-555-2671", "8 (916) 123-45-67",
			"06 12 34 56 78", "020 7946 0958", "tel. 0151 12345678", "phone 4155552671", "телефон 89161234567", "الجوال 0501234567",
			"0049 151 12345678", "call 415 555 2671 now", "+55 11 91234-5678", "тел.: 8-916-123-45-67", "+20 100 123 4567",
			"Ann,(202) 555-0147,100 Maple Street", "write to 07700 900823 then", "06-12-34-56-78", "मेरा मोबाइल नंबर 98765 43210 है",
			"0171 3920045", "06-19284750", "0812-5550-0147 / 0856 5550 0162", "Fahrerin Sabrina, 0151 7063 2218.", "Calogero, 320 555 0147", "733 555 018, hieronim@example.pl",
			"Kontakt: 602 771 384", "Ring 073-555 01 28", "kan nås på tlf 412 93 067", "móvil 612 555 018", "тел. 067 555 01 38", "helistage 5567 8124", "κινητό 697 555 0142", "電話 090-5550-0188", "모바일 번호 연락처 010-5550-0101",
			"+1 (555) 123-4567", "+33 1 99 00 12 34", "+44 1632 960123", // reserved for fiction
		},
		NearMisses: []string{
			"1700000000", "1700000000000", "2024-01-01 12:30", "2024-01-01", "order 4155552671", "4155552671", "1.234.567.890", "$415.555.2671",
			"version 1.2.3.4", "12345", "+1 (1)", "+49", "1,234,567.89", "ISBN 978-3-16-148410-0", "550e8400-e29b-41d4-a716-446655440000",
			"+999 123 456 789", "192.168.100.200", "Mobile/15E148 Safari/604.1\"\n10.108.58.93 - -", "01.02.2024 10", "10 20 30 40 50", "0.123456789012", "2023 2024 2025 2026", "SKU 100-200-3000",
			"seal 0045127", "no. 000451/2026", "P.IVA 00743110157", "9400 1000 0000 0000 0000 00", "000.123.456", "0800-4-1176", "030-1234-56",
			"0612-3344-5", "drawing 044-1234-5678-R2", "+12 500 000 000", "call us: /i/1767225600123.png", "订单 20260312889，手机另告", "phone me about order no. 4155552671",
			"Waybill 020-12345675", "seal no. 0160 442781", "widths: 200 300 4000 mm", "phone case, 1500-2000-2500 mAh", "telefon 0.6473613434", "0612.345.678", "030.23125.001", "ann@example.com,23653485", "1, 234 567 890",
			"the call failed after 4155552671 ns", "Traceback (most recent call last)\nformat('4155552671')", "larger than 2**32-1\n(4294967295) and therefore non-portable", // words of many meanings
			"phone ratio 0.4520771050", "tel 4.423394", "mobile client\n10.220.139.55", "A1 B1 01 02 01 02 01 02", "fax 7e c9 06 12 34 56 78 e4", "003580 43 04 43 ef 62 74",
			"U+0035 => 0035 2044 0036", "a phone called 2008-2009", "wa=1;var p=109296794", "\"\"\"Every phone.\"\"\"\n    logger.info(\"mountain %s\", package, 4155552671)", "电话 const d=338036992", "phone 754256182894.0", "call me, v=4155552671", "00 00 06  03 01 02 40 00 00 16 03  |", "US +593249-1394338 America/Yakutat", "GE +4143+04449", "JP +3535-13944 Asia", "phone [*0329.0020.0004]",
		},
	}
	weak, strong := phoneReasons(d.Context)
	why, words := reasonsOf(strong, weak), foldSetOf(d.Context...)
	d.Confirm = func(c *classifier.Candidate) bool {
		return (!c.NeedsContext || why.explain(c) && !assignedElse(c, d.Context) && !argument(c, words)) && book.confirm(c)
	}
	return d
}

// phoneReasons parts the words of a phone's context: weak are those that mean
// other things too (functions are called, software is portable, tables have cells)
// or that names of code are made of.
func phoneReasons(context []string) (weak, strong []string) {
	many := []string{"call", "calls", "called", "callback", "cb", "portable", "cell", "mobile", "text", "reach", "reached", "ring", "contact", "wa", "hp", "kom", "bel", "belt", "ara", "ruf", "zap", "liga", "suna", "电话", "電話", "号码"}
	for _, w := range context {
		if slices.Contains(many, w) {
			weak = append(weak, w)
		} else {
			strong = append(strong, w)
		}
	}
	return weak, strong
}

func phoneColumns() []classifier.Column {
	return []classifier.Column{column("phone", true, hasDigits, phoneNames()...)}
}

func hasDigits(b []byte) bool {
	n := 0
	for _, c := range b {
		if digit(c) || c >= 0x80 { // digits of other scripts count too
			n++
		}
	}
	return n >= 5
}

// The bounds of a number (E.164 allows 15 digits) and of its parts.
const (
	leastPhone  = 7
	mostPhone   = 15
	wholePhone  = 9  // before a slash: another number follows
	leastAbroad = 12 // with 00 and the calling code, to stand alone
	mostGroups  = 8
)

// phoneGroups are the groups of a number: how many digits each has, where it ends
// and the byte that follows.
type phoneGroups struct {
	lengths [mostGroups]int
	ends    [mostGroups]int
	gaps    [mostGroups]byte
	n       int
	total   int
}

// readGroups takes the groups of the number as far as a phone number may go on.
// Two blanks part columns, or stand for the break of a line inside of a number.
func readGroups(text []byte, number []classifier.Group) (g phoneGroups) {
	for i, group := range number[:min(len(number), mostGroups)] {
		if g.total+group.Len() > mostPhone+1 || i > 0 && g.total >= leastPhone && string(text[number[i-1].End:min(len(text), number[i-1].End+2)]) == "  " ||
			i > 0 && g.total >= wholePhone && bytes.IndexByte(text[number[i-1].End:group.End-group.Len()], '/') >= 0 {
			break
		}
		g.total += group.Len()
		g.lengths[g.n], g.ends[g.n], g.gaps[g.n] = group.Len(), group.End, group.Gap
		g.n++
	}
	return g
}

// match reads the number that begins with the group at the anchor, and
// decides whether the way it is written is unmistakable.
func (p *phoneBook) match(c *classifier.Candidate) bool {
	text, start := c.Text, c.At
	if dated(text, c.Number) {
		return false
	}
	before := at(text, start-1)
	plus := before == '+'
	switch {
	case plus && word(at(text, start-2)), inside(text, start):
		return false
	case plus:
		c.Start = start - 1
	case before == '(':
		c.Start = start - 1
		if at(text, start-2) == '+' {
			c.Start, plus = start-2, true
		}
	}
	g := readGroups(text, c.Number)
	if g.total < leastPhone || g.quad() || !plus && g.total < 2*g.n {
		return false
	}
	if g.n == 2 && g.gaps[0] == '.' {
		return false // a decimal
	}
	first := g.lengths[0]
	international := plus || g.total >= leastAbroad && (first >= 4 || first == 2) && text[start] == '0' && text[start+1] == '0'
	last := g.ends[g.n-1]
	if word(at(text, last)) || at(text, last) == '%' || at(text, last) == ':' && digit(at(text, last+1)) {
		return false
	}
	if goesOn(text, last, &g) || noPhone(text, start, last, plus, &g) {
		return false
	}
	c.NeedsContext = !international && !unmistakable(text, start, before, &g) && !besideEmail(text, c.Start, last, &g) && !(mobileForm(c, &g) && p.mobile(c, last))
	switch {
	case c.NeedsContext:
		c.Confidence = 0.75
	case !international:
		c.Confidence = 0.8
	}
	c.End = last
	c.Value = appendDigits(c.Value, text[start:last])
	if plus {
		c.Value = append(c.Value[:0], '+')
		c.Value = appendDigits(c.Value, text[start:last])
	}
	return true
}

// quad tells whether the groups are those of an IPv4 address.
func (g *phoneGroups) quad() bool {
	return g.n == 4 && g.gaps[0] == '.' && g.gaps[1] == '.' && g.gaps[2] == '.' && max(g.lengths[0], g.lengths[1], g.lengths[2], g.lengths[3]) <= 3
}

// goesOn tells whether what follows the number makes it something else: a
// decimal, a file name, a part number. A comma and a digit follow phone numbers
// in tables, and amounts in thousands.
func goesOn(text []byte, last int, g *phoneGroups) bool {
	next := at(text, last+1)
	switch at(text, last) {
	case '.':
		return digit(next) || next >= 'a' && next <= 'z'
	case '-':
		return letter(next)
	case ',':
		return digit(next) && g.thousands()
	}
	return false
}

// thousands tells whether the groups are those of an amount: 1 234 567.
func (g *phoneGroups) thousands() bool {
	for _, n := range g.lengths[1:g.n] {
		if n != 3 {
			return false
		}
	}
	return g.n > 1 && g.lengths[0] <= 3
}

// inside tells whether the group at start continues something: a number with
// points or hyphens, a price, a word.
func inside(text []byte, start int) bool {
	switch before := at(text, start-1); before {
	case '.':
		return !letter(at(text, start-2)) // a fraction, or more groups; not "tel.0151"
	case '-', ',', '/', ':':
		return word(at(text, start-2)) && digit(at(text, start-2)) || before == '-' && word(at(text, start-2))
	case '$', '#', '_', '*':
		return true
	case ' ':
		// The middle of a number that was tried from its start.
		return at(text, start-2) == ')' && digit(at(text, start-3))
	}
	return false
}

// dated tells whether the number begins as a date does: 2024-01-31, 31.01.2024.
func dated(text []byte, number []classifier.Group) bool {
	if len(number) < 3 || number[0].Gap != number[1].Gap {
		return false
	}
	a, b, c := number[0].Len(), number[1].Len(), number[2].Len()
	return a == 4 && b <= 2 && c <= 2 && (text[number[0].Start] == '1' || text[number[0].Start] == '2') ||
		a <= 2 && b <= 2 && c == 4 && (text[number[2].Start] == '1' || text[number[2].Start] == '2') && number[0].Gap != ' '
}

// unmistakable tells whether a national number is written as only phone numbers
// are: (415) 555-2671, 415-555-2671, 8 (916) 123-45-67, 06 12 34 56 78.
func unmistakable(text []byte, start int, before byte, g *phoneGroups) bool {
	lengths := g.lengths[:g.n]
	north := slices.Equal(lengths, []int{3, 3, 4}) && text[start] >= '2' && text[g.ends[0]+1] != '0' && text[g.ends[0]+1] != '1'
	switch {
	case north && before == '(' && g.gaps[0] == ')':
		return true
	case north && g.gaps[0] == g.gaps[1] && (g.gaps[0] == '-' || g.gaps[0] == '.'):
		return true
	case g.n == 5 && text[start] == '8' && lengths[0] == 1 && slices.Equal(lengths[1:], []int{3, 3, 2, 2}):
		return true
	case g.n == 2 && lengths[0] == 5 && lengths[1] == 6 && text[start] == '0' && text[start+1] == '7':
		return true // 07700 900123, a British mobile number
	case text[start] != '0' || g.n < 3 || g.total < 9 || g.total > 11 || lengths[0] < 2:
		return false
	case g.gaps[0] == '.' && !pointed(lengths):
		return false
	}
	pairs := g.n == 5 && g.total == 10
	for i, gap := range g.gaps[:g.n-1] {
		if gap != g.gaps[0] || gap == '-' && !pairs && (lengths[i] < 3 || lengths[i+1] < 3) {
			return false // hyphens part the digits of articles and orders, too
		}
	}
	date := slices.Contains(lengths[:1], 2) && lengths[1] == 2 && (lengths[2] == 4 || g.n == 3)
	return !date
}

// pointed tells whether points part the groups as those of phone numbers, not of
// articles: 06.12.34.56.78, 0475.12.34.56, 041.234.56.78.
func pointed(lengths []int) bool {
	return lengths[len(lengths)-1] == 2 && lengths[len(lengths)-2] == 2
}

func appendDigits(dst, text []byte) []byte {
	n := len(dst)
	dst = slices.Grow(dst, len(text))[:n+len(text)]
	for _, b := range text {
		if dst[n] = b; b-'0' <= 9 {
			n++
		}
	}
	return dst[:n]
}
