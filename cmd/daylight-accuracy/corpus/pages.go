package corpus

import "strings"

// filler writes what stands around values: sentences, now and then a number that
// is nobody's.
func (w *writer) filler() {
	w.sentence()
	if w.chance(4) {
		name, value := w.code1()
		w.put(" ", name, " ", value, w.words.stop)
	}
}

func (w *writer) mail(hand []*species) {
	if w.chance(3) {
		w.put("Subject: ")
		w.line(w.one(w.words.headings...))
		w.put("\n")
	}
	w.put(w.one(w.words.greetings...), w.comma(), "\n\n")
	for _, s := range hand {
		w.filler()
		w.put(w.one(" ", " ", "\n", "\n\n"))
		w.mention(s)
		w.put(w.one(" ", "\n", "\n\n"))
	}
	w.filler()
	w.put("\n\n")
	w.line(w.one(w.words.closings...))
	if w.chance(2) {
		p := w.person(w.home())
		w.put(p.fullName(), "\n")
		w.plant("email", "", p.email)
		w.put("\n")
	}
}

func (w *writer) chat(hand []*species) {
	a, b := w.person(w.home()), w.person(w.home())
	speak := func() {
		who := a
		if w.chance(2) {
			who = b
		}
		w.put(w.one("["+pad(w.IntN(24), 2)+":"+pad(w.IntN(60), 2)+"] ", pad(w.IntN(24), 2)+":"+pad(w.IntN(60), 2)+" ", ""), w.one(who.given, "Support", "Agent"), ": ")
	}
	for _, s := range hand {
		for range w.between(1, 3) {
			speak()
			w.filler()
			w.put("\n")
		}
		speak()
		w.mention(s)
		w.put("\n")
	}
}

func (w *writer) notes(hand []*species) {
	w.put("# ")
	w.line(w.one(w.words.headings...))
	for _, s := range hand {
		for range w.between(0, 3) {
			w.put("- ")
			w.filler()
			w.put("\n")
		}
		w.put("- ")
		w.mention(s)
		w.put("\n")
	}
	w.put("- ")
	w.filler()
	w.put("\n")
}

// sheet writes lines of key and value.
func (w *writer) sheet(hand []*species) {
	separator := w.one(": ", ":\t", " = ", "\t", " - ")
	for _, s := range hand {
		if w.chance(2) {
			w.put(w.composed(), separator, w.one(w.words.nouns...), "\n")
		}
		if w.chance(3) {
			name, value := w.code1()
			w.put(name, separator, value, "\n")
		}
		if s.make == nil || s.english == "" {
			w.mention(s)
		} else {
			v := w.write(s)
			w.put(w.nameOf(s), separator)
			w.plant(s.detector, v.country, v.text)
		}
		w.put("\n")
	}
}

// body writes the call of an API of a language model.
func (w *writer) body(hand []*species) {
	w.put(`{"model":"`, w.syllables(2, 2), `-4","messages":[{"role":"system","content":"`)
	w.quotedSentence()
	w.put(`"},{"role":"user","content":"`)
	for _, s := range hand {
		w.quotedSentence()
		w.put(w.one(" ", `\n`))
		w.mention(s)
		w.put(w.one(" ", `\n`))
	}
	w.put(`"}],"max_tokens":`, itoa(w.between(100, 4000)), `,"user":"`, w.uuid(), "\"}\n")
}

func (w *writer) htmlMail(hand []*species) {
	w.put("<html><body style=\"font:", itoa(w.between(10, 18)), "px sans-serif\">\n<p>", w.one(w.words.greetings...), w.comma(), "</p>\n")
	for _, s := range hand {
		w.put("<p>")
		w.sentence()
		w.put("</p>\n")
		open, end := "<p>", "</p>\n"
		if w.chance(2) {
			open, end = "<table><tr><td class=\"x\">", "</td></tr></table>\n"
		}
		w.put(open)
		w.mention(s)
		w.put(end)
	}
	w.put("<p>", w.one(w.words.closings[:2]...), "</p></body></html>\n")
}

// columnsOf returns the species that a table can have: those with a name.
func columnsOf(hand []*species) (columns []*species) {
	for _, s := range hand {
		if s.make != nil && s.english != "" && s.detector != "coordinates" {
			columns = append(columns, s)
		}
	}
	return columns
}

// registry writes a CSV with a person a row and a column for each number.
func (w *writer) registry(hand []*species) {
	columns := columnsOf(hand)
	separator := w.one(",", ";", "\t")
	w.put(w.called("name", "姓名", "ФИО", "الاسم الكامل", "Name"), separator, w.called("email", "邮箱", "E-mail", "البريد الإلكتروني", "E-Mail"))
	for _, s := range columns {
		w.put(separator, w.nameOf(s))
	}
	w.put("\n")
	for range w.between(3, 6) {
		p := w.person(w.home())
		w.plant("column_person_name", "", p.fullName())
		w.put(separator)
		w.plant("email", "", p.email)
		for _, s := range columns {
			v := w.write(s)
			w.put(separator)
			if strings.Contains(v.text, separator) {
				w.put(`"`)
				w.plant(s.detector, v.country, v.text)
				w.put(`"`)
				continue
			}
			w.plant(s.detector, v.country, v.text)
		}
		w.put("\n")
	}
}

// keyOf makes a JSON key of what a value is called.
func (w *writer) keyOf(s *species) string {
	name := strings.ToLower(w.one(strings.Split(s.english, "|")...))
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-' || r == '/':
			return '_'
		case r == '(' || r == ')' || r == '.' || r == '\'':
			return -1
		}
		return r
	}, name)
}

func (w *writer) records(hand []*species) {
	columns := columnsOf(hand)
	keys := make([]string, len(columns))
	for i, s := range columns {
		keys[i] = w.keyOf(s)
	}
	w.put("[")
	for row := range w.between(2, 5) {
		if row > 0 {
			w.put(",\n ")
		}
		p := w.person(w.home())
		w.put(`{"full_name": "`)
		w.plant("column_person_name", "", p.fullName())
		w.put(`", "email": "`)
		w.plant("email", "", p.email)
		w.put(`"`)
		for i, s := range columns {
			v := w.write(s)
			w.put(`, "`, keys[i], `": "`)
			w.plant(s.detector, v.country, v.text)
			w.put(`"`)
		}
		w.put(`, "visits": `, itoa(w.between(1, 99)), `, "updated": `, itoa(int(w.clock)), "}")
	}
	w.put("]\n")
}

// settings writes credentials as they stand in configuration and code.
func (w *writer) settings(hand []*species) {
	for _, s := range hand {
		w.put("# ")
		w.sentence()
		w.put("\n")
		if w.chance(2) {
			w.put(strings.ToUpper(w.one(w.programWords()...)), "_", w.one("PORT", "LIMIT", "TTL"), "=", itoa(w.between(1, 65000)), "\n")
		}
		if s.make == nil {
			w.mention(s)
			w.put("\n")
			continue
		}
		v := w.write(s)
		name, _, _ := strings.Cut(s.english, "|")
		open, end := w.one("export ", ""), ""
		switch w.IntN(3) {
		case 0:
			w.put(open, name, "=")
		case 1:
			w.put("const ", w.name(), " = \"")
			end = `";`
			if !v.alone {
				w.put(name, "=")
			}
		default:
			w.put(name, ": ")
		}
		w.plant(s.detector, v.country, v.text)
		w.put(end, "\n")
	}
}
