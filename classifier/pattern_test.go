package classifier_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"daylight.internal/classifier"
)

func pattern(expression string) classifier.Pattern {
	return classifier.Pattern{ID: "mine", Class: "secret_project", Regexp: expression}
}

func only(t testing.TB, p classifier.Pattern) *classifier.Scanner {
	t.Helper()
	s, err := classifier.NewScanner(nil, []classifier.Pattern{p}, classifier.Options{StoredFindings: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPatternsFindWhatTheirAuthorsMean(t *testing.T) {
	for _, tt := range []struct {
		name    string
		pattern classifier.Pattern
		text    string
		want    []string
	}{
		{"by a literal", pattern(`CUST-\d{4}`), "CUST-0001, XCUST-0002 and (CUST-0003)", []string{"CUST-0001", "CUST-0003"}},
		{"by a literal in either case", pattern(`(?i)projekt[- ]adler`), "Projekt Adler, PROJEKT-ADLER", []string{"Projekt Adler", "PROJEKT-ADLER"}},
		{"by alternatives", pattern(`\b(?:alpha|beta|gamma)-[a-z]+`), "alpha-one beta-two delta-three", []string{"alpha-one", "beta-two"}},
		{"by a digit in front", pattern(`\d{3}/\d{2}[A-Z]`), "see 123/45B and 12/345C", []string{"123/45B"}},
		{"by a digit further on", pattern(`[A-Z]{2,4}\d{6}`), "AB123456, abcd123456, WXYZ654321", []string{"AB123456", "WXYZ654321"}},
		{"by a sign in front", pattern(`#[a-z]{2}\d{3}`), "a #ab123 and b#cd456", []string{"#ab123", "#cd456"}},
		{"by a literal further on", pattern(`[a-z]{1,8}@intern\.example`), "ana@intern.example", []string{"ana@intern.example"}},
		{"in Russian", pattern(`договор №\d+`), "Договор №7, договор №815", []string{"договор №815"}},
		{"in Chinese", pattern(`内部代号[A-Z]\d`), "请看内部代号A7的资料", []string{"内部代号A7"}},
		{"by a colon", pattern(`(?i)\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b`), "at aa:bb:cc:dd:ee:ff, not xaa:bb:cc:dd:ee:ff", []string{"aa:bb:cc:dd:ee:ff"}},
		{"by a hash", pattern(`#[a-z]+`), "#a and #bc", []string{"#a", "#bc"}},
		{"the longest", pattern(`ORD\d|ORD\d\d\d`), "ORD123", []string{"ORD123"}},
		{"slowly, when allowed", classifier.Pattern{ID: "mine", Class: "c", Regexp: `[a-z]+ly\b`, AllowSlow: true}, "really slowly", []string{"really", "slowly"}},
		{"slowly, with context", classifier.Pattern{ID: "mine", Class: "c", Regexp: `[a-z]+ly\b`, AllowSlow: true, Context: []string{"ticket"}},
			"ticket slowly; " + strings.Repeat("- ", 60) + "quickly " + strings.Repeat("- ", 60) + "ticket", []string{"slowly"}},
		{"with a validator", classifier.Pattern{ID: "mine", Class: "c", Regexp: `\b\d{8}\b`, Validator: "luhn"}, "12345674 12345675", []string{"12345674"}},
		{"with context", classifier.Pattern{ID: "mine", Class: "c", Regexp: `\b\d{6}\b`, Context: []string{"ticket", "ID"}}, "ticket 123456", []string{"123456"}},
		{"with short context", classifier.Pattern{ID: "mine", Class: "c", Regexp: `\b\d{6}\b`, Context: []string{"ID"}}, "id: 123456", []string{"123456"}},
		{"not without context", classifier.Pattern{ID: "mine", Class: "c", Regexp: `\b\d{6}\b`, Context: []string{"ticket"}}, "tickets 123456", nil},
		{"as words", classifier.Pattern{ID: "mine", Class: "c", Words: []string{"Blue Harbour", "Синяя гавань", "蓝港", "Müller"}},
			"the BLUE HARBOUR plan; blue harbours; синяя Гавань; 关于蓝港的计划; MÜLLER, Müllers", []string{"BLUE HARBOUR", "синяя Гавань", "蓝港", "MÜLLER"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range only(t, tt.pattern).Scan(texts(tt.text)).Findings {
				got = append(got, tt.text[f.Start:f.End])
			}
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestColumnsOfAPatternCountWhole(t *testing.T) {
	s := newScanner(t, classifier.Pattern{ID: "loyalty", Class: "personal", Columns: []string{"loyalty code"}, Regexp: `LOY\d{3}`})
	segment := table([]string{"loyaltyCode", "note"}, []string{"LOY123", "says LOY456"}, []string{"anything", "-"})
	if got := summary(s.Scan([]classifier.Segment{segment})); got != "loyalty×3" {
		t.Errorf("got %q", got)
	}
}

func TestPatternsThatCannotBeFoundAreRefused(t *testing.T) {
	for _, tt := range []struct {
		pattern classifier.Pattern
		want    string
	}{
		{pattern(`(`), "missing closing"},
		{pattern(`a*`), "empty text"},
		{pattern(`^CUST-\d+$`), "no meaning here"},
		{pattern(strings.Repeat("a", 5000)), "longer than"},
		{pattern(``), "needed"},
		{classifier.Pattern{ID: "mine", Class: "c", Words: []string{"ab"}}, "too short"},
		{classifier.Pattern{ID: "mine", Class: "c", Regexp: `\d{4}`, Validator: "lunh"}, `"luhn"`},
		{classifier.Pattern{ID: "mine", Regexp: `\d{4}`}, "data class"},
	} {
		err := classifier.CheckPattern(tt.pattern)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "mine") {
			t.Errorf("%.40q: %v does not speak of %q", tt.pattern.Regexp, err, tt.want)
		}
	}
	_, err := classifier.NewScanner(nil, []classifier.Pattern{pattern(`a\d`), pattern(`b\d`)}, classifier.Options{})
	if err == nil {
		t.Error("two detectors share an id")
	}
}

func TestAPatternWithoutAnchorIsWarnedOf(t *testing.T) {
	for _, tt := range []struct {
		pattern classifier.Pattern
		want    string
	}{
		{pattern(`[a-z]+ly`), "allow_slow: true"},
		{pattern(`.*\d`), "MB/s"},
		{classifier.Pattern{ID: "mine", Class: "c", Regexp: `[a-z]+ly`, AllowSlow: true}, ""},
		{pattern(`[a-z]{2}:[a-z]{2}`), ""},
		{pattern(`CUST-\d+`), ""},
		{classifier.Pattern{ID: "mine", Class: "c", Words: []string{"adler"}}, ""},
	} {
		if err := classifier.CheckPattern(tt.pattern); err != nil {
			t.Errorf("%q is refused: %v", tt.pattern.Regexp, err)
		}
		got := classifier.PatternWarning(tt.pattern)
		if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%q: %q does not speak of %q", tt.pattern.Regexp, got, tt.want)
		}
	}
}

func BenchmarkSlowPattern(b *testing.B) {
	text := texts(strings.Repeat("The quick brown fox jumps over the lazy dog, and the dog does not mind. ", 1000))
	for _, expression := range []string{`[a-z]+ly`, `(?i)[a-z]{2,8}`, `.*\d`} {
		b.Run(expression, func(b *testing.B) {
			s := only(b, pattern(expression))
			b.SetBytes(int64(len(text[0].Text)))
			for b.Loop() {
				s.Scan(text)
			}
		})
	}
}

// Expressions with an anchor find what the whole text searched from left to right
// has, as far as matches begin where a word may.
func TestAnchorsLoseNoMatch(t *testing.T) {
	fragments := strings.Split("CUST - 1 23 456 7890 A AB abc / # . @ договор № 内部代号 alpha beta ( ) X9 \u00e9", " ")
	random := rand.New(rand.NewPCG(5, 6))
	for _, expression := range []string{
		`\bCUST-\d{2,4}\b`, `\b\d{3}/\d{2}\b`, `\b[A-Z]{1,3}\d{1,4}\b`, `#[a-z]{3}`, `\b(?:alpha|beta)[ /]\d+`, `[#.@]\d{2}`, `\b[a-z]{1,5}@alpha`,
		`\b(?:\d{2}|AB)-\d{3}\b`, `\b[A-Za-z0-9]{2,5}-\d`, `№ ?\d+`,
	} {
		s := only(t, classifier.Pattern{ID: "mine", Class: "c", Regexp: expression, AllowSlow: true})
		plain := regexp.MustCompile(expression)
		plain.Longest()
		for range 400 {
			var text bytes.Buffer
			for range 12 {
				text.WriteString(fragments[random.IntN(len(fragments))])
				if random.IntN(2) == 0 {
					text.WriteByte(' ')
				}
			}
			got := len(s.Scan(texts(text.String())).Findings)
			if want := len(plain.FindAllIndex(text.Bytes(), -1)); got != want {
				t.Fatalf("%s in %q: %d of %d", expression, text.String(), got, want)
			}
		}
	}
}

func FuzzPattern(f *testing.F) {
	for _, expression := range []string{`CUST-\d{4}`, `(?i)[kß]elvin\x{212A}`, `[^\x00-\x{10FFFF}]`, `(?:)`, `(a|b*)+\d?`, `\bé\d`, `(?:x{0,3}){2}7`} {
		f.Add(expression, "CUST-1234 ab7 Kelvin")
	}
	f.Fuzz(func(t *testing.T, expression, text string) {
		p := classifier.Pattern{ID: "mine", Class: "c", Regexp: expression, AllowSlow: true}
		if len(expression) > 64 || classifier.CheckPattern(p) != nil {
			return
		}
		for _, found := range only(t, p).Scan(texts(text)).Findings {
			if found.Start < 0 || found.End > len(text) || found.Start > found.End {
				t.Errorf("%q finds [%d:%d] in %q", expression, found.Start, found.End, text)
			}
		}
	})
}
