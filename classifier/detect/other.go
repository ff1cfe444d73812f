package detect

import (
	"bytes"

	"daylight.internal/classifier"
)

// otherNumbers are how the names of numbers begin that identify nobody, in the
// languages of the numbers that look like them.
var otherNumbers = [...]string{
	"art", "item", "part", "prod", "model", "modell", "sku", "ean", "gtin", "serie", "serial", "sn", "order", "ordre", "ordernr", "best", "bestell", "invoice", "faktura", "fakturanr", "facture", "rechnung", "ref", "ticket",
	"case", "varenr", "tilbud", "offert", "obj", "zakázka", "zakazka", "batch", "lot", "reikning", "pöntun", "pontun",
}

// nameReach is how far before a number its name may begin.
const nameReach = 24

// noArticle refuses a number right behind the name of another kind of number,
// such as that of an article or an order.
func noArticle(c *classifier.Candidate) bool {
	name := c.Text[max(0, c.Start-nameReach):c.Start]
	name = bytes.TrimRight(name, " :#=\t\"'")
	if i := bytes.LastIndexAny(name, " \t\n,;\"'({"); i >= 0 {
		if tail := name[i+1:]; len(tail) <= 3 && i > 0 { // "no.", "nr", "č."
			name = name[:i]
			i = bytes.LastIndexAny(name, " \t\n,;\"'({")
		}
		name = name[i+1:]
	}
	for _, other := range otherNumbers {
		if len(name) >= len(other) && bytes.EqualFold(name[:len(other)], []byte(other)) && !letter(at(name, len(other))) {
			return false
		}
	}
	return true
}
