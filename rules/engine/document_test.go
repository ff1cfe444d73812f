package engine

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"daylight.internal/classifier"
)

// reference is the same text in UTF-16, all of it.
type reference []uint16

func (r reference) insert(at int, text string) reference {
	at = min(at, len(r))
	return slices.Insert(slices.Clone(r), at, utf16.Encode([]rune(text))...)
}

func (r reference) remove(at, n int) reference {
	at = min(at, len(r))
	return slices.Delete(slices.Clone(r), at, min(at+n, len(r)))
}

// boundary is the nearest place at or behind at that is not inside a character.
func (r reference) boundary(at int) int {
	for at < len(r) && utf16.IsSurrogate(rune(r[at])) && r[at] >= 0xdc00 {
		at++
	}
	return min(at, len(r))
}

func TestADocumentIsEditedInUTF16(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	texts := []string{"Ana", "ana@customers.example", "😀", "Привет 😀, мир", "我们", ""}
	for range 300 {
		d, want := document{}, reference{}
		for range 40 {
			at := want.boundary(random.IntN(len(want) + 5))
			if random.IntN(3) == 0 {
				n := want.boundary(at+random.IntN(6)) - at
				d.remove(at, n)
				want = want.remove(at, n)
			} else {
				text := texts[random.IntN(len(texts))]
				if end := d.insert(at, []byte(text)); end != min(at, len(want))+len(utf16.Encode([]rune(text))) {
					t.Fatalf("the edit ends at %d", end)
				}
				want = want.insert(at, text)
			}
			if got := string(d.text); got != string(utf16.Decode(want)) || d.end() != len(want) {
				t.Fatalf("got %q, want %q", got, string(utf16.Decode(want)))
			}
		}
	}
}

// What is not kept of a text still counts in the places of later edits.
func TestADocumentThatWasTrimmedKeepsItsPlaces(t *testing.T) {
	front, back := strings.Repeat("Ж😀", 20_000), "and so on"
	d := document{}
	d.insert(0, []byte(front))
	if !d.trim() || len(d.text) > windowBytes || !strings.HasSuffix(front, string(d.text)) {
		t.Fatalf("%d bytes are left", len(d.text))
	}
	d.insert(60_000, []byte(back))
	if !strings.HasSuffix(string(d.text), "Ж😀"+back) {
		t.Errorf("the end is %q", d.text[len(d.text)-40:])
	}
	d.remove(0, 3) // "Ж😀", long gone
	d.insert(59_997, []byte("X"))
	if !strings.HasSuffix(string(d.text), "Ж😀X"+back) {
		t.Errorf("the end is %q", d.text[len(d.text)-40:])
	}
	d.insert(0, []byte("ana@customers.example"))
	if !strings.HasPrefix(string(d.text), "ana@customers.example") {
		t.Errorf("the beginning is %q", d.text[:40])
	}
}

func TestADocumentIsTrimmedFarFromTheLastEdit(t *testing.T) {
	d := document{}
	d.insert(0, []byte(strings.Repeat("x", windowBytes)))
	d.insert(0, []byte("ana@customers.example"))
	if !d.trim() || !strings.HasPrefix(string(d.text), "ana@") {
		t.Errorf("the edit is lost: %d bytes are left", len(d.text))
	}
	d.append([]byte(strings.Repeat("y", windowBytes)))
	if !d.trim() || !strings.HasSuffix(string(d.text), "y") {
		t.Error("the end is lost")
	}
}

func TestAWindowHasBoundedTextAndSegments(t *testing.T) {
	size := func(segments []classifier.Segment) int {
		n := 0
		for _, s := range segments {
			n += len(s.Text)
		}
		return n
	}
	for name, segments := range map[string][]classifier.Segment{
		"one large":  {{Text: make([]byte, 1<<20), Table: &classifier.Table{}}},
		"many small": slices.Repeat([]classifier.Segment{{Text: []byte("ab")}}, 10*windowSegments),
		"many":       slices.Repeat([]classifier.Segment{{Text: make([]byte, 1000)}}, 200),
		"one behind": append(slices.Repeat([]classifier.Segment{{Text: make([]byte, 1000)}}, 60), classifier.Segment{Text: make([]byte, 60<<10)}),
	} {
		kept, cut := keep(segments, 0)
		if !cut || len(kept) == 0 || size(kept) > windowBytes || len(kept) > windowSegments {
			t.Errorf("%s: %d segments of %d bytes, cut %v", name, len(kept), size(kept), cut)
		}
		if last := kept[len(kept)-1]; len(last.Text) < len(segments[len(segments)-1].Text) && last.Table != nil {
			t.Errorf("%s: a part of a table is no table", name)
		}
	}
}
