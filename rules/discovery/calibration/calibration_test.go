package calibration_test

import (
	"os"
	"testing"

	"daylight.internal/rules/discovery"
	"daylight.internal/rules/discovery/calibration"
)

func load(t *testing.T) (*discovery.Discovery, []*calibration.Shape) {
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

func TestTotals(t *testing.T) {
	d, shapes := load(t)
	rows := calibration.Measure(d, shapes, 40)
	for _, r := range rows {
		if r.Shape.Kind != calibration.Ordinary {
			if r.Found < 36 {
				t.Logf("%s %s: found %d ai %d score %d req %v words %v", r.Shape.Kind, r.Shape.Name, r.Found, r.AI, r.Score, r.Request, r.Words)
			}
		} else if r.Wrong > 0 || r.Score >= 20 {
			t.Logf("ordinary %s: wrong %d score %d words %v", r.Shape.Name, r.Wrong, r.Score, r.Words)
		}
	}
	for _, k := range []string{"api", "web", "ordinary"} {
		t.Logf("%s %+v", k, calibration.Sum(rows, k))
	}
}
