package corpus

import "strings"

// codes writes a list of numbers that only look like somebody's: each with its
// name or none.
func (w *writer) codes() {
	for range w.between(6, 20) {
		name, value := w.code1()
		switch w.IntN(5) {
		case 0:
			w.put(value)
		case 1:
			w.put(name, " ", value)
		case 2:
			w.put(name, ": ", value)
		case 3:
			w.put(name, w.one("\t", ",", ";", " = "), value)
		default:
			w.sentence()
			w.put(" ", name, " ", value, w.words.stop)
		}
		w.put("\n")
	}
}

// code1 returns what a number is called and the number.
func (w *writer) code1() (name, value string) {
	switch w.IntN(20) {
	case 0:
		return w.called("order", "订单号", "заказ", "رقم الطلب", "Bestellung"), w.one("", "#", "ORD-", "2026-") + w.noCard(w.between(6, 14))
	case 1:
		return w.called("invoice", "发票", "счёт", "فاتورة", "Rechnung"), w.one("INV-", "RE", "", "F") + itoa(w.between(2021, 2027)) + w.one("-", "/", "") + w.digits(w.between(4, 8))
	case 2:
		return w.called("tracking", "运单号", "трек-номер", "رقم التتبع", "Sendung"), w.one("1Z"+string(w.from(upperCase+decimal, 16)), "JD"+w.digits(18), w.noCard(20), "RR"+w.digits(9)+"CN", w.noCard(12))
	case 3:
		return w.one("sha256", "md5", "commit", "etag", "checksum"), w.hex([]int{7, 8, 12, 32, 40, 64}[w.IntN(6)])
	case 4:
		return w.one("id", "uuid", "request", "session"), w.uuid()
	case 5:
		return w.one("SKU", "part no.", "Art.-Nr.", "артикул", "货号"), w.partNumber()
	case 6:
		return w.called("version", "版本", "версия", "الإصدار", "Version"), w.version()
	case 7:
		return "ISBN", w.isbn()
	case 8:
		return w.one("EAN", "GTIN", "barcode", "条码", "штрихкод"), w.ean(w.one("400", "690", "460", "628", "978", "871", "500"))
	case 9:
		return w.one("ts", "timestamp", "created_at", "t", "时间戳"), itoa(int(w.clock/1000) + w.IntN(90000000))
	case 10:
		return w.one("ts", "timestamp", "created", "expires", "updated_at"), itoa(int(w.clock) + w.IntN(1000000000))
	case 11:
		return w.one("us", "time_us", "cursor", "nanos"), itoa(int(w.clock)) + w.digits(3*w.between(1, 2))
	case 12:
		return w.one("bytes", "count", "total", "offset", "seq"), w.noCard(w.between(4, 15))
	case 13:
		return w.one("dimensions", "size", "尺寸", "Maße"), w.digits(3) + "x" + w.digits(4, '0') + "x" + w.digits(3)
	case 14:
		return w.called("ratio", "比例", "доля", "نسبة", "Anteil"), "0." + w.digits(w.between(3, 16))
	case 15:
		return w.one("snowflake", "tweet", "message id", "post"), w.one("1", "7") + w.digits(w.between(16, 18))
	case 16:
		return w.one("card test", "ref", "token", "txn"), w.wrongCard()
	case 17:
		return w.called("batch", "批号", "партия", "دفعة", "Charge"), string(w.from(upperCase, 2)) + w.digits(w.between(5, 9)) + w.one("", string(w.from(upperCase, 1)))
	case 18:
		return w.called("scores", "得分", "счёт", "النتائج", "Ergebnisse"), w.digits(2, '0') + "-" + w.digits(2) + ", " + w.digits(1) + ":" + w.digits(1) + ", " + w.digits(3, '0') + " " + w.digits(3) + " " + w.digits(3)
	default:
		return w.one("image", "etag", "blob", "payload"), w.base64Run(w.between(24, 200))
	}
}

// called returns the word of the writer's language.
func (w *writer) called(en, zh, ru, ar, de string) string {
	return map[Language]string{English: en, Chinese: zh, Russian: ru, Arabic: ar, German: de}[w.words.language]
}

func (w *writer) uuid() string {
	h := w.hex(32)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-" + w.one("8", "9", "a", "b") + h[17:20] + "-" + h[20:]
}

func (w *writer) version() string {
	return w.one("", "v") + itoa(w.IntN(30)) + "." + itoa(w.IntN(40)) + "." + itoa(w.IntN(200)) + w.one("", "", "-rc."+itoa(w.between(1, 9)), "+build."+itoa(w.IntN(9000)), "-"+w.digits(8, '0'))
}

