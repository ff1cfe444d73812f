package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/rules/engine"
)

// adversarial are texts that make a scanner slow when it tries too often, looks
// too far or goes back, when they are repeated.
var adversarial = []string{
	// Keys, tokens and armour that never end.
	"eyJabcdefghij-", "sk-", "sk-ant-", "AKIA", "hf_a1", "-----BEGIN ", "eyJ", "AIza0a",
	// Numbers that could go on.
	"1 ", "0 0 0 ", "1-", "1.1.", "1.2.3.4", "12-34-", "+1(1)", "+1 (1) ", "+49 151 1", "001 ", "(((((1", "٠١", "1\u200b",
	"4111 1111 1111 1111 ", "4532015112830366 ", "DE89 3704 0044 ", "AB12 ", "2024-01-01 ", "1/1/1/", "0.1234,", "51.50735, -0.12776 ",
	// Mailboxes, addresses.
	"a@", "a.a.a@a.a.", "@", "a:", "1:", "::", "::1:",
	// Words that ask for what stands beside them.
	"转化率1", "roas ", "CTR 1 ", "confidential ", "机密", "паспорт 45 11 123456 ", "phone 1234567 ", "born 4 March ", "March ", "May 4 ", "手机1381234567 ", "客户", "order no. ",
	// Shapes of documents.
	"{", "[", "[1,", `{"a":`, `{"email":"`, `\u0041`, `"\"`, "a,b\n", "a\tb\n", ",", "\n", "|a|b|\n", "a;b\n1;2\n", "<a>", "<!--", "&#65;", "%41", "a=b&", "--x\r\n",
	"name,email\nA,a@b.example\n", "电话,姓名\n13812345678,王芳\n", "eHg=", "data:image/png;base64,iVBORw0KGgo", "\x00", "\xff\xfe", "é", "ﷺ",
}

// BenchmarkAdversarial measures the whole way of a body, from bytes to findings.
func BenchmarkAdversarial(b *testing.B) {
	s := compile(b, engine.Source{Scanner: classifier.Options{StoredFindings: 20}})
	for _, size := range []int{64 << 10, 1 << 20} {
		for _, piece := range adversarial {
			body := []byte(strings.Repeat(piece, size/len(piece)+1)[:size])
			b.Run(fmt.Sprintf("%dKiB/%q", size>>10, piece), func(b *testing.B) {
				b.SetBytes(int64(size))
				for b.Loop() {
					s.Scan("", body)
				}
			})
		}
	}
}
