package extract

import (
	"slices"
	"strings"
	"testing"

	"daylight.internal/classifier"
)

// Lists that people type or align are tables under a head.
func TestListsTypedByHandAreTables(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		header     string
		second     string // the cells of the second row
	}{
		{"slashes", "Name / Country / Number\nJomon / Qatar / 28063416861\nDeepa / Bahrain / 760308584\n", "Name|Country|Number", "Jomon|Qatar|28063416861"},
		{"an empty cell", "Name / Tel / Note\nAnna /  / 3\nBen / 555 0147 / 4\n", "Name|Tel|Note", "Anna|3"},
		{"arrows, behind prose", "Who paid?\nnom → tél → payé\nAnna → 06 39 98 51 20 → 45 €\nThéo → 07 55 00 01 29 → 20\n", "nom|tél|payé", "Anna|06 39 98 51 20|45 €"},
		{"one name of two columns", "Name;Tel;Tel;Note\nAnna;11;12;3\nBen;21;22;4\n", "Name|Tel|Tel|Note", "Anna|11|12|3"},
		{"no names, since half of them are repeated", "x;x;y;y\nAnna;11;12;3\nBen;21;22;4\n", "", "Anna|11|12|3"},
		{"the Arabic semicolon", "الاسم؛ الرقم؛ المحمول\nشيماء؛ 12؛ ٠١٠٠\nنجلاء؛ 13؛ ٠١١١\n", "الاسم|الرقم|المحمول", "شيماء|12|٠١٠٠"},
		{"columns by where they begin", "CARD   NAME           PCODE    TEL\n98260  IDRIS V        EH6 6QU  07700900421\n98261  CATRIONA ROSE  IV51 9XB 01632960551\n", "CARD|NAME|PCODE|TEL", "98260|IDRIS V|EH6 6QU|07700900421"},
		{"columns aligned at the right", "id       tickets  csat\nc_00441        3     2\nc_00442       11     4\n", "id|tickets|csat", "c_00441|3|2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			segment, ok := onlyTable([]byte(tt.text))
			if !ok {
				t.Fatal("no table")
			}
			if got := strings.Join(segment.Table.Header, "|"); got != tt.header {
				t.Errorf("header %q, want %q", got, tt.header)
			}
			var row []string
			for _, c := range segment.Table.Cells {
				if c.Row == 2 {
					row = append(row, string(segment.Text[c.Start:c.End]))
				}
			}
			if got := strings.Join(row, "|"); got != tt.second {
				t.Errorf("second row %q, want %q", got, tt.second)
			}
		})
	}
}

func TestProseAndFormsAreNoLists(t *testing.T) {
	for _, text := range []string{
		"Bring tea / coffee / juice.\nWe start at nine.\nSee you there.\n",
		"Name    Anna\nPhone   555 0147\nCity    Bonn\n",
		"NIK     : 317103    x\nNama    : Budi    x\nHP      : 0812    x\n",
		"a = 1   // one  two\nb = 2   // two  three\nc = 3   // x  y\n",
		"Name, Vorname    Schmidt, Arne    Gül, Defne\nGeboren    1.2.1990    3.4.1992\nTelefon    0171    0172\n",
	} {
		if segment, ok := onlyTable([]byte(text)); ok {
			t.Errorf("%q is a table with the header %q", text, segment.Table.Header)
		}
	}
}

func onlyTable(text []byte) (classifier.Segment, bool) {
	segments := Text(text, classifier.Location{}, Limits{})
	i := slices.IndexFunc(segments, func(s classifier.Segment) bool { return s.Table != nil })
	if i < 0 {
		return classifier.Segment{}, false
	}
	return segments[i], true
}
