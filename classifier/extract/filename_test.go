package extract

import "testing"

func TestTheKindOfAFileDoesNotHideAnAddressInItsName(t *testing.T) {
	for name, want := range map[string]string{
		"ana@acme.example.txt":        "ana@acme.example",
		"list of ana@acme.example.md": "list of ana@acme.example",
		"ana@acme.com":                "ana@acme.com",
		"crm-export.csv":              "crm-export.csv",
		"logo@2x.png":                 "logo@2x.png",
		"ana@acme.example 2026":       "ana@acme.example 2026",
		"v1.2 of ana@acme":            "v1.2 of ana@acme",
		"ana@":                        "ana@",
		"":                            "",
	} {
		if got := string(fileName([]byte(name))); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
