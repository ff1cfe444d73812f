package checksum

import "testing"

// The specimen is the one that the public description of the format prints.
func TestCRC32Base62(t *testing.T) {
	token := "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"
	if !CRC32Base62([]byte(token)) {
		t.Errorf("%s is refused", token)
	}
	for i := range token {
		b := []byte(token)
		if b[i]++; CRC32Base62(b) {
			t.Errorf("%s passes", b)
		}
	}
	for _, short := range []string{"", "0mLq17", "0mLq1-x"} {
		if CRC32Base62([]byte(short)) {
			t.Errorf("%q passes", short)
		}
	}
}