func (w *writer) partNumber() string {
	switch w.IntN(6) {
	case 0:
		return string(w.from(upperCase, 3)) + "-" + w.digits(4) + "-" + string(w.from(upperCase, 1))
	case 1:
		return w.digits(3, '0') + "-" + w.digits(4) + "-" + w.digits(2)
	case 2:
		return string(w.from(upperCase, 2)) + w.digits(6)
	case 3:
		return w.digits(2, '0') + "." + w.digits(3) + "." + w.digits(3)
	case 4:
		return w.digits(6, '0') + "-" + w.digits(3) + w.one("", "-"+string(w.from(upperCase, 2)))
	}
	return strings.ToUpper(w.syllables(1, 1)) + w.digits(3) + "/" + w.digits(2) + string(w.from(upperCase, 1))
}

// ean returns a number of 13 digits with its check digit (GS1 General Specifications 7.9).
func (w *writer) ean(prefix string) string {
	body := prefix + w.digits(12-len(prefix))
	sum := 0
	for i := range 12 {
		weight := 1
		if i%2 == 1 {
			weight = 3
		}
		sum += int(body[i]-'0') * weight
	}
	return body + itoa((10-sum%10)%10)
}

func (w *writer) isbn() string {
	e := w.ean("978")
	return w.one(e, e[:3]+"-"+e[3:4]+"-"+e[4:7]+"-"+e[7:12]+"-"+e[12:])
}

// noCard returns n random digits that are no card number: one whose check digit
// fits is one to whoever reads it.
func (w *writer) noCard(n int) string {
	number := w.digits(n, '0')
	for n >= 12 && isLuhn(number) {
		number = w.digits(n, '0')
	}
	return number
}

// LuhnNumbers returns n random numbers of so many digits, of which the last is the
// check digit of payment cards and the first is not 0.
func LuhnNumbers(seed uint64, digits, n int) []string {
	w := newWriter(English, seed, "luhn")
	numbers := make([]string, n)
	for i := range numbers {
		body := w.digits(digits-1, '0')
		numbers[i] = body + itoa(luhnDigit(body))
	}
	return numbers
}

// isLuhn tells whether the last digit is the check digit of the others.
func isLuhn(number string) bool {
	n := len(number) - 1
	return luhnDigit(number[:n]) == int(number[n]-'0')
}

// transaction returns a number as shops and banks give to what they process.
func (w *writer) transaction() string {
	return w.one(w.noCard(w.between(9, 19)), w.now().Format("20060102150405")+w.digits(w.between(3, 6)), itoa(int(w.clock))+w.digits(w.between(3, 6)), "1"+w.digits(18))
}

// wrongCard returns a number of 16 digits that no issuer gave out: its check
// digit is wrong.
func (w *writer) wrongCard() string {
	body := w.one("4", "5"+itoa(w.between(1, 5)), "2200", "62") + w.digits(14)
	body = body[:15]
	right := luhnDigit(body)
	wrong := (right + w.between(1, 9)) % 10
	number := body + itoa(wrong)
	return w.one(number, number[:4]+" "+number[4:8]+" "+number[8:12]+" "+number[12:])
}

// luhnDigit returns the digit that completes the number (ISO/IEC 7812-1 annex B).
func luhnDigit(body string) int {
	sum := 0
	for i := range len(body) {
		d := int(body[len(body)-1-i] - '0')
		if i%2 == 0 {
			d *= 2
			d = d/10 + d%10
		}
		sum += d
	}
	return (10 - sum%10) % 10
}

func (w *writer) base64Run(n int) string {
	return string(w.from(alphanumeric+"+/", n/4*4-2)) + "=="
}

// figures writes a table of figures without a person in it.
func (w *writer) figures() {
	separator := w.one(",", ";", "\t")
	columns := w.between(3, 8)
	w.put(w.called("region", "地区", "регион", "المنطقة", "Region"))
	for range columns {
		w.put(separator, w.composed())
	}
	w.put("\n")
	for range w.between(10, 60) {
		w.put(w.one(w.words.places...))
		for i := range columns {
			w.put(separator)
			switch (i + columns) % 4 {
			case 0:
				w.put(itoa(w.IntN(100000)))
			case 1:
				w.put(itoa(w.IntN(1000)), ".", w.digits(2))
			case 2:
				w.put(itoa(w.IntN(1 << w.between(10, 40))))
			default:
				w.put(w.one("", "-")+"0.", w.digits(w.between(2, 9)))
			}
		}
		w.put("\n")
	}
	w.put("\n")
}

// programWords are the words of programs: English, whoever writes them, and none
// that says what a number beside it is, since that would be one to any reader.
func (w *writer) programWords() []string { return lexiconOf(English).programWords }
