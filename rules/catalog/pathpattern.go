package catalog

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Bounds on a path pattern; people do not write more.
const (
	maxPatternBytes   = 512
	maxPatternNesting = 4
	maxPatternHoles   = 16
)

// PathPattern is a pattern of URL paths: "{name}" is one or more characters
// without a slash, "*" any characters, "[x]" may be missing, "(x|y)" is one of
// both. A final slash does not matter, and Match makes one of several in a row.
type PathPattern struct {
	text   string
	prefix string         // literal characters that every match begins with
	re     *regexp.Regexp // nil when the prefix is all
	holes  []string       // what the groups of re stand for: "{name}" or "*"
}

// ParsePathPattern reads a path pattern.
func ParsePathPattern(text string) (PathPattern, error) {
	if !strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "*") && !strings.HasPrefix(text, "[") {
		return PathPattern{}, errors.New(`a path begins with "/"`)
	}
	if len(text) > maxPatternBytes {
		return PathPattern{}, fmt.Errorf("a path pattern has at most %d characters", maxPatternBytes)
	}
	p := PathPattern{text: text}
	t := pathTranslator{text: text}
	if err := t.sequence(0); err != nil {
		return PathPattern{}, err
	}
	if t.at < len(text) {
		return PathPattern{}, fmt.Errorf("%q at position %d was never opened", string(text[t.at]), t.at+1)
	}
	p.holes = t.holes
	p.prefix = text
	if i := strings.IndexAny(text, "{*[("); i >= 0 {
		p.prefix = text[:i]
		re, err := regexp.Compile(`\A(?s:` + strings.TrimSuffix(t.out.String(), "/") + `)/?\z`)
		if err != nil {
			return PathPattern{}, fmt.Errorf("translating the path pattern: %w", err)
		}
		p.re = re
	}
	p.prefix = strings.TrimSuffix(p.prefix, "/")
	return p, nil
}

// pathTranslator turns a pattern into a regular expression.
type pathTranslator struct {
	text  string
	at    int
	out   strings.Builder
	holes []string
}

// sequence translates up to the bracket that closes the present group.
func (t *pathTranslator) sequence(depth int) error {
	for t.at < len(t.text) {
		c := t.text[t.at]
		switch c {
		case ']', ')', '}':
			return nil
		case '|':
			if depth == 0 {
				return errors.New(`"|" stands only inside "(x|y)"`)
			}
			t.out.WriteByte('|')
			t.at++
		case '[', '(':
			if err := t.group(c, depth); err != nil {
				return err
			}
		case '{':
			end := strings.IndexByte(t.text[t.at:], '}')
			if end < 2 || !isName(t.text[t.at+1:t.at+end]) {
				return errors.New(`"{name}" needs a name of letters, digits and "_"`)
			}
			t.hole(t.text[t.at:t.at+end+1], `([^/]+)`)
		case '*':
			t.hole("*", `(.*)`)
		default:
			if c <= ' ' || c == 0x7f || c == '?' || c == '#' {
				return fmt.Errorf("%q cannot stand in a path", string(c))
			}
			end := t.at + 1
			for end < len(t.text) && t.text[end] >= 0x80 { // the rest of a multi-byte character
				end++
			}
			t.out.WriteString(regexp.QuoteMeta(t.text[t.at:end]))
			t.at = end
		}
		if len(t.holes) > maxPatternHoles {
			return fmt.Errorf("a path pattern has at most %d placeholders", maxPatternHoles)
		}
	}
	return nil
}

func (t *pathTranslator) hole(name, expression string) {
	t.holes = append(t.holes, name)
	t.out.WriteString(expression)
	t.at += len(name)
}

func (t *pathTranslator) group(open byte, depth int) error {
	if depth == maxPatternNesting {
		return fmt.Errorf("groups are nested deeper than %d", maxPatternNesting)
	}
	closing, suffix := byte(')'), ")"
	if open == '[' {
		closing, suffix = ']', ")?"
	}
	start := t.at
	t.at++
	t.out.WriteString("(?:")
	if err := t.sequence(depth + 1); err != nil {
		return err
	}
	if t.at >= len(t.text) || t.text[t.at] != closing {
		return fmt.Errorf("%q at position %d is not closed", string(open), start+1)
	}
	t.at++
	t.out.WriteString(suffix)
	return nil
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
	if !strings.HasPrefix(path, p.prefix) {
		return false
	}
	if p.re == nil {
		rest := path[len(p.prefix):]
		return rest == "" || rest == "/"
	}
	return p.re.MatchString(path)
}

// template returns path with what filled the placeholders replaced: by the
// placeholder, or, where anything may stand, by what clean makes of it.
func (p *PathPattern) template(path string, clean func(string) string) string {
	if p.re == nil {
		return p.text
	}
	groups := p.re.FindStringSubmatchIndex(path)
	if groups == nil {
		return clean(path)
	}
	var b strings.Builder
	last := 0
	for i, hole := range p.holes {
		start, end := groups[2+2*i], groups[3+2*i]
		if start < last { // a part that is missing here
			continue
		}
		b.WriteString(path[last:start])
		if hole == "*" {
			b.WriteString(clean(path[start:end]))
		} else {
			b.WriteString(hole)
		}
		last = end
	}
	b.WriteString(path[last:])
	return b.String()
}

// addWords adds the literal words of the pattern to a vocabulary.
func (p *PathPattern) addWords(words map[string]bool) {
	text := p.text
	for _, hole := range p.holes {
		text = strings.Replace(text, hole, "/", 1)
	}
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("/[]()|:", r) }) {
		words[w] = true
	}
}
