// Package hostile makes texts that a scanner is slow on, if it can be made slow: what no
// rule ends, the half-finished matches of every detector, and bodies of their shape.
package hostile

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"daylight.internal/classifier"
)

// Text is one hostile body.
type Text struct {
	Name string // the piece that it repeats, or what it is
	File string // its file name, of which the suffix tells how it is read
	Body []byte
}

// Texts returns bodies of about size bytes.
func Texts(detectors []classifier.Detector, size int) []Text {
	var list []Text
	for _, piece := range Pieces(detectors) {
		list = append(list, Repeat(piece, size))
	}
	return append(list, table(size), members(detectors, size), brackets(size), alternating(size))
}

// Repeat returns a body that says the same again and again.
func Repeat(piece string, size int) Text {
	return Text{Name: piece, Body: bytes.Repeat([]byte(piece), size/len(piece)+1)[:size]}
}

// Pieces are short texts that, repeated, ask a scanner to try again and again.
func Pieces(detectors []classifier.Detector) []string {
	pieces := slices.Concat(known(), Openings(detectors), pairs(Openings(detectors)))
	for _, d := range detectors {
		for _, literal := range d.Literals {
			pieces = append(pieces, literal, literal+" 1 ")
		}
		for _, layout := range d.Layouts {
			value := filled(layout)
			pieces = append(pieces, value+" ", value[:len(value)-1]+" ", value[:(len(value)+1)/2]+" ")
		}
		for _, example := range d.Examples {
			pieces = append(pieces, example+" ", example[:len(example)*2/3]+" ")
		}
	}
	slices.Sort(pieces)
	return slices.Compact(pieces)
}

// known are pieces that scanners were slow on, and long runs of one class.
func known() []string {
	pieces := []string{
		"eyJabcdefghij-", "eyJ", "sk-", "sk-ant-", "AKIA", "hf_a1", "AIza0a", "-----BEGIN ", "ghp_", "xoxb-1",
		"1 ", "0 0 0 ", "001 ", "1-", "1.1.", "1.2.3.4 ", "12-34-", "+1(1)", "+1 (1) ", "+49 151 1", "(((((1", "٠١", "1\u200b", "1", "1234567890",
		"4111 1111 1111 1111 ", "4532015112830366 ", "DE89 3704 0044 ", "AB12 ", "2024-01-01 ", "1/1/1/", "0.1234,", "51.50735, -0.12776 ",
		"a@", "a.a.a@a.a.", "@", "a:", "1:", "::", "::1:", "://", "?token=", "?token=a1", "password=", "password: ", "passwordpassword", "token=", "accountkey=", "%d0%", "=?",
		"转化率1", "roas ", "CTR 1 ", "confidential ", "机密", "паспорт 45 11 123456 ", "phone 1234567 ", "born 4 March ", "May 4 ", "手机1381234567 ", "客户", "order no. ",
		"12 Main Street ", "улица 1 ", "rue 1 ", "rue ", "via a a a a 1, ", "شارع 1 ", "北京市区路1", "北京市", "10115 Berlin ", "SW1A 1AA ", "calle ", "Str. 1, ", "12345 A", "1234 Ab, ",
		"a1b2c3d4", "A1", "a1 ", "aA0-", "_", "a_1_", "é", "\u0301", "Пп1", "ア1", "가1 ", "\"", "'a", "\\\"", "{\"a\":", "</a>", "&#49;", "\u202e1",
	}
	for _, b := range "a1.-= :/\\(_%@A,;\n\t\"'+#0" {
		pieces = append(pieces, string(b), strings.Repeat(string(b), 200)+" ")
	}
	return pieces
}

// Openings returns how values begin: one literal and one layout of each detector.
func Openings(detectors []classifier.Detector) (list []string) {
	for _, d := range detectors {
		if len(d.Literals) > 0 {
			list = append(list, d.Literals[0])
		}
		if len(d.Layouts) > 0 {
			value := filled(d.Layouts[0])
			list = append(list, value[:(len(value)+1)/2])
		}
	}
	return list
}

// pairs joins openings to pairs and triples: each with some of those that follow it.
func pairs(openings []string) (list []string) {
	n := len(openings)
	for i, first := range openings {
		second, third := openings[(i+1)%n], openings[(i*7+3)%n]
		list = append(list, first+second, first+" "+third+" ", first+"="+second, second+first+third, third+" 1 "+first+",")
	}
	return list
}

// filled is a value of a layout.
func filled(layout string) string {
	return strings.NewReplacer("d", "1", "A", "A", "X", "1", "_", " ", "?", "").Replace(layout)
}

// table is a table of short cells that each look like the opening of a value.
func table(size int) Text {
	values := []string{"1", "12345", "password=1", "sk-a1", "12 Main St", "2024-01-01", "a@b", "4111111111111111", "SW1A 1AA", "+4915", "1.2.3", "token", "rue 1", "AB12", "eyJ"}
	body := []byte("id,phone,name,e-mail,address,date of birth,passport,tax id,password,note,card\n")
	for i := 0; len(body) < size; i++ {
		for k := range 11 {
			body = append(append(body, values[(i*11+k*7)%len(values)]...), ',')
		}
		body[len(body)-1] = '\n'
	}
	return Text{"a table of hostile cells", "hostile.csv", body}
}

// members is an object whose keys are context words.
func members(detectors []classifier.Detector, size int) Text {
	values := []string{"123456789", "12345678901", "AB123456", "sk-a1", "1984-03-12"}
	var words []string
	for _, d := range detectors {
		words = append(words, d.Context...)
	}
	body := []byte(`{"a":1`)
	for i := 0; len(body) < size; i++ {
		body = fmt.Appendf(body, `,%q:%q`, words[i*31%len(words)], values[i%len(values)])
	}
	return Text{"an object with context words for keys", "hostile.json", append(body, '}')}
}

func brackets(size int) Text {
	text := append(bytes.Repeat([]byte("[{(\"1"), size/10), bytes.Repeat([]byte(")}]1,"), size/10)...)
	return Text{Name: "nested brackets", Body: text}
}

// alternating changes the script at every step.
func alternating(size int) Text {
	return Repeat("a1я1中1ش1é1٠ア1가", size)
}
