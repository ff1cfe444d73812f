package audit

import (
	"encoding/json"
	"math"
	"math/rand"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/rules"
)

// fill sets every field that it can reach to a random value.
func fill(r *rand.Rand, v reflect.Value) {
	switch p := v.Addr().Interface().(type) {
	case *time.Time:
		*p = time.Unix(r.Int63n(1<<33), r.Int63n(1e9)).In(time.FixedZone("", r.Intn(24*60)*60-12*3600))
		return
	case *netip.Addr:
		*p = [...]netip.Addr{{}, netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("fe80::1%<eth0>"),
			netip.MustParseAddr("::ffff:10.0.0.1")}[r.Intn(5)]
		return
	}
	words := []string{"", "plain", "with \"quotes\"", "<b>&amp;</b>", "Ünïcode 数据", "\u2028\u2029", "broken \xff\xfe", "\x00\n\t\x7f", "back\\slash"}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(r, v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), r.Intn(3), 3))
		for i := range v.Len() {
			fill(r, v.Index(i))
		}
		if v.Len() == 0 && r.Intn(2) == 0 {
			v.SetZero()
		}
	case reflect.String:
		v.SetString(words[r.Intn(len(words))])
	case reflect.Bool:
		v.SetBool(r.Intn(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(r.Int63() >> r.Intn(64) * int64(1-r.Intn(3)))
	case reflect.Uint8, reflect.Uint16:
		v.SetUint(uint64(r.Intn(6)))
	case reflect.Float64:
		v.SetFloat([...]float64{0, 1, 0.25, -1e-7, 1e-6, 123456.789, 1e21, 3e300, r.Float64()}[r.Intn(9)])
	case reflect.Pointer:
		if v.SetZero(); r.Intn(2) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(r, v.Elem())
		}
	case reflect.Map: // of a random size, when there is one some day
		v.SetZero()
	default:
		panic("fill does not know " + v.Type().String())
	}
}

func TestAnEventIsWrittenAsEncodingJSONWritesIt(t *testing.T) {
	encode := newEncoder(reflect.TypeFor[Event]())
	r := rand.New(rand.NewSource(1))
	for range 3000 {
		var e Event
		fill(r, reflect.ValueOf(&e).Elem())
		want, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		got, err := encode(nil, reflect.ValueOf(&e).Elem())
		if err != nil || string(got) != string(want) {
			t.Fatalf("got  %s\nwant %s\n%v", got, want, err)
		}
	}
}

func TestAValueWithoutAFormInJSONIsAnError(t *testing.T) {
	encode := newEncoder(reflect.TypeFor[Event]())
	for name, e := range map[string]Event{
		"a time behind the year 9999": {Time: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
		"no number":                   {Timing: Timing{Total: math.NaN()}},
		"infinite":                    {Timing: Timing{Total: math.Inf(1)}},
	} {
		if text, err := encode(nil, reflect.ValueOf(&e).Elem()); err == nil {
			t.Errorf("%s: no error, but %s", name, text)
		}
	}
}

func TestEncodingAnEventTakesLittleMemory(t *testing.T) {
	encode := newEncoder(reflect.TypeFor[Event]())
	e := Event{Time: time.Now(), ID: "x", Client: Client{Address: netip.MustParseAddr("10.0.0.1")}, Findings: []classifier.Summary{{Detector: "email"}}, Verdict: Verdict{Action: rules.Log}}
	buffer := make([]byte, 0, 4096)
	if n := testing.AllocsPerRun(100, func() { _, _ = encode(buffer, reflect.ValueOf(&e).Elem()) }); n > 2 {
		t.Errorf("%v allocations, want at most the 2 of MarshalText", n)
	}
}

func BenchmarkEncode(b *testing.B) {
	e := Event{Time: time.Now(), ID: "019aa9f2-1b2c-7def-8abc-0123456789ab", Kind: KindExchange, Client: Client{Address: netip.MustParseAddr("10.0.0.1"), User: "ana@marketing.corp.example"},
		Findings: []classifier.Summary{}, Verdict: Verdict{Action: rules.Log, Reason: "no rule matched: AI traffic is logged"}, Timing: Timing{Total: 0.0012, Verdict: 0.00012}}
	encode := newEncoder(reflect.TypeFor[Event]())
	b.Run("here", func(b *testing.B) {
		var buffer []byte
		b.ReportAllocs()
		for b.Loop() {
			buffer, _ = encode(buffer[:0], reflect.ValueOf(&e).Elem())
		}
	})
	b.Run("json.Marshal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = json.Marshal(&e)
		}
	})
}
