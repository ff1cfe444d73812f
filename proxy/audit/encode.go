package audit

import (
	"encoding"
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// encoder appends a value as encoding/json writes it, without the memory and the
// second pass of encoding/json: every exchange is written once, so it counts.
type encoder func(b []byte, v reflect.Value) ([]byte, error)

// newEncoder makes the encoder of a type. A kind of value that it does not know
// is left to encoding/json. The values must be addressable.
func newEncoder(t reflect.Type) encoder {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return appendTime
	case t == reflect.TypeFor[netip.Addr]():
		return appendAddr
	case reflect.PointerTo(t).Implements(reflect.TypeFor[json.Marshaler]()):
		return appendAny
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return appendText
	}
	switch t.Kind() {
	case reflect.Struct:
		return newStructEncoder(t)
	case reflect.Slice:
		return newSliceEncoder(t)
	case reflect.String:
		return func(b []byte, v reflect.Value) ([]byte, error) { return appendString(b, v.String()), nil }
	case reflect.Bool:
		return func(b []byte, v reflect.Value) ([]byte, error) { return strconv.AppendBool(b, v.Bool()), nil }
	case reflect.Int, reflect.Int64:
		return func(b []byte, v reflect.Value) ([]byte, error) { return strconv.AppendInt(b, v.Int(), 10), nil }
	case reflect.Uint16:
		return func(b []byte, v reflect.Value) ([]byte, error) { return strconv.AppendUint(b, v.Uint(), 10), nil }
	case reflect.Float64:
		return appendFloat
	default:
		return appendAny
	}
}

// member is one field of a struct.
type member struct {
	index     int
	key       string // with quotes and colon
	omitEmpty bool
	encode    encoder
}

func newStructEncoder(t reflect.Type) encoder {
	var members []member
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || f.Anonymous || name == "" || name == "-" || options != "" && options != "omitempty" {
			return appendAny // encoding/json knows what that means
		}
		members = append(members, member{i, string(appendString(nil, name)) + ":", options != "", newEncoder(f.Type)})
	}
	return func(b []byte, v reflect.Value) ([]byte, error) {
		b = append(b, '{')
		first := len(b)
		for i := range members {
			m := &members[i]
			field := v.Field(m.index)
			if m.omitEmpty && isEmpty(field) {
				continue
			}
			if len(b) > first {
				b = append(b, ',')
			}
			var err error
			if b, err = m.encode(append(b, m.key...), field); err != nil {
				return b, err
			}
		}
		return append(b, '}'), nil
	}
}

// isEmpty is what "omitempty" means.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map, reflect.String, reflect.Array:
		return v.Len() == 0
	case reflect.Struct:
		return false
	default:
		return v.IsZero()
	}
}

func newSliceEncoder(t reflect.Type) encoder {
	if t.Elem().Kind() == reflect.Uint8 {
		return appendAny // base64
	}
	element := newEncoder(t.Elem())
	return func(b []byte, v reflect.Value) ([]byte, error) {
		if v.IsNil() {
			return append(b, "null"...), nil
		}
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			var err error
			if b, err = element(b, v.Index(i)); err != nil {
				return b, err
			}
		}
		return append(b, ']'), nil
	}
}

func appendAny(b []byte, v reflect.Value) ([]byte, error) {
	text, err := json.Marshal(v.Interface())
	return append(b, text...), err
}

func appendTime(b []byte, v reflect.Value) ([]byte, error) {
	t := v.Addr().Interface().(*time.Time)
	if year := t.Year(); year < 0 || year > 9999 {
		return b, fmt.Errorf("the year %d has no form in RFC 3339", year)
	}
	return append(t.AppendFormat(append(b, '"'), time.RFC3339Nano), '"'), nil
}

func appendAddr(b []byte, v reflect.Value) ([]byte, error) {
	a := v.Addr().Interface().(*netip.Addr)
	if a.Zone() != "" {
		return appendString(b, a.String()), nil
	}
	if !a.IsValid() {
		return append(b, `""`...), nil
	}
	return append(a.AppendTo(append(b, '"')), '"'), nil
}

func appendText(b []byte, v reflect.Value) ([]byte, error) {
	text, err := v.Addr().Interface().(encoding.TextMarshaler).MarshalText()
	return appendString(b, text), err
}

// appendFloat writes a number as ECMAScript does, which is what encoding/json follows.
func appendFloat(b []byte, v reflect.Value) ([]byte, error) {
	f := v.Float()
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) || math.IsNaN(f) || math.IsInf(f, 0) {
		return appendAny(b, v)
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64), nil
}

// The ASCII characters that encoding/json escapes, as bits: all below the blank,
// and " & < > in the lower half, \ in the upper.
const (
	escapedLow  = uint64(1<<' ' - 1 | 1<<'"' | 1<<'&' | 1<<'<' | 1<<'>')
	escapedHigh = uint64(1 << ('\\' - 64))
)

// appendString writes text that needs no escape as it is; the rest is left to encoding/json.
func appendString[T string | []byte](b []byte, s T) []byte {
	for i := range len(s) {
		c := s[i]
		if c < 64 && escapedLow>>c&1 == 0 || c >= 64 && c < utf8.RuneSelf && escapedHigh>>(c-64)&1 == 0 {
			continue
		}
		text, _ := json.Marshal(string(s)) // a string has no error
		return append(b, text...)
	}
	return append(append(append(b, '"'), s...), '"')
}
