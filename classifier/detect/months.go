package detect

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"daylight.internal/classifier"
)

// months are the names of the months as dates hold them, by language.
var months = [][12]string{
	{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
	{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
	{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"},
	{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
	{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
}

func monthNames() (names []string) {
	for _, language := range months {
		names = append(names, language[:]...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// monthNumbers are the numbers of months by their names in small letters, and
// monthWords finds those.
var (
	monthNumbers = func() map[string]int {
		numbers := map[string]int{}
		for _, language := range months {
			for k, name := range language {
				numbers[strings.ToLower(name)] = k + 1
			}
		}
		return numbers
	}()
	monthWords = foldSetOf(slices.Sorted(maps.Keys(monthNumbers))...)
)

// monthAt returns the number of the month whose name is the word at i, and
// where the word ends; 0 when it is none.
func monthAt(text []byte, i int) (month, end int) {
	if i < 0 || i >= len(text) || digit(text[i]) || i > 0 && wordByte(text[i-1]) {
		return 0, i
	}
	n := monthWords.at(text, i)
	if end = i + n; n == 0 || wordByte(at(text, end)) {
		return 0, i
	}
	var buffer [longestStreetWord]byte
	return monthNumbers[string(smallLetters(buffer[:0], text[i:end]))], end
}

// wordByte tells whether b is of a word in any script.
func wordByte(b byte) bool { return word(b) || b >= 0x80 }

// monthSteps is what it costs to read a date around the name of a month.
const monthSteps = 5

// matchMonth reads the date around the name of a month: 4 March 1984,
// March 4, 1984, 4 de marzo de 1984. The value is the year, month and day.
func matchMonth(c *classifier.Candidate) bool {
	month, end := monthAt(c.Text, c.At)
	if month == 0 {
		return false
	}
	c.Steps += monthSteps
	figures, next := figuresAfter(c.Text, end)
	if figures == "" {
		return false
	}
	from, day := dayBefore(c.Text, c.At)
	if day == "" && len(figures) <= 2 {
		from, day = c.At, figures
		figures, next = figuresAfter(c.Text, ordinalEnd(c.Text, next))
	}
	if day == "" || len(figures) != 4 {
		return false
	}
	c.Start, c.End = from, next
	c.Value = fmt.Appendf(c.Value, "%s%02d%02s", figures, month, day)
	return true
}

// dayBefore reads backwards from i, over "of", "de" and an ordinal's end, to the
// one or two digits of a day.
func dayBefore(text []byte, i int) (from int, day string) {
	i = backOver(text, i, " -")
	for _, filler := range [...]string{" of", " de"} {
		if bytes.HasSuffix(text[:i], []byte(filler)) {
			i = backOver(text, i-len(filler)+1, " ")
		}
	}
	i = backOver(text, i, ".")
	for _, ordinal := range [...]string{"st", "nd", "rd", "th", "er"} {
		if i > 2 && string(text[i-2:i]) == ordinal && digit(text[i-3]) {
			i -= 2
			break
		}
	}
	from = i
	for from > 0 && i-from < 3 && digit(text[from-1]) {
		from--
	}
	if i-from > 2 || from > 0 && wordByte(text[from-1]) {
		return i, ""
	}
	return from, string(text[from:i])
}

func backOver(text []byte, i int, over string) int {
	for limit := i - 2; i > 0 && i > limit && strings.IndexByte(over, text[i-1]) >= 0; {
		i--
	}
	return i
}

// figuresAfter reads up to four digits behind at most two of " ,.-" and "de".
func figuresAfter(text []byte, i int) (figures string, end int) {
	over := func() {
		for limit := i + 2; i < len(text) && i < limit && strings.IndexByte(" ,.-", text[i]) >= 0; i++ {
		}
	}
	over()
	if filler := string(text[i:min(len(text), i+3)]); filler == "de " || filler == "del" {
		i += 2
		if filler == "del" {
			i++
		}
		over()
	}
	end = i
	for end < len(text) && end-i < 5 && digit(text[end]) {
		end++
	}
	return string(text[i:end]), end
}

func ordinalEnd(text []byte, i int) int {
	for _, ordinal := range [...]string{"st", "nd", "rd", "th"} {
		if strings.HasPrefix(string(text[i:min(len(text), i+2)]), ordinal) {
			return i + 2
		}
	}
	return i
}
