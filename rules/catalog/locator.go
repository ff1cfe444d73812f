package catalog

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"daylight.internal/classifier"
)

// Bounds on a locator; people do not write more.
const (
	maxLocatorBytes = 512
	maxDescents     = 2
)

// Carrier is what the steps of a locator begin in.
type Carrier string

// The carriers.
const (
	Body     Carrier = ""         // the request itself
	Frame    Carrier = "ws"       // each message of a WebSocket
	Connect  Carrier = "connect"  // each enveloped message of a Connect or gRPC stream (5 bytes: flags, length)
	Protobuf Carrier = "protobuf" // the UTF-8 strings of a protocol buffer without its schema
)

// Condition asks for a member with a value: at the top of a message ("frame[…]"),
// or of one object in it ("[?…]").
type Condition struct{ Key, Value string }

// Locator is a compiled place in a request, such as "$.messages[*].content" or
// "form:f.req | json $[1] | json $[0][0]".
type Locator struct {
	text string
	// Carrier, Separator and Conditions tell how messages are framed and which
	// of them count. Matches looks at places only; Applies looks at values.
	Carrier    Carrier
	Separator  string // between records of one message, such as "\x1e"; "" for none
	Conditions []Condition
	// Sound is true when the place holds a recording, which nobody reads.
	Sound bool
	// Protocol is true when the protocol itself needs what stands at the place.
	Protocol bool
	steps    []step
	filters  []Condition // of all steps
}

type stepKind uint8

const (
	stepStage   stepKind = iota // one step of the same stage and name
	stepChild                   // any member or element: "[*]", ".*"
	stepDescend                 // any number of members and elements: ".."
	stepAll                     // everything from here: "body", "string leaves"
	stepFilter                  // an element with members: "[?k='v']"
)

type step struct {
	kind   stepKind
	stage  classifier.Stage
	name   string
	index  int
	filter []Condition
}

// ParseLocator reads a locator. The stages are joined by " | ":
//
//	$.a['b'][0][*].*..c  a place in a JSON document
//	$.a[?k='v'].b        b of those elements of a of which the member k is v; of a itself when it is no list
//	json $…              the value is itself JSON
//	base64               the value is base64
//	query:NAME form:NAME multipart:NAME path filename
//	body                 the whole request body
//	string leaves        every text from there on
//	audio                the value is a recording, as base64 or raw
//	protocol             the value is one of the protocol's own words
//	ws: connect protobuf the carriers; "ws:split(0x1e) frame[k='v'] $…" for records of a kind,
//	                     "protobuf .2.1" for one field
func ParseLocator(text string) (Locator, error) {
	l := Locator{text: strings.TrimSpace(text)}
	if l.text == "" || len(l.text) > maxLocatorBytes {
		return Locator{}, fmt.Errorf("a location has 1 to %d characters", maxLocatorBytes)
	}
	rest, err := l.carrier(l.text)
	if err != nil {
		return Locator{}, err
	}
	if before, found := strings.CutSuffix(rest, "audio"); found && (before == "" && l.Carrier == Frame || strings.HasSuffix(strings.TrimSpace(before), "|")) {
		l.Sound, rest = true, strings.TrimSuffix(strings.TrimSpace(before), "|")
	} else if before, found := strings.CutSuffix(rest, "protocol"); found && strings.HasSuffix(strings.TrimSpace(before), "|") {
		l.Protocol, rest = true, strings.TrimSuffix(strings.TrimSpace(before), "|")
		if l.Conditions != nil {
			return Locator{}, errors.New("a place of a protocol is one in records of every kind: leave frame[…] out")
		}
	}
	if rest == "" {
		if l.Carrier == Body {
			return Locator{}, errors.New("the location is empty")
		}
		if !l.Sound {
			l.steps = []step{{kind: stepAll}}
		}
		return l, nil
	}
	if l.Carrier == Protobuf {
		err := l.fieldPath(rest)
		return l, err
	}
	for i, stage := range splitStages(rest) {
		if err := l.stage(stage, i == 0); err != nil {
			return Locator{}, err
		}
	}
	if l.steps[len(l.steps)-1].kind == stepFilter {
		return Locator{}, errFilterEnds
	}
	return l, nil
}

func (l *Locator) carrier(text string) (rest string, err error) {
	for _, carrier := range [...]Carrier{Protobuf, Connect} {
		if rest, ok := strings.CutPrefix(text, string(carrier)); ok && (rest == "" || rest[0] == ' ') {
			l.Carrier = carrier
			return strings.TrimSpace(rest), nil
		}
	}
	rest, ok := strings.CutPrefix(text, "ws:")
	if !ok {
		return text, nil
	}
	l.Carrier = Frame
	rest = strings.TrimSpace(rest)
	if after, ok := strings.CutPrefix(rest, "split("); ok {
		code, after, closed := strings.Cut(after, ")")
		n, err := strconv.ParseUint(code, 0, 8)
		if !closed || err != nil {
			return "", errors.New(`"split" takes one byte, as in split(0x1e)`)
		}
		l.Separator, rest = string([]byte{byte(n)}), strings.TrimSpace(after)
	}
	if after, ok := strings.CutPrefix(rest, "frame["); ok {
		if l.Conditions, rest, err = conditions(after); err != nil {
			return "", fmt.Errorf("frame: %w", err)
		}
		rest = strings.TrimSpace(rest)
	}
	return rest, nil
}

// fieldPath reads ".2.1", the numbers of fields in each other.
func (l *Locator) fieldPath(text string) error {
	numbers, ok := strings.CutPrefix(text, ".")
	for number := range strings.SplitSeq(numbers, ".") {
		n, err := strconv.ParseUint(number, 10, 29)
		if !ok || err != nil || n == 0 {
			return fmt.Errorf("%q is not a field of a protocol buffer: write numbers, as in protobuf .2.1", text)
		}
		l.steps = append(l.steps, step{stage: classifier.StageField, index: int(n)})
	}
	return nil
}

