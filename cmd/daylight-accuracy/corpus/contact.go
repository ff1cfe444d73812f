package corpus

import "strings"

// contacts are values by which people are reached, and dates and places of
// theirs, in the ways of the nations whose language is written.
func contacts() []species {
	return []species{
		{"email", "", "", "e-mail|email|mail", func(w *writer) string { return w.person(w.home()).email }},
		{"phone", "", "", "", nil}, // written by writer.mention
		{"cn_mobile", "CN", "手机|手机号|电话|联系电话", "mobile|Chinese mobile", func(w *writer) string {
			body := w.one("130", "131", "135", "136", "138", "139", "150", "152", "158", "159", "166", "176", "177", "180", "186", "188", "189", "191", "198", "199") + w.digits(8)
			spaced := grouped(body, " ", 3, 4, 4)
			return body + "|" + body + "|" + spaced + "|" + grouped(body, "-", 3, 4, 4) + "|+86 " + body + "|+86 " + spaced + "|+86-" + body + "||" + withDigits(body, '０')
		}},
		{"date_of_birth", "", "", "", nil},
		{"ip_address", "", "", "IP|IP address|client IP", func(w *writer) string { return w.publicIPv4() }},
		{"ipv6_address", "", "", "IPv6|IP", func(w *writer) string {
			groups := []string{w.one("2a02", "2001", "2600", "2a00", "2409")}
			for range 7 {
				groups = append(groups, itoa16(w.IntN(65536)))
			}
			return strings.Join(groups, ":") + "|" + strings.Join(groups[:4], ":") + "::" + itoa16(w.between(1, 65535))
		}},
		{"coordinates", "", "", "location|GPS|position", func(w *writer) string {
			latitude, longitude := w.one("", "-")+itoa(w.between(1, 65))+"."+w.digits(w.between(5, 7)), w.one("", "-")+itoa(w.between(1, 170))+"."+w.digits(w.between(5, 7))
			return latitude + ", " + longitude + "|" + latitude + "," + longitude
		}},
		{"postal_address", "", "", "address", nil},
	}
}

func itoa16(n int) string {
	const hexadecimal = "0123456789abcdef"
	text := ""
	for ; n > 0 || text == ""; n /= 16 {
		text = string(hexadecimal[n%16]) + text
	}
	return text
}

// home returns one of the nations whose language is written.
func (w *writer) home() *nation {
	homes := nationsOf(w.words.language)
	return homes[w.IntN(len(homes))]
}

// phoneValue returns a number, whether it needs a word, and its country.
func (w *writer) phoneValue() (text, country string, bare bool) {
	n := w.home()
	mobile := len(n.office) == 0 || w.chance(2)
	text = w.one(w.phoneForms(n, mobile || n.code == "CN")...)
	if n.code == "CN" {
		text = w.one(w.phoneForms(n, false)...)
	}
	if w.words.language == Arabic && w.chance(4) {
		text = withDigits(text, '٠')
	}
	if w.words.language == Chinese && w.chance(12) {
		text = withDigits(text, '０')
	}
	return text, n.code, !strings.HasPrefix(text, "+") && !strings.HasPrefix(text, "00")
}

// addressValue returns an address in running text, as the nation writes it.
func (w *writer) addressValue() (text, country string) {
	p := w.person(w.home())
	switch p.nation.code {
	case "US":
		state := w.one("CO", "TX", "OR", "OH", "TN", "AZ", "NE", "NC", "FL", "ID", "NV", "OK", "CA", "WA", "WI", "VA")
		return p.street + ", " + p.city + ", " + state + " " + p.zip, "US"
	case "GB":
		return p.street + ", " + p.city + " " + p.zip, "GB"
	case "DE":
		return p.street + ", " + p.zip + " " + p.city, "DE"
	case "RU":
		return w.one(p.zip+", г. "+p.city+", ", "г. "+p.city+", ") + strings.NewReplacer(" д.", ", д.", " кв.", ", кв.").Replace(p.street), "RU"
	case "CN":
		return p.city + p.street, "CN"
	}
	return p.street + "، " + p.city + w.one("", " "+p.zip), p.nation.code
}

// birthDate returns a date as people write it in running text.
func (w *writer) birthDate() string {
	y, m, d := w.birth()
	for {
		if text := w.dateOf(y, m, d); strings.Contains(text, itoa(y)) {
			return text
		}
	}
}
