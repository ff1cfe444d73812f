package classifier_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/classifier/detect"
)

func newScanner(t testing.TB, patterns ...classifier.Pattern) *classifier.Scanner {
	t.Helper()
	s, err := classifier.NewScanner(detect.All(), patterns, classifier.Options{Key: []byte("test"), StoredFindings: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// newTireless returns a scanner whose budget never ends.
func newTireless(t testing.TB, patterns ...classifier.Pattern) *classifier.Scanner {
	t.Helper()
	s, err := classifier.NewScanner(detect.All(), patterns, classifier.Options{Key: []byte("test"), StoredFindings: 1000, Steps: 1 << 40})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// table makes a segment of rows, the first of which is the header.
func table(rows ...[]string) classifier.Segment {
	var text strings.Builder
	t := &classifier.Table{Header: rows[0], Columns: len(rows[0])}
	for r, row := range rows {
		for c, cell := range row {
			if c > 0 {
				text.WriteByte(',')
			}
			start := text.Len()
			text.WriteString(cell)
			t.Cells = append(t.Cells, classifier.Cell{Start: uint32(start), End: uint32(text.Len()), Row: uint32(r + 1), Column: uint16(c)})
		}
		text.WriteByte('\n')
	}
	return classifier.Segment{Text: []byte(text.String()), Table: t}
}

// objects makes the segments of an array of JSON objects under $.items.
func objects(keys []string, rows ...[]string) []classifier.Segment {
	root := &classifier.Location{Stage: classifier.StageDocument}
	array := &classifier.Location{Parent: root, Stage: classifier.StageKey, Name: "items"}
	var segments []classifier.Segment
	for i, row := range rows {
		object := &classifier.Location{Parent: array, Stage: classifier.StageIndex, Index: i}
		for k, value := range row {
			segments = append(segments, classifier.Segment{
				Text: []byte(value), Field: keys[k],
				Location: classifier.Location{Parent: object, Stage: classifier.StageKey, Name: keys[k]},
			})
		}
	}
	return segments
}

func texts(list ...string) []classifier.Segment {
	segments := make([]classifier.Segment, len(list))
	for i, text := range list {
		segments[i].Text = []byte(text)
	}
	return segments
}

// summary writes what was found as "detector×count", sorted.
func summary(result classifier.Result) string {
	var list []string
	for _, s := range result.Summaries {
		list = append(list, fmt.Sprintf("%s×%d", s.Detector, s.Count))
	}
	return strings.Join(list, " ")
}

func TestTablesTellByTheirHeaders(t *testing.T) {
	s := newScanner(t)
	for _, tt := range []struct {
		name string
		rows [][]string
		want string
	}{
		{"names and addresses in English", [][]string{
			{"First Name", "Last Name", "Street Address", "Zip Code"},
			{"Ana", "López", "12 High Street", "90210"}, {"Li", "Wei", "7 Elm Road", "10001"},
		}, "column_address×2 column_person_name×4 column_postcode×2"},
		{"camelCase and snake_case", [][]string{
			{"firstName", "customer_id", "phone_number"}, {"Ana", "C-10021", "(415) 555-2671"},
		}, "column_customer_id×1 column_person_name×1 phone×1"},
		{"Chinese", [][]string{
			{"姓名", "手机号", "收货地址", "身份证号"}, {"张伟", "13812345678", "北京市朝阳区建国路88号", "11010519491231002X"},
		}, "cn_mobile×1 cn_resident_id×1 column_address×1 column_person_name×1"},
		{"Russian", [][]string{
			{"ФИО", "Телефон", "Адрес доставки", "ИНН"}, {"Иванов Иван Иванович", "89161234567", "ул. Ленина, д. 5", "123456789047"},
		}, "column_address×1 column_person_name×1 phone×1 ru_inn×1"},
		{"Arabic", [][]string{
			{"الاسم", "رقم الجوال", "رقم الهوية", "العنوان"}, {"أحمد علي", "0501234567", "١٠٥٤٣٥٦٧٨٥", "شارع الملك فهد ١٢"},
		}, "column_address×1 column_person_name×1 phone×1 sa_national_id×1"},
		{"German, French, Spanish, Portuguese, Italian", [][]string{
			{"Nachname", "Prénom", "Apellidos", "Sobrenome", "Cognome"}, {"Müller", "Zoé", "García", "Souza", "Rossi"},
		}, "column_person_name×5"},
		{"name is a person beside an address", [][]string{{"name", "email"}, {"Ana Lopez", "ana@example.com"}}, "column_person_name×1 email×1"},
		{"name is no person beside clicks", [][]string{{"name", "clicks"}, {"Spring Launch", "3100"}}, ""},
		{"a header without fitting values", [][]string{{"last name", "first name"}, {"col_17", "x9"}}, ""},
		{"purchases", [][]string{
			{"order id", "customer name", "sku", "qty", "amount"}, {"A-1", "Ana Lopez", "LINEN-7", "2", "$49.90"}, {"A-2", "Li Wei", "WOOL-1", "1", "$149.00"},
		}, "column_person_name×2 purchase_history×2"},
		{"a price list is no purchase", [][]string{{"sku", "qty", "price"}, {"LINEN-7", "200", "49.90"}}, ""},
		{"a campaign report", [][]string{
			{"campaign", "impressions", "clicks", "CTR", "spend"}, {"Spring", "120000", "3100", "2.58%", "$4,100"},
		}, "campaign_record×1"},
		{"a campaign report in Chinese", [][]string{{"计划", "展示量", "点击量", "点击率"}, {"春季", "120000", "3100", "2.58%"}}, "campaign_record×1"},
		{"a trail", [][]string{
			{"device", "time", "lat", "lng"}, {"a", "9:00", "24.71", "46.67"}, {"a", "9:01", "24.72", "46.67"}, {"a", "9:02", "24.73", "46.67"},
			{"a", "9:03", "24.74", "46.67"}, {"a", "9:04", "24.75", "46.67"},
		}, "location_trail×5"},
		{"a few positions", [][]string{{"lat", "lng"}, {"24.71", "46.67"}}, "coordinate_record×1"},
		{"a value of one column is no context for another", [][]string{{"note", "number", "owner"}, {"phone", "4155552671", "Ann"}}, ""},
		{"a label in the cell before a number names it", [][]string{{"country", "document", "number"}, {"Qatar", "QID", "28063416861"}}, "qa_qid×1"},
		{"a column in Hindi", [][]string{{"नाम", "आधार"}, {"Ann", "234123412346"}}, "column_person_name×1 in_aadhaar×1"},
		{"the name of the column is asked for a country, and for a bank", [][]string{
			{"indian_passport", "passport", "bank account number", "customer account"}, {"J8369854", "K9876543", "4471120098", "4471120099"},
		}, "column_national_id×1 in_passport×1 us_bank_account×1"},
		{"the cell to the left says what is in the next", [][]string{{"field", "value"}, {"ИНН:", "1234567894"}}, "ru_inn×1"},
		{"a header is no context for another column", [][]string{{"инн", "сумма"}, {"", "1234567894"}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := summary(s.Scan([]classifier.Segment{table(tt.rows...)})); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestFindingsOfATableNameRowAndColumn(t *testing.T) {
	s := newScanner(t)
	segment := table([]string{"Name", "E-Mail"}, []string{"Ana Lopez", "ana@example.com"}, []string{"Li Wei", "li@example.com"})
	segment.Location = classifier.Location{Stage: classifier.StageSheet, Name: "Kunden"}
	result := s.Scan([]classifier.Segment{segment})
	var got []string
	for _, f := range result.Findings {
		got = append(got, fmt.Sprintf("%s %s %q", f.Detector, f.Location, segment.Text[f.Start:f.End]))
	}
	want := []string{
		`column_person_name sheet "Kunden" row 2 column "Name" "Ana Lopez"`, `email sheet "Kunden" row 2 column "E-Mail" "ana@example.com"`,
		`column_person_name sheet "Kunden" row 3 column "Name" "Li Wei"`, `email sheet "Kunden" row 3 column "E-Mail" "li@example.com"`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestObjectsTellByTheirKeys(t *testing.T) {
	s := newScanner(t)
	for _, tt := range []struct {
		name     string
		segments []classifier.Segment
		want     string
		people   int
	}{
		{"customers", objects([]string{"name", "phone"}, []string{"Ana Lopez", "4155552671"}, []string{"Li Wei", "4155552672"}), "column_person_name×2 phone×2", 2},
		{"orders", objects([]string{"orderId", "customerName", "sku", "amount"}, []string{"A-1", "Ana Lopez", "LINEN-7", "149.00"}), "column_person_name×1 purchase_history×1", 1},
		{"the name of a tool is no person", objects([]string{"name", "description"}, []string{"Summarizer", "makes things short"}), "", 0},
		{"Chinese keys", objects([]string{"姓名", "手机"}, []string{"张伟", "13812345678"}), "cn_mobile×1 column_person_name×1", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			result := s.Scan(tt.segments)
			if got := summary(result); got != tt.want || result.People != tt.people {
				t.Errorf("got %q and %d people, want %q and %d", got, result.People, tt.want, tt.people)
			}
		})
	}
}

func TestPeopleAreDistinctIndividuals(t *testing.T) {
	s := newScanner(t)
	export := [][]string{{"Name", "E-Mail", "Phone"}}
	orders := [][]string{{"customer id", "E-Mail"}}
	for i := range 250 {
		export = append(export, []string{"Ana Lopez", fmt.Sprintf("user%d@example.com", i), fmt.Sprintf("+1 415 555 %04d", 2000+i)})
		orders = append(orders, []string{fmt.Sprintf("C-%d", 100+i%7), fmt.Sprintf("buyer%d@example.com", i%7)})
	}
	for _, tt := range []struct {
		name     string
		segments []classifier.Segment
		want     int
	}{
		{"an export of 250 rows", []classifier.Segment{table(export...)}, 250},
		{"the same customers in many orders", []classifier.Segment{table(orders...)}, 7},
		{"a mail with an address and a signature", texts("To: ana@example.com\n\nDear Ana, …\n\nBest, +1 415 555 2671"), 1},
		{"two addresses", texts("ana@example.com, li@example.com"), 2},
		{"the same address in two messages", texts("ana@example.com", "ANA@example.com"), 1},
		{"an address said twice, and a number", texts("ana@example.com ana@example.com +1 415 555 2671"), 1},
		{"one number in two ways of writing", texts("+86 138 1234 5678", "手机 138-1234-5678", "电话8613812345678"), 1},
		{"names alone", []classifier.Segment{table([]string{"first name"}, []string{"Ana"}, []string{"Li"}, []string{"Ana"})}, 2},
		{"nobody", texts("a line without anybody, 4532015112830366"), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := s.Scan(tt.segments).People; got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestBeyondTheLimitFindingsAreCountedButNotKept(t *testing.T) {
	s, err := classifier.NewScanner(detect.All(), nil, classifier.Options{StoredFindings: 10})
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&text, "user%d@example.com ", i)
	}
	result := s.Scan(texts(text.String()))
	if len(result.Findings) != 10 || result.Summaries[0].Count != 20000 || result.People != 20000 {
		t.Errorf("kept %d, counted %d, people %d", len(result.Findings), result.Summaries[0].Count, result.People)
	}
}

func TestAnEmptyBudgetIsTold(t *testing.T) {
	s, err := classifier.NewScanner(detect.All(), nil, classifier.Options{Steps: 100})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("ana@example.com ", 1000)
	result := s.Scan(texts(text, "more"))
	if !result.Exhausted || result.Scanned == 0 || result.Scanned >= int64(len(text)) {
		t.Errorf("exhausted %v after %d of %d bytes", result.Exhausted, result.Scanned, len(text))
	}
}

func TestOffsetsReferToTheTextAsSent(t *testing.T) {
	s := newScanner(t)
	for _, text := range []string{
		"手机：１３８１２３４５６７８。", "رقم الهوية ١٠٥٤٣٥٦٧٨٥ شكرا", "card 4532\u00a00151\u00a01283\u00a00366!", "mail a\u200bna@exam\u200bple.com now",
		"+49\u2011151\u201112345678", "\ufeff536\u201190\u20114399",
	} {
		result := s.Scan(texts(text))
		if len(result.Findings) != 1 {
			t.Errorf("%q: %+v", text, result.Findings)
			continue
		}
		f := result.Findings[0]
		value := text[f.Start:f.End]
		if strings.TrimSpace(value) != value || !strings.Contains(text, value) || strings.ContainsAny(value, "手رس!。 ") && !strings.Contains(value, "\u00a0") {
			t.Errorf("%q: the value is %q", text, value)
		}
	}
}

func TestEqualValuesHaveEqualFingerprints(t *testing.T) {
	result := newScanner(t).Scan(texts("ana@example.com ANA@EXAMPLE.COM li@example.com"))
	f := result.Findings
	if len(f) != 3 || f[0].Fingerprint != f[1].Fingerprint || f[0].Fingerprint == f[2].Fingerprint || f[0].Fingerprint == 0 {
		t.Errorf("%+v", f)
	}
	other, err := classifier.NewScanner(detect.All(), nil, classifier.Options{Key: []byte("other")})
	if err != nil {
		t.Fatal(err)
	}
	if other.Scan(texts("ana@example.com")).Findings[0].Fingerprint == f[0].Fingerprint {
		t.Error("the key does not matter")
	}
}

func TestScansMayRunAtOnce(t *testing.T) {
	s := newScanner(t)
	text := strings.Repeat("Ana, ana@example.com, +49 151 12345678, ИНН 1234567894; ", 200)
	want := summary(s.Scan(texts(text)))
	done := make(chan string)
	for range 4 {
		go func() {
			got := ""
			for range 20 {
				got = summary(s.Scan(texts(text)))
			}
			done <- got
		}()
	}
	for range 4 {
		if got := <-done; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
