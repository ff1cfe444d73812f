package corpus

import "strings"

// cleanText writes one text without personal data: a mail, a report, minutes, a
// post.
func (w *writer) cleanText() {
	switch w.IntN(4) {
	case 0:
		w.put(w.one(w.words.greetings...), w.comma(), "\n\n")
		w.paragraphs(w.between(2, 5))
		w.line(w.one(w.words.closings...))
	case 1:
		for range w.between(2, 4) {
			w.put("## ")
			w.line(w.one(w.words.headings...))
			w.put("\n")
			w.paragraphs(w.between(1, 3))
		}
	case 2:
		w.line(w.one(w.words.headings...))
		for range w.between(3, 9) {
			w.put("- ")
			w.sentence()
			w.put("\n")
		}
	default:
		w.paragraphs(w.between(3, 7))
	}
	w.put("\n")
}

func (w *writer) comma() string {
	switch w.words.language {
	case Chinese:
		return "："
	case Arabic:
		return "،"
	}
	return ","
}

func (w *writer) line(template string) {
	w.fill(template)
	w.put("\n")
}

func (w *writer) paragraphs(n int) {
	for range n {
		for i := range w.between(2, 7) {
			if i > 0 {
				w.put(w.words.space)
			}
			w.sentence()
		}
		w.put("\n\n")
	}
}

// sentence writes a sentence or a question, with its end.
func (w *writer) sentence() {
	templates, end := w.words.sentences, w.words.stop
	if w.chance(12) {
		templates, end = w.words.questions, w.words.question
	}
	from := len(w.text)
	w.fill(strings.TrimSpace(w.one(templates...)))
	w.capitalise(from)
	w.put(end)
}

// capitalise makes the first letter a capital, in Latin and Cyrillic.
func (w *writer) capitalise(from int) {
	first := strings.ToUpper(string([]rune(string(w.text[from:min(from+4, len(w.text))]))[0]))
	if len(w.text) > from && len(first) <= 2 {
		copy(w.text[from:], first)
	}
}
