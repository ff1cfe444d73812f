package jsonschema_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"daylight.internal/rules/strictyaml/jsonschema"
)

// garden has a key of every kind.
type garden struct {
	Name   string         `yaml:"name,required" doc:"of the garden; say 'Eden'" example:"Eden"`
	Flower string         `yaml:"flower" doc:"what grows" values:"flower" default:"rose"`
	Herb   string         `yaml:"herb" doc:"or what is eaten" values:"herb"`
	Height string         `yaml:"height" doc:"of the hedge" values:"height" example:"2m"`
	Open   bool           `yaml:"open" doc:"to everybody"`
	Trees  int            `yaml:"trees" doc:"how many"`
	Size   float64        `yaml:"size" doc:"in acres"`
	Rest   time.Duration  `yaml:"rest" doc:"in winter"`
	Beds   []bed          `yaml:"beds" doc:"one entry each"`
	ByName map[string]bed `yaml:"by_name" doc:"beds with a name" values:"flower"`
	Only   *bed           `yaml:"only" doc:"a bed"`
	Format int            `yaml:"format" doc:"of the file" const:"1"`
	Gone   string         `yaml:"gone" doc:"-"`
}

type bed struct {
	Row int `yaml:"row,required" doc:"where"`
}

func words() jsonschema.Vocabulary {
	return jsonschema.Vocabulary{
		"flower":   {Name: "flower", Words: []string{"rose", "lily"}, Meanings: []string{"red", "white"}},
		"herb":     {Name: "herb", Words: []string{"mint"}, Open: true},
		"height":   {Name: "height", Pattern: "^[0-9]+m$", Hint: "write it as 2m"},
		"duration": {Name: "duration", Pattern: "^[0-9]+s$"},
	}
}

func describe(t *testing.T) *jsonschema.Schema {
	t.Helper()
	return jsonschema.Of(reflect.TypeFor[garden](), "A garden", words())
}

func TestEachKindOfKeyIsDescribed(t *testing.T) {
	s := describe(t)
	for key, want := range map[string]string{
		"name":    `{"description":"of the garden; say ` + "`Eden`" + `","markdownDescription":"of the garden; say ` + "`Eden`" + `\n\n` + "```yaml\\nname: Eden\\n```" + `","type":["string","number"]}`,
		"flower":  `{"description":"what grows","type":"string","enum":["rose","lily"],"enumDescriptions":["red","white"],"default":"rose"}`,
		"herb":    `{"description":"or what is eaten","anyOf":[{"type":"string","enum":["mint"]},{"type":["string","number"]}]}`,
		"height":  `{"description":"of the hedge","type":"string","pattern":"^[0-9]+m$","patternErrorMessage":"write it as 2m","examples":["2m"]}`,
		"open":    `{"description":"to everybody","type":"boolean"}`,
		"trees":   `{"description":"how many","type":"integer"}`,
		"size":    `{"description":"in acres","type":"number"}`,
		"rest":    `{"description":"in winter","type":"string","pattern":"^[0-9]+s$"}`,
		"beds":    `{"description":"one entry each","type":"array","items":{"type":"object","properties":{"row":{"description":"where","type":"integer"}},"additionalProperties":false,"required":["row"]}}`,
		"by_name": `{"description":"beds with a name","type":"object","propertyNames":{"type":"string","enum":["rose","lily"],"enumDescriptions":["red","white"]},"additionalProperties":{"type":"object","properties":{"row":{"description":"where","type":"integer"}},"additionalProperties":false,"required":["row"]}}`,
		"format":  `{"description":"of the file","type":"integer","const":1}`,
	} {
		text, err := s.Lookup(key).JSON()
		if err != nil {
			t.Fatal(err)
		}
		var got, wanted any
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(want), &wanted); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, wanted) {
			t.Errorf("%s is described as\n%s", key, text)
		}
	}
	if s.Lookup("gone") != nil {
		t.Error("a key is described that cannot be written")
	}
	if !slices.Equal(s.Required, []string{"name"}) {
		t.Errorf("required: %q", s.Required)
	}
}

func TestKeysNameEveryPlace(t *testing.T) {
	var paths []string
	for path := range describe(t).Keys() {
		paths = append(paths, path)
	}
	want := "name flower herb height open trees size rest beds beds[].row by_name by_name.*.row only only.row format"
	if got := strings.Join(paths, " "); got != want {
		t.Errorf("got %s", got)
	}
}

func TestTheOrderOfTheTypeIsKept(t *testing.T) {
	text, err := describe(t).JSON()
	if err != nil {
		t.Fatal(err)
	}
	at := -1
	for _, key := range []string{"name", "flower", "herb", "beds", "format"} {
		i := strings.Index(string(text), `"`+key+`": {`)
		if i <= at {
			t.Errorf("%s stands in the wrong place", key)
		}
		at = i
	}
}

func TestALongListIsWrittenOnceAndOnlyOffered(t *testing.T) {
	v := words()
	herb := v["herb"]
	for range 100 {
		herb.Words = append(herb.Words, "mint")
	}
	v["herb"] = herb
	text, err := jsonschema.Of(reflect.TypeFor[struct {
		A string `yaml:"a" doc:"one" values:"herb"`
		B string `yaml:"b" doc:"two" values:"herb"`
	}](), "Two herbs", v).JSON()
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), `"mint"`); n != 101 {
		t.Errorf("the words are written %d times", n)
	}
	if n := strings.Count(string(text), `"$ref": "#/definitions/herb"`); n != 2 {
		t.Errorf("%d references to them", n)
	}
}

func TestAReferenceSaysWhatToWrite(t *testing.T) {
	text := string(describe(t).Reference())
	for _, row := range []string{
		"| `name` | needed: text | of the garden; say `Eden` | `name: Eden` |",
		"| `flower` | one of<br>`rose`: red<br>`lily`: white<br>default: `rose` | what grows |  |",
		"| `herb` | herb | or what is eaten |  |",
		"| `open` | `true` or `false` | to everybody |  |",
		"| `beds` | [list of mappings](#beds) | one entry each |  |",
		"| `by_name` | [mappings by name](#beds) | beds with a name |  |",
		"| `format` | `1` | of the file |  |",
		"## beds\n\nOne entry each.\n",
	} {
		if !strings.Contains(text, row) {
			t.Errorf("it lacks %q:\n%s", row, text)
		}
	}
}

func TestAValueIsReadAsEditorsDo(t *testing.T) {
	for text, want := range map[string]any{
		"1": 1, "1.5": 1.5, "true": true, "yes": "yes", "2027-03-31": "2027-03-31", "~": nil, "''": "", "a": "a",
	} {
		var n yaml.Node
		if err := yaml.Unmarshal([]byte(text), &n); err != nil {
			t.Fatal(err)
		}
		if got := jsonschema.Value(n.Content[0]); got != want {
			t.Errorf("%s is %#v", text, got)
		}
	}
}

func TestAWrongTagIsFoundAtOnce(t *testing.T) {
	for name, of := range map[string]reflect.Type{
		"values that there are not": reflect.TypeFor[struct {
			A string `yaml:"a" values:"tree"`
		}](),
		"an example that is no YAML": reflect.TypeFor[struct {
			A string `yaml:"a" example:"["`
		}](),
		"a type that files have not": reflect.TypeFor[struct {
			A chan int `yaml:"a"`
		}](),
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("nothing was said")
				}
			}()
			jsonschema.Of(of, "", words())
		})
	}
}
