package extract

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// pagesIn joins labelled pages, none of which the tables of the guess were
// counted from.
func pagesIn(t testing.TB, language string, names ...string) string {
	t.Helper()
	var all strings.Builder
	for _, name := range names {
		page, err := os.ReadFile(filepath.Join("..", "..", "testdata", "corpus", "labelled", language, name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		_, text, _ := strings.Cut(string(page), "\n---\n")
		all.WriteString(text)
	}
	return all.String()
}

// traditionalText stands in for pages in traditional characters, of which there
// are hardly any.
const traditionalText = `各位同事好，附件是上週末活動的報名名單，麻煩大家在星期三以前確認聯絡方式是否正確。本次活動一共有三百二十七位客戶參加，其中新客戶占四成左右。
台北信義門市的王小姐反映，簡訊發送之後有十幾位會員沒有收到優惠券，請資訊部門協助查詢原因。另外，第四季的廣告預算已經核准，我們會把重點放在網路影音與社群貼文。
感謝您長期以來對本公司的支持與愛護。為了提供更好的服務，我們將於下個月調整會員制度，詳細內容請參閱官方網站。如果您對帳單金額有任何疑問，歡迎隨時與客服中心聯繫。
會議紀錄：一、討論新產品上市時程；二、包裝設計由設計部重新提案；三、經銷商希望降低最低訂購數量。陳經理表示價格還有調整空間，但是必須先看到銷售數字。
香港分店本月的營業額比去年同期增加百分之十二，主要是因為遊客人數回升。店長建議延長週末營業時間，並且多聘請兩位兼職員工，幫忙處理退換貨以及電話查詢。
`

// TestTheLegacyEncodingIsGuessed measures how often pieces of texts are read
// right whose encoding nobody declares. The floors are a little below what was measured.
func TestTheLegacyEncodingIsGuessed(t *testing.T) {
	names := []string{"brief", "campaign-prose", "campaign-table", "competitor", "confidential", "crm-export", "loyalty-tab", "neg-law", "neg-prose", "orders"}
	romance := []string{"campaign-table", "confidential", "crm-export", "neg-prose", "orders"}
	western := pagesIn(t, "de", names...) + pagesIn(t, "fr", romance...) + pagesIn(t, "es", romance...)
	russian, arabic, simplified := pagesIn(t, "ru", names...), pagesIn(t, "ar", names...), pagesIn(t, "zh", names...)
	sizes := [...]int{40, 60, 120, 500}
	for _, c := range []struct {
		name   string
		enc    encoding.Encoding
		text   string
		floors [len(sizes)]float64 // percent
	}{
		{"ar windows-1256", charmap.Windows1256, arabic, [len(sizes)]float64{97, 98, 98, 99}},
		{"ru windows-1251", charmap.Windows1251, russian, [len(sizes)]float64{98, 98, 99, 99}},
		{"ru KOI8-R", charmap.KOI8R, russian, [len(sizes)]float64{96, 98, 99, 99}},
		{"zh-Hans GB18030", simplifiedchinese.GB18030, simplified, [len(sizes)]float64{96, 97, 99, 99}},
		{"zh-Hant Big5", traditionalchinese.Big5, traditionalText, [len(sizes)]float64{99, 99, 99, 99}},
		{"de fr es windows-1252", charmap.Windows1252, western, [len(sizes)]float64{99, 99, 99, 99}},
	} {
		for i, size := range sizes {
			right, all, wrong := guessed(c.enc, c.text, size)
			share := 100 * float64(right) / float64(all)
			t.Logf("%-22s %3d bytes: %5.1f %% of %d %v", c.name, size, share, all, wrong)
			if all < 3 || share < c.floors[i] {
				t.Errorf("%s, %d bytes: %.1f %% of %d read right, want %.1f", c.name, size, share, all, c.floors[i])
			}
		}
	}
}

// guessed counts the pieces of a text, of about size bytes in an encoding, that
// are read as they were written. wrong tells by what the others were taken for.
func guessed(enc encoding.Encoding, text string, size int) (right, all int, wrong map[string]int) {
	wrong = map[string]int{}
	for start := 0; start < len(text); {
		var b []byte
		end := start
		for end < len(text) && len(b) < size {
			_, n := utf8.DecodeRuneInString(text[end:])
			if coded, err := enc.NewEncoder().Bytes([]byte(text[end : end+n])); err == nil {
				b = append(b, coded...)
			}
			end += n
		}
		start += max(1, (end-start)/4)
		for start < len(text) && !utf8.RuneStart(text[start]) {
			start++
		}
		want, err := enc.NewDecoder().Bytes(b)
		if err != nil || string(want) == string(b) || len(b) < size {
			continue // a piece in ASCII tells nothing
		}
		all++
		var e evidence
		got, _ := e.guess(b)
		if got != nil {
			if decoded, err := got.NewDecoder().Bytes(b); err == nil && string(decoded) == string(want) {
				right++
				continue
			}
		}
		wrong[fmt.Sprint(got)]++

	}
	return right, all, wrong
}

func TestDeclaredAndWideEncodings(t *testing.T) {
	utf16 := func(order unicode.Endianness, bom unicode.BOMPolicy, s string) string {
		out, err := unicode.UTF16(order, bom).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	in := func(enc encoding.Encoding, s string) string {
		out, err := enc.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	const russian, arabic, chinese, plain = "Клиент Иванов, паспорт", "السيد أحمد، رقم الهاتف", "客户王芳，电话是新的号码。请回复。", "Dear Ana, see the list"
	const greek, japanese932 = "Αγαπητή πελάτισσα", "お客様の電話番号をご確認ください"
	html := func(head, text string) Input { return Input{Body: []byte("<html>" + head + "<p>" + text)} }
	run(t, []bodyCase{
		{name: "UTF-16 with a byte order mark", in: body(utf16(unicode.LittleEndian, unicode.UseBOM, russian)), want: []string{" = " + russian}},
		{name: "UTF-16 without one, English", in: body(utf16(unicode.BigEndian, unicode.IgnoreBOM, plain)), want: []string{" = " + plain}},
		{name: "UTF-16 without one, Russian", in: body(utf16(unicode.LittleEndian, unicode.IgnoreBOM, russian)), want: []string{" = " + russian}},
		{name: "UTF-16 without one, Arabic", in: body(utf16(unicode.BigEndian, unicode.IgnoreBOM, arabic)), want: []string{" = " + arabic}},
		{name: "UTF-16 without one, Chinese", in: body(utf16(unicode.LittleEndian, unicode.IgnoreBOM, chinese)), want: []string{" = " + chinese}},
		{name: "UTF-32", in: body(in(utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), plain)), want: []string{" = " + plain}},
		{name: "ISO-2022-JP", in: body(in(japanese.ISO2022JP, japanese932)), want: []string{" = " + japanese932}},
		{name: "Shift_JIS, not declared", in: body(in(japanese.ShiftJIS, japanese932)), want: []string{" = " + japanese932}},
		{name: "EUC-KR, not declared", in: body(in(korean.EUCKR, "고객님의 전화번호를 확인해 주세요")), want: []string{" = 고객님의 전화번호를 확인해 주세요"}},
		{name: "Greek, not declared", in: body(in(charmap.Windows1253, greek)), want: []string{" = " + greek}},
		{name: "declared in the header", in: Input{MediaType: "text/plain; charset=iso-8859-7", Body: []byte(in(charmap.ISO8859_7, greek))}, want: []string{" = " + greek}},
		{name: "declared by a meta element", in: html(`<meta charset="windows-1253">`, in(charmap.Windows1253, greek)), want: []string{" =    windows-1253  " + greek}},
		{name: "declared by the prolog", in: body(`<?xml version="1.0" encoding="KOI8-R"?><a>` + in(charmap.KOI8R, "да") + `</a>`), want: []string{" =   1.0  KOI8-R да"}},
		{name: "declared by a part", in: body(part("Content-Disposition: form-data; name=\"f\"\r\nContent-Type: text/plain; charset=windows-1251", in(charmap.Windows1251, "да")) + "--XyZ--\r\n"),
			want: []string{"multipart:f = да"}},
		{name: "declared as the default, and something else", in: Input{MediaType: "text/plain; charset=ISO-8859-1", Body: []byte(in(charmap.Windows1251, russian))}, want: []string{" = " + russian}},
		{name: "declared as what it cannot be", in: Input{MediaType: "text/plain; charset=utf-16le", Body: []byte(in(charmap.Windows1251, russian))}, want: []string{" = " + russian}},
		{name: "declared by no known name", in: Input{MediaType: "text/plain; charset=x-nothing", Body: []byte(in(charmap.Windows1251, russian))}, want: []string{" = " + russian}},
		{name: "a value of two letters beside longer ones", in: body("a=%CA%EB%E8%E5%ED%F2+%C8%E2%E0%ED%EE%E2&b=%E4%E0"), want: []string{"form:a = Клиент Иванов", "form:b = да"}},
	})
}