// splitStages cuts at "|" outside quotes.
func splitStages(text string) []string {
	var stages []string
	start, quoted := 0, false
	for i := range len(text) {
		switch {
		case text[i] == '\'' && (i == 0 || text[i-1] != '\\'):
			quoted = !quoted
		case text[i] == '|' && !quoted:
			stages = append(stages, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
	}
	return append(stages, strings.TrimSpace(text[start:]))
}

func (l *Locator) stage(text string, first bool) error {
	if n := len(l.steps); n > 0 && l.steps[n-1].kind == stepAll {
		return errors.New("nothing can follow a stage that takes everything")
	}
	if n := len(l.steps); n > 0 && l.steps[n-1].kind == stepFilter && text != "string leaves" {
		return errFilterEnds
	}
	if path, ok := strings.CutPrefix(text, "json "); ok && !first {
		return l.jsonPath(strings.TrimSpace(path), classifier.StageJSON)
	}
	if strings.HasPrefix(text, "$") && first {
		return l.jsonPath(text, classifier.StageDocument)
	}
	for prefix, stage := range map[string]classifier.Stage{
		"query:": classifier.StageQuery, "form:": classifier.StageForm, "multipart:": classifier.StagePart,
	} {
		if name, ok := strings.CutPrefix(text, prefix); ok && first {
			if name == "" {
				return fmt.Errorf("%q needs a name", prefix)
			}
			l.steps = append(l.steps, step{stage: stage, name: name})
			return nil
		}
	}
	switch {
	case text == "body" && first, text == "string leaves":
		l.steps = append(l.steps, step{kind: stepAll, name: text})
	case text == "path" && first:
		l.steps = append(l.steps, step{stage: classifier.StagePath})
	case text == "base64" && !first:
		l.steps = append(l.steps, step{stage: classifier.StageBase64})
	case text == "filename" && !first:
		l.steps = append(l.steps, step{stage: classifier.StageFilename})
	default:
		return unknownStage(text, first)
	}
	return nil
}

func unknownStage(text string, first bool) error {
	switch {
	case first:
		return fmt.Errorf("%q is not a location: it begins with $, query:, form:, multipart:, path, body, string leaves, ws:, connect or protobuf", text)
	case strings.HasPrefix(text, "$"):
		return fmt.Errorf("write json before %q: after | a JSON path reads a string that is itself JSON", text)
	default:
		return fmt.Errorf("%q cannot follow |: only json $…, base64, filename and string leaves can", text)
	}
}

// jsonPath reads "$.a['b'][0][*].*..c".
func (l *Locator) jsonPath(text string, stage classifier.Stage) error {
	rest, ok := strings.CutPrefix(text, "$")
	if !ok {
		return fmt.Errorf("%q is not a JSON path: it begins with $", text)
	}
	l.steps = append(l.steps, step{stage: stage})
	for rest != "" {
		var s step
		var err error
		switch {
		case strings.HasPrefix(rest, ".."):
			if l.descents() == maxDescents {
				return fmt.Errorf(`".." stands at most %d times in a location`, maxDescents)
			}
			l.steps = append(l.steps, step{kind: stepDescend})
			rest = rest[1:]
			if !strings.HasPrefix(rest, ".[") {
				continue
			}
			rest = rest[1:]
			continue
		case rest[0] == '.':
			s, rest, err = member(rest[1:])
		case rest[0] == '[':
			s, rest, err = bracket(rest[1:])
		default:
			err = fmt.Errorf("%q is not a step of a JSON path", rest)
		}
		if err != nil {
			return err
		}
		l.steps = append(l.steps, s)
		l.filters = append(l.filters, s.filter...)
	}
	if l.steps[len(l.steps)-1].kind == stepDescend {
		return errors.New(`".." needs a name behind it`)
	}
	return nil
}

func (l *Locator) descents() int {
	n := 0
	for _, s := range l.steps {
		if s.kind == stepDescend {
			n++
		}
	}
	return n
}

// member reads the name behind a dot.
func member(text string) (step, string, error) {
	end := strings.IndexAny(text, ".[] '")
	if end < 0 {
		end = len(text)
	}
	switch name := text[:end]; name {
	case "":
		return step{}, "", errors.New("a name is missing behind the dot")
	case "*":
		return step{kind: stepChild}, text[end:], nil
	default:
		return step{stage: classifier.StageKey, name: name}, text[end:], nil
	}
}

// bracket reads what stands behind "[".
func bracket(text string) (step, string, error) {
	if list, ok := strings.CutPrefix(text, "?"); ok {
		filter, rest, err := conditions(list)
		return step{kind: stepFilter, filter: filter}, rest, err
	}
	if rest, ok := strings.CutPrefix(text, "'"); ok {
		name, rest, ok := quoted(rest)
		if ok {
			rest, ok = strings.CutPrefix(rest, "]")
		}
		if !ok {
			return step{}, "", errors.New("['name'] is not closed")
		}
		return step{stage: classifier.StageKey, name: name}, rest, nil
	}
	inside, rest, ok := strings.Cut(text, "]")
	if !ok {
		return step{}, "", errors.New(`"[" is not closed`)
	}
	if inside == "*" {
		return step{kind: stepChild}, rest, nil
	}
	n, err := strconv.ParseUint(inside, 10, 31)
	if err != nil {
		return step{}, "", fmt.Errorf("[%s] is not an index: write [0], [*] or ['name']", inside)
	}
	return step{stage: classifier.StageIndex, index: int(n)}, rest, nil
}
