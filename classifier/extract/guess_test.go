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
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// pagesIn returns the labelled pages of some languages, none of which the tables
// of the guess were counted from.
func pagesIn(t testing.TB, languages ...string) string {
	t.Helper()
	var all strings.Builder
	for _, language := range languages {
		files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "corpus", "labelled", language, "*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no pages in %s: %v", language, err)
		}
		for _, file := range files {
			page, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, text, _ := strings.Cut(string(page), "\n---\n")
			all.WriteString(text)
		}
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
	western := pagesIn(t, "de", "fr", "es")
	russian, arabic, simplified := pagesIn(t, "ru"), pagesIn(t, "ar"), pagesIn(t, "zh")
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
