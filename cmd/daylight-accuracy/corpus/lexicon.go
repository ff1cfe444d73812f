package corpus

import (
	"strings"
	"sync"
)

// lexicon is what sentences of a language are made of. Sentences are templates:
// {n} noun, {a} adjective, {v} verb, {d} adverb, {p} place, {t} time, {c} invented
// name of a company or product, {w} word composed of parts, {i} small number, {m} amount,
// {q} per cent, {y} date.
type lexicon struct {
	language                                         Language
	nouns, adjectives, verbs, adverbs, places, times []string
	heads, tails                                     []string // of composed words
	sentences, questions                             []string
	greetings, closings, headings                    []string
	space, stop, question                            string
	currency                                         []string
	months                                           []string
	date                                             []string // {D} {M} {Y} {N}: day, month in figures, year, name of the month
}

var lexicons = sync.OnceValue(func() map[Language]*lexicon {
	all := map[Language]*lexicon{}
	for _, l := range []*lexicon{english(), chinese(), russian(), arabic(), german()} {
		all[l.language] = l
	}
	return all
})

func lexiconOf(language Language) *lexicon {
	l := lexicons()[language]
	if l == nil {
		panic("corpus: no language " + string(language))
	}
	return l
}

// fill writes a template.
func (w *writer) fill(template string) {
	for {
		before, rest, found := strings.Cut(template, "{")
		w.put(before)
		if !found {
			return
		}
		slot, after, _ := strings.Cut(rest, "}")
		w.slot(slot)
		template = after
	}
}

func (w *writer) slot(name string) {
	l := w.words
	switch name {
	case "n":
		w.noun()
	case "a":
		w.put(w.one(l.adjectives...))
	case "v":
		w.put(w.one(l.verbs...))
	case "d":
		w.put(w.one(l.adverbs...))
	case "p":
		w.put(w.one(l.places...))
	case "t":
		w.put(w.one(l.times...))
	case "c":
		w.put(w.brand())
	case "w":
		w.put(w.composed())
	case "i":
		w.put(itoa(w.between(2, 60)))
	case "m":
		w.amount()
	case "q":
		w.percent()
	case "y":
		w.date()
	default:
		panic("corpus: no slot " + name)
	}
}

// noun writes a noun, now and then one that nobody has written before.
func (w *writer) noun() {
	if w.chance(4) {
		w.put(w.composed())
		return
	}
	w.put(w.one(w.words.nouns...))
}

// composed returns a word of two parts, the open end of the vocabulary.
func (w *writer) composed() string { return w.one(w.words.heads...) + w.one(w.words.tails...) }

// brand returns the invented name of a company or product.
func (w *writer) brand() string {
	name := w.syllables(2, 3)
	return strings.ToUpper(name[:1]) + name[1:]
}

// syllables returns an invented word of Latin letters.
func (w *writer) syllables(low, high int) string {
	var b strings.Builder
	for range w.between(low, high) {
		b.WriteString(w.one("b", "br", "c", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v", "w", "z"))
		b.WriteString(w.one("a", "e", "i", "o", "u", "ai", "ea", "ou"))
		b.WriteString(w.one("", "", "", "l", "n", "r", "s", "t", "m", "x"))
	}
	return b.String()
}

func (w *writer) amount() {
	n := w.between(3, 48000)
	digits := itoa(n)
	if n >= 1000 {
		separator := map[Language]string{German: ".", Russian: " "}[w.words.language]
		if separator == "" {
			separator = ","
		}
		digits = digits[:len(digits)-3] + separator + digits[len(digits)-3:]
	}
	currency := w.one(w.words.currency...)
	if currency == "$" || currency == "¥" || currency == "£" {
		w.put(currency, digits)
		return
	}
	w.put(digits, " ", currency)
}

func (w *writer) percent() {
	point := "."
	if w.words.language == German || w.words.language == Russian {
		point = ","
	}
	w.put(itoa(w.between(1, 94)))
	if w.chance(2) {
		w.put(point, itoa(w.IntN(10)))
	}
	if w.words.language == German || w.words.language == Russian {
		w.put(" ")
	}
	w.put("%")
}

// date writes a date of these years, as a report does.
func (w *writer) date() {
	w.put(w.dateOf(w.between(2021, 2027), w.between(1, 12), w.between(1, 28)))
}

func (w *writer) dateOf(year, month, day int) string {
	return strings.NewReplacer("{Y}", itoa(year), "{M}", pad(month, 2), "{D}", pad(day, 2), "{d}", itoa(day), "{m}", itoa(month),
		"{N}", w.words.months[month-1]).Replace(w.one(w.words.date...))
}

func itoa(n int) string { return pad(n, 1) }

// pad renders a number that is not negative with at least width digits.
func pad(n, width int) string {
	var b [20]byte
	i := len(b)
	for n > 0 || len(b)-i < width {
		i--
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return string(b[i:])
}
