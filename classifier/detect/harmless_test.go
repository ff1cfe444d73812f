package detect_test

import "testing"

// Texts of everyday work that hold numbers, names of things and code, but
// nothing of anybody.
func TestHarmlessTextsStayHarmless(t *testing.T) {
	s := newScanner(t)
	for _, text := range []string{
		"Release 2.14.0 ships on 2024-05-17 at 10:30; the build took 1234567 ms and 12.345.678 bytes.",
		"Order 4155552671 was paid with $1,249.00 on 05/17/2024, invoice 2024-000123, tracking 1Z999AA10123456784.",
		"commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		"id=550e8400-e29b-41d4-a716-446655440000&ts=1700000000&ms=1700000000123&v=10.0.19045.3803",
		`{"model":"gpt-4o","temperature":0.7,"max_tokens":4096,"seed":1234567890,"stream":true}`,
		"vector: [0.123456, -0.987654, 0.456789, 0.111111]",
		"SKU 4006381333931, EAN 4006381333931, ISBN 978-3-16-148410-0, part no. 100-200-3000",
		"The campaign runs 01.05.2024 - 31.05.2024, 09:00-17:30, rooms 101 102 103 104 105.",
		"func main() { x := 0x1F600; y := 1<<31 - 1; fmt.Println(x, y, 3.141592653589793) }",
		"SELECT * FROM t WHERE id IN (1000000001, 1000000002, 1000000003);",
		"价格 1299 元，销量 12345 件，编号 20240517001，库存 8888888888 件",
		"Цена 12 990 руб., артикул 4601234567890, заказ 1700000001, скидка 15 %",
		"السعر ١٢٩٩ درهم، الكمية ٤٥، رقم الطلب ١٧٠٠٠٠٠٠٠١",
		"Preis 1.299,00 EUR, Bestellung 2024-4711-0815, Lieferung KW 23, DIN EN 13432:2000-12",
		"GET /assets/app.4f3c2b1a.js?v=20240517 HTTP/1.1 200 5123 0.004",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.6367.119 Safari/537.36",
		"aa:bb:cc:dd:ee:ff 00:1A:2B:3C:4D:5E",
		"margin: 0 10 20 30; grid 12 345 678 901 234",
		"The scores were 3-2, 21-19, 6-4 6-3, and 100-98.",
		"@media (min-width: 40rem) { .logo@2x { width: 100% } } npm i @scope/pkg@1.2.3",
		"Windows 95, iPhone15Pro, B2B, CO2, 4K, Q3, AB12CD, R2D2, X1Y2Z3, A1B2C3D4",
		"2147483647 4294967295 9007199254740991 18446744073709551615",
		"192.0.2 and section 3.2.1.4 of the manual, version 4.18.2.1, table 1.1.1.1",
	} {
		for _, f := range scan(s, text).Findings {
			t.Errorf("%s %q in %q", f.Detector, text[f.Start:f.End], text)
		}
	}
}
