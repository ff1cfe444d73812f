package calibration_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"syscall"
	"testing"
	"testing/fstest"

	"daylight.internal/rules/discovery"
	"daylight.internal/rules/discovery/calibration"
)

func load(t testing.TB) (*discovery.Discovery, []*calibration.Shape) {
	t.Helper()
	d, err := discovery.New()
	if err != nil {
		t.Fatal(err)
	}
	shapes, err := calibration.Load(os.DirFS("../../../testdata/discovery"))
	if err != nil {
		t.Fatal(err)
	}
	return d, shapes
}

// TestTheShapesAreTakenForWhatTheyAre holds what docs/discovery.md tells.
func TestTheShapesAreTakenForWhatTheyAre(t *testing.T) {
	d, shapes := load(t)
	plays := playsOfShape
	if testing.Short() {
		plays = 4
	}
	rows := calibration.Measure(d, shapes, plays)
	api, web, ordinary := calibration.Sum(rows, calibration.API), calibration.Sum(rows, calibration.Web), calibration.Sum(rows, calibration.Ordinary)
	if 10*api.Found < 9*api.Played || 10*api.ServicesFound < 9*api.Services {
		t.Errorf("of model APIs 90 %% must be found: %+v", api)
	}
	if 10*web.Found < 6*web.Played || 10*web.ServicesFound < 6*web.Services {
		t.Errorf("of web apps 60 %% must be found: %+v", web)
	}
	if 1000*ordinary.Wrong >= ordinary.Exchanges || ordinary.Shapes < 60 || ordinary.Exchanges < 60*plays {
		t.Errorf("of ordinary exchanges less than 0.1 %% may be: %+v", ordinary)
	}
	for _, r := range rows {
		if r.Shape.Kind == calibration.Ordinary && r.Wrong > 0 {
			t.Errorf("%s: %d of %d exchanges are taken for more than they are, such as by %v", r.Shape.Name, r.Wrong, r.Exchanges, r.Words)
		}
	}
	if hosts := 25 * plays; 1000*calibration.Mixed(d, shapes, hosts) >= hosts {
		t.Errorf("hosts with three ordinary exchanges are taken for more than they are: %d of %d", calibration.Mixed(d, shapes, hosts), hosts)
	}
}

// The points were not set on these shapes.
func TestShapesThatWereWrittenLaterAreFoundToo(t *testing.T) {
	d, _ := load(t)
	shapes, err := calibration.Load(os.DirFS("../../../testdata/discovery/later"))
	if err != nil {
		t.Fatal(err)
	}
	rows := calibration.Measure(d, shapes, playsOfShape/2)
	api, web, ordinary := calibration.Sum(rows, calibration.API), calibration.Sum(rows, calibration.Web), calibration.Sum(rows, calibration.Ordinary)
	if 10*(api.Found+web.Found) < 6*(api.Played+web.Played) || ordinary.Wrong > 0 {
		t.Errorf("%+v\n%+v\n%+v", api, web, ordinary)
	}
}

func TestEqualSeedsGiveEqualPlays(t *testing.T) {
	d, shapes := load(t)
	for _, s := range shapes {
		if one, two := calibration.Play(d, s, 7, false), calibration.Play(d, s, 7, false); fmt.Sprint(one) != fmt.Sprint(two) {
			t.Errorf("%s: %+v, then %+v", s.Name, one, two)
		}
	}
}

func TestShapesAreReadStrictly(t *testing.T) {
	good := "- {name: a, services: [A], exchanges: [{body: '{}'}]}\n"
	ordinary := "- {name: a, exchanges: [{body: '{}'}]}\n"
	for name, c := range map[string]struct {
		files [3]string
		ok    bool
	}{
		"all is there":                    {[3]string{good, good, ordinary}, true},
		"an unknown key":                  {[3]string{good + "  extra: 1\n", good, ordinary}, false},
		"ordinary traffic with a service": {[3]string{good, good, good}, false},
		"a service without a name":        {[3]string{ordinary, good, ordinary}, false},
		"an empty file":                   {[3]string{good, "", ordinary}, false},
	} {
		folder := fstest.MapFS{}
		for i, kind := range []string{calibration.API, calibration.Web, calibration.Ordinary} {
			folder[kind+".yaml"] = &fstest.MapFile{Data: []byte(c.files[i])}
		}
		if shapes, err := calibration.Load(folder); (err == nil) != c.ok || c.ok && len(shapes) != 3 {
			t.Errorf("%s: %d shapes, %v", name, len(shapes), err)
		}
	}
}

// Every ordinary shape is taken for AI when the weights say that everything is:
// the test above can fail.
func TestWrongWeightsAreSeen(t *testing.T) {
	_, shapes := load(t)
	data, err := os.ReadFile("../weights.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d, problems := discovery.Load("weights.yaml", bytes.Replace(data, []byte("suspected: 40"), []byte("suspected: 5"), 1))
	if problems.Err() != nil {
		t.Fatal(problems)
	}
	shapes = slices.DeleteFunc(shapes, func(s *calibration.Shape) bool { return s.Kind != calibration.Ordinary })
	if sum := calibration.Sum(calibration.Measure(d, shapes, 2), calibration.Ordinary); 10*sum.Wrong < sum.Exchanges {
		t.Errorf("only %d of %d exchanges", sum.Wrong, sum.Exchanges)
	}
}

// BenchmarkOrdinaryShapes is what the shapes of ordinary requests cost on average,
// in time of a processor too: the clock counts what others do on the machine. The
// yardstick is to see whether the same bodies are JSON.
func BenchmarkOrdinaryShapes(b *testing.B) {
	d, shapes := load(b)
	requests := calibration.Requests(shapes, calibration.Ordinary)
	for name, f := range map[string]func(r *discovery.Request){
		"discovery":  func(r *discovery.Request) { d.Request(r) },
		"json.Valid": func(r *discovery.Request) { json.Valid(r.Body) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var before, after syscall.Rusage
			_ = syscall.Getrusage(syscall.RUSAGE_SELF, &before)
			for i := 0; b.Loop(); i++ {
				f(requests[i%len(requests)])
			}
			_ = syscall.Getrusage(syscall.RUSAGE_SELF, &after)
			b.ReportMetric(float64(after.Utime.Nano()-before.Utime.Nano())/float64(b.N), "cpu-ns/op")
		})
	}
}
