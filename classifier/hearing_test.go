package classifier

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// expressions are those that the plain search has made.
var expressions sync.Map

// phraseExpression writes a context word as an expression over folded text in
// which a zero byte stands for each rune that is left out.
func phraseExpression(word string) *regexp.Regexp {
	if known, ok := expressions.Load(word); ok {
		return known.(*regexp.Regexp)
	}
	const gaps = " \\t\\n\\r_./'’-"
	var b strings.Builder
	for i, part := range regexp.MustCompile("["+gaps+"]+").Split(strings.Trim(string(appendFolded(nil, []byte(word))), " \t\n\r_./'’-"), -1) {
		if i > 0 {
			b.WriteString("[" + gaps + "]{1,3}")
		}
		for _, r := range part {
			b.WriteString("\x00*" + regexp.QuoteMeta(string(r)))
		}
	}
	made := regexp.MustCompile("^(?:" + b.String() + ")\x00*")
	expressions.Store(word, made)
	return made
}

// plainlySpoken tells whether word begins in text[from:to], by trying every place.
func plainlySpoken(text []byte, from, to int, word string) bool {
	expression := phraseExpression(word)
	for i := from; i < to; i++ {
		if !utf8.RuneStart(text[i]) {
			continue
		}
		first, _ := utf8.DecodeRune(text[i:])
		before, _ := utf8.DecodeLastRune(text[:i])
		if wordRune(first) && (wordRune(before) || wordLength(text[i:]) >= longestWord) {
			continue
		}
		opens, _ := utf8.DecodeRuneInString(word)
		if foldCase(first) == 0 && !wordRune(opens) {
			continue // the mark is a word for itself
		}
		if foldCase(first) != 0 && foldCase(first) != foldCase(opens) {
			continue
		}
		var folded []rune
		for _, r := range string(text[i:min(len(text), i+256)]) {
			if r == 0 {
				r = '\x01' // no mark that is left out
			}
			folded = append(folded, foldCase(r))
		}
		found := expression.FindStringIndex(string(folded))
		if found == nil {
			continue
		}
		last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(string(folded)[:found[1]], "\x00"))
		after, _ := utf8.DecodeRuneInString(string(folded)[found[1]:])
		if !wordRune(last) || !wordRune(after) {
			return true
		}
	}
	return false
}

func wordLength(text []byte) int {
	n := 0
	for _, r := range string(text) {
		if !wordRune(r) {
			break
		}
		n += utf8.RuneLen(r)
	}
	return n
}

var someContext = []string{
	"tel", "phone", "contact number", "tax id", "e-mail", "д.р.", "инн", "паспорт", "номер телефона", "هاتف", "رقم الهوية", "手机", "电话号", "号",
	"卡id", "téléphone", "driver's license", "né le", "मोबाइल", "№", "a", "identification", "identificationnumber", "tele", "p",
}

// words of text, with what may join or part them.
func randomText(random *rand.Rand) []byte {
	parts := append([]string{
		" ", "  ", "    ", "-", "_", "\n", "'", "’", ".", ",", "s", "1", "é", "\u064F", "ـ", "\u0301", "\xff", "\x80", "\xd0", "的", "x", "ТЕЛ", "Phone", "CONTACT", "NUMBER", "tax", "id", "ID", "电", "话",
		strings.Repeat("ab", 40), strings.Repeat("я", 40), "ПАСПОРТ", "telephone", "ال", "driver", "license", "number",
	}, someContext...)
	var b strings.Builder
	for range 3 + random.IntN(30) {
		b.WriteString(parts[random.IntN(len(parts))])
		if random.IntN(2) == 0 {
			b.WriteByte(' ')
		}
	}
	return []byte(b.String())
}

func newWords(t testing.TB) *contextWords {
	t.Helper()
	words := &contextWords{}
	for i, word := range someContext {
		if err := words.add(i, word); err != nil {
			t.Fatal(err)
		}
	}
	words.compile(len(someContext))
	return words
}

// compareHearing asks for windows of a text, roughly in order, and holds the
// answers against those of the plain search.
func compareHearing(t *testing.T, h *hearing, text []byte, random *rand.Rand) {
	t.Helper()
	var b blocks
	b.reset(text)
	h.reset(&b)
	set := newMatcherSet(len(someContext))
	for at := 0; at < len(text); at += random.IntN(40) {
		from := max(0, at-random.IntN(100))
		to := min(len(text), from+random.IntN(120))
		clear(set)
		h.speaksFor(text, from, to, set)
		for i, word := range someContext {
			if want := plainlySpoken(text, from, to, word); set.has(i) != want {
				t.Fatalf("%q in %q, [%d:%d]: heard %v, want %v", word, text, from, to, set.has(i), want)
			}
		}
	}
}

func TestWhatIsHeardIsWhatAPlainSearchFinds(t *testing.T) {
	h := &hearing{words: newWords(t)}
	random := rand.New(rand.NewPCG(5, 3))
	rounds := 600
	if testing.Short() {
		rounds = 100
	}
	for range rounds {
		compareHearing(t, h, randomText(random), random)
	}
}

func TestContextIsWholeWords(t *testing.T) {
	words := newWords(t)
	for _, tt := range []struct {
		word, text string
		want       bool
	}{
		{"tel", "Tel.: 1", true},
		{"tel", "hotel 1", false},
		{"tel", "tell 1", false},
		{"tel", "tel1", false},
		{"инн", "длинный", false},
		{"инн", "ИНН 1", true},
		{"téléphone", "TELEPHONE 1", true},
		{"هاتف", "هَاتِفُ 1", true},
		{"手机", "我的手机是1", true},
		{"tax id", "TAX-ID 1", true},
		{"tax id", "tax\nid 1", true},
		{"tax id", "tax_id=1", true},
		{"tax id", "tax, id 1", false},
		{"tax id", "taxid 1", false},
		{"tax id", "tax    id 1", false},
		{"driver's license", "driver’s license 1", true},
		{"д.р.", "д. р. 1", true},
		{"मोबाइल", "मेरा मोबाइल नंबर 1", true},
		{"मोबाइल", "मोबाइलों 1", false},
		{"№", "паспорт № 1", true},
	} {
		var b blocks
		b.reset([]byte(tt.text))
		h := &hearing{words: words, blocks: &b}
		set := newMatcherSet(len(someContext))
		h.speaksFor([]byte(tt.text), 0, len(tt.text), set)
		for i, word := range someContext {
			if word == tt.word && set.has(i) != tt.want {
				t.Errorf("%q speaks of %q: %v", tt.text, tt.word, set.has(i))
			}
		}
	}
}

func FuzzHearing(f *testing.F) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 20 {
		f.Add(randomText(random), uint64(random.Int64()))
	}
	h := &hearing{words: newWords(f)}
	f.Fuzz(func(t *testing.T, text []byte, seed uint64) {
		if len(text) <= 512 {
			compareHearing(t, h, text, rand.New(rand.NewPCG(seed, 0)))
		}
	})
}
