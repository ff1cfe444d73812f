package catalog_test

import (
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/rules/catalog"
)

// at builds a location from steps written one a word: "$", ".key", "[3]", "form=f.req", "json", "base64", …
func at(steps ...string) *classifier.Location {
	stages := map[string]classifier.Stage{
		"$": classifier.StageDocument, "json": classifier.StageJSON, "base64": classifier.StageBase64, "connect": classifier.StageConnect, "ws": classifier.StageFrame,
		"form": classifier.StageForm, "part": classifier.StagePart, "query": classifier.StageQuery, "path": classifier.StagePath,
		"line": classifier.StageLine, "row": classifier.StageRow, "column": classifier.StageColumn, "sheet": classifier.StageSheet,
		"filename": classifier.StageFilename, "key": classifier.StageKeyName, "protobuf": classifier.StageProtobuf,
	}
	loc := &classifier.Location{}
	for _, s := range steps {
		next := &classifier.Location{Parent: loc}
		switch {
		case s[0] == '.':
			next.Stage, next.Name = classifier.StageKey, s[1:]
		case s[0] == '#':
			next.Stage, next.Index = classifier.StageField, int(s[1]-'0')
		case s[0] == '[':
			next.Stage, next.Index = classifier.StageIndex, int(s[1]-'0')
		default:
			word, name, _ := strings.Cut(s, "=")
			stage, ok := stages[word]
			if !ok {
				panic("unknown step " + s)
			}
			next.Stage, next.Name = stage, name
		}
		loc = next
	}
	return loc
}

func TestLocatorPointsAtExactlyItsPlace(t *testing.T) {
	for _, c := range []struct {
		locator string
		loc     *classifier.Location
		want    bool
	}{
		{"$.prompt", at("$", ".prompt"), true},
		{"$.prompt", at("$", ".prompt2"), false},
		{"$.prompt", at("$", ".a", ".prompt"), false},
		{"$.prompt", at("$", ".prompt", "[0]"), false},
		{"$.prompt", at("$"), false},
		{"$.prompt", at(), false},
		{"$.messages[*].content", at("$", ".messages", "[7]", ".content"), true},
		{"$.messages[*].content", at("$", ".messages", "[0]", ".content", "[1]", ".text"), false},
		{"$.messages[*].content[*].text", at("$", ".messages", "[0]", ".content", "[1]", ".text"), true},
		{"$.messages[1].content", at("$", ".messages", "[0]", ".content"), false},
		{"$['0'].json", at("$", ".0", ".json"), true},
		{"$['0'].json", at("$", "[0]", ".json"), false},
		{"$.inputs.*", at("$", ".inputs", ".name"), true},
		{"$.inputs.*", at("$", ".inputs", "key=name"), true},
		{"$..prompt", at("$", ".a", "[1]", ".b", ".prompt"), true},
		{"$..prompt", at("$", ".prompt"), true},
		{"$..prompt", at("$", ".prompt", ".x"), false},
		{"$.v..prompt", at("$", ".w", ".prompt"), false},
		{"$..[*].a", at("$", ".x", "[2]", ".a"), true},
		{"form:f.req | json $[1] | json $[0][0]", at("form=f.req", "json", "[1]", "json", "[0]", "[0]"), true},
		{"form:f.req | json $[1] | json $[0][0]", at("form=f.req", "$", "[1]", "json", "[0]", "[0]"), true},
		{"form:f.req | json $[1] | json $[0][0]", at("form=f.req", "json", "[1]", "json", "[0]", "[1]"), false},
		{"form:f.req | json $[1] | json $[0][0]", at("form=other", "json", "[1]", "json", "[0]", "[0]"), false},
		{"form:f.req | string leaves", at("form=f.req", "json", "[1]", "json", "[0]", "[0]"), true},
		{"form:f.req | string leaves", at("form=at"), false},
		{"query:q", at("query=q"), true},
		{"query:q", at("form=q"), false},
		{"multipart:file", at("part=file"), true},
		{"multipart:file", at("part=file", "sheet=Kunden", "row", "column=E-Mail"), true},
		{"multipart:file", at("part=file", "filename"), true},
		{"multipart:file | filename", at("part=file", "filename"), true},
		{"multipart:data | json $.inputs", at("part=data", "$", ".inputs"), true},
		{"multipart:files | base64", at("part=files", "base64"), true},
		{"multipart:files", at("part=files", "base64", "json", ".a"), true},
		{"$.content", at("$", ".content", "base64"), true},
		{"$.content", at("$", ".content", "json", ".text"), true},
		{"$.content | json $.text", at("$", ".content", "json", ".other"), false},
		{"$.prompt", at("line", "$", ".prompt"), true},
		{"path", at("path"), true},
		{"body", at(), true},
		{"body", at("part=file", "row"), true},
		{"body", at("query=sig"), false},
		{"string leaves", at("$", ".a", "[3]"), true},
		{"string leaves", at("$", "key=a"), true},
		{"$.prompt", at("$", "key=prompt"), false},
		{"string leaves", at("path"), false},
		{"ws:$.text", at("ws", "$", ".text"), true},
		{"ws:$.text", at("$", ".text"), false},
		{"$.text", at("ws", "$", ".text"), false},
		{"ws: string leaves", at("ws", "$", ".a", ".b"), true},
		{"ws:", at("ws"), true},
		{"connect $.message.blocks[*].text.content", at("$", ".message", ".blocks", "[0]", ".text", ".content"), false},
		{"connect $.message.blocks[*].text.content", at("connect", "$", ".message", ".blocks", "[0]", ".text", ".content"), true},
		{"protobuf", at(), true},
		{"protobuf", at("protobuf", "#2", "#1"), true},
		{"protobuf", at("connect", "protobuf", "#2"), true},
		{"protobuf", at("ws", "protobuf", "#2"), true},
		{"protobuf", at("query=q"), false},
		{"protobuf .2.1", at("connect", "protobuf", "#2", "#1"), true},
		{"protobuf .2.1", at("protobuf", "#2", "#1", "json", ".a"), true},
		{"protobuf .2.1", at("protobuf", "#2", "#3"), false},
		{"protobuf .2", at("protobuf", "#2", "#1"), false},
		{"protobuf .2.1", at("$", ".a"), false},
		{"ws:$.text", at("ws", "line", "json", ".text"), true},
		{"ws:$.audio | audio", at("ws", "json", ".audio"), true},
		{"ws: audio", at("ws"), true},
		{"ws: audio", at("ws", "json", ".audio"), false},
	} {
		l, err := catalog.ParseLocator(c.locator)
		if err != nil {
			t.Errorf("%s: %v", c.locator, err)
			continue
		}
		if got := l.MatchesSteps(c.loc.Steps(), nil); got != c.want {
			t.Errorf("%s at %q: got %v", c.locator, c.loc, got)
		}
	}
}

