package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Bounds on a path pattern; people do not write more.
const (
	maxPatternBytes   = 512
	maxPatternNesting = 4
	maxPatternHoles   = 16
	maxPatternForms   = 128
)

// PathPattern is a pattern of URL paths: "{name}" is one or more characters
// without a slash, "*" any characters, "[x]" may be missing, "(x|y)" is one of
// both. A final slash does not matter, and Match makes one of several in a row.
type PathPattern struct {
	text  string
	forms []pathForm // what is left when every group is decided
}

// ParsePathPattern reads a path pattern.
func ParsePathPattern(text string) (PathPattern, error) {
	if !strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "*") && !strings.HasPrefix(text, "[") {
		return PathPattern{}, errors.New(`a path begins with "/"`)
	}
	if len(text) > maxPatternBytes {
		return PathPattern{}, fmt.Errorf("a path pattern has at most %d characters", maxPatternBytes)
	}
	p := pathParser{text: text}
	forms, err := p.alternatives(0)
	if err != nil {
		return PathPattern{}, err
	}
	if p.at < len(text) {
		return PathPattern{}, fmt.Errorf("%q at position %d was never opened", string(text[p.at]), p.at+1)
	}
	pattern := PathPattern{text: text}
	for _, pieces := range forms {
		pattern.forms = append(pattern.forms, newPathForm(pieces))
	}
	return pattern, nil
}

// pathParser unfolds a pattern into its forms.
type pathParser struct {
	text  string
	at    int
	holes int
}

// alternatives reads up to the bracket that closes the present group.
func (p *pathParser) alternatives(depth int) ([][]pathPiece, error) {
	var done [][]pathPiece
	forms := [][]pathPiece{nil}
	for p.at < len(p.text) {
		switch c := p.text[p.at]; c {
		case ']', ')', '}':
			return append(done, forms...), nil
		case '|':
			if depth == 0 {
				return nil, errors.New(`"|" stands only inside "(x|y)"`)
			}
			done, forms = append(done, forms...), [][]pathPiece{nil}
			p.at++
		case '[', '(':
			group, err := p.group(c, depth)
			if err != nil {
				return nil, err
			}
			if forms = product(forms, group); len(forms)+len(done) > maxPatternForms {
				return nil, fmt.Errorf("the groups stand for more than %d paths: write several patterns", maxPatternForms)
			}
		default:
			piece, err := p.piece(c)
			if err != nil {
				return nil, err
			}
			forms = product(forms, [][]pathPiece{{piece}})
		}
	}
	return append(done, forms...), nil
}

func (p *pathParser) group(open byte, depth int) ([][]pathPiece, error) {
	if depth == maxPatternNesting {
		return nil, fmt.Errorf("groups are nested deeper than %d", maxPatternNesting)
	}
	closing := byte(')')
	if open == '[' {
		closing = ']'
	}
	start := p.at
	p.at++
	forms, err := p.alternatives(depth + 1)
	if err != nil {
		return nil, err
	}
	if p.at >= len(p.text) || p.text[p.at] != closing {
		return nil, fmt.Errorf("%q at position %d is not closed", string(open), start+1)
	}
	p.at++
	if open == '[' {
		forms = append(forms, nil)
	}
	return forms, nil
}

// piece reads a placeholder, or the literal characters up to the next special one.
func (p *pathParser) piece(c byte) (pathPiece, error) {
	start := p.at
	switch c {
	case '{':
		end := strings.IndexByte(p.text[p.at:], '}')
		if end < 2 || !isName(p.text[p.at+1:p.at+end]) {
			return pathPiece{}, errors.New(`"{name}" needs a name of letters, digits and "_"`)
		}
		p.at += end + 1
	case '*':
		p.at++
	default:
		for p.at < len(p.text) && !strings.ContainsRune("{}*[]()|", rune(p.text[p.at])) {
			if c := p.text[p.at]; c <= ' ' || c == 0x7f || c == '?' || c == '#' {
				return pathPiece{}, fmt.Errorf("%q cannot stand in a path", string(c))
			}
			p.at++
		}
		return pathPiece{literal, p.text[start:p.at]}, nil
	}
	if p.holes++; p.holes > maxPatternHoles {
		return pathPiece{}, fmt.Errorf("a path pattern has at most %d placeholders", maxPatternHoles)
	}
	if c == '*' {
		return pathPiece{anything, "*"}, nil
	}
	return pathPiece{hole, p.text[start:p.at]}, nil
}

// product puts every form of tails behind every one of heads.
func product(heads, tails [][]pathPiece) [][]pathPiece {
	out := make([][]pathPiece, 0, len(heads)*len(tails))
	for _, h := range heads {
		for _, t := range tails {
			out = append(out, slices.Concat(h, t))
		}
	}
	return out
}

func isName(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// String returns the pattern as it was written.
func (p PathPattern) String() string { return p.text }

// Matches tells whether a decoded path fits.
func (p *PathPattern) Matches(path string) bool {
	bare := strings.TrimSuffix(path, "/")
	for i := range p.forms {
		if f := &p.forms[i]; strings.HasPrefix(path, f.prefix) && strings.HasSuffix(bare, f.suffix) && f.fits(path, bare) {
			return true
		}
	}
	return false
}

// template returns path with what filled the placeholders replaced: by the
// placeholder, or, where anything may stand, by what clean makes of it.
func (p *PathPattern) template(path string, clean func(string) string) string {
	for i := range p.forms {
		var ends pathEnds
		if f := &p.forms[i]; !f.late && f.matches(path, &ends) {
			return f.template(path, &ends, clean)
		}
	}
	return clean(path)
}

// addWords adds the literal words of the pattern to a vocabulary.
func (p *PathPattern) addWords(words map[string]bool) {
	for _, f := range p.forms {
		for _, piece := range f.pieces {
			if piece.kind != literal {
				continue
			}
			for w := range strings.FieldsFuncSeq(piece.text, func(r rune) bool { return r == '/' || r == ':' }) {
				words[w] = true
			}
		}
	}
}
