package classifier

import "testing"

// TestSipHashIsThePublishedOne holds the hash against the vectors of its reference
// implementation: the key 00 01 … 0f, the messages "", 00, 00 01, and so on.
func TestSipHashIsThePublishedOne(t *testing.T) {
	key := sipKey{0x0706050403020100, 0x0f0e0d0c0b0a0908}
	vectors := map[int]uint64{
		0: 0x726fdb47dd0e0e31, 1: 0x74f839c593dc67fd, 2: 0x0d6c8009d9a94f5a, 3: 0x85676696d7fb7e2d, 4: 0xcf2794e0277187b7,
		5: 0x18765564cd99a68d, 6: 0xcbc9466e58fee3ce, 7: 0xab0200f58b01d137, 8: 0x93f5f5799a932462, 9: 0x9e0082df0ba9e4b0,
		15: 0xa129ca6149be45e5, 63: 0x958a324ceb064572,
	}
	var message [64]byte
	for i := range message {
		message[i] = byte(i)
	}
	for length, want := range vectors {
		if got := key.hash(message[:length]); got != want {
			t.Errorf("of %d bytes: %016x, want %016x", length, got, want)
		}
	}
}
