package detect_test

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"daylight.internal/classifier"
)

// A region at the very end of the text, and an address that reaches its bound in the
// middle of a character, leave nothing to read on.
func TestAnAddressThatTheTextCutsOffIsRead(t *testing.T) {
	s := newScanner(t)
	for _, address := range []string{"北京市朝阳区建国路88号", "香港 1 中環皇后大道中99號", "臺北市信義區市府路1號", "東京都千代田区丸の内1丁目9番1号", "서울특별시 강남구 테헤란로 152", "북경 서울"} {
		for cut := range len(address) + 1 {
			for _, before := range []string{"", "1", "a ", "地址: ", "\xe5\x8c"} {
				scan(s, before+address[:cut])
				scan(s, before+address[:cut]+"\xe5")
			}
		}
	}
	for _, region := range []string{"北京市", "香港", "東京都", "서울", "臺北市"} {
		for n := range 70 {
			for _, filler := range []string{"一", " ", "a", "1", "가 "} {
				scan(s, "1 "+region+strings.Repeat(filler, n)+"区路1号"[:n%11])
				scan(s, "1 "+region+strings.Repeat(filler, 160/len(filler))+"区路1号"[:n%11]+strings.Repeat("路", n%5))
			}
		}
	}
}

// The header of a token is decoded into a buffer of fixed size.
func TestAHeaderOfAnyLengthIsRead(t *testing.T) {
	s := newScanner(t)
	claims := base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"1234567890","name":"Ana"}`))
	signature := strings.Repeat("aB3-", 11)
	for n := range 1100 {
		if n > 40 && n < 480 && n%40 > 0 || n > 800 && n%16 > 0 {
			continue
		}
		header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","kid":"` + strings.Repeat("k", n) + `"}`))
		found := scan(s, header+"."+claims+"."+signature)
		got := slices.ContainsFunc(found.Findings, func(f classifier.Finding) bool { return f.Detector == "jwt" })
		if want := len(header) <= 512; got != want {
			t.Errorf("a header of %d characters: found %v", len(header), got)
		}
	}
	for n := range 40 { // not even an object
		scan(s, "eyJ"+strings.Repeat("A", n)+"."+claims+"."+signature)
		scan(s, "eyJ"+strings.Repeat("A", 490+n)+".eyJ"+string(bytes.Repeat([]byte{'_'}, n))+"."+signature)
	}
}
