package strictyaml

import (
	"reflect"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"daylight.internal/rules/strictyaml/jsonschema"
)

// JSONSchema implements jsonschema.Described.
func (*Value[T]) JSONSchema(c jsonschema.Context) *jsonschema.Schema {
	return c.Of(reflect.TypeFor[T]())
}

// Strings is a list of texts that may also be written as a single one.
type Strings []Value[string]

// DecodeYAML implements Decodable.
func (s *Strings) DecodeYAML(d *Decoder, n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		var v Value[string]
		d.Decode(n, &v)
		*s = append(*s, v)
		return
	}
	var list []Value[string]
	d.Decode(n, &list)
	*s = append(*s, list...)
}

// JSONSchema implements jsonschema.Described.
func (*Strings) JSONSchema(c jsonschema.Context) *jsonschema.Schema { return c.TextOrList(0) }

// Values returns the texts without their places.
func (s Strings) Values() []string {
	if s == nil {
		return nil
	}
	out := make([]string, len(s))
	for i, v := range s {
		out[i] = v.V
	}
	return out
}

// ByteSize is a number of bytes, written as 65536, 64KiB, 10MB or 1GiB.
type ByteSize int64

// DecodeYAML implements Decodable.
func (b *ByteSize) DecodeYAML(d *Decoder, n *yaml.Node) {
	v, ok := ParseByteSize(n.Value)
	if n.Kind != yaml.ScalarNode || !ok {
		d.Errorf(n, "", "expected a size such as 64KiB, 10MB or 1GiB, found %s", kindName(n)).ID = "wrong-type"
		return
	}
	*b = ByteSize(v)
}

// JSONSchema implements jsonschema.Described.
func (*ByteSize) JSONSchema(c jsonschema.Context) *jsonschema.Schema {
	s := c.For("size").Text()
	s.Type = append(s.Type, "integer")
	return s
}

// ParseByteSize reads a size with an optional unit; it reports whether it could.
func ParseByteSize(text string) (int64, bool) {
	units := []struct {
		suffix string
		factor int64
	}{
		{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
		{"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}, {"", 1},
	}
	text = strings.TrimSpace(text)
	for _, u := range units {
		if number, ok := strings.CutSuffix(text, u.suffix); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
			if err != nil || n < 0 || n > (1<<62)/u.factor {
				return 0, false
			}
			return n * u.factor, true
		}
	}
	return 0, false
}

// Vocabulary are the values that files of every kind know.
func Vocabulary() jsonschema.Vocabulary {
	return jsonschema.Vocabulary{
		"size":     {Name: "size", Pattern: `^ *[0-9]+ *(KiB|MiB|GiB|TiB|kB|KB|MB|GB|TB|B)? *$`, Hint: "write it as 64KiB, 10MB or 1GiB"},
		"duration": {Name: "duration", Pattern: `^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$`, Hint: "write it as 500ms, 30s or 10m"},
		"date":     {Name: "date", Pattern: `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`, Hint: "write it as 2027-03-31"},
	}
}
