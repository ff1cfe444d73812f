package calibration

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// values makes what stands for ${…} in a text.
type values struct {
	rand    *rand.Rand
	grown   string // what a stream said so far
	percent int
}

// words are those that made texts consist of.
const words = `the our a new spring offer customers campaign write letter short please for with and list of names who bought
shoes last week summary friendly tone report numbers in Berlin what is best way to tell them about price delivery table budget
channel compare product page headline ideas five translate German English mail answer order late sorry refund team meeting notes`

// beyondASCII are texts in other scripts.
func beyondASCII() []string {
	return []string{"请帮我写一封给客户的邮件，语气友好一点。", "Напиши короткое письмо клиентам о новой акции.", "اكتب رسالة قصيرة إلى العملاء عن العرض الجديد", "Schreibe unseren Kunden für Übermorgen eine höfliche Absage."}
}

// fill replaces the values of a text.
func (v *values) fill(text string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "${")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		b.WriteString(v.value(name))
		text = after
	}
}

func (v *values) value(name string) string {
	if list, ok := strings.CutPrefix(name, "one:"); ok {
		choices := strings.Split(list, "|")
		return choices[v.rand.IntN(len(choices))]
	}
	switch name {
	case "text":
		return v.text(4 + v.rand.IntN(60))
	case "long":
		return v.text(200 + v.rand.IntN(900))
	case "short":
		return v.sentence(1 + v.rand.IntN(3))
	case "word":
		return v.word()
	case "name":
		return strings.ToUpper(v.letters(1)) + v.letters(4) + " " + strings.ToUpper(v.letters(1)) + v.letters(6)
	case "token":
		return v.token()
	case "grown":
		v.grown += v.token()
		return v.grown
	case "percent":
		v.percent = min(v.percent+1+v.rand.IntN(3), 100)
		return fmt.Sprint(v.percent)
	case "int":
		return fmt.Sprint(1 + v.rand.IntN(9999))
	case "float":
		return fmt.Sprintf("%d.%02d", 10+v.rand.IntN(80), v.rand.IntN(100))
	case "email":
		return v.letters(6) + "@" + v.letters(7) + ".example"
	case "iso":
		return fmt.Sprintf("2026-%02d-%02dT%02d:%02d:%02dZ", 1+v.rand.IntN(12), 1+v.rand.IntN(28), v.rand.IntN(24), v.rand.IntN(60), v.rand.IntN(60))
	case "id":
		return v.from("0123456789abcdefghijklmnopqrstuvwxyz", 12+v.rand.IntN(12))
	case "base64":
		return v.from("ABCDEFGHabcdefgh0123456789", 24+v.rand.IntN(24))
	case "jwt":
		return "eyJ" + v.from("ABCDEFabcdef0123456789", 20) + "." + v.from("ABCDEFabcdef0123456789", 60) + "." + v.from("ABCDEFabcdef0123456789", 30)
	case "uuid":
		hex := "0123456789abcdef"
		return strings.Join([]string{v.from(hex, 8), v.from(hex, 4), v.from(hex, 4), v.from(hex, 4), v.from(hex, 12)}, "-")
	}
	panic("no such value: " + name)
}

// text is a sentence, now and then in another script.
func (v *values) text(n int) string {
	if list := beyondASCII(); v.rand.IntN(12) == 0 {
		return strings.Repeat(list[v.rand.IntN(len(list))], 1+n/20)
	}
	return v.sentence(n)
}

func (v *values) sentence(n int) string {
	list := strings.Fields(words)
	out := make([]string, n)
	for i := range out {
		out[i] = list[v.rand.IntN(len(list))]
	}
	return strings.Join(out, " ")
}

// token is what a model adds at once: a word or a part of one.
func (v *values) token() string {
	w := v.sentence(1)
	switch v.rand.IntN(4) {
	case 0:
		return w[:1+v.rand.IntN(len(w))]
	case 1:
		return " " + w + ","
	default:
		return " " + w
	}
}

func (v *values) word() string         { return v.letters(4 + v.rand.IntN(6)) }
func (v *values) letters(n int) string { return v.from("abcdefghijklmnoprstuvw", n) }

func (v *values) from(letters string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[v.rand.IntN(len(letters))]
	}
	return string(b)
}
