package detect

import (
	"bytes"
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"daylight.internal/classifier"
)

// The sets of bytes that keys are made of, by the letter that names them in a form.
const (
	small62  = "abcdefghijklmnopqrstuvwxyz"
	figures  = "0123456789"
	capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

var alphabets = map[byte]string{
	'd': figures,                                  // digits
	'h': figures + "abcdef",                       // hexadecimal, small
	'H': figures + "abcdefABCDEF",                 // hexadecimal
	'l': figures + small62,                        // small letters and digits
	'u': figures + capitals,                       // capitals and digits
	'a': figures + small62 + capitals,             // letters and digits
	'w': figures + small62 + capitals + "_",       // and the underscore
	'k': figures + small62 + capitals + "_-",      // base64 for URLs
	'b': figures + small62 + capitals + "+/=",     // base64
	'p': figures + small62 + capitals + "_-.=+/%", // base64 with points, as written in URLs
}

var alphabetBytes = func() map[byte]*class {
	sets := map[byte]*class{}
	for name, alphabet := range alphabets {
		set := new(class)
		for i := range len(alphabet) {
			set[alphabet[i]] = true
		}
		sets[name] = set
	}
	return sets
}()

// form is one way in which a key is written: "SG.<k22>.<k43>" is a prefix, 22
// bytes of the set k, a point, and 43 more; "<a20-40>" is a run of 20 to 40. A
// middle dot stands for a blank.
type form struct {
	prefix string
	pieces []piece
}

// piece is a run of bytes of one set, and the text that follows it.
type piece struct {
	alphabet    byte
	set         *class
	least, most int
	after       string
}

// parseForm reads the notation above. A form at fault is a mistake in this
// package, so it panics; a test reads them all.
func parseForm(notation string) form {
	prefix, rest, _ := strings.Cut(notation, "<")
	f := form{prefix: strings.ReplaceAll(prefix, "·", " ")}
	for rest != "" {
		run, after, closed := strings.Cut(rest, ">")
		after, rest, _ = strings.Cut(after, "<")
		least, most, ranged := strings.Cut(run[1:], "-")
		if !ranged {
			most = least
		}
		p := piece{alphabet: run[0], set: alphabetBytes[run[0]], after: after}
		var err, err2 error
		p.least, err = strconv.Atoi(least)
		p.most, err2 = strconv.Atoi(most)
		if err != nil || err2 != nil || !closed || p.set == nil || p.least > p.most || p.most > longestKey {
			panic(fmt.Sprintf("the form %q of a key cannot be read", notation))
		}
		f.pieces = append(f.pieces, p)
	}
	return f
}

// longestKey bounds the bytes of a run that are read.
const longestKey = 512

// match reads the form at the start of a token and returns its end, and its
// longest run, which is the secret; when it does not fit, the run that is at fault.
func (f *form) match(text []byte, start int) (end int, secret []byte, ok bool) {
	if !bytes.HasPrefix(text[start:], []byte(f.prefix)) {
		return 0, nil, false
	}
	i := start + len(f.prefix)
	for k := range f.pieces {
		p := &f.pieces[k]
		end := p.set.run(text, i, p.most+1)
		if k == len(f.pieces)-1 {
			for end-i > p.least && !word(text[end-1]) && text[end-1] != '=' && text[end-1] != '_' {
				end-- // the hyphen or point that ends a sentence
			}
		}
		if n := end - i; n < p.least || n > p.most || !bytes.HasPrefix(text[end:], []byte(p.after)) {
			return 0, text[i:end], false
		}
		if end-i > len(secret) {
			secret = text[i:end]
		}
		i = end + len(p.after)
	}
	if next := at(text, i); word(next) || next == '_' {
		return 0, nil, false
	}
	return i, secret, true
}

// sample writes a value of the form, with runs of the least length, or one byte
// less in the last. Equal seeds give equal values.
func (f *form) sample(seed uint64, short bool) string {
	b := []byte(f.prefix)
	for k, p := range f.pieces {
		n := p.least
		if short && k == len(f.pieces)-1 {
			n--
		}
		alphabet := strings.TrimRight(alphabets[p.alphabet], "_-.=+/%")
		for range n {
			seed = seed*6364136223846793005 + 1442695040888963407
			b = append(b, alphabet[seed>>33%uint64(len(alphabet))])
		}
		b = append(b, p.after...)
	}
	return string(b)
}

// filled writes the form with one byte all over, as documentation does.
func (f *form) filled(b byte) string {
	s := f.prefix
	for _, p := range f.pieces {
		s += strings.Repeat(string(b), p.least) + p.after
	}
	return s
}

// key describes the secrets that one vendor issues.
type key struct {
	id, name string
	// forms in the notation of parseForm, separated by blanks. Each begins with
	// at least three bytes that only this vendor uses, unless context is set. The
	// shortest form stands last.
	forms string
	// context holds words of which one must be near where the vendor shares its
	// form with others.
	context []string
	// source is where the vendor speaks of its keys; it opens with "observed form"
	// where the vendor does not say there how they begin. Lengths are seldom told.
	source string
	// trust tests a key and returns the confidence in it, 0 to refuse it; nil:
	// the secret must look random.
	trust func(value, secret []byte) float64
	// trustWords say in a few words what trust asks for.
	trustWords string
	more       []string // examples besides those of the forms
	not        []string // near misses besides
}

// sharedConfidence is that of a key whose vendor only its surroundings tell. It
// is above that of a key that stands alone, so that the surroundings decide.
const sharedConfidence = 0.96

func (k key) detector(seed uint64) classifier.Detector {
	var forms []form
	var prefixes []string
	for _, notation := range strings.Fields(k.forms) {
		f := parseForm(notation)
		forms = append(forms, f)
		prefixes = append(prefixes, f.prefix)
	}
	d := classifier.Detector{
		ID: k.id, Name: k.name, Class: credentials, Source: k.source, Validator: cmp.Or(k.trustWords, randomPart(forms)), Literals: shortest(prefixes),
		Match: func(c *classifier.Candidate) bool { return matchForms(c, forms, k.trust) },
		Mask:  maskPrefix(prefixes), Examples: k.more, NearMisses: k.not,
	}
	lead := ""
	if len(k.context) > 0 {
		d.Use, d.Context, d.Confidence, lead = classifier.Context, k.context, sharedConfidence, k.context[0]+" "
		d.NearMisses = append(d.NearMisses, forms[0].sample(seed, false))
	}
	for i, f := range forms {
		d.Examples = append(d.Examples, lead+f.sample(seed+uint64(i), false))
		d.NearMisses = append(d.NearMisses, lead+f.filled('x'))
	}
	f, last := forms[0], forms[len(forms)-1]
	d.Examples = append(d.Examples, lead+"API_KEY="+f.sample(seed+100, false), lead+`{"key": "`+f.sample(seed+101, false)+`"}`)
	if last.pieces[len(last.pieces)-1].least > 1 {
		d.NearMisses = append(d.NearMisses, lead+last.sample(seed, true))
	}
	d.NearMisses = append(d.NearMisses, lead+"Z9"+f.sample(seed, false), lead+f.prefix+"your-key-here")
	return d
}

// randomPart says how long the part is that must look random: the longest run of
// each form, or all of them where each is short.
func randomPart(forms []form) string {
	least, most := longestKey, 0
	for _, f := range forms {
		secret, all := piece{}, piece{}
		for _, p := range f.pieces {
			all.least, all.most = all.least+p.least, all.most+p.most
			if p.most > secret.most {
				secret = p
			}
		}
		if secret.most < shortRun {
			secret = all
		}
		least, most = min(least, secret.least), max(most, secret.most)
	}
	if least == most {
		return fmt.Sprintf("random part of %d characters", most)
	}
	return fmt.Sprintf("random part of %d to %d characters", least, most)
}

// shortest leaves out the prefixes that begin with another.
func shortest(prefixes []string) []string {
	var kept []string
next:
	for i, p := range prefixes {
		for j, other := range prefixes {
			if strings.HasPrefix(p, other) && (len(other) < len(p) || j < i) {
				continue next
			}
		}
		kept = append(kept, p)
	}
	return kept
}

// maskPrefix shows the public prefix of a key, of at most a third of it.
func maskPrefix(prefixes []string) func(string) string {
	return func(value string) string {
		shown := ""
		for _, p := range prefixes {
			if len(p) > len(shown) && strings.HasPrefix(value, p) {
				shown = p
			}
		}
		return shown[:min(len(shown), len(value)/3)] + "***"
	}
}

// shortRun is how long a run must be to be judged by itself, and not with the others.
const shortRun = 20

// matchForms reads the first form that fits at the anchor.
func matchForms(c *classifier.Candidate, forms []form, trust func(value, secret []byte) float64) bool {
	if keyBytes[at(c.Text, c.At-1)] {
		return false // inside of a longer token, and of each repeated prefix but the first
	}
	for i := range forms {
		end, secret, ok := forms[i].match(c.Text, c.At)
		c.Steps += 1 + len(secret)/valuePerStep
		if !ok {
			continue
		}
		if trust != nil {
			c.Confidence = trust(c.Text[c.At:end], secret)
			ok = c.Confidence > 0
		} else {
			ok = random(secret) || len(forms[i].pieces) > 1 && len(secret) < shortRun && random(c.Text[c.At+len(forms[i].prefix):end])
		}
		if ok {
			c.End = end
			c.Value = append(c.Value, c.Text[c.At:end]...)
			return true
		}
	}
	return false
}

func keys(list []key) []classifier.Detector {
	detectors := make([]classifier.Detector, len(list))
	for i, k := range list {
		detectors[i] = k.detector(uint64(i) + 1)
	}
	return detectors
}
