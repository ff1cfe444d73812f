package engine_test

import (
	"testing"
)

func TestALocationIsToldInKnownWords(t *testing.T) {
	s := policy(t, "rules:", "  - {name: mail, match: {data: personal}, action: block}")
	const mail = `"ana@customers.example"`
	for body, want := range map[string]string{
		`{"messages":[{"content":` + mail + `}]}`:                                                     "$.messages[0].content",
		`{"userContext":{"input_text":[` + mail + `]}}`:                                               "$.userContext.input_text[0]",
		`{"customer":{"E-Mail":` + mail + `}}`:                                                        "$.customer['E-Mail']",
		`{"客户":{"联系人":` + mail + `}}`:                                                                 "$.客户.联系人",
		`{"Zarathustra Quill":` + mail + `}`:                                                          "$['… …']",
		`{"zarathustra":{"quill_contact":` + mail + `}}`:                                              "$.….…_contact",
		`{"contacts":{"ZarathustraQuill":[` + mail + `]}}`:                                            "$.contacts.…[0]",
		`{"contacts":{"zarathustra.quill":[` + mail + `]}}`:                                           "$.contacts['….…'][0]",
		`{"contacts":{"Заратустра":` + mail + `}}`:                                                    "$.contacts.…",
		"id,Zarathustra\n1,ana@customers.example\n2,ana@customers.example\n3,ana@customers.example\n": `row 2 column "…"`,
	} {
		r, b := post("chatgpt.com", "/other", body)
		_, o := evaluate(s, r, b)
		if len(o.Facts.Content.Findings) != 1 {
			t.Errorf("%s: findings %+v", body, o.Facts.Content.Findings)
		} else if got := o.Facts.Content.Findings[0].Location; got != want {
			t.Errorf("%s: location %s, want %s", body, got, want)
		}
	}
}
