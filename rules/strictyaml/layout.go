package strictyaml

import (
	"reflect"
	"strings"
)

// layout is what a struct looks like in YAML: the keys in the order of the fields.
type layout struct {
	names    []string
	fields   []int // their indexes
	required []bool
	at       int // index of the field for the place of the mapping; -1 for none
	faulty   int // index of the field that tells of faults in it; -1 for none
}

// layout looks at a type once a file: catalogues have thousands of mappings.
func (d *Decoder) layout(t reflect.Type) *layout {
	if l, ok := d.layouts[t]; ok {
		return l
	}
	l := &layout{at: -1, faulty: -1}
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Name == "At" && field.Type == reflect.TypeFor[Position]() {
			l.at = i
		}
		if field.Name == "Faulty" && field.Type == reflect.TypeFor[bool]() {
			l.faulty = i
		}
		name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if name == "" || name == "-" {
			continue
		}
		l.names = append(l.names, name)
		l.fields = append(l.fields, i)
		l.required = append(l.required, options == "required")
	}
	if d.layouts == nil {
		d.layouts = map[reflect.Type]*layout{}
	}
	d.layouts[t] = l
	return l
}
