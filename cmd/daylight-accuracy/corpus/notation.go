package corpus

// cleanJSON writes the body of one call to an API: a chat with a model, an answer
// of some service. One body a line.
func (w *writer) cleanJSON() {
	if w.chance(2) {
		w.put(`{"model":"`, w.syllables(2, 2), "-", itoa(w.between(1, 9)), `","stream":true,"temperature":0.`, w.digits(1), `,"messages":[`)
		for i := range w.between(1, 6) {
			if i > 0 {
				w.put(",")
			}
			w.put(`{"role":"`, w.one("user", "assistant", "system"), `","content":"`)
			for range w.between(2, 12) {
				w.quotedSentence()
			}
			w.put(`"}`)
		}
		w.put("]}\n")
		return
	}
	w.put(`{"data":[`)
	for i := range w.between(3, 12) {
		if i > 0 {
			w.put(",")
		}
		w.put(`{"id":`, w.one(itoa(w.between(1, 1<<w.between(8, 52))), `"`+w.uuid()+`"`), `,"`, w.one("title", "summary", "text", "label"), `":"`)
		w.quotedSentence()
		w.put(`","score":0.`, w.digits(w.between(2, 16)), `,"created":`, itoa(int(w.clock/1000)+w.IntN(1e7)), `,"updatedMs":`, itoa(int(w.clock)+w.IntN(1e9)), `,"tags":["`, w.composed(), `","`, w.composed(), `"],"sku":"`, w.partNumber(),
			`","embedding":[`)
		for k := range w.between(2, 24) {
			if k > 0 {
				w.put(",")
			}
			w.put(w.one("", "-"), "0.0", w.digits(w.between(6, 9)))
		}
		w.put("]}")
	}
	w.put(`],"next":"`, w.base64Run(w.between(16, 64)), "\"}\n")
}

// quotedSentence writes a sentence for inside a JSON string.
func (w *writer) quotedSentence() {
	from := len(w.text)
	w.sentence()
	sentence := string(w.text[from:])
	w.text = w.text[:from]
	for i := range len(sentence) {
		if sentence[i] == '"' {
			w.put(`\`)
		}
		w.text = append(w.text, sentence[i])
	}
	if w.chance(5) {
		w.put(`\n`)
	}
	w.put(w.words.space)
}

// cleanMarkup writes a page or a mail in HTML.
func (w *writer) cleanMarkup() {
	w.put("<!DOCTYPE html>\n<html lang=\"", string(w.words.language), "\"><head><meta charset=\"utf-8\"><title>")
	w.fill(w.one(w.words.headings...))
	w.put("</title><style>.c", w.hex(4), "{width:", itoa(w.IntN(900)), "px;color:#", w.hex(6), "}</style></head>\n<body>\n")
	for range w.between(3, 12) {
		switch w.IntN(4) {
		case 0:
			w.put("<h2 id=\"s", itoa(w.IntN(999)), "\">")
			w.fill(w.one(w.words.headings...))
			w.put("</h2>\n")
		case 1:
			w.put(`<table role="presentation" width="`, itoa(w.IntN(900)), `"><tr><td style="padding:`, itoa(w.IntN(30)), `px">`)
			w.sentence()
			w.put("</td><td>", itoa(w.IntN(10000)), "</td></tr></table>\n")
		case 2:
			w.put(`<p><a href="https://www.example.com/`, w.one(w.programWords()...), "?utm_campaign=", w.syllables(2, 2), "&amp;v=", w.hex(8), `">`)
			w.fill(w.one(w.words.headings...))
			w.put("</a></p>\n")
		default:
			w.put("<p class=\"c", w.hex(4), "\">")
			for range w.between(1, 6) {
				w.sentence()
				w.put(w.words.space)
			}
			w.put("</p>\n")
		}
	}
	w.put("</body></html>\n")
}
