package detect

import (
	"bytes"
	"strings"
)

// goods are the words that say of the number behind them that it is an order, an
// invoice, a parcel or an article.
var goods = endingsOf(
	"order", "invoice", "ticket", "ref", "reference", "sku", "tracking", "parcel", "batch", "serial", "article", "item", "case", "waybill", "seal", "tag", "container", "lot", "drawing", "booking", "contract", "claim", "policy", "receipt", "awb", "ean", "gtin", "upc", "isbn", "ts", "timestamp", "seq", "txn", "时间戳", "model", "part", "shipment", "consignment",
	"订单", "订单号", "訂單", "单号", "运单", "编号", "货号", "批次", "发票号", "заказ", "заказа", "накладная", "артикул", "счет", "счёт", "договор", "заявка",
	"الطلب", "طلب", "الشحنة", "الفاتورة", "فاتورة", "bestellung", "bestellnummer", "auftrag", "rechnung", "artikel", "sendung",
	"commande", "facture", "colis", "pedido", "factura", "artículo", "fatura", "ordine", "fattura", "articolo", "sipariş",
)

// numberWords may stand between such a word and the number.
var numberWords = endingsOf("no", "nr", "n°", "nº", "№", "number", "id", "nummer", "número", "numéro", "numero", "номер")

// longestGoods is how many bytes before a number are searched for such a word.
const longestGoods = 32

// ofGoods tells whether the word right before start, possibly with "no.", names
// the number as one of goods. Its own label says more of a number than other
// words nearby.
func ofGoods(text []byte, start int) bool {
	const between = " :#.-("
	end := start
	for end > 0 && start-end < longestGoods && strings.IndexByte(between, text[end-1]) >= 0 {
		end--
	}
	if end == 0 || !wordByte(text[end-1]) {
		return at(text, start-1) == '#'
	}
	before := strings.ToLower(string(text[max(0, start-longestGoods):start]))
	before = strings.TrimRight(strings.TrimSuffix(before, "："), between)
	if rest, found := numberWords.cut(before); found && strings.TrimRight(rest, between) != rest {
		before = strings.TrimRight(rest, between)
	}
	if _, found := goods.cut(before); found {
		return true
	}
	return bytes.HasSuffix(text[:start], []byte("#"))
}

// goodsSteps is what it costs to look for goods before a value.
const goodsSteps = 6

// endings finds words at the end of a text; they are listed by their last byte.
type endings [256][]string

func endingsOf(words ...string) *endings {
	e := new(endings)
	for _, w := range words {
		last := w[len(w)-1]
		e[last] = append(e[last], w)
	}
	return e
}

// cut cuts off the word that text ends with, as a whole word in scripts with blanks.
func (e *endings) cut(text string) (rest string, found bool) {
	if text == "" {
		return text, false
	}
	for _, w := range e[text[len(text)-1]] {
		rest, found = strings.CutSuffix(text, w)
		if found && (rest == "" || !wordByte(rest[len(rest)-1]) || w[0] >= 0xE3) {
			return rest, true
		}
	}
	return text, false
}
