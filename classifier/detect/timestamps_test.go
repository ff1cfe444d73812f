package detect_test

import (
	"math/rand/v2"
	"strconv"
	"testing"
	"time"
)

// Times of the years 2015 to 2035, as machines write them, are nobody's number.
func TestTimestampsAreNobodysNumber(t *testing.T) {
	s, r := newScanner(t), rand.New(rand.NewPCG(1, 2))
	labels := []string{"", "ts=", "created at ", `{"updated_at": `, "time,", "номер записи ", "时间 ", "التاريخ ", "id ", "number ", "at "}
	for i := range 20_000 {
		at := time.Unix(1420070400+r.Int64N(20*365*86400), r.Int64N(1e9)).UTC()
		for _, text := range []string{
			strconv.FormatInt(at.Unix(), 10), strconv.FormatInt(at.UnixMilli(), 10), strconv.FormatInt(at.UnixMicro(), 10), strconv.FormatInt(at.UnixNano(), 10),
			at.Format("20060102150405"), at.Format("200601021504"), at.Format("2006010215"), at.Format("060102150405"),
		} {
			text = labels[i%len(labels)] + text
			for _, f := range scan(s, text).Findings {
				t.Errorf("%s in %q", f.Detector, text)
			}
			if t.Failed() && i > 2000 {
				return
			}
		}
	}
}
