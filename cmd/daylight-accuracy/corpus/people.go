package corpus

import "strings"

// nation is where people live: what they are called, how they are reached.
type nation struct {
	code           string // ISO 3166-1 alpha-2
	language       Language
	given, family  []string
	latin          []string // family names in Latin letters, for addresses, when family is not
	familyFirst    bool
	top            []string // of domains
	streets        []string // templates: {s} street name, {h} house number
	streetNames    []string
	cities         []string
	postcode       string // 9 stands for a digit, A for a letter
	mobile, office []string
}

// person is an invented customer.
type person struct {
	nation            *nation
	given, family     string
	email, phone      string
	street, city, zip string
	born              [3]int // year, month, day
	customer          string
	phoneForms        []string
	isMobile          bool
}

// fullName returns the name in the order of the nation.
func (p *person) fullName() string {
	if p.nation.familyFirst {
		if p.nation.code == "CN" {
			return p.family + p.given
		}
		return p.family + " " + p.given
	}
	return p.given + " " + p.family
}

func (w *writer) person(n *nation) *person {
	p := &person{nation: n, given: w.one(n.given...), family: w.one(n.family...)}
	if w.chance(5) && n.latin == nil && n.code != "CN" {
		p.family += "-" + w.one(n.family...)
	}
	p.email = w.mailbox(p)
	p.street = strings.NewReplacer("{s}", w.one(n.streetNames...), "{h}", itoa(w.between(1, 240)), "{k}", itoa(w.between(1, 90))).Replace(w.one(n.streets...))
	p.city = w.one(n.cities...)
	p.zip = w.shaped(n.postcode)
	p.born = [3]int{w.between(1941, 2006), w.between(1, 12), w.between(1, 28)}
	p.customer = w.one("C-", "K", "10", "CUST") + w.digits(6)
	p.isMobile = len(n.office) == 0 || !w.chance(4)
	p.phoneForms = w.phoneForms(n, p.isMobile)
	p.phone = w.one(p.phoneForms...)
	return p
}

// shaped fills a shape: 9 a digit, 8 a digit that is not 0, A a letter.
func (w *writer) shaped(shape string) string {
	b := []byte(shape)
	for i, c := range b {
		switch c {
		case '9':
			b[i] = byte('0' + w.IntN(10))
		case '8':
			b[i] = byte('1' + w.IntN(9))
		case 'A':
			b[i] = "ABCEGHJKLMNPRSTUVWXY"[w.IntN(20)]
		}
	}
	return string(b)
}

// mailbox returns an address as the person's provider or employer gave out.
func (w *writer) mailbox(p *person) string {
	given, family := latinOf(p.given), latinOf(p.family)
	if given == "" {
		given = w.syllables(1, 2)
	}
	if family == "" {
		family = w.syllables(2, 2)
	}
	if p.nation.latin != nil {
		family = w.one(p.nation.latin...)
	}
	local := w.one(given+"."+family, given+"."+family, given[:1]+family, given+"_"+family, family, given+itoa(w.between(1, 99)), given+"."+family+itoa(w.between(1960, 2009)), family+"."+given, given+"-"+family, given+"."+family+"+"+w.one("shop", "news", "promo"))
	domain := w.syllables(2, 3)
	switch w.IntN(6) {
	case 0:
		domain += "-" + w.one("group", "mail", "consulting", "shop", "media", "online", "gmbh", "labs")
	case 1:
		domain = w.one("mail", "post", "corp", "eu", "inbox") + "." + domain
	}
	address := local + "@" + domain + "." + w.one(p.nation.top...)
	if w.chance(25) {
		address = strings.ToUpper(address[:1]) + address[1:]
	}
	return address
}

// latinOf transcribes a name for an address: lower case ASCII, nothing for scripts
// it does not know.
func latinOf(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z':
			b.WriteRune(r)
		case r == '\'' || r == ' ' || r == '-':
		default:
			b.WriteString(transcribed(r))
		}
	}
	return b.String()
}

func transcribed(r rune) string {
	const from, cyrillic = 'а', "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya"
	if r >= from && r <= 'я' {
		return strings.Trim(strings.Fields(cyrillic)[r-from], "_")
	}
	for _, pair := range strings.Fields("äae öoe üue ßss éé àa ée èe êe ëe çc ñn áa íi óo úu ãa õo âa ôo îi øo åa æae łl śs żz źz ćc ńn ęe ąa ğg şs ıi ёe") {
		runes := []rune(pair)
		if runes[0] == r && runes[1] < 0x80 {
			return string(runes[1:])
		}
	}
	return ""
}

// phoneForms returns the ways in which the number is written that are
// unmistakable or usual; national digits without separators are left to callers
// that say what they are.
func (w *writer) phoneForms(n *nation, mobile bool) []string {
	shapes := n.mobile
	if !mobile {
		shapes = n.office
	}
	return strings.Split(w.sameDigits(w.one(shapes...)), "|")
}

// sameDigits fills forms of one number, parted by "|": each # is the next
// digit of the number, * its first digit again from the left. The first form
// decides how many digits there are.
func (w *writer) sameDigits(forms string) string {
	first, _, _ := strings.Cut(forms, "|")
	random := w.digits(strings.Count(first, "#"))
	if len(random) > 0 && (random[0] == '0' || random[0] == '1') {
		random = itoa(w.between(2, 9)) + random[1:]
	}
	var b strings.Builder
	next := 0
	for _, r := range forms {
		switch r {
		case '#':
			b.WriteByte(random[next])
			next++
		case '|':
			next = 0
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
