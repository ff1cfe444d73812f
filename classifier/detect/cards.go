package detect

import (
	"bytes"

	"daylight.internal/classifier"
)

// cardWords speak of cards.
var cardWords = []string{
	"card", "cards", "visa", "mastercard", "maestro", "amex", "american express", "unionpay", "credit", "debit", "karte", "kreditkarte", "carte", "carte bancaire", "tarjeta", "carta", "cartão", "kart", "kredi kartı",
	"карта", "карты", "карте", "карту", "картой", "мир", "卡", "卡号", "银行卡", "信用卡", "银联", "カード", "카드", "بطاقة", "البطاقة", "कार्ड",
}

// writtenAsCard tells a card number in four groups from four numbers of a longer row,
// such as code points or quanta: there another group of four, of digits or
// hexadecimal, goes before or follows. What follows may be the month and year in
// which the card expires, or another card.
func writtenAsCard(c *classifier.Candidate) bool {
	if !sixAndThirteen(c) {
		return false
	}
	if c.End-c.Start == len(c.Value) {
		return !ofIdentifier(c)
	}
	text := c.Text
	if from := c.Start - 5; from >= 0 && fourHex(text, from) && blank(text[c.Start-1]) && !cardBefore(text, c.Start-1) {
		return false
	}
	if from := c.End + 1; from+4 <= len(text) && fourHex(text, from) && blank(text[c.End]) && !expiry(text[from:from+4]) && !cardAt(text, from) {
		return false
	}
	return true
}

// ofIdentifier tells whether the name that the value is assigned to is that of an
// identifier. Of those with sixteen hexadecimal digits one in 1,845 has none but
// figures.
func ofIdentifier(c *classifier.Candidate) bool {
	name := []byte(c.Name())
	if before := bytes.TrimRight(c.Text[max(0, c.Start-longestLabel):c.Start], " \"'"); len(before) > 0 && (before[len(before)-1] == ':' || before[len(before)-1] == '=') {
		before = bytes.TrimRight(before[:len(before)-1], " \"'")
		i := len(before)
		for i > 0 && (word(before[i-1]) || before[i-1] == '_' || before[i-1] == '-') {
			i--
		}
		name = before[i:]
	}
	small := bytes.ToLower(name)
	rest, found := bytes.CutSuffix(small, []byte("id"))
	if found && !bytes.HasSuffix(name, []byte("Id")) {
		found = len(rest) == 0 || !word(rest[len(rest)-1])
	}
	return found && !bytes.Contains(rest, []byte("card")) && !bytes.HasPrefix(rest, []byte("pan"))
}

// longestLabel bounds the bytes before a value that may be what it is assigned to.
const longestLabel = 48

func blank(b byte) bool { return b == ' ' || b == '\n' }

// fourHex tells whether a token of four hexadecimal digits stands at i.
func fourHex(text []byte, i int) bool {
	if word(at(text, i-1)) || word(at(text, i+4)) {
		return false
	}
	for _, b := range text[i : i+4] {
		if !digit(b) && !(b >= 'A' && b <= 'F') {
			return false
		}
	}
	return true
}

// expiry tells whether four digits are a month and a year of this half century.
func expiry(b []byte) bool {
	month := int(b[0]-'0')*10 + int(b[1]-'0')
	return month >= 1 && month <= 12 && b[2] >= '2' && b[2] <= '5'
}

// grouped is the length of a card number of sixteen digits in four groups.
const grouped = 19

func cardBefore(text []byte, end int) bool { return end >= grouped && cardAt(text, end-grouped) }

// cardAt tells whether a card number in groups of four stands at i.
func cardAt(text []byte, i int) bool {
	if i+grouped > len(text) {
		return false
	}
	var digits [16]byte
	value := appendDigits(digits[:0], text[i:i+grouped])
	return len(value) == 16 && card(value)
}
