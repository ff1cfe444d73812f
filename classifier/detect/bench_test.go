package detect_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"daylight.internal/classifier"
)

const corpusSize = 256 << 10

// grow repeats text up to the size of a corpus.
func grow(text string) []byte {
	return bytes.Repeat([]byte(text), corpusSize/len(text)+1)
}

// cleanCorpora are texts in which there is nothing to find.
func cleanCorpora(t testing.TB) map[string][]byte {
	t.Helper()
	corpora := map[string][]byte{}
	for _, language := range []string{"en", "zh", "ru", "ar", "de"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "corpus", "clean", language+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		corpora[language] = grow(string(text))
	}
	random := rand.New(rand.NewPCG(1, 2))
	var table, code, chat bytes.Buffer
	table.WriteString("date,store,visitors,temperature,note\n")
	for i := range corpusSize / 40 {
		fmt.Fprintf(&table, "2024-%02d-%02d,%d,%d,%d.%d,quiet morning\n", 1+i%12, 1+i%28, random.IntN(90), random.IntN(4000), random.IntN(30), random.IntN(10))
		fmt.Fprintf(&chat, `{"role":"user","index":%d,"content":"Rewrite the second headline, please: it is too long by %d words.","at":%d},`, i, random.IntN(9), 1700000000+i)
		fmt.Fprintf(&code, "\tfor i := range items[%d:] {\n\t\tif err := store.Put(ctx, items[i].Key+\"_%x\", value); err != nil { return err }\n\t}\n", i%7, random.IntN(1<<16))
	}
	corpora["csv"], corpora["json"], corpora["code"] = table.Bytes(), chat.Bytes(), code.Bytes()
	return corpora
}

// dirtyCorpora are full of customers.
func dirtyCorpora() map[string][]byte {
	var table, prose bytes.Buffer
	table.WriteString("customer id,name,e-mail,phone,card,date of birth\n")
	for i := range corpusSize / 80 {
		fmt.Fprintf(&table, "%d,Ana Lopez,user%d@example.com,+1 415 %03d %04d,4532 0151 1283 0366,1984-03-12\n", i, i, 200+i%700, i%10000)
		fmt.Fprintf(&prose, "Please thank Ana for her letter (user%d@example.com, 0151 %08d) and tell her that the parcel is on its way.\n", i, 12000000+i)
	}
	return map[string][]byte{"customers": table.Bytes(), "letters": prose.Bytes()}
}

// adversarialCorpora would be slow in a scanner that looks at anything twice.
func adversarialCorpora() map[string][]byte {
	corpora := map[string][]byte{}
	for _, text := range []string{
		"eyJabcdefghij-", "sk-", "AKIA", "1 ", "AB12 ", "a@", "1.1.", "+1(1)", "+1 (1) ", "DE89 3704 0044 ", "2024-01-01 ", "转化率1", "roas ", "CTR 1 ",
		"٠١", "4532015112830366 ", "0.1234,", "::", "1:", "a:", "-----BEGIN ", "confidential ", "+49 151 1", "机密", "0 0 0 ", "1-", "()", "\u200b1", "паспорт 45 11 123456 ",
	} {
		corpora[text] = grow(text)
	}
	return corpora
}

// cells reads plain comma-separated text as the extraction does.
func cells(text []byte) *classifier.Table {
	table := &classifier.Table{}
	row, column, start := 1, 0, 0
	for i, c := range text {
		if c != ',' && c != '\n' {
			continue
		}
		table.Cells = append(table.Cells, classifier.Cell{Start: uint32(start), End: uint32(i), Row: uint32(row), Column: uint16(column)})
		if row == 1 {
			table.Header = append(table.Header, string(text[start:i]))
		}
		start, column = i+1, column+1
		table.Columns = max(table.Columns, column)
		if c == '\n' {
			row, column = row+1, 0
		}
	}
	return table
}

func benchmark(b *testing.B, corpora map[string][]byte) {
	s := newScanner(b)
	for _, name := range slices.Sorted(maps.Keys(corpora)) {
		text := corpora[name]
		b.Run(name, func(b *testing.B) {
			segments := []classifier.Segment{{Text: text}}
			if name == "csv" || name == "customers" {
				segments[0].Table = cells(text)
			}
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				s.Scan(segments)
			}
			scan := b.Elapsed()
			b.ReportMetric(float64(scan)/float64(yardstick(text, b.N)), "x-table-loop")
		})
	}
}

// yardstick is how long it takes to look every byte of text up in a table, n
// times: what any pass over all bytes costs on this machine, now.
func yardstick(text []byte, n int) time.Duration {
	var table [256]int
	for i := range table {
		table[i] = i & 7
	}
	start, sum := time.Now(), 0
	for range n {
		for _, c := range text {
			sum += table[c]
		}
	}
	if sum < 0 {
		panic("unreachable, but the loop must not be optimised away")
	}
	return time.Since(start)
}

func BenchmarkScan(b *testing.B) { benchmark(b, cleanCorpora(b)) }

func BenchmarkScanDirty(b *testing.B) { benchmark(b, dirtyCorpora()) }

func BenchmarkScanAdversarial(b *testing.B) { benchmark(b, adversarialCorpora()) }

func TestCleanCorporaAreClean(t *testing.T) {
	s := newScanner(t)
	for name, text := range cleanCorpora(t) {
		if result := scan(s, string(text)); len(result.Findings) > 0 || result.Exhausted || result.Scanned != int64(len(text)) {
			t.Errorf("%s: exhausted %v, scanned %d of %d: %+v", name, result.Exhausted, result.Scanned, len(text), result.Summaries)
		}
	}
}

func TestCleanTextCostsNoAllocation(t *testing.T) {
	if poolForgets {
		t.Skip("allocations cannot be counted under the race detector")
	}
	s := newScanner(t)
	for name, text := range cleanCorpora(t) {
		segments := []classifier.Segment{{Text: text}}
		if n := testing.AllocsPerRun(20, func() { s.Scan(segments) }); n > 0 {
			t.Errorf("%s: %.0f allocations", name, n)
		}
	}
}