func TestLocatorKeepsWhatAnExtractorNeeds(t *testing.T) {
	l, err := catalog.ParseLocator("ws:split(0x1e) frame[type=4,target='chat'] $.arguments[*].message.text")
	if err != nil {
		t.Fatal(err)
	}
	if l.Carrier != catalog.Frame || l.Separator != "\x1e" || len(l.Conditions) != 2 || l.Conditions[1] != (catalog.Condition{Key: "target", Value: "chat"}) {
		t.Errorf("%+v", l)
	}
	if !l.MatchesSteps(at("ws", "$", ".arguments", "[0]", ".message", ".text").Steps(), nil) {
		t.Error("the path behind the framing is lost")
	}
}

func TestConditionsAreOnTheTopLevelMembersOfTheRecord(t *testing.T) {
	l, err := catalog.ParseLocator("ws:split(0x1e) frame[type=4,target='chat',live=true] $.arguments[*].message.text")
	if err != nil {
		t.Fatal(err)
	}
	member := func(value string, steps ...string) classifier.Segment {
		return classifier.Segment{Text: []byte(value), Location: *at(steps...)}
	}
	number, target, live := member("4", "ws", "json", ".type"), member("chat", "ws", "json", ".target"), member("true", "ws", "json", ".live")
	for _, c := range []struct {
		name   string
		record []classifier.Segment
		want   bool
	}{
		{"all of them", []classifier.Segment{number, target, live}, true},
		{"in any order, amid others", []classifier.Segment{live, member("x", "ws", "json", ".a"), target, number}, true},
		{"one is missing", []classifier.Segment{number, target}, false},
		{"another value", []classifier.Segment{number, live, member("chats", "ws", "json", ".target")}, false},
		{"further down", []classifier.Segment{number, live, member("chat", "ws", "json", ".a", ".target")}, false},
		{"in JSON within a string", []classifier.Segment{number, live, member("chat", "ws", "json", ".a", "json", ".target")}, false},
		{"of a request", []classifier.Segment{number, live, member("chat", "$", ".target")}, false},
		{"twice", []classifier.Segment{number, live, member("ping", "ws", "json", ".target"), target}, true},
	} {
		if got := l.Applies(c.record); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestSoundIsMarked(t *testing.T) {
	for text, want := range map[string]bool{"ws:$.audio | audio": true, "ws: audio": true, "ws:$.audio": false, "ws:$.my_audio": false, "$.clip | audio": true} {
		if l, err := catalog.ParseLocator(text); err != nil || l.Sound != want {
			t.Errorf("%s: %v, %v", text, l.Sound, err)
		}
	}
}

func TestWordsOfAProtocolAreMarked(t *testing.T) {
	for text, want := range map[string]bool{"$.model | protocol": true, "ws:$.options..* | protocol": true, "$.protocol": false, "query:protocol": false} {
		if l, err := catalog.ParseLocator(text); err != nil || l.Protocol != want {
			t.Errorf("%s: %v, %v", text, l.Protocol, err)
		}
	}
}

func TestLocatorsThatAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "1 to 512 characters",
		strings.Repeat("$", 513):       "1 to 512 characters",
		"messages[*].content":          "is not a location",
		"$.":                           "name is missing",
		"$.a[":                         "not closed",
		"$.a[x]":                       "not an index",
		"$.a['b]":                      "not closed",
		"$.t[?type='user']":            "say what of them",
		"$.t[?type='user'] | base64":   "say what of them",
		"ws:$.t[?a='b'] | audio":       "say what of them",
		"$.t[?type].value":             "not a condition",
		"$.t[?='user'].value":          "not a condition",
		"$.t[?type='user.value":        "not closed",
		"$.t[?type='user'x].value":     "not closed",
		"$.t[?type=''].value":          "needs a value",
		"$.t[?@.type=='user'].value":   "without @",
		"$.t[?type=='user'].value":     "without @",
		"$a":                           "not a step",
		"$..":                          "name",
		"$..a..b..c":                   "at most 2 times",
		"form:":                        "needs a name",
		"form:a | $.b":                 "write json before",
		"form:a | gzip":                "cannot follow",
		"$.a | query:b":                "cannot follow",
		"string leaves | json $.a":     "nothing can follow",
		"ws:split(300) $.a":            "one byte",
		"ws:frame[a] $.b":              "not a condition",
		"ws:frame[a=b $.b":             "not closed",
		"base64":                       "is not a location",
		"form:a | json b":              "not a JSON path",
		"protocol":                     "is not a location",
		"ws:frame[a=b] $.c | protocol": "leave frame",
		"audio":                        "is not a location",
		"protobuf 2.1":                 "not a field",
		"protobuf .":                   "not a field",
		"protobuf .2.":                 "not a field",
		"protobuf .0":                  "not a field",
		"protobuf $.a":                 "not a field",
	} {
		if l, err := catalog.ParseLocator(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v; want %q", text, l, err, want)
		}
	}
}

func FuzzParseLocator(f *testing.F) {
	for _, s := range []string{
		"$.messages[*].content", "form:f.req | json $[1] | json $[0][0]", "ws:split(0x1e) frame[type=4] $.a..b", "$['a\\'b'][0].*",
		"connect $.a", "protobuf", "protobuf .2.1", "ws:$.a | audio", "ws: audio", "$.t[?type='it\\'s',n=4].v", "$[?a=b]..c", "multipart:x | base64", "$..[*]", "ws:", "string leaves",
	} {
		f.Add(s)
	}
	place := at("ws", "$", ".a", "[0]", "json", ".b", "base64")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := catalog.ParseLocator(text)
		if err != nil {
			return
		}
		l.MatchesSteps(place.Steps(), nil)
		l.MatchesSteps(nil, nil)
		again, err := catalog.ParseLocator(l.String())
		if err != nil || again.String() != l.String() {
			t.Errorf("%q reads as %q, and that as %q, %v", text, l, again, err)
		}
	})
}
