package proxy

import "testing"

func TestAnAlertInTheClearIsKnownHoweverItComes(t *testing.T) {
	hello := "\x16\x03\x01\x02\x00 a ClientHello \x14\x03\x03\x00\x01\x01"
	for name, c := range map[string]struct {
		record string
		want   bool
	}{
		"unknown CA":         {"\x15\x03\x03\x00\x02\x02\x30", true},
		"bad certificate":    {"\x15\x03\x03\x00\x02\x02\x2a", true},
		"close notify":       {"\x15\x03\x03\x00\x02\x01\x00", false},
		"handshake failure":  {"\x15\x03\x03\x00\x02\x02\x28", false},
		"an encrypted alert": {"\x17\x03\x03\x00\x02\x02\x30", false},
		"a part of an alert": {"\x03\x03\x00\x02\x02\x30", false},
		"bytes behind it":    {"\x15\x03\x03\x00\x02\x02\x30\x00", false},
	} {
		for size := 1; size <= len(hello)+len(c.record); size++ {
			var l lastRecord
			for all := []byte(hello + c.record); len(all) > 0; {
				n := min(size, len(all))
				l.add(all[:n])
				all = all[n:]
			}
			if l.rejectsCertificate() != c.want {
				t.Errorf("%s in pieces of %d: %v", name, size, !c.want)
			}
		}
	}
}
