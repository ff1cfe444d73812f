package detect

import (
	"bytes"
	"testing"
)

func TestCapitalsOfASCIIAreMadeSmallAndNothingElse(t *testing.T) {
	all := make([]byte, 256)
	for b := range all {
		all[b] = byte(b)
	}
	for length := range 20 {
		for start := 0; start+length <= len(all); start++ {
			text, want := all[start:start+length], []byte("X")
			for _, b := range text {
				want = append(want, lower(b))
			}
			if got := appendLower([]byte("X"), text); !bytes.Equal(got, want) {
				t.Fatalf("%q: got %q, want %q", text, got, want)
			}
		}
	}
}
