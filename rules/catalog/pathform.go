package catalog

import "strings"

type pieceKind uint8

const (
	literal  pieceKind = iota
	hole               // "{name}": one or more characters without a slash
	anything           // "*": any characters
)

// pathPiece is a part of a path; text is as it was written.
type pathPiece struct {
	kind pieceKind
	text string
}

// pathForm is a path pattern without groups. Literals in a row are one, and the
// last is without the final slash.
type pathForm struct {
	pieces []pathPiece
	// prefix and suffix are the literals at its ends; most paths have others.
	prefix, suffix string
	// plain is true of one literal, of a placeholder behind one, and of one between two.
	plain bool
	// late is true when a placeholder stands somewhere behind a "*".
	late bool
}

// pathEnds are the ends of the pieces in a path; there are no more literals than
// placeholders and one.
type pathEnds [2*maxPatternHoles + 1]int

func newPathForm(pieces []pathPiece) pathForm {
	var f pathForm
	free := false
	for _, p := range pieces {
		if n := len(f.pieces); p.kind == literal && n > 0 && f.pieces[n-1].kind == literal {
			f.pieces[n-1].text += p.text
			continue
		}
		f.late = f.late || free && p.kind == hole
		free = free || p.kind == anything
		f.pieces = append(f.pieces, p)
	}
	if n := len(f.pieces); n > 0 && f.pieces[n-1].kind == literal {
		if last := strings.TrimSuffix(f.pieces[n-1].text, "/"); last != "" {
			f.pieces[n-1].text = last
		} else {
			f.pieces = f.pieces[:n-1]
		}
	}
	if n := len(f.pieces); n > 0 {
		if first := f.pieces[0]; first.kind == literal {
			f.prefix = first.text
		}
		if last := f.pieces[n-1]; last.kind == literal {
			f.suffix = last.text
		}
		f.plain = f.prefix != "" && (n <= 2 || n == 3 && f.suffix != "")
	}
	return f
}

// fits tells whether a path fits that begins with the prefix and ends with the
// suffix of the form; bare is the path without its final slash.
func (f *pathForm) fits(path, bare string) bool {
	if !f.plain {
		return f.matches(path, nil)
	}
	if len(f.pieces) == 1 {
		return len(path) == len(f.prefix) || len(bare) == len(f.prefix)
	}
	if f.pieces[1].kind == anything {
		return f.suffix == "" || len(bare) >= len(f.prefix)+len(f.suffix)
	}
	return len(bare) > len(f.prefix)+len(f.suffix) && strings.IndexByte(bare[len(f.prefix):len(bare)-len(f.suffix)], '/') < 0
}

// matches tells whether a path fits, and where its pieces end when ends is not
// nil, which it must be of a late form. Each placeholder is tried short first and lengthened while what follows it
// does not fit; only the last "{name}" and the last "*" ever are, for each can
// take what the ones before it could have, so the time is that of a search.
func (f *pathForm) matches(path string, ends *pathEnds) bool {
	if f.late {
		return f.sweeps(path)
	}
	at, piece := 0, 0
	short, shortEnd, long, longEnd := -1, 0, -1, 0 // the last "{name}" and "*", and their ends
	for {
		fits := false
		if piece == len(f.pieces) {
			if rest := path[at:]; rest == "" || rest == "/" {
				return true
			}
		} else {
			switch p := &f.pieces[piece]; p.kind {
			case literal:
				if fits = strings.HasPrefix(path[at:], p.text); fits {
					at += len(p.text)
				}
			case hole:
				if fits = at < len(path) && path[at] != '/'; fits {
					at++
					short, shortEnd = piece, at
				}
			default:
				fits, short, long, longEnd = true, -1, piece, at
			}
		}
		switch {
		case fits:
		case short >= 0 && shortEnd < len(path) && path[shortEnd] != '/':
			shortEnd++
			at, piece = shortEnd, short
		case long >= 0 && longEnd < len(path):
			longEnd = f.lengthen(long, path, longEnd+1)
			at, piece, short = longEnd, long, -1
		default:
			return false
		}
		if ends != nil {
			ends[piece] = at
		}
		piece++
	}
}

// lengthen returns the next end of a "*", from at on: where the literal behind it
// begins, or the end of the path.
func (f *pathForm) lengthen(piece int, path string, at int) int {
	if piece+1 < len(f.pieces) && f.pieces[piece+1].kind == literal {
		if i := strings.Index(path[at:], f.pieces[piece+1].text); i >= 0 {
			return at + i
		}
	}
	return len(path)
}

// sweeps is matches for a form in which lengthening the placeholders in turn
// could take time that grows with the square of the path: it keeps all the places
// that can be reached with each piece.
func (f *pathForm) sweeps(path string) bool {
	reached, next := make([]bool, len(path)+1), make([]bool, len(path)+1)
	reached[0] = true
	for _, p := range f.pieces {
		clear(next)
		open := false // a placeholder has begun before i
		for i, here := range reached {
			switch {
			case p.kind == literal && here && strings.HasPrefix(path[i:], p.text):
				next[i+len(p.text)] = true
			case p.kind == hole:
				next[i] = open
				open = (open || here) && i < len(path) && path[i] != '/'
			case p.kind == anything:
				open = open || here
				next[i] = open
			}
		}
		reached, next = next, reached
	}
	n := len(path)
	return reached[n] || n > 0 && path[n-1] == '/' && reached[n-1]
}

// template writes the pieces of a path that matches.
func (f *pathForm) template(path string, ends *pathEnds, clean func(string) string) string {
	var b strings.Builder
	start := 0
	for i, p := range f.pieces {
		if p.kind == anything {
			b.WriteString(clean(path[start:ends[i]]))
		} else {
			b.WriteString(p.text)
		}
		start = ends[i]
	}
	b.WriteString(path[start:])
	return b.String()
}
