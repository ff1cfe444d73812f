package classifier

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"unicode/utf8"
)

// Every rune that folds is found, at every distance from the others.
func TestFoldMissesNoRune(t *testing.T) {
	var runes []rune
	for r := rune(0x80); r <= 0x1FFFF; r++ {
		if foldRune(r) >= 0 && utf8.ValidRune(r) {
			runes = append(runes, r)
		}
	}
	if len(runes) < 100 {
		t.Fatalf("%d runes fold", len(runes))
	}
	random := rand.New(rand.NewPCG(7, 8))
	fillers := []string{"a", " ", "я", "ш", "ع", "ی", "چ", "中", "。", "，", "か", "é", "ế", "क", "😀", "“", "\x80a", "\xE2a", "\xEF\xBCa"}
	for range 4 {
		for _, r := range runes {
			var text bytes.Buffer
			for range random.IntN(60) {
				text.WriteString(fillers[random.IntN(len(fillers))])
			}
			want := text.Len()
			text.WriteRune(r)
			for range random.IntN(60) {
				text.WriteString(fillers[random.IntN(len(fillers))])
			}
			if got := nextFold(text.Bytes(), 0); got != want {
				t.Fatalf("%q: the first is at %d, found at %d", text.String(), want, got)
			}
		}
	}
}
