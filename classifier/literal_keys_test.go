package classifier

import (
	"maps"
	"slices"
	"testing"
	"unicode/utf8"
)

// Each key that a text may have which begins with a literal leads to the literal.
func TestEveryCaseOfALiteralIsUnderItsKey(t *testing.T) {
	for _, word := range []string{"key", "id:", "a@b", "Bearer ", "ap9", "K8s", "naïve", "aРb", "éab", "ключ", "身份证", "x-y", "a_b", "sk-", "İd1"} {
		for _, whole := range []bool{false, true} {
			var table literalTable
			if err := table.add(7, word, whole); err != nil {
				t.Fatal(err)
			}
			entered := map[uint64]bool{}
			for _, slot := range table.byKey.slots {
				if slot.key != 0 {
					entered[slot.key] = true
				}
			}
			wanted := map[uint64]bool{}
			for _, v := range spellings(word) {
				if v[0] >= utf8.RuneSelf || len(v) != asciiKey-1 {
					for _, key := range keysOf(v, whole) {
						wanted[key] = true
					}
					continue
				}
				for b := range 256 {
					if !whole || !isLetter(byte(b)) {
						wanted[asciiKeyOf(firstBytes8([]byte(v))|uint64(b)<<24)] = true
					}
				}
			}
			if !maps.Equal(entered, wanted) {
				t.Errorf("%q, whole %v: has keys %x, wants %x", word, whole, slices.Sorted(maps.Keys(entered)), slices.Sorted(maps.Keys(wanted)))
			}
		}
	}
}
