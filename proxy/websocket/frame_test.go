package websocket

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTheReasonOfACloseFrameIsCutBetweenCharacters(t *testing.T) {
	key := [4]byte{9, 8, 7, 6}
	for _, reason := range []string{"", "short", strings.Repeat("a", 200), strings.Repeat("я", 62), "a" + strings.Repeat("數", 60), strings.Repeat("🙂", 40)} {
		for _, k := range []*[4]byte{nil, &key} {
			frame := AppendClose(nil, StatusPolicyViolation, reason, k)
			head, _ := parseHeader(frame)
			payload := frame[headerLength(frame):]
			if head.Masked {
				mask(payload, key, 0)
			}
			text := string(payload[2:])
			if head.Opcode != Close || !head.Final || int(head.Length) != len(payload) || len(payload) > maxControlPayload ||
				binary.BigEndian.Uint16(payload) != StatusPolicyViolation || !utf8.ValidString(text) || !strings.HasPrefix(reason, text) ||
				len(text) < min(len(reason), 120) || head.Masked != (k != nil) {
				t.Errorf("%q: %x", reason, frame)
			}
		}
	}
}

func TestAMaskIsTheSameInAnyPieces(t *testing.T) {
	key := [4]byte{0xaa, 0x55, 0x0f, 0xf1}
	plain := []byte(strings.Repeat("0123456789", 10))
	for size := 1; size <= len(plain); size++ {
		got := make([]byte, 0, len(plain))
		for at := 0; at < len(plain); at += size {
			piece := append([]byte(nil), plain[at:min(at+size, len(plain))]...)
			mask(piece, key, int64(at))
			got = append(got, piece...)
		}
		for i, c := range got {
			if c != plain[i]^key[i%4] {
				t.Fatalf("pieces of %d: byte %d is wrong", size, i)
			}
		}
	}
}

func TestAgreedExtensions(t *testing.T) {
	for _, c := range []struct {
		values string
		want   Extensions
	}{
		{"", Extensions{ClientWindowBits: 15}},
		{"permessage-deflate", Extensions{Deflate: true, ClientWindowBits: 15}},
		{"Permessage-Deflate; client_no_context_takeover ;server_no_context_takeover", Extensions{Deflate: true, ClientNoContextTakeover: true, ClientWindowBits: 15}},
		{`permessage-deflate; client_max_window_bits="10"; server_max_window_bits=9`, Extensions{Deflate: true, ClientWindowBits: 10}},
		{" , permessage-deflate,", Extensions{Deflate: true, ClientWindowBits: 15}},
		{"permessage-deflate; client_max_window_bits", Extensions{Deflate: true, ClientWindowBits: 15, Unknown: true}},
		{"permessage-deflate; client_max_window_bits=16", Extensions{Deflate: true, ClientWindowBits: 15, Unknown: true}},
		{"permessage-deflate; client_max_window_bits=9; client_max_window_bits=9", Extensions{Deflate: true, ClientWindowBits: 9, Unknown: true}},
		{"permessage-deflate; zstd", Extensions{Deflate: true, ClientWindowBits: 15, Unknown: true}},
		{"permessage-bzip", Extensions{ClientWindowBits: 15, Unknown: true}},
		{"permessage-deflate, permessage-deflate", Extensions{Deflate: true, ClientWindowBits: 15, Unknown: true}},
		{`x; a="b,c;d"`, Extensions{ClientWindowBits: 15, Unknown: true}},
	} {
		if got := ParseExtensions([]string{c.values}); got != c.want {
			t.Errorf("%q: %+v, want %+v", c.values, got, c.want)
		}
	}
	if got := ParseExtensions([]string{"permessage-deflate", "permessage-bzip"}); !got.Unknown || !got.Deflate {
		t.Errorf("two fields: %+v", got)
	}
}
