package corpus

import "strings"

// phrases are the ways of mentioning a value in a language: {w} what it is
// called, {v} the value. Bare ones say nothing of what it is.
type phrases struct {
	named, bare           []string
	phone, birth, address []string
}

func phrasesOf(language Language) phrases {
	switch language {
	case Chinese:
		return phrases{
			named: []string{"{w}：{v}", "{w}: {v}", "{w}{v}", "我的{w}是{v}。", "客户的{w}为{v}，请核对。", "请更新{w} {v}。", "{v}（{w}）", "{w}：{v}，谢谢"},
			bare:  []string{"请看 {v}。", "是这个：{v}", "{v}", "我们收到的是{v}，请处理。", "（{v}）"},
			phone: []string{"电话", "联系电话", "手机", "致电", "Tel"}, birth: []string{"出生日期", "生日", "生于", "出生于"}, address: []string{"地址：", "收货地址：", "寄到", "住在"},
		}
	case Russian:
		return phrases{
			named: []string{"{w}: {v}", "{w} {v}", "Мой {w}: {v}.", "Проверьте, пожалуйста, {w} {v}.", "{w} клиента — {v}.", "{v} ({w})", "Указан {w} {v}, верно?", "{w} № {v}"},
			bare:  []string{"Вот: {v}.", "{v}", "В заявке указано {v}, проверьте.", "Прислали {v}, этого хватит?", "({v})"},
			phone: []string{"тел.", "телефон", "моб.", "звоните", "тел.:", "Телефон:"}, birth: []string{"дата рождения", "Дата рождения:", "родился", "родилась"}, address: []string{"адрес: ", "Адрес доставки: ", "живёт по адресу ", "доставить на "},
		}
	case Arabic:
		return phrases{
			named: []string{"{w}: {v}", "{w} {v}", "{w} هو {v}.", "يرجى التحقق من {w} {v}.", "{v} ({w})", "{w} للعميل {v}", "أرسل لنا {w}: {v}"},
			bare:  []string{"هذا هو: {v}.", "{v}", "وصلنا {v} في الطلب.", "({v})"},
			phone: []string{"هاتف", "جوال", "الجوال:", "رقم الهاتف", "اتصل على", "واتساب"}, birth: []string{"تاريخ الميلاد", "تاريخ الميلاد:", "مواليد"}, address: []string{"العنوان: ", "عنوان التوصيل: ", "يسكن في "},
		}
	case German:
		return phrases{
			named: []string{"{w}: {v}", "{w} {v}", "Meine {w} lautet {v}.", "{w} ({v}) liegt vor.", "Bitte prüfen Sie {w} {v}.", "{v} ({w})", "Im Antrag steht {w} {v}, stimmt das?", "{w}: {v}, danke"},
			bare:  []string{"Hier ist sie: {v}.", "{v}", "Im Antrag steht {v}, stimmt das?", "Geschickt wurde {v}.", "({v})"},
			phone: []string{"Tel.", "Tel.:", "Telefon", "Mobil:", "Handy", "Rufnummer"}, birth: []string{"geboren am", "geb. am", "Geburtsdatum:", "Geburtsdatum"}, address: []string{"Anschrift: ", "wohnhaft ", "Lieferadresse: ", "Bitte an "},
		}
	}
	return phrases{
		named: []string{"{w}: {v}", "{w} {v}", "My {w} is {v}.", "We have {w} {v} on file.", "Please check the {w} {v} again.", "{v} ({w})", "The form says {w} {v}, is that right?", "{w} = {v}", "{w}: {v}, thanks"},
		bare:  []string{"Here you go: {v}.", "{v}", "The form says {v}, is that right?", "They sent {v} and nothing else.", "({v})"},
		phone: []string{"phone", "Tel.", "tel:", "mobile", "Phone:", "call", "call me on", "WhatsApp", "cell"}, birth: []string{"born on", "date of birth", "DOB:", "Date of birth:", "born"}, address: []string{"Address: ", "ship it to ", "lives at ", "my address is "},
	}
}

// languageOf returns the language of a country among ours, "" for others.
func languageOf(country string) Language {
	switch country {
	case "US", "GB", "IE", "CA", "AU", "NZ", "ZA", "NG", "KE", "SG", "IN", "PH", "PK":
		return English
	case "DE", "AT", "CH":
		return German
	case "RU", "KZ", "UZ":
		return Russian
	case "CN":
		return Chinese
	case "SA", "AE", "EG", "KW", "QA", "BH", "MA":
		return Arabic
	}
	return ""
}

// nameOf returns what the value is called by somebody who writes the language.
func (w *writer) nameOf(s *species) string {
	local := s.local != ""
	switch {
	case !local:
	case w.words.language == English:
		local = w.chance(3)
	case languageOf(s.country) == w.words.language:
		local = !w.chance(10)
	default:
		local = w.chance(2)
	}
	if local {
		return w.one(strings.Split(s.local, "|")...)
	}
	return w.one(strings.Split(s.english, "|")...)
}

// written is one way of writing a value, and whether it says itself what it is.
type written struct {
	text, country string
	alone         bool
}

// write makes a value in one of its ways.
func (w *writer) write(s *species) written {
	alone, bare, both := strings.Cut(s.make(w), "||")
	var strong, weak []string
	if alone != "" {
		strong = strings.Split(alone, "|")
	}
	if both {
		weak = strings.Split(bare, "|")
	}
	i := w.IntN(len(strong) + len(weak))
	if i < len(strong) {
		return written{strong[i], s.country, true}
	}
	return written{weak[i-len(strong)], s.country, false}
}

// mention writes a phrase, or a line, with a value of the species and its label.
func (w *writer) mention(s *species) {
	p := phrasesOf(w.words.language)
	switch s.detector {
	case "phone":
		text, country, bare := w.phoneValue()
		if bare || w.chance(2) {
			w.put(w.one(p.phone...), " ")
		}
		w.plant("phone", country, text)
		return
	case "date_of_birth":
		w.put(w.one(p.birth...), " ")
		w.plant(s.detector, "", w.birthDate())
		return
	case "postal_address":
		w.put(w.one(p.address...))
		text, country := w.addressValue()
		w.plant(s.detector, country, text)
		return
	}
	v := w.write(s)
	templates := p.named
	if v.alone && (s.english == "" || w.chance(3)) {
		templates = p.bare
	}
	if strings.Contains(v.text, "\n") {
		w.put("\n")
		w.plant(s.detector, v.country, v.text)
		w.put("\n")
		return
	}
	w.phrase(w.one(templates...), s, v)
}

// part writes a space where Latin letters or digits would touch those of the
// value, which nobody writes, even in languages without spaces.
func (w *writer) part(value string) {
	if n := len(w.text); n > 0 && isWord(w.text[n-1]) && isWord(value[0]) {
		w.put(" ")
	}
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '.'
}

// phrase fills {w} and {v}.
func (w *writer) phrase(template string, s *species, v written) {
	for {
		before, rest, found := strings.Cut(template, "{")
		w.put(before)
		if !found {
			return
		}
		if rest[0] == 'w' {
			w.put(w.nameOf(s))
		} else {
			w.part(v.text)
			w.plant(s.detector, v.country, v.text)
		}
		template = rest[2:]
	}
}
