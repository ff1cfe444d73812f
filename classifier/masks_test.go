package classifier

import (
	"math/rand/v2"
	"testing"
)

func TestMasksTellWhatALoopOverTheBytesTells(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		var b window
		for i := range b {
			switch random.IntN(3) {
			case 0:
				b[i] = byte(random.IntN(256))
			case 1:
				b[i] = "/09:@AZ[`az{\x7f\x80\xbf\xc0\xc2\xc3\xdf\xe0\xf4\xff\xd8\xd9\xd8\xd9"[random.IntN(26)]
			default:
				b[i] = "aB3 "[random.IntN(4)]
			}
		}
		var want masks
		var foreign foreignMasks
		for i, c := range b[:blockSize] {
			bit := uint64(1) << i
			switch {
			case isDigit(c):
				want.digit |= bit
				want.word |= bit
			case isLetter(c):
				want.word |= bit
			case c >= 0xC3 && c <= 0xDF:
				foreign.two |= bit
				if c == 0xD8 && b[i+1]&0x20 == 0 || c == 0xD9 && b[i+1]&0x20 != 0 {
					foreign.parting |= bit
				}
			case c >= 0x80 && c < 0xC0:
				foreign.tails |= bit
			case c >= 0xC0:
				foreign.other |= bit
			}
			want.high = want.high || c >= 0x80
		}
		if got := masksOf(&b); got != want {
			t.Fatalf("%x: got %+v, want %+v", b, got, want)
		}
		if foreign.two == 0 {
			foreign.tails = 0 // nobody asks
		}
		if got := foreignMasksOf(&b); got != foreign {
			t.Fatalf("%x: got %x, want %x", b, got, foreign)
		}
	}
}

func BenchmarkMasks(b *testing.B) {
	text := make([]byte, 64<<10+lookAhead)
	for i := range text {
		text[i] = "The quick 12 "[i%13]
	}
	b.SetBytes(64 << 10)
	n := uint64(0)
	for b.Loop() {
		for i := 0; i < 64<<10; i += blockSize {
			m := masksOf((*window)(text[i:]))
			n += m.word ^ m.digit
		}
	}
	_ = n
}

func BenchmarkForeignMasks(b *testing.B) {
	text := make([]byte, 64<<10+lookAhead)
	for i := range text {
		text[i] = "Привет, мир! "[i%len("Привет, мир! ")]
	}
	b.SetBytes(64 << 10)
	n := uint64(0)
	for b.Loop() {
		for i := 0; i < 64<<10; i += blockSize {
			m := foreignMasksOf((*window)(text[i:]))
			n += m.two ^ m.other
		}
	}
	_ = n
}
